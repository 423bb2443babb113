"""The arithmetic of one cell: its operands, taken from the trace, and the value they give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glassformer.catalogue import Language, phrase
from glassformer.errors import Setting, UsageError
from glassformer.messages import Term
from glassformer.tracing.arithmetic import RULES, Operand, Recorded
from glassformer.tracing.steps import Step


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One number recomputed, with its arithmetic; `str()` shows it as a person would write it down.

    `operands` are the numbers that went in, by name; `value` is the number in the trace and
    `recomputed` what the formula makes of the operands in float64.
    """

    name: str
    at: tuple[int, ...]
    axes: tuple[str, ...]
    formula: str
    arithmetic: str
    operands: Mapping[str, Operand] = field(repr=False)
    value: float
    recomputed: float

    def __str__(self) -> str:
        return self.text()

    def text(self, language: Language = "en") -> str:
        """The number as a person would write it down: formula, arithmetic, result."""
        places = zip(self.axes, self.at, strict=True)
        return phrase(
            "{name}[{indices}]   ({places}, counted from 0)\n"
            "  = {formula}\n"
            "  = {arithmetic}\n"
            "  = {recomputed:.5g}   recomputed; in the trace: {value:.5g}",
            language,
            name=self.name,
            indices=", ".join(map(str, self.at)),
            places=tuple(Term("{axis} {index}", axis=Term(a), index=i) for a, i in places),
            formula=Term(self.formula),
            arithmetic=self.arithmetic,
            recomputed=self.recomputed,
            value=self.value,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data with every operand."""
        return {
            "name": self.name,
            "at": list(self.at),
            "axes": list(self.axes),
            "formula": self.formula,
            "arithmetic": self.arithmetic,
            "operands": {
                name: value.tolist() if isinstance(value, np.ndarray) else value
                for name, value in self.operands.items()
            },
            "value": self.value,
            "recomputed": self.recomputed,
        }


def explain(trace: Recorded, step: Step, at: tuple[int, ...]) -> Explanation:
    """Recompute one cell of a step.

    Raises:
        UsageError: when `at` is no cell of it.
    """
    if not all(isinstance(index, int | np.integer) for index in at):
        raise UsageError(
            "{at:name} must be integers, one for each of {axes}, but is {given!r}",
            at=Setting("at"),
            axes=tuple(map(Term, step.axes)),
            given=at,
        )
    array = trace[step.name]
    inside = len(at) == array.ndim and all(0 <= i < n for i, n in zip(at, array.shape, strict=True))
    if not inside:
        raise UsageError(
            "{name} is [{axes}] of sizes {sizes}, counted from 0; there is no cell {at}",
            name=step.name,
            axes=tuple(map(Term, step.axes)),
            sizes=str(list(array.shape)),
            at=str(list(at)),
        )
    operands, arithmetic, recomputed = RULES[step.operation](trace, step, at)
    return Explanation(
        name=step.name,
        at=at,
        axes=step.axes,
        formula=step.formula,
        arithmetic=arithmetic,
        operands=operands,
        value=float(array[at]),
        recomputed=float(recomputed),
    )
