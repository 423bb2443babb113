"""What the two sides of a comparison are called, on paper and in the terminal."""

import unicodedata
from collections.abc import Iterable

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import card_note, head_name, levels_note, name_of, rows_note
from glassformer.views import AttentionView, ComparisonView, Pair, printable


def title_of(view: ComparisonView, language: Language) -> str:
    """The part, and all that both sides have in common: a head, a moment of a training."""
    title = f"{phrase('Attention compared', language)} · {name_of(view.left.part, language)}"
    if _head(view.left, language) == _head(view.right, language):
        part = name_of(view.left.part, language)
        title = phrase("{a}, {b}", language, a=part, b=_head(view.left, language))
        title = f"{phrase('Attention compared', language)} · {title}"
    if view.left.moment is not None and "update" not in view.differs:
        title += f" · {_moment(view.left, language)}"
    return title


def labels_of(view: ComparisonView, language: Language) -> tuple[list[str], list[str]]:
    """What is different on the left, and on the right, each in one or more parts."""
    left, right = (
        _label(view, side, text, model, language)
        for side, text, model in zip(view.sides, view.texts, view.models, strict=True)
    )
    return left, right


def _label(
    view: ComparisonView, side: AttentionView, text: str, model: str, language: Language
) -> list[str]:
    parts = []
    if "model" in view.differs:
        parts.append(printable(model))
    if "update" in view.differs:
        parts.append(_moment(side, language))
    if _head(view.left, language) != _head(view.right, language):
        parts.append(_head(side, language))
    if "sentence" in view.differs:  # which may be long, and stands last
        parts.append(printable(text))
    if "target" in view.differs:
        parts.append(" ".join(map(printable, side.queries)))
    return parts


def _moment(side: AttentionView, language: Language) -> str:
    if side.moment is None:
        return phrase("the finished model", language)
    return phrase("at update {n} of the training", language, n=side.moment.update)


def _head(side: AttentionView, language: Language) -> str:
    return head_name(*side.heads[0], side.mean_of, language)


def comparison_notes(view: ComparisonView, language: Language) -> list[str]:
    """What is to be known beside the lines: which head it is, what the words' marks mean."""
    kinds = {pair.kind for pair in (*view.queries, *view.keys)}
    notes = []
    if "replaced" in kinds:
        notes.append(phrase("Bold: a word in the place of another.", language))
    if kinds & {"left", "right"}:
        notes.append(phrase("Underlined: a word that the other side does not have.", language))
    sides = _of_each(card_note(view.left, language), card_note(view.right, language), language)
    sides.append(rows_note(view.left, language))
    sides += [levels_note(side.moment, language) for side in view.sides if side.moment is not None]
    return [joined(notes, language), *dict.fromkeys(sides)]


def joined(sentences: Iterable[str], language: Language) -> str:
    """Sentences one after the other; Chinese has no space between them."""
    return ("" if language == "zh" else " ").join(sentences)


def _of_each(left: str, right: str, language: Language) -> list[str]:
    """A note on each side, said once where it is the same."""
    if left == right:
        return [left]
    named = ((phrase("left", language), left), (phrase("right", language), right))
    return [phrase("{a}: {b}", language, a=name, b=note) for name, note in named if note]


def word_of(view: ComparisonView, pair: Pair, of: str, language: Language) -> str:
    """Both words of a pair in one text; `of` is "queries" or "keys"."""
    left: tuple[str, ...] = getattr(view.left, of)
    right: tuple[str, ...] = getattr(view.right, of)
    if pair.left is None:
        assert pair.right is not None
        return phrase("{word} (right only)", language, word=printable(right[pair.right]))
    if pair.right is None:
        return phrase("{word} (left only)", language, word=printable(left[pair.left]))
    if pair.kind == "matched":
        return printable(left[pair.left])
    first, second = printable(left[pair.left]), printable(right[pair.right])
    if all(unicodedata.bidirectional(word[0]) in ("R", "AL") for word in (first, second)):
        return f"{first} ← {second}"  # which is read from right to left
    return f"{first} → {second}"
