"""Reports of moments in a training, from what was recorded of it; no model is loaded."""

from glassformer.inspection.animation import animation_view
from glassformer.inspection.report import Report, report_of
from glassformer.inspection.watch_file import read_watch
from glassformer.inspection.watched import Watched, listing
from glassformer.messages import Note
from glassformer.pretrained.files import find_model
from glassformer.requests.inspection import InspectRequest


def report_of_moment(request: InspectRequest, name: str) -> Report:
    """The last moment recorded in a model's folder up to `at_step`; a note says if it is another.

    With `animate` it is all moments, one after the other.

    Raises:
        UsageError: when that sentence or target was not watched.
        TraceError: when nothing was recorded by then.
        ModelFilesError: when there is no such model.
    """
    if request.animate:
        return _report_of_all(request, name)
    watched, notes = moment_of(request, name)
    return report_of(watched, request, notes=notes)


def moment_of(request: InspectRequest, name: str) -> tuple[Watched, tuple[Note, ...]]:
    """That moment itself, and the note.

    Raises:
        UsageError, TraceError, ModelFilesError: as `report_of_moment`.
    """
    assert request.at_step is not None
    record = read_watch(find_model(name), name)
    watched = record.at(request.at_step, request.text, request.to)
    assert watched.moment is not None
    if watched.moment.update == request.at_step:
        return watched, ()
    said = Note(
        "nothing was recorded at update {asked}, so update {update} is shown; recorded "
        "updates: {recorded}",
        {
            "asked": request.at_step,
            "update": watched.moment.update,
            "recorded": listing(record.updates),
        },
    )
    return watched, (said,)


def _report_of_all(request: InspectRequest, name: str) -> Report:
    """All moments at which attention is known; a note names those at which it is not."""
    record = read_watch(find_model(name), name)
    moments = record.moments(request.text)
    view = animation_view(
        moments,
        part=request.part[0] if request.part else "encoder",
        layer=request.layer,
        head=request.head[0] if request.head else None,
        heads=request.heads,
        word=request.word,
        unit=request.unit,
        special=request.special,
        min_weight=request.min_weight or 0.0,
    )
    shown = [frame.moment.update for frame in view.frames if frame.moment is not None]
    unknown = [update for update in record.updates if update not in shown]
    notes: tuple[Note, ...] = ()
    if unknown:
        said = Note(
            "left out, as no attention is known of them: update {updates}",
            {"updates": listing(unknown)},
        )
        notes = (said,)
    return Report(request=request, trace=moments[-1], view=view, notes=notes)
