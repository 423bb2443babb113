"""The flow of one head: its matrices, one below the other."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading
from glassformer.drawing.language import name_of, titled
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.views import FlowView


class Flow:
    """The matrices of a flow, one below the other, with the operations between them."""

    def __init__(self, view: FlowView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        head = phrase("layer {layer}, head {head}", language, layer=view.layer, head=view.head)
        part = name_of(view.part, language)
        yield heading(
            phrase("Scaled dot-product attention", language),
            phrase("{a}, {b}", language, a=part, b=head),
        )
        if view.features_shown < view.d_head:
            note = phrase(
                "Of Q, K, V and Z the first {shown} of {all} features are shown.",
                language,
                shown=view.features_shown,
                all=view.d_head,
            )
            yield Text(note, style="dim")
        for column in view.columns:
            yield Text("")
            if column.operation:
                yield Text(f"→ {column.operation}", style="bold cyan")
            for panel in column.panels:
                title = titled(panel.title, language)
                yield Matrix(panel.matrix, language, f"{title}  {panel.matrix.name}")
