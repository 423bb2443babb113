"""The structure of a model in the terminal: bottom to top, one of the many layers opened."""

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, left, wrapped
from glassformer.drawing.language import layers_alike, name_of, shape_name
from glassformer.views import Block, StackView, StructureView

MARGIN = 1
RESIDUAL = 13
"""Cells to the right of an opened layer, for the ways around its sublayers."""
MEMORY = "R─►"
"""What enters the cross-attention of every layer of a decoder."""
PLUS = "  ⊕ ◄─ "
"""Before what is added to the embedding from the side."""


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
    """One stack, in boxes of `inner` cells of text; what enters it from the left before them."""

    def __init__(self, stack: StackView, language: Language, width: int) -> None:
        self.stack = stack
        self.language = language
        reads = any(block.kind == "cross_attention" for block in stack.sublayers)
        self.before = cell_len(MEMORY) if reads else 0
        self.inner = width - 4 - self.before
        self.blocks = (*stack.inputs, *stack.sublayers, stack.add_norm, *stack.outputs)
        self.labels = max(cell_len(self._label(block)) for block in self.blocks) + 1
        self.in_line = all(self._fits(block) for block in self.blocks)

    def lines(self, open_layer: int) -> Iterable[Text]:
        """From what comes out, on top, down to what goes in."""
        stack = self.stack
        for block in reversed(stack.outputs):
            yield from self._row(block, "bold")
            yield self._indent("    ▲")
        opened = min(open_layer, stack.num_layers)
        yield from self._closed(opened + 1, stack.num_layers)
        yield from self._open(opened)
        yield from self._closed(1, opened - 1)
        for block in reversed(stack.inputs):
            if not block.is_added:
                yield self._indent("    ▲")
            yield from self._row(block, "")

    def _closed(self, first: int, last: int) -> Iterable[Text]:
        """Layers that are not opened, a line each where they fit in one, or one for many."""
        parts = " → ".join(name_of(block.kind, self.language) for block in self.stack.sublayers)
        if last - first >= 4:
            labels = [phrase("layers {a} to {b}", self.language, a=first, b=last)]
        else:
            labels = [phrase("layer {n}", self.language, n=n) for n in range(last, first - 1, -1)]
        for label in labels:
            text = phrase("{a}: {b}", self.language, a=label, b=parts)
            for index, line in enumerate(wrapped(text, self.inner)):
                memory = MEMORY if self.before and not index else ""
                yield self._indent("│ ", memory).append(left(line, self.inner), "dim").append(" │")

    def _open(self, layer: int) -> Iterable[Text]:
        title = f" {phrase('layer {n}', self.language, n=layer)} "
        yield self._indent("┌─" + title + "─" * max(0, self.inner - cell_len(title) + 1) + "┐")
        residual = phrase("residual", self.language)
        for block in reversed(self.stack.sublayers):
            yield from self._inside(self.stack.add_norm, "◄──╮", "   │")
            yield self._indent("│     ▲" + " " * (self.inner - 4) + "│   │")
            memory = MEMORY if block.kind == "cross_attention" else ""
            yield from self._inside(block, f"   │ {residual}", "   │", "bold", memory)
            yield self._indent("│     ├" + "─" * (self.inner - 4) + "┼───╯")
        yield self._indent("└" + "─" * (self.inner + 2) + "┘")

    def _inside(
        self, block: Block, way: str, ways: str, style: str = "", memory: str = ""
    ) -> Iterable[Text]:
        for index, line in enumerate(self._columns(block, style)):
            before = self._indent("│ ", "" if index else memory)
            yield before.append_text(line).append(f" │{ways if index else way}")

    def _row(self, block: Block, style: str) -> Iterable[Text]:
        for line in self._columns(block, style):
            yield self._indent("  ").append_text(line)

    def _label(self, block: Block) -> str:
        name = name_of(block.kind, self.language)
        return f"{PLUS}{name}" if block.is_added else name

    def _fits(self, block: Block) -> bool:
        shape = shape_name(block, self.language)
        return self.labels + cell_len(block.formula) + 1 + cell_len(shape) <= self.inner

    def _columns(self, block: Block, style: str) -> Iterable[Text]:
        """Label, formula and shape in one line, or one below the other where it is narrow."""
        label, shape = self._label(block), shape_name(block, self.language)
        if self.in_line:
            line = Text(left(label, self.labels), style=style)
            line.append(block.formula, "not bold italic")
            space = self.inner - cell_len(line.plain) - cell_len(shape)
            yield line.append(" " * space + shape, "not bold")
            return
        space = self.inner - cell_len(label) - cell_len(shape)
        if space > 0:
            yield Text(label, style=style).append(" " * space + shape, "not bold")
        else:
            before = PLUS if block.is_added else ""
            for part in wrapped(label.removeprefix(before), self.inner - len(before)):
                yield Text(left(before + part, self.inner), style=style)
                before = " " * len(before)
            for part in wrapped(shape, self.inner):
                yield Text(" " * (self.inner - cell_len(part)) + part)
        indent = "    " if block.is_added else "  "
        for part in wrapped(block.formula, self.inner - len(indent)):
            yield Text(left(indent + part, self.inner), style="italic")

    def _indent(self, text: str, memory: str = "") -> Text:
        return Text(" " * MARGIN + left(memory, self.before) + text)
