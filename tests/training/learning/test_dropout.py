"""Dropout from our own noise: the right share, the same mean, one mask in both directions."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck

from glassformer.training.learning.dropout import FastDropout, Noise

SHAPE = (101, 103, 97)
COUNT = math.prod(SHAPE)


def noise(*seed: int) -> Noise:
    made = Noise()
    made.seed(*seed)
    return made


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("seed", [(1,), (1, 2), (2, 1, 3)])
def test_the_share_is_right_and_the_mean_is_kept(share: float, seed: tuple[int, ...]) -> None:
    y = FastDropout(share, noise(*seed))(torch.ones(SHAPE))
    dropped = float((y == 0.0).double().mean())
    deviation = math.sqrt(share * (1.0 - share) / COUNT)
    assert abs(dropped - share) < 4.0 * deviation + 2.0**-17  # the share is one of 65,536 steps
    kept = y[y != 0.0]
    assert torch.equal(kept, kept[0].expand_as(kept))
    assert float(kept[0]) == pytest.approx(1.0 / (1.0 - share), rel=2e-4)
    assert abs(float(y.double().mean()) - 1.0) < 4.0 * deviation / (1.0 - share)


def test_rows_and_columns_are_dropped_alike_and_independently() -> None:
    zero = FastDropout(0.3, noise(7))(torch.ones(997, 1009)) == 0.0
    for dim, others in ((0, 997), (1, 1009)):
        shares = zero.double().mean(dim)
        deviation = math.sqrt(0.21 / others)
        assert float((shares - 0.3).abs().max()) < 5.0 * deviation
        assert float(shares.std()) == pytest.approx(deviation, rel=0.15)
    flat = zero.flatten().double() - 0.3
    for lag in (1, 2, 3, 4, 8, 1009):  # four numbers are cut from one word of the generator
        correlation = float((flat[:-lag] * flat[lag:]).mean()) / 0.21
        assert abs(correlation) < 5.0 / math.sqrt(len(flat))


def test_the_gradient_has_the_mask_of_the_forward_pass() -> None:
    x = torch.randn(13, 7, 11, requires_grad=True)
    dropout = FastDropout(0.4, noise(3))
    y = dropout(x)
    weight = torch.randn(13, 7, 11)
    (y * weight).sum().backward()
    factor = torch.where(y == 0.0, 0.0, 1.0 / (1.0 - dropout.share))
    torch.testing.assert_close(y, x * factor)
    torch.testing.assert_close(x.grad, weight * factor)


def test_the_gradient_is_that_of_the_function() -> None:
    made = noise()

    def dropped(x: torch.Tensor) -> torch.Tensor:
        made.seed(5)
        found: torch.Tensor = FastDropout(0.3, made)(x)
        return found

    assert gradcheck(dropped, torch.randn(3, 5, dtype=torch.float64, requires_grad=True))


def test_nothing_is_dropped_in_evaluation_or_with_a_share_of_zero() -> None:
    x = torch.randn(5, 7)
    assert FastDropout(0.5, noise(1)).eval()(x) is x
    assert FastDropout(0.0, noise(1)).train()(x) is x


@given(st.lists(st.integers(0, 2**63), min_size=1, max_size=4), st.integers(0, 101))
def test_the_same_seed_gives_the_same_noise(seed: list[int], count: int) -> None:
    x = torch.zeros(count)
    one = noise(*seed)
    first, second = one.like(x), one.like(x)
    again = noise(*reversed(seed)) if len(seed) == 1 else noise(1, 2, 3)
    again.seed(*seed)
    assert torch.equal(again.like(x), first)
    assert torch.equal(again.like(x), second)
    assert count < 11 or not torch.equal(first, second)
    other = noise(*seed[:-1], seed[-1] + 1)
    assert count < 11 or not torch.equal(other.like(x), first)


def test_other_layers_and_shapes_go_on_in_one_stream() -> None:
    one = noise(3)
    left, right = FastDropout(0.5, one), FastDropout(0.5, one)
    x = torch.ones(11, 13)
    assert not torch.equal(left(x), right(x))
    assert one.like(torch.zeros(5, 3, 2)).shape == (5, 3, 2)


def test_all_numbers_of_sixteen_bits_occur() -> None:
    drawn = noise(1).like(torch.zeros(2_000_003))
    counts = torch.bincount(drawn.to(torch.int64) + 32_768, minlength=65_536)
    assert int(drawn.min()) == -32_768
    assert int(drawn.max()) == 32_767
    expected = len(drawn) / 65_536
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    assert abs(chi_square - 65_535) < 5.0 * math.sqrt(2 * 65_535)


def test_almost_everything_can_be_dropped() -> None:
    y = FastDropout(0.999999, noise(1))(torch.ones(65_537))
    assert 0 < int((y != 0.0).sum()) < 13
    assert y.isfinite().all()
