"""A trace in small: a few numbers of each step, and R."""

import numpy as np

from glassformer.inspection.trace import Trace
from glassformer.views import RepresentationView, StepView

FIRST = 3


def step_views(trace: Trace, opened_layer: int | None = None) -> list[StepView]:
    """Every step with its first numbers and their range.

    With `opened_layer` (from 1), only that layer of each stack is listed in full, and of the others
    only what they give out.
    """
    views = []
    for step in trace.steps():
        if opened_layer is not None and _is_inside_another_layer(step.name, opened_layer):
            continue
        numbers = trace[step.name].reshape(-1)
        numbers = numbers.astype(np.int64 if numbers.dtype.kind in "bi" else np.float64)
        views.append(
            StepView(
                name=step.name,
                shape=step.shape,
                formula=step.formula,
                first=tuple(numbers[:FIRST].tolist()),
                smallest=numbers.min().item(),
                largest=numbers.max().item(),
            )
        )
    return views


def representation_view(trace: Trace) -> RepresentationView:
    """R with its tokens."""
    vectors = trace["encoder"]
    rows, width = vectors.shape
    return RepresentationView(
        tokens=trace.source.tokens,
        shape=(rows, width),
        vectors=tuple(tuple(row) for row in vectors.tolist()),
    )


def _is_inside_another_layer(name: str, opened_layer: int) -> bool:
    parts = name.split(".")
    return len(parts) > 3 and parts[1] == "layers" and int(parts[2]) != opened_layer - 1
