"""All heads of all layers of one part in small."""

import math

from glassformer.config import Part
from glassformer.errors import UsageError
from glassformer.inspection.attention import Traced, attention_view, weights_shown
from glassformer.views import GridCell, GridView, Unit


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
        raise UsageError("there is no word to draw: the tokenizer drops all of them")
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
