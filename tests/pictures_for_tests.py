"""Views of every kind with random numbers, for tests of pictures."""

import dataclasses
import itertools
from typing import Any

import numpy as np
from views_for_tests import CHINESE, ENGLISH, STRANGE, attention_view, structure_view

from glassformer.inspection.alignment import aligned
from glassformer.views import (
    AddNormView,
    AnimationView,
    AttentionView,
    ComparisonView,
    FlowColumn,
    FlowPanel,
    FlowView,
    GridCell,
    GridView,
    Link,
    LinkDifference,
    MatrixView,
    MeasuredPanel,
    Moment,
    MultiHeadView,
    PositionsView,
    Shows,
    View,
)

SIXTY = tuple(f"word{number}" for number in range(60))


def random_attention(seed: int, most: int = 6) -> AttentionView:
    """Any part, words, heads and weights; each row sums to at most 1."""
    dice = np.random.default_rng(seed)
    part: Any = ("encoder", "decoder", "cross")[seed % 3]
    words = [str(word) for word in dice.choice([*ENGLISH, *CHINESE, *STRANGE], most)]
    queries = tuple(words[: dice.integers(1, most + 1)])
    keys = queries if part != "cross" else tuple(words[: dice.integers(1, most + 1)])
    heads: Any = [((None, None),), ((2, None),), ((1, 3),), ((1, 1), (2, 5), (2, 1))][seed % 4]
    shown = (int(dice.integers(len(queries))),) if seed % 2 else tuple(range(len(queries)))
    links = []
    for layer, head in heads:
        weights = dice.dirichlet(np.full(len(keys) + 1, 0.4), len(queries))
        links += [
            Link(part=part, layer=layer, head=head, from_=q, to=k, weight=float(weights[q, k]))
            for q in shown
            for k in range(len(keys))
        ]
    given = {q: sum(link.weight for link in links if link.from_ == q) / len(heads) for q in shown}
    return AttentionView(
        part=part,
        unit="words",
        queries=queries,
        keys=keys,
        shown_queries=shown,
        shown_keys=tuple(range(len(keys))),
        heads=heads,
        mean_of=4,
        choice="asked",
        reason="",
        links=tuple(links),
        hidden_share=tuple(1.0 - given[q] for q in shown),
    )


def matrix(rows: int, columns: int, size: float = 1.0, **changes: Any) -> MatrixView:
    values = np.random.default_rng(rows * columns).normal(0.0, size, (rows, columns))
    fields: dict[str, Any] = {
        "name": "encoder.layers.0",
        "formula": "output of the layer",
        "row_axis": "token",
        "column_axis": "feature",
        "row_labels": tuple(f"t{row}" for row in range(rows)),
        "column_labels": tuple(map(str, range(columns))),
        "values": tuple(map(tuple, values.tolist())),
        "smallest": float(values.min()),
        "largest": float(np.abs(values).max()),
    }
    return MatrixView(**{**fields, **changes})


def grid(words: tuple[str, ...], layers: int = 2, heads: int = 3) -> GridView:
    dice = np.random.default_rng(7)
    cells = []
    for at in range(layers * heads):
        weights = dice.dirichlet(np.full(len(words), 0.1), len(words))
        query, key = divmod(int(weights.argmax()), len(words))
        cells.append(
            GridCell(
                layer=at // heads + 1,
                head=at % heads + 1,
                weights=tuple(map(tuple, weights.tolist())),
                from_=query,
                to=key,
                largest=float(weights.max()),
            )
        )
    shown = tuple(range(len(words)))
    return GridView(
        part="encoder",
        unit="words",
        queries=words,
        keys=words,
        shown_queries=shown,
        shown_keys=shown,
        num_layers=layers,
        num_heads=heads,
        cells=tuple(cells),
        card=(2, 3),
    )


FEATURES = ("0", "1", "2", "3")


def panel(title: str, rows: tuple[str, ...], columns: tuple[str, ...] = FEATURES) -> FlowPanel:
    shown = matrix(len(rows), len(columns), row_labels=rows, column_labels=columns)
    return FlowPanel(title=title, matrix=shown, shape=(len(rows), 32))


