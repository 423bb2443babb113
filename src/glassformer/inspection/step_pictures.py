"""The pictures of what is computed: one head's flow, positions, heads joined, add & norm."""

from glassformer.catalogue import Language
from glassformer.config import Part
from glassformer.drawing.picture import Picture
from glassformer.inspection.add_norm import add_norm_view
from glassformer.inspection.flow import flow_view
from glassformer.inspection.multi_head import multi_head_view
from glassformer.inspection.positions import positions_view
from glassformer.requests.calls import refusing_unknown_settings
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.views import AddNormView, FlowView, MultiHeadView, PositionsView, Sublayer


class StepPictures(RecordedPass):
    """What a recorded pass can show of its steps."""

    @refusing_unknown_settings
    def flow(
        self,
        *,
        part: Part = "encoder",
        layer: int | None = None,
        head: int | None = None,
        word: str | None = None,
        language: Language = "en",
    ) -> Picture[FlowView]:
        """One head (from 1) from x to Z, by default the one on the model's card.

        The row of `word` is framed on its way, or that of "it", or of the last word.

        Raises:
            UsageError: when there is no such head or word, or the sentence is too long to read.
        """
        return Picture(flow_view(self, part, layer, head, word), language=language)

    @refusing_unknown_settings
    def multi_head(
        self,
        *,
        part: Part = "encoder",
        layer: int | None = None,
        word: str | None = None,
        language: Language = "en",
    ) -> Picture[MultiHeadView]:
        """The heads of a layer (from 1) joined: concat(Z₁ … Z_h) W_O + b_O.

        By default it is the layer of the head on the model's card.

        Raises:
            UsageError: when there is no such layer or word, or the sentence is too long to read.
        """
        return Picture(multi_head_view(self, part, layer, word), language=language)

    @refusing_unknown_settings
    def positions(
        self, *, part: Part = "encoder", language: Language = "en"
    ) -> Picture[PositionsView]:
        """X + P: the embedding, the positions and their sum, with all features.

        Raises:
            UsageError: when no target was traced, or the sentence is too long to read.
        """
        return Picture(positions_view(self, part), language=language)

    @refusing_unknown_settings
    def add_norm(
        self,
        *,
        part: Part = "encoder",
        layer: int | None = None,
        sublayer: Sublayer = "attention",
        word: str | None = None,
        language: Language = "en",
    ) -> Picture[AddNormView]:
        """The residual sum after an attention and its norm, or after "feed-forward" of its layer.

        Each row comes with its mean and standard deviation, before the norm and after it.

        Raises:
            UsageError: when there is no such layer or word, or the sentence is too long to read.
        """
        return Picture(add_norm_view(self, part, layer, sublayer, word), language=language)
