"""The residual sum around a sublayer and its norm, in the terminal."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, shape_text
from glassformer.drawing.language import add_norm_notes, add_norm_title
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.drawing.terminal.table import table
from glassformer.views import AddNormView


class AddNorm:
    """The matrices of a sum and its norm, one below the other, mean and deviation first."""

    def __init__(self, view: AddNormView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        yield heading(add_norm_title(view, language))
        for note in add_norm_notes(view, language):
            yield Text(note, style="dim")
        for measured in view.panels:
            panel = measured.panel
            yield Text("")
            sign = f"{measured.operation} " if measured.operation in ("+", "=") else ""
            if measured.operation and not sign:
                yield Text(f"→ {measured.operation}", style="bold cyan")
            shape = shape_text(panel.shape)
            yield heading(f"{sign}{panel.title}", f"{shape}  {panel.matrix.name}")
            names = [phrase("mean", language), phrase("sd", language)]
            labels = [*names, *panel.matrix.column_labels]
            values = [
                (mean, deviation, *line)
                for mean, deviation, line in zip(
                    measured.means, measured.deviations, panel.matrix.values, strict=True
                )
            ]
            yield from table(panel.matrix.row_labels, labels, values, console.width)
        for panel in view.parameters:
            yield Text("")
            title = f"{panel.title}  {shape_text(panel.shape)}  {panel.matrix.name}"
            yield Matrix(panel.matrix, language, title)