def flow(words: tuple[str, ...], *, whole: bool = False) -> FlowView:
    """Some of the steps; the whole flow begins with x and what Q, K and V are made with."""
    values = (panel("V", words),) if whole else ()
    scaled = FlowColumn(operation="÷ √32", panels=(panel("scaled scores", words, words),))
    shares = FlowColumn(operation="softmax", panels=(panel("weights", words, words), *values))
    return FlowView(
        part="encoder",
        layer=4,
        head=2,
        d_head=32,
        features_shown=4,
        columns=(
            FlowColumn(operation="", panels=(panel("Q", words), panel("K", words))),
            FlowColumn(operation="Q Kᵀ", panels=(panel("scores", words, words),)),
            *((scaled, shares) if whole else ()),
            FlowColumn(operation="weights · V", panels=(panel("Z", words),)),
        ),
        inputs=(panel("x", words),) if whole else (),
        parameters=tuple(
            panel(f"{kind}_{letter}", FEATURES if kind == "W" else ("",))
            for letter in "QKV"
            for kind in "Wb"
        )
        if whole
        else (),
        row=0 if whole else None,
    )


def multi_head(words: tuple[str, ...]) -> MultiHeadView:
    return MultiHeadView(
        part="decoder",
        layer=2,
        d_head=32,
        features_shown=2,
        heads=tuple(panel(f"Z{below}", words, ("0", "1")) for below in "₁₂₃"),
        output=panel("output", words),
        parameters=(panel("W_O", ("0", "1", "32", "33", "64", "65")), panel("b_O", ("",))),
        row=len(words) - 1,
    )


def positions(words: tuple[str, ...]) -> PositionsView:
    features = tuple(map(str, range(70)))
    return PositionsView(
        side="encoder",
        positions="learned",
        summands=tuple(panel(letter, words, features) for letter in "XPT"),
        total=panel("X + P + T", words, features),
        normalised=panel("LayerNorm(X + P + T)", words, features),
    )


def add_norm(words: tuple[str, ...]) -> AddNormView:
    def measured(operation: str, title: str) -> MeasuredPanel:
        numbers = np.random.default_rng(len(title)).normal(0.0, 1.0, (2, len(words)))
        return MeasuredPanel(
            operation=operation,
            panel=panel(title, words),
            means=tuple(numbers[0].tolist()),
            deviations=tuple(np.abs(numbers[1]).tolist()),
        )

    return AddNormView(
        part="encoder",
        layer=4,
        sublayer="attention",
        norm="post",
        panels=(
            measured("", "x"),
            measured("+", "sublayer(x)"),
            measured("=", "x + sublayer(x)"),
            measured("LayerNorm", "LayerNorm(x + sublayer(x))"),
        ),
        parameters=(panel("γ", ("",)), panel("β", ("",))),
        row=0,
    )


def comparison(
    left: tuple[str, ...], right: tuple[str, ...], shows: Shows = "sides", **changes: Any
) -> ComparisonView:
    """Two sentences with weights that all differ, aligned."""
    sides = attention_view(left), attention_view(right, heads=((3, 1),))
    pairs = aligned(left, right)
    weights = [{(x.from_, x.to): x.weight for x in side.links} for side in sides]
    differences = []
    for (row, query), (column, key) in itertools.product(enumerate(pairs), repeat=2):
        if query.left is None or key.left is None or query.right is None or key.right is None:
            continue
        before, after = weights[0][query.left, key.left], weights[1][query.right, key.right]
        differences.append(
            LinkDifference(
                from_=row, to=column, left=before, right=after, difference=after - before
            )
        )
    fields: dict[str, Any] = {
        "differs": ("sentence", "head"),
        "texts": (" ".join(left), " ".join(right)),
        "models": ("made up", "made up"),
        "left": sides[0],
        "right": sides[1],
        "queries": pairs,
        "keys": pairs,
        "differences": tuple(differences),
        "shows": shows,
    }
    return ComparisonView(**{**fields, **changes})


def animation(words: tuple[str, ...], moments: int = 3) -> AnimationView:
    """The same words at some moments, with other weights at each."""
    frames = []
    for number in range(moments):
        view = attention_view(words, moment=Moment(update=10 * number, levels=255))
        links = [
            dataclasses.replace(link, weight=link.weight * (number + 1) / moments)
            for link in view.links
        ]
        frames.append(dataclasses.replace(view, links=tuple(links)))
    return AnimationView(frames=tuple(frames))


def every_view(words: tuple[str, ...] = ENGLISH) -> dict[str, View]:
    return {
        "attention": attention_view(words),
        "word": attention_view(words, word=0),
        "heads": attention_view(words, heads=((1, 1), (4, None), (None, None))),
        "cross": attention_view(words, keys=CHINESE, part="cross"),
        "grid": grid(words),
        "matrix": matrix(len(words), 5, row_labels=words),
        "flow": flow(words),
        "whole flow": flow(words, whole=True),
        "multi-head": multi_head(words),
        "positions": positions(words),
        "add-norm": add_norm(words),
        "structure": structure_view(target=13),
        "comparison": comparison(words, (*words[1:], "tasty")),
        "difference": comparison(words, (*words[:-1], "tasty"), "difference"),
        "animation": animation(words),
    }
