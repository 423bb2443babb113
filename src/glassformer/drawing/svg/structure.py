"""The model from its configuration, bottom to top, one of its layers opened.

The encoder stands on the left and the decoder on the right of it, as in figure 1 of Vaswani et al.
(2017): what is added comes from outside, and R goes from the one to the other in between.
"""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import layers_alike, name_of, shape_name
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.views import Block, StackView, StructureView

NARROWEST = 320.0
"""Boxes are as wide as their texts need, and at least this."""
BOX = 46.0
GAP = 24.0
LINE = 16.0
WAY = 30.0
"""How far from an opened layer's boxes the residual ways go."""
PLUS = 10.0
"""The radius of a ⊕."""
STROKE = 1.6
SMALL = 12.0


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
    heading = canvas.heading()
    # Drawn once on paper that nobody sees, to know how tall each stack is.
    unseen = [_Column(Canvas("", ""), stack, language, open_layer) for stack in view.stacks]
    bottom = heading + 40.0 + max(-column.draw(0.0, 0.0) for column in unseen)
    left, memory = MARGIN, None
    for stack in view.stacks:
        column = _Column(canvas, stack, language, open_layer)
        if column.outside < 0:
            left += column.overhang
        elif memory is not None:
            left += _Memory.room(memory, language)
        column.draw(left, bottom)
        if memory is not None:
            memory.draw(column)
        memory = _Memory(column)
        left += column.width
    return canvas.svg(theme)


