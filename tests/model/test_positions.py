"""Where order enters: in P and nowhere else."""

import math

import numpy as np
import oracle
import pytest
import torch
from narrowing import present
from strategies import build

from glassformer.config import ModelConfig, Positions, StackConfig
from glassformer.model.positions import LearnedPositions, SinusoidalPositions, sinusoids

WITH_ORDER = ["sinusoidal", "sinusoidal_halves", "learned"]


def stack(
    positions: Positions, d_model: int = 14, max_positions: int = 37, first: int = 0
) -> StackConfig:
    return StackConfig(
        vocabulary=29,
        d_model=d_model,
        num_heads=1 if d_model % 2 else 2,
        d_ff=23,
        num_layers=3,
        positions=positions,
        max_positions=max_positions,
        first_position=first,
    )


@pytest.mark.parametrize("positions", ["none", *WITH_ORDER])
def test_the_encoder_knows_order_from_positions_alone(positions: Positions) -> None:
    model = build(ModelConfig(encoder=stack(positions)))
    tokens = torch.arange(2, 13)[None]
    shuffled = torch.randperm(11, generator=torch.Generator().manual_seed(5))
    difference = (model.encode(tokens[:, shuffled]) - model.encode(tokens)[:, shuffled]).abs().max()
    assert difference < 1e-10 if positions == "none" else difference > 0.1


def test_sinusoids_interleaved() -> None:
    # d_model 4: angles pos / 10000^0 and pos / 10000^(2/4) = pos / 100
    table = sinusoids(4, 4)
    assert table.dtype == torch.float64
    assert table[0].tolist() == [0.0, 1.0, 0.0, 1.0]
    expected = [math.sin(3), math.cos(3), math.sin(0.03), math.cos(0.03)]
    assert table[3].tolist() == pytest.approx(expected, abs=1e-15)


def test_sinusoids_in_halves() -> None:
    expected = [math.sin(3), math.sin(0.03), math.cos(3), math.cos(0.03)]
    assert sinusoids(4, 4, halves=True)[3].tolist() == pytest.approx(expected, abs=1e-15)


def test_an_odd_width_ends_on_a_sine_without_its_cosine() -> None:
    a, b = 7 / 10000**0, 7 / 10000 ** (2 / 3)
    expected = [math.sin(a), math.cos(a), math.sin(b)]
    assert sinusoids(8, 3)[7].tolist() == pytest.approx(expected, abs=1e-15)
    expected = [math.sin(a), math.sin(b), math.cos(a)]
    assert sinusoids(8, 3, halves=True)[7].tolist() == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("halves", [False, True])
@pytest.mark.parametrize("d_model", [1, 2, 13, 64])
def test_sinusoids_far_into_a_text(d_model: int, halves: bool) -> None:
    expected = oracle.sinusoids(range(1000, 1003), d_model, halves)
    # An angle of a thousand costs three digits, no more: the table is computed in float64.
    np.testing.assert_allclose(sinusoids(1003, d_model, halves)[1000:], expected, atol=1e-12)


def test_the_float32_table_is_the_float64_table_rounded_once() -> None:
    positions = SinusoidalPositions(stack("sinusoidal"))
    table = positions(torch.empty(1, 1000, 14, dtype=torch.float32))
    assert torch.equal(table, sinusoids(1000, 14).float())


@pytest.mark.parametrize("start", [0, 1, 63, 64, 200])
def test_sinusoids_go_on_where_the_cache_ends(start: int) -> None:
    positions = SinusoidalPositions(stack("sinusoidal"))
    rows = positions(torch.empty(1, 5, 14, dtype=torch.float64), start)
    assert torch.equal(rows, sinusoids(205, 14)[start : start + 5])


def test_learned_positions_begin_at_their_first_row() -> None:
    positions = LearnedPositions(stack("learned", first=2))
    assert positions.weight.shape == (2 + 37, 14)
    with torch.no_grad():
        positions.weight.copy_(torch.arange(39.0)[:, None].expand(39, 14))
    assert positions(torch.empty(1, 3, 14))[:, 0].tolist() == [2, 3, 4]
    assert positions(torch.empty(1, 3, 14), start=5)[:, 0].tolist() == [7, 8, 9]


def test_a_table_first_used_in_inference_mode_serves_training() -> None:
    model = build(ModelConfig(encoder=stack("sinusoidal", d_model=26)), torch.float32)
    tokens = torch.tensor([[3, 5, 7]])
    with torch.inference_mode():
        model.encode(tokens)
    model.encode(tokens).sum().backward()
    assert present(model.encoder.embedding.tokens.weight.grad)[3].abs().sum() > 0
