"""A report of a moment in a training, from what was recorded of it; no model is loaded."""

from glassformer.inspection.report import Report, report_of
from glassformer.inspection.watch_file import read_watch
from glassformer.inspection.watched import listing
from glassformer.messages import Note
from glassformer.pretrained.files import find_model
from glassformer.requests.inspection import InspectRequest


def report_of_moment(request: InspectRequest, name: str) -> Report:
    """The last moment recorded in a model's folder up to `at_step`; a note says if it is another.

    Raises:
        UsageError: when that sentence or target was not watched.
        TraceError: when nothing was recorded by then.
        ModelFilesError: when there is no such model.
    """
    assert request.at_step is not None
    record = read_watch(find_model(name), name)
    watched = record.at(request.at_step, request.text, request.to)
    assert watched.moment is not None
    notes: tuple[Note, ...] = ()
    if watched.moment.update != request.at_step:
        said = Note(
            "nothing was recorded at update {asked}, so update {update} is shown; recorded "
            "updates: {recorded}",
            {
                "asked": request.at_step,
                "update": watched.moment.update,
                "recorded": listing(record.updates),
            },
        )
        notes = (said,)
    return report_of(watched, request, notes=notes)
