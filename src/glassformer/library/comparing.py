"""The two sides of a comparison: another sentence, head, model or moment beside what is asked for.

The right is what the left would be with something else in its place; whatever both need is made
once.
"""

from dataclasses import replace
from typing import Protocol

from glassformer.config import ModelConfig
from glassformer.decoding.translator import Translator
from glassformer.errors import Setting, UsageError
from glassformer.inspection.moment import moment_of
from glassformer.inspection.report import Report, report_of
from glassformer.inspection.trace import Trace
from glassformer.inspection.watched import Watched
from glassformer.messages import Message, Note
from glassformer.requests.inspection import InspectRequest
from glassformer.text.tokenizer import SpecialTokens

Side = tuple[Trace | Watched, tuple[Note, ...]]


class Inspecting(Protocol):
    """A model in memory, as far as a comparison needs it: `Glassformer` is one."""

    name: str
    translator: Translator

    @property
    def config(self) -> ModelConfig:
        """The model as plain data."""

    def inspect(
        self,
        text: str,
        *,
        to: str | None,
        special_tokens: SpecialTokens,
        truncate: bool,
        beam_size: int,
    ) -> Trace:
        """A trace of a text."""


def compare(request: InspectRequest, model: Inspecting | str, other: Inspecting | str) -> Report:
    """The report of a comparison of what `model` gives with what `other` gives.

    Either is a name where the attention recorded during its training is shown, which needs no
    model in memory.

    Raises:
        UsageError: when nothing differs, or a side lacks what is asked for.
        InputError: when a text is blank, not valid Unicode or longer than the model's maximum
            length.
        TraceError: when a derived number fails its self-check, or nothing was recorded.
    """
    asked = right_of(request)
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


def right_of(request: InspectRequest) -> InspectRequest:
    """What the right would be asked for, were it asked for alone; but for its head."""
    step = request.at_step if request.compare_step is None else request.compare_step
    text = request.text if request.compare is None else request.compare
    return replace(request, text=text, at_step=step)


def _side(request: InspectRequest, model: Inspecting | str) -> Side:
    if request.at_step is not None:
        return moment_of(request, model if isinstance(model, str) else model.name)
    assert not isinstance(model, str)
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
