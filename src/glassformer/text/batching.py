"""In which order pairs are learned from, and which are computed together.

The order is a pure function of (seed, epoch, update): it knows nothing of processes, clocks or
memory. An update learns from a fixed number of micro-batches; each holds pairs of nearly one
length, so that little is padding, and those of an epoch follow each other in random order.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Int

Indices = Int[np.ndarray, " _pairs"]  # each of its own size: no shape to compare

_POOL = 1 << 20
"""So many pairs are sorted by length at a time; a small corpus is one pool."""


class Batching:
    """The micro-batches of each epoch.

    Lengths are those that the model computes, with start or end tokens. `micro_batch_tokens`
    bounds a micro-batch, padding counted, on the side that has more tokens; a pair that is longer
    by itself is a micro-batch of its own. `per_update` micro-batches make an update, fewer at an
    epoch's end.
    """

    def __init__(
        self,
        source_lengths: Int[np.ndarray, " pairs"],
        target_lengths: Int[np.ndarray, " pairs"],
        *,
        micro_batch_tokens: int,
        per_update: int,
        seed: int,
    ) -> None:
        self._source = source_lengths
        self._target = target_lengths
        self._budget = micro_batch_tokens
        self._per_update = per_update
        self._seed = seed

    def epoch(self, number: int) -> Iterator[list[Indices]]:
        """The updates of one epoch, each a list of micro-batches of indices of pairs."""
        random = np.random.Generator(np.random.PCG64([self._seed, number]))
        order = random.permutation(len(self._source))
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
