"""What stands below the panels of attention: the scale of the lines, and what is to be known."""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import card_note, levels_note, rows_note
from glassformer.drawing.svg.attention.panel import WIDEST
from glassformer.drawing.svg.canvas import FONT_SIZE, SMALL, Canvas, room, text_width, wrapped
from glassformer.views import AttentionView

LINE = 20.0
"""Pixels from one line of a legend to the next."""
_SAMPLES = 212.0
"""Room for the samples of lines beside each other."""

_STRONGEST_OF_WORDS = (
    "Lines drawn: the {n} strongest of each word, {share} % of the attention among these."
)
_STRONGEST_OF_TOKENS = (
    "Lines drawn: the {n} strongest of each token, {share} % of the attention among these."
)


_OF_WEIGHTS = ("line width = {c} px × weight:", "line width proportional to the weight:")
_OF_DIFFERENCES = (
    "line width = {c} px × |difference|:",
    "line width proportional to |difference|:",
)
"""The second where the picture is enlarged or reduced by what is not known yet."""


def draw_scale(
    canvas: Canvas, x: float, y: float, language: Language = "en", *, differences: bool = False
) -> float:
    """How wide the lines are, with samples, on the baseline y; gives the next baseline."""
    in_pixels, proportional = _OF_DIFFERENCES if differences else _OF_WEIGHTS
    words = as_laid_out = phrase(in_pixels, language, c=f"{WIDEST:g}")
    if canvas.paper.width is not None and canvas.paper.font_size is None:
        words = as_laid_out = phrase(proportional, language)
    elif canvas.paper.font_size is not None:
        shown = WIDEST * canvas.paper.scale(FONT_SIZE, 1.0)
        words = phrase(in_pixels, language, c=f"{shown:.3g}")
    canvas.text(x, y, words, class_="quiet small legend", data_c=f"{WIDEST:g}")
    if text_width(as_laid_out, SMALL) + 16 + _SAMPLES <= room():
        x += text_width(as_laid_out, SMALL) + 16
    else:
        y += LINE
    for weight in (0.1, 0.5, 1.0):
        canvas.add(
            "line",
            class_="sample h0",
            x1=x,
            y1=y - 4,
            x2=x + 34,
            y2=y - 4,
            stroke_width=f"{WIDEST * weight:.6f}",
        )
        canvas.text(x + 40, y, f"{weight:g}", class_="quiet small")
        x += 74
    canvas.reach(x - 10, y)
    return y + LINE


def notes_of(view: AttentionView, language: Language = "en") -> list[str]:
    """What is to be known about a view: what was left out, which head it is, what rows mean."""
    if view.strongest is None:
        drawn, share = "Lines drawn: the largest, {share} % of the attention among these.", "g"
    elif view.unit == "words":
        drawn, share = _STRONGEST_OF_WORDS, ".0f"
    else:
        drawn, share = _STRONGEST_OF_TOKENS, ".0f"
    mass = phrase(drawn, language, share=f"{view.mass * 100:{share}}", n=view.strongest)
    hidden = phrase("In brackets: the share of a word's attention that is not drawn.", language)
    notes = [
        one_after_the_other([mass, hidden], language),
        card_note(view, language),
        rows_note(view, language),
    ]
    if view.moment is not None:
        notes.append(levels_note(view.moment, language))
    return [as_sentence(note, language) for note in notes if note]


def one_after_the_other(sentences: list[str], language: Language) -> str:
    """Sentences of one note."""
    return {"en": " ", "zh": ""}[language].join(sentences)


def as_sentence(note: str, language: Language) -> str:
    """With a capital letter, and an end."""
    end = "" if note.endswith((".", "。")) else {"en": ".", "zh": "。"}[language]
    return note[0].upper() + note[1:] + end


def draw_notes(
    canvas: Canvas, notes: list[str], x: float, y: float, width: float, *, class_: str = "note"
) -> float:
    """Notes one below the other from the baseline y, in lines of this width; gives the next."""
    for note in notes if canvas.paper.caption else ():
        for line in wrapped(note, width, SMALL):
            canvas.text(x, y, line, class_=f"quiet small {class_}")
            canvas.reach(x + text_width(line, SMALL), y)
            y += LINE
    return y
