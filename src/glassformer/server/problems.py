"""Errors as JSON, in the language of whoever asked, and the status that each of them has.

    {"error": {"message": …, "id": …, "fields": {…}, "setting": "layer"}}

400: the settings make no sense; 422: the text cannot be read, or there is no such step; and what a
`RefusedError` says, such as 404 for a model that is not served.
"""

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import Response

from glassformer.catalogue import LANGUAGES, Language, said
from glassformer.errors import (
    GlassformerError,
    InputError,
    ModelFilesError,
    TraceError,
    UsageError,
)
from glassformer.messages import Message, OneOf, Setting, is_placeholder

_STATUS: Mapping[type[GlassformerError], int] = {
    UsageError: 400,
    InputError: 422,
    TraceError: 422,
    ModelFilesError: 404,  # what was recorded of a training is read when it is asked for
}
"""All others are faults of the server."""


class RefusedError(Exception):
    """A request that is not answered, with the status that says why."""

    def __init__(
        self, status: int, error: GlassformerError, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error
        self.headers = dict(headers or {})


def status_of(error: GlassformerError) -> int:
    """The status of an error that the library raised."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def in_query(setting: Setting) -> str:
    """A setting as a query string has it: `layer=4`, `special=true`, `at=1,7,2`."""
    return f"{setting.name}={_in_query(setting.value)}"


def _in_query(value: object) -> str:
    match value:
        case None:
            return ""
        case OneOf():
            return "|".join(map(_in_query, value))
        case bool():
            return str(value).lower()
        case tuple() | list():
            return ",".join(map(_in_query, value))
        case str() if is_placeholder(value):
            return value
    return str(value)


def json_response(
    data: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Plain data as an answer."""
    return as_json(encoded(data), status, headers)


def as_json(
    content: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON that is encoded already, as an answer that nobody stores."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(content, status, kept, media_type="application/json")


def encoded(data: object) -> bytes:
    """Plain data as JSON in UTF-8; JSON knows no infinity, and null says it."""
    text = "".join(_pieces(data, _DEPTH))
    return text.encode(errors="backslashreplace")  # a lone surrogate is \ud800 in JSON, too


_DEPTH, _SLICE = 5, 64
"""How deep and in what slices data is taken apart, since no other thread runs within `dumps`."""


def _pieces(data: Any, depth: int) -> Iterator[str]:
    """The same as JSON, bit by bit."""
    if depth and isinstance(data, dict):
        yield "{"
        for number, (key, value) in enumerate(data.items()):
            yield f"{', ' if number else ''}{_dumped(str(key))}: "
            yield from _pieces(value, depth - 1)
        yield "}"
    elif depth and isinstance(data, list | tuple):
        yield "["
        is_long = len(data) > _SLICE
        step = _SLICE if is_long else 1
        for start in range(0, len(data), step):
            yield ", " if start else ""
            if is_long:
                yield _dumped(data[start : start + step])[1:-1]
            else:
                yield from _pieces(data[start], depth - 1)
        yield "]"
    else:
        yield _dumped(data)


def _dumped(data: Any) -> str:
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(data), ensure_ascii=False, allow_nan=False)


def _finite(data: Any) -> Any:
    match data:
        case float():
            return data if abs(data) < float("inf") else None
        case dict():
            return {key: _finite(value) for key, value in data.items()}
        case list() | tuple():
            return [_finite(value) for value in data]
    return data


def problem(
    error: GlassformerError,
    language: Language,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Response:
    """An error as an answer; `names` are the names that models have here."""
    message = without_folders(error.message, names or {})
    plain = message.to_json()
    settings = [one for one in _flat(message.fields.values()) if isinstance(one, Setting)]
    return json_response(
        {
            "error": {
                "message": said(message, language, in_query),
                "id": plain["id"],
                "fields": plain["fields"],
                "setting": settings[0].name if settings else None,
            }
        },
        status_of(error) if status is None else status,
        headers,
    )


def without_folders(message: Message, names: Mapping[str, str]) -> Message:
    """The same without where files lie on this machine, which is nobody's business."""
    fields = {name: _bare(value, names) for name, value in message.fields.items()}
    return dataclasses.replace(message, fields=fields)


def _bare(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case os.PathLike():
            return os.path.basename(os.fspath(value))
        case Message():
            return without_folders(value, names)
        case tuple():
            return tuple(_bare(one, names) for one in value) if type(value) is tuple else value
        case str():
            return names.get(value, value)
    return value


def _flat(values: Any) -> Any:
    for value in values:
        if isinstance(value, Message):
            yield from _flat(value.fields.values())
        elif isinstance(value, tuple | list):
            yield from _flat(value)
        else:
            yield value


def language_accepted(header: str) -> Language:
    """The one of our languages that `Accept-Language` likes most; English where it names none."""
    best: tuple[float, Language] = (0.0, "en")
    for part in header.split(",")[:20]:
        name, _, weight = part.partition(";")
        found = next(
            (one for one in LANGUAGES if name.strip().lower().partition("-")[0] == one), None
        )
        if found is not None and (liking := _quality(weight)) > best[0]:
            best = liking, found
    return best[1]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
