"""The pictures that attention alone is enough for: who attends to whom, and all heads in small."""

from collections.abc import Sequence

from glassformer.catalogue import Language
from glassformer.config import Part
from glassformer.drawing.picture import Picture
from glassformer.inspection.attention import Traced, attention_view
from glassformer.inspection.comparison import Compared, comparison_view
from glassformer.inspection.grid import grid_view
from glassformer.requests.calls import refusing_unknown_settings
from glassformer.requests.choosing import Heads
from glassformer.views import Align, AttentionView, ComparisonView, GridView, Unit


class AttentionPictures:
    """What a trace and a recorded moment of a training can both show."""

    @refusing_unknown_settings
    def attention(
        self: Traced,
        *,
        part: Part = "encoder",
        layer: int | None = None,
        head: int | Sequence[int] | None = None,
        heads: Heads | None = None,
        word: str | Sequence[str] | None = None,
        unit: Unit = "words",
        special: bool = False,
        min_weight: float = 0.0,
        align: Align = "input",
        mass: float | None = None,
        language: Language = "en",
    ) -> Picture[AttentionView]:
        """Who attends to whom, of all words or of some; layers and heads count from 1.

        Without `layer`, `head` and `heads` it is the head that the model's card names, or else the
        mean over all heads; a `layer` alone is the mean over that layer. `special` shows special
        tokens too and needs `unit="tokens"`. Links below `min_weight` are left out. `align` says
        whether a row of the decoder belongs to its input or to the token that it predicts. Lines
        are drawn for the largest links, which make up `mass` of the attention shown: 0.95 unless
        told, or, of more than 25 words, the three strongest of each.

        Raises:
            UsageError: when there is no such part, layer, head or word, or settings exclude each
                other.
        """
        view = attention_view(
            self,
            part=part,
            layer=layer,
            head=head,
            heads=heads,
            word=word,
            unit=unit,
            special=special,
            min_weight=min_weight,
            align=align,
        )
        return Picture(view, mass=mass, language=language)

    @refusing_unknown_settings
    def grid(
        self: Traced,
        *,
        part: Part = "encoder",
        unit: Unit = "words",
        special: bool = False,
        language: Language = "en",
    ) -> Picture[GridView]:
        """All heads of all layers of one part in small.

        Raises:
            UsageError: when the trace has no such part.
        """
        return Picture(grid_view(self, part, unit, special), language=language)

    @refusing_unknown_settings
    def compare(
        self: Compared,
        other: Compared,
        *,
        part: Part = "encoder",
        layer: int | None = None,
        head: int | None = None,
        heads: Heads | None = None,
        word: str | Sequence[str] | None = None,
        unit: Unit = "words",
        special: bool = False,
        min_weight: float = 0.0,
        align: Align = "input",
        difference: bool = False,
        mass: float | None = None,
        language: Language = "en",
    ) -> Picture[ComparisonView]:
        """This attention beside that of another sentence, model or moment of a training.

        The settings are those of `attention`, and hold for both sides; without a head each side
        shows the one on its model's card, or else a mean. Words of the two are aligned by edit
        distance, and `word` is looked for here first. With `difference` the picture has one panel,
        of the weights of `other` less those of this.

        Raises:
            UsageError: when nothing differs, a side lacks the part, layer, head or word, or tokens
                of two tokenizers would be compared.
        """
        view = comparison_view(
            self,
            other,
            part=part,
            layer=layer,
            head=head,
            heads=heads,
            word=word,
            unit=unit,
            special=special,
            min_weight=min_weight,
            align=align,
            shows="difference" if difference else "sides",
        )
        return Picture(view, mass=mass, language=language)

    @refusing_unknown_settings
    def compare_heads(
        self: Compared,
        left: tuple[int, int],
        right: tuple[int, int],
        *,
        part: Part = "encoder",
        word: str | Sequence[str] | None = None,
        unit: Unit = "words",
        special: bool = False,
        min_weight: float = 0.0,
        align: Align = "input",
        difference: bool = False,
        mass: float | None = None,
        language: Language = "en",
    ) -> Picture[ComparisonView]:
        """Two heads of this sentence side by side, each as (layer, head), counted from 1.

        The settings are those of `compare`.

        Raises:
            UsageError: when there is no such part, layer, head or word, or both are the same.
        """
        view = comparison_view(
            self,
            self,
            part=part,
            layer=left[0],
            head=left[1],
            right_head=right,
            word=word,
            unit=unit,
            special=special,
            min_weight=min_weight,
            align=align,
            shows="difference" if difference else "sides",
        )
        return Picture(view, mass=mass, language=language)
