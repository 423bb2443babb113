"""Any traced tensor as a heat map: a scale, row and column labels, values where they fit.

No picture is wider or taller than a page: of more columns or rows than can be told apart those
with the largest numbers are drawn, and the picture says so.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glassformer.catalogue import Language, phrase, sentence
from glassformer.drawing.language import axis_name, matrix_title, part_note
from glassformer.drawing.svg.canvas import MARGIN, Canvas, shorten, text_width
from glassformer.drawing.svg.colours import css, shade, white_is_read, zero_has_ink
from glassformer.drawing.svg.raster import png_uri
from glassformer.views import Excerpt, MatrixView, excerpt, printable

WIDEST = 1100.0
"""Pixels that the cells may take across."""
TALLEST = 1100.0
"""Pixels that they may take down."""
THINNEST = 2.0
"""Pixels of the thinnest cell; where cells would be thinner, some are left out …"""
FEW = 24
"""… so that so many are left, in which numbers can be read."""
MOST_RECTANGLES = 1600
"""More cells than this are drawn as one image, a pixel a cell, and enlarged without smoothing."""


def matrix_svg(view: MatrixView, language: Language = "en", theme: str = "auto") -> str:
    """The heat map as an SVG document."""
    size = " × ".join(map(str, (len(view.values), len(view.values[0]))))
    title, said = matrix_title(view, language), sentence(view.formula, language)
    canvas = Canvas(f"{title} · {size}", f"{view.name}: {said}")
    y = canvas.heading()
    formula = f"{view.name}: {said}" if said else view.name
    part = page(view)
    notes = [formula if title != view.name else f"= {said}" if said else ""]
    if view.row_axis == "input":
        notes.append(phrase("As its formula x W writes it: a row for each feature of x.", language))
    notes.append(left_out(view, part, language))
    for note in filter(None, notes):
        y += 20
        canvas.text(MARGIN, y, note, class_="quiet small")
        canvas.reach(MARGIN + text_width(note, 12.0), y)
    draw_matrix(canvas, part, MARGIN, y + 36, Size.of(part.matrix), language=language)
    scale(canvas, view, language)
    return canvas.svg(theme)


def page(view: MatrixView) -> Excerpt:
    """As much of a matrix as fits a page."""
    rows, columns = len(view.values), len(view.values[0])
    return excerpt(
        view,
        rows if rows * THINNEST <= TALLEST else FEW,
        columns if columns * THINNEST <= WIDEST - _row_room(view) else FEW,
    )


def left_out(view: MatrixView, part: Excerpt, language: Language) -> str:
    """What a picture says of rows and columns that it leaves out."""
    rows, columns = len(view.values), len(view.values[0])
    return part_note((len(part.rows), rows), (len(part.columns), columns), language)


def _row_room(view: MatrixView) -> float:
    room = max((text_width(printable(x), 12.0) for x in view.row_labels), default=0.0)
    return min(room, 140.0) + (8 if view.row_labels else 0)


@dataclass(frozen=True)
class Size:
    """How large the cells of a matrix are drawn, and how much room its labels take."""

    cell: float
    tall: float
    before: float
    above: float
    slanted: bool

    @classmethod
    def of(cls, view: MatrixView, widest: float = WIDEST, cell: float = 46.0) -> "Size":
        """As large as fits so many pixels across, no wider than `cell`."""
        rows, columns = len(view.values), len(view.values[0])
        before = _row_room(view)
        cell = min(cell, (widest - before) / columns)
        tall = 24.0
        if rows * columns > MOST_RECTANGLES:
            cell = min(cell, 18.0 if columns <= FEW else 14.0)
            # Square where both sides are long, as in the attention of a long text.
            tall = min(14.0, max(700.0 / rows, min(cell, TALLEST / rows)))
        elif rows > 40:
            tall = min(18.0, max(cell, 700.0 / rows), TALLEST / rows)
        return cls.with_cells(view, cell, tall)

    @classmethod
    def with_cells(cls, view: MatrixView, cell: float, tall: float) -> "Size":
        """With cells of this size."""
        room = max((text_width(printable(x), 12.0) for x in view.column_labels), default=0.0)
        room = min(room, 110.0)
        slanted = room + 4 > cell
        above = (room * 0.71 + 14 if slanted else 18.0) if view.column_labels else 0.0
        return cls(cell, tall, _row_room(view), above, slanted)

    def across(self, view: MatrixView) -> float:
        """How wide a matrix is with its labels."""
        over = self.above if self.slanted else 0.0  # the last label leans out to the right
        return self.before + self.cell * len(view.values[0]) + max(0.0, over - self.cell)


def draw_matrix(
    canvas: Canvas,
    part: Excerpt,
    left: float,
    top: float,
    size: Size,
    *,
    language: Language | None = None,
    row: int | None = None,
    large: bool = False,
) -> tuple[float, float]:
    """The cells with their labels, their upper left corner there; gives the lower right one.

    With a language both axes are named; `row` is one that is framed. `large` numbers have
    fewer decimals.
    """
    view = part.matrix
    values = np.asarray(view.values, dtype=np.float64)
    rows, columns = values.shape
    if language is not None:
        top = _axes(canvas, view, left, top, size, language)
    x, y = left + size.before, top + size.above
    if rows * columns > MOST_RECTANGLES:
        canvas.add(
            "image",
            x=x,
            y=y,
            width=size.cell * columns,
            height=size.tall * rows,
            preserveAspectRatio="none",
            style="image-rendering:pixelated",
            href=png_uri(shade(values, view.scale, signed=view.smallest < 0.0)),
            class_="cells",
            data_rows=rows,
            data_columns=columns,
        )
    else:
        _cells(canvas, part, values, x, y, size, large)
    _labels(canvas, view, x, y, size)
    if row is not None:
        wide, tall = size.cell * columns + 3, size.tall + 3
        at = f"M{x - 1.5:.1f} {y + size.tall * row - 1.5:.1f}"
        canvas.add(
            "path",
            class_="h1 followed",
            fill="none",
            stroke_width="2.5",
            d=f"{at}h{wide:.1f}v{tall:.1f}h{-wide:.1f}z",
        )
    canvas.reach(x + size.cell * columns, y + size.tall * rows)
    return x + size.cell * columns, y + size.tall * rows


def _axes(
    canvas: Canvas, view: MatrixView, left: float, top: float, size: Size, language: Language
) -> float:
    """The names of both axes above the labels; gives where the labels begin."""
    rows, columns = (axis_name(view, axis, language) for axis in (view.row_axis, view.column_axis))
    down = f"{rows} ↓" if rows else ""
    across = f"{columns} →" if columns else ""
    canvas.text(left, top, down, class_="small axis")
    start = max(left + size.before, left + text_width(down, 12.0) + 24)
    canvas.text(start, top, across, class_="small axis")
    canvas.reach(start + text_width(across, 12.0), top)
    return top + 10


def _cells(
    canvas: Canvas,
    part: Excerpt,
    values: np.ndarray,
    x: float,
    y: float,
    size: Size,
    large: bool,
) -> None:
    scale = part.matrix.scale
    digits = _decimals_in(values, size, large)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            colour, opacity = css(float(value), scale, signed=part.matrix.smallest < 0.0)
            at = part.rows[row], part.columns[column]
            canvas.titled(
                "rect",
                f"[{at[0]}, {at[1]}] {value:.6g}",
                class_="cell",
                x=x + column * size.cell,
                y=y + row * size.tall,
                width=size.cell,
                height=size.tall,
                fill=colour,
                fill_opacity=opacity,
                data_row=at[0],
                data_column=at[1],
                data_value=f"{value:.6g}",
            )
            if digits is not None:
                canvas.text(
                    x + (column + 0.5) * size.cell,
                    y + (row + 0.5) * size.tall + 4,
                    f"{value:.{digits}f}",
                    class_="number value",
                    text_anchor="middle",
                    style=_style(white_is_read(float(opacity)), large),
                )


def _style(on_colour: bool, large: bool) -> str | None:
    rules = ("fill:#fff" if on_colour else "", "font-size:13px" if large else "")
    return ";".join(filter(None, rules)) or None


def _decimals_in(values: np.ndarray, size: Size, large: bool) -> int | None:
    """How many decimals every cell has room for; None where there is none for numbers."""
    if size.cell < 36 or size.tall < 16:
        return None
    most = decimals(values)
    if large:
        most = min(most, 2 if np.abs(values).max() < 10.0 else 1)
    ends = (float(values.min()), float(values.max()))  # the longest of equally many decimals
    for digits in range(most, -1, -1):
        if (
            max(text_width(f"{end:.{digits}f}", 13.0 if large else 11.0) for end in ends)
            < size.cell
        ):
            return digits
    return None


def decimals(values: np.ndarray) -> int:
    """How many decimals of these numbers a cell has room for; whole numbers need none."""
    if np.array_equal(values, np.round(values)):
        return 0
    largest = np.abs(values).max()
    return 3 if largest < 0.1 else 2 if largest < 100.0 else 1 if largest < 1000.0 else 0


def _line(labels: Sequence[str]) -> float:
    """Pixels from one small label to the next: Arabic and its like go higher and lower."""
    tall = any(unicodedata.bidirectional(letter) in ("R", "AL") for one in labels for letter in one)
    return 18.0 if tall else 13.0


def _labels(canvas: Canvas, view: MatrixView, x: float, y: float, size: Size) -> None:
    every = math.ceil(_line(view.row_labels) / size.tall)
    for row in range(0, len(view.row_labels), every):
        canvas.text(
            x - 6,
            y + (row + 0.5) * size.tall + 4,
            shorten(printable(view.row_labels[row]), 140.0, 12.0),
            class_="small row",
            text_anchor="end",
        )
    # Slanted lines of text stand closer.
    every = math.ceil((18.0 if size.slanted else 13.0) / size.cell)
    for column in range(0, len(view.column_labels), every):
        at = x + (column + 0.5) * size.cell
        label = shorten(printable(view.column_labels[column]), 110.0, 12.0)
        if size.slanted:
            canvas.text(
                at,
                y - 6,
                label,
                class_="small column",
                transform=f"rotate(-45 {at:.1f} {y - 6:.1f})",
            )
            canvas.reach(at + 0.71 * text_width(label, 12.0) + 4, y)
        else:
            canvas.text(at, y - 6, label, class_="small column", text_anchor="middle")


def scale(canvas: Canvas, view: MatrixView, language: Language) -> None:
    """What the colours mean: from the smallest to the largest that they tell apart."""
    full = view.scale
    y = canvas.height + 22
    lowest = -full if view.smallest < 0.0 else 0.0
    steps = 41
    for index in range(steps):
        value = lowest + (full - lowest) * index / (steps - 1)
        colour, opacity = css(value, full, signed=view.smallest < 0.0)
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
    labels = ((lowest, 0.0), (full, 6.0 * steps))
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
