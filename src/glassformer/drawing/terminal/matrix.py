"""Any recorded step as a table of its numbers."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase, sentence
from glassformer.drawing.cells import heading
from glassformer.drawing.language import axis_name, matrix_title, part_note
from glassformer.drawing.terminal.table import columns_that_fit, table
from glassformer.views import MatrixView, excerpt


class Matrix:
    """As many columns as there is room for; of a whole vocabulary those with the largest numbers.

    A matrix in another picture has the title that it has there.
    """

    def __init__(self, view: MatrixView, language: Language = "en", title: str = "") -> None:
        self.view = view
        self.language = language
        self.title = title

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        rows, columns = len(view.values), len(view.values[0])
        size, name = f"{rows} × {columns}", matrix_title(view, language)
        formula = sentence(view.formula, language)
        if self.title:
            yield heading(self.title, formula)
        else:
            yield heading(name, size)
            yield Text(f"{view.name}: {formula}" if formula else view.name, style="dim")
        if view.row_axis == "input" and not self.title:
            note = "As its formula x W writes it: a row for each feature of x."
            yield Text(phrase(note, language), style="dim")
        down, across = (
            axis_name(view, axis, language) for axis in (view.row_axis, view.column_axis)
        )
        axes = f"{down} ↓  " * bool(down) + f"{across} →" * bool(across)
        yield Text(axes.rstrip(), style="dim")
        if view.column_axis == "entry":
            fits = columns_that_fit(view.row_labels, console.width)
            view = excerpt(view, rows, fits).matrix
            note = part_note((rows, rows), (len(view.values[0]), columns), language)
            if note:
                yield Text(note, style="dim")
        yield from table(view.row_labels, view.column_labels, view.values, console.width)
