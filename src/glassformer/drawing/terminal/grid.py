"""All heads in small: a table of their largest weights."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading
from glassformer.drawing.language import moment_note, name_of
from glassformer.drawing.terminal.table import table
from glassformer.views import GridView


class Grid:
    """The largest weight of every head; layers from bottom to top, as in the model."""

    def __init__(self, view: GridView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        size = f"{view.num_layers} × {view.num_heads}"
        title = f"{name_of(view.part, language)} · {phrase('{size} heads', language, size=size)}"
        yield heading(phrase("Attention", language), title)
        if view.moment is not None:
            yield Text(moment_note(view.moment, language), style="dim")
        yield Text(phrase("the largest weight of each head", language), style="dim")
        layers = range(view.num_layers, 0, -1)
        yield from table(
            [phrase("layer {n}", language, n=layer) for layer in layers],
            [f"h{head}" for head in range(1, view.num_heads + 1)],
            [
                [view.cell(layer, head).largest for head in range(1, view.num_heads + 1)]
                for layer in layers
            ],
            console.width,
            cell=7,
        )
