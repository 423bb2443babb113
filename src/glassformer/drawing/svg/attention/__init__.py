"""The picture of attention: two rows of words, and lines whose width is c · weight.

One panel for each head, all with the same words and the same c, which the legend states; the
strongest lines carry their number. `draw_attention` is such a panel by itself.
"""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import head_name, name_of
from glassformer.drawing.svg.attention.legend import draw_notes, draw_scale, notes_of
from glassformer.drawing.svg.attention.panel import MOST_LINES, WIDEST, Panel, draw_attention
from glassformer.drawing.svg.attention.placing import WIDEST_ROW
from glassformer.drawing.svg.canvas import HUES, MARGIN, Canvas, room, text_width
from glassformer.errors import Setting, UsageError
from glassformer.views import AttentionView, one_for_each_head

__all__ = [
    "WIDEST",
    "Panel",
    "attention_svg",
    "draw_attention",
    "draw_notes",
    "draw_scale",
    "notes_of",
]


NARROWEST_NOTE = 420.0
"""Pixels: notes are wrapped to the width of the drawing, but not below this."""

_GAP = 36.0


def attention_svg(view: AttentionView, language: Language = "en", theme: str = "auto") -> str:
    """The picture as an SVG document.

    Raises:
        UsageError: when it would show more heads than can be told apart, or too many lines.
    """
    _check(view)
    canvas = Canvas(_title(view, language), _description(view))
    top = canvas.heading() + 20.0
    right, bottom = _draw_panels(canvas, view, top, language)
    width = max(right, canvas.width) - MARGIN
    y = draw_scale(canvas, MARGIN, bottom + 30.0, language)
    draw_notes(canvas, notes_of(view, language), MARGIN, y, min(room(), max(width, NARROWEST_NOTE)))
    return canvas.svg(theme)


def _check(view: AttentionView) -> None:
    if len(view.heads) > len(HUES):
        raise UsageError(
            "one picture tells {most} heads apart, but {given} were asked for: choose fewer, a "
            "mean, or the grid of all heads",
            most=len(HUES),
            given=len(view.heads),
        )
    if len(view.links) > MOST_LINES:
        raise UsageError(
            "a picture of lines can be read with up to {most} of them, but here are {given}: "
            "choose one word ({word}), a smaller {mass:name}, the grid of all heads ({grid}) or "
            "the weights as a matrix ({matrix} and {tensor})",
            most=MOST_LINES,
            given=len(view.links),
            word=Setting("word", "WORD"),
            mass=Setting("mass"),
            grid=Setting("view", "grid"),
            matrix=Setting("view", "matrix"),
            tensor=Setting("tensor", "NAME"),
        )


def _draw_panels(
    canvas: Canvas, view: AttentionView, top: float, language: Language
) -> tuple[float, float]:
    """One panel for each head, as many beside each other as a row of words may be long."""
    several = len(view.heads) > 1
    views = one_for_each_head(view)
    titles = [head_name(*at, view.mean_of, language) if several else "" for at in view.heads]
    longest = max(titles, key=lambda title: text_width(title, bold=True))
    labelled, bare = (
        Panel.of(views[0], language, title=longest, labelled=b) for b in (True, False)
    )
    first, further = labelled.width + _GAP, bare.width + _GAP
    beside = 1 + max(0, int((min(WIDEST_ROW, room()) + _GAP - first) // further))
    right = bottom = 0.0
    for number, (one, title) in enumerate(zip(views, titles, strict=True)):
        row, column = divmod(number, beside)
        panel = Panel.of(one, language, title=title, hue=number, labelled=column == 0)
        x = MARGIN + (first + (column - 1) * further if column else 0.0)
        ends = panel.draw(canvas, x, top + row * (labelled.height + _GAP))
        right, bottom = max(right, ends[0]), max(bottom, ends[1])
    return right, bottom


def _title(view: AttentionView, language: Language) -> str:
    part = name_of(view.part, language)
    if len(view.heads) == 1:
        part = phrase(
            "{a}, {b}", language, a=part, b=head_name(*view.heads[0], view.mean_of, language)
        )
    title = f"{phrase('Attention', language)} · {part}"
    if view.moment is not None:
        title += f" · {phrase('at update {n} of the training', language, n=view.moment.update)}"
    return title


def _description(view: AttentionView) -> str:
    """The strongest links in words, for those who do not see the lines."""
    best = sorted(view.links, key=lambda link: -link.weight)[:8]
    return "; ".join(
        f"{view.queries[link.from_]} → {view.keys[link.to]} {link.weight:.2f}" for link in best
    )
