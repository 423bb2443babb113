"""Views in the terminal: one renderer a view, and `draw`, which finds it.

`python -m glassformer.drawing.terminal` shows a demonstration.
"""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import RenderableType

from glassformer.catalogue import Language
from glassformer.drawing.terminal.add_norm import AddNorm
from glassformer.drawing.terminal.attention import Attention
from glassformer.drawing.terminal.comparison import Animation, Comparison
from glassformer.drawing.terminal.console import render
from glassformer.drawing.terminal.flow import Flow
from glassformer.drawing.terminal.grid import Grid
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.drawing.terminal.multi_head import MultiHead
from glassformer.drawing.terminal.positions import PositionsSum
from glassformer.drawing.terminal.predictions import Contrast, History, Predictions
from glassformer.drawing.terminal.representation import Representation
from glassformer.drawing.terminal.steps import Steps
from glassformer.drawing.terminal.structure import Structure
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

__all__ = [
    "AddNorm",
    "Animation",
    "Attention",
    "Comparison",
    "Contrast",
    "Flow",
    "Grid",
    "History",
    "Matrix",
    "MultiHead",
    "PositionsSum",
    "Predictions",
    "Representation",
    "Steps",
    "Structure",
    "draw",
    "render",
]

RENDERERS: Mapping[type[View], Callable[..., RenderableType]] = {
    AttentionView: Attention,
    GridView: Grid,
    MatrixView: Matrix,
    FlowView: Flow,
    PositionsView: PositionsSum,
    MultiHeadView: MultiHead,
    AddNormView: AddNorm,
    StructureView: Structure,
    ComparisonView: Comparison,
    AnimationView: Animation,
}
"""What draws each view; a new picture is one entry here."""


def draw(view: View, language: Language = "en", open_layer: int = 1) -> RenderableType:
    """Any picture's view in the terminal; a structure with that layer opened (from 1)."""
    options: dict[str, Any] = {"open_layer": open_layer} if isinstance(view, StructureView) else {}
    return RENDERERS[type(view)](view, language, **options)