class _Column:
    """One stack: its boxes between `left` and `left + width`, what is added coming from outside."""

    def __init__(self, canvas: Canvas, stack: StackView, language: Language, opened: int) -> None:
        self.canvas = canvas
        self.stack = stack
        self.language = language
        self.opened = min(opened, stack.num_layers)
        self.outside = -1 if stack.side == "encoder" else 1
        self.added = tuple(block for block in stack.inputs if block.is_added)
        blocks = (*stack.inputs, *stack.sublayers, stack.add_norm, *stack.outputs)
        self.width = max(
            NARROWEST,
            text_width(self._title, 15.0),
            *(self._room(block) for block in blocks if not block.is_added),
        )
        self.side_width = max((self._room(block) for block in self.added), default=0.0)
        self.left = self.y = 0.0
        self.made: tuple[float, Block] = (0.0, stack.outputs[0])
        """Where the representation leaves, and what it is."""
        self.reads: list[float] = []
        """Where R enters a layer."""

    @property
    def centre(self) -> float:
        return self.left + self.width / 2

    @property
    def overhang(self) -> float:
        """How far what stands outside of the boxes goes."""
        residual = WAY + 8 + text_width(phrase("residual", self.language), SMALL)
        return max(residual, 44.0 + self.side_width - self.width / 2)

    @property
    def _title(self) -> str:
        layers = layers_alike(self.stack.num_layers, self.language)
        side = name_of(self.stack.side, self.language)
        return phrase("{a}, {b}", self.language, a=side, b=layers)

    def _room(self, block: Block) -> float:
        """How wide a box has to be for its texts."""
        name = text_width(name_of(block.kind, self.language), 15.0)
        shape = text_width(shape_name(block, self.language), SMALL)
        return 24.0 + max(name + 20.0 + shape, text_width(block.formula, SMALL))

    def draw(self, left: float, bottom: float) -> float:
        """Draw from this bottom upwards; gives the top."""
        self.left, self.y = left, bottom
        for block, above in zip(self.stack.inputs, (*self.stack.inputs[1:], None), strict=True):
            onward = BOX / 2 - PLUS if above is not None and above.is_added else 0.0
            if block.is_added:
                self._plus(block, onward)
            else:
                self._box(block, onward=onward)
        self._closed(1, self.opened - 1)
        self._open()
        self._closed(self.opened + 1, self.stack.num_layers)
        for block in self.stack.outputs:
            if block is self.stack.outputs[0]:
                self.made = (self.y - BOX / 2, block)
            self._box(block, last=block is self.stack.outputs[-1])
        self.canvas.text(left, self.y + GAP - 12, self._title, class_="strong stack")
        self.canvas.reach(left + self.width + (self.overhang if self.outside > 0 else 0.0), bottom)
        return self.y - 10

    def _box(self, block: Block, last: bool = False, onward: float = 0.0) -> None:
        """One box on the way up, and the arrow out of it, which goes on into a ⊕ above."""
        self._rectangle(block, self.left, self.width)
        self._rise(BOX, last, onward)

    def _rectangle(self, block: Block, left: float, width: float) -> None:
        canvas, top = self.canvas, self.y - BOX
        line = top + (20 if block.formula else 28)
        canvas.add("rect", class_="box", x=left, y=top, width=width, height=BOX, rx=5.0)
        canvas.text(left + 12, line, name_of(block.kind, self.language), class_="block")
        canvas.text(
            left + width - 12,
            line,
            shape_name(block, self.language),
            class_="quiet small shape",
            text_anchor="end",
        )
        if block.formula:
            canvas.text(left + 12, top + 37, block.formula, class_="quiet small italic")

    def _rise(self, height: float, last: bool = False, onward: float = 0.0) -> None:
        """Past something of this height, with an arrow to what comes next."""
        self.y -= height
        tip = self.y - GAP - onward
        if not last:
            _way(self.canvas, f"M{self.centre:.1f} {self.y:.1f}V{tip + 7:.1f}")
            _head(self.canvas, self.centre, tip, "up")
        self.y -= GAP

    def _plus(self, block: Block, onward: float) -> None:
        """⊕ on the way up: what is added comes from outside."""
        x, y, outside = self.centre, self.y - BOX / 2, self.outside
        near = x + outside * 44.0
        self._rectangle(block, near - (self.side_width if outside < 0 else 0.0), self.side_width)
        _way(self.canvas, f"M{near:.1f} {y:.1f}H{x + outside * (PLUS + 7):.1f}", "added")
        _head(self.canvas, x + outside * PLUS, y, "right" if outside < 0 else "left")
        _way(
            self.canvas,
            f"M{x - PLUS:.1f} {y:.1f}a{PLUS:g} {PLUS:g} 0 1 0 {2 * PLUS:g} 0"
            f"a{PLUS:g} {PLUS:g} 0 1 0 {-2 * PLUS:g} 0z"
            f"M{x - 5:.1f} {y:.1f}h10M{x:.1f} {y - 5:.1f}v10",
            "plus",
        )
        _way(self.canvas, f"M{x:.1f} {y - PLUS:.1f}V{self.y - BOX:.1f}")
        self._rise(BOX, onward=onward)

    def _closed(self, first: int, last: int) -> None:
        """Layers that are not opened: one box each, or one for many."""
        for low, high in _groups(first, last):
            label = (
                phrase("layer {n}", self.language, n=low)
                if low == high
                else phrase("layers {a} to {b}", self.language, a=low, b=high)
            )
            lines = self._parts()
            height = BOX + LINE * (len(lines) - 1)
            top = self.y - height
            self.canvas.add(
                "rect",
                class_="box layer",
                x=self.left,
                y=top,
                width=self.width,
                height=height,
                rx=5.0,
            )
            self.canvas.text(self.left + 12, top + 20, label, class_="strong")
            for index, line in enumerate(lines):
                at = top + 37 + LINE * index
                self.canvas.text(self.left + 12, at, line, class_="quiet small")
            if self._reads_memory:
                self.reads.append(self.y - height / 2)
            self._rise(height)

    def _parts(self) -> list[str]:
        """The sublayers of a closed layer, in as many lines as they take."""
        lines: list[str] = []
        for block in self.stack.sublayers:
            name = name_of(block.kind, self.language)
            longer = f"{lines[-1]} → {name}" if lines else name
            if lines and text_width(longer, SMALL) > self.width - 24:
                lines.append(f"→ {name}")
            else:
                lines[-1:] = [longer]
        return lines

    @property
    def _reads_memory(self) -> bool:
        return any(block.kind == "cross_attention" for block in self.stack.sublayers)

    def _open(self) -> None:
        """The layer with all that is in it, and the ways around its sublayers."""
        bottom = self.y + 4
        self.y -= 14
        _way(self.canvas, f"M{self.centre:.1f} {self.y + 14:.1f}v-14")
        for block in self.stack.sublayers:
            enters = self.y + 8
            if block.kind == "cross_attention":
                self.reads.append(self.y - BOX / 2)
            self._box(block)
            # What leaves a sublayer is of another shape than what is inside of it.
            shape = shape_text(self.stack.add_norm.shape)
            self.canvas.text(
                self.centre + 9, self.y + GAP / 2 + 4, shape, class_="quiet small shape"
            )
            self._residual(enters, self.y - BOX / 2)
            self._box(self.stack.add_norm)
            self.y -= 8 if block is not self.stack.sublayers[-1] else 4
            _way(self.canvas, f"M{self.centre:.1f} {self.y + 8:.1f}V{self.y:.1f}")
        top = self.y + GAP - 6
        self.canvas.add(
            "rect",
            class_="line opened",
            fill_opacity="0",
            x=self.left - 10,
            y=top,
            width=self.width + 20,
            height=bottom - top,
            rx=8.0,
            stroke_dasharray="5 4",
        )
        self._outside(16, top + 12, phrase("layer {n}", self.language, n=self.opened), "strong")

    def _residual(self, enters: float, joins: float) -> None:
        """The way around: from what enters a sublayer to the add & norm above it."""
        out, edge = self.outside, self._edge
        _way(
            self.canvas,
            f"M{self.centre:.1f} {enters:.1f}H{edge + out * WAY:.1f}V{joins:.1f}"
            f"H{edge + out * 9:.1f}",
            "residual",
        )
        _head(self.canvas, edge + out * 2, joins, "right" if out < 0 else "left")
        label = phrase("residual", self.language)
        self._outside(WAY + 6, (enters + joins) / 2 + 4, label, "quiet")

    def _outside(self, away: float, y: float, text: str, style: str) -> None:
        """Text outside of the boxes, so far away from them."""
        anchor = "end" if self.outside < 0 else None
        x = self._edge + self.outside * away
        self.canvas.text(x, y, text, class_=f"{style} small", text_anchor=anchor)

    @property
    def _edge(self) -> float:
        return self.left if self.outside < 0 else self.left + self.width


