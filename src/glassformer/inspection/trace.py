"""A trace: a recorded pass that can show itself, as pictures and against another one."""

from typing import TYPE_CHECKING, Any

from glassformer.drawing.language import Language
from glassformer.drawing.picture import Picture
from glassformer.errors import UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.flow import flow_view
from glassformer.inspection.frames import attention_frame, step_frame
from glassformer.inspection.grid import grid_view
from glassformer.inspection.matrix import matrix_view
from glassformer.inspection.predictions import contrast
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.views import ContrastView, structure_view

if TYPE_CHECKING:
    import pandas


class Trace(RecordedPass):
    """One recorded pass over a sentence (and, in a model with a decoder, its target).

    `trace[name]` is a read-only numpy array without batch axis, float32 (float64 for a float64
    model; ids are int64 and masks boolean); `trace.tensor(name)` a torch copy in the model's own
    precision. `source` and `target` are what was read, `translations` what the model makes of the
    source by itself, by target tag. `predictions` say for each position of the target which tokens
    were likeliest to come next, and `history` what the search considered, where that was asked for.
    """

    def contrast(self, other: "Trace") -> ContrastView:
        """Where this target parts from that of another trace of the same source, by how much.

        Raises:
            UsageError: when the two are not of one source and language, or do not part.
        """
        for name, trace in (("this", self), ("the other", other)):
            if trace.target is None or not trace.predictions:
                raise UsageError(f"{name} trace has no target to compare")
        if (self.source.text, self.to) != (other.source.text, other.to):
            raise UsageError("two targets are compared for one source and one language only")
        assert self.target is not None
        assert other.target is not None
        return contrast(
            (self.target.text, self.predictions), (other.target.text, other.predictions)
        )

    def attention(
        self, *, mass: float = 0.95, language: Language = "en", **options: Any
    ) -> Picture:
        """Who attends to whom; see `attention_view` for the options.

        Lines are drawn for the largest links, which make up `mass` of the attention shown.
        """
        return Picture(attention_view(self, **options), mass=mass, language=language)

    def attention_frame(self, **options: Any) -> "pandas.DataFrame":
        """Who attends to whom as a table, one link a row; see `frames.attention_frame`.

        Raises:
            UsageError: when there is no such part, layer, head or word.
            OutputError: when pandas is not installed.
        """
        return attention_frame(self, **options)

    def to_dataframe(self, name: str | None = None) -> "pandas.DataFrame":
        """One step as a table with its tokens (and heads, from 1) as labels.

        Without a name it is the encoder's links between words, in every head of every layer.

        Raises:
            TraceError: when there is no such step in the trace.
            OutputError: when pandas is not installed.
        """
        return attention_frame(self, heads="all") if name is None else step_frame(self, name)

    def grid(self, *, language: Language = "en", **options: Any) -> Picture:
        """All heads of all layers in small; see `grid_view` for the options."""
        return Picture(grid_view(self, **options), language=language)

    def matrix(self, name: str, head: int | None = None, *, language: Language = "en") -> Picture:
        """One step as a heat map; of a step that has heads, the one asked for (from 1)."""
        return Picture(matrix_view(self, name, head), language=language)

    def flow(self, *, language: Language = "en", **options: Any) -> Picture:
        """The four steps of one head side by side; see `flow_view` for the options."""
        return Picture(flow_view(self, **options), language=language)

    def structure(self, *, open_layer: int = 1, language: Language = "en") -> Picture:
        """The model from its configuration, with the shapes of this sentence; one layer opened."""
        target_length = None if self.target is None else len(self.target.tokens)
        view = structure_view(self.config, len(self.source.tokens), target_length)
        return Picture(view, language=language, open_layer=open_layer)
