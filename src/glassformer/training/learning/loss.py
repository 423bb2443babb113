"""The loss: cross-entropy of the next token with label smoothing, and its gradient.

    q = (1 - ε) · [the target token] + ε / A · [each of the A tokens that may be generated]
    loss = - Σ q log p,  p = softmax over the tokens that may be generated

Label smoothing by Szegedy et al. (2016), section 7; Vaswani et al. (2017), section 5.4. A model's
vocabulary is much larger than its vectors, so that logits are most of the memory that training
moves. Here they are never stored whole: a few rows at a time are computed, turned into their own
gradient in place and multiplied back, while they are still in the cache.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

_CHUNK_BYTES = {"cpu": 4 << 20}
_CHUNK_BYTES_ELSEWHERE = 256 << 20


class Loss(NamedTuple):
    """Sums over tokens, in nats: the loss that is minimized, and the one that is reported."""

    smoothed: Float[Tensor, ""]
    unsmoothed: Float[Tensor, ""]
    """The negative log-probability of the target; it has no gradient."""


class Criterion:
    """Label-smoothed cross-entropy of one output layer, whose forbidden tokens never change."""

    def __init__(self, vocabulary: int, never: Sequence[int], smoothing: float) -> None:
        self.smoothing = smoothing
        self.vocabulary = vocabulary
        self._never = torch.tensor(sorted(never), dtype=torch.int64)
        self._allowed = torch.ones(vocabulary)
        self._allowed[self._never] = 0.0

    def __call__(
        self,
        hidden: Float[Tensor, "tokens d_model"],
        weight: Float[Tensor, "vocabulary d_model"],
        targets: Int[Tensor, " tokens"],
        bias: Float[Tensor, " vocabulary"] | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> Loss:
        """The loss of predicting `targets` from the decoder's output; real tokens only, no padding.

        A target that may not be generated (an unknown word) is left out of the loss: no probability
        could be right for it.

        `dtype` is that of the products and of the logits; sums are float32 or better.
        """
        self.allowed(hidden.device)
        learning = torch.is_grad_enabled()  # no gradient where none is asked for
        sums = OutputLoss.apply(  # type: ignore[no-untyped-call]
            hidden, weight, bias, targets, self, dtype, learning
        )
        return Loss(*sums)

    def allowed(self, device: torch.device) -> Float[Tensor, " vocabulary"]:
        """1 for each token that may be generated, 0 for the others; all else moves there too."""
        if self._never.device != device:
            self._never = self._never.to(device)
            self._allowed = self._allowed.to(device)
        return self._allowed

    def counted(self, targets: Int[Tensor, " tokens"]) -> int:
        """How many of these targets count."""
        return int(self._allowed.to(targets.device)[targets].sum())

    def rows_at_a_time(self, device: torch.device) -> int:
        """How many rows of logits are held at once."""
        room = _CHUNK_BYTES.get(device.type, _CHUNK_BYTES_ELSEWHERE)
        return max(16, room // (4 * self.vocabulary))


class OutputLoss(torch.autograd.Function):
    """Output layer and loss in one; the gradient is computed in the forward pass already."""

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        targets: Tensor,
        criterion: Criterion,
        dtype: torch.dtype,
        learning: bool,
    ) -> tuple[Tensor, Tensor]:
        """The sums of the loss, smoothed and not."""
        epsilon, allowed = criterion.smoothing, criterion._allowed
        uniform = allowed * (epsilon / allowed.sum())
        products, table = hidden.to(dtype), weight.to(dtype)
        counts = allowed[targets]  # 1 or 0
        all_count = bool(counts.all())
        if not all_count:  # whatever stands in for the others, times 0, as long as it is finite
            targets = targets.where(counts > 0.0, allowed.argmax())
        mean = table.float().T @ uniform  # Σ over allowed tokens of ε / A · logit = hidden · mean
        to_hidden = torch.empty_like(products) if learning else None
        to_weight = torch.zeros_like(weight, dtype=torch.float32) if learning else None
        to_bias = None if bias is None else torch.zeros_like(bias, dtype=torch.float32)
        smoothed = hidden.new_zeros((), dtype=torch.float64)
        unsmoothed = hidden.new_zeros((), dtype=torch.float64)
        rows = criterion.rows_at_a_time(hidden.device)
        for start in range(0, len(hidden), rows):
            rows_of = slice(start, start + rows)
            x, y = products[rows_of], targets[rows_of, None]
            logits = x @ table.T
            spread = x.float() @ mean
            if bias is not None:
                logits += bias
                spread = spread + bias @ uniform
            logits.index_fill_(1, criterion._never, -torch.inf)
            of_target = logits.gather(1, y)[:, 0].float()
            p = torch.softmax(logits, -1, out=logits)
            p_of_target = p.gather(1, y)[:, 0]
            of_row = -p_of_target.float().log()
            vanished = p_of_target < torch.finfo(dtype).smallest_normal
            if vanished.any():  # such a small number has lost its digits
                again = x[vanished].float() @ weight.float().T + (0.0 if bias is None else bias)
                again.index_fill_(1, criterion._never, -torch.inf)
                of_row[vanished] = again.logsumexp(-1) - again.gather(1, y[vanished])[:, 0]
            of_row = of_row * counts[rows_of]
            unsmoothed += of_row.sum(dtype=torch.float64)
            of_row += (epsilon * of_target - spread) * counts[rows_of]
            smoothed += of_row.sum(dtype=torch.float64)
            if to_hidden is not None and to_weight is not None:
                # The gradient is p - q; what all rows have in common, ε / A, is taken off below.
                if not all_count:
                    p *= counts[rows_of, None]
                p.scatter_add_(1, y, (counts[rows_of, None] * (epsilon - 1.0)).to(dtype))
                torch.mm(p, table, out=to_hidden[rows_of])
                if dtype == torch.float32:
                    to_weight.addmm_(p.T, x)
                else:
                    to_weight += p.T @ x
                if to_bias is not None:
                    to_bias += p.sum(0, dtype=torch.float32)
        if to_hidden is not None and to_weight is not None:
            to_hidden = to_hidden.float() - counts[:, None] * mean
            to_weight.addr_(uniform, (hidden.float() * counts[:, None]).sum(0), alpha=-1.0)
            if to_bias is not None:
                to_bias -= uniform * counts.sum()
        ctx.save_for_backward(to_hidden, to_weight, to_bias)
        unsmoothed, smoothed = unsmoothed.float(), smoothed.float()
        ctx.mark_non_differentiable(unsmoothed)
        return smoothed, unsmoothed

    @staticmethod
    def backward(ctx: Any, scale: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        """The gradient computed in the forward pass, times the incoming one."""
        to_hidden, to_weight, to_bias = ctx.saved_tensors
        return (
            (to_hidden * scale) if ctx.needs_input_grad[0] else None,
            (to_weight * scale) if ctx.needs_input_grad[1] else None,
            (to_bias * scale) if to_bias is not None and ctx.needs_input_grad[2] else None,
            None,
            None,
            None,
            None,
        )
