"""The fused loss against the formula, term by term."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present
from torch import Tensor

from glassformer.training.learning.loss import Criterion

TOKENS, D_MODEL, VOCABULARY = 53, 7, 31
NEVER = [0, 5, 30]


def formula(
    hidden: Tensor, weight: Tensor, targets: Tensor, bias: Tensor | None, smoothing: float
) -> tuple[Tensor, Tensor]:
    """-Σ q log p in float64, with q and p written out."""
    logits = hidden.double() @ weight.double().T
    if bias is not None:
        logits = logits + bias.double()
    allowed = torch.ones(VOCABULARY, dtype=torch.bool)
    allowed[NEVER] = False
    logits = logits.masked_fill(~allowed, -math.inf)
    log_p = logits - logits.exp().sum(-1, keepdim=True).log()
    q = torch.zeros_like(logits)
    q[:, allowed] = smoothing / allowed.sum()
    q[torch.arange(len(targets)), targets] += 1.0 - smoothing
    smoothed = -(q[:, allowed] * log_p[:, allowed]).sum()
    unsmoothed = -log_p[torch.arange(len(targets)), targets].sum()
    return smoothed, unsmoothed


def numbers(seed: int, with_bias: bool) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    torch.manual_seed(seed)
    hidden = torch.randn(TOKENS, D_MODEL, requires_grad=True)
    weight = torch.randn(VOCABULARY, D_MODEL, requires_grad=True)
    bias = torch.randn(VOCABULARY, requires_grad=True) if with_bias else None
    allowed = [token for token in range(VOCABULARY) if token not in NEVER]
    targets = torch.tensor(allowed)[torch.randint(len(allowed), (TOKENS,))]
    return hidden, weight, targets, bias


@given(
    seed=st.integers(0, 100),
    smoothing=st.sampled_from([0.0, 0.1, 0.5]),
    with_bias=st.booleans(),
    rows=st.sampled_from([1, 16, 53, 64]),
)
def test_loss_and_gradients_are_those_of_the_formula(
    seed: int, smoothing: float, with_bias: bool, rows: int
) -> None:
    hidden, weight, targets, bias = numbers(seed, with_bias)
    learned = [tensor for tensor in (hidden, weight, bias) if tensor is not None]
    criterion = Criterion(VOCABULARY, NEVER, smoothing)
    criterion.rows_at_a_time = lambda device: rows  # type: ignore[method-assign]
    loss = criterion(hidden, weight, targets, bias)
    expected, unsmoothed = formula(hidden, weight, targets, bias, smoothing)
    assert loss.smoothed.item() == pytest.approx(expected.item(), rel=1e-5)
    assert loss.unsmoothed.item() == pytest.approx(unsmoothed.item(), rel=1e-5)
    ours = torch.autograd.grad(loss.smoothed * 0.37, learned)
    theirs = torch.autograd.grad(expected * 0.37, learned)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other.float(), rtol=1e-4, atol=1e-5)


def test_no_gradient_reaches_a_token_that_is_never_generated() -> None:
    hidden, weight, targets, _ = numbers(1, False)
    Criterion(VOCABULARY, NEVER, 0.1)(hidden, weight, targets).smoothed.backward()
    assert torch.equal(present(weight.grad)[NEVER], torch.zeros(len(NEVER), D_MODEL))


def test_without_smoothing_both_sums_are_one() -> None:
    hidden, weight, targets, _ = numbers(2, False)
    loss = Criterion(VOCABULARY, NEVER, 0.0)(hidden, weight, targets)
    assert loss.smoothed.item() == pytest.approx(loss.unsmoothed.item(), rel=1e-6)
    assert not loss.unsmoothed.requires_grad


def test_huge_logits_overflow_nothing() -> None:
    hidden = torch.tensor([[1e4, 0.0, 0, 0, 0, 0, 0]])
    weight = torch.zeros(VOCABULARY, D_MODEL)
    weight[1, 0], weight[2, 0] = 1.0, -1.0
    loss = Criterion(VOCABULARY, NEVER, 0.0)(hidden, weight, torch.tensor([2]))
    assert loss.unsmoothed.item() == pytest.approx(2e4)


def test_half_precision_products_change_the_loss_by_their_rounding_only() -> None:
    hidden, weight, targets, _ = numbers(3, False)
    criterion = Criterion(VOCABULARY, NEVER, 0.1)
    exact = criterion(hidden, weight, targets)
    rounded = criterion(hidden, weight, targets, dtype=torch.bfloat16)
    assert rounded.smoothed.item() == pytest.approx(exact.smoothed.item(), rel=1e-2)
    one = torch.autograd.grad(exact.smoothed, [hidden, weight])
    other = torch.autograd.grad(rounded.smoothed, [hidden, weight])
    for left, right in zip(one, other, strict=True):
        assert (left - right).norm() < 0.02 * left.norm()


def test_a_target_that_may_not_be_generated_counts_for_nothing() -> None:
    hidden, weight, targets, _ = numbers(4, False)
    criterion = Criterion(VOCABULARY, NEVER, 0.1)
    without = criterion(hidden[2:], weight, targets[2:])
    expected = torch.autograd.grad(without.smoothed, [hidden, weight])
    targets[:2] = torch.tensor(NEVER[:2])
    loss = criterion(hidden, weight, targets)
    assert loss.smoothed.item() == pytest.approx(without.smoothed.item(), rel=1e-6)
    assert loss.unsmoothed.item() == pytest.approx(without.unsmoothed.item(), rel=1e-6)
    for one, other in zip(
        torch.autograd.grad(loss.smoothed, [hidden, weight]), expected, strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)
    assert criterion.counted(targets) == TOKENS - 2
