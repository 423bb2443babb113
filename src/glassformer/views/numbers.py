"""Numbers as they are: glimpses of steps, R, matrices, and the flow of one head."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from glassformer.config import Part


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One traced step: its shape, its formula and a glimpse of its numbers.

    `layer` is the name of the layer that it stands in, such as "encoder.layers.0", or empty.
    """

    name: str
    layer: str = ""
    shape: tuple[int, ...]
    formula: str
    first: tuple[float | int, ...]
    smallest: float | int
    largest: float | int


@dataclass(frozen=True, kw_only=True)
class RepresentationView:
    """R, one vector a token."""

    tokens: tuple[str, ...]
    shape: tuple[int, int]
    vectors: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class MatrixView:
    """A table of numbers with names on its sides: any traced tensor, or one slice of it.

    `smallest` is the smallest of its numbers, `largest` the largest without its sign. `kind` is
    what it is, and `place` (encoder, decoder or cross), `layer` and `head` (from 1) are where, for
    its title.
    """

    name: str
    formula: str
    row_axis: str
    column_axis: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    smallest: float
    largest: float
    kind: str = ""
    place: str = ""
    layer: int | None = None
    head: int | None = None
    full: float | None = None
    """The number at which colours are full where that is fixed, so that pictures can be compared:
    1 for attention weights and probabilities. Without it that is the largest number."""

    @property
    def scale(self) -> float:
        """The number at which colours are full."""
        return self.largest if self.full is None else self.full


class Excerpt(NamedTuple):
    """Some rows and columns of a matrix, and which (from 0) they are."""

    matrix: MatrixView
    rows: tuple[int, ...]
    columns: tuple[int, ...]


def excerpt(view: MatrixView, rows: int, columns: int) -> Excerpt:
    """At most so many rows and columns, those with the largest numbers, in their own order."""
    size = [max(map(abs, line)) for line in view.values]
    down = _largest(size, rows)
    size = [max(abs(line[at]) for line in view.values) for at in range(len(view.values[0]))]
    across = _largest(size, columns)
    part = dataclasses.replace(
        view,
        row_labels=tuple(view.row_labels[at] for at in down if view.row_labels),
        column_labels=tuple(view.column_labels[at] for at in across if view.column_labels),
        values=tuple(tuple(view.values[row][column] for column in across) for row in down),
    )
    return Excerpt(part, down, across)


def _largest(sizes: Sequence[float], most: int) -> tuple[int, ...]:
    chosen = sorted(range(len(sizes)), key=lambda at: -sizes[at])[:most]
    return tuple(sorted(chosen))


@dataclass(frozen=True, kw_only=True)
class FlowPanel:
    """One matrix of a flow, with the letter it has in the formula.

    `shape` is that of the whole matrix, of which the first features may be all that is shown; it
    is empty where nothing is known of it.
    """

    title: str
    matrix: MatrixView
    shape: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FlowColumn:
    """What stands above each other in a flow, and the operation that leads there."""

    operation: str
    panels: tuple[FlowPanel, ...]


@dataclass(frozen=True, kw_only=True)
class FlowView:
    """The four steps of one head: Q Kᵀ, ÷ √d_head, softmax, weights · V.

    Before them stand its `inputs`, x (and R, where keys and values come from the encoder), and the
    weights and biases by which Q, K and V are made of them; a trace without its model has none.
    `row` is the position of the token that is followed through.
    """

    part: Part
    layer: int
    head: int
    d_head: int
    features_shown: int
    columns: tuple[FlowColumn, ...]
    inputs: tuple[FlowPanel, ...] = ()
    parameters: tuple[FlowPanel, ...] = ()
    row: int | None = None
