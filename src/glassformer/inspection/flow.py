"""The four steps of one head side by side: Q Kᵀ, the division, softmax, and Z from the values."""

import dataclasses

import numpy as np
from jaxtyping import Float

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.matrix import matrix_view
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import attention_name
from glassformer.views import FlowColumn, FlowPanel, FlowView, MatrixView

FEATURES_SHOWN = 4
LONGEST_FLOW = 40


def flow_view(
    trace: RecordedPass, part: Part = "encoder", layer: int | None = None, head: int | None = None
) -> FlowView:
    """The four steps of one head (layer and head from 1), by default the one on the model's card.

    Raises:
        UsageError: when there is no such head, or the sentence is too long to read such a picture.
    """
    card = trace.config.shown_head
    if layer is None and head is None and card is not None and card.part == part:
        layer, head = card.layer, card.head
    if layer is None or head is None:
        raise UsageError(
            "a flow shows one head: give {layer} and {head}",
            layer=Setting("layer", "L"),
            head=Setting("head", "H"),
        )
    attention_view(trace, part=part, layer=layer, head=head)  # refuses what is not there
    prefix = attention_name(part, layer - 1)
    tokens = max(trace[f"{prefix}.scores"].shape[1:])
    if tokens > LONGEST_FLOW:
        raise UsageError(
            "a flow is legible for up to {most} tokens, but there are {tokens}: draw its steps "
            "one by one ({matrix} and {tensor})",
            most=LONGEST_FLOW,
            tokens=tokens,
            matrix=Setting("view", "matrix"),
            tensor=Setting("tensor", "NAME"),
        )

    def panel(title: str, step: str) -> FlowPanel:
        matrix = matrix_view(trace, f"{prefix}.{step}", head)
        return FlowPanel(title=title, matrix=_first_features(matrix))

    stack = trace.config.stack_of(part)
    d_head = stack.d_head
    divide = f"÷ √{d_head}" if stack.scale_scores else "× 1"
    return FlowView(
        part=part,
        layer=layer,
        head=head,
        d_head=d_head,
        features_shown=min(d_head, FEATURES_SHOWN),
        columns=(
            FlowColumn(operation="", panels=(panel("Q", "query"), panel("K", "key"))),
            FlowColumn(operation="Q Kᵀ", panels=(panel("scores", "scores"),)),
            FlowColumn(operation=divide, panels=(panel("scaled scores", "scaled_scores"),)),
            FlowColumn(
                operation="softmax", panels=(panel("weights", "weights"), panel("V", "value"))
            ),
            FlowColumn(operation="weights · V", panels=(panel("Z", "context"),)),
        ),
    )


def _first_features(matrix: MatrixView) -> MatrixView:
    if matrix.column_axis != "feature":
        return matrix
    values: Float[np.ndarray, "rows features"] = np.array(matrix.values)[:, :FEATURES_SHOWN]
    return dataclasses.replace(
        matrix,
        column_labels=matrix.column_labels[:FEATURES_SHOWN],
        values=tuple(map(tuple, values.tolist())),
        smallest=float(values.min()),
    )
