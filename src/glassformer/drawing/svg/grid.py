"""All layers × heads of one part in small, to choose from: each a heat map of its weights."""

import numpy as np

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import levels_note, name_of
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.colours import shade
from glassformer.drawing.svg.raster import png_uri
from glassformer.views import GridView

SIDE = 62.0
"""Pixels of one small picture; a sentence of more words is drawn by the largest of neighbours."""


def grid_svg(view: GridView, language: Language = "en", theme: str = "auto") -> str:
    """The grid as an SVG document: layers from bottom to top, as in the model, heads across."""
    part = name_of(view.part, language)
    size = f"{view.num_layers} × {view.num_heads}"
    title = (
        f"{phrase('Attention', language)} · {part} · {phrase('{size} heads', language, size=size)}"
    )
    if view.moment is not None:
        title += f" · {phrase('at update {n} of the training', language, n=view.moment.update)}"
    canvas = Canvas(
        title,
        "; ".join(
            f"{cell.layer}.{cell.head}: {view.queries[cell.from_]} → {view.keys[cell.to]} "
            f"{cell.largest:.2f}"
            for cell in view.cells
        ),
    )
    y = canvas.heading()
    left, top = MARGIN + 62.0, y + 46.0
    pitch = SIDE + 10
    for head in range(1, view.num_heads + 1):
        label = phrase("head {n}", language, n=head)
        canvas.text(
            left + (head - 1) * pitch + SIDE / 2,
            top - 10,
            label,
            class_="quiet small",
            text_anchor="middle",
        )
    for cell in view.cells:
        x = left + (cell.head - 1) * pitch
        row = view.num_layers - cell.layer
        at = top + row * (pitch + 14)
        if cell.head == 1:
            canvas.text(
                MARGIN,
                at + SIDE / 2 + 4,
                phrase("layer {n}", language, n=cell.layer),
                class_="quiet small",
            )
        _small_picture(canvas, view, cell.layer, cell.head, x, at)
        canvas.text(
            x + SIDE / 2,
            at + SIDE + 12,
            f"{cell.largest:.2f}",
            class_="number quiet largest",
            text_anchor="middle",
            data_layer=cell.layer,
            data_head=cell.head,
        )
    note = phrase(
        "Each square: rows attend to columns; no colour is 0, full colour 1; below: the largest.",
        language,
    )
    pooled = -(-max(len(view.shown_queries), len(view.shown_keys)) // int(SIDE))
    if pooled > 1:
        note += " " + phrase("One dot is the largest of {n} × {n} weights.", language, n=pooled)
    if view.moment is not None:
        levels = levels_note(view.moment, language)
        canvas.text(MARGIN, canvas.height + 22, levels, class_="quiet small")
    canvas.text(MARGIN, canvas.height + 22, note, class_="quiet small")
    canvas.reach(MARGIN + text_width(note, 12.0), canvas.height)
    canvas.reach(left + view.num_heads * pitch, canvas.height)
    return canvas.svg(theme)


def _small_picture(
    canvas: Canvas, view: GridView, layer: int, head: int, x: float, y: float
) -> None:
    cell = view.cell(layer, head)
    chosen = view.card == (layer, head)
    weights = _pooled(np.asarray(cell.weights, dtype=np.float64))
    canvas.open(class_="head", data_layer=layer, data_head=head)
    canvas.add(
        "image",
        x=x,
        y=y,
        width=SIDE,
        height=SIDE,
        preserveAspectRatio="none",
        style="image-rendering:pixelated",
        href=png_uri(shade(weights, 1.0)),
    )
    tip = f"{layer}.{head}: {view.queries[cell.from_]} → {view.keys[cell.to]} {cell.largest:.6f}"
    canvas.titled(
        "rect",
        tip,
        class_="line card" if chosen else "line",
        x=x,
        y=y,
        width=SIDE,
        height=SIDE,
        fill="none",
        fill_opacity="0",
        stroke_width="3" if chosen else "0.7",
        pointer_events="all",
    )
    canvas.close()


def _pooled(weights: np.ndarray) -> np.ndarray:
    """The largest of each square of neighbours, where there are more cells than pixels."""
    step = -(-max(weights.shape) // int(SIDE))
    if step == 1:
        return weights
    rows, columns = (-(-size // step) for size in weights.shape)
    padded = np.zeros((rows * step, columns * step))
    padded[: weights.shape[0], : weights.shape[1]] = weights
    pooled: np.ndarray = padded.reshape(rows, step, columns, step).max(axis=(1, 3))
    return pooled
