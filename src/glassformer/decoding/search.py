"""Beam search, greedy search and sampling, token by token with a key/value cache.

There is one search. For each sentence it keeps the `beam_size` best hypotheses and extends each of
them; with a beam size of 1 it is greedy search. With a temperature, each hypothesis samples its
next token instead. A finished sentence leaves the batch, and results do not depend on the other
sentences of a batch.

The search for a sentence stops when as many hypotheses are finished as the beam is wide, or earlier
if the active hypotheses can no longer beat the finished ones.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from glassformer.decoding.beams import Beams
from glassformer.decoding.hypotheses import Candidate, Found, Hypothesis
from glassformer.decoding.settings import LengthPenalty, SearchConfig
from glassformer.decoding.utf8_constraint import WholeCharacters
from glassformer.errors import Setting, UsageError
from glassformer.model.transformer import Transformer

__all__ = [
    "Candidate",
    "Found",
    "Hypothesis",
    "LengthPenalty",
    "SearchConfig",
    "check_prefix",
    "greedy",
    "search",
]


@torch.inference_mode()
def search(
    model: Transformer,
    memory: Float[Tensor, "batch source d_memory"],
    memory_mask: Bool[Tensor, "batch 1 1 source"] | None,
    starts: Sequence[int],
    config: SearchConfig,
    *,
    limits: Sequence[int],
    prefixes: Sequence[Sequence[int]] | None = None,
    indices: Sequence[int] | None = None,
    characters: WholeCharacters | None = None,
) -> list[Found]:
    """The best hypotheses for each sentence of a batch.

    `starts` are the decoder's first inputs, one per sentence, and `limits` the maximum number of
    tokens after them, or fewer if the decoder has fewer positions. `prefixes` are forced target
    prefixes, and `indices` the position of each sentence in the input, on which samples depend.
    `characters` keeps byte tokens valid UTF-8, where the vocabulary has any.

    A hypothesis without an end token is returned only if none finished within the limit.

    Raises:
        UsageError: when this model has no decoder, or cannot generate a prefix.
    """
    most = model.config.stack_of("decoder").max_positions
    limits = [min(limit, most) for limit in limits]
    prefixes = [()] * len(starts) if prefixes is None else prefixes
    for prefix, limit in zip(prefixes, limits, strict=True):
        check_prefix(model, prefix, limit)
    places = range(len(starts)) if indices is None else indices
    beams = Beams(model, memory, memory_mask, starts, config, limits, prefixes, places, characters)
    while beams.active:
        beams.step()
    return [beams.result(sentence) for sentence in range(len(starts))]


def check_prefix(model: Transformer, prefix: Sequence[int], limit: int) -> None:
    """Check that a translation of at most `limit` tokens can start with a prefix.

    Raises:
        UsageError: when the prefix is too long or holds a token that is never generated.
    """
    if prefix and len(prefix) >= limit:
        raise UsageError(
            "the prefix has {length} tokens, but a translation may have at most {limit}, end token "
            "included: shorten the prefix or raise {max_length:name}",
            length=len(prefix),
            limit=limit,
            max_length=Setting("max_length"),
        )
    never = {*model.config.never_generated, model.config.end}
    for token in prefix:
        if token in never:
            raise UsageError(
                "the prefix contains a token ({token}) that this model never generates: use "
                "characters that occur in its training data",
                token=token,
            )


def greedy(
    model: Transformer,
    memory: Float[Tensor, "batch source d_memory"],
    memory_mask: Bool[Tensor, "batch 1 1 source"] | None,
    starts: Sequence[int],
    max_length: int,
) -> list[Hypothesis]:
    """Greedy search: the likeliest token at each step (beam size 1).

    Raises:
        UsageError: when this model has no decoder.
    """
    config = SearchConfig(beam_size=1)
    limits = [max_length] * len(starts)
    found = search(model, memory, memory_mask, starts, config, limits=limits)
    return [one.hypotheses[0] for one in found]
