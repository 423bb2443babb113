"""Every error that Glassformer raises on purpose.

GlassformerError
├── UsageError        a request that makes no sense here: no such word, layer, head or option
├── InputError        text that cannot be used: empty, not UTF-8, longer than the model takes
├── ConfigError       a configuration that contradicts itself, or that is newer than this version
├── ModelFilesError   a model that cannot be found or read: no such folder, a truncated file
│   └── WeightsError  weights missing, left over or of another shape than the configuration says
├── TraceError        a traced number that does not prove itself, or a step that was not traced
├── TrainingError     a training that cannot go on: diverged, out of memory, another run's folder
└── OutputError       a result that cannot be written

Each message says what was expected, what was given and what to do about it, in one line. It is a
sentence with fields (`messages.py`): `raise UsageError("there is no head {head}", head=7)`.
"""

from os import PathLike
from typing import Self

from glassformer.messages import Message, Setting, Spelling, in_python

__all__ = [
    "ConfigError",
    "GlassformerError",
    "GlassformerWarning",
    "InputError",
    "ModelFilesError",
    "OutputError",
    "Setting",
    "TraceError",
    "TrainingError",
    "UsageError",
    "WeightsError",
]


class GlassformerError(Exception):
    """The base of every error the library raises on purpose.

    `str()` is English, with settings named as arguments in Python; `render` spells them as another
    surface does. `message` holds the sentence and its fields. A message without fields is taken as
    it stands.
    """

    exit_code = 1

    def __init__(self, message: str, /, **fields: object) -> None:
        super().__init__(message)
        self.fields = fields

    @property
    def message(self) -> Message:
        """The sentence with its fields."""
        return Message(self.args[0], self.fields)

    def render(self, spelling: Spelling = in_python) -> str:
        """The message, each setting in it as this surface spells it."""
        return self.message.render(spelling)

    def at(self, place: str | PathLike[str]) -> Self:
        """The same error, with the place that it is about in front: a file and line, a text."""
        message = self.message.at(place)
        return type(self)(message.id, **message.fields)

    def __str__(self) -> str:
        return self.render()


class GlassformerWarning(UserWarning):
    """A result is given, but a person must not miss what is said about it."""


class UsageError(GlassformerError):
    """The request names something that is not there, or options that exclude each other."""

    exit_code = 2


class InputError(GlassformerError):
    """The text given cannot be used."""


class ConfigError(GlassformerError):
    """A configuration that contradicts itself or that this version cannot read."""


class ModelFilesError(GlassformerError):
    """A model that cannot be found or read."""


class WeightsError(ModelFilesError):
    """Weights that do not fit the configuration; the message lists them."""


class TraceError(GlassformerError):
    """A traced number that does not prove itself, or a step that the trace does not have."""


class TrainingError(GlassformerError):
    """A training that cannot begin or go on; what was saved of it stays."""


class OutputError(GlassformerError):
    """A result that cannot be written."""
