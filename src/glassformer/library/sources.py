"""Where texts come from: a file, stdin, or texts that are there already; read one at a time."""

import contextlib
from collections.abc import Iterable, Iterator, Sized
from pathlib import Path
from typing import Protocol, TypeAlias

from glassformer.messages import Note, Term
from glassformer.text.lines import read_lines
from glassformer.text.pairs.formats import check_is_lines

Source: TypeAlias = str | Path | Iterable[str] | None
"""A file of one text per line ("-" or None is stdin), or the texts themselves."""


class Texts(Protocol):
    """Texts one after the other; `number` is that of the one read last, from 1.

    `position` says how much has been read of `size`, in bytes of a file or in texts, where that can
    be known beforehand.
    """

    number: int

    @property
    def size(self) -> int | None:
        """How much there is in all."""
        ...

    @property
    def position(self) -> int:
        """How much of it has been read."""
        ...

    def __iter__(self) -> Iterator[str]:
        """The texts that have not been read yet."""
        ...

    @property
    def name(self) -> str:
        """What an error calls the whole."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know about what was read so far."""
        ...


class Given:
    """Texts that are there already."""

    name: str = Term("the texts given")
    notes: tuple[Note, ...] = ()

    def __init__(self, texts: Iterable[str]) -> None:
        self.size = len(texts) if isinstance(texts, Sized) else None
        self.number = 0
        self._texts = iter(texts)

    @property
    def position(self) -> int:
        """How many have been read."""
        return self.number

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.number += 1
            yield text


@contextlib.contextmanager
def reading(source: Source) -> Iterator[Texts]:
    """The texts of a source; a file is closed at the end.

    Raises:
        UsageError: when the file holds pairs of sentences.
        InputError: when a file cannot be read, at once or at the line where that shows.
    """
    path = path_of(source)
    if path is None and source is not None and not isinstance(source, str | Path):
        yield Given(source)
        return
    if path is not None:
        check_is_lines(path)
    with read_lines(path) as lines:
        yield lines


def path_of(source: Source) -> Path | None:
    """The file of a source, or None for stdin and for texts that are there already."""
    if not isinstance(source, str | Path):
        return None
    return None if str(source) == "-" else Path(source)


def place_of(texts: Texts, number: int) -> str:
    """What an error calls the text of this number."""
    if isinstance(texts, Given):
        return Term("text {number}", number=number)
    return Term("{file}, line {line}", file=texts.name, line=number)
