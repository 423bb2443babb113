"""A trace: a recorded pass that can show itself, as pictures and against another one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from glassformer.catalogue import Language
from glassformer.config import Part
from glassformer.drawing.html import Page
from glassformer.drawing.paper import Theme
from glassformer.drawing.picture import Picture
from glassformer.errors import UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.attention_pictures import AttentionPictures
from glassformer.inspection.difference import difference_of
from glassformer.inspection.frames import link_frame, step_frame
from glassformer.inspection.matrix import matrix_view
from glassformer.inspection.page.document import page_document
from glassformer.inspection.page.learning import record_of
from glassformer.inspection.predictions import contrast
from glassformer.inspection.step_pictures import StepPictures
from glassformer.requests.calls import refusing_unknown_settings
from glassformer.requests.choosing import Heads
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.views import (
    Align,
    ContrastView,
    MatrixView,
    StructureView,
    TraceDifference,
    Unit,
    structure_view,
)

if TYPE_CHECKING:
    import pandas


class Trace(AttentionPictures, StepPictures, RecordedPass):
    """One recorded pass over a sentence (and, in a model with a decoder, its target).

    `trace[name]` is a read-only numpy array without batch axis, float32 (float64 for a float64
    model; ids are int64 and masks boolean); `trace.tensor(name)` a torch copy in the model's own
    precision. `source` and `target` are what was read, `translations` what the model makes of the
    source by itself, by target tag. `predictions` say for each position of the target which tokens
    were most probable to come next, and `history` the candidates that the search considered, where
    that was asked for.
    """

    def contrast(self, other: "Trace") -> ContrastView:
        """Where this target parts from that of another trace of the same source, by how much.

        Raises:
            UsageError: when the two are not of one source and language, or do not part.
        """
        if self.target is None or not self.predictions:
            raise UsageError("this trace has no target to compare")
        if other.target is None or not other.predictions:
            raise UsageError("the other trace has no target to compare")
        if (self.source.text, self.to) != (other.source.text, other.to):
            raise UsageError(
                "two targets can be compared only for the same source and target language"
            )
        assert self.target is not None
        assert other.target is not None
        return contrast(
            (self.target.text, self.predictions), (other.target.text, other.predictions)
        )

    def difference(
        self,
        other: "Trace",
        *,
        part: Part = "encoder",
        layer: int | None = None,
        head: int | None = None,
        heads: Heads | None = None,
        unit: Unit = "words",
        align: Align = "input",
    ) -> TraceDifference:
        """What moved from this pass to another: R, attention, translations, what comes next.

        The words of both sources are aligned by edit distance, as in `compare`; R of a word is the
        mean over its tokens. The settings choose the head whose attention is compared. `str()` of
        the result says what moved most, `.to_json()` everything.

        Raises:
            UsageError: when a side lacks the part, layer or head, or tokens of two tokenizers would
                be compared.
            TraceError: when R was not kept.
        """
        return difference_of(
            self,
            other,
            part=part,
            layer=layer,
            head=head,
            heads=heads,
            unit=unit,
            align=align,
        )

    def attention_frame(
        self,
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
    ) -> "pandas.DataFrame":
        """Who attends to whom as a table, one link a row; the settings are those of `attention`.

        Columns: `part`, `layer` and `head` from 1 (missing where the weight is a mean, `mean_of` so
        many heads), `from` and `to` as positions from 0 and `from_word` and `to_word` as words or
        tokens, `weight`, and `hidden_share`: what `from` gives, in this head, to what is not shown.
        `heads="all"` has every head of every layer.

        Raises:
            UsageError: when there is no such part, layer, head or word, or settings exclude each
                other.
            OutputError: when pandas is not installed.
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
            align=align,
        )
        return link_frame(view, min_weight)

    def to_dataframe(self, name: str | None = None) -> "pandas.DataFrame":
        """One step as a table with its tokens (and heads, from 1) as labels; see `step_frame`.

        Without a name it is the encoder's links between words, in every head of every layer.

        Raises:
            TraceError: when there is no such step in the trace.
            OutputError: when pandas is not installed.
        """
        return self.attention_frame(heads="all") if name is None else step_frame(self, name)

    @refusing_unknown_settings
    def matrix(
        self, name: str, head: int | None = None, *, language: Language = "en"
    ) -> Picture[MatrixView]:
        """One step, or one weight, as a heat map; of one that has heads, a head (from 1).

        A weight, such as `encoder.layers.3.self_attention.query.weight`, is shown as its formula
        x W writes it; without a head all heads side by side.

        Raises:
            TraceError: when there is no such step or weight, or the trace of a weight was loaded
                without its model.
            UsageError: when a head is needed and not given, or there is none.
        """
        return Picture(matrix_view(self, name, head), language=language)

    def html(
        self,
        *,
        with_weights: bool = False,
        language: Language = "en",
        theme: Theme = "auto",
        **shown: Unpack[InspectOptions],
    ) -> Page:
        """The page that walks through this trace, in one document that shows itself in a notebook.

        `shown` are settings of `InspectRequest`: what the page shows first, such as `layer`, `head`
        and `word`. With `with_weights` it has the weight matrices, so that every cell opens its
        arithmetic.

        Raises:
            UsageError: when the page has no use for a setting, or the trace lacks what it names.
            TraceError: when the trace was loaded without its model and its weights are wanted.
        """
        read = {"text": self.source.text, "pair": self.source.pair, "to": self.to}
        return page_document(
            self,
            read_request(InspectRequest, {**read, **shown}),
            record=record_of(self.model_name),
            with_weights=with_weights,
            language=language,
            theme=theme,
        )

    @refusing_unknown_settings
    def structure(
        self, *, open_layer: int = 1, language: Language = "en"
    ) -> Picture[StructureView]:
        """The model from its configuration, with the shapes of this sentence; one layer opened."""
        target_length = None if self.target is None else len(self.target.tokens)
        view = structure_view(self.config, len(self.source.tokens), target_length)
        return Picture(view, language=language, open_layer=open_layer)
