"""A trace in small: a few numbers of each step, and R."""

import numpy as np

from glassformer.tracing.recorded_pass import RecordedPass, TracedStep
from glassformer.tracing.steps import layer_name
from glassformer.views import RepresentationView, StepView

FIRST = 3


def step_views(trace: RecordedPass, opened_layer: int | None = None) -> list[StepView]:
    """Every step with its first numbers and their range.

    With `opened_layer` (from 1), only that layer of each stack is listed in full, and of the others
    only what they give out.
    """
    views = []
    for step in trace.steps():
        if opened_layer is not None and _is_inside_another_layer(step, opened_layer):
            continue
        numbers = trace[step.name].reshape(-1)
        numbers = numbers.astype(np.int64 if numbers.dtype.kind in "bi" else np.float64)
        views.append(
            StepView(
                name=step.name,
                layer="" if step.layer is None else layer_name(step.side, step.layer),
                shape=step.shape,
                formula=step.formula,
                first=tuple(numbers[:FIRST].tolist()),
                smallest=numbers.min().item(),
                largest=numbers.max().item(),
            )
        )
    return views


def representation_view(trace: RecordedPass) -> RepresentationView:
    """R with its tokens."""
    vectors = trace["encoder"]
    rows, width = vectors.shape
    return RepresentationView(
        tokens=trace.source.tokens,
        shape=(rows, width),
        vectors=tuple(tuple(row) for row in vectors.tolist()),
    )


def _is_inside_another_layer(step: TracedStep, opened_layer: int) -> bool:
    return step.role != "layer" and step.layer not in (None, opened_layer - 1)
