"""What a request asks for: settings of its query string, or of a JSON body, within the limits."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs

from starlette.requests import Request

from glassformer.catalogue import LANGUAGES, Language
from glassformer.errors import Setting, UsageError
from glassformer.requests.reading import read_request
from glassformer.server.limits import Limits
from glassformer.server.problems import RefusedError, language_accepted

_Asked = TypeVar("_Asked")

_MOST_FIELDS = 1000
"""Settings of a query string, those given several times counted each time."""

_DRAINED = 16
"""A body that is too large is read on, up to so many times the limit, so that the answer arrives:
a connection closed before would look to its client as if it were broken."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The settings of a request, and what they say of the answer itself."""

    settings: Mapping[str, object]
    language: Language
    model: str | None
    deadline: float
    """When the answer is due, by `time.monotonic`."""

    def read(self, kind: type[_Asked]) -> _Asked:
        """The frozen request that the settings make.

        Raises:
            UsageError: when they do not.
        """
        return read_request(kind, self.settings)


async def read(request: Request, limits: Limits) -> Given:
    """The settings of a request.

    Raises:
        RefusedError: when it is larger than the limits, too slow, or no JSON.
        UsageError: when it cannot be read, or says something twice.
        ClientDisconnect: when whoever asked has gone.
    """
    deadline = time.monotonic() + limits.time_limit
    settings = _of_query(request.scope["query_string"])
    if request.method == "POST":
        content = await _body(request, limits)
        told = {} if not content else _of_json(request, content)
        twice = [name for name in told if name in settings]
        if twice:
            raise UsageError(
                "{setting:name} is given in the query string and in the body: give it once",
                setting=Setting(twice[0]),
            )
        settings |= told
    check_sizes(settings, limits)
    language = _one_of_ours(settings.pop("language", None)) or language_of(request)
    request.scope[_LANGUAGE] = language
    return Given(
        settings=settings,
        model=_name(settings.pop("model", None)),
        language=language,
        deadline=deadline,
    )


_LANGUAGE = "glassformer.language"
"""Where a request that has been read keeps its language, for errors that come later."""


def language_of(request: Request) -> Language:
    """The language that the request or its headers ask for; English where neither does."""
    if _LANGUAGE in request.scope:
        found: Language = request.scope[_LANGUAGE]
        return found
    try:
        given = _of_query(request.scope["query_string"]).get("language")
        asked = _one_of_ours(given)
    except UsageError:
        asked = None
    return asked or language_accepted(request.headers.get("accept-language", ""))


def _one_of_ours(given: object) -> Language | None:
    (value,) = given if isinstance(given, list) and len(given) == 1 else (given,)
    if value is None:
        return None
    for one in LANGUAGES:
        if value == one:
            return one
    raise UsageError(
        "{setting:name} must be one of {known}, but is {given!r}",
        setting=Setting("language"),
        known=LANGUAGES,
        given=value,
    )


def _name(given: object) -> str | None:
    (value,) = given if isinstance(given, list) and len(given) == 1 else (given,)
    if value is None or isinstance(value, str):
        return value
    raise UsageError(
        "{setting:name} must be the name of a model, but is {given!r}",
        setting=Setting("model"),
        given=value,
    )


def _of_query(query: bytes) -> dict[str, Any]:
    try:
        return {
            **parse_qs(
                query.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_FIELDS,
            )
        }
    except ValueError as error:  # bytes that are no UTF-8 among them
        raise UsageError(
            "the query string must be percent-encoded UTF-8 with at most {most} settings",
            most=_MOST_FIELDS,
        ) from error


async def _body(request: Request, limits: Limits) -> bytes:
    """The whole body.

    Raises:
        RefusedError: when it is too large, or comes too slowly.
    """
    length = request.headers.get("content-length", "0")
    too_large = not length.isdecimal() or len(length) > 18 or int(length) > limits.max_body
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                size += len(part)
                too_large = too_large or size > limits.max_body
                if size > _DRAINED * limits.max_body:
                    break
                if too_large:
                    parts.clear()
                else:
                    parts.append(part)
    except TimeoutError:
        raise RefusedError(
            408,
            UsageError(
                "the request did not arrive within {seconds} seconds", seconds=limits.body_seconds
            ),
            {"Connection": "close"},
        ) from None
    if too_large:
        raise RefusedError(
            413,
            UsageError(
                "the body of a request may have {most} bytes at most ({setting:name} of the "
                "server)",
                most=limits.max_body,
                setting=Setting("max_body"),
            ),
            {"Connection": "close"},
        )
    return b"".join(parts)


def _of_json(request: Request, content: bytes) -> dict[str, Any]:
    """The settings of a body.

    Raises:
        RefusedError: when it is of another kind.
        UsageError: when it is not a JSON object.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding"):
        raise RefusedError(
            415,
            UsageError(
                "expected a body of the type application/json, not compressed, but was given "
                "{given!r}",
                given=kind,
            ),
        )
    try:
        data = json.loads(content.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError("the body is not JSON in UTF-8") from error
    if not isinstance(data, dict):
        raise UsageError(
            "expected a JSON object of settings, but was given a {kind}", kind=type(data).__name__
        )
    return data


def _no_number(name: str) -> float:
    raise ValueError(name)


def check_sizes(settings: Mapping[str, object], limits: Limits) -> None:
    """Refuse what is too long, too many or too deep.

    Raises:
        RefusedError: when it is.
        UsageError: when a setting is an object, or a list of lists.
    """
    characters = 0
    for name, value in settings.items():
        several = value if isinstance(value, list) else [value]
        if len(several) > limits.texts:
            raise RefusedError(
                413,
                UsageError(
                    "{setting:name} may have {most} values at most, but has {given}",
                    setting=Setting(name),
                    most=limits.texts,
                    given=len(several),
                ),
            )
        if any(isinstance(one, list | dict) for one in several):
            raise UsageError(
                "{setting:name} must be a value or a list of values",
                setting=Setting(name),
            )
        characters += len(name) + sum(len(one) for one in _texts(several))
    if characters > limits.max_characters:
        raise RefusedError(
            413,
            UsageError(
                "the texts of a request may have {most} characters together, but have {given} "
                "({setting:name} of the server)",
                most=limits.max_characters,
                given=characters,
                setting=Setting("max_characters"),
            ),
        )


def _texts(values: list[Any]) -> Iterator[str]:
    return (one for one in values if isinstance(one, str))


def check_beam(limits: Limits, **given: int) -> None:
    """Refuse a search that is wider than the limits.

    Raises:
        RefusedError: when it is.
    """
    for name, value in given.items():
        if value > limits.beam_size:
            raise RefusedError(
                413,
                UsageError(
                    "{setting:name} may be {most} at most on this server, but is {given}",
                    setting=Setting(name),
                    most=limits.beam_size,
                    given=value,
                ),
            )
