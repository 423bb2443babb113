"""Every error that Glassformer raises on purpose.

GlassformerError
├── UsageError        invalid usage: no such word, layer, head or option, or options that conflict
├── InputError        invalid input text: empty, not UTF-8, longer than the model accepts
├── ConfigError       an invalid configuration, or one written by a newer version
├── ModelFilesError   a model that cannot be found or loaded: no such folder, a truncated file
│   └── WeightsError  weights missing, unexpected or of the wrong shape for the configuration
├── TraceError        a traced number that fails its check, or a step that was not traced
├── TrainingError     a training that cannot start or continue: diverged, out of memory, another
│                     run's folder
├── ServerError       a server that cannot start, or that has too much to do
└── OutputError       an output file that cannot be written

Each message says what was expected, what was given and what to do about it, in one line. It is a
sentence with fields (`messages.py`): `raise UsageError("there is no head {head}", head=7)`.
"""

from os import PathLike
from typing import Self

from glassformer.messages import Message, Setting, Spelling, Term, in_python

__all__ = [
    "ConfigError",
    "GlassformerError",
    "GlassformerWarning",
    "InputError",
    "ModelFilesError",
    "OutputError",
    "ServerError",
    "Setting",
    "TraceError",
    "TrainingError",
    "UsageError",
    "WeightsError",
    "reason_of",
]


def reason_of(error: OSError) -> Term:
    """Why the system refused, in its own words, most of which the catalogue has in Chinese."""
    return Term(error.strerror or str(error))


class GlassformerError(Exception):
    """The base of every error the library raises on purpose.

    `str()` is English, with settings spelled as Python arguments; `render` spells them as another
    surface does. `message` holds the sentence and its fields. A message without fields is used
    verbatim.
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
        """The message, with settings as this surface spells them."""
        return self.message.render(spelling)

    def at(self, place: str | PathLike[str]) -> Self:
        """The same error, prefixed with the place it is about: a file and line, a text."""
        message = self.message.at(place)
        return type(self)(message.id, **message.fields)

    def without_place(self) -> Self:
        """The same error without what `at` put before it, for one of which no others are there."""
        inner = self.fields.get("message")
        if self.args[0] != "{place}: {message}" or not isinstance(inner, Message):
            return self
        return type(self)(inner.id, **inner.fields)

    def __str__(self) -> str:
        return self.render()


class GlassformerWarning(UserWarning):
    """A result was produced, but with a problem that must not go unnoticed."""


class UsageError(GlassformerError):
    """Invalid usage: something that does not exist was named, or options exclude each other."""

    exit_code = 2


class InputError(GlassformerError):
    """Invalid input text."""


class ConfigError(GlassformerError):
    """An invalid configuration, or one that this version cannot read."""


class ModelFilesError(GlassformerError):
    """A model that cannot be found or loaded."""


class WeightsError(ModelFilesError):
    """Weights that do not match the configuration; the message lists them."""


class TraceError(GlassformerError):
    """A traced number that fails its check, or a step that the trace does not contain."""


class TrainingError(GlassformerError):
    """A training that cannot start or continue; its checkpoints are kept."""


class ServerError(GlassformerError):
    """A server that cannot start, or a request that it cannot answer now."""


class OutputError(GlassformerError):
    """An output file that cannot be written."""
