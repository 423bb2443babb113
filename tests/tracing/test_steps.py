"""The steps and formulas listed are those of the configuration, and of no other model."""

import re

import pytest
from models_for_tests import encoder_config, minilm, stack, translator_config

from glassformer.catalogue.chinese import CHINESE
from glassformer.config import ModelConfig
from glassformer.tracing.steps import steps_of


def formulas(config: ModelConfig) -> dict[str, str]:
    with_target = config.decoder is not None
    return {step.name: step.formula for step in steps_of(config, with_target=with_target)}


def formula(name: str, **changes: object) -> str:
    return formulas(encoder_config(encoder=stack(**changes)))[name]


def test_the_formulas_of_the_article() -> None:
    given = formulas(translator_config(output_bias=False))
    layer = "decoder.layers.0"
    assert {name: given[name] for name in given if name.startswith(layer)} == {
        f"{layer}.self_attention.query": "x W_Q + b_Q, in heads",
        f"{layer}.self_attention.key": "x W_K + b_K, in heads",
        f"{layer}.self_attention.value": "x W_V + b_V, in heads",
        f"{layer}.self_attention.scores": "Q Kᵀ",
        f"{layer}.self_attention.scaled_scores": "scores / √d_head",
        f"{layer}.self_attention.mask": "key position ≤ query position",
        f"{layer}.self_attention.weights": "softmax over keys, masked keys exactly 0",
        f"{layer}.self_attention.context": "weights · V",
        f"{layer}.self_attention": "concat(Z₁ … Z_h) W_O + b_O",
        f"{layer}.add_norm_1.sum": "x + sublayer(x)",
        f"{layer}.add_norm_1": "LayerNorm(x + sublayer(x))",
        f"{layer}.cross_attention.query": "x W_Q + b_Q, in heads",
        f"{layer}.cross_attention.key": "R W_K + b_K, in heads",
        f"{layer}.cross_attention.value": "R W_V + b_V, in heads",
        f"{layer}.cross_attention.scores": "Q Kᵀ",
        f"{layer}.cross_attention.scaled_scores": "scores / √d_head",
        f"{layer}.cross_attention.weights": "softmax over keys",
        f"{layer}.cross_attention.context": "weights · V",
        f"{layer}.cross_attention": "concat(Z₁ … Z_h) W_O + b_O",
        f"{layer}.add_norm_2.sum": "x + sublayer(x)",
        f"{layer}.add_norm_2": "LayerNorm(x + sublayer(x))",
        f"{layer}.feed_forward.hidden": "ReLU(x W₁ + b₁)",
        f"{layer}.feed_forward": "hidden W₂ + b₂",
        f"{layer}.add_norm_3.sum": "x + sublayer(x)",
        f"{layer}.add_norm_3": "LayerNorm(x + sublayer(x))",
        layer: "output of the layer",
    }
    assert given["encoder.embedding.tokens"] == "E[ids] · √d_model"
    assert given["encoder.embedding"] == "X + P"
    assert given["encoder"] == "R, what the last layer gives"
    assert given["logits"] == "h Eᵀ"
    assert given["probabilities"] == "softmax over what may be generated"


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("encoder.embedding.tokens", {"scale_embedding": False}, "E[ids]"),
        ("encoder.embedding.positions", {"positions": "learned"}, "table[pos]"),
        (
            "encoder.embedding.positions",
            {"positions": "learned", "first_position": 2},
            "table[pos + 2]",
        ),
        (
            "encoder.embedding.positions",
            {"positions": "sinusoidal"},
            "sin(pos / 10000^(2i/d_model)) at 2i, cos(same) at 2i + 1",
        ),
        (
            "encoder.embedding.positions",
            {"positions": "sinusoidal_halves"},
            "sines, then cosines, of pos / 10000^(2i/d_model)",
        ),
        ("encoder.embedding", {"positions": "none"}, "X"),
        ("encoder.embedding", {"token_types": 2}, "X + P + token types"),
        ("encoder.embedding.token_types", {"token_types": 2}, "token_types[type]"),
        ("encoder.embedding.token_types", {"token_types": 1}, "token_types[0]"),
        ("encoder.embedding", {"embedding_norm": True}, "LayerNorm(sum)"),
        ("encoder.embedding.sum", {"embedding_norm": True}, "X + P"),
        (
            "encoder.layers.0.self_attention.scaled_scores",
            {"scale_scores": False},
            "scores, not divided",
        ),
        ("encoder.layers.0.add_norm_1", {"norm": "pre"}, "x + sublayer(LayerNorm(x))"),
        ("encoder.layers.0.add_norm_1.norm", {"norm": "pre"}, "LayerNorm(x)"),
        ("encoder.norm", {"norm": "pre"}, "LayerNorm(x)"),
        ("encoder.layers.0.add_norm_1", {"norm": "none"}, "x + sublayer(x)"),
        ("encoder.layers.0.feed_forward.hidden", {"activation": "gelu"}, "GELU(x W₁ + b₁)"),
        (
            "encoder.layers.0.feed_forward.hidden",
            {"activation": "gelu_tanh"},
            "GELU_tanh(x W₁ + b₁)",
        ),
        ("encoder.layers.0.feed_forward.hidden", {"activation": "silu"}, "SiLU(x W₁ + b₁)"),
    ],
)
def test_a_formula_follows_the_configuration(
    name: str, changes: dict[str, object], expected: str
) -> None:
    assert formula(name, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"positions": "none"}, "positions"),
        ({}, "token_types"),
        ({}, "embedding.sum"),
        ({}, "encoder.norm"),
        ({}, ".norm"),
        ({"norm": "none"}, ".norm"),
        ({"norm": "none"}, ".sum"),
        ({"norm": "pre"}, ".sum"),
        ({}, "decoder"),
        ({}, "mask"),
        ({}, "logits"),
    ],
)
def test_a_part_that_is_absent_is_not_listed(changes: dict[str, object], absent: str) -> None:
    assert not [
        name for name in formulas(encoder_config(encoder=stack(**changes))) if absent in name
    ]


