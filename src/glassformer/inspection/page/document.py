"""A trace as the page itself, with the picture that stands for it where no page can be shown."""

from glassformer.catalogue import Language
from glassformer.drawing.html import Page, page_of
from glassformer.drawing.paper import Theme
from glassformer.drawing.picture import Picture
from glassformer.errors import Setting, UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.page.manifest import page_data
from glassformer.inspection.watched import WatchRecord
from glassformer.requests.inspection import InspectRequest
from glassformer.tracing.recorded_pass import RecordedPass

NO_USE = (
    "animate",
    "compare_head",
    "compare_model",
    "compare_step",
    "contrast",
    "steps",
    "sublayer",
    "tensor",
    "view",
)
"""Settings that choose among pictures and lists: a page has all of them."""


def check_page(request: InspectRequest) -> None:
    """Refuse what a page does not take.

    Raises:
        UsageError: when there is no text, or a setting is asked for that it has no use for.
    """
    if request.text is None:
        raise UsageError("{text:name} is needed: the sentence to inspect", text=Setting("text"))
    no_use = [name for name in NO_USE if name in request.given()]
    if no_use:
        raise UsageError(
            "the page has no use for {settings:name}: leave it out",
            settings=tuple(map(Setting, no_use)),
        )


def page_document(
    trace: RecordedPass,
    request: InspectRequest,
    *,
    compared: RecordedPass | None = None,
    record: WatchRecord | None = None,
    with_weights: bool = False,
    language: Language = "en",
    theme: Theme = "auto",
) -> Page:
    """The document of a page; what it takes is in `page_data`.

    Raises:
        UsageError: when it has no use for a setting, or the trace lacks what is asked for.
    """
    check_page(request)
    view = attention_view(
        trace,
        part=request.part[0] if request.part else "encoder",
        layer=request.layer,
        head=request.head,
        heads=request.heads,
        word=request.word,
        unit=request.unit,
        special=request.special,
        min_weight=request.min_weight or 0.0,
        align=request.align or "input",
    )
    if request.explain is not None:
        trace.explain(request.explain, request.at or ())  # says so where there is no such cell
    data = page_data(trace, request, compared=compared, record=record, with_weights=with_weights)
    static = Picture(view, mass=request.mass, language=language).svg(theme=theme)
    return page_of(data, static=static, language=language, theme=theme)
