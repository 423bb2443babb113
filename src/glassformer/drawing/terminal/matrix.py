"""Any recorded step as a table of its numbers."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language
from glassformer.drawing.cells import heading
from glassformer.drawing.terminal.table import table
from glassformer.views import MatrixView


class Matrix:
    """As many columns as there is room for."""

    def __init__(self, view: MatrixView, language: Language = "en", title: str = "") -> None:
        self.view = view
        self.title = title or view.name

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        rows, columns = len(view.values), len(view.values[0])
        yield heading(self.title, f"{rows} × {columns}  {view.formula}".rstrip())
        yield Text(f"{view.row_axis} ↓  {view.column_axis} →".rstrip(), style="dim")
        yield from table(view.row_labels, view.column_labels, view.values, console.width)
