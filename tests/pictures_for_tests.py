"""Views of every kind with random numbers, for tests of pictures."""

import dataclasses
import itertools
from typing import Any

import numpy as np
from views_for_tests import CHINESE, ENGLISH, STRANGE, attention_view, structure_view

from glassformer.inspection.alignment import aligned
from glassformer.views import (
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
    Moment,
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


def flow(words: tuple[str, ...]) -> FlowView:
    def panel(title: str, columns: tuple[str, ...]) -> FlowPanel:
        shown = matrix(len(words), len(columns), row_labels=words, column_labels=columns)
        return FlowPanel(title=title, matrix=shown)

    features = ("0", "1", "2", "3")
    return FlowView(
        part="encoder",
        layer=4,
        head=2,
        d_head=32,
        features_shown=4,
        columns=(
            FlowColumn(operation="", panels=(panel("Q", features), panel("K", features))),
            FlowColumn(operation="Q Kᵀ", panels=(panel("scores", words),)),
            FlowColumn(operation="weights · V", panels=(panel("Z", features),)),
        ),
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
        "structure": structure_view(target=13),
        "comparison": comparison(words, (*words[1:], "tasty")),
        "difference": comparison(words, (*words[:-1], "tasty"), "difference"),
        "animation": animation(words),
    }
