"""Parallel text: the lines of several files, or the rows of one file of pairs."""

import contextlib
from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import NamedTuple, Self

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Note, Term
from glassformer.text.lines import Lines, read_lines
from glassformer.text.pairs.formats import check_is_lines, open_pairs
from glassformer.text.pairs.rows import Table


class Row(NamedTuple):
    """The texts of one line with their location; line numbers count from 1."""

    texts: tuple[str, ...]
    number: int
    place: str


class Rows:
    """The rows of parallel files, or of one file of pairs, read lazily.

    A single file is TMX, CSV, JSON Lines or tab-separated columns: see `open_pairs`. Its rows have
    at least two texts, in tables one per column. `to` is the target language if the file has
    several. TMX units without both texts are skipped. A `with` block closes the files, and `notes`
    are complete at the end.

    Raises:
        UsageError: when stdin is given for several files, a file of pairs is given as a file of
            lines, or the target language is missing from it or has to be chosen.
        InputError: when a file cannot be read, does not match its extension, has a different number
            of lines than the first, or has a row that is not a pair.
    """

    def __init__(self, paths: Sequence[Path], *, to: str | None = None) -> None:
        stdin = Path("-")
        if sum(path == stdin for path in paths) > 1:
            raise UsageError("stdin (-) can stand for only one of the files")
        self._table: Table | None = None
        self._files: list[Lines] = []
        with contextlib.ExitStack() as opened:
            if len(paths) == 1:
                path = None if paths[0] == stdin else paths[0]
                setting = Setting("to", "LANGUAGE")
                self._table = opened.enter_context(open_pairs(path, target=to, setting=setting))
            for path in paths if self._table is None else ():
                if path != stdin:
                    check_is_lines(path)
                lines = read_lines(None if path == stdin else path)
                self._files.append(opened.enter_context(lines))
            self._opened = opened.pop_all()
        files: Sequence[Table | Lines] = [self._table] if self._table else self._files
        self._all = tuple(files)
        self.name = reduce(_and, (file.name for file in files))

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the files are interpreted, and what is unusual in what has been read so far."""
        return tuple(note for file in self._all for note in file.notes)

    @property
    def size(self) -> int | None:
        """The size of the first file in bytes; None where it is unknown."""
        return self._all[0].size

    @property
    def position(self) -> int:
        """How many of these bytes have been read so far."""
        return self._all[0].position

    def __iter__(self) -> Iterator[Row]:
        return self._parallel() if self._table is None else self._of_one(self._table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def _of_one(self, table: Table) -> Iterator[Row]:
        for row in table:
            if row.complete:
                yield Row(row.texts, row.line, _line_of(table.name, row.line))

    def _parallel(self) -> Iterator[Row]:
        first, *others = self._files
        for line in first:
            rest = [next(other, None) for other in others]
            texts = (line, *(text for text in rest if text is not None))
            if len(texts) < len(self._files):
                break
            yield Row(texts, first.number, _line_of(self.name, first.number))
        for file in self._files:  # to count them
            for _ in file:
                pass
        for other in others:
            if other.number != first.number:
                raise InputError(
                    "{first} has {lines} lines, but {other} has {others}: parallel files must have "
                    "the same number of lines, line i of one being the translation of line i of "
                    "the other",
                    first=first.name,
                    lines=first.number,
                    other=other.name,
                    others=other.number,
                )


def _and(one: str, other: str) -> str:
    return Term("{one} and {other}", one=one, other=other)


def _line_of(file: str, line: int) -> str:
    return Term("{file}, line {line}", file=file, line=line)


class GivenRows:
    """Rows of sentences in memory, in place of files."""

    name: str = Term("the texts given")

    def __init__(self, rows: Sequence[tuple[str, ...]]) -> None:
        self._rows = rows
        self.size: int | None = len(rows)
        self.position = 0

    @property
    def several(self) -> bool:
        """Whether a source has several targets."""
        return any(len(row) > 2 for row in self._rows)

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self._rows, start=1):
            self.position = number
            yield Row(row, number, Term("text {number}", number=number))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was opened."""


def given_rows(texts: Sequence[str], targets: Sequence[str]) -> GivenRows | None:
    """Sentences with their targets: one text with all targets, or each with its own; None if empty.

    Raises:
        UsageError: when there are several texts but not as many targets.
    """
    if not texts and not targets:
        return None
    if len(texts) == 1 and targets:
        return GivenRows([(texts[0], *targets)])
    if len(texts) != len(targets):
        raise UsageError(
            "{text} was given {texts} times and {target} {targets} times: expected one "
            "text with one or more targets, or the same number of both",
            text=Setting("text", "TEXT"),
            texts=len(texts),
            target=Setting("target", "TEXT"),
            targets=len(targets),
        )
    return GivenRows(list(zip(texts, targets, strict=True)))


class Columns(NamedTuple):
    """All rows at once, transposed, with notes about them."""

    texts: list[tuple[str, ...]]
    lines: list[int]
    """The line where each row starts."""
    notes: tuple[Note, ...]


def read_columns(paths: Sequence[Path], *, to: str | None = None) -> Columns:
    """The texts of each file, or of the first two columns of a single one.

    Raises:
        UsageError: as `Rows`.
        InputError: as `Rows`, and when there are no rows.
    """
    columns = max(2, len(paths))
    with Rows(paths, to=to) as rows:
        read = [(row.texts[:columns], row.number) for row in rows]
        notes = rows.notes
    if not read:
        raise InputError("{file} is empty: expected one sentence per line", file=rows.name)
    texts, lines = zip(*read, strict=True)
    return Columns(list(zip(*texts, strict=True)), list(lines), notes)


def read_as_many(path: Path, count: int, source: Path) -> list[str]:
    """The lines of a file that must have as many lines as the source.

    Raises:
        InputError: when the numbers differ, or the file cannot be read.
    """
    with read_lines(None if path == Path("-") else path) as lines:
        texts = list(lines)
    if len(texts) != count:
        raise InputError(
            "{file} has {lines} lines, but {source} has {count}: expected one translation per line",
            file=lines.name,
            lines=len(texts),
            source=str(source),
            count=count,
        )
    return texts


def paths_of(files: Sequence[Path], pairs: Path | None, beside: str) -> list[Path]:
    """The files given: parallel files, or the one with all columns.

    `beside` is the name of the setting for the other side: target, reference.

    Raises:
        UsageError: when both or neither are given.
    """
    if pairs is not None:
        if files:
            raise UsageError(
                "give {source:name} and {beside:name}, or {pairs}, not both",
                source=Setting("source"),
                beside=Setting(beside),
                pairs=Setting("pairs", "FILE.tsv"),
            )
        return [pairs]
    if len(files) < 2:
        raise UsageError(
            "give {source:name} and {beside:name}, or {pairs}",
            source=Setting("source"),
            beside=Setting(beside),
            pairs=Setting("pairs", "FILE.tsv"),
        )
    return list(files)
