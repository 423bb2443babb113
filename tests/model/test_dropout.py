"""Dropout acts in training and at no other time."""

import dataclasses
from typing import Any

import pytest
import torch
from narrowing import part_of
from strategies import build
from torch import Tensor

from glassformer.config import ModelConfig, Norm, StackConfig
from glassformer.model.add_norm import add_norm
from glassformer.model.embedding import Embedding, TokenTypes

KINDS = ["dropout", "attention_dropout", "activation_dropout"]
NONE: dict[str, Any] = dict.fromkeys(KINDS, 0.0)
SOURCE, TARGET = torch.arange(1, 12)[None], torch.arange(1, 8)[None]


def logits(training: bool, norm: Norm = "post", **rates: Any) -> Tensor:
    stack = StackConfig(
        vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2, norm=norm, **NONE
    )
    stack = dataclasses.replace(stack, **rates)
    model = build(ModelConfig(encoder=stack, decoder=stack)).train(training)
    found: Tensor = model(SOURCE, TARGET)
    return found


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
def test_no_dropout_outside_of_training(norm: Norm) -> None:
    rates = dict.fromkeys(KINDS, 0.9)
    assert torch.equal(logits(False, norm, **rates), logits(False, norm))


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_dropout_acts_in_training(kind: str, norm: Norm) -> None:
    assert not torch.equal(logits(True, norm, **{kind: 0.5}), logits(True, norm))


def test_training_without_dropout_computes_the_same() -> None:
    assert torch.equal(logits(True), logits(False))


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
def test_what_a_sublayer_gives_is_dropped_and_not_what_goes_around_it(norm: Norm) -> None:
    config = StackConfig(vocabulary=29, d_model=21, num_heads=3, norm=norm, dropout=0.5)
    module = add_norm(config).train()
    x = torch.randn(2, 11, 21)
    assert torch.equal(module(x, torch.zeros_like), module.eval()(x, torch.zeros_like))


def test_the_input_of_a_stack_is_dropped_after_its_parts_are_added() -> None:
    config = StackConfig(
        vocabulary=29, d_model=21, num_heads=3, dropout=0.5, token_types=2, embedding_norm=True
    )
    module = Embedding(config, padding=0)
    torch.nn.init.normal_(module.tokens.weight)
    torch.nn.init.normal_(part_of(module, "token_types", TokenTypes).weight)
    whole, dropped = module.eval()(SOURCE), module.train()(SOURCE)
    kept = dropped != 0
    assert 0.3 < kept.float().mean() < 0.7
    torch.testing.assert_close(dropped[kept], 2.0 * whole[kept])
