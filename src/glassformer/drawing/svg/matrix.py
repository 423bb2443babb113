"""Any traced tensor as a heat map: a scale, row and column labels, values where they fit."""

import numpy as np

from glassformer.catalogue import Language, phrase
from glassformer.drawing.svg.canvas import MARGIN, Canvas, shorten, text_width
from glassformer.drawing.svg.colours import css, shade, zero_has_ink
from glassformer.drawing.svg.raster import png_uri
from glassformer.views import MatrixView, printable

WIDEST = 1100.0
"""Pixels that the cells may take across."""
TALLEST = 700.0
"""Pixels that the rows of many cells take down, unless they have to be as wide as that."""
MOST_RECTANGLES = 1600
"""More cells than this are drawn as one image, a pixel a cell, and enlarged without smoothing."""


def matrix_svg(view: MatrixView, language: Language = "en", theme: str = "auto") -> str:
    """The heat map as an SVG document."""
    values = np.asarray(view.values, dtype=np.float64)
    size = " × ".join(map(str, values.shape))
    canvas = Canvas(
        f"{view.name} · {size}", f"{view.formula}; {view.row_axis} × {view.column_axis}"
    )
    y = canvas.heading()
    if view.formula:
        canvas.text(MARGIN, y + 20, f"= {view.formula}", class_="quiet small italic")
        canvas.reach(MARGIN + text_width(view.formula, 12.0) + 20, y + 20)
    where = f"{view.row_axis} ↓" + (f"   {view.column_axis} →" if view.column_axis else "")
    canvas.text(MARGIN, y + 40, where, class_="quiet small")
    draw_matrix(canvas, view, MARGIN, y + 52)
    _scale(canvas, view, language)
    return canvas.svg(theme)


def draw_matrix(
    canvas: Canvas, view: MatrixView, left: float, top: float, widest: float = WIDEST
) -> tuple[float, float]:
    """The cells with their labels, their upper left corner there; gives the lower right one."""
    values = np.asarray(view.values, dtype=np.float64)
    rows, columns = values.shape
    row_room = max((text_width(printable(x), 12.0) for x in view.row_labels), default=0.0)
    row_room = min(row_room, 140.0) + (8 if view.row_labels else 0)
    column_room = max((text_width(printable(x), 12.0) for x in view.column_labels), default=0.0)
    column_room = min(column_room, 110.0)
    cell = min(46.0, max(2.0, (widest - row_room) / columns))
    tall = min(24.0, max(cell if cell < 18 else 18.0, 2.0)) if rows > 40 else 24.0
    if rows * columns > MOST_RECTANGLES:
        cell = min(cell, 14.0)
        tall = max(cell, min(14.0, TALLEST / rows))
    slanted = column_room + 4 > cell
    head = (column_room * 0.71 + 14 if slanted else 18.0) if view.column_labels else 0.0
    x, y = left + row_room, top + head
    if rows * columns > MOST_RECTANGLES:
        canvas.add(
            "image",
            x=x,
            y=y,
            width=cell * columns,
            height=tall * rows,
            preserveAspectRatio="none",
            style="image-rendering:pixelated",
            href=png_uri(shade(values, view.largest, signed=view.smallest < 0.0)),
            class_="cells",
            data_rows=rows,
            data_columns=columns,
        )
    else:
        _cells(canvas, view, values, x, y, cell, tall)
    _labels(canvas, view, x, y, cell, tall, slanted)
    canvas.reach(x + cell * columns, y + tall * rows)
    return x + cell * columns, y + tall * rows


def _cells(
    canvas: Canvas,
    view: MatrixView,
    values: np.ndarray,
    x: float,
    y: float,
    cell: float,
    tall: float,
) -> None:
    fits = cell >= 36 and tall >= 16
    digits = _digits(values)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            colour, opacity = css(float(value), view.largest, signed=view.smallest < 0.0)
            canvas.titled(
                "rect",
                f"[{row}, {column}] {value:.6g}",
                class_="cell",
                x=x + column * cell,
                y=y + row * tall,
                width=cell,
                height=tall,
                fill=colour,
                fill_opacity=opacity,
                data_row=row,
                data_column=column,
                data_value=f"{value:.6g}",
            )
            if fits:
                strong = float(opacity) > 0.6
                canvas.text(
                    x + (column + 0.5) * cell,
                    y + (row + 0.5) * tall + 4,
                    f"{value:.{digits}f}",
                    class_="number value",
                    text_anchor="middle",
                    style="fill:#fff" if strong else None,
                )


def _digits(values: np.ndarray) -> int:
    """How many decimals of these numbers a cell has room for; whole numbers need none."""
    if np.array_equal(values, np.round(values)):
        return 0
    largest = np.abs(values).max()
    return 3 if largest < 0.1 else 2 if largest < 100.0 else 1 if largest < 1000.0 else 0


def _labels(
    canvas: Canvas, view: MatrixView, x: float, y: float, cell: float, tall: float, slanted: bool
) -> None:
    every = max(1, -(-13 // max(1, int(tall))))
    for row in range(0, len(view.row_labels), every):
        canvas.text(
            x - 6,
            y + (row + 0.5) * tall + 4,
            shorten(printable(view.row_labels[row]), 140.0, 12.0),
            class_="small row",
            text_anchor="end",
        )
    every = -(-(18 if slanted else 13) // max(1, int(cell)))  # slanted lines of text stand closer
    for column in range(0, len(view.column_labels), every):
        at = x + (column + 0.5) * cell
        label = shorten(printable(view.column_labels[column]), 110.0, 12.0)
        if slanted:
            canvas.text(
                at,
                y - 6,
                label,
                class_="small column",
                transform=f"rotate(-45 {at:.1f} {y - 6:.1f})",
            )
        else:
            canvas.text(at, y - 6, label, class_="small column", text_anchor="middle")


def _scale(canvas: Canvas, view: MatrixView, language: Language) -> None:
    """What the colours mean: from the smallest to the largest that they tell apart."""
    y = canvas.height + 22
    lowest = -view.largest if view.smallest < 0.0 else 0.0
    steps = 41
    for index in range(steps):
        value = lowest + (view.largest - lowest) * index / (steps - 1)
        colour, opacity = css(value, view.largest, signed=view.smallest < 0.0)
        canvas.add(
            "rect",
            class_="scale",
            x=MARGIN + 6.0 * index,
            y=y,
            width=6.0,
            height=12.0,
            fill=colour,
            fill_opacity=opacity,
        )
    labels = ((lowest, 0.0), (view.largest, 6.0 * steps))
    for value, offset in labels:
        canvas.text(
            MARGIN + offset,
            y + 28,
            f"{value:.4g}",
            class_="number scale-value",
            text_anchor="start" if offset == 0.0 else "end",
        )
    zero = "the middle grey is 0" if zero_has_ink(signed=lowest < 0.0) else "colour: none is 0"
    note = phrase(zero, language)
    canvas.text(MARGIN + 6.0 * steps + 12, y + 11, note, class_="quiet small note")
    canvas.reach(MARGIN + 6.0 * steps + 12 + text_width(note, 12.0), y + 30)
