"""Batching: in which order pairs are trained on, and which are computed together.

The order is a pure function of (seed, epoch, update): it knows nothing of processes, clocks or
memory. An update accumulates the gradients of a fixed number of micro-batches; each holds pairs of
nearly one length, so that little is padding, and those of an epoch come in random order.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

import numpy as np
from jaxtyping import Float, Int

Indices = Int[np.ndarray, " _pairs"]  # each of its own size: no shape to compare

_POOL = 1 << 20
"""So many pairs are sorted by length at a time; a small corpus is one pool."""


_Target = TypeVar("_Target", bound=Hashable)


def repeats_of(counts: Mapping[_Target, int], balance: float) -> dict[_Target, float]:
    """Temperature-based sampling: how often a pair of each target comes in an epoch.

    With n pairs a target's share is proportional to n^balance, where balance is 1 / temperature: 1
    leaves all as they are, and with 0 all targets have the same share. Pairs of the largest target
    come once (Arivazhagan et al., 2019, "Massively Multilingual Neural Machine Translation in the
    Wild", section 4.1).
    """
    largest = max(counts.values(), default=0)
    return {tag: (largest / count) ** (1.0 - balance) for tag, count in counts.items()}


class Batching:
    """The micro-batches of each epoch.

    Lengths are those that the model computes, with start or end tokens. `micro_batch_tokens`
    bounds a micro-batch, padding included, on the side that has more tokens; a pair that is longer
    by itself is a micro-batch of its own. `per_update` micro-batches make an update, fewer at an
    epoch's end.

    Each pair comes once in an epoch, or as often as `repeats` says: 2.5 is twice, and in every
    second epoch, at random, a third time.
    """

    def __init__(
        self,
        source_lengths: Int[np.ndarray, " pairs"],
        target_lengths: Int[np.ndarray, " pairs"],
        *,
        micro_batch_tokens: int,
        per_update: int,
        seed: int,
        repeats: Float[np.ndarray, " pairs"] | None = None,
    ) -> None:
        self._source = source_lengths
        self._target = target_lengths
        self._budget = micro_batch_tokens
        self._per_update = per_update
        self._seed = seed
        self._repeats = repeats

    def epoch(self, number: int) -> Iterator[list[Indices]]:
        """The updates of one epoch, each a list of micro-batches of indices of pairs."""
        random = np.random.Generator(np.random.PCG64([self._seed, number]))
        order = random.permutation(self._drawn(random))
        waiting: list[Indices] = []
        for start in range(0, len(order), _POOL):
            batches = self._cut(order[start : start + _POOL])
            waiting += [batches[index] for index in random.permutation(len(batches))]
            whole = len(waiting) // self._per_update * self._per_update
            for first in range(0, whole, self._per_update):
                yield waiting[first : first + self._per_update]
            waiting = waiting[whole:]
        if waiting:
            yield waiting

    def _drawn(self, random: np.random.Generator) -> Indices:
        """Every pair, as often as it comes in this epoch."""
        pairs: Indices = np.arange(len(self._source))
        if self._repeats is None:
            return pairs
        times = np.floor(self._repeats + random.random(len(pairs))).astype(np.int64)
        drawn: Indices = np.repeat(pairs, times)
        return drawn

    def _cut(self, pool: Indices) -> list[Indices]:
        """Sorted by target and source length (those of equal lengths stay in random order), cut."""
        source, target = self._source[pool], self._target[pool]
        order = np.lexsort((source, target))
        pool = pool[order]
        widths = np.maximum(source, target)[order].astype(np.int64)
        batches = []
        start = 0
        while start < len(pool):
            room = max(1, self._budget // int(widths[start]))
            widest = np.maximum.accumulate(widths[start : start + room])
            fits = widest * np.arange(1, len(widest) + 1) <= self._budget
            count = max(1, int(fits.sum()))  # widest · n grows with n: those that fit come first
            batches.append(pool[start : start + count])
            start += count
        return batches