class _Memory:
    """R on its way from the encoder into the cross-attention of every layer of the decoder."""

    def __init__(self, encoder: _Column) -> None:
        self.encoder = encoder
        self.leaves, block = encoder.made
        self.label = f"R  {shape_text(block.shape)}"

    def room(self, language: Language) -> float:
        """How far the decoder stands from the encoder."""
        return 100.0 + text_width(self.label, SMALL)

    def draw(self, decoder: _Column) -> None:
        """The line up or down between the two, and an arrow into each layer that reads R."""
        canvas = self.encoder.canvas
        start = self.encoder.left + self.encoder.width
        turn = start + 24.0 + text_width(self.label, SMALL)
        canvas.text(start + 10, self.leaves - 6, self.label, class_="quiet small shape")
        for enters in decoder.reads:
            way = f"M{start:.1f} {self.leaves:.1f}H{turn:.1f}V{enters:.1f}H{decoder.left - 9:.1f}"
            _way(canvas, way, "memory")
            _head(canvas, decoder.left - 2, enters, "right")
            canvas.text(turn + 8, enters - 6, "K, V", class_="quiet small")


def _groups(first: int, last: int) -> list[tuple[int, int]]:
    """Closed layers, one by one, or many of them together."""
    if last - first >= 4:
        return [(first, last)]
    return [(layer, layer) for layer in range(first, last + 1)]


def _way(canvas: Canvas, way: str, kind: str = "") -> None:
    canvas.add("path", class_=f"line {kind}".rstrip(), stroke_width=f"{STROKE}", d=way)


_HEADS = {"up": "l-4.5 9h9z", "right": "l-9 -4.5v9z", "left": "l9 -4.5v9z"}


def _head(canvas: Canvas, x: float, y: float, towards: str) -> None:
    """The head of an arrow with its tip there."""
    canvas.add("path", class_="arrow", d=f"M{x:.1f} {y:.1f}{_HEADS[towards]}")
