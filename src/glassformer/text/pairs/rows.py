"""Rows of a file of pairs: texts that belong together, whatever the format they are read from."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple, Self

import regex

from glassformer.messages import Note
from glassformer.text.files import TextFile

_LINE_BREAK = regex.compile(r"(?<![ \t])[ \t]*+[\r\n][ \t\r\n]*")


class Row(NamedTuple):
    """The source, its target, and what else stands beside them; `line` is where it begins."""

    texts: tuple[str, ...]
    line: int
    complete: bool = True
    """False where the file has no text for one of the sides, which is then empty."""


class Table(ABC):
    """A file of pairs that is open: its rows, read as they are asked for.

    A `with` block closes the file.
    """

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self.name = file.name
        self._notes: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the file is understood, and what is strange in what has been read so far."""
        return (*self._notes, *self._file.notes)

    @property
    def size(self) -> int | None:
        """The bytes of the file, where they can be known."""
        return self._file.size

    @property
    def position(self) -> int:
        """How many of these have been read."""
        return self._file.position

    @abstractmethod
    def __iter__(self) -> Iterator[Row]:
        """The rows; InputError names the line that is none."""

    def close(self) -> None:
        """Close the file; stdin stays open."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def one_line(text: str) -> str:
    """A text in which every break of a line, with the white space around it, is one space.

    Where it begins or ends with a break, nothing is left of that.
    """
    if "\n" not in text and "\r" not in text:
        return text
    parts = _LINE_BREAK.split(text)
    return " ".join(parts[not parts[0] : len(parts) - (not parts[-1])])
