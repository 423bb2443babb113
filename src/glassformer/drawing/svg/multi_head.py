"""The heads joined: Z of each side by side, times W_O, plus b_O."""

import dataclasses

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import shape_text
from glassformer.drawing.language import followed_note, name_of
from glassformer.drawing.svg.canvas import HUES, MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import Size, draw_matrix, page
from glassformer.drawing.svg.panels import CELL, TITLE, Panels
from glassformer.views import FlowPanel, MultiHeadView

GAP = 3.0
"""Pixels between two heads."""
NAMES = 26.0
"""Pixels above a head for its name and the band of its colour."""


def multi_head_svg(view: MultiHeadView, language: Language = "en", theme: str = "auto") -> str:
    """The joining as an SVG document."""
    part = name_of(view.part, language)
    layer = phrase("layer {n}", language, n=view.layer)
    where = phrase("{a}, {b}", language, a=part, b=layer)
    heads = phrase("Multi-head attention: the heads joined", language)
    canvas = Canvas(f"{heads} · {where}", "concat(Z₁ … Z_h) W_O + b_O")
    attention = view.output.matrix.name
    panels = Panels(canvas, language, prefix=attention, row=view.row)
    rows = len(view.output.matrix.values)
    panels.tall = 28.0 if rows <= 24 else 14.0
    y = panels.notes(
        canvas.heading(),
        f"{attention} = {joined(view)} W_O + b_O",
        shown_note(view, language),
    )
    note = followed_note(view.row, view.output.matrix.row_labels, language)
    if note:
        y += 22
        canvas.text(MARGIN, y, note, class_="strong small h1")
        canvas.reach(MARGIN + text_width(note, 13.0), y)
    y += 36
    x, middle = _joined(canvas, view, panels, y)
    y += NAMES  # so that rows stand beside each other
    if view.parameters:
        weight, bias = view.parameters
        x = panels.sign(x, middle, "·")
        right, low = _weight(canvas, view, weight, panels, x, y)
        other, _ = panels.draw(bias, x, low + 24)
        x = max(right, other)
    x = panels.arrow(x, middle, "W_O, b_O" if not view.parameters else "+ b_O")
    panels.draw(view.output, x, y, follow=True)
    return canvas.svg(theme)


def joined(view: MultiHeadView) -> str:
    """The heads in one matrix, as a formula."""
    titles = [head.title for head in view.heads]
    return f"concat({titles[0]} … {titles[-1]})" if len(titles) > 1 else titles[0]


def shown_note(view: MultiHeadView, language: Language) -> str:
    """What is shown of matrices that have too many columns."""
    note = phrase(
        "Of each head the first {shown} of {all} features are shown, and of W_O the rows that they "
        "meet.",
        language,
        shown=view.features_shown,
        all=view.d_head,
    )
    if view.parameters:
        return note
    missing = "The weights W and b are not in this trace: a saved one does not hold them."
    return f"{note} {phrase(missing, language)}"


def _joined(canvas: Canvas, view: MultiHeadView, panels: Panels, y: float) -> tuple[float, float]:
    """All heads side by side; gives where they end, and the middle of their rows."""
    rows = len(view.output.matrix.values)
    shape = shape_text((rows, len(view.heads) * view.d_head))
    canvas.text(MARGIN, y, joined(view), class_="strong panel")
    canvas.text(MARGIN + text_width(joined(view), 16.0) + 10, y, shape, class_="quiet small shape")
    canvas.text(MARGIN, y + 17, "context", class_="quiet number")
    x, top, above = MARGIN, y + TITLE, 0.0
    for index, head in enumerate(view.heads):
        matrix = head.matrix
        if index:  # which begins where the one before it ends
            matrix = dataclasses.replace(matrix, row_labels=())
        size = Size.with_cells(matrix, CELL, panels.tall)
        above = size.above + NAMES
        left, wide = x + size.before, CELL * len(matrix.values[0])
        colour = index % len(HUES)
        band = top + NAMES - 8
        canvas.add(
            "path", class_=f"h{colour}", stroke_width="4", d=f"M{left:.1f} {band:.1f}h{wide:.1f}"
        )
        canvas.text(
            left + wide / 2,
            band - 7,
            head.title,
            class_=f"strong h{colour} head",
            text_anchor="middle",
        )
        x, _ = draw_matrix(canvas, page(matrix), x, top + NAMES, size, row=view.row, large=True)
        x += GAP
    return x, top + above + panels.tall * rows / 2


def _weight(
    canvas: Canvas, view: MultiHeadView, weight: FlowPanel, panels: Panels, x: float, y: float
) -> tuple[float, float]:
    """W_O, its rows in the colours of the heads that they meet."""
    right, low = panels.draw(weight, x, y)
    size = panels.size(weight)
    left, top = x + size.before - 3, y + TITLE + size.above
    tall = panels.tall * view.features_shown
    for index in range(len(view.heads)):
        way = f"M{left:.1f} {top + index * tall + 1:.1f}v{tall - 2:.1f}"
        canvas.add("path", class_=f"h{index % len(HUES)}", stroke_width="4", d=way)
    return right, low
