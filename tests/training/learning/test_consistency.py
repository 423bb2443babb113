"""Two passes that should agree: the loss against the formula, and what it does to a model."""

import math
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present
from torch import Tensor
from training.tiny import ROLES, made_examples, model_config, new_model, training_config

from glassformer.training.learning.consistency import consistent_loss
from glassformer.training.learning.learner import Collator, Learner
from glassformer.training.learning.loss import Criterion

TOKENS, D_MODEL, VOCABULARY = 29, 7, 31
NEVER = [0, 5, 30]


def formula(
    hidden: Tensor,
    weight: Tensor,
    targets: Tensor,
    bias: Tensor | None,
    smoothing: float,
    alpha: float,
) -> Tensor:
    """As the docstring has it, in float64 and by autograd."""
    logits = hidden.double() @ weight.double().T
    if bias is not None:
        logits = logits + bias.double()
    allowed = torch.ones(VOCABULARY, dtype=torch.bool)
    allowed[NEVER] = False
    log_p = logits.masked_fill(~allowed, -math.inf).log_softmax(-1)[:, allowed]
    q = torch.zeros(TOKENS, VOCABULARY, dtype=torch.float64)
    q[:, allowed] = smoothing / allowed.sum()
    counts = allowed[targets].double()
    q[torch.arange(TOKENS), targets] += 1.0 - smoothing
    one, other = log_p[:TOKENS], log_p[TOKENS:]
    losses = -(q[:, allowed] * (one + other)).sum(1) / 2
    apart = (one.exp() - other.exp()) * (one - other)
    return ((losses + alpha / 4 * apart.sum(1)) * counts).sum()


@given(
    seed=st.integers(0, 100),
    smoothing=st.sampled_from([0.0, 0.1]),
    with_bias=st.booleans(),
    rows=st.sampled_from([1, 16, 29, 64]),
    alpha=st.sampled_from([0.5, 5.0]),
)
def test_loss_and_gradients_are_those_of_the_formula(
    seed: int, smoothing: float, with_bias: bool, rows: int, alpha: float
) -> None:
    torch.manual_seed(seed)
    hidden = torch.randn(2 * TOKENS, D_MODEL, requires_grad=True)
    weight = torch.randn(VOCABULARY, D_MODEL, requires_grad=True)
    bias = torch.randn(VOCABULARY, requires_grad=True) if with_bias else None
    targets = torch.randint(VOCABULARY, (TOKENS,))  # some of them may not be generated
    learned = [tensor for tensor in (hidden, weight, bias) if tensor is not None]
    criterion = Criterion(VOCABULARY, NEVER, smoothing)
    criterion.rows_at_a_time = lambda device: rows  # type: ignore[method-assign]
    loss = consistent_loss(criterion, hidden, weight, targets, bias, torch.float32, alpha)
    expected = formula(hidden, weight, targets, bias, smoothing, alpha)
    assert loss.smoothed.item() == pytest.approx(expected.item(), rel=1e-5)
    ours = torch.autograd.grad(loss.smoothed * 0.37, learned)
    theirs = torch.autograd.grad(expected * 0.37, learned)
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other.float(), rtol=1e-4, atol=1e-5)


def test_passes_that_are_alike_have_the_loss_of_one() -> None:
    torch.manual_seed(3)
    hidden, weight = torch.randn(TOKENS, D_MODEL), torch.randn(VOCABULARY, D_MODEL)
    targets = torch.randint(6, 30, (TOKENS,))
    criterion = Criterion(VOCABULARY, NEVER, 0.1)
    one = criterion(hidden, weight, targets)
    both = consistent_loss(
        criterion, torch.cat((hidden, hidden)), weight, targets, None, torch.float32, 5.0
    )
    assert both.smoothed.item() == pytest.approx(one.smoothed.item(), rel=1e-5)
    assert both.unsmoothed.item() == pytest.approx(one.unsmoothed.item(), rel=1e-5)


def learned(folder: Path, consistency: float, dropout: float) -> tuple[float, float, Tensor]:
    """The two losses of one micro-batch, and the gradient of all weights."""
    examples = made_examples(folder / f"{consistency}-{dropout}", 13)
    model = new_model(model_config(dropout=dropout))
    learner = Learner(model, training_config(consistency=consistency))
    collate = Collator(examples, padding=ROLES.padding, end=ROLES.end, starts=[ROLES.start])
    learner.seed(1, 2)
    loss = learner.learn(collate(torch.arange(13).numpy(), learner.device), 1.0)
    gradient = torch.cat([present(weight.grad).flatten() for weight in model.parameters()])
    return loss.smoothed.item(), loss.unsmoothed.item(), gradient


def test_without_dropout_two_passes_are_one(tmp_path: Path) -> None:
    smoothed, unsmoothed, gradient = learned(tmp_path, 0.0, 0.0)
    both, reported, gradient_of_both = learned(tmp_path, 5.0, 0.0)
    assert both == pytest.approx(smoothed, rel=1e-5)
    assert reported == pytest.approx(unsmoothed, rel=1e-5)
    assert torch.allclose(gradient_of_both, gradient, rtol=1e-4, atol=1e-5)


def test_with_dropout_they_differ_and_that_costs(tmp_path: Path) -> None:
    weak, strong = (learned(tmp_path, alpha, 0.3)[0] for alpha in (0.001, 5.0))
    assert strong > weak + 0.01
