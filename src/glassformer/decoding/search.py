"""The search for a target sentence: token by token, with the key/value cache.

Greedy for now: at each step the likeliest token, until the end token or the length limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from glassformer.model.transformer import Transformer


@dataclass(frozen=True)
class Hypothesis:
    """A target sentence found: its tokens (without start, with the end token if it was reached),
    and the natural logarithm of its probability."""

    tokens: tuple[int, ...]
    score: float


@torch.inference_mode()
def greedy(
    model: Transformer,
    memory: Float[Tensor, "batch source d_memory"],
    memory_mask: Bool[Tensor, "batch 1 1 source"] | None,
    starts: Sequence[int],
    max_length: int,
) -> list[Hypothesis]:
    """The likeliest token at each step, for each sentence of the batch by itself.

    `starts` are the decoder's first inputs, one a sentence; at most `max_length` tokens follow.

    Raises:
        UsageError: when this model has no decoder.
    """
    max_length = min(max_length, model.config.stack_of("decoder").max_positions)
    cache = model.new_cache()
    found: list[list[int]] = [[] for _ in starts]
    scores = [0.0] * len(starts)
    going = list(range(len(starts)))  # the sentences that the rows of the batch belong to
    last: Int[Tensor, "batch 1"] = torch.tensor(starts, device=memory.device)[:, None]
    for _ in range(max_length):
        logits = model.decode(last, memory, memory_mask, cache)[:, -1]
        best = model.probabilities(logits.float()).log().max(dim=-1)
        last = best.indices[:, None]
        for sentence, token, score in zip(
            going, best.indices.tolist(), best.values.tolist(), strict=True
        ):
            found[sentence].append(token)
            scores[sentence] += score
        end = model.config.end
        stay = [row for row, sentence in enumerate(going) if found[sentence][-1] != end]
        if not stay:
            break
        if len(stay) < len(going):
            rows = torch.tensor(stay, device=memory.device)
            going = [going[row] for row in stay]
            cache.keep(rows)
            last, memory = last[rows], memory[rows]
            memory_mask = None if memory_mask is None else memory_mask[rows]
    return [Hypothesis(tuple(tokens), score) for tokens, score in zip(found, scores, strict=True)]
