"""One head from x to Z, on a slide: above Q, K and V, below the four steps of attention.

1 Q Kᵀ, 2 ÷ √d_head, 3 softmax, 4 weights · V; the row of one token is framed on its whole way.
"""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import name_of, titled
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import Size, draw_matrix, page
from glassformer.views import FlowColumn, FlowPanel, FlowView, printable

CELL = 40.0
SCORES = 600.0
"""Pixels that the scores of a long text take across, as many cells as there are."""
ARROW = 46.0
TITLE = 44.0
"""Pixels above a matrix, for its title, size and name."""
WIDE = 16 / 9
DISC = "#c2410c"
"""Of the number of a step, in white on it, on light and on dark paper."""

CAPTIONS = {
    "scores": "how alike each query is to each key",
    "scaled scores": "keeps gradients stable",
    "weights": "each row: numbers from 0 to 1 whose sum is 1",
    "Z": "the values, weighted and summed",
}
"""What a step is for, by the title of what it gives."""


def flow_svg(view: FlowView, language: Language = "en", theme: str = "auto") -> str:
    """The flow as an SVG document."""
    part = name_of(view.part, language)
    head = phrase("layer {layer}, head {head}", language, layer=view.layer, head=view.head)
    canvas = Canvas(
        phrase("Scaled dot-product attention", language)
        + " · "
        + phrase("{a}, {b}", language, a=part, b=head),
        "softmax(Q Kᵀ / √d_head) V",
    )
    _Slide(canvas, view, language).draw(canvas.heading())
    # A slide is 16 : 9, whatever the sentence.
    width, height = canvas.width + MARGIN, canvas.height + MARGIN
    canvas.reach(height * WIDE - MARGIN, width / WIDE - MARGIN)
    return canvas.svg(theme)


