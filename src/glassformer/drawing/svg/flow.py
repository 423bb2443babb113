"""The four steps of one head side by side: Q Kᵀ, ÷ √d_head, softmax, and Z from the values."""

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import name_of, titled
from glassformer.drawing.svg.canvas import MARGIN, Canvas, text_width
from glassformer.drawing.svg.matrix import draw_matrix
from glassformer.views import FlowView

PANEL = 560.0
"""Pixels that one matrix may take across."""


def flow_svg(view: FlowView, language: Language = "en", theme: str = "auto") -> str:
    """The flow as an SVG document."""
    part = name_of(view.part, language)
    head = phrase("layer {layer}, head {head}", language, layer=view.layer, head=view.head)
    canvas = Canvas(
        phrase("Scaled dot-product attention", language)
        + " · "
        + phrase("{a}, {b}", language, a=part, b=head),
        "softmax(Q Kᵀ / √d_head) V",
    )
    y = canvas.heading()
    if view.features_shown < view.d_head:
        note = phrase(
            "Of Q, K, V and Z the first {shown} of {all} features are shown.",
            language,
            shown=view.features_shown,
            all=view.d_head,
        )
        canvas.text(MARGIN, y + 20, note, class_="quiet small")
        canvas.reach(MARGIN + text_width(note, 12.0), y + 20)
    x, top = MARGIN, y + 62.0
    for column in view.columns:
        if column.operation:
            width = text_width(column.operation, 13.0) + 26
            middle = top + 90.0
            canvas.text(
                x + width / 2,
                middle - 10,
                column.operation,
                class_="strong small operation",
                text_anchor="middle",
            )
            canvas.add(
                "path",
                class_="line",
                stroke_width="1.6",
                d=f"M{x + 6:.1f} {middle:.1f}H{x + width - 12:.1f}",
            )
            canvas.add("path", class_="arrow", d=f"M{x + width - 6:.1f} {middle:.1f}l-9 -4.5v9z")
            x += width + 6
        right, y = x, top
        for panel in column.panels:
            canvas.text(x, y, titled(panel.title, language), class_="strong panel")
            canvas.text(x, y + 16, panel.matrix.name, class_="quiet number")
            reached, bottom = draw_matrix(canvas, panel.matrix, x, y + 24, PANEL)
            right = max(right, reached, x + text_width(panel.matrix.name, 11.0))
            y = bottom + 40
        x = right + 18
    canvas.reach(x, canvas.height)
    return canvas.svg(theme)
