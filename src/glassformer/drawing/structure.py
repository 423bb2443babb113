"""The structure of a model in the terminal: bottom to top, one of the many layers opened.

`python -m glassformer.drawing.structure` shows a demonstration.
"""

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.config import ModelConfig
from glassformer.drawing.cells import crop, heading, left, shape_text
from glassformer.drawing.language import Language, phrase
from glassformer.drawing.terminal import render
from glassformer.views import Block, StackView, StructureView, structure_view

MARGIN = 2
RESIDUAL = 14
"""Cells to the right of an opened layer, for the ways around its sublayers."""


def structure(
    view: StructureView, language: Language = "en", open_layer: int = 1
) -> RenderableType:
    """The stacks of a model, one after the other, with layer `open_layer` (from 1) opened."""
    return _Structure(view, language, open_layer)


class _Structure:
    """A structure picture that adapts to the width it is given."""

    def __init__(self, view: StructureView, language: Language, open_layer: int) -> None:
        self.view = view
        self.language = language
        self.open_layer = open_layer

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        for stack in self.view.stacks:
            layers = phrase("layers_alike", self.language, n=stack.num_layers)
            side = phrase(stack.side, self.language)
            yield heading(
                phrase("structure", self.language),
                phrase("comma", self.language, a=side, b=layers),
            )
            yield from self._stack(stack, min(console.width, 100) - MARGIN)

    def _stack(self, stack: StackView, width: int) -> Iterable[Text]:
        for block in reversed(stack.outputs):
            yield self._row(block, width, "bold")
            yield _indent("    ▲")
        opened = min(self.open_layer, stack.num_layers)
        yield from self._closed(stack, opened + 1, stack.num_layers, width)
        yield from self._open(stack, opened, width)
        yield from self._closed(stack, 1, opened - 1, width)
        for index, block in enumerate(reversed(stack.inputs)):
            if index == 0:
                yield _indent("    ▲")
            yield self._row(block, width, "")

    def _closed(self, stack: StackView, first: int, last: int, width: int) -> Iterable[Text]:
        """Layers that are not opened, one line each, or one line for many."""
        parts = " → ".join(phrase(block.kind, self.language) for block in stack.sublayers)
        if last - first >= 8:
            label = phrase("layers_between", self.language, a=first, b=last)
            yield self._closed_line(phrase("colon", self.language, a=label, b=parts), width)
            return
        for layer in range(last, first - 1, -1):
            label = phrase("layer", self.language, n=layer)
            yield self._closed_line(phrase("colon", self.language, a=label, b=parts), width)

    def _closed_line(self, text: str, width: int) -> Text:
        inner = width - RESIDUAL - 4
        return _indent("│ ").append(left(text, inner), style="dim").append(" │")

    def _open(self, stack: StackView, layer: int, width: int) -> Iterable[Text]:
        inner = width - RESIDUAL - 4
        title = f" {phrase('layer', self.language, n=layer)} "
        yield _indent("┌─" + title + "─" * max(0, inner - cell_len(title) + 1) + "┐")
        residual = phrase("residual", self.language)
        for block in reversed(stack.sublayers):
            yield self._inside(stack.add_norm, inner, "◄──╮")
            yield _indent("│     ▲" + " " * (inner - 4) + "│   │")
            yield self._inside(block, inner, f"   │ {residual}", "bold")
            yield _indent("│     ├" + "─" * (inner - 4) + "┼───╯")
        yield _indent("└" + "─" * (inner + 2) + "┘")

    def _inside(self, block: Block, inner: int, way: str, style: str = "") -> Text:
        return _indent("│ ").append_text(self._columns(block, inner, style)).append(f" │{way}")

    def _row(self, block: Block, width: int, style: str) -> Text:
        return _indent("  ").append_text(self._columns(block, width - RESIDUAL - 4, style))

    def _columns(self, block: Block, width: int, style: str) -> Text:
        """Label, formula and shape; the formula gives way where it is narrow."""
        shape = shape_text(block.shape)
        label = crop(phrase(block.kind, self.language), max(8, width - len(shape) - 1))
        room = width - len(shape) - 1
        names = min(max(cell_len(label) + 2, 34), room)
        line = Text(left(label, names), style=style)
        line.append(left(crop(block.formula, room - names), room - names), style="not bold italic")
        return line.append(f" {shape}", style="not bold")


def _indent(text: str) -> Text:
    return Text(" " * MARGIN + text)


def demo() -> str:
    """The base model of the paper over a sentence of eleven tokens."""
    config = ModelConfig.preset("base", vocabulary=37_000, start=1, end=2)
    return render(structure(structure_view(config, 11, 13)), width=100)


if __name__ == "__main__":
    print(demo())
