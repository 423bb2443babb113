"""Which views a request asks for, made from a trace."""

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.inspection.add_norm import add_norm_view
from glassformer.inspection.attention import Traced, attention_view
from glassformer.inspection.flow import flow_view
from glassformer.inspection.grid import grid_view
from glassformer.inspection.matrix import matrix_view
from glassformer.inspection.multi_head import multi_head_view
from glassformer.inspection.positions import positions_view
from glassformer.inspection.trace import Trace
from glassformer.inspection.watched import Watched
from glassformer.requests.inspection import InspectRequest
from glassformer.views import Align, AttentionView, View, structure_view


def attention_views(
    trace: Trace | Watched, request: InspectRequest, parts: tuple[Part, ...] | None = None
) -> list[AttentionView]:
    """One view for each part asked for, or for each that was traced."""
    parts = parts_of(trace, request) if parts is None else parts
    if request.align is not None and (not trace.target or set(parts) == {"encoder"}):
        raise UsageError(
            "{align:name} is about rows of the decoder, and no attention of the decoder is "
            "shown here: give {cross} or {decoder}, with a model that has one",
            align=Setting("align"),
            cross=Setting("part", "cross"),
            decoder=Setting("part", "decoder"),
        )
    aligned: dict[Part, Align] = dict.fromkeys(("decoder", "cross"), request.align or "input")
    return [
        attention_view(
            trace,
            part=part,
            layer=request.layer,
            head=request.head,
            heads=request.heads,
            word=request.word,
            unit=request.unit,
            special=request.special,
            min_weight=request.min_weight or 0.0,
            align=aligned.get(part, "input"),
        )
        for part in parts
    ]


def parts_of(trace: Traced, request: InspectRequest) -> tuple[Part, ...]:
    """The parts asked for, or those that go with what was."""
    card = trace.config.shown_head
    if request.part:
        return request.part
    if request.heads == "card" and card is not None:
        return (card.part,)
    decoder, layer = trace.config.decoder, request.layer or 1
    if decoder is not None and decoder.num_layers < layer <= trace.config.encoder.num_layers:
        return ("encoder",)  # the only one that has this layer
    # A word of the source has its links in the encoder; the target's rows are other words.
    return ("encoder", "decoder", "cross") if trace.target and not request.word else ("encoder",)


def picture_view(trace: Trace | Watched, request: InspectRequest, view: str) -> View:
    """The view of one picture; the request has been held against it already."""
    part = request.part[0] if request.part else "encoder"
    head = request.head[0] if request.head else None
    if view == "attention":
        return attention_views(trace, request, (part,))[0]
    if view == "grid":
        return grid_view(trace, part=part, unit=request.unit, special=request.special)
    assert isinstance(trace, Trace)  # a record of a training has no numbers for the others
    if view == "matrix":
        return matrix_view(trace, request.tensor or "", head)
    word = request.word[0] if request.word else None
    if view == "flow":
        return flow_view(trace, part=part, layer=request.layer, head=head, word=word)
    if view == "multi-head":
        return multi_head_view(trace, part=part, layer=request.layer, word=word)
    if view == "positions":
        return positions_view(trace, part=part)
    if view == "add-norm":
        sublayer = request.sublayer or "attention"
        return add_norm_view(trace, part=part, layer=request.layer, sublayer=sublayer, word=word)
    length = None if trace.target is None else len(trace.target.tokens)
    return structure_view(trace.config, len(trace.source.tokens), length)
