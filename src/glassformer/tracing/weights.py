"""Scores and weights, which the fused kernel never builds, derived from what it was given.

Each derivation proves itself: weights · V must be what the kernel gave.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from glassformer.config import ModelConfig
from glassformer.errors import TraceError
from glassformer.model.attention import attention_weights, score_scale
from glassformer.model.padding import Batch
from glassformer.tracing.steps import Side, Step, attention_name

TOLERANCE = {
    torch.float64: 1e-12,
    torch.float32: 1e-5,
    torch.float16: 2e-3,
    torch.bfloat16: 2e-2,
}
"""How far weights · V may be from the kernel's output, relative to its largest number."""


def derive_weights(
    attentions: Sequence[Step],
    seen: dict[str, Tensor],
    config: ModelConfig,
    sides: dict[Side, Batch],
    name: Callable[[int], str] | None,
) -> None:
    """Add scores, scaled scores and weights of these attentions to what was seen of a batch.

    Raises:
        TraceError: when weights · V is not what the kernel gave, without what padding has to do
            with either; it names the module, and the sentence as `name` calls it.
    """
    if not attentions:
        return
    names, doubts, tolerances = [], [], []
    for step in attentions:
        assert step.part is not None
        assert step.layer is not None
        attention = attention_name(step.part, step.layer)
        scale = score_scale(step.stack(config))
        query, key, value, context = (
            _at_least_float32(seen[f"{attention}.{role}"])
            for role in ("query", "key", "value", "context")
        )
        derived = attention_weights(query, key, seen[f"{attention}.mask"], scale)
        for role, tensor in zip(derived._fields, derived, strict=True):
            seen[f"{attention}.{role}"] = tensor
        real_keys = sides[step.columns or step.rows].mask
        real_queries = sides[step.rows].mask
        # Keys of padding are cut off afterwards: what is proved is what the others give alone.
        gathered = _zero_outside(derived.weights, None, real_keys) @ value
        difference = _largest(_zero_outside(gathered - context, real_queries, None))
        largest = _largest(_zero_outside(context, real_queries, None))
        largest_score = _largest(_zero_outside(derived.scaled_scores, real_queries, real_keys))
        # Rounding of a score moves its weight by as much, and the larger the scores, the more.
        allowed = largest_score.clamp(min=1.0) * largest
        doubts.append(difference / allowed.clamp(min=1e-30))
        tolerances.append(TOLERANCE[seen[f"{attention}.context"].dtype])
        names.append(attention)
    for sentence, row in enumerate(torch.stack(doubts).T.tolist()):
        for attention, doubt, tolerance in zip(names, row, tolerances, strict=True):
            if not doubt <= tolerance:  # a NaN proves nothing either
                error = TraceError(
                    "{module}: the derived weights · V should equal the kernel's output within "
                    "{tolerance:g}, but differ by {difference:g}; the weights are not shown",
                    module=attention,
                    tolerance=tolerance,
                    difference=doubt,
                )
                raise error if name is None else error.at(name(sentence))


def _at_least_float32(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def _zero_outside(
    x: Float[Tensor, "batch heads rows columns"],
    real_rows: Tensor | None,
    real_columns: Tensor | None,
) -> Float[Tensor, "batch heads rows columns"]:
    """The same with 0 in the rows and columns of padding."""
    if real_rows is not None:
        x = x.masked_fill(~real_rows.transpose(-2, -1), 0.0)
    if real_columns is not None:
        x = x.masked_fill(~real_columns, 0.0)
    return x


def _largest(x: Float[Tensor, "batch heads rows columns"]) -> Float[Tensor, " batch"]:
    return x.abs().amax((1, 2, 3))
