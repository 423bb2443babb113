"""Rows of a file of pairs: parallel texts, independent of the file format."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple, Self

import regex

from glassformer.messages import Note
from glassformer.text.files import TextFile

_LINE_BREAK = regex.compile(r"(?<![ \t])[ \t]*+[\r\n][ \t\r\n]*")


class Row(NamedTuple):
    """The source, the target and further columns; `line` is where the row starts."""

    texts: tuple[str, ...]
    line: int
    complete: bool = True
    """False where the file has no text for one side, which is then empty."""


class Table(ABC):
    """An open file of pairs, whose rows are read lazily.

    A `with` block closes the file.
    """

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self.name = file.name
        self._notes: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the file is interpreted, and what is unusual in what has been read so far."""
        return (*self._notes, *self._file.notes)

    @property
    def size(self) -> int | None:
        """The size of the file in bytes; None where it is unknown."""
        return self._file.size

    @property
    def position(self) -> int:
        """How many of these bytes have been read so far."""
        return self._file.position

    @abstractmethod
    def __iter__(self) -> Iterator[Row]:
        """The rows; an InputError names the line that is not a valid row."""

    def close(self) -> None:
        """Close the file; stdin stays open."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def one_line(text: str) -> str:
    """A text with each line break, and the white space around it, replaced by one space.

    Line breaks at its start and end are removed.
    """
    if "\n" not in text and "\r" not in text:
        return text
    parts = _LINE_BREAK.split(text)
    return " ".join(parts[not parts[0] : len(parts) - (not parts[-1])])
