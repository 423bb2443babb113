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

Each message says what was expected, what was given and what to do about it, in one line.
"""


class GlassformerError(Exception):
    """The base of every error the library raises on purpose."""

    exit_code = 1


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
