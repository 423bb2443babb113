"""Any recorded step as a matrix of its numbers, and any weight of the model that the steps use."""

import dataclasses
from typing import Any

import numpy as np

from glassformer.errors import Setting, UsageError
from glassformer.tracing.parameters import Parameter
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import Step
from glassformer.views import MatrixView

Array = np.ndarray[Any, np.dtype[Any]]

_FIXED_SCALE = ("weights", "probabilities", "mask")
"""Steps whose numbers are from 0 to 1, and are drawn on that scale whatever the largest is."""


def matrix_view(trace: RecordedPass, name: str, head: int | None = None) -> MatrixView:
    """One step, or one weight, as a matrix; of one that has heads, the head asked for (from 1).

    A weight is shown as its formula x W writes it, one row for each feature of x; of a table of
    rows, such as the embedding, the rows of this text. Weights may be shown without a head: those
    of all heads side by side.

    Raises:
        TraceError: when there is no such step or weight, or the trace of a weight has no model.
        UsageError: when a head is needed and not given, or there is none.
    """
    weight = trace.parameters.get(name)
    if weight is not None:
        return _weight(trace, weight, head)
    array = trace[name]
    step = trace.step(name)
    axes = step.axes
    shown = name
    if axes[0] == "head":
        _check_head(name, len(array), head, needed=True)
        assert head is not None
        array, axes, shown = array[head - 1], axes[1:], f"{name}[{head - 1}]"
    elif head is not None:
        raise _no_heads(name)
    if array.ndim == 1:
        array, axes = array[:, None], (*axes, "")
    return dataclasses.replace(
        _placed(step, shown, array.astype(np.float64), head),
        row_axis=axes[0],
        column_axis=axes[1],
        row_labels=_labels(trace, step, axes[0], array.shape[0]),
        column_labels=_labels(trace, step, axes[1], array.shape[1]),
        kind=_kind(trace, step),
        full=1.0 if step.role in _FIXED_SCALE else None,
    )


def _weight(trace: RecordedPass, weight: Parameter, head: int | None) -> MatrixView:
    """A weight of the model, of one head where one was asked for."""
    name, step = weight.name, weight.step
    array = trace[name].astype(np.float64)
    if weight.kind == "table":
        if head is not None:
            raise _no_heads(name)
        rows = _rows_of_text(trace, step)
        view = _placed(step, name, array[rows], None)
        return dataclasses.replace(
            view,
            row_axis="token",
            column_axis="feature",
            row_labels=_labels(trace, step, "token", len(rows)),
            column_labels=_numbers(0, array.shape[1]),
            kind=weight.symbol,
        )
    array = array[None] if array.ndim == 1 else array
    start = [0, 0]
    shown = name
    if head is not None:
        if weight.heads is None:
            raise _no_heads(name)
        stack = step.stack(trace.config)
        _check_head(name, stack.num_heads, head)
        axis = 0 if weight.heads == "rows" else 1
        start[axis] = (head - 1) * stack.d_head
        end = start[axis] + stack.d_head
        array = array[start[axis] : end] if axis == 0 else array[:, start[axis] : end]
        inner = f"{start[axis]}:{end}"
        whole = axis == 0 or weight.kind == "vector"
        shown = f"{name}[{inner}]" if whole else f"{name}[:, {inner}]"
    vector = weight.kind == "vector"
    return dataclasses.replace(
        _placed(step, shown, array, head),
        row_axis="" if vector else "input",
        column_axis="entry" if step.role == "logits" else "output",
        row_labels=() if vector else _numbers(start[0], array.shape[0]),
        column_labels=_numbers(start[1], array.shape[1]),
        kind=weight.symbol,
    )


def _placed(step: Step, name: str, values: Array, head: int | None) -> MatrixView:
    """The numbers with where they stand, their sides unnamed as yet."""
    return MatrixView(
        name=name,
        formula=step.formula,
        row_axis="",
        column_axis="",
        row_labels=(),
        column_labels=(),
        values=tuple(map(tuple, values.tolist())),
        smallest=float(values.min()),
        largest=float(np.abs(values).max()),
        place=step.part or ("encoder" if step.side == "source" else "decoder"),
        layer=None if step.layer is None else step.layer + 1,
        head=head,
    )


def _kind(trace: RecordedPass, step: Step) -> str:
    """What a step is, for its title."""
    if step.role == "positions":
        return f"positions_{step.stack(trace.config).positions}"
    if step.role == "stack":
        return "representation" if step.side == "source" else "h"
    return f"step_{step.role}"


def _rows_of_text(trace: RecordedPass, step: Step) -> Array:
    """Which rows of a table the tokens of a text have."""
    if step.operation == "lookup":
        return trace[step.parents[0]]
    source = step.side == "source"
    sentence = trace.source if source or trace.target is None else trace.target
    if step.operation == "token_type":
        return np.array([sentence.type_of(at) for at in range(len(sentence.tokens))])
    return np.arange(len(sentence.tokens)) + step.stack(trace.config).first_position


def _labels(trace: RecordedPass, step: Step, axis: str, size: int) -> tuple[str, ...]:
    """Tokens by what they are, features and vocabulary entries by their index."""
    side = step.tokens_of(axis)
    if side is None:
        return _numbers(0, size) if axis else ()
    sentence = trace.source if side == "source" or trace.target is None else trace.target
    return sentence.tokens


def _numbers(start: int, size: int) -> tuple[str, ...]:
    return tuple(map(str, range(start, start + size)))


def _check_head(name: str, heads: int, head: int | None, needed: bool = False) -> None:
    if head is None:
        if needed:
            raise UsageError(
                "{name} has heads 1 to {heads}: say which one ({head})",
                name=name,
                heads=heads,
                head=Setting("head", "H"),
            )
        return
    if not 1 <= head <= heads:
        raise UsageError(
            "{name} has heads 1 to {heads}; there is no head {head}",
            name=name,
            heads=heads,
            head=head,
        )


def _no_heads(name: str) -> UsageError:
    return UsageError("{name} has no heads: leave {head:name} out", name=name, head=Setting("head"))
