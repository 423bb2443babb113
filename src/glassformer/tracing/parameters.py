"""The weights that the steps of a pass use, by name, as their formulas write them.

`torch` keeps the weight of a linear layer as [outputs, inputs]; here it is turned round, so that
x W is what the formula says: one row for each feature of x, one column for each of the result.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from glassformer.config import ModelConfig
from glassformer.tracing.steps import Step, steps_of

Array = np.ndarray[Any, np.dtype[Any]]

Kind: TypeAlias = Literal["matrix", "vector", "table"]
"""A matrix that x is multiplied by, a vector that is added or multiplied by, a table of rows."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One weight: what the formula calls it, and the first step that uses it.

    `heads` says where the heads stand in it: "columns" or "rows", or nowhere.
    """

    name: str
    symbol: str
    kind: Kind
    step: Step
    heads: Literal["columns", "rows"] | None = None

    def as_written(self, array: Array) -> Array:
        """The weight as its formula writes it, from what torch keeps."""
        return array.T if self.kind == "matrix" else array


@functools.lru_cache(maxsize=16)
def parameters_of(config: ModelConfig, *, with_target: bool) -> Mapping[str, Parameter]:
    """Every weight of a model that the steps of its pass use, in their order."""
    found: dict[str, Parameter] = {}
    for step in steps_of(config, with_target=with_target):
        for place, name in enumerate(step.parameters):
            found.setdefault(name, _parameter(step, place, name))
    return found


def _parameter(step: Step, place: int, name: str) -> Parameter:
    symbol = _SYMBOLS[step.operation if step.operation != "linear" else step.role][place]
    if step.operation == "project":
        letter = {"query": "Q", "key": "K", "value": "V"}[step.role]
        symbol = f"{symbol}_{letter}"
    kind: Kind = "matrix" if step.operation in _PRODUCTS and place == 0 else "vector"
    if step.operation in _TABLES:
        kind = "table"
    heads: Literal["columns", "rows"] | None = None
    if step.operation == "project":
        heads = "columns"
    elif step.operation == "join" and place == 0:
        heads = "rows"
    return Parameter(name=name, symbol=symbol, kind=kind, step=step, heads=heads)


_TABLES = ("lookup", "learned_position", "token_type")
_PRODUCTS = ("project", "join", "activate", "linear")
_SYMBOLS: Mapping[str, tuple[str, ...]] = {
    "lookup": ("E",),
    "learned_position": ("table_of_positions",),
    "token_type": ("table_of_token_types",),
    "project": ("W", "b"),
    "join": ("W_O", "b_O"),
    "activate": ("W₁", "b₁"),
    "feed_forward": ("W₂", "b₂"),
    "logits": ("Eᵀ", "b"),
    "layer_norm": ("gain", "shift"),
}
"""What formulas call them, by the rule that uses them; those in words have names in pictures."""
