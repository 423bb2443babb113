"""The residual sum around one sublayer and its norm, with what the norm does to each row."""

import numpy as np

from glassformer.config import Norm, Part
from glassformer.inspection.excerpts import LONGEST, check_length, panel_of
from glassformer.inspection.flow import row_of
from glassformer.inspection.matrix import matrix_view
from glassformer.inspection.multi_head import layer_of
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import layer_name
from glassformer.views import AddNormView, FlowPanel, MeasuredPanel, Sublayer


def add_norm_view(
    trace: RecordedPass,
    part: Part = "encoder",
    layer: int | None = None,
    sublayer: Sublayer = "attention",
    word: str | None = None,
) -> AddNormView:
    """The add & norm after an attention, or after the feed-forward network of its layer (from 1).

    Raises:
        UsageError: when there is no such part, layer or word, or the text is too long to read such
            a picture.
        TraceError: when these steps were not kept.
    """
    layer = layer_of(trace, part, layer)
    norm = trace.config.stack_of(part).norm
    side = layer_name("source" if part == "encoder" else "target", layer - 1)
    number = {"encoder": 1, "decoder": 1, "cross": 2}[part]
    if sublayer == "feed-forward":
        number = 2 if part == "encoder" else 3
    name = f"{side}.add_norm_{number}"
    x, inner = trace.step(f"{name}.sum" if norm == "post" else name).parents
    check_length(len(trace[x]), LONGEST, "add-norm")
    return AddNormView(
        part=part,
        layer=layer,
        sublayer=sublayer,
        norm=norm,
        panels=tuple(
            _measured(trace, operation, title, step)
            for operation, title, step in _way(norm, name, x, inner)
        ),
        parameters=_parameters(trace, name, norm),
        row=row_of(trace, part, word),
    )


def _way(norm: Norm, name: str, x: str, inner: str) -> list[tuple[str, str, str]]:
    """What leads to each matrix, what it is called, and its step."""
    if norm == "pre":
        return [
            ("", "x", x),
            ("LayerNorm", "LayerNorm(x)", f"{name}.norm"),
            ("sublayer", "sublayer(LayerNorm(x))", inner),
            ("x +", "x + sublayer(LayerNorm(x))", name),
        ]
    added = [("", "x", x), ("+", "sublayer(x)", inner)]
    if norm == "none":
        return [*added, ("=", "x + sublayer(x)", name)]
    total = ("=", "x + sublayer(x)", f"{name}.sum")
    return [*added, total, ("LayerNorm", "LayerNorm(x + sublayer(x))", name)]


def _measured(trace: RecordedPass, operation: str, title: str, step: str) -> MeasuredPanel:
    numbers = trace[step].astype(np.float64)
    return MeasuredPanel(
        operation=operation,
        panel=panel_of(title, matrix_view(trace, step)),
        means=tuple(numbers.mean(axis=1).tolist()),
        deviations=tuple(numbers.std(axis=1).tolist()),
    )


def _parameters(trace: RecordedPass, name: str, norm: Norm) -> tuple[FlowPanel, ...]:
    if norm == "none" or not trace.has_model:
        return ()
    return tuple(
        panel_of(letter, matrix_view(trace, f"{name}.norm.{kind}"))
        for letter, kind in (("γ", "weight"), ("β", "bias"))
    )
