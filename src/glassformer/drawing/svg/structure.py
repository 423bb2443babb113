"""The model from its configuration, bottom to top, one of its layers opened."""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import layers_alike, name_of
from glassformer.drawing.svg.canvas import MARGIN, Canvas, shorten, text_width
from glassformer.views import Block, StackView, StructureView

WIDTH = 420.0
BOX = 46.0
GAP = 22.0
WAY = 34.0
"""How far to the right of an opened layer's boxes the residual ways go."""


def structure_svg(
    view: StructureView, language: Language = "en", theme: str = "auto", open_layer: int = 1
) -> str:
    """The structure as an SVG document, the stacks side by side; layers count from 1."""
    canvas = Canvas(
        phrase("Structure", language),
        "; ".join(
            f"{stack.side}: {stack.num_layers} × ("
            + ", ".join(f"{block.kind} {shape_text(block.shape)}" for block in stack.sublayers)
            + ")"
            for stack in view.stacks
        ),
    )
    canvas.heading()
    heights = [_height(stack, open_layer) for stack in view.stacks]
    bottom = MARGIN + 70.0 + max(heights)
    left = MARGIN
    for stack in view.stacks:
        _stack(canvas, stack, left, bottom, language, open_layer)
        left += WIDTH + WAY + 110
    return canvas.svg(theme)


def _height(stack: StackView, open_layer: int) -> float:
    below = min(open_layer, stack.num_layers) - 1
    closed = sum(len(_groups(*ends)) for ends in ((1, below), (below + 2, stack.num_layers)))
    boxes = len(stack.inputs) + closed + 2 * len(stack.sublayers) + len(stack.outputs)
    return boxes * (BOX + GAP) + 16.0


def _groups(first: int, last: int) -> list[tuple[int, int]]:
    """Closed layers, one by one, or many of them together."""
    if last - first >= 4:
        return [(first, last)]
    return [(layer, layer) for layer in range(first, last + 1)]


def _stack(
    canvas: Canvas, stack: StackView, left: float, bottom: float, language: Language, opened: int
) -> None:
    title = layers_alike(stack.num_layers, language)
    side = name_of(stack.side, language)
    y = bottom
    for block in stack.inputs:
        y = _box(canvas, block, left, y, language)
    opened = min(opened, stack.num_layers)
    y = _closed(canvas, stack, left, y, language, 1, opened - 1)
    y = _opened(canvas, stack, left, y, language, opened)
    y = _closed(canvas, stack, left, y, language, opened + 1, stack.num_layers)
    for block in stack.outputs:
        y = _box(canvas, block, left, y, language, last=block is stack.outputs[-1])
    canvas.text(left, y - 4, phrase("{a}, {b}", language, a=side, b=title), class_="strong")


def _box(
    canvas: Canvas, block: Block, left: float, y: float, language: Language, last: bool = False
) -> float:
    """One box with its bottom at y; gives where the next one's bottom is."""
    top = y - BOX
    canvas.add("rect", class_="box", x=left, y=top, width=WIDTH, height=BOX, rx=5.0)
    shape = shape_text(block.shape)
    room = WIDTH - text_width(shape, 12.0) - 36
    name = shorten(name_of(block.kind, language), room)
    canvas.text(left + 12, top + (20 if block.formula else 28), name, class_="block")
    if block.formula:
        canvas.text(left + 12, top + 37, block.formula, class_="quiet small italic")
    canvas.text(
        left + WIDTH - 12,
        top + (20 if block.formula else 28),
        shape,
        class_="quiet small shape",
        text_anchor="end",
    )
    canvas.reach(left + WIDTH, y)
    if not last:
        _arrow(canvas, left + 40, top, top - GAP)
    return top - GAP


def _closed(
    canvas: Canvas,
    stack: StackView,
    left: float,
    y: float,
    language: Language,
    first: int,
    last: int,
) -> float:
    """Layers that are not opened: one box each, or one for many."""
    for low, high in _groups(first, last):
        label = (
            phrase("layer {n}", language, n=low)
            if low == high
            else phrase("layers {a} to {b}", language, a=low, b=high)
        )
        top = y - BOX
        canvas.add("rect", class_="box layer", x=left, y=top, width=WIDTH, height=BOX, rx=5.0)
        canvas.text(left + 12, top + 20, label, class_="strong")
        parts = " → ".join(name_of(block.kind, language) for block in stack.sublayers)
        canvas.text(left + 12, top + 37, shorten(parts, WIDTH - 24, 12.0), class_="quiet small")
        _arrow(canvas, left + 40, top, top - GAP)
        y = top - GAP
    return y


def _opened(
    canvas: Canvas, stack: StackView, left: float, y: float, language: Language, layer: int
) -> float:
    bottom = y
    y -= 10
    canvas.add("path", class_="line", stroke_width="1.6", d=f"M{left + 40:.1f} {bottom:.1f}v-10")
    for block in stack.sublayers:
        enters = y
        y = _box(canvas, block, left, y, language)
        joins = y - BOX / 2
        last = block is stack.sublayers[-1]
        y = _box(canvas, stack.add_norm, left, y, language, last)
        right = left + WIDTH
        # The way around: from what enters the sublayer to the add & norm above it.
        canvas.add(
            "path",
            class_="line residual",
            stroke_width="1.6",
            d=f"M{left + 40:.1f} {enters + 6:.1f}H{right + WAY:.1f}V{joins:.1f}H{right + 10:.1f}",
        )
        canvas.add("path", class_="arrow", d=f"M{right + 3:.1f} {joins:.1f}l9 -4.5v9z")
        canvas.text(
            right + WAY + 5,
            (enters + joins) / 2 + 4,
            phrase("residual", language),
            class_="quiet small",
        )
        canvas.reach(right + WAY + 5 + text_width(phrase("residual", language), 12.0), joins)
    top = y + GAP - 10
    _arrow(canvas, left + 40, y + GAP, y - 6)
    canvas.add(
        "rect",
        class_="line opened",
        fill_opacity="0",
        x=left - 10,
        y=top,
        width=WIDTH + 20,
        height=bottom - top,
        rx=8.0,
        stroke_dasharray="5 4",
    )
    canvas.text(
        left + WIDTH + 14, top + 14, phrase("layer {n}", language, n=layer), class_="strong small"
    )
    return y - 6


def _arrow(canvas: Canvas, x: float, low: float, high: float) -> None:
    canvas.add("path", class_="line", stroke_width="1.6", d=f"M{x:.1f} {low:.1f}V{high + 7:.1f}")
    canvas.add("path", class_="arrow", d=f"M{x:.1f} {high:.1f}l-4.5 9h9z")
