"""How the command line writes a setting that a message names: `--layer 4`, `--force`."""

from collections.abc import Mapping

from glassformer.messages import Setting

_ARGUMENTS = {"source": "SOURCE", "target": "TARGET"}
"""What is given without an option."""


def in_shell(setting: Setting) -> str:
    """A setting as words of a command; dotted ones are those of `--set`."""
    name, value = setting.name, setting.value
    if "." in name:
        return name if value is None else f"--set {name}={value}"
    if name in _ARGUMENTS and value is None:
        return _ARGUMENTS[name]
    option = f"--{name.replace('_', '-')}"
    if isinstance(value, Mapping):
        return " ".join(f"{option} {key}={one}" for key, one in value.items())
    return option if value is None or value is True else f"{option} {value}"
