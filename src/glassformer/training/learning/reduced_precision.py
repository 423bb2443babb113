"""Mixed precision on a CPU: products in bfloat16, what is stored and added stays float32.

Processors with instructions for bfloat16 multiply two or three times as fast with it. torch's
autocast would turn the tensors themselves into bfloat16 and back, which costs as much as it gains
in a small model; oneDNN rounds the operands inside its kernel instead. Only the fused attention,
whose products are tiny, becomes slow by it (15 times), and is kept exact.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from glassformer.model.attention import ScaledDotProductAttention


@contextlib.contextmanager
def fewer_bits() -> Iterator[None]:
    """Let large float32 products round their operands to bfloat16 where that is faster."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


@contextlib.contextmanager
def all_bits() -> Iterator[None]:
    """Let float32 products be float32."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


class ExactAttention(nn.Module):
    """The same fused kernel, with exact products forward and backward."""

    def __init__(self, attend: ScaledDotProductAttention) -> None:
        super().__init__()
        self.attend = attend

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """As `ScaledDotProductAttention`."""
        if self.attend.dropout and self.training:  # not fused: plain products, fast in any case
            context: Tensor = self.attend(query, key, value, mask)
            return context
        bias = None
        if mask is not None:
            bias = torch.zeros(mask.shape).masked_fill_(~mask, -torch.inf)
        context = _Fused.apply(  # type: ignore[no-untyped-call]
            query, key, value, bias, self.attend.scale
        )
        return context


class _Fused(torch.autograd.Function):
    """torch's own kernels for the two directions, called so that both run with all bits."""

    @staticmethod
    def forward(
        ctx: Any, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, scale: float
    ) -> Tensor:
        with all_bits():
            context, log_sums = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
                query, key, value, 0.0, False, attn_mask=bias, scale=scale
            )
        ctx.save_for_backward(query, key, value, bias, context, log_sums)
        ctx.scale = scale
        return context  # type: ignore[no-any-return]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, bias, context, log_sums = ctx.saved_tensors
        with all_bits():
            gradients = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward(
                gradient,
                query,
                key,
                value,
                context,
                log_sums,
                0.0,
                False,
                attn_mask=bias,
                scale=ctx.scale,
            )
        return (*gradients, None, None)
