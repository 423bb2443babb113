"""`page()`: the page that walks through a model on a sentence, one self-contained document."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from glassformer.catalogue import Language
from glassformer.drawing.html import Page
from glassformer.drawing.paper import Theme
from glassformer.inspection.page.document import check_page, page_document
from glassformer.inspection.page.learning import record_of
from glassformer.inspection.page.manifest import page_data as data_of
from glassformer.inspection.trace import Trace
from glassformer.library.loading import Precision, obtain
from glassformer.library.model import Glassformer
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request
from glassformer.views import PageData


def page(
    text: str | None = None,
    *,
    model: str | Path | Glassformer | None = None,
    device: str | None = None,
    precision: Precision | None = None,
    threads: int | None = None,
    with_weights: bool = False,
    language: Language = "en",
    theme: Theme = "auto",
    **options: Unpack[InspectOptions],
) -> Page:
    """The page that walks through a model on a sentence, in one document that needs no network.

    `model`, `device`, `precision` and `threads` are those of `load`, the other settings those of
    `InspectRequest`: what the page shows first. With `with_weights` the document has the weight
    matrices, so that every cell can be opened without a server.

    Raises:
        UsageError: when the request makes no sense (found before a model is loaded), or names what
            this model does not have.
        InputError: when a text is blank, not valid Unicode or longer than the model's maximum
            length.
        TraceError: when a derived number fails its self-check.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    request = read_request(InspectRequest, {"text": text, **options})
    check_page(request)
    given = {"device": device, "precision": precision, "threads": threads}
    loading = {name: value for name, value in given.items() if value is not None}
    found = obtain(model, **loading)  # type: ignore[arg-type]
    trace, compared = _traces(request, found)
    page = page_document(
        trace,
        request,
        compared=compared,
        record=record_of(found.name),
        with_weights=with_weights,
        language=language,
        theme=theme,
    )
    page.notes = trace.notes
    return page


def page_data(
    request: InspectRequest, model: Glassformer, *, with_weights: bool = False
) -> PageData:
    """What the page of a request shows, as data: a manifest, and blocks made when asked for.

    Raises:
        UsageError, InputError, TraceError: as `page`.
    """
    check_page(request)
    trace, compared = _traces(request, model)
    record = record_of(model.name)
    return data_of(trace, request, compared=compared, record=record, with_weights=with_weights)


def _traces(request: InspectRequest, model: Glassformer) -> tuple[Trace, Trace | None]:
    """The trace of a request's text, and that of the text to compare with."""
    if request.compare is None:
        return _trace(request, model), None
    other = replace(request, text=request.compare, compare=None, difference=False)
    return _trace(request, model), _trace(other, model)


def _trace(request: InspectRequest, model: Glassformer) -> Trace:
    """One trace, with the search's history and the translations to all targets."""
    wanted = InspectRequest(
        text=request.text,
        to=request.to,
        target=request.target,
        pair=request.pair,
        beam_size=request.beam_size,
        special_tokens=request.special_tokens,
        truncate=request.truncate,
        history=model.config.decoder is not None and request.target is None,
    )
    trace = model.answer(wanted).trace
    assert isinstance(trace, Trace)
    return trace
