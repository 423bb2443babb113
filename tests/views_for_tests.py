"""Views with made-up numbers, for tests of how they are drawn."""

from collections.abc import Sequence
from typing import Any

from glassformer.config import ModelConfig, StackConfig
from glassformer.views import AttentionView, Link, RepresentationView, StepView, StructureView
from glassformer.views import structure_view as structure_of

ENGLISH = ("a", "dog", "ate", "the", "food", "because", "it", "was", "hungry")
CHINESE = ("狗", "吃", "了", "食", "物", "，", "因", "为", "它", "饿", "了")
STRANGE = ("a\x1b[31m", "\u202egod", "שלום", "e\u0301te", "👍", "\x7f", "ﷺ", "wörd" * 9)


def attention_view(
    words: Sequence[str] = ENGLISH,
    *,
    word: int | None = None,
    keys: Sequence[str] = (),
    **changes: Any,
) -> AttentionView:
    """Weights that all differ, with a tenth of each row hidden."""
    keys = tuple(keys or words)
    heads = changes.setdefault("heads", ((2, 3),))
    shown = tuple(range(len(words))) if word is None else (word,)
    links = []
    for layer, head in heads:
        for query in shown:
            sizes = [1.0 + (7 * query + 3 * key + (head or 0)) % 11 for key in range(len(keys))]
            links += [
                Link(
                    part=changes.get("part", "encoder"),
                    layer=layer,
                    head=head,
                    from_=query,
                    to=key,
                    weight=0.9 * size / sum(sizes),
                )
                for key, size in enumerate(sizes)
            ]
    fields: dict[str, Any] = {
        "part": "encoder",
        "unit": "words",
        "queries": tuple(words),
        "keys": keys,
        "shown_queries": shown,
        "shown_keys": tuple(range(len(keys))),
        "mean_of": 1,
        "choice": "asked",
        "reason": "",
        "links": tuple(links),
        "hidden_share": tuple(0.1 for _ in shown),
    }
    return AttentionView(**{**fields, **changes})


def step_views() -> list[StepView]:
    """Steps of all kinds: whole numbers, tiny and huge ones, inside and outside a layer."""
    return [
        step("source.tokens", (11,), "text → subwords → ids", (101, 1037, 3899), 101, 30521),
        step("encoder.embedding", (11, 384), "X + P", (-0.0179, 0.5, 1.25), -9.99, 123.456),
        step("encoder.layers.0", (11, 384), "output of the layer", (1e-7, -2e-9, 0.0), -1.0, 2.0),
        step(
            "encoder.layers.1.self_attention.weights",
            (12, 11, 11),
            "softmax over keys",
            (0.974, 0.004, 0.002),
            0.0,
            1.0,
        ),
        step(
            "encoder.layers.1.self_attention.scores",
            (12, 11, 11),
            "Q Kᵀ",
            (24.51, -7.189, -11.1),
            -12345.0,
            99999.0,
        ),
        step("encoder.layers.1", (11, 384), "output of the layer", (-1.5, 0.25, 0.125), -1.5, 0.25),
        step("encoder", (11, 384), "R, what the last layer gives", (-1.5, 0.25, 0.1), -1.5, 0.25),
    ]


def step(
    name: str,
    shape: tuple[int, ...],
    formula: str,
    first: tuple[float | int, ...],
    smallest: float | int,
    largest: float | int,
) -> StepView:
    parts = name.split(".")
    layer = ".".join(parts[:3]) if parts[1:2] == ["layers"] else ""
    return StepView(
        name=name,
        layer=layer,
        shape=shape,
        formula=formula,
        first=first,
        smallest=smallest,
        largest=largest,
    )


def representation_view(tokens: Sequence[str] = ("[CLS]", *ENGLISH, "[SEP]")) -> RepresentationView:
    """Numbers of which no two are equal."""
    rows = [
        tuple((-1) ** (t + f) * (t + 1) * 10.0 ** (f % 5 - 2) / 7.0 for f in range(23))
        for t in range(len(tokens))
    ]
    return RepresentationView(tokens=tuple(tokens), shape=(len(tokens), 23), vectors=tuple(rows))


def structure_view(target: int | None = None, **changes: Any) -> StructureView:
    """The base model, with changes to both of its stacks."""
    stack = StackConfig(**{"vocabulary": 37_000, **changes})
    config = ModelConfig(encoder=stack, decoder=None if target is None else stack, start=1, end=2)
    return structure_of(config, 11, target)
