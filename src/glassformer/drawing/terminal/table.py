"""A table of numbers in the terminal, as many columns as there is room for."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from glassformer.drawing.cells import left, number, right
from glassformer.views import printable

MOST_ROWS = 64
"""Longer tables are cut, and say so."""


def table(
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    values: Sequence[Sequence[float]],
    width: int,
    cell: int = 9,
) -> Iterable[Text]:
    """Labelled rows of numbers within `width` cells of text, `cell` for each number."""
    shown_rows = [printable(label) for label in row_labels[:MOST_ROWS]]
    labels = _labels(shown_rows)
    fits = columns_that_fit(shown_rows, width, cell)
    more = " …" if fits < len(values[0]) else ""
    if column_labels:
        names = "".join(right(printable(label), cell) for label in column_labels[:fits])
        yield Text(" " * labels + names + more, style="bold", no_wrap=True)
    shown_rows = shown_rows or [""] * min(len(values), MOST_ROWS)
    for label, line in zip(shown_rows, values, strict=False):
        cells = "".join(right(number(value), cell) for value in line[:fits])
        yield Text(left(label, labels), style="bold", no_wrap=True).append(
            cells + more, style="not bold"
        )
    if len(row_labels) > MOST_ROWS:
        yield Text(f"… {len(row_labels) - MOST_ROWS}", style="dim")


def columns_that_fit(row_labels: Sequence[str], width: int, cell: int = 9) -> int:
    """How many columns of numbers there is room for beside these labels."""
    return max(1, (width - _labels([*map(printable, row_labels[:MOST_ROWS])]) - 2) // cell)


def _labels(shown: Sequence[str]) -> int:
    return min(16, max(map(cell_len, shown), default=0))