def test_an_output_with_a_bias_says_so() -> None:
    assert formulas(translator_config(output_bias=True))["logits"] == "h Eᵀ + b"


def test_minilm_is_described_as_the_bert_that_it_is() -> None:
    given = formulas(minilm().config)
    assert given["encoder.embedding.tokens"] == "E[ids]"  # no √d_model
    assert given["encoder.embedding.positions"] == "table[pos]"  # no sinusoid
    assert given["encoder.embedding.token_types"] == "token_types[type]"
    assert given["encoder.embedding"] == "LayerNorm(sum)"
    assert given["encoder.layers.0.feed_forward.hidden"] == "GELU(x W₁ + b₁)"
    assert not [name for name, text in given.items() if "sin" in text or "decoder" in name]


NAMES = {"concat", "head", "hidden", "ids", "model", "pos", "relu", "softmax", "sublayer"}
NAMES |= {"sin", "cos", "sum", "table", "token", "type", "types"}
"""What formulas call by a name, as code does."""


def test_words_in_formulas_have_chinese() -> None:
    positions = ("sinusoidal", "sinusoidal_halves", "learned", "none")
    changed = [
        {"positions": one, "norm": norm, "scale_scores": scaled, "token_types": types}
        for one in positions
        for norm in ("post", "pre", "none")
        for scaled, types in ((True, 0), (False, 2))
    ]
    found = {*formulas(translator_config()).values()}
    for changes in changed:
        found |= {*formulas(encoder_config(encoder=stack(**changes))).values()}
    in_words = {one for one in found if {*re.findall(r"\b[a-z]{3,}\b", one)} - NAMES}
    assert "text → subwords → ids" in in_words
    assert len(in_words) > 10
    assert not in_words - {*CHINESE}
