"""What a person should know about a result: texts unlike the training text, repetition loops.

A model reads whatever it is given and answers in any case; only who knows its training text can
tell that the answer is meaningless.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable

from glassformer.decoding.loops import find_loop
from glassformer.errors import GlassformerWarning, Setting
from glassformer.messages import Caution, Message, Note, Term
from glassformer.text.doubts import Doubt, OtherLanguage, OtherScript, TooLong
from glassformer.text.languages import name_of
from glassformer.text.profile import SourceProfile


def notes_on_source(profile: SourceProfile | None, text: str) -> tuple[Note, ...]:
    """In which ways a text is unlike the training text of the model."""
    if profile is None:
        return ()
    return tuple(_note_on(doubt, profile) for doubt in profile.doubts(text))


def notes_on_names(names: tuple[str, ...]) -> tuple[Note, ...]:
    """That a text names these special tokens, but is read as it stands."""
    if not names:
        return ()
    return (
        Note(
            "names of special tokens in the text are read as ordinary text: {tokens}; with "
            "{special_tokens} they are read as these tokens",
            {"tokens": names, "special_tokens": Setting("special_tokens", "parse")},
        ),
    )


def notes_on_translation(text: str, translation: str) -> tuple[Note, ...]:
    """Whether a translation says the same thing again and again, as its source does not."""
    loop = find_loop(translation, text)
    if loop is None:
        return ()
    return (
        Caution(
            "the translation repeats {text!r} {times} times: the search is stuck in a loop",
            {"text": loop.text, "times": loop.times},
        ),
    )


def _note_on(doubt: Doubt, profile: SourceProfile) -> Note:
    match doubt:
        case OtherScript():
            return Caution(
                "{share:.0%} of the letters are {script}, but this model was trained on "
                "{learned} letters: its output for them is meaningless",
                {
                    "share": doubt.share,
                    "script": Term(doubt.script),
                    "learned": Term(doubt.learned),
                },
            )
        case OtherLanguage():
            learned = tuple(Term(name_of(tag)) for tag in profile.languages)
            return Caution(
                "this does not look like {learned}, which this model was trained on: "
                "{familiarity:.0%} of the words look familiar, where at least {lowest:.0%} are "
                "expected in a text of this length",
                {
                    "learned": learned or Message("its training text"),
                    "familiarity": doubt.familiarity,
                    "lowest": doubt.lowest,
                },
            )
        case TooLong():
            if doubt.unit == "words":
                return Note(
                    "the text has {length} words and punctuation marks: of the texts that this "
                    "model was trained on, one in a thousand had more than {most}, and the "
                    "longest had {largest}",
                    {"length": doubt.length, "most": doubt.most, "largest": doubt.largest},
                )
            return Note(
                "the text has {length} characters: of the texts that this model was trained on, "
                "one in a thousand had more than {most}, and the longest had {largest}",
                {"length": doubt.length, "most": doubt.most, "largest": doubt.largest},
            )
    raise AssertionError(doubt)


class Gathered:
    """The notes on many texts: each kind once, with the first place and how many more there are."""

    def __init__(self, place_of: Callable[[int], str]) -> None:
        self._place_of = place_of
        self._first: dict[str, tuple[int, Note]] = {}
        self._times: Counter[str] = Counter()

    def add(self, number: int, notes: Iterable[Note]) -> None:
        """What is to be said of the text of this number, from 1."""
        for note in notes:
            self._first.setdefault(note.id, (number, note))
            self._times[note.id] += 1

    @property
    def notes(self) -> tuple[Note, ...]:
        """One note per kind, in the order in which they first came."""
        found = []
        for id, (number, note) in self._first.items():
            place, more = self._place_of(number), self._times[id] - 1
            several = Message("{place} (and {more} more)", {"place": place, "more": more})
            found.append(note.at(several if more else place))
        return tuple(found)


def gathered(notes_of_each: Iterable[Iterable[Note]]) -> tuple[Note, ...]:
    """The notes on several texts that were given as a list, with the number of the text."""
    found = Gathered(lambda number: Term("text {number}", number=number))
    for number, notes in enumerate(notes_of_each, start=1):
        found.add(number, notes)
    return found.notes


def warn_of(notes: Iterable[Note]) -> None:
    """Warn of what a person who calls from Python must not miss."""
    for note in notes:
        if isinstance(note, Caution):
            warnings.warn(str(note), GlassformerWarning, stacklevel=3)
