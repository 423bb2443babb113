"""Pairs in the objects of JSON Lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassformer.errors import InputError
from glassformer.messages import Note
from glassformer.text.lines import read_lines
from glassformer.text.pairs.rows import Row, Table, one_line
from glassformer.text.pairs.sides import Sides, sides_of_names

_SHOWN = 40


class JsonTable(Table):
    """Objects of JSON, one a line, with the same two keys in each.

    The keys may stand in an object "translation", as in the data sets of Hugging Face.

    Raises:
        InputError: when a line is no such object, or as `Lines`.
        UsageError: when the target is a language that is not there.
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
                "{file}, line {line} has no text under {key!r}: expected a string, but it is "
                "{given}",
                file=self.name,
                line=line,
                key=key,
                given=json.dumps(value)[:_SHOWN] if key in data else "not there",
            )
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                "{file}, line {line} is not Unicode: {key!r} has half of a surrogate pair as its "
                "character {number}",
                file=self.name,
                line=line,
                key=key,
                number=error.start + 1,
            ) from error
        return one_line(value)


def _keys(path: Path, target: str | None) -> tuple[bool, Sides]:
    """Whether the texts of each line stand in an object of their own, and their keys."""
    with read_lines(path, count_unreadable=True) as lines:
        first = next((line for line in lines if line.strip()), None)
        line = lines.number
    if first is None:  # an empty file, which has no rows either
        return False, Sides("source", "target")
    whole = _object(first, str(path), line)
    inside = isinstance(whole.get("translation"), dict)
    data = _texts(whole, inside)
    names = [name for name, value in data.items() if isinstance(value, str)]
    sides = sides_of_names(names, target, file=str(path), line=line)
    if sides is None:
        raise InputError(
            "{file}, line {line} has the keys {keys}: expected texts under source and target, or "
            "under two languages, as en and fr",
            file=str(path),
            line=line,
            keys=list(data) or "none",
        )
    return inside, sides


def _texts(data: dict[str, Any], inside: bool) -> dict[str, Any]:
    """The object that holds the texts of a line."""
    if not inside:
        return data
    found = data.get("translation")
    return found if isinstance(found, dict) else {}


def _object(line: str, file: str, number: int) -> dict[str, Any]:
    reason: object = "it is not an object"
    try:
        data = json.loads(line, object_pairs_hook=_without_repeats)
        if isinstance(data, dict):
            return data
    except (ValueError, RecursionError) as error:
        reason = error
    raise InputError(
        "{file}, line {line} is not a JSON object ({reason}): expected one per line, as "
        "{example}, but it is {given!r}",
        file=file,
        line=number,
        reason=str(reason),
        example='{"source": "…", "target": "…"}',
        given=line[:_SHOWN],
    )


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found
