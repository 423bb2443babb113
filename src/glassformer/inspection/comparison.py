"""Attention held against attention: of two sentences, heads, models or moments of a training.

Both sides are pictures of attention like any other, one head or one mean each. Their words are
aligned, and where both have a link the weight on the left is taken from that on the right.
"""

import dataclasses
import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypedDict

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.inspection.alignment import aligned
from glassformer.inspection.attention import Traced, attention_view
from glassformer.requests.choosing import Heads
from glassformer.requests.inspection import InspectRequest
from glassformer.views import (
    Align,
    AttentionView,
    ComparisonView,
    Differing,
    LinkDifference,
    Pair,
    Sentence,
    Shows,
    Unit,
)


class Compared(Traced, Protocol):
    """What a side of a comparison has to have."""

    @property
    def model_name(self) -> str:
        """What the model was loaded by."""
        ...


class _Rows(TypedDict):
    """What is shown of either side."""

    part: Part
    unit: Unit
    special: bool
    align: Align


class _Head(TypedDict, total=False):
    """In which head, or mean, of a side."""

    layer: int | None
    head: int | None
    heads: Heads | None


def comparison_view(
    left: Compared,
    right: Compared,
    *,
    part: Part = "encoder",
    layer: int | None = None,
    head: int | None = None,
    heads: Heads | None = None,
    right_head: tuple[int, int] | None = None,
    word: str | Sequence[str] | None = None,
    unit: Unit = "words",
    special: bool = False,
    min_weight: float = 0.0,
    align: Align = "input",
    shows: Shows = "sides",
    same: bool = False,
) -> ComparisonView:
    """Two traces (or moments) side by side; the settings are those of `attention_view`.

    Layers and heads count from 1; `right_head` is the (layer, head) on the right where it is
    another. `word` is looked for on the left, and on the right where the left has no such word.
    What is below `min_weight` on both sides is left out. `same` lets both sides be the same in all
    that is known of them: one may have been changed in a way that is not.

    Raises:
        UsageError: when nothing differs, a side lacks the part, layer, head or word, or tokens of
            two tokenizers would be compared.
    """
    if heads in ("largest", "all"):
        raise UsageError(
            "a comparison shows one head, or one mean, on each side: leave {heads} out",
            heads=Setting("heads", heads),
        )
    selection: _Rows = {"part": part, "unit": unit, "special": special, "align": align}
    chosen: _Head = {"layer": layer, "head": head, "heads": heads}
    other: _Head = chosen
    if right_head is not None:
        other = {"layer": right_head[0], "head": right_head[1]}
    first, second = _view(left, selection, chosen), _view(right, selection, other)
    differs = _differing(left, right, first, second)
    if not differs and not same:
        raise UsageError(
            "both sides are the same sentence, model and head: there is nothing to compare"
        )
    if unit == "tokens" and "model" in differs and not _same_tokens(left, right, part):
        raise UsageError(
            "two models may cut a text into different tokens: compare them among words ({words}), "
            "on the same text",
            words=Setting("unit", "words"),
        )
    queries = _pairs(first.queries, second.queries, first.shown_queries, second.shown_queries)
    keys = _pairs(first.keys, second.keys, first.shown_keys, second.shown_keys)
    if word:
        asked = (word,) if isinstance(word, str) else tuple(word)
        rows = {row for one in asked for row in _rows_of(one, left, right, selection, queries)}
        first = _rows_only(first, {queries[row].left for row in rows})
        second = _rows_only(second, {queries[row].right for row in rows})
    differences = [
        one
        for one in _differences(first, second, queries, keys)
        if max(one.left, one.right) >= min_weight
    ]
    return ComparisonView(
        differs=differs,
        texts=(text_of(left.source), text_of(right.source)),
        models=(left.model_name, right.model_name),
        left=_above(first, min_weight),
        right=_above(second, min_weight),
        queries=queries,
        keys=keys,
        differences=tuple(differences),
        shows=shows,
    )


def comparison_of(left: Compared, right: Compared, request: InspectRequest) -> ComparisonView:
    """Both sides of a comparison, in the part and the heads that a request asks for.

    Raises:
        UsageError: as `comparison_view`.
    """
    other = request.compare_head
    return comparison_view(
        left,
        right,
        part=request.part[0] if request.part else "encoder",
        layer=request.layer,
        head=request.head[0] if request.head else None,
        heads=request.heads,
        right_head=(other[0], other[1]) if other else None,
        word=request.word,
        unit=request.unit,
        special=request.special,
        min_weight=request.min_weight or 0.0,
        align=request.align or "input",
        shows="difference" if request.difference else "sides",
    )


