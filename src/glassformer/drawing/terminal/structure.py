"""The structure of a model in the terminal: bottom to top, one of the many layers opened."""

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import crop, heading, left, shape_text
from glassformer.drawing.language import layers_alike, name_of
from glassformer.views import Block, StackView, StructureView

MARGIN = 1
RESIDUAL = 13
"""Cells to the right of an opened layer, for the ways around its sublayers."""


class Structure:
    """The stacks of a model, one after the other, with layer `open_layer` (from 1) opened."""

    def __init__(self, view: StructureView, language: Language = "en", open_layer: int = 1) -> None:
        self.view = view
        self.language = language
        self.open_layer = open_layer

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        for index, stack in enumerate(self.view.stacks):
            if index:
                yield ""
            layers = layers_alike(stack.num_layers, self.language)
            side = name_of(stack.side, self.language)
            yield heading(
                phrase("Structure", self.language),
                phrase("{a}, {b}", self.language, a=side, b=layers),
            )
            width = min(console.width, 100) - MARGIN - RESIDUAL
            yield from _Stack(stack, self.language, width).lines(self.open_layer)


class _Stack:
    """One stack, in boxes of `inner` cells of text."""

    def __init__(self, stack: StackView, language: Language, width: int) -> None:
        self.stack = stack
        self.language = language
        self.inner = width - 4
        blocks = (*stack.inputs, *stack.sublayers, stack.add_norm, *stack.outputs)
        self.labels = max(cell_len(name_of(block.kind, language)) for block in blocks) + 2

    def lines(self, open_layer: int) -> Iterable[Text]:
        """From what comes out, on top, down to what goes in."""
        stack = self.stack
        for block in reversed(stack.outputs):
            yield self._row(block, "bold")
            yield _indent("    ▲")
        opened = min(open_layer, stack.num_layers)
        yield from self._closed(opened + 1, stack.num_layers)
        yield from self._open(opened)
        yield from self._closed(1, opened - 1)
        yield _indent("    ▲")
        for block in reversed(stack.inputs):
            yield self._row(block, "")

    def _closed(self, first: int, last: int) -> Iterable[Text]:
        """Layers that are not opened, one line each, or one line for many."""
        parts = " → ".join(name_of(block.kind, self.language) for block in self.stack.sublayers)
        if last - first >= 8:
            labels = [phrase("layers {a} to {b}", self.language, a=first, b=last)]
        else:
            labels = [phrase("layer {n}", self.language, n=n) for n in range(last, first - 1, -1)]
        for label in labels:
            text = phrase("{a}: {b}", self.language, a=label, b=parts)
            yield _indent("│ ").append(left(text, self.inner), style="dim").append(" │")

    def _open(self, layer: int) -> Iterable[Text]:
        title = f" {phrase('layer {n}', self.language, n=layer)} "
        yield _indent("┌─" + title + "─" * max(0, self.inner - cell_len(title) + 1) + "┐")
        residual = phrase("residual", self.language)
        for block in reversed(self.stack.sublayers):
            yield self._inside(self.stack.add_norm, "◄──╮")
            yield _indent("│     ▲" + " " * (self.inner - 4) + "│   │")
            yield self._inside(block, f"   │ {residual}", "bold")
            yield _indent("│     ├" + "─" * (self.inner - 4) + "┼───╯")
        yield _indent("└" + "─" * (self.inner + 2) + "┘")

    def _inside(self, block: Block, way: str, style: str = "") -> Text:
        return _indent("│ ").append_text(self._columns(block, style)).append(f" │{way}")

    def _row(self, block: Block, style: str) -> Text:
        return _indent("  ").append_text(self._columns(block, style))

    def _columns(self, block: Block, style: str) -> Text:
        """Label, formula and shape; the formula gives way where it is narrow."""
        shape = shape_text(block.shape)
        label = crop(name_of(block.kind, self.language), max(8, self.inner - len(shape) - 1))
        room = self.inner - len(shape) - 1
        names = min(self.labels, room)
        line = Text(left(label, names), style=style)
        line.append(left(crop(block.formula, room - names), room - names), style="not bold italic")
        return line.append(f" {shape}", style="not bold")


def _indent(text: str) -> Text:
    return Text(" " * MARGIN + text)
