"""Who attends to whom: the links of one picture, and all heads in small."""

import collections
import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from glassformer.config import Part

Unit = Literal["words", "tokens"]
Choice = Literal["asked", "card", "mean", "largest", "all"]
Align = Literal["input", "output"]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment of a training: after so many updates, weights kept as multiples of 1 / `levels`."""

    update: int
    levels: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """How much of its attention the word (or token) `from_` gives to `to`.

    Layer and head are None where the weight is a mean over several.
    """

    part: Part
    layer: int | None
    head: int | None
    from_: int
    to: int
    weight: float

    def to_json(self) -> dict[str, Any]:
        """Plain data, with `from` for `from_`."""
        return {
            "part": self.part,
            "layer": self.layer,
            "head": self.head,
            "from": self.from_,
            "to": self.to,
            "weight": self.weight,
        }


@dataclass(frozen=True, kw_only=True)
class AttentionView:
    """Who attends to whom in one part of a model.

    `queries` and `keys` are all words (or tokens) from and to which links can go; for
    self-attention both are the same, unless rows are aligned to the output. `shown_queries` and
    `shown_keys` are the positions among them that are shown: without special tokens unless asked
    for, and only what was selected. `heads` are the (layer, head) shown, with None for a mean over
    `mean_of` heads, and `choice` and `reason` say how they came to be chosen. `hidden_share` is,
    for each query shown, the part of its attention that goes to keys that are not shown, averaged
    over the heads shown.
    """

    part: Part
    unit: Unit
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    shown_queries: tuple[int, ...]
    shown_keys: tuple[int, ...]
    heads: tuple[tuple[int | None, int | None], ...]
    mean_of: int
    choice: Choice
    reason: str
    links: tuple[Link, ...]
    hidden_share: tuple[float, ...]
    mass: float = 1.0
    """The share of the visible attention that these links make up; see `keep_mass`."""
    strongest: int | None = None
    """So many links of each word are left, the strongest in each head; None where any may be."""
    moment: Moment | None = None
    """When it was recorded during training; None for the model as it is."""
    align: Align = "input"
    """What a decoder's row belongs to: the token that is its input, or the one it predicts."""


MANY_WORDS = 25
"""Of more words than this, that attend, all their links can no longer be told apart."""
STRONGEST = 3
"""So many links of each are then left."""
MOST_OF_IT = 0.95
"""The share of the attention that links make up otherwise."""


def keep_readable(view: AttentionView) -> AttentionView:
    """Only the links of a picture that a person can tell apart."""
    if len(view.shown_queries) > MANY_WORDS:
        return keep_strongest(view, STRONGEST)
    return keep_mass(view, MOST_OF_IT)


def keep_strongest(view: AttentionView, number: int) -> AttentionView:
    """Only so many links of each word in each head, the strongest, and which share that is.

    What is left out is counted in the hidden share of its word.
    """
    left = collections.Counter[tuple[int | None, int | None, int]]()
    kept = []
    for link in sorted(view.links, key=lambda link: -link.weight):
        at = link.layer, link.head, link.from_
        left[at] += 1
        if left[at] <= number and link.weight > 0.0:
            kept.append(link)
    total = sum(link.weight for link in view.links)
    share = sum(link.weight for link in kept) / total if total else 1.0
    return dataclasses.replace(with_only(view, kept), mass=share, strongest=number)


def keep_mass(view: AttentionView, mass: float) -> AttentionView:
    """Only the largest links of a picture, which together make up this share of all that it shows.

    What is left out is counted in the hidden share of its word.
    """
    largest = sorted(view.links, key=lambda link: -link.weight)
    enough, kept, total = mass * sum(link.weight for link in largest), 0, 0.0
    while kept < len(largest) and total < enough:
        total += largest[kept].weight
        kept += 1
    return dataclasses.replace(with_only(view, largest[:kept]), mass=mass)


def one_for_each_head(view: AttentionView) -> tuple[AttentionView, ...]:
    """The same picture in one head each, the hidden shares too."""
    if len(view.heads) == 1:
        return (view,)
    views = []
    for at in view.heads:
        links = [link for link in view.links if (link.layer, link.head) == at]
        views.append(with_only(dataclasses.replace(view, heads=(at,)), links))
    return tuple(views)


def with_only(view: AttentionView, kept: list[Link]) -> AttentionView:
    """A picture of some of its links; what a word gives to no link of these is hidden of it."""
    given = dict.fromkeys(view.shown_queries, 0.0)
    for link in kept:
        given[link.from_] += link.weight / len(view.heads)
    keep = set(map(id, kept))
    return dataclasses.replace(
        view,
        links=tuple(link for link in view.links if id(link) in keep),
        hidden_share=tuple(max(0.0, 1.0 - given[query]) for query in view.shown_queries),
    )


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One head in small: its weights among what is shown, and its largest link."""

    layer: int
    head: int
    weights: tuple[tuple[float, ...], ...]
    from_: int
    to: int
    largest: float


@dataclass(frozen=True, kw_only=True)
class GridView:
    """All heads of all layers of one part; `card` is the (layer, head) that the card names."""

    part: Part
    unit: Unit
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    shown_queries: tuple[int, ...]
    shown_keys: tuple[int, ...]
    num_layers: int
    num_heads: int
    cells: tuple[GridCell, ...]
    card: tuple[int, int] | None
    moment: Moment | None = None
    """When it was recorded during training; None for the model as it is."""

    def cell(self, layer: int, head: int) -> GridCell:
        """One head; both count from 1."""
        return self.cells[(layer - 1) * self.num_heads + head - 1]
