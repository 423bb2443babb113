"""The two sides of a comparison: another sentence, head, model or moment beside what is asked for.

The right is what the left would be with something else in its place; whatever both need is made
once.
"""

from dataclasses import replace
from pathlib import Path

from glassformer.errors import Setting, UsageError
from glassformer.inspection.moment import moment_of
from glassformer.inspection.report import Report, report_of
from glassformer.inspection.trace import Trace
from glassformer.inspection.watched import Watched
from glassformer.library.loading import Loading, default_name, obtain
from glassformer.library.model import Glassformer
from glassformer.messages import Message, Note
from glassformer.requests.inspection import InspectRequest

Side = tuple[Trace | Watched, tuple[Note, ...]]


def compare(
    request: InspectRequest, model: str | Path | Glassformer | None, loading: Loading
) -> Report:
    """The report of a comparison; a model is loaded only where a side needs one.

    Raises:
        UsageError: when nothing differs, or a side lacks what is asked for.
        InputError: when a text is blank, no Unicode text or longer than the model takes.
        TraceError: when a derived number does not prove itself, or nothing was recorded.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    if loading and request.at_step is not None:
        raise UsageError(
            "{at_step:name} shows what was recorded during training, attention weights and "
            "translations: leave {left_over:name} out",
            at_step=Setting("at_step"),
            left_over=tuple(map(Setting, loading)),
        )
    asked = _right(request)
    if request.at_step is None:
        model = obtain(model, **loading)
    other = request.compare_model or model
    if asked.at_step is None:
        other = obtain(other, **({} if other is model else loading))
    left, left_notes = _side(request, model)
    right, right_notes = left, left_notes  # where nothing but the head differs
    if asked != request or other is not model:
        right, right_notes = _side(asked, other)
    notes = _of_both(left_notes, right_notes)
    return report_of(left, request, compared=right, notes=notes)


def _of_both(left: tuple[Note, ...], right: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes on both sides; one that is on one side only says on which."""
    both = [note for note in left if note in right]
    ours = [note.at(Message("left")) for note in left if note not in both]
    theirs = [note.at(Message("right")) for note in right if note not in both]
    return (*both, *ours, *theirs)


def _right(request: InspectRequest) -> InspectRequest:
    """What the right would be asked for, were it asked for alone; but for its head."""
    step = request.at_step if request.compare_step is None else request.compare_step
    text = request.text if request.compare is None else request.compare
    return replace(request, text=text, at_step=step)


def _side(request: InspectRequest, model: str | Path | Glassformer | None) -> Side:
    if request.at_step is not None:
        if isinstance(model, Glassformer):
            model = model.name
        return moment_of(request, default_name() if model is None else str(model))
    assert isinstance(model, Glassformer)
    if request.text is None:
        raise UsageError("{text:name} is needed: the sentence to inspect", text=Setting("text"))
    to = model.translator.tag_of(request.to)
    if to is None and request.part and request.part[0] != "encoder":
        to = next((tag for tag, _ in model.config.tags), None)
    trace = model.inspect(
        request.text,
        to=to,
        special_tokens=request.special_tokens,
        truncate=request.truncate,
        beam_size=request.beam_size,
    )
    return trace, trace.notes
