"""Pairs in the columns of a table: tab-separated (TSV), comma- or semicolon-separated (CSV)."""

import contextlib
import csv
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from glassformer.errors import InputError
from glassformer.messages import Note
from glassformer.text.lines import Lines, read_lines
from glassformer.text.pairs.rows import Row, Table, one_line
from glassformer.text.pairs.sides import Sides, sides_of_names

_SHOWN = 40
_SAMPLE = 100
"""Rows by which the separator of a CSV file is detected."""


class _Columns(Table):
    """A table whose first row may be a header, and then is not a pair."""

    def __init__(self, lines: Lines, *, target: str | None) -> None:
        super().__init__(lines)
        self._lines = lines
        try:
            self._rows = self._read()
            self._first = next(self._rows, None)
            self._order: list[int] | None = None  # column indices, the source first
            if self._first is not None:
                cells, line = self._first
                sides = sides_of_names(cells, target, file=self.name, line=line)
                if sides is not None:
                    self._take_header(cells, sides)
        except BaseException:
            lines.close()
            raise

    def __iter__(self) -> Iterator[Row]:
        if self._first is not None and self._order is None:
            yield Row(tuple(self._first[0]), self._first[1])
        for cells, line in self._rows:
            ordered = cells if self._order is None else self._in_order(cells)
            yield Row(tuple(ordered), line)

    @abstractmethod
    def _read(self) -> Iterator[tuple[list[str], int]]:
        """The cells of each row and the line where it starts, the first row included."""

    def _take_header(self, cells: list[str], sides: Sides) -> None:
        chosen = [cells.index(name) for name in sides]
        rest = [place for place in range(len(cells)) if place not in chosen]
        self._order = chosen + rest
        self._notes = (
            Note(
                "{file}: line 1 is a header: {source} is the source and {target} the target",
                {"file": self.name, "source": sides.source, "target": sides.target},
            ),
        )

    def _in_order(self, cells: list[str]) -> list[str]:
        assert self._order is not None
        return [cells[place] if place < len(cells) else "" for place in self._order]


class TsvTable(_Columns):
    """Tab-separated columns without quoting: all characters but tabs belong to a text.

    A row has at least two texts, one per column; an empty line is a row of two empty texts.

    Raises:
        InputError: when a line has no tab, or as `Lines`.
    """

    def _read(self) -> Iterator[tuple[list[str], int]]:
        for line in self._lines:
            cells = line.split("\t") if line else ["", ""]
            if len(cells) < 2:
                raise InputError(
                    "{file}, line {line} has no tab: expected the source sentence, a tab and the "
                    "target sentence, but found {given!r}",
                    file=self.name,
                    line=self._lines.number,
                    given=line[:_SHOWN],
                )
            yield cells, self._lines.number


class CsvTable(_Columns):
    """Columns separated by commas or semicolons; a text that contains the separator is quoted.

    Without a header row there must be exactly two columns. A line break inside a text becomes a
    space.

    Raises:
        InputError: when quoting or the number of columns is wrong, or as `Lines`.
    """

    def __init__(self, path: Path, *, target: str | None, count_unreadable: bool) -> None:
        self._delimiter = _delimiter(path, target)
        super().__init__(read_lines(path, count_unreadable=count_unreadable), target=target)
        if self._first is not None and self._order is None:
            cells, line = self._first
            if len(cells) != 2:
                self._file.close()
                raise _too_many(self.name, line, cells)
            source, given = cells
            self._notes = (
                Note(
                    "{file} has no header row: its first pair is {source!r} and {target!r}",
                    {"file": self.name, "source": source[:_SHOWN], "target": given[:_SHOWN]},
                ),
            )

    def _read(self) -> Iterator[tuple[list[str], int]]:
        expected = None
        for cells, line in _csv_rows(self._lines, self._delimiter):
            expected = expected or len(cells)
            if cells and len(cells) != expected:
                raise InputError(
                    "{file}, line {line} has {given} columns, but the first row has {expected}: a "
                    "text that contains {delimiter!r} must be quoted",
                    file=self.name,
                    line=line,
                    given=len(cells),
                    expected=expected,
                    delimiter=self._delimiter,
                )
            yield list(map(one_line, cells)) or [""] * (expected or 2), line


def looks_like_csv(path: Path) -> bool:
    """Whether the first rows of a file have two or more comma- or semicolon-separated columns."""
    return _fits(path) != ""


def _fits(path: Path) -> str:
    """The separators with which all sampled rows have the same number of columns, two or more."""
    widths = {delimiter: {len(cells) for cells in _sample(path, delimiter)} for delimiter in ",;"}
    return "".join(one for one, found in widths.items() if len(found) == 1 and min(found) > 1)


def _delimiter(path: Path, target: str | None) -> str:
    """The separator with which the first row is a header, else the one with equal rows."""
    for delimiter in ",;":
        cells = next(iter(_sample(path, delimiter)), [])
        if sides_of_names(cells, target, file=str(path), line=1) is not None:
            return delimiter
    fitting = _fits(path)
    if len(fitting) == 1:
        return fitting
    if fitting:
        raise InputError(
            "{file} could be separated by commas or by semicolons: add a header row, such as "
            "source,target",
            file=str(path),
        )
    with read_lines(path, count_unreadable=True) as lines:
        first = next(lines, "")
    if "\t" in first:
        raise InputError(
            "{file} has tabs in its first line, and no columns separated by commas or semicolons: "
            "if it is tab-separated, rename it to end in .tsv",
            file=str(path),
        )
    if first and not any(delimiter in first for delimiter in ",;"):
        raise InputError(
            "{file}, line 1 has neither a comma nor a semicolon: expected the source sentence and "
            "the target sentence, but found {given!r}",
            file=str(path),
            given=first[:_SHOWN],
        )
    return max(",;", key=first.count)


def _sample(path: Path, delimiter: str) -> list[list[str]]:
    """The first rows that are not blank, up to the first malformed one."""
    found: list[list[str]] = []
    with contextlib.suppress(InputError), read_lines(path, count_unreadable=True) as lines:
        found.extend(cells for cells, _ in islice(_csv_rows(lines, delimiter), _SAMPLE) if cells)
    return found


def _csv_rows(lines: Lines, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """The rows of a CSV file, each with the line where it starts; blank lines have no cells."""
    rows = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    while True:
        line = lines.number + 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise InputError(
                "{file}, line {line} is not valid CSV: {reason}; inside a quoted text, double each "
                "quote",
                file=lines.name,
                line=line,
                reason=str(error),
            ) from error
        if cells is None:
            return
        yield cells, line


def _too_many(file: str, line: int, cells: Sequence[str]) -> InputError:
    return InputError(
        "{file}, line {line} has {count} columns, but no header row says which ones to use: keep "
        "two of them, or add a header row, such as source,target",
        file=file,
        line=line,
        count=len(cells),
    )
