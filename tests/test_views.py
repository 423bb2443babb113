"""What pictures show, as plain data: shapes and formulas from the configuration, printable text."""

import dataclasses
import json
from typing import Any

import pytest
from models_for_tests import encoder_config, stack, translator_config

from glassformer.views import (
    Block,
    Link,
    Sentence,
    StackView,
    StructureView,
    printable,
    structure_view,
)


def blocks(stack: StackView) -> list[Block]:
    return [*stack.inputs, *stack.sublayers, stack.add_norm, *stack.outputs]


def encoder(**changes: Any) -> StackView:
    (view,) = structure_view(encoder_config(encoder=stack(**changes)), 11).stacks
    return view


def formulas(view: StackView) -> dict[str, str]:
    return {block.kind: block.formula for block in blocks(view)}


def test_the_structure_of_the_article() -> None:
    config = translator_config(output_bias=False, decoder=stack(num_heads=7, num_layers=2))
    view = structure_view(config, 11, 5)
    assert [(s.side, s.num_layers) for s in view.stacks] == [("encoder", 3), ("decoder", 2)]
    assert [(block.kind, block.formula, block.shape) for block in blocks(view.stacks[1])] == [
        ("tokens", "", (5,)),
        ("embedding", "E[ids] · √d_model", (5, 14)),
        ("positions_sinusoidal", "sin, cos", (5, 14)),
        ("input", "X + P", (5, 14)),
        ("masked_self_attention", "softmax(Q Kᵀ / √2) V", (7, 5, 5)),
        ("cross_attention", "softmax(Q Kᵀ / √2) V", (7, 5, 11)),
        ("feed_forward", "ReLU(x W₁ + b₁) W₂ + b₂", (5, 17)),
        ("add_norm", "LayerNorm(x + sublayer(x))", (5, 14)),
        ("h", "", (5, 14)),
        ("logits", "h Eᵀ", (5, 319)),
        ("probabilities", "softmax", (5, 319)),
    ]
    assert [(block.kind, block.shape) for block in blocks(view.stacks[0])] == [
        ("tokens", (11,)),
        ("embedding", (11, 14)),
        ("positions_sinusoidal", (11, 14)),
        ("input", (11, 14)),
        ("self_attention", (2, 11, 11)),
        ("feed_forward", (11, 17)),
        ("add_norm", (11, 14)),
        ("representation", (11, 14)),
    ]


@pytest.mark.parametrize(
    ("changes", "kind", "formula"),
    [
        ({"scale_embedding": False}, "embedding", "E[ids]"),
        ({"positions": "learned"}, "positions_learned", "table[pos]"),
        ({"positions": "learned", "first_position": 2}, "positions_learned", "table[pos + 2]"),
        ({"positions": "sinusoidal_halves"}, "positions_sinusoidal_halves", "sin, cos"),
        ({"positions": "none"}, "input", "X"),
        ({"token_types": 1}, "token_types", "token_types[0]"),
        ({"token_types": 2}, "token_types", "token_types[type]"),
        ({"token_types": 2, "embedding_norm": True}, "input", "LayerNorm(X + P + T)"),
        ({"scale_scores": False}, "self_attention", "softmax(Q Kᵀ) V"),
        ({"activation": "gelu"}, "feed_forward", "GELU(x W₁ + b₁) W₂ + b₂"),
        ({"activation": "gelu_tanh"}, "feed_forward", "GELU_tanh(x W₁ + b₁) W₂ + b₂"),
        ({"activation": "silu"}, "feed_forward", "SiLU(x W₁ + b₁) W₂ + b₂"),
        ({"norm": "pre"}, "add_norm", "x + sublayer(LayerNorm(x))"),
        ({"norm": "pre"}, "representation", "LayerNorm(x)"),
        ({"norm": "none"}, "add", "x + sublayer(x)"),
        ({}, "representation", ""),
    ],
)
def test_a_block_follows_the_configuration(
    changes: dict[str, Any], kind: str, formula: str
) -> None:
    assert formulas(encoder(**changes))[kind] == formula


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"positions": "none"}, "positions"),
        ({"positions": "learned"}, "sin"),
        ({}, "token_types"),
        ({"norm": "none"}, "norm"),
        ({}, "cross"),
        ({}, "mask"),
    ],
)
def test_a_part_that_is_absent_has_no_block(changes: dict[str, Any], absent: str) -> None:
    assert not [kind for kind in formulas(encoder(**changes)) if absent in kind]


def test_an_output_bias_is_shown() -> None:
    view = structure_view(translator_config(output_bias=True), 11, 5)
    assert formulas(view.stacks[1])["logits"] == "h Eᵀ + b"


def test_a_decoder_is_shown_where_a_target_was_traced() -> None:
    assert len(structure_view(translator_config(), 11).stacks) == 1
    assert isinstance(structure_view(encoder_config(), 11, 5), StructureView)
    assert len(structure_view(encoder_config(), 11, 5).stacks) == 1


SENTENCE = Sentence(
    text="the 狗",
    tokens=("[CLS]", "the", "狗"),
    special=(True, False, False),
    words=("the", "狗"),
    word_of_token=(None, 0, 1),
)


def test_a_sentence_comes_back_from_json_as_it_was() -> None:
    assert Sentence.from_json(json.loads(json.dumps(SENTENCE.to_json()))) == SENTENCE
    assert SENTENCE.is_consistent


def test_what_only_pairs_have_is_written_for_pairs_only() -> None:
    assert not {"pair", "type_ids"} & SENTENCE.to_json().keys()
    assert [SENTENCE.type_of(place) for place in range(3)] == [0, 0, 0]
    pair = dataclasses.replace(SENTENCE, pair="狗", type_ids=(0, 0, 1))
    assert pair.is_consistent
    assert Sentence.from_json(json.loads(json.dumps(pair.to_json()))) == pair
    assert [pair.type_of(place) for place in range(3)] == [0, 0, 1]


def test_a_sentence_of_a_later_version_may_say_more() -> None:
    assert Sentence.from_json({**SENTENCE.to_json(), "spoken": [1]}) == SENTENCE


@pytest.mark.parametrize(
    "changes",
    [
        {"pair": 3},
        {"type_ids": (0, 1)},
        {"type_ids": (0, 1, -1)},
        {"type_ids": (0, 1, "1")},
        {"tokens": ("[CLS]", "the")},
        {"special": (True,)},
        {"word_of_token": (None, 0)},
        {"word_of_token": (None, 0, 2)},
        {"word_of_token": (None, 0, -1)},
        {"words": ("the",)},
    ],
)
def test_a_sentence_that_contradicts_itself_is_known(changes: dict[str, Any]) -> None:
    assert not Sentence(**{**vars(SENTENCE), **changes}).is_consistent


def test_a_link_is_written_with_from_and_to() -> None:
    link = Link(part="cross", layer=2, head=None, from_=3, to=5, weight=0.25)
    assert link.to_json() == {
        "part": "cross", "layer": 2, "head": None, "from": 3, "to": 5, "weight": 0.25,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dog 狗 שלום e\u0301 👍", "dog 狗 שלום e\u0301 👍"),
        ("\x00\t\n\x1b[31m", "␀␉␊␛[31m"),
        ("\x7f", "␡"),
        ("\x85\x9b", "[U+0085][U+009B]"),
        ("\u202eevil\u2066", "[U+202E]evil[U+2066]"),
        ("\u2028\u2029", "[U+2028][U+2029]"),
        ("\ud800", "[U+D800]"),
        ("\ufeff\u200b", "[U+FEFF][U+200B]"),
        ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
        ("", ""),
    ],
)
def test_text_is_made_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
