"""How messages name settings on the command line: as options, ready to be typed."""

import os
import shlex
from collections.abc import Mapping

from glassformer.messages import OneOf, Setting, is_placeholder

POSITIONAL = ("sentence", "source", "target", "reference", "file", "folder")
"""What a command takes without an option before it."""

RENAMED = {
    "assignments": "set",
    "caption": "no-caption",
    "parts": "part",
    "resamples": "bootstrap",
}
"""Options that are not called as the parameter in Python is."""


def in_shell(setting: Setting) -> str:
    """A setting as a person types it: `--layer 4`, `--heads mean|all`, `--special`, `SOURCE`.

    A setting of a training, `training.seed`, is given with --set; a translation to look into, the
    `target` of inspect, with an option, whereas the one to train on has none.
    """
    name, value = setting.name, setting.value
    if name in POSITIONAL and value in (None, name.upper()):
        return name.upper()
    if name in POSITIONAL and name != "target":
        return _typed(value)
    if name == "unit":
        return f"--{value or 'tokens'}"  # words are what is shown unless tokens are asked for
    if name == "special_tokens":
        return "--parse-special"
    if "." in name:
        return f"--set {name}" if value is None else f"--set {name}={_typed(value)}"
    option = "--" + RENAMED.get(name, name).replace("_", "-")
    return option if value is None or value is True else f"{option} {_typed(value)}"


def command_line(*words: object) -> str:
    """A command of ours, ready to be typed: each word quoted where the shell would part it."""
    return " ".join(["glassformer", *map(_typed, words)])


def _typed(value: object) -> str:
    """A value, in quotes where the shell would take it apart."""
    match value:
        case OneOf():
            return "|".join(map(_typed, value))
        case bool():
            return str(value).lower()
        case tuple() | list():
            return ",".join(map(_typed, value))
        case Mapping():  # of target languages: `fr=en-fr.tsv`
            return " ".join(f"{key}={_typed(one)}" for key, one in value.items())
        case str() if is_placeholder(value):
            return value
        case str() | os.PathLike():
            return shlex.quote(os.fspath(value))
    return str(value)
