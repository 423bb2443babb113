"""Numbers as they are: glimpses of steps, R, matrices, and the flow of one head."""

from dataclasses import dataclass

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

    `largest` is the number at which the colours are full, `smallest` the smallest of all.
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


@dataclass(frozen=True, kw_only=True)
class FlowPanel:
    """One matrix of a flow, with the letter it has in the formula."""

    title: str
    matrix: MatrixView


@dataclass(frozen=True, kw_only=True)
class FlowColumn:
    """What stands above each other in a flow, and the operation that leads there."""

    operation: str
    panels: tuple[FlowPanel, ...]


@dataclass(frozen=True, kw_only=True)
class FlowView:
    """The four steps of one head: Q Kᵀ, ÷ √d_head, softmax, weights · V."""

    part: Part
    layer: int
    head: int
    d_head: int
    features_shown: int
    columns: tuple[FlowColumn, ...]
