"""The dev set, which is never trained on: pairs that were given, or some held out by hash."""

import hashlib
import heapq
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from unicodedata import normalize

from glassformer.errors import InputError, Setting
from glassformer.training.corpus.pairs import Pair

_DEV_SHARE, _MIN_DEV, _MAX_DEV = 0.01, 100, 1000
_MAX_DEV_SHARE = 0.1


def key_of(text: str) -> int:
    """A number below 2^64 by which a sentence is known, the same everywhere and for ever."""
    return int.from_bytes(hashlib.sha256(normalize("NFC", text).encode()).digest()[:8], "big")


def key_of_pair(pair: Pair) -> int:
    """The same for a sentence, its translation and the target language."""
    return key_of(f"{pair.source}\n{pair.target}\n{pair.tag or ''}")  # no line has a "\n"


class DevSet:
    """The pairs of a given dev set, so that they are recognised among the training pairs."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs: set[int] = set()
        """Keys of source, target and tag."""
        self.sources: set[int] = set()
        """Keys of the sources alone."""
        for pair in pairs:
            self.pairs.add(key_of_pair(pair))
            self.sources.add(key_of(pair.source))


@dataclass(frozen=True)
class HeldOut:
    """The pairs held out as dev set: those whose source has a key up to a threshold.

    All translations of one source are on the same side, and stay there when the corpus grows or
    is put in another order, but for the few that a moving threshold passes over.
    """

    threshold: int
    sources: int
    pairs: int

    def has(self, key: int) -> bool:
        """Whether the pairs whose source has this key are held out."""
        return key <= self.threshold

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back."""
        return {
            "rule": "first 8 bytes of SHA-256 of the source (NFC, UTF-8) up to threshold",
            "threshold": f"{self.threshold:016x}",
            "sources": self.sources,
            "pairs": self.pairs,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(int(data["threshold"], 16), data["sources"], data["pairs"])


def held_out(keys: Iterable[int]) -> HeldOut:
    """Choose 1 % of the pairs as dev set: 100 to 1,000, but of a small corpus a tenth at most.

    `keys` are those of the sources of all pairs.

    Raises:
        InputError: when there are fewer than two different sources.
    """
    counts: dict[int, int] = {}  # of the sources with the smallest keys
    largest: list[int] = []  # these keys as a heap, negative
    total = 0
    for key in keys:
        total += 1
        if key in counts:
            counts[key] += 1
        elif len(counts) < _MAX_DEV or key < -largest[0]:
            counts[key] = 1
            heapq.heappush(largest, -key)
            if len(counts) > _MAX_DEV:
                del counts[-heapq.heappop(largest)]
    if len(counts) < 2:
        raise InputError(
            "expected at least two different source sentences, one to train on and one to hold "
            "out, but pairs: {pairs}, different sources: {sources}; give more pairs, or a dev set "
            "({dev})",
            pairs=total,
            sources=len(counts),
            dev=Setting("dev", "FILE"),
        )
    wanted = min(max(round(total * _DEV_SHARE), _MIN_DEV), _MAX_DEV)
    wanted = max(1, min(wanted, int(total * _MAX_DEV_SHARE)))
    chosen = sorted(counts)
    sums = list(itertools.accumulate(counts[key] for key in chosen))
    number = max(1, sum(count <= wanted for count in sums))
    return HeldOut(chosen[number - 1], number, sums[number - 1])
