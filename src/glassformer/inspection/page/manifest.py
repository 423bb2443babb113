"""`page_data()`: traces and a request, as the manifest and the blocks that a page is drawn from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from glassformer.catalogue import LANGUAGES, said, sentence
from glassformer.inspection.difference import without_attention
from glassformer.inspection.page.learning import learning_of
from glassformer.inspection.page.passes import pass_of
from glassformer.inspection.watched import WatchRecord
from glassformer.requests.inspection import InspectRequest
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.version import __version__
from glassformer.views import PageData

SCHEMA = "glassformer.page/1"


def page_data(
    trace: RecordedPass,
    request: InspectRequest,
    *,
    compared: RecordedPass | None = None,
    record: WatchRecord | None = None,
    with_weights: bool = False,
) -> PageData:
    """What a page shows of a trace, and of a second one beside it.

    `record` is what was recorded during training; it is used if this sentence was watched.
    With `with_weights` the page has the weight matrices, so that every cell can be opened without a
    server.
    """
    traces = [trace] if compared is None else [trace, compared]
    passes = []
    makers: dict[str, Callable[[], bytes]] = {}
    for number, one in enumerate(traces):
        data, blocks = pass_of(one, prefix="right/" if number else "", with_weights=with_weights)
        passes.append(data)
        makers.update(blocks)
    watch = None
    if record is not None:
        watch, blocks = learning_of(record, trace.source.text, trace.to)
        makers.update(blocks)
    manifest = {
        "schema": SCHEMA,
        "version": __version__,
        "home": "file",
        "request": {name: getattr(request, name) for name in sorted(request.given())},
        "model": trace.model_name,
        "models": [trace.model_name],
        "with_weights": with_weights,
        "passes": passes,
        "comparison": None if compared is None else _comparison(trace, compared),
        "watch": watch,
        "watched_sentences": None if record is None else [one.text for one in record.sentences],
        "texts": texts_of(traces),
    }
    return PageData(manifest=manifest, makers=makers)


def _comparison(left: RecordedPass, right: RecordedPass) -> Mapping[str, Any]:
    """What moved, but for attention: the page has it of every head, in both passes."""
    found = without_attention(left, right).to_json()
    return {key: value for key, value in found.items() if key not in ("schema", "attention")}


def texts_of(traces: Sequence[RecordedPass]) -> Mapping[str, Mapping[str, str]]:
    """What traces say (formulas, reasons, notes), in the other languages, by its English."""
    english = {text for trace in traces for text in _said_by(trace)}
    notes = {note for trace in traces for note in trace.notes}
    return {
        language: {
            **{text: sentence(text, language) for text in sorted(english)},
            **{str(note): said(note, language) for note in sorted(notes, key=str)},
        }
        for language in LANGUAGES
        if language != "en"
    }


def _said_by(trace: RecordedPass) -> Iterator[str]:
    yield from (step.formula for step in trace.steps())
    if trace.config.shown_head is not None:
        yield trace.config.shown_head.reason
