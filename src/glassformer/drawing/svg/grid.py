"""All layers × heads of one part in small, to choose from: each a heat map of its weights."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import levels_note, name_of
from glassformer.drawing.svg.attention.legend import as_sentence, draw_notes, one_after_the_other
from glassformer.drawing.svg.canvas import MARGIN, SPACE, Canvas, room, shorten, text_width
from glassformer.drawing.svg.colours import shade
from glassformer.drawing.svg.raster import png_uri
from glassformer.views import GridCell, GridView, printable

SIDE = 62
"""Pixels of one small picture; a sentence of more words is drawn by the largest of neighbours."""

LARGEST, WIDEST = 160.0, 1300.0
"""Pixels: squares grow for words on their axes up to this, and all of them beside each other."""

PITCH, TINY = 10.0, 9.0
"""Pixels that a word on an axis needs, and its font size."""

LONGEST_WORD = 70.0
"""Pixels; longer words are cut."""

_GAP, _BELOW = 10.0, 24.0
"""Between squares, across and down; there each has its largest weight below it."""
_BEFORE = 140.0
"""About the room for what stands before the squares."""
_NARROWEST_NOTE = 420.0
_NOTHING = 0.005
"""A smaller sum of weights would be 0.00."""


def grid_svg(view: GridView, language: Language = "en", theme: str = "auto") -> str:
    """The grid as an SVG document: layers from bottom to top, as in the model, heads across."""
    canvas = Canvas(_title(view, language), _description(view))
    layout = _Layout.of(view, canvas.heading() + 46.0, language)
    for head in range(1, view.num_heads + 1):
        x, y = layout.corner(view.num_layers, head)
        canvas.text(
            x + layout.side / 2,
            y - 10,
            phrase("head {n}", language, n=head),
            class_="quiet small",
            text_anchor="middle",
        )
        _draw_axis(canvas, layout.columns, x, layout.bottom + 18.0, layout, upright=True)
    for layer in range(1, view.num_layers + 1):
        x, y = layout.corner(layer, 1)
        label = phrase("layer {n}", language, n=layer)
        canvas.text(MARGIN, y + layout.side / 2 + 4, label, class_="quiet small")
        _draw_axis(canvas, layout.rows, x - 5.0, y, layout, upright=False)
    for cell in view.cells:
        _draw_square(canvas, view, cell, layout, language)
    canvas.reach(layout.right, layout.bottom + 22.0 + layout.below)
    width = min(room(), max(canvas.width - MARGIN, _NARROWEST_NOTE))
    note = one_after_the_other(_notes(view, layout, language), language)
    draw_notes(canvas, [note], MARGIN, canvas.height + 18.0, width)
    return canvas.svg(theme)


def _title(view: GridView, language: Language) -> str:
    size = phrase("{size} heads", language, size=f"{view.num_layers} × {view.num_heads}")
    title = f"{phrase('Attention', language)} · {name_of(view.part, language)} · {size}"
    if view.moment is not None:
        title += f" · {phrase('at update {n} of the training', language, n=view.moment.update)}"
    return title


def _description(view: GridView) -> str:
    return "; ".join(
        f"{cell.layer}.{cell.head}: {view.queries[cell.from_]} → {view.keys[cell.to]} "
        f"{cell.largest:.2f}"
        for cell in view.cells
    )


@dataclass(frozen=True)
class _Axis:
    """What stands along a side of the squares: words, or numbers of some of them."""

    labels: dict[int, str]
    """For each labelled row or column (from 0 among those shown), its word or number."""
    positions: tuple[int, ...]
    pitch: float
    words: bool

    @classmethod
    def of(cls, words: tuple[str, ...], shown: tuple[int, ...], side: float, step: int) -> "_Axis":
        pitch = side / (-(-len(shown) // step) * step)
        if pitch >= PITCH:
            named = [shorten(printable(words[at]), LONGEST_WORD, TINY) for at in shown]
            return cls(dict(enumerate(named)), shown, pitch, True)
        every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if n * pitch >= 18.0)
        numbered = [0, *(n - 1 for n in range(every, len(shown) + 1, every) if n > 1)]
        return cls({at: str(shown[at] + 1) for at in numbered}, shown, pitch, False)

    @property
    def length(self) -> float:
        """Of the longest label."""
        return max((text_width(label, TINY) for label in self.labels.values()), default=0.0)


@dataclass(frozen=True)
class _Layout:
    """Where the squares are, and what stands along their sides."""

    left: float
    top: float
    side: float
    num_layers: int
    num_heads: int
    rows: _Axis
    columns: _Axis
    turned: bool
    """Whether the words below the columns are turned, since they are wider than these."""

    @classmethod
    def of(cls, view: GridView, top: float, language: Language) -> "_Layout":
        longest = max(len(view.shown_queries), len(view.shown_keys))
        most = min(LARGEST, min(WIDEST, room() - _BEFORE) / view.num_heads - _GAP)
        # As large as words need, where that is possible for both sides of a square.
        side = float(max(SIDE, PITCH * longest if PITCH * longest <= most else 0.0))
        step = _pooling(longest)
        rows = _Axis.of(view.queries, view.shown_queries, side, step)
        columns = _Axis.of(view.keys, view.shown_keys, side, step)
        label = text_width(phrase("layer {n}", language, n=view.num_layers), 12.0)
        turned = columns.words and columns.length > columns.pitch
        left = MARGIN + label + 14.0 + rows.length + 5.0
        return cls(left, top, side, view.num_layers, view.num_heads, rows, columns, turned)

    @property
    def below(self) -> float:
        """Room for what stands below the squares."""
        return self.columns.length if self.turned else TINY

    def corner(self, layer: int, head: int) -> tuple[float, float]:
        """The top left corner of a square; both count from 1."""
        row = self.num_layers - layer
        return (
            self.left + (head - 1) * (self.side + _GAP),
            self.top + row * (self.side + _BELOW),
        )

    @property
    def right(self) -> float:
        return self.corner(1, self.num_heads)[0] + self.side

    @property
    def bottom(self) -> float:
        """Of the lowest squares."""
        return self.corner(1, 1)[1] + self.side


def _draw_axis(
    canvas: Canvas, axis: _Axis, x: float, y: float, layout: _Layout, *, upright: bool
) -> None:
    """Words or numbers along a side that begins at x, y: below the columns, or before the rows."""
    for at, label in axis.labels.items():
        middle = (at + 0.5) * axis.pitch
        turn = None
        across, down, anchor = x, y + middle + 3.0, "end"
        if upright:
            across, down, anchor = x + middle, y + TINY - 1.0, "middle"
            if layout.turned:
                across, down, anchor = x + middle + 3.0, y, "end"
                turn = f"rotate(-90 {across:g} {down:g})"
        canvas.text(
            across,
            down,
            label,
            pale=SPACE,
            size=TINY,
            class_=f"quiet axis {'key' if upright else 'query'}{' word' if axis.words else ''}",
            style=f"font-size:{TINY:g}px",
            text_anchor=anchor,
            transform=turn,
            data_position=axis.positions[at],
        )


def _notes(view: GridView, layout: _Layout, language: Language) -> list[str]:
    notes = [
        phrase(
            "Each square: rows attend to columns; no colour is 0, full colour 1; below: the "
            "largest.",
            language,
        )
    ]
    if not (layout.rows.words and layout.columns.words):
        unit = (
            "Words are numbered from 1." if view.unit == "words" else "Tokens are numbered from 1."
        )
        notes.append(phrase(unit, language))
    pooled = _pooling(max(len(view.shown_queries), len(view.shown_keys)))
    if pooled > 1:
        notes.append(phrase("One dot is the largest of {n} × {n} weights.", language, n=pooled))
    if view.card is not None:
        notes.append(phrase("Framed: the head that the model card recommends.", language))
    if view.moment is not None:
        notes.append(as_sentence(levels_note(view.moment, language), language))
    return notes


def _draw_square(
    canvas: Canvas, view: GridView, cell: GridCell, layout: _Layout, language: Language
) -> None:
    x, y = layout.corner(cell.layer, cell.head)
    side = layout.side
    chosen = view.card == (cell.layer, cell.head)
    weights = np.asarray(cell.weights, dtype=np.float64)
    canvas.open(class_="head", data_layer=cell.layer, data_head=cell.head)
    canvas.add(
        "image",
        x=x,
        y=y,
        width=side,
        height=side,
        preserveAspectRatio="none",
        style="image-rendering:pixelated",
        href=png_uri(_enlarged(shade(_pooled(weights), 1.0), side)),
    )
    if (weights.sum(axis=1) < _NOTHING).all():
        lines = phrase("all to|special|tokens", language).split("|")
        for number, line in enumerate(lines):
            canvas.text(
                x + side / 2,
                y + side / 2 + 4.0 + 12.0 * (number - (len(lines) - 1) / 2),
                line,
                class_="quiet empty",
                style="font-size:10px",
                text_anchor="middle",
            )
    tip = f"{cell.layer}.{cell.head}: {view.queries[cell.from_]} → {view.keys[cell.to]}"
    canvas.titled(
        "rect",
        f"{tip} {cell.largest:.6f}",
        class_="line card" if chosen else "line",
        x=x,
        y=y,
        width=side,
        height=side,
        fill="none",
        fill_opacity="0",
        stroke_width="3" if chosen else "0.7",
        pointer_events="all",
    )
    canvas.close()
    canvas.text(
        x + side / 2,
        y + side + 12,
        f"{cell.largest:.2f}",
        class_="number quiet largest",
        text_anchor="middle",
        data_layer=cell.layer,
        data_head=cell.head,
    )


def _enlarged(dots: UInt8[np.ndarray, "rows columns 4"], side: float) -> np.ndarray:
    """Each dot as a square of pixels, since many viewers blur an image that they enlarge."""
    across, down = (-(-int(side) // count) for count in dots.shape[:2])
    return dots.repeat(across, axis=0).repeat(down, axis=1)


def _pooling(size: int) -> int:
    """So many neighbours, across and down, become one dot where there are more than pixels."""
    return -(-size // SIDE)


def _pooled(weights: np.ndarray) -> np.ndarray:
    """The largest of each square of neighbours, where there are more cells than pixels."""
    step = _pooling(max(weights.shape))
    if step == 1:
        return weights
    rows, columns = (-(-size // step) for size in weights.shape)
    padded = np.zeros((rows * step, columns * step))
    padded[: weights.shape[0], : weights.shape[1]] = weights
    pooled: np.ndarray = padded.reshape(rows, step, columns, step).max(axis=(1, 3))
    return pooled
