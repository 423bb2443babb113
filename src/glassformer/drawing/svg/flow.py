"""One head from x to Z, on a slide: above Q, K and V, below the four steps of attention.

1 Q Kᵀ, 2 ÷ √d_head, 3 softmax, 4 weights · V; the row of one token is framed on its whole way.
"""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import followed_note, name_of
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.panels import ARROW, Panels
from glassformer.views import FlowColumn, FlowView

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
        attention = panels[0].matrix.name.rpartition(".")[0]
        self.panels = Panels(canvas, language, prefix=attention, row=view.row)
        rows = max(len(panel.matrix.values) for panel in panels)
        above = max(rows, 6 if view.parameters else 0)
        given = [*self.given.values(), *self.made.values()]
        wide = max(
            sum(self.panels.width(panel) + ARROW + 12 for _, panel in self.steps),
            sum(self.panels.width(panel) + 26 for panel in given if panel.title[:2] != "b_"),
        )
        # As tall as fits a slide of this width.
        shortest = 26.0 if rows <= 16 else 14.0
        self.panels.tall = min(34.0, max(shortest, (wide / WIDE - 420.0) / (rows + above)))

    def draw(self, y: float) -> None:
        y = self._notes(y) + 34
        y = self._projections(y) + 30
        self._steps(y)
        note = phrase(
            "Blue is above 0, orange below; full colour is the largest number shown of each "
            "matrix, in the weights 1.",
            self.language,
        )
        self.panels.notes(self.canvas.height + 6, note)

    def _notes(self, y: float) -> float:
        """What is shown of matrices that have too many columns, and which row is followed."""
        view, language, shown = self.view, self.language, self.view.features_shown
        y = self.panels.notes(y, f"{self.panels.prefix}. …")
        if view.inputs:
            note = phrase(
                "Of x, Q, K, V and Z the first {shown} features are shown, of the weights as many "
                "rows and columns; beside each name stands the size of the whole matrix.",
                language,
                shown=shown,
            )
            y = self.panels.notes(y, note)
        elif shown < view.d_head:
            note = phrase(
                "Of Q, K, V and Z the first {shown} of {all} features are shown.",
                language,
                shown=shown,
                all=view.d_head,
            )
            y = self.panels.notes(y, note)
        if view.inputs and not view.parameters:
            note = "The weights W and b are not in this trace: a saved one does not hold them."
            y = self.panels.notes(y, phrase(note, language))
        note = followed_note(view.row, self.steps[0][1].matrix.row_labels, language)
        if note:
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
                x, low = self.panels.draw(self.given[read], x, y, follow=read == "x")
                bottom = max(bottom, low)
            if f"W_{letter}" in self.given:
                x += 26
                right, low = self.panels.draw(self.given[f"W_{letter}"], x, y)
                other, low = self.panels.draw(self.given[f"b_{letter}"], x, low + 22)
                x, bottom = max(right, other), max(bottom, low)
            if self.view.inputs:
                x = self.panels.arrow(x, y + 94, f"{read} W_{letter} + b_{letter}")
            x, low = self.panels.draw(panel, x, y, follow=letter == "Q")
            bottom, x = max(bottom, low), x + 22
        return bottom

    def _steps(self, y: float) -> None:
        """The four steps, numbered, each with what it is for."""
        x = MARGIN
        for number, (column, panel) in enumerate(self.steps, start=1):
            if number > 1:
                x = self.panels.arrow(x, y + 52 + self.panels.middle(panel))
            self._number(x + 12, y, number, column)
            caption = CAPTIONS.get(panel.title, "")
            if column.operation == "× 1":
                caption = "not divided in this model"
            if panel.title == "weights" and self.view.part == "decoder":
                caption = "each row: numbers from 0 to 1 whose sum is 1; 0 for later tokens"
            caption = phrase(caption, self.language)
            self.canvas.text(x, y + 26, caption, class_="quiet small caption")
            right, _ = self.panels.draw(panel, x, y + 52, follow=True)
            x = max(right, x + text_width(caption, 12.0))
            self.canvas.reach(x, y)

    def _number(self, x: float, y: float, number: int, column: FlowColumn) -> None:
        """The number of a step in a disc, and its operation."""
        self.canvas.add(
            "rect",
            class_="disc",
            x=x - 12,
            y=y - 12,
            width=24.0,
            height=24.0,
            rx=12.0,
            fill=DISC,
        )
        self.canvas.text(
            x,
            y + 5,
            str(number),
            class_="strong step-number",
            text_anchor="middle",
            style="fill:#fff",
        )
        self.canvas.text(x + 20, y + 6, column.operation, class_="title operation")
