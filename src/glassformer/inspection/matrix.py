"""Any recorded step as a matrix of its numbers."""

import numpy as np

from glassformer.errors import Setting, UsageError
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import Step
from glassformer.views import MatrixView


def matrix_view(trace: RecordedPass, name: str, head: int | None = None) -> MatrixView:
    """One step as a matrix; of one that has heads, the head asked for (from 1).

    Raises:
        TraceError: when there is no such step.
        UsageError: when a head is needed and not given, or there is none.
    """
    array = trace[name]
    step = trace.step(name)
    axes = step.axes
    shown = name
    if axes[0] == "head":
        if head is None:
            raise UsageError(
                "{name} has heads 1 to {heads}: say which one ({head})",
                name=name,
                heads=len(array),
                head=Setting("head", "H"),
            )
        if not 1 <= head <= len(array):
            raise UsageError(
                "{name} has heads 1 to {heads}; there is no head {head}",
                name=name,
                heads=len(array),
                head=head,
            )
        array, axes, shown = array[head - 1], axes[1:], f"{name}[{head - 1}]"
    elif head is not None:
        raise UsageError(
            "{name} has no heads: leave {head:name} out", name=name, head=Setting("head")
        )
    if array.ndim == 1:
        array, axes = array[:, None], (*axes, "")
    values = array.astype(np.float64)
    return MatrixView(
        name=shown,
        formula=step.formula,
        row_axis=axes[0],
        column_axis=axes[1],
        row_labels=_labels(trace, step, axes[0], values.shape[0]),
        column_labels=_labels(trace, step, axes[1], values.shape[1]),
        values=tuple(map(tuple, values.tolist())),
        smallest=float(values.min()),
        largest=float(np.abs(values).max()),
    )


def _labels(trace: RecordedPass, step: Step, axis: str, size: int) -> tuple[str, ...]:
    """Tokens by what they are, features and vocabulary entries by their index."""
    side = step.tokens_of(axis)
    if side is None:
        return tuple(map(str, range(size))) if axis else ()
    sentence = trace.source if side == "source" or trace.target is None else trace.target
    return sentence.tokens
