"""Matrices that are too wide for a picture of several: the first of their features."""

import dataclasses

from glassformer.views import FlowPanel, MatrixView

FEATURES_SHOWN = 4
_CUT = ("feature", "input", "output")
"""Axes of which the first few are enough to see how the numbers come about."""


def panel_of(
    title: str, matrix: MatrixView, *, columns: int = FEATURES_SHOWN, rows: int | None = None
) -> FlowPanel:
    """A matrix with its title, its first features alone, and the shape that it has as a whole."""
    shape = (len(matrix.values), len(matrix.values[0]))
    down = shape[0] if rows is None or matrix.row_axis not in _CUT else rows
    across = shape[1] if matrix.column_axis not in _CUT else columns
    values = tuple(line[:across] for line in matrix.values[:down])
    numbers = [number for line in values for number in line]
    shown = dataclasses.replace(
        matrix,
        row_labels=matrix.row_labels[:down],
        column_labels=matrix.column_labels[:across],
        values=values,
        smallest=min(numbers),
        full=max(map(abs, numbers)) if (down, across) != shape else matrix.full,
    )
    return FlowPanel(title=title, matrix=shown, shape=shape)
