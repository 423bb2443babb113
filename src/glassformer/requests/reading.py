"""Requests made from what a surface was given: options, keywords, a query string or JSON.

Values may be of their type already, or text as a query string has it: `layer=4`, `truncate=true`,
`at=1,7,2`, and a key given twice for several words. Nothing is guessed: what does not fit a setting
is refused by its name.
"""

import difflib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, TypeVar

from glassformer.errors import Setting, UsageError
from glassformer.messages import Term

_Request = TypeVar("_Request")

_FLAGS = {"true": True, "1": True, "yes": True, "on": True}
_FLAGS |= {"false": False, "0": False, "no": False, "off": False}


def read_request(kind: type[_Request], given: Mapping[str, object]) -> _Request:
    """The request (a frozen dataclass) that these settings make; None stands for not given.

    Raises:
        UsageError: when there is no such setting, a value does not fit, or one that is needed is
            missing; and whatever the request itself refuses.
    """
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    hints = typing.get_type_hints(kind)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            if near:
                raise UsageError(
                    "there is no setting {given!r}; did you mean {near}?", given=name, near=near[0]
                )
            raise UsageError(
                "there is no setting {given!r}; there are {known}", given=name, known=sorted(known)
            )
    values = {
        name: _read(Setting(name), hints[name], value)
        for name, value in given.items()
        if value is not None
    }
    missing = [name for name, one in known.items() if name not in values and _is_needed(one)]
    if missing:
        raise UsageError("{setting:name} is needed", setting=Setting(missing[0]))
    return kind(**values)


def _is_needed(of: Field[Any]) -> bool:
    return of.default is MISSING and of.default_factory is MISSING


def _read(setting: Setting, hint: Any, value: object) -> Any:
    """One value as its type hint wants it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (one for one in arguments if one is not type(None))
        return _read(setting, inner, value)
    if origin is tuple:
        return tuple(_read(setting, arguments[0], one) for one in _several(arguments[0], value))
    if isinstance(value, list | tuple):
        if len(value) != 1:  # a query string's values come as lists
            raise _refused(setting, Term("one value"), value)
        (value,) = value
    if origin is Literal:
        if value in arguments:
            return value
        raise UsageError(
            "{setting:name} must be one of {known}, but is {given!r}",
            setting=setting,
            known=arguments,
            given=value,
        )
    return _READERS[hint](setting, value)


def _several(inner: Any, value: object) -> Sequence[object]:
    if isinstance(value, list | tuple):
        if len(value) == 1 and inner is int and isinstance(value[0], str):
            return value[0].split(",")
        return value
    if inner is int and isinstance(value, str):
        return value.split(",")
    return [value]


def _flag(setting: Setting, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in _FLAGS:
        return _FLAGS[value.casefold()]
    raise _refused(setting, Term("true or false"), value)


_LARGEST = 1 << 63
"""Integers are smaller than this, as torch's and those of other languages are."""


def _whole(setting: Setting, value: object) -> int:
    try:
        if isinstance(value, int | str) and not isinstance(value, bool):
            number = int(value)
            if -_LARGEST <= number < _LARGEST:
                return number
    except ValueError:
        pass
    raise _refused(setting, Term("an integer"), value)


def _number(setting: Setting, value: object) -> float:
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise _refused(setting, Term("a number"), value)


def _text(setting: Setting, value: object) -> str:
    if isinstance(value, str):
        return value
    raise _refused(setting, Term("text"), value)


_READERS: Mapping[Any, Any] = {bool: _flag, int: _whole, float: _number, str: _text}


def _refused(setting: Setting, expected: str, value: object) -> UsageError:
    return UsageError(
        "{setting:name} must be {expected}, but is {given!r}",
        setting=setting,
        expected=expected,
        given=value,
    )
