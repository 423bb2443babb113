"""The flow of one head: its matrices, one below the other."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.drawing.cells import heading
from glassformer.drawing.language import Language, phrase, titled
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.views import FlowView


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
                yield Matrix(panel.matrix, language, f"{title}  {panel.matrix.name}")
