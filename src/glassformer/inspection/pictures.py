"""Views of a trace beyond attention: a tensor as a matrix, all heads in small, one head's flow."""

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from glassformer.config import Part
from glassformer.errors import UsageError
from glassformer.inspection.attention import Traced, attention_view, weights_shown
from glassformer.inspection.steps import attention_name, is_on_source
from glassformer.views import FlowColumn, FlowPanel, FlowView, GridCell, GridView, MatrixView, Unit

if TYPE_CHECKING:
    from glassformer.inspection.trace import Trace

FEATURES_SHOWN = 4
LONGEST_FLOW = 40


def matrix_view(trace: "Trace", name: str, head: int | None = None) -> MatrixView:
    """One step as a matrix; of one that has heads, the head asked for (from 1).

    Raises:
        TraceError: when there is no such step.
        UsageError: when a head is needed and not given, or there is none.
    """
    array = trace[name]
    step = next(step for step in trace.steps() if step.name == name)
    axes = step.axes
    shown = name
    if axes[0] == "head":
        if head is None:
            raise UsageError(
                f"{name} has {len(array)} heads: say which one (--head 1 to {len(array)})"
            )
        if not 1 <= head <= len(array):
            raise UsageError(f"{name} has heads 1 to {len(array)}; there is no head {head}")
        array, axes, shown = array[head - 1], axes[1:], f"{name}[{head - 1}]"
    elif head is not None:
        raise UsageError(f"{name} has no heads: leave --head out")
    if array.ndim == 1:
        array, axes = array[:, None], (*axes, "")
    values = array.astype(np.float64)
    return MatrixView(
        name=shown,
        formula=step.formula,
        row_axis=axes[0],
        column_axis=axes[1],
        row_labels=_labels(trace, name, axes[0], values.shape[0]),
        column_labels=_labels(trace, name, axes[1], values.shape[1]),
        values=tuple(map(tuple, values.tolist())),
        smallest=float(values.min()),
        largest=float(np.abs(values).max()),
    )


def _labels(trace: "Trace", name: str, axis: str, size: int) -> tuple[str, ...]:
    """Tokens by what they are, features and vocabulary entries by their index."""
    if axis not in ("token", "query", "key"):
        return tuple(map(str, range(size))) if axis else ()
    memory = ".cross_attention" in name and (axis == "key" or name.endswith((".key", ".value")))
    sentence = (
        trace.source if is_on_source(name) or memory or trace.target is None else trace.target
    )
    return sentence.tokens


def grid_view(
    trace: Traced, part: Part = "encoder", unit: Unit = "words", special: bool = False
) -> GridView:
    """All heads of all layers of one part.

    Raises:
        UsageError: when the trace has no such part.
    """
    # What is shown comes from a view without links: all heads of 512 words have 19 million.
    view = attention_view(
        trace, part=part, layer=1, head=1, unit=unit, special=special, min_weight=math.inf
    )
    if not view.shown_queries or not view.shown_keys:
        raise UsageError("there is no word to draw: the tokenizer leaves all of them out")
    stack = trace.config.stack_of(part)
    heads = [(k + 1, h + 1) for k in range(stack.num_layers) for h in range(stack.num_heads)]
    cells = []
    for (layer, head), matrix in zip(heads, weights_shown(trace, view, heads), strict=True):
        query, key = divmod(int(matrix.argmax()), matrix.shape[1])
        cells.append(
            GridCell(
                layer=layer,
                head=head,
                weights=tuple(map(tuple, matrix.tolist())),
                from_=view.shown_queries[query],
                to=view.shown_keys[key],
                largest=float(matrix.max()),
            )
        )
    card = trace.config.shown_head
    return GridView(
        part=part,
        unit=unit,
        queries=view.queries,
        keys=view.keys,
        shown_queries=view.shown_queries,
        shown_keys=view.shown_keys,
        num_layers=cells[-1].layer,
        num_heads=cells[-1].head,
        cells=tuple(cells),
        card=(card.layer, card.head) if card is not None and card.part == part else None,
        moment=trace.moment,
    )


def flow_view(
    trace: "Trace", part: Part = "encoder", layer: int | None = None, head: int | None = None
) -> FlowView:
    """The four steps of one head (layer and head from 1), by default the one on the model's card.

    Raises:
        UsageError: when there is no such head, or the sentence is too long to read such a picture.
    """
    card = trace.config.shown_head
    if layer is None and head is None and card is not None and card.part == part:
        layer, head = card.layer, card.head
    if layer is None or head is None:
        raise UsageError("a flow shows one head: give --layer L --head H")
    attention_view(trace, part=part, layer=layer, head=head)  # refuses what is not there
    prefix = attention_name(part, layer - 1)
    tokens = max(trace[f"{prefix}.scores"].shape[1:])
    if tokens > LONGEST_FLOW:
        raise UsageError(
            f"a flow can be read for up to {LONGEST_FLOW} tokens, but there are {tokens}: draw its "
            "steps one by one (--view matrix --tensor NAME)"
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