def _view(trace: Compared, selection: _Rows, head: _Head) -> AttentionView:
    """All links of one side; what it lacks is said with the name of its model."""
    try:
        return attention_view(trace, **selection, **head)
    except UsageError as error:
        raise error.at(trace.model_name) from error


def _differing(
    left: Compared, right: Compared, first: AttentionView, second: AttentionView
) -> tuple[Differing, ...]:
    """What the two sides differ in, as far as is known of them."""
    targets = (left.target, right.target) if first.part != "encoder" else (None, None)
    found: dict[Differing, bool] = {
        "sentence": (left.source.text, left.source.pair) != (right.source.text, right.source.pair),
        "target": targets[0] != targets[1],
        "model": (left.model_name, left.config) != (right.model_name, right.config),
        "update": left.moment != right.moment,
        "head": first.heads != second.heads,
    }
    if any(found[one] for one in ("sentence", "model", "update")):
        found["target"] = False  # which follows from the others
    return tuple(name for name, differs in found.items() if differs)


def _same_tokens(left: Compared, right: Compared, part: Part) -> bool:
    """Whether two models cut the same text into the same tokens, here at least."""
    sides = [(left.source, right.source)]
    if part != "encoder":
        assert left.target is not None
        assert right.target is not None
        sides.append((left.target, right.target))
    return all((one.text, one.tokens) == (other.text, other.tokens) for one, other in sides)


def _pairs(
    left: Sequence[str], right: Sequence[str], of_left: Sequence[int], of_right: Sequence[int]
) -> tuple[Pair, ...]:
    """The words shown of both sides, opposite each other."""
    ours, theirs = [left[at] for at in of_left], [right[at] for at in of_right]
    return aligned(ours, theirs, of_left, of_right)


def _rows_of(
    word: str, left: Compared, right: Compared, selection: _Rows, queries: Sequence[Pair]
) -> list[int]:
    """The pairs in which a word stands, on the left or else on the right."""
    on_right = not _has(left, selection, word) and _has(right, selection, word)
    trace = right if on_right else left
    # No link is that strong: it is asked only where the word stands.
    found = attention_view(trace, **selection, layer=1, word=word, min_weight=2.0).shown_queries
    places = [pair.right if on_right else pair.left for pair in queries]
    return [row for row, at in enumerate(places) if at is not None and at in found]


def _has(trace: Compared, selection: _Rows, word: str) -> bool:
    """Whether a side has this word at all, perhaps more than once; "the:2" is a "the"."""
    rows = trace.source
    if selection["part"] != "encoder":
        target = trace.target if selection["align"] == "input" else trace.target_as_predicted
        assert target is not None
        rows = target
    known = {_folded(one) for one in (*rows.words, *rows.tokens)}
    base, _, number = word.rpartition(":")
    return _folded(word) in known or (number.isdecimal() and _folded(base) in known)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


def _rows_only(view: AttentionView, rows: set[int | None]) -> AttentionView:
    """A view of the links of some words alone."""
    shares = dict(zip(view.shown_queries, view.hidden_share, strict=True))
    shown = tuple(row for row in view.shown_queries if row in rows)
    return dataclasses.replace(
        view,
        shown_queries=shown,
        links=tuple(link for link in view.links if link.from_ in rows),
        hidden_share=tuple(shares[row] for row in shown),
    )


def _differences(
    first: AttentionView, second: AttentionView, queries: Sequence[Pair], keys: Sequence[Pair]
) -> list[LinkDifference]:
    """Of every link whose two words are on both sides."""
    ours, theirs = (
        {(link.from_, link.to): link.weight for link in view.links} for view in (first, second)
    )
    found = []
    for from_, query in enumerate(queries):
        if query.left not in first.shown_queries or query.right not in second.shown_queries:
            continue
        for to, key in enumerate(keys):
            if key.left is None or key.right is None:
                continue
            left, right = ours[query.left, key.left], theirs[query.right, key.right]
            found.append(
                LinkDifference(from_=from_, to=to, left=left, right=right, difference=right - left)
            )
    return found


def _above(view: AttentionView, min_weight: float) -> AttentionView:
    links = tuple(link for link in view.links if link.weight >= min_weight)
    return dataclasses.replace(view, links=links)


def text_of(sentence: Sentence) -> str:
    """What was read, of a pair both texts."""
    return sentence.text if sentence.pair is None else f"{sentence.text} | {sentence.pair}"
