"""How attention formed while a model learned: one picture at each moment that was recorded."""

from collections.abc import Sequence

from glassformer.config import Part
from glassformer.errors import Setting, TraceError, UsageError
from glassformer.inspection.attention import Traced, attention_view
from glassformer.requests.choosing import Heads
from glassformer.views import AnimationView, Unit


def animation_view(
    moments: Sequence[Traced],
    *,
    part: Part = "encoder",
    layer: int | None = None,
    head: int | None = None,
    heads: Heads | None = None,
    word: str | Sequence[str] | None = None,
    unit: Unit = "words",
    special: bool = False,
    min_weight: float = 0.0,
) -> AnimationView:
    """The encoder's attention at each moment; the settings are those of `attention_view`.

    Raises:
        UsageError: when there is no such layer, head or word, it is another part than the encoder,
            or several heads are asked for.
        TraceError: when there are fewer than two moments.
    """
    if part != "encoder":
        raise UsageError(
            "an animation shows the encoder, whose sentence stays the same from update to update; "
            "a translation does not: leave {part} out",
            part=Setting("part", part),
        )
    if heads in ("largest", "all"):
        raise UsageError(
            "an animation shows one head, or one mean: leave {heads} out",
            heads=Setting("heads", heads),
        )
    if len(moments) < 2:
        raise TraceError(
            "an animation needs two moments at least, but {count} were recorded", count=len(moments)
        )
    frames = tuple(
        attention_view(
            moment,
            layer=layer,
            head=head,
            heads=heads,
            word=word,
            unit=unit,
            special=special,
            min_weight=min_weight,
        )
        for moment in moments
    )
    return AnimationView(frames=frames)
