"""What a picture shows, as plain data: every surface draws from these and from nothing else.

People count layers and heads from 1, and so do these fields; positions count from 0.
"""

from glassformer.views.attention import (
    Align,
    AttentionView,
    Choice,
    GridCell,
    GridView,
    Link,
    Moment,
    Unit,
    keep_mass,
    keep_readable,
    keep_strongest,
    one_for_each_head,
)
from glassformer.views.comparison import (
    AnimationView,
    ComparisonView,
    Differing,
    LinkDifference,
    Pair,
    Shows,
)
from glassformer.views.curves import Curve, CurvesView
from glassformer.views.difference import (
    NextDifference,
    NextToken,
    TextDifference,
    TraceDifference,
    VectorDifference,
)
from glassformer.views.numbers import (
    Excerpt,
    FlowColumn,
    FlowPanel,
    FlowView,
    MatrixView,
    RepresentationView,
    StepView,
    excerpt,
)
from glassformer.views.page import PageData
from glassformer.views.plain import View, as_plain, built, from_json, to_json
from glassformer.views.predictions import (
    Considered,
    ContrastView,
    Fate,
    HistoryView,
    Likely,
    Prediction,
    ScoredText,
)
from glassformer.views.structure import Block, StackView, StructureView, structure_view
from glassformer.views.sublayers import (
    AddNormView,
    MeasuredPanel,
    MultiHeadView,
    PositionsView,
    Sublayer,
)
from glassformer.views.text import Sentence, printable

__all__ = [
    "AddNormView",
    "Align",
    "AnimationView",
    "AttentionView",
    "Block",
    "Choice",
    "ComparisonView",
    "Considered",
    "ContrastView",
    "Curve",
    "CurvesView",
    "Differing",
    "Excerpt",
    "Fate",
    "FlowColumn",
    "FlowPanel",
    "FlowView",
    "GridCell",
    "GridView",
    "HistoryView",
    "Likely",
    "Link",
    "LinkDifference",
    "MatrixView",
    "MeasuredPanel",
    "Moment",
    "MultiHeadView",
    "NextDifference",
    "NextToken",
    "PageData",
    "Pair",
    "PositionsView",
    "Prediction",
    "RepresentationView",
    "ScoredText",
    "Sentence",
    "Shows",
    "StackView",
    "StepView",
    "StructureView",
    "Sublayer",
    "TextDifference",
    "TraceDifference",
    "Unit",
    "VectorDifference",
    "View",
    "as_plain",
    "built",
    "excerpt",
    "from_json",
    "keep_mass",
    "keep_readable",
    "keep_strongest",
    "one_for_each_head",
    "printable",
    "structure_view",
    "to_json",
]
