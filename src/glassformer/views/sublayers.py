"""What stands around attention: positions added, heads joined, residual sums and their norm."""

from dataclasses import dataclass
from typing import Literal

from glassformer.config import Norm, Part, Positions
from glassformer.views.numbers import FlowPanel

Side = Literal["encoder", "decoder"]
Sublayer = Literal["attention", "feed-forward"]


@dataclass(frozen=True, kw_only=True)
class PositionsView:
    """X + P: the embedding of each token, what says where it stands, and their sum.

    `summands` are X, P and, in BERT, T, with all their features; `total` is their sum and
    `normalised` what a norm on the embedding makes of it, where the model has one. All have their
    colours on one scale.
    """

    side: Side
    positions: Positions
    summands: tuple[FlowPanel, ...]
    total: FlowPanel
    normalised: FlowPanel | None = None


@dataclass(frozen=True, kw_only=True)
class MultiHeadView:
    """The heads joined: concat(Z₁ … Z_h) W_O + b_O.

    Each of `heads` shows the first `features_shown` of its d_head features, and W_O the rows that
    belong to these. `parameters` are W_O and b_O; a trace without its model has none. `row` is the
    position of the token that is followed.
    """

    part: Part
    layer: int
    d_head: int
    features_shown: int
    heads: tuple[FlowPanel, ...]
    output: FlowPanel
    parameters: tuple[FlowPanel, ...] = ()
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeasuredPanel:
    """A matrix with the mean and the standard deviation of each row over all its features.

    `operation` is what leads there from the one before: "+", "=", "LayerNorm", or nothing.
    """

    operation: str
    panel: FlowPanel
    means: tuple[float, ...]
    deviations: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class AddNormView:
    """The residual sum around one sublayer, and its norm, in the order in which they come.

    `parameters` are γ and β, by which the norm multiplies and to which it adds; a trace without its
    model has none. `row` is the position of the token that is followed.
    """

    part: Part
    layer: int
    sublayer: Sublayer
    norm: Norm
    panels: tuple[MeasuredPanel, ...]
    parameters: tuple[FlowPanel, ...] = ()
    row: int | None = None