class _Slide:
    """The two rows of a flow: what Q, K and V are made of, and what is made of them."""

    def __init__(self, canvas: Canvas, view: FlowView, language: Language) -> None:
        self.canvas = canvas
        self.view = view
        self.language = language
        panels = [panel for column in view.columns for panel in column.panels]
        self.made = {panel.title: panel for panel in panels if panel.title in ("Q", "K", "V")}
        self.steps = [
            (column, panel)
            for column in view.columns
            for panel in column.panels
            if panel.title not in self.made
        ]
        self.given = {panel.title: panel for panel in (*view.inputs, *view.parameters)}
        self.prefix = panels[0].matrix.name.rpartition(".")[0]  # the attention that it is
        self.tall = CELL
        rows = max(len(panel.matrix.values) for panel in panels)
        above = max(rows, 6 if view.parameters else 0)
        given = [*self.given.values(), *self.made.values()]
        wide = max(
            sum(self._width(panel) + ARROW for _, panel in self.steps),
            sum(self._width(panel) + 26 for panel in given if not panel.title.startswith("b_")),
        )
        # As tall as fits a slide of this width.
        shortest = 26.0 if rows <= 16 else 14.0
        self.tall = min(34.0, max(shortest, (wide / WIDE - 420.0) / (rows + above)))

    def draw(self, y: float) -> None:
        y = self._notes(y) + 34
        y = self._projections(y) + 30
        self._steps(y)
        self._foot()

    def _notes(self, y: float) -> float:
        """What is shown of matrices that have too many columns, and which row is followed."""
        view, shown = self.view, self.view.features_shown
        notes = [f"{self.prefix}. …"]
        if view.inputs:
            notes.append(
                phrase(
                    "Of x, Q, K, V and Z the first {shown} features are shown, of the weights as "
                    "many rows and columns; beside each name stands the size of the whole matrix.",
                    self.language,
                    shown=shown,
                )
            )
        elif shown < view.d_head:
            notes.append(
                phrase(
                    "Of Q, K, V and Z the first {shown} of {all} features are shown.",
                    self.language,
                    shown=shown,
                    all=view.d_head,
                )
            )
        if not view.parameters:
            notes.append(
                phrase("The weights W and b are not in this trace: a saved one does not hold them.",
                       self.language)
            )  # fmt: skip
        for note in notes:
            y += 20
            self.canvas.text(MARGIN, y, note, class_="quiet small")
            self.canvas.reach(MARGIN + text_width(note, 12.0), y)
        if view.row is not None:
            labels = self.steps[0][1].matrix.row_labels
            note = phrase(
                "Framed: the row of {token}, followed from step to step.",
                self.language,
                token=printable(labels[view.row]),
            )
            y += 22
            self.canvas.text(MARGIN, y, note, class_="strong small h1")
            self.canvas.reach(MARGIN + text_width(note, 13.0), y)
        return y

    def _projections(self, y: float) -> float:
        """x, and for each of Q, K and V its weights, its bias and what they give."""
        x, bottom = MARGIN, y
        drawn = set()
        for letter, panel in self.made.items():
            read = "R" if letter != "Q" and "R" in self.given else "x"
            if read in self.given and read not in drawn:
                drawn.add(read)
                x, low = self._panel(self.given[read], x, y, follow=read == "x")
                bottom = max(bottom, low)
            operation = f"{read} W_{letter} + b_{letter}"
            if f"W_{letter}" in self.given:
                x += 26
                right, low = self._panel(self.given[f"W_{letter}"], x, y)
                if f"b_{letter}" in self.given:
                    other, low = self._panel(self.given[f"b_{letter}"], x, low + 22)
                    right = max(right, other)
                x, bottom = right, max(bottom, low)
            if self.view.inputs:
                x = self._arrow(x, y + TITLE + 50, operation)
            x, low = self._panel(panel, x, y, follow=letter == "Q")
            bottom, x = max(bottom, low), x + 22
        return bottom

    def _steps(self, y: float) -> None:
        """The four steps, numbered, each with what it is for."""
        x = MARGIN
        for number, (column, panel) in enumerate(self.steps, start=1):
            if number > 1:
                size = self._size(panel)
                middle = size.above + self.tall * len(panel.matrix.values) / 2
                x = self._arrow(x, y + 28 + TITLE + middle, "")
            self._number(x + 12, y, number, column)
            caption = phrase(CAPTIONS.get(panel.title, ""), self.language)
            if column.operation == "× 1":
                caption = phrase("not divided in this model", self.language)
            if panel.title == "weights" and self.view.part == "decoder":
                caption = phrase(
                    "each row: numbers from 0 to 1 whose sum is 1; 0 for later tokens",
                    self.language,
                )
            self.canvas.text(x, y + 26, caption, class_="quiet small caption")
            right, _ = self._panel(panel, x, y + 52, follow=True)
            x = max(right, x + text_width(caption, 12.0))
            self.canvas.reach(x, y)

    def _number(self, x: float, y: float, number: int, column: FlowColumn) -> None:
        """The number of a step in a disc, and its operation."""
        self.canvas.add(
            "path",
            class_="disc",
            d=f"M{x - 12:.1f} {y:.1f}a12 12 0 1 0 24 0a12 12 0 1 0 -24 0z",
            fill=DISC,
        )
        self.canvas.text(
            x, y + 5, str(number), class_="strong step", text_anchor="middle", style="fill:#fff"
        )
        self.canvas.text(x + 20, y + 6, column.operation, class_="title operation")

    def _panel(
        self, panel: FlowPanel, x: float, y: float, *, follow: bool = False
    ) -> tuple[float, float]:
        """A matrix below its title; gives how far it goes to the right and down."""
        canvas, matrix = self.canvas, panel.matrix
        title = titled(panel.title, self.language)
        canvas.text(x, y, title, class_="strong panel")
        shape = shape_text(panel.shape)
        across = x + text_width(title, 16.0) + 10
        canvas.text(across, y, shape, class_="quiet small shape")
        name = matrix.name.removeprefix(f"{self.prefix}.")
        canvas.text(x, y + 17, name, class_="quiet number")
        size = self._size(panel)
        row = self.view.row if follow else None
        _, bottom = draw_matrix(
            canvas, page(matrix), x, y + TITLE - 20, size, row=row, large=size.cell >= 36
        )
        right = max(
            x + self._width(panel),
            across + text_width(shape, 12.0),
            x + text_width(name, 11.0),
        )
        canvas.reach(right, bottom)
        return right, bottom

    def _size(self, panel: FlowPanel) -> Size:
        columns = len(panel.matrix.values[0])
        return Size.with_cells(panel.matrix, min(CELL, max(14.0, SCORES / columns)), self.tall)

    def _width(self, panel: FlowPanel) -> float:
        return self._size(panel).across(panel.matrix)

    def _arrow(self, x: float, y: float, operation: str) -> float:
        """An arrow with what it does above it; gives where what comes of it begins."""
        canvas = self.canvas
        width = max(ARROW - 12, text_width(operation, 12.0) + 8)
        canvas.text(
            x + 6 + width / 2, y - 9, operation, class_="strong small", text_anchor="middle"
        )
        canvas.add(
            "path", class_="line", stroke_width="1.6", d=f"M{x + 8:.1f} {y:.1f}h{width - 8:.1f}"
        )
        canvas.add("path", class_="arrow", d=f"M{x + 6 + width:.1f} {y:.1f}l-9 -4.5v9z")
        return x + width + 14

    def _foot(self) -> None:
        """What the colours mean."""
        note = phrase(
            "Blue is above 0, orange below; full colour is the largest number shown of each "
            "matrix, in the weights 1.",
            self.language,
        )
        y = self.canvas.height + 26
        self.canvas.text(MARGIN, y, note, class_="quiet small")
        self.canvas.reach(MARGIN + text_width(note, 12.0), y)
