"""`page()`: the page that walks through a model on a sentence, one self-contained document."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from glassformer.drawing.html import Page, page_of
from glassformer.errors import Setting, UsageError
from glassformer.inspection.page.learning import record_of
from glassformer.inspection.page.manifest import page_data as data_of
from glassformer.inspection.trace import Trace
from glassformer.library.loading import Loading, obtain
from glassformer.library.model import Glassformer
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request
from glassformer.views import PageData


def page(
    text: str,
    *,
    model: str | Path | Glassformer | None = None,
    with_weights: bool = False,
    loading: Loading | None = None,
    **options: Unpack[InspectOptions],
) -> Page:
    """One self-contained document with everything that a model computes for a sentence.

    The settings are those of `InspectRequest`: what the page shows first. `with_weights` puts the
    weight matrices into it, so that every cell can be opened without a server.

    Raises:
        UsageError: when the request makes no sense, or names what this model does not have.
        InputError: when a text is blank, not valid Unicode or too long.
        TraceError: when a derived number fails its self-check.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    request = read_request(InspectRequest, {"text": text, **options})
    check_page(request)
    found = obtain(model, **(loading or {}))
    return page_of(page_data(request, found, with_weights=with_weights))


def page_data(
    request: InspectRequest, model: Glassformer, *, with_weights: bool = False
) -> PageData:
    """What the page of a request shows, as data: a manifest, and blocks made when asked for.

    Raises:
        UsageError, InputError, TraceError: as `page`.
    """
    check_page(request)
    trace = _trace(request, model)
    compared = None
    if request.compare is not None:
        compared = _trace(replace(request, text=request.compare, target=None), model)
    return data_of(
        trace,
        request,
        compared=compared,
        record=record_of(model.name),
        with_weights=with_weights,
    )


def check_page(request: InspectRequest) -> None:
    """Refuse what the page does not take.

    Raises:
        UsageError: when there is no text, or a setting is asked for that it has no use for.
    """
    if request.text is None:
        raise UsageError("{text:name} is needed: the sentence to inspect", text=Setting("text"))
    no_use = sorted(request.given() & {"contrast", "animate", "compare_model", "compare_step"})
    if no_use:
        raise UsageError(
            "the page has no use for {settings:name}: leave it out",
            settings=tuple(map(Setting, no_use)),
        )


def _trace(request: InspectRequest, model: Glassformer) -> Trace:
    """The trace of a request's text, with the search's history and the translations to all."""
    wanted = replace(
        InspectRequest(),
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
