"""A sample of texts drawn in one pass, independent of their order: those of smallest hash."""

import heapq
from hashlib import blake2b

_LONGEST = 1_000
"""In characters; longer texts are truncated."""


class Sample:
    """At most `size` distinct texts, long ones truncated."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[tuple[int, str]] = []  # a heap of negative hashes, the largest hash first
        self._hashes: set[int] = set()

    def add(self, text: str) -> None:
        """Keep a text if its hash is among the smallest so far."""
        text = text[:_LONGEST]
        negative = -int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
        full = len(self._kept) >= self._size
        if (full and negative < self._kept[0][0]) or negative in self._hashes:
            return
        self._hashes.add(negative)
        if full:
            out, _ = heapq.heapreplace(self._kept, (negative, text))
            self._hashes.remove(out)
        else:
            heapq.heappush(self._kept, (negative, text))

    def texts(self, *, held_out: bool) -> list[str]:
        """The held-out fifth of the sample, or the rest of it."""
        return [text for negative, text in self._kept if (negative % 5 == 0) == held_out]
