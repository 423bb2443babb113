"""R-Drop: the loss of two passes over the same batch that differ in dropout and should agree.

    ½ (loss of one + loss of the other) + α / 4 · (KL(p ‖ p') + KL(p' ‖ p))

Dropout makes two models of one; where training pairs are few, keeping their predictions p and p'
close does more against overfitting than dropout alone (Wu et al., 2021, "R-Drop: Regularized
Dropout for Neural Networks", section 2). Each update costs twice as much. As in `loss`, logits are
never stored whole.
"""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from glassformer.training.learning.loss import Criterion, Loss, OutputLoss


def consistent_loss(
    criterion: Criterion,
    hidden: Float[Tensor, "both_tokens d_model"],
    weight: Float[Tensor, "vocabulary d_model"],
    targets: Int[Tensor, " tokens"],
    bias: Float[Tensor, " vocabulary"] | None,
    dtype: torch.dtype,
    alpha: float,
) -> Loss:
    """The loss of predicting `targets` from two passes, one below the other in `hidden`.

    Real tokens only, no padding; a target that may not be generated is left out. Sums over
    the tokens of one pass; the unsmoothed loss is the mean of both.
    """
    sums = _ConsistentLoss.apply(  # type: ignore[no-untyped-call]
        hidden, weight, bias, targets, criterion, dtype, alpha
    )
    return Loss(*sums)


class _ConsistentLoss(OutputLoss):
    """Output layer and both losses in one; the backward pass is that of one loss."""

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        targets: Tensor,
        criterion: Criterion,
        dtype: torch.dtype,
        alpha: float,
    ) -> tuple[Tensor, Tensor]:
        epsilon, allowed = criterion.smoothing, criterion.allowed(hidden.device)
        never = (allowed == 0.0).nonzero()[:, 0]
        uniform = allowed * (epsilon / allowed.sum())
        counts = allowed[targets]  # 1 or 0
        all_count = bool(counts.all())
        targets = targets.where(counts > 0.0, allowed.argmax())
        products, table = hidden.to(dtype).view(2, len(targets), -1), weight.to(dtype)
        mean = table.float().T @ uniform  # Σ over allowed tokens of ε / A · logit = hidden · mean
        to_hidden = torch.empty_like(products)
        to_weight = torch.zeros_like(weight, dtype=torch.float32)
        to_bias = None if bias is None else torch.zeros_like(bias, dtype=torch.float32)
        smoothed = hidden.new_zeros((), dtype=torch.float64)
        unsmoothed = hidden.new_zeros((), dtype=torch.float64)
        c, rows = alpha / 4.0, max(1, criterion.rows_at_a_time(hidden.device) // 2)
        for start in range(0, len(targets), rows):
            rows_of = slice(start, start + rows)
            x, y, count = products[:, rows_of], targets[rows_of], counts[rows_of]
            y = y.expand(2, -1)[..., None]
            logits = (x @ table.T).float()
            spread = x.float() @ mean
            if bias is not None:
                logits += bias
                spread = spread + bias @ uniform
            of_target = logits.gather(2, y)[..., 0]
            gradient = torch.empty_like(logits)
            apart = torch.sub(logits[0], logits[1], out=gradient[0])
            logits.index_fill_(2, never, -torch.inf)
            highest = logits.amax(2)
            p = torch.softmax(logits, 2, out=logits)
            total = highest - p.amax(2).log()  # the logarithm of Σ exp: log p = logit - total
            apart -= (total[0] - total[1])[:, None]
            log_p_of_target = of_target - total
            unsmoothed -= 0.5 * (log_p_of_target * count).sum(dtype=torch.float64)
            cross = (1.0 - epsilon) * of_target + spread - total  # Σ q log p
            smoothed -= 0.5 * (cross * count).sum(dtype=torch.float64)

            kl = torch.mul(p[0], apart, out=gradient[1]).sum(1)
            kl_back = -torch.mul(p[1], apart, out=gradient[1]).sum(1)
            smoothed += c * ((kl + kl_back) * count).sum(dtype=torch.float64)
            # By the logits of p: p (½ + α / 4 · (1 + log p - log p' - KL)) - α / 4 · p' - q / 2.
            torch.add((0.5 + c * (1.0 - kl_back))[:, None], apart, alpha=-c, out=gradient[1])
            torch.add((0.5 + c * (1.0 - kl))[:, None], apart, alpha=c, out=gradient[0])
            gradient *= p
            gradient[0].add_(p[1], alpha=-c)
            gradient[1].add_(p[0], alpha=-c)
            gradient.scatter_add_(
                2, y, torch.full_like(y, 0.5 * (epsilon - 1.0), dtype=torch.float32)
            )
            if not all_count:
                gradient *= count[:, None]
            gradient = gradient.to(dtype)
            to_hidden[:, rows_of] = gradient @ table
            if dtype == torch.float32:
                to_weight.addmm_(gradient.flatten(0, 1).T, x.flatten(0, 1))
            else:
                to_weight += gradient.flatten(0, 1).T @ x.flatten(0, 1)
            if to_bias is not None:
                to_bias += gradient.sum((0, 1), dtype=torch.float32)
        # What all rows have in common, ε / A, was left out of q.
        both = counts.repeat(2)
        to_hidden = to_hidden.float().flatten(0, 1) - 0.5 * both[:, None] * mean
        to_weight.addr_(uniform, (hidden.float() * both[:, None]).sum(0), alpha=-0.5)
        if to_bias is not None:
            to_bias -= uniform * counts.sum()
        ctx.save_for_backward(to_hidden, to_weight, to_bias)
        unsmoothed, smoothed = unsmoothed.float(), smoothed.float()
        ctx.mark_non_differentiable(unsmoothed)
        return smoothed, unsmoothed
