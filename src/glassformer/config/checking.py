"""Validation of values from a file against the type annotations of a dataclass."""

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from glassformer.errors import ConfigError
from glassformer.messages import Message

_Config = typing.TypeVar("_Config")

_FLOATS = (float, float | None)


def build(kind: type[_Config], data: Mapping[str, Any], where: str) -> _Config:
    """A dataclass from plain data; `where` names it in errors.

    Raises:
        ConfigError: when a key is unknown or missing.
    """
    known = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            if near:
                raise ConfigError(
                    "{where} has no setting {key!r}; did you mean {near!r}?",
                    where=where,
                    key=key,
                    near=near[0],
                )
            raise ConfigError("{where} has no setting {key!r}", where=where, key=key)
    for name, field in known.items():
        if field.default is dataclasses.MISSING and name not in data:
            raise ConfigError("{where} lacks the required setting {name!r}", where=where, name=name)
    return kind(**data)


def check_types(config: Any) -> None:
    """Check the values of a config against its annotations: no 'true' for True."""
    given = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    for name, value in checked(type(config), given).items():
        if value is not given[name]:
            object.__setattr__(config, name, value)


def checked(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the future values of a dataclass; integers are converted to float fields.

    Raises:
        ConfigError: when a value has the wrong type for its field.
    """
    hints = typing.get_type_hints(kind)
    values = dict(data)
    for name, value in data.items():
        hint = hints[name]
        if isinstance(value, int) and not isinstance(value, bool) and hint in _FLOATS:
            try:
                values[name] = float(value)
            except OverflowError as error:
                raise ConfigError(
                    "{name} is too large for a floating-point number", name=name
                ) from error
        elif not _matches(value, hint):
            raise ConfigError(
                "{name} must be {kind}, but is {value!r} ({given})",
                name=name,
                kind=_describe(hint),
                value=value,
                given=type(value).__name__,
            )
    return values


def _matches(value: Any, hint: Any) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return value in arguments
    if origin in (types.UnionType, typing.Union):
        return any(_matches(value, argument) for argument in arguments)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if arguments[-1] is Ellipsis:
            return all(_matches(item, arguments[0]) for item in value)
        return len(value) == len(arguments) and all(map(_matches, value, arguments))
    return isinstance(value, hint) and not (hint is int and isinstance(value, bool))


def _describe(hint: Any) -> str | Message:
    if typing.get_origin(hint) is Literal:
        return Message("one of {known}", {"known": tuple(map(repr, typing.get_args(hint)))})
    return getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
