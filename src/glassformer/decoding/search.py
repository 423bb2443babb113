"""The search for target sentences: token by token, with the key/value cache.

There is one search. It keeps, for each sentence by itself, the `beam_size` likeliest hypotheses and
lets each of them go on; with a beam of 1 it is greedy. With a temperature each hypothesis draws its
next token instead. A sentence whose search is over leaves the batch, and nothing depends on which
other sentences there are.

The search for a sentence is over when as many hypotheses have ended as the beam is wide, or earlier
where those that go on can no longer become better than what has been found.
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
    """The best hypotheses for each sentence of the batch, each by itself.

    `starts` are the decoder's first inputs, one a sentence, and `limits` how many tokens follow at
    most, fewer where the decoder has fewer positions. `prefixes` are tokens that a sentence begins
    with, and `indices` are its place among all sentences, which samples depend on. `characters`
    knows the tokens that are bytes, where there are any, and keeps them together.

    A hypothesis without an end token is given only where none ended within the limit.

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
    while beams.going:
        beams.step()
    return [beams.result(sentence) for sentence in range(len(starts))]


def check_prefix(model: Transformer, prefix: Sequence[int], limit: int) -> None:
    """Refuse what a translation of at most `limit` tokens cannot begin with.

    Raises:
        UsageError: when the prefix is too long or holds a token that is never generated.
    """
    if prefix and len(prefix) >= limit:
        raise UsageError(
            "the prefix has {length} tokens, but a translation has at most {limit}, its end "
            "included: shorten the prefix or allow more ({max_length:name})",
            length=len(prefix),
            limit=limit,
            max_length=Setting("max_length"),
        )
    never = {*model.config.never_generated, model.config.end}
    for token in prefix:
        if token in never:
            raise UsageError(
                "the prefix has a token ({token}) that this model never generates: use characters "
                "that were in its training text",
                token=token,
            )


def greedy(
    model: Transformer,
    memory: Float[Tensor, "batch source d_memory"],
    memory_mask: Bool[Tensor, "batch 1 1 source"] | None,
    starts: Sequence[int],
    max_length: int,
) -> list[Hypothesis]:
    """The likeliest token at each step, for each sentence: the search with a beam of 1.

    Raises:
        UsageError: when this model has no decoder.
    """
    config = SearchConfig(beam_size=1)
    limits = [max_length] * len(starts)
    found = search(model, memory, memory_mask, starts, config, limits=limits)
    return [one.hypotheses[0] for one in found]
