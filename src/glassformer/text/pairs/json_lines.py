"""Sentence pairs in JSON Lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassformer.errors import InputError
from glassformer.messages import Message, Note
from glassformer.text.lines import read_lines
from glassformer.text.pairs.rows import Row, Table, one_line
from glassformer.text.pairs.sides import Sides, sides_of_names

_SHOWN = 40


class JsonTable(Table):
    """JSON objects, one per line, with the same two keys in each.

    The keys may be nested in an object "translation", as in Hugging Face datasets.

    Raises:
        InputError: when a line is not such an object, or as `Lines`.
        UsageError: when the target language is not in the file.
    """

    def __init__(self, path: Path, *, target: str | None, count_unreadable: bool) -> None:
        self._inside, self._sides = _keys(path, target)
        self._lines = read_lines(path, count_unreadable=count_unreadable)
        super().__init__(self._lines)
        source, other = self._sides
        self._notes = (
            Note(
                "{file}: {source} is the source and {target} the target",
                {"file": self.name, "source": source, "target": other},
            ),
        )

    def __iter__(self) -> Iterator[Row]:
        for line in self._lines:
            number = self._lines.number
            if line.strip():
                data = _texts(_object(line, self.name, number), self._inside)
                yield Row(tuple(self._text(data, key, number) for key in self._sides), number)
            else:
                yield Row(("", ""), number)

    def _text(self, data: dict[str, Any], key: str, line: int) -> str:
        value = data.get(key)
        if not isinstance(value, str):
            raise InputError(
                "{file}, line {line}: {key!r} must be a string, but is {given}",
                file=self.name,
                line=line,
                key=key,
                given=json.dumps(value)[:_SHOWN] if key in data else Message("missing"),
            )
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                "{file}, line {line} is not valid Unicode: character {number} of {key!r} is a lone "
                "surrogate",
                file=self.name,
                line=line,
                key=key,
                number=error.start + 1,
            ) from error
        return one_line(value)


def _keys(path: Path, target: str | None) -> tuple[bool, Sides]:
    """Whether the texts of each line are in a nested object, and their keys."""
    with read_lines(path, count_unreadable=True) as lines:
        first = next((line for line in lines if line.strip()), None)
        line = lines.number
    if first is None:  # an empty file has no rows either
        return False, Sides("source", "target")
    whole = _object(first, str(path), line)
    inside = isinstance(whole.get("translation"), dict)
    data = _texts(whole, inside)
    names = [name for name, value in data.items() if isinstance(value, str)]
    sides = sides_of_names(names, target, file=str(path), line=line)
    if sides is None:
        raise InputError(
            "{file}, line {line} has the keys {keys}: expected texts under source and target, or "
            "under two language codes, such as en and fr",
            file=str(path),
            line=line,
            keys=list(data) or Message("none"),
        )
    return inside, sides


def _texts(data: dict[str, Any], inside: bool) -> dict[str, Any]:
    """The object that contains the texts of a line."""
    if not inside:
        return data
    found = data.get("translation")
    return found if isinstance(found, dict) else {}


def _object(line: str, file: str, number: int) -> dict[str, Any]:
    reason: object = Message("it is not an object")
    try:
        data = json.loads(line, object_pairs_hook=_without_repeats)
        if isinstance(data, dict):
            return data
    except _RepeatedKeyError:
        reason = Message("a key is repeated")
    except (ValueError, RecursionError) as error:
        reason = str(error)
    raise InputError(
        "{file}, line {line} is not a JSON object ({reason}): expected one per line, such as "
        "{example}, but it is {given!r}",
        file=file,
        line=number,
        reason=reason,
        example='{"source": "…", "target": "…"}',
        given=line[:_SHOWN],
    )


class _RepeatedKeyError(Exception):
    """An object has the same key twice."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedKeyError
    return found
