"""Two pictures of attention held against each other, and one over the updates of a training."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from glassformer.views.attention import (
    MANY_WORDS,
    MOST_OF_IT,
    STRONGEST,
    AttentionView,
    with_only,
)

Differing = Literal["sentence", "target", "model", "update", "head"]
Kind = Literal["matched", "replaced", "left", "right"]
Shows = Literal["sides", "difference"]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two words (or tokens) that stand opposite each other, as positions from 0 on their sides.

    One of them is None where the other side has no such word.
    """

    left: int | None
    right: int | None
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class LinkDifference:
    """By how much a link is stronger on the right: `difference` is `right` - `left`.

    `from_` and `to` are the numbers, from 0, of pairs among the comparison's queries and keys.
    """

    from_: int
    to: int
    left: float
    right: float
    difference: float


@dataclass(frozen=True, kw_only=True)
class ComparisonView:
    """Attention on two sides, one head (or one mean) each, on one scale.

    `differs` says what the sides differ in; `texts` and `models` are those of left and right.
    `queries` and `keys` are all words shown of both sides, one opposite the other. `differences`
    are those of links between words that both sides have, one perhaps in the place of the other.
    """

    differs: tuple[Differing, ...]
    texts: tuple[str, str]
    models: tuple[str, str]
    left: AttentionView
    right: AttentionView
    queries: tuple[Pair, ...]
    keys: tuple[Pair, ...]
    differences: tuple[LinkDifference, ...]
    shows: Shows
    """Whether the picture has both sides, or the differences."""
    mass: float = 1.0
    """The share of all differences that is kept."""

    @property
    def sides(self) -> tuple[AttentionView, AttentionView]:
        """Left and right."""
        return self.left, self.right

    def with_largest(self, mass: float | None) -> "ComparisonView":
        """The same with the largest links only, held against those of both sides together.

        So a line that one side lacks is thinner than all that the other has. Differences are kept
        by their size, whatever their sign. Without `mass` it is what can be told apart.
        """
        rows = max(len(side.shown_queries) for side in self.sides)
        left, right = _with_largest(self.sides, mass, rows)
        sizes = [abs(one.difference) for one in self.differences]
        least = _least(sizes, mass, rows, 1)
        return dataclasses.replace(
            self,
            left=left,
            right=right,
            differences=tuple(one for one in self.differences if abs(one.difference) >= least),
            mass=_share(sizes, least),
        )


@dataclass(frozen=True, kw_only=True)
class AnimationView:
    """How attention formed in a training: the same words and head at each moment recorded."""

    frames: tuple[AttentionView, ...]

    def with_largest(self, mass: float | None) -> "AnimationView":
        """The same with the largest links only, those of all moments held against each other."""
        rows = len(self.frames[0].shown_queries)
        return AnimationView(frames=_with_largest(self.frames, mass, rows))


def _with_largest(
    views: Sequence[AttentionView], mass: float | None, rows: int
) -> tuple[AttentionView, ...]:
    """Views without the links that are below one and the same weight."""
    weights = [link.weight for view in views for link in view.links]
    least = _least(weights, mass, rows, len(views))
    share = _share(weights, least)
    return tuple(
        dataclasses.replace(
            with_only(view, [link for link in view.links if link.weight >= least]), mass=share
        )
        for view in views
    )


def _least(sizes: Iterable[float], mass: float | None, rows: int, views: int) -> float:
    """The smallest of the largest numbers that make up this share of all.

    Without a share it is the usual one, and of many words three numbers for each in each view.
    """
    largest = sorted(sizes, reverse=True)
    if mass is None and rows > MANY_WORDS:
        largest, mass = largest[: rows * views * STRONGEST], 1.0
    enough, total, least = (MOST_OF_IT if mass is None else mass) * sum(largest), 0.0, 0.0
    if mass == 1.0:
        return largest[-1] if largest else 0.0
    for size in largest:
        if total >= enough:
            break
        total, least = total + size, size
    return least


def _share(sizes: Sequence[float], least: float) -> float:
    """Which share of all the numbers make up that are not below this."""
    total = sum(sizes)
    return min(1.0, sum(size for size in sizes if size >= least) / total) if total else 1.0
