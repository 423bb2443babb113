"""The flow of one head: its matrices, one below the other, the four steps numbered."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, shape_text
from glassformer.drawing.language import name_of, titled
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.views import FlowPanel, FlowView


class Flow:
    """The matrices of a flow, one below the other, with the operations between them."""

    def __init__(self, view: FlowView, language: Language = "en") -> None:
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
        for note in self._notes():
            yield Text(note, style="dim")
        parameters = {panel.title: panel for panel in view.parameters}
        panels = [panel for column in view.columns for panel in column.panels]
        made = {panel.title: panel for panel in panels if panel.title in ("Q", "K", "V")}
        for panel in view.inputs:
            yield from self._panel(panel)
        letters = {panel.title for panel in view.inputs}
        for letter, panel in made.items():
            read = "R" if letter != "Q" and "R" in letters else "x"
            for weight in (f"W_{letter}", f"b_{letter}"):
                if weight in parameters:
                    yield from self._panel(parameters[weight])
            if view.inputs:
                yield from self._operation(f"{letter} = {read} W_{letter} + b_{letter}")
            yield from self._panel(panel, spaced=not view.inputs)
        number = 0
        for column in view.columns:
            for panel in column.panels:
                if panel.title not in made:
                    number += 1
                    yield from self._operation(f"{number}  {column.operation}")
                    yield from self._panel(panel, spaced=False)

    def _notes(self) -> Iterable[str]:
        view = self.view
        if view.inputs:
            yield phrase(
                "Of x, Q, K, V and Z the first {shown} features are shown, of the weights as many "
                "rows and columns; beside each name stands the size of the whole matrix.",
                self.language,
                shown=view.features_shown,
            )
        elif view.features_shown < view.d_head:
            yield phrase(
                "Of Q, K, V and Z the first {shown} of {all} features are shown.",
                self.language,
                shown=view.features_shown,
                all=view.d_head,
            )
        if view.inputs and not view.parameters:
            yield phrase(
                "The weights W and b are not in this trace: a saved one does not hold them.",
                self.language,
            )

    def _operation(self, operation: str) -> Iterable[Text]:
        yield Text("")
        yield Text(f"→ {operation}", style="bold cyan")

    def _panel(self, panel: FlowPanel, spaced: bool = True) -> Iterable[RenderableType]:
        if spaced:
            yield Text("")
        title = titled(panel.title, self.language)
        shape = f"  {shape_text(panel.shape)}" if panel.shape else ""
        yield Matrix(panel.matrix, self.language, f"{title}{shape}  {panel.matrix.name}")
