"""The next token: constraints on the logits, the best candidates, and sampling.

Logits are unnormalised scores over the vocabulary, −inf for tokens that are never generated. The
score of a token is always its log-probability under the unconstrained model, so that the score of a
translation does not depend on how it was found: `normalizer` is computed before other constraints.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

BLOCK = 1 << 19
"""Logits processed at once: the intermediates of more would not fit a CPU cache."""


class Candidates(NamedTuple):
    """Candidate continuations, those of one sentence side by side, the best first."""

    scores: Float[Tensor, "sentences candidates"]
    """Log-probabilities of the whole hypotheses, new token included."""
    parents: Int[Tensor, "sentences candidates"]
    """The hypothesis of the same sentence that each extends."""
    tokens: Int[Tensor, "sentences candidates"]
    token_scores: Float[Tensor, "sentences candidates"]


def normalizer(logits: Float[Tensor, "rows vocabulary"]) -> Float[Tensor, "rows 1"]:
    """The log of the softmax denominator (logsumexp): logits minus this are log-probabilities."""
    rows = max(1, BLOCK // logits.shape[1])
    parts = []
    for part in torch.split(logits, rows):
        largest = part.amax(-1, keepdim=True)
        parts.append((part - largest).exp_().sum(-1, keepdim=True).log_().add_(largest))
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def forbid_repeated_ngrams(
    logits: Float[Tensor, "rows vocabulary"], tokens: Int[Tensor, "rows length"], n: int
) -> None:
    """Set to −inf, in place, the tokens that would repeat an n-gram of the hypothesis."""
    length = tokens.shape[1]
    if length < n:
        return
    followers = tokens[:, n - 1 :]  # the token after each (n - 1)-gram
    if n == 1:
        logits.scatter_(1, followers, -math.inf)
        return
    windows = tokens[:, :-1].unfold(1, n - 1, 1)
    same = (windows == tokens[:, None, length - n + 1 :]).all(-1)
    rows, places = same.nonzero(as_tuple=True)
    logits[rows, followers[rows, places]] = -math.inf


def force(
    logits: Float[Tensor, "rows vocabulary"],
    tokens: Int[Tensor, " rows"],
    unrestricted: Float[Tensor, "rows vocabulary"],
) -> None:
    """Allow, in place, only this token in each row, with its logit before other constraints.

    Rows whose token is −1 are unchanged.
    """
    rows = (tokens >= 0).nonzero()[:, 0]
    kept = unrestricted[rows, tokens[rows]]
    logits[rows] = -math.inf
    logits[rows, tokens[rows]] = kept


def best(
    logits: Float[Tensor, "rows vocabulary"],
    normalizer: Float[Tensor, "rows 1"],
    scores: Float[Tensor, "sentences width"],
    count: int,
) -> Candidates:
    """The `count` best continuations of each sentence, or all if there are fewer.

    The best of a sentence are among the best of its rows, and rows are searched fastest.
    """
    sentences, width = scores.shape
    if count == 1:
        values, tokens = logits.max(-1, keepdim=True)
    else:
        values, tokens = logits.topk(min(count, logits.shape[1]))
    each = tokens.shape[1]
    token_scores = (values - normalizer).double()
    totals = (token_scores + scores.view(-1, 1)).view(sentences, -1)
    tokens, token_scores = tokens.view(sentences, -1), token_scores.view(sentences, -1)
    if width == 1:
        return Candidates(totals, torch.zeros_like(tokens), tokens, token_scores)
    totals, places = totals.topk(min(count, width * each))
    return Candidates(
        totals, places // each, tokens.gather(1, places), token_scores.gather(1, places)
    )


def sample(
    logits: Float[Tensor, "rows vocabulary"],
    normalizer: Float[Tensor, "rows 1"],
    scores: Float[Tensor, "sentences width"],
    draws: Float[Tensor, "sentences width"],
    *,
    temperature: float,
    top_k: int,
    top_p: float,
) -> Candidates:
    """Sample one token for each row (temperature, top-k, top-p) by inverting the CDF at its draw.

    The CDF runs over the vocabulary in the order of ids, not of probabilities, so that rounding,
    which differs between batches, cannot move another token to where the draw points.
    """
    scaled = logits.double() / temperature
    if 0 < top_k < scaled.shape[1]:
        least = scaled.topk(top_k).values[:, -1:]
        scaled = scaled.masked_fill(scaled < least, -math.inf)
    probabilities = scaled.softmax(-1).nan_to_num(0.0)  # rows in which every token is forbidden
    if top_p < 1.0:
        ordered = probabilities.sort(descending=True).values
        needed = ordered.cumsum(-1) - ordered < top_p
        least = ordered.masked_fill(~needed, math.inf).amin(-1, keepdim=True)
        probabilities = probabilities.masked_fill(probabilities < least, 0.0)
    line = probabilities.cumsum(-1)
    total = line[:, -1:]
    points = (draws.reshape(-1, 1) * total).minimum(total.nextafter(torch.zeros_like(total)))
    tokens = torch.searchsorted(line, points, right=True).clamp_(max=line.shape[1] - 1)
    token_scores = (logits.gather(1, tokens) - normalizer).double().view_as(scores)
    parents = torch.arange(scores.shape[1], device=scores.device).expand_as(scores)
    return Candidates(scores + token_scores, parents, tokens.view_as(scores), token_scores)


def draws_of(
    seed: int, sentences: Sequence[int], width: int, limits: Sequence[int]
) -> Float[Tensor, "sentences steps width"]:
    """Uniform random numbers in [0, 1) for each sentence, from the seed and its index only."""
    drawn = torch.zeros(len(limits), max(limits), width, dtype=torch.float64)
    for row, sentence, limit in zip(drawn, sentences, limits, strict=True):
        numbers = np.random.default_rng([seed, sentence]).random((limit, width))
        row[:limit] = torch.from_numpy(numbers)
    return drawn
