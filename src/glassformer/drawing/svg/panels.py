"""Several matrices in one picture: each below its name and size, with arrows between them."""

from glassformer.catalogue import Language
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import titled
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import Size, draw_matrix, page
from glassformer.views import FlowPanel

CELL = 40.0
TITLE = 24.0
"""Pixels between the title of a matrix and the labels above it."""
SCORES = 600.0
"""Pixels that the scores of a long text take across, as many cells as there are."""
ARROW = 34.0


class Panels:
    """Draws matrices with rows `tall` pixels tall; `row` is framed in those that follow it.

    `prefix` is what the names of most of them begin with, said once for all.
    """

    def __init__(
        self, canvas: Canvas, language: Language, *, prefix: str = "", row: int | None = None
    ) -> None:
        self.canvas = canvas
        self.language = language
        self.prefix = prefix
        self.row = row
        self.tall = CELL

    def notes(self, y: float, *notes: str) -> float:
        """Lines of small text below each other; gives the last one's baseline."""
        for note in filter(None, notes):
            y += 20
            self.canvas.text(MARGIN, y, note, class_="quiet small")
            self.canvas.reach(MARGIN + text_width(note, 12.0), y)
        return y

    def size(self, panel: FlowPanel) -> Size:
        """How large its cells are: large enough for numbers, if there are not too many."""
        columns = len(panel.matrix.values[0])
        return Size.with_cells(panel.matrix, min(CELL, max(14.0, SCORES / columns)), self.tall)

    def width(self, panel: FlowPanel) -> float:
        """How far it goes to the right with its labels."""
        return self.size(panel).across(panel.matrix)

    def middle(self, panel: FlowPanel) -> float:
        """How far below its title the middle of its rows is."""
        return TITLE + self.size(panel).above + self.tall * len(panel.matrix.values) / 2

    def draw(
        self, panel: FlowPanel, x: float, y: float, *, follow: bool = False
    ) -> tuple[float, float]:
        """A matrix, its title's baseline there; gives how far it goes to the right and down."""
        canvas, matrix = self.canvas, panel.matrix
        title = titled(panel.title, self.language)
        canvas.text(x, y, title, class_="strong panel")
        shape = shape_text(panel.shape)
        across = x + text_width(title, 16.0) + 10
        canvas.text(across, y, shape, class_="quiet small shape")
        name = matrix.name.removeprefix(f"{self.prefix}.")
        canvas.text(x, y + 17, name, class_="quiet number")
        size = self.size(panel)
        _, bottom = draw_matrix(
            canvas,
            page(matrix),
            x,
            y + TITLE,
            size,
            row=self.row if follow else None,
            large=size.cell >= 36,
        )
        right = max(
            x + size.across(matrix),
            across + text_width(shape, 12.0),
            x + text_width(name, 11.0),
        )
        canvas.reach(right, bottom)
        return right, bottom

    def arrow(self, x: float, y: float, operation: str = "") -> float:
        """An arrow with what it does above it; gives where what comes of it begins."""
        width = max(ARROW, text_width(operation, 12.0) + 8)
        if operation:
            middle = x + 6 + width / 2
            self.canvas.text(
                middle, y - 9, operation, class_="strong small step", text_anchor="middle"
            )
        way = f"M{x + 8:.1f} {y:.1f}h{width - 8:.1f}"
        self.canvas.add("path", class_="line", stroke_width="1.6", d=way)
        self.canvas.add("path", class_="arrow", d=f"M{x + 6 + width:.1f} {y:.1f}l-9 -4.5v9z")
        return x + width + 14

    def sign(self, x: float, y: float, sign: str) -> float:
        """A sign between two matrices, such as +; gives where the next one begins."""
        width = text_width(sign, 24.0)
        middle = x + 10 + width / 2
        self.canvas.text(
            middle, y + 7, sign, class_="title sign", text_anchor="middle", style="font-size:24px"
        )
        return x + width + 26
