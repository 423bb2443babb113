"""Matrices of numbers in the terminal: any tensor, all heads in small, the flow of one head."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.drawing.cells import heading, left, number, right
from glassformer.drawing.language import Language, moment_note, phrase, titled
from glassformer.views import FlowView, GridView, MatrixView, printable

MOST_ROWS = 64
"""Longer matrices are cut, and say so."""


class Matrix:
    """As many columns as there is room for."""

    def __init__(self, view: MatrixView, title: str = "") -> None:
        self.view = view
        self.title = title or view.name

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        rows, columns = len(view.values), len(view.values[0])
        yield heading(self.title, f"{rows} × {columns}  {view.formula}".rstrip())
        yield Text(f"{view.row_axis} ↓  {view.column_axis} →".rstrip(), style="dim")
        yield from _table(view.row_labels, view.column_labels, view.values, console.width)


def _table(
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    values: Sequence[Sequence[float]],
    width: int,
    cell: int = 9,
) -> Iterable[Text]:
    shown_rows = [printable(label) for label in row_labels[:MOST_ROWS]]
    labels = min(16, max(map(cell_len, shown_rows), default=0))
    fits = max(1, (width - labels - 2) // cell)
    more = " …" if fits < len(values[0]) else ""
    if column_labels:
        names = "".join(right(printable(label), cell) for label in column_labels[:fits])
        yield Text(" " * labels + names + more, style="bold", no_wrap=True)
    for label, line in zip(shown_rows, values, strict=False):
        cells = "".join(right(number(value), cell) for value in line[:fits])
        yield Text(left(label, labels), style="bold", no_wrap=True).append(
            cells + more, style="not bold"
        )
    if len(row_labels) > MOST_ROWS:
        yield Text(f"… {len(row_labels) - MOST_ROWS}", style="dim")


class Grid:
    """The largest weight of every head; layers from bottom to top, as in the model."""

    def __init__(self, view: GridView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        size = f"{view.num_layers} × {view.num_heads}"
        title = f"{phrase(view.part, language)} · {phrase('grid_title', language, size=size)}"
        yield heading(phrase("attention", language), title)
        if view.moment is not None:
            yield Text(moment_note(view.moment, language), style="dim")
        yield Text(phrase("grid_text", language), style="dim")
        layers = range(view.num_layers, 0, -1)
        yield from _table(
            [phrase("layer", language, n=layer) for layer in layers],
            [f"h{head}" for head in range(1, view.num_heads + 1)],
            [
                [view.cell(layer, head).largest for head in range(1, view.num_heads + 1)]
                for layer in layers
            ],
            console.width,
            cell=7,
        )


class Flow:
    """The matrices of a flow, one below the other, with the operations between them."""

    def __init__(self, view: FlowView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        head = phrase("layer_head", language, layer=view.layer, head=view.head)
        part = phrase(view.part, language)
        yield heading(phrase("flow_title", language), phrase("comma", language, a=part, b=head))
        if view.features_shown < view.d_head:
            note = phrase("flow_features", language, shown=view.features_shown, all=view.d_head)
            yield Text(note, style="dim")
        for column in view.columns:
            yield Text("")
            if column.operation:
                yield Text(f"→ {column.operation}", style="bold cyan")
            for panel in column.panels:
                title = titled(panel.title, language)
                yield Matrix(panel.matrix, f"{title}  {panel.matrix.name}")
