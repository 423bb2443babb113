"""SVG, the one picture: PNG, notebooks and pages are made from it.

`python -m glassformer.drawing.svg` prints a demonstration.
"""

from collections.abc import Callable, Mapping
from typing import Any

from glassformer.catalogue import Language
from glassformer.drawing.paper import PLAIN, Paper, drawing_on
from glassformer.drawing.svg.add_norm import add_norm_svg
from glassformer.drawing.svg.animation import animation_svg
from glassformer.drawing.svg.attention import attention_svg
from glassformer.drawing.svg.comparison import comparison_svg
from glassformer.drawing.svg.flow import flow_svg
from glassformer.drawing.svg.grid import grid_svg
from glassformer.drawing.svg.matrix import matrix_svg
from glassformer.drawing.svg.multi_head import multi_head_svg
from glassformer.drawing.svg.positions import positions_svg
from glassformer.drawing.svg.structure import structure_svg
from glassformer.views import (
    AddNormView,
    AnimationView,
    AttentionView,
    ComparisonView,
    FlowView,
    GridView,
    MatrixView,
    MultiHeadView,
    PositionsView,
    StructureView,
    View,
)

RENDERERS: Mapping[type[View], Callable[..., str]] = {
    AttentionView: attention_svg,
    GridView: grid_svg,
    MatrixView: matrix_svg,
    FlowView: flow_svg,
    PositionsView: positions_svg,
    MultiHeadView: multi_head_svg,
    AddNormView: add_norm_svg,
    StructureView: structure_svg,
    ComparisonView: comparison_svg,
    AnimationView: animation_svg,
}
"""What draws each view; a new picture is one entry here."""


def svg(
    view: View,
    language: Language = "en",
    theme: str = "auto",
    open_layer: int = 1,
    paper: Paper = PLAIN,
) -> str:
    """Any view as an SVG document; theme is "light", "dark" or "auto" (what the viewer prefers).

    A structure is drawn with layer `open_layer` (from 1) opened.

    Raises:
        UsageError: when the picture cannot be drawn, or not on this paper.
    """
    options: dict[str, Any] = {"open_layer": open_layer} if isinstance(view, StructureView) else {}
    with drawing_on(paper):
        return RENDERERS[type(view)](view, language, theme, **options)
