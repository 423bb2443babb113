"""X + P in the terminal: the matrices of the sum, one below the other."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language
from glassformer.drawing.cells import heading, shape_text
from glassformer.drawing.language import name_of, positions_note
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.views import PositionsView


class PositionsSum:
    """X, P and their sum, as many features as there is room for."""

    def __init__(self, view: PositionsView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        side = name_of(view.side, language)
        yield heading(view.total.title, side)
        yield Text(positions_note(view, language)[0], style="dim")
        panels = [*view.summands, view.total]
        signs = ["", *["+ "] * (len(view.summands) - 1), "= "]
        if view.normalised is not None:
            panels, signs = [*panels, view.normalised], [*signs, "→ "]
        for sign, panel in zip(signs, panels, strict=True):
            yield Text("")
            matrix = panel.matrix
            name = panel.title
            if name in "XPT" and matrix.kind:
                name = name_of(matrix.kind, language)
            yield Matrix(
                matrix, language, f"{sign}{name}  {shape_text(panel.shape)}  {matrix.name}"
            )
