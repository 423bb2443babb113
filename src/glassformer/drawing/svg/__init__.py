"""SVG, the one picture: PNG, notebooks and pages are made from it.

`python -m glassformer.drawing.svg` prints a demonstration.
"""

from glassformer.drawing.language import Language
from glassformer.drawing.svg.attention import attention_svg
from glassformer.drawing.svg.flow import flow_svg
from glassformer.drawing.svg.grid import grid_svg
from glassformer.drawing.svg.matrix import matrix_svg
from glassformer.drawing.svg.structure import structure_svg
from glassformer.views import (
    AttentionView,
    FlowView,
    GridView,
    MatrixView,
    View,
)


def svg(view: View, language: Language = "en", theme: str = "auto", open_layer: int = 1) -> str:
    """Any view as an SVG document; theme is "light", "dark" or "auto" (what the viewer prefers).

    A structure is drawn with layer `open_layer` (from 1) opened.
    """
    if isinstance(view, AttentionView):
        return attention_svg(view, language, theme)
    if isinstance(view, GridView):
        return grid_svg(view, language, theme)
    if isinstance(view, MatrixView):
        return matrix_svg(view, language, theme)
    if isinstance(view, FlowView):
        return flow_svg(view, language, theme)
    return structure_svg(view, language, theme, open_layer)
