"""Dropout acts in training and at no other time."""

import dataclasses

import pytest
import torch
from strategies import build
from torch import Tensor

from glassformer.config import ModelConfig, StackConfig

KINDS = ["dropout", "attention_dropout", "activation_dropout"]
NONE = dict.fromkeys(KINDS, 0.0)
SOURCE, TARGET = torch.arange(1, 12)[None], torch.arange(1, 8)[None]


def logits(training: bool, norm: str = "post", **rates: float) -> Tensor:
    stack = StackConfig(
        vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2, norm=norm, **NONE
    )
    stack = dataclasses.replace(stack, **rates)
    model = build(ModelConfig(encoder=stack, decoder=stack)).train(training)
    return model(SOURCE, TARGET)


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
def test_no_dropout_outside_of_training(norm: str) -> None:
    rates = dict.fromkeys(KINDS, 0.9)
    assert torch.equal(logits(False, norm, **rates), logits(False, norm))


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_dropout_acts_in_training(kind: str, norm: str) -> None:
    assert not torch.equal(logits(True, norm, **{kind: 0.5}), logits(True, norm))


def test_training_without_dropout_computes_the_same() -> None:
    assert torch.equal(logits(True), logits(False))
