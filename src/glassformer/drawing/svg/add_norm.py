"""The residual sum around a sublayer and its norm: what a norm does to the rows of a matrix."""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import add_norm_notes, add_norm_title, followed_note
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import Size
from glassformer.drawing.svg.panels import CELL, TITLE, Panels
from glassformer.views import AddNormView, MeasuredPanel

MEASURE = 62.0
"""Pixels for the mean, and as many for the standard deviation, beside each row."""


def add_norm_svg(view: AddNormView, language: Language = "en", theme: str = "auto") -> str:
    """The sum and its norm as an SVG document."""
    last = view.panels[-1].panel
    canvas = Canvas(add_norm_title(view, language), last.title)
    panels = Panels(canvas, language, row=view.row)
    rows = len(last.matrix.values)
    panels.tall = 28.0 if rows <= 24 else 14.0
    y = panels.notes(canvas.heading(), *add_norm_notes(view, language))
    note = followed_note(view.row, last.matrix.row_labels, language)
    if note:
        y += 22
        canvas.text(MARGIN, y, note, class_="strong small h1")
        canvas.reach(MARGIN + text_width(note, 13.0), y)
    x, y = MARGIN, y + 36
    low = y
    for measured in view.panels:
        middle = y + panels.middle(measured.panel)
        if measured.operation in ("+", "="):
            x = panels.sign(x, middle, measured.operation)
        elif measured.operation:
            x = panels.arrow(x, middle, measured.operation)
        start = x
        x, bottom = panels.draw(measured.panel, x, y, follow=True)
        cells = start + panels.size(measured.panel).before
        cells += CELL * len(measured.panel.matrix.values[0])
        x = max(x, _measures(canvas, measured, panels, cells + 8, y, language))
        low = max(low, bottom)
    x = MARGIN
    for panel in view.parameters:
        x, _ = panels.draw(panel, x, low + 40)
        x += 40
    return canvas.svg(theme)


def _measures(
    canvas: Canvas,
    measured: MeasuredPanel,
    panels: Panels,
    x: float,
    y: float,
    language: Language,
) -> float:
    """Mean and standard deviation beside each row; gives where they end."""
    matrix = measured.panel.matrix
    top = y + TITLE + Size.with_cells(matrix, CELL, panels.tall).above
    columns = (("mean", measured.means), ("sd", measured.deviations))
    every = 1 if panels.tall >= 13 else 2
    for column, (name, numbers) in enumerate(columns):
        right = x + (column + 1) * MEASURE - 8
        canvas.text(right, top - 6, phrase(name, language), class_="strong small measure-name",
                    text_anchor="end")  # fmt: skip
        for row in range(0, len(numbers), every):
            canvas.text(
                right,
                top + (row + 0.5) * panels.tall + 4,
                f"{numbers[row]:.3f}",
                class_="small measure",
                text_anchor="end",
            )
    canvas.reach(x + 2 * MEASURE, y)
    return x + 2 * MEASURE
