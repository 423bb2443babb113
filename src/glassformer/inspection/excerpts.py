"""Matrices that are too wide for a picture of several: the first of their features."""

import dataclasses
from collections.abc import Sequence

from glassformer.errors import Setting, UsageError
from glassformer.views import FlowPanel, MatrixView

FEATURES_SHOWN = 4
_CUT = ("feature", "input", "output")
"""Axes of which the first few are enough to see how the numbers come about."""


LONGEST = 128
"""So many tokens a picture of several matrices takes, if each has a row for every token."""


def check_length(tokens: int, most: int, view: str) -> None:
    """Refuse a sentence that is too long for a picture of several matrices.

    Raises:
        UsageError: when it is.
    """
    if tokens > most:
        raise UsageError(
            "{view} is legible for up to {most} tokens, but there are {tokens}: draw its steps "
            "one by one ({matrix} and {tensor})",
            view=Setting("view", view),
            most=most,
            tokens=tokens,
            matrix=Setting("view", "matrix"),
            tensor=Setting("tensor", "NAME"),
        )


def panel_of(
    title: str, matrix: MatrixView, *, columns: int = FEATURES_SHOWN, rows: int | None = None
) -> FlowPanel:
    """A matrix with its title, its first features alone, and the shape that it has as a whole."""
    shape = (len(matrix.values), len(matrix.values[0]))
    down = shape[0] if rows is None or matrix.row_axis not in _CUT else rows
    across = shape[1] if matrix.column_axis not in _CUT else columns
    return panel_of_rows(title, matrix, range(shape[0])[:down], across)


def panel_of_rows(title: str, matrix: MatrixView, rows: Sequence[int], columns: int) -> FlowPanel:
    """A matrix with its title: these rows (from 0) of it, and its first columns."""
    shape = (len(matrix.values), len(matrix.values[0]))
    values = tuple(matrix.values[row][:columns] for row in rows)
    numbers = [number for line in values for number in line]
    cut = (len(rows), len(values[0])) != shape
    shown = dataclasses.replace(
        matrix,
        row_labels=tuple(matrix.row_labels[row] for row in rows if matrix.row_labels),
        column_labels=matrix.column_labels[:columns],
        values=values,
        smallest=min(numbers),
        full=max(map(abs, numbers)) if cut else matrix.full,
    )
    return FlowPanel(title=title, matrix=shown, shape=shape)
