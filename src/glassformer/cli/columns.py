"""Texts that belong together: line by line of several files, or in the rows of one."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Note
from glassformer.text.lines import Lines, read_lines
from glassformer.training.corpus.formats import check_is_lines, open_pairs
from glassformer.training.corpus.rows import Table


class Row(NamedTuple):
    """The texts of one line, with where they stand; the number is as people count, from 1."""

    texts: tuple[str, ...]
    number: int
    place: str


class Rows:
    """The rows of parallel files, or of one file of pairs, read as they are asked for.

    One file is TMX, CSV, JSON Lines or columns parted by tabs: see `open_pairs`. Its rows have two
    texts at least; those of columns as many as their lines. `to` is the target language, of several
    in the file. A unit of TMX without both texts is left out. A `with` block closes the files, and
    `notes` says in the end what a person should know about them.

    Raises:
        UsageError: when stdin is to be read for several files at once, a file of pairs is given as
            one of lines, or its target language is not there or has to be chosen.
        InputError: when a file cannot be read, is not what its name says, has another number of
            lines than the first, or a row that is no pair.
    """

    def __init__(self, paths: Sequence[Path], *, to: str | None = None) -> None:
        stdin = Path("-")
        if sum(path == stdin for path in paths) > 1:
            raise UsageError("stdin (-) can be read for one of the files only")
        self._table: Table | None = None
        self._files: list[Lines] = []
        self._rows = 0
        with contextlib.ExitStack() as opened:
            if len(paths) == 1:
                path = None if paths[0] == stdin else paths[0]
                choice = Setting("to", "LANGUAGE")
                self._table = opened.enter_context(open_pairs(path, target=to, choice=choice))
            for path in paths if self._table is None else ():
                if path != stdin:
                    check_is_lines(path)
                self._files.append(opened.enter_context(read_lines(None if path == stdin else path)))
            self._opened = opened.pop_all()
        self.name = self._table.name if self._table else _and(self._files)

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the files are understood, and what is strange in what has been read so far."""
        files: Sequence[Table | Lines] = [self._table] if self._table else self._files
        return tuple(note for file in files for note in file.notes)

    @property
    def size(self) -> int | None:
        """The bytes of the first file, where they can be known."""
        return (self._table or self._files[0]).size

    @property
    def position(self) -> int:
        """How many of these have been read."""
        return (self._table or self._files[0]).position

    def __iter__(self) -> Iterator[Row]:
        return self._parallel() if self._table is None else self._of_one(self._table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def _of_one(self, table: Table) -> Iterator[Row]:
        for row in table:
            if row.complete:
                place = Message("{file}, line {line}", {"file": self.name, "line": row.line})
                yield Row(row.texts, row.line, str(place))

    def _parallel(self) -> Iterator[Row]:
        first, *others = self._files
        for line in first:
            rest = [next(other, None) for other in others]
            texts = (line, *(text for text in rest if text is not None))
            if len(texts) < len(self._files):
                break
            yield Row(texts, first.number, f"{self.name}, line {first.number}")
        for file in self._files:  # to count them
            for _ in file:
                pass
        for other in others:
            if other.number != first.number:
                raise InputError(
                    "{first} has {lines} lines, but {other} has {others}: expected as many, line "
                    "i of one belonging to line i of the other",
                    first=first.name,
                    lines=first.number,
                    other=other.name,
                    others=other.number,
                )


def read_columns(
    paths: Sequence[Path], *, to: str | None = None
) -> tuple[list[tuple[str, ...]], tuple[Note, ...]]:
    """All rows at once, turned: the texts of each file, or of the first two columns of one.

    Raises:
        UsageError: as `Rows`.
        InputError: as `Rows`, and when there is no row.
    """
    columns = max(2, len(paths))
    with Rows(paths, to=to) as rows:
        texts = [row.texts[:columns] for row in rows]
        notes = rows.notes
    if not texts:
        raise InputError("{file} is empty: expected one sentence a line", file=rows.name)
    return list(zip(*texts, strict=True)), notes


def read_as_many(path: Path, count: int, source: Path) -> list[str]:
    """The lines of a file that has to have as many as the source.

    Raises:
        InputError: when it has not, or cannot be read.
    """
    with read_lines(None if path == Path("-") else path) as lines:
        texts = list(lines)
    if len(texts) != count:
        raise InputError(
            "{file} has {lines} lines, but {source} has {count}: expected one translation for "
            "each line",
            file=lines.name,
            lines=len(texts),
            source=str(source),
            count=count,
        )
    return texts


def paths_of(files: Sequence[Path], pairs: Path | None, expected: str) -> list[Path]:
    """The files that the arguments name: parallel ones, or the one of --pairs.

    Raises:
        UsageError: when it is both or neither.
    """
    if pairs is not None:
        if files:
            raise UsageError(f"give {expected}, or --pairs FILE.tsv, not both")
        return [pairs]
    if len(files) < 2:
        raise UsageError(f"{expected} are needed, or --pairs FILE.tsv")
    return list(files)
