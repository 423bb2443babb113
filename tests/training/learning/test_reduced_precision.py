"""Fewer bits in products: where they are asked for, nowhere else, and never in the attention."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from glassformer.config import StackConfig
from glassformer.model.attention import ScaledDotProductAttention
from glassformer.model.masks import causal_mask, padding_mask
from glassformer.training.learning.reduced_precision import ExactAttention, all_bits, fewer_bits

BATCH, HEADS, QUERIES, KEYS, D_HEAD = 3, 2, 7, 11, 5


def plain(**changes: Any) -> ScaledDotProductAttention:
    stack = StackConfig(
        vocabulary=13, d_model=HEADS * D_HEAD, num_heads=HEADS, d_ff=17, num_layers=1, **changes
    )
    return ScaledDotProductAttention(stack)


def operands(seed: int, queries: int = QUERIES) -> list[Tensor]:
    """Query, key and value as the model has them, a transposed view, with large scores."""
    generator = torch.Generator().manual_seed(seed)

    def drawn(length: int) -> Tensor:
        x = 2.0 * torch.randn(BATCH, length, HEADS, D_HEAD, generator=generator)
        return x.transpose(1, 2).requires_grad_()

    return [drawn(queries), drawn(KEYS), drawn(KEYS)]


def both(attend: torch.nn.Module, seed: int, mask: Tensor | None, queries: int) -> list[Tensor]:
    """What comes out, and the gradients of something that depends on all of it."""
    inputs = operands(seed, queries)
    context = attend(*inputs, mask)
    factor = torch.randn(context.shape, generator=torch.Generator().manual_seed(seed + 1))
    return [context.detach(), *torch.autograd.grad((context * factor).sum(), inputs)]


MASKS: dict[str, Callable[[int], Tensor | None]] = {
    "none": lambda queries: None,
    "padding": lambda queries: padding_mask(torch.tensor([11, 1, 7]), KEYS),
    "causal": lambda queries: causal_mask(queries, KEYS),
    "both": lambda queries: (
        padding_mask(torch.tensor([11, 5, 7]), KEYS) & causal_mask(queries, KEYS)
    ),
}


@pytest.mark.parametrize("bits", [fewer_bits, all_bits])
@pytest.mark.parametrize("kind", MASKS)
@given(seed=st.integers(0, 1000), queries=st.sampled_from([1, 7, KEYS]), scaled=st.booleans())
def test_exact_attention_is_the_plain_one_forward_and_backward(
    bits: Callable[[], AbstractContextManager[None]],
    kind: str,
    seed: int,
    queries: int,
    scaled: bool,
) -> None:
    attend = plain(scale_scores=scaled)
    mask = MASKS[kind](queries)
    expected = both(attend, seed, mask, queries)
    with bits():
        given = both(ExactAttention(attend), seed, mask, queries)
    for one, other in zip(given, expected, strict=True):
        largest = max(1.0, float(other.abs().max()))
        torch.testing.assert_close(one, other, rtol=0.0, atol=1e-6 * largest)


def test_a_masked_key_gets_no_gradient() -> None:
    mask = padding_mask(torch.tensor([KEYS, 3, 7]), KEYS)
    _, _, key, value = both(ExactAttention(plain()), 1, mask, QUERIES)
    for gradient in (key, value):
        assert torch.equal(gradient[1, :, 3:], torch.zeros(HEADS, KEYS - 3, D_HEAD))
        assert gradient[1, :, :3].abs().min() > 0.0


def test_dropout_of_weights_is_that_of_the_plain_attention() -> None:
    attend = plain(attention_dropout=0.5)
    for module in (attend, ExactAttention(attend)):
        module.train()
        torch.manual_seed(3)
        first = module(*operands(1))
        torch.manual_seed(3)
        assert torch.equal(module(*operands(1)), first)
        assert not torch.equal(module(*operands(1)), first)
    exact = ExactAttention(attend).eval()
    torch.testing.assert_close(exact(*operands(1)), attend(*operands(1)))


@pytest.mark.parametrize(("bits", "inside"), [(fewer_bits, "medium"), (all_bits, "highest")])
@pytest.mark.parametrize("before", ["highest", "high", "medium"])
def test_the_setting_is_put_back_whatever_happens(
    bits: Callable[[], AbstractContextManager[None]], inside: str, before: str
) -> None:
    at_first = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(before)
    try:
        with bits():
            assert torch.get_float32_matmul_precision() == inside
        assert torch.get_float32_matmul_precision() == before
        with pytest.raises(ZeroDivisionError), bits():
            _ = 1 / 0
        assert torch.get_float32_matmul_precision() == before
        with fewer_bits():
            with pytest.raises(RuntimeError):  # keys of another size
                ExactAttention(plain())(*operands(1)[:2], torch.ones(BATCH, HEADS, KEYS, 2))
            assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(at_first)


def test_fewer_bits_change_a_product_by_their_rounding_only() -> None:
    generator = torch.Generator().manual_seed(1)
    x, y = (torch.randn(128, 128, generator=generator) for _ in range(2))
    exact = x @ y
    with fewer_bits():
        rounded = x @ y
    assert rounded.dtype == torch.float32
    assert float((rounded - exact).norm() / exact.norm()) < 0.01
    with fewer_bits(), all_bits():
        assert torch.equal(x @ y, exact)
