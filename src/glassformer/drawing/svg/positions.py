"""X + P: what a token is, where it stands, and their sum, with all features, on one scale."""

import dataclasses

from glassformer.catalogue import Language
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import name_of, positions_note
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import Size, draw_matrix, scale
from glassformer.views import Excerpt, FlowPanel, PositionsView

WIDEST = 1040.0
"""Pixels that all features take across."""
TALLEST = 1500.0
"""Pixels that the rows of all matrices together take down."""


def positions_svg(view: PositionsView, language: Language = "en", theme: str = "auto") -> str:
    """The sum as an SVG document."""
    side = name_of(view.side, language)
    canvas = Canvas(
        f"{view.total.title} · {side}",
        f"{view.total.title}; {view.positions}",
    )
    y = canvas.heading()
    for note in positions_note(view, language):
        y += 20
        canvas.text(MARGIN, y, note, class_="quiet small")
        canvas.reach(MARGIN + text_width(note, 12.0), y)
    drawn = [*view.summands, view.total]
    signs = [*("" if not index else "+" for index in range(len(view.summands))), "="]
    if view.normalised is not None:
        drawn, signs = [*drawn, view.normalised], [*signs, "→"]
    for index, (sign, panel) in enumerate(zip(signs, drawn, strict=True)):
        y = _panel(canvas, panel, sign, y + 34, len(drawn), language, labelled=not index)
    scale(canvas, view.total.matrix, language)
    return canvas.svg(theme)


def _panel(
    canvas: Canvas,
    panel: FlowPanel,
    sign: str,
    y: float,
    panels: int,
    language: Language,
    *,
    labelled: bool,
) -> float:
    """One matrix below its name, with the sign before it; gives where it ends."""
    matrix = panel.matrix
    if not labelled:  # its features stand below those of the first
        matrix = dataclasses.replace(matrix, column_labels=())
    rows, columns = len(matrix.values), len(matrix.values[0])
    title = name_of(matrix.kind, language) if matrix.kind and panel.title in "XPT" else panel.title
    canvas.text(MARGIN, y, sign, class_="title sign")
    left = MARGIN + 26
    canvas.text(left, y, title, class_="strong panel")
    across = left + text_width(title, 16.0) + 12
    shape = f"{shape_text(panel.shape)}   {matrix.name}: {matrix.formula}"
    canvas.text(across, y, shape, class_="quiet small shape")
    canvas.reach(across + text_width(shape, 12.0), y)
    tall = min(14.0, TALLEST / panels / rows)
    size = Size.with_cells(matrix, min(14.0, WIDEST / columns), tall)
    whole = Excerpt(matrix, tuple(range(rows)), tuple(range(columns)))
    _, bottom = draw_matrix(canvas, whole, left, y + 12, size)
    return bottom
