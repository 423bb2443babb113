"""Texts that belong together: line by line of several files, or in the columns of one."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from glassformer.errors import InputError, Setting, UsageError
from glassformer.text.lines import Lines, read_lines


class Row(NamedTuple):
    """The texts of one line, with where they stand; the number is as people count, from 1."""

    texts: tuple[str, ...]
    number: int
    place: str


class Rows:
    """The rows of parallel files, read as they are asked for.

    With one file its lines are parted by tabs into columns, and rows are as long as their lines,
    two texts at least; an empty line is a row of two empty texts. A `with` block closes the files.

    Raises:
        UsageError: when stdin is to be read for several files at once.
        InputError: when a file cannot be read, has another number of lines than the first, or has a
            line without a tab.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        stdin = Path("-")
        if sum(path == stdin for path in paths) > 1:
            raise UsageError("stdin (-) can be read for one of the files only")
        with contextlib.ExitStack() as opened:
            self._files: list[Lines] = [
                opened.enter_context(read_lines(None if path == stdin else path)) for path in paths
            ]
            self._opened = opened.pop_all()
        self.name = " and ".join(file.name for file in self._files)

    @property
    def size(self) -> int | None:
        """The bytes of the first file, where they can be known."""
        return self._files[0].size

    @property
    def position(self) -> int:
        """How many of these have been read."""
        return self._files[0].position

    def __iter__(self) -> Iterator[Row]:
        return self._columns() if len(self._files) == 1 else self._parallel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def _columns(self) -> Iterator[Row]:
        (file,) = self._files
        for line in file:
            texts = tuple(line.split("\t")) if line else ("", "")
            if len(texts) < 2:
                raise InputError(
                    f"{file.name}, line {file.number} has no tab: expected two texts or more, "
                    f"parted by tabs, but it is {line[:40]!r}"
                )
            yield Row(texts, file.number, f"{file.name}, line {file.number}")

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
                    f"{first.name} has {first.number} lines, but {other.name} has {other.number}: "
                    "expected as many, line i of one belonging to line i of the other"
                )


class GivenRows:
    """Rows of sentences that are there already, in the place of files."""

    name = "the texts given"

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
            yield Row(row, number, f"text {number}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was opened."""


def given_rows(texts: Sequence[str], targets: Sequence[str]) -> GivenRows | None:
    """Sentences with their targets: one with all of them, or each with its own; None for neither.

    Raises:
        UsageError: when there are several texts and not as many targets, or none.
    """
    if not texts and not targets:
        return None
    if len(texts) == 1 and targets:
        return GivenRows([(texts[0], *targets)])
    if len(texts) != len(targets):
        raise UsageError(
            "{text:name} was given {texts} times and {target:name} {targets} times: expected one "
            "text with its targets, or as many of both",
            text=Setting("text"),
            texts=len(texts),
            target=Setting("target"),
            targets=len(targets),
        )
    return GivenRows(list(zip(texts, targets, strict=True)))


def read_columns(paths: Sequence[Path]) -> list[tuple[str, ...]]:
    """All rows at once, turned: the texts of each file, or of the first two columns of one.

    Raises:
        UsageError: as `Rows`.
        InputError: as `Rows`, and when there is no line.
    """
    columns = max(2, len(paths))
    with Rows(paths) as rows:
        texts = [row.texts[:columns] for row in rows]
    if not texts:
        raise InputError(f"{rows.name} is empty: expected one sentence a line")
    return list(zip(*texts, strict=True))


def read_as_many(path: Path, count: int, source: Path) -> list[str]:
    """The lines of a file that has to have as many as the source.

    Raises:
        InputError: when it has not, or cannot be read.
    """
    with read_lines(None if path == Path("-") else path) as lines:
        texts = list(lines)
    if len(texts) != count:
        raise InputError(
            f"{lines.name} has {len(texts)} lines, but {source} has {count}: expected one "
            "translation for each line"
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
