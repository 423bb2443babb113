"""Weights that the fused kernel never builds, against what the kernel gave."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from glassformer.config import StackConfig
from glassformer.model.attention import (
    MultiHeadAttention,
    ScaledDotProductAttention,
    attention_weights,
)

BATCH, HEADS, QUERIES, KEYS, D_HEAD = 2, 3, 5, 7, 11


def attention(scale_scores: bool = True) -> ScaledDotProductAttention:
    config = StackConfig(
        vocabulary=13,
        d_model=HEADS * D_HEAD,
        num_heads=HEADS,
        scale_scores=scale_scores,
        attention_dropout=0.5,
    )
    return ScaledDotProductAttention(config).eval()


@given(
    seed=st.integers(0, 999),
    scale_scores=st.booleans(),
    shape=st.sampled_from(
        [(), (QUERIES, KEYS), (BATCH, 1, 1, KEYS), (BATCH, HEADS, QUERIES, KEYS)]
    ),
)
def test_weights_prove_themselves_on_the_output_of_the_kernel(
    seed: int, scale_scores: bool, shape: tuple[int, ...]
) -> None:
    generator = torch.Generator().manual_seed(seed)
    query, key, value = (
        torch.randn(BATCH, HEADS, length, D_HEAD, generator=generator, dtype=torch.float64)
        for length in (QUERIES, KEYS, KEYS)
    )
    mask = None
    if shape:
        mask = torch.rand(shape, generator=generator) < 0.5
        mask[..., 0] = True  # no query is left without a key
    attend = attention(scale_scores)
    scores, scaled, weights = attention_weights(query, key, mask, attend.scale)

    expected = torch.einsum("bhqd,bhkd->bhqk", query, key)
    torch.testing.assert_close(scores, expected, rtol=0, atol=1e-12)
    divisor = math.sqrt(D_HEAD) if scale_scores else 1.0
    torch.testing.assert_close(scaled, expected / divisor, rtol=0, atol=1e-12)
    rows = weights.sum(-1)
    torch.testing.assert_close(rows, torch.ones_like(rows), rtol=0, atol=1e-12)
    if mask is not None:
        hidden = ~mask.expand_as(weights)
        assert hidden.any()
        assert (weights[hidden] == 0).all()
        assert (weights[~hidden] > 0).all()
    torch.testing.assert_close(weights @ value, attend(query, key, value, mask), rtol=0, atol=1e-12)


def test_a_masked_key_has_no_weight_however_high_it_scores() -> None:
    query = torch.ones(1, 1, 2, 3)
    key = torch.tensor([-1e9, 0.0, -2e9])[:, None].expand(1, 1, 3, 3)
    mask = torch.tensor([[True, False, True], [False, False, True]])
    weights = attention_weights(query, key, mask, 1.0).weights
    assert weights[0, 0].tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


def test_attention_drops_out_only_while_training() -> None:
    attend = attention()
    query, key, value = (torch.randn(BATCH, HEADS, n, D_HEAD) for n in (QUERIES, KEYS, KEYS))
    assert torch.equal(attend(query, key, value), attend(query, key, value))
    attend.train()
    assert not torch.equal(attend(query, key, value), attend(query, key, value))


@pytest.mark.parametrize("d_memory", [None, 17])
def test_cross_attention_takes_a_memory_of_any_width(d_memory: int | None) -> None:
    config = StackConfig(vocabulary=13, d_model=HEADS * D_HEAD, num_heads=HEADS)
    module = MultiHeadAttention(config, d_memory)
    memory = torch.randn(BATCH, KEYS, d_memory or HEADS * D_HEAD)
    key, value = module.keys_values(memory)
    assert key.shape == value.shape == (BATCH, HEADS, KEYS, D_HEAD)
    assert module(torch.randn(BATCH, QUERIES, 33), memory).shape == (BATCH, QUERIES, 33)
