"""The heads of one attention joined: Z of each side by side, times W_O."""

from glassformer.config import Part
from glassformer.inspection.attention import attention_view
from glassformer.inspection.excerpts import (
    FEATURES_SHOWN,
    LONGEST,
    check_length,
    panel_of,
    panel_of_rows,
)
from glassformer.inspection.flow import row_of
from glassformer.inspection.matrix import matrix_view
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import attention_name
from glassformer.views import FlowPanel, MultiHeadView

MOST_COLUMNS = 24
"""So many features of all heads together are shown."""


def multi_head_view(
    trace: RecordedPass, part: Part = "encoder", layer: int | None = None, word: str | None = None
) -> MultiHeadView:
    """The joining of all heads of a layer (from 1), by default of the one on the model's card.

    Raises:
        UsageError: when there is no such part, layer or word, or the text is too long to read such
            a picture.
        TraceError: when these steps were not kept.
    """
    layer = layer_of(trace, part, layer)
    prefix = attention_name(part, layer - 1)
    stack = trace.config.stack_of(part)
    shown = max(1, min(stack.d_head, FEATURES_SHOWN, MOST_COLUMNS // stack.num_heads))
    check_length(trace[prefix].shape[0], LONGEST, "multi-head")
    heads = range(1, stack.num_heads + 1)
    return MultiHeadView(
        part=part,
        layer=layer,
        d_head=stack.d_head,
        features_shown=shown,
        heads=tuple(
            panel_of(
                f"Z{_below(head)}", matrix_view(trace, f"{prefix}.context", head), columns=shown
            )
            for head in heads
        ),
        output=panel_of("output", matrix_view(trace, prefix)),
        parameters=_parameters(trace, prefix, shown),
        row=row_of(trace, part, word),
    )


def layer_of(trace: RecordedPass, part: Part, layer: int | None) -> int:
    """The layer asked for, or that of the head on the model's card, or the first.

    Raises:
        UsageError: when there is no such part or layer.
    """
    card = trace.config.shown_head
    if layer is None:
        layer = card.layer if card is not None and card.part == part else 1
    attention_view(trace, part=part, layer=layer, head=1)  # refuses what is not there
    return layer


def _parameters(trace: RecordedPass, prefix: str, shown: int) -> tuple[FlowPanel, ...]:
    """W_O, with the rows of the features shown of each head, and b_O."""
    if not trace.has_model:
        return ()
    weight = matrix_view(trace, f"{prefix}.output.weight")
    d_head = trace[f"{prefix}.context"].shape[-1]
    rows = [row for row in range(len(weight.values)) if row % d_head < shown]
    bias = matrix_view(trace, f"{prefix}.output.bias")
    return panel_of_rows("W_O", weight, rows, FEATURES_SHOWN), panel_of("b_O", bias)


def _below(number: int) -> str:
    """A number as an index below the line."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
