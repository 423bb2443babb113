"""Pre-flight: which sentence pairs are fit to learn from, which are kept for measuring, and why.

Everything works on a stream of pairs and says the same each time the corpus is read.
"""

import hashlib
import heapq
import itertools
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from unicodedata import normalize

import numpy as np
import regex

from glassformer.errors import InputError
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.text.words import find_words
from glassformer.training.corpus.pairs import Pair
from glassformer.training.corpus.subwords import UNKNOWN

EMPTY = "empty side"
CONTROLS = "control characters"
TOO_LONG = "too long"
RATIO = "length ratio"
DUPLICATE = "duplicate"
IN_DEV = "also in dev"

_CONTROL = regex.compile(r"[^\P{Cc}\t]")
_DEV_SHARE, _MIN_DEV, _MAX_DEV = 0.01, 100, 1000
_MAX_DEV_SHARE = 0.1


@dataclass(frozen=True)
class Limits:
    """What a pair may look like. Lengths are in characters; tokens are counted later."""

    max_characters: int = 5000
    """A longer line is no sentence."""
    max_ratio: float = 12.0
    """Of the longer side to the shorter. Chinese is three times shorter than English on average,
    and ten times in its idioms."""
    ratio_from: int = 40
    """No ratio is too large while the longer side has no more characters than this."""
    drop_duplicates: bool = True


@dataclass
class Report:
    """How many pairs there were, and how many were left out: why, and where first."""

    seen: int = 0
    held_out: int = 0
    """Pairs put aside to measure on."""
    dropped: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    words: list[int] = field(default_factory=lambda: [0, 0])
    """Of the pairs fit to learn from, on the source and the target side; what is left out later
    for its number of tokens is counted here."""
    characters: list[int] = field(default_factory=lambda: [0, 0])
    dev_sources: int = 0
    """Pairs kept whose source is in the dev set too, with another translation."""

    @property
    def kept(self) -> int:
        """The pairs that are left to learn from."""
        return self.seen - self.held_out - sum(self.dropped.values())

    def drop(self, reason: str, pair: Pair) -> None:
        """Count a pair that is left out."""
        self.dropped[reason] = self.dropped.get(reason, 0) + 1
        self.first.setdefault(reason, pair.place)

    def keep(self, pair: Pair) -> None:
        """Add the size of a pair that is kept."""
        for side, text in enumerate((pair.source, pair.target)):
            self.words[side] += len(find_words(text))
            self.characters[side] += len(text)

    def to_json(self) -> dict[str, Any]:
        """Plain data, as it stands in a trained folder."""
        return {
            "seen": self.seen,
            "kept": self.kept,
            "held_out": self.held_out,
            "dropped": {
                reason: {"pairs": count, "first": self.first[reason]}
                for reason, count in self.dropped.items()
            },
            "source": {"words": self.words[0], "characters": self.characters[0]},
            "target": {"words": self.words[1], "characters": self.characters[1]},
            "dev_sources": self.dev_sources,
        }

    def lines(self) -> list[str]:
        """The same as sentences for people."""
        said = [
            f"{self.kept:,} of {self.seen:,} pairs to learn from; {self.words[0]:,} words on the "
            f"source side, {self.words[1]:,} on the target side"
        ]
        if self.held_out:
            said.append(f"{self.held_out:,} pairs held out to measure on")
        for reason, count in sorted(self.dropped.items(), key=lambda item: -item[1]):
            said.append(f"{count:,} left out: {reason} (first: {self.first[reason]})")
        if self.dev_sources:
            said.append(
                f"{self.dev_sources:,} kept although the source is in the dev set too, with "
                "another translation"
            )
        return said


class DevSet:
    """What is measured on, so that it can be recognised among the pairs to learn from."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs: set[int] = set()
        """Hashes of source, target and tag."""
        self.sources: set[int] = set()
        """Hashes of the sources alone."""
        for pair in pairs:
            self.pairs.add(_hash_of_pair(pair))
            self.sources.add(_hash(pair.source))


@dataclass(frozen=True)
class HeldOut:
    """The pairs put aside to measure on: those whose source has a hash up to a threshold.

    All translations of one source are on the same side, and stay there when the corpus grows or
    is put in another order, but for the few that a moving threshold passes over.
    """

    threshold: int
    sources: int
    pairs: int

    def is_held_out(self, source: str) -> bool:
        """Whether the pairs with this source are put aside."""
        return _hash(source) <= self.threshold

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


def held_out(pairs: Iterable[Pair]) -> HeldOut:
    """Choose 1 % of the pairs to measure on: 100 to 1,000, but of a small corpus a tenth at most.

    Raises:
        InputError: when there are fewer than two different sources.
    """
    counts: dict[int, int] = {}  # of the sources with the smallest hashes
    largest: list[int] = []  # these hashes as a heap, negative
    total = 0
    for pair in pairs:
        total += 1
        key = _hash(pair.source)
        if key in counts:
            counts[key] += 1
        elif len(counts) < _MAX_DEV or key < -largest[0]:
            counts[key] = 1
            heapq.heappush(largest, -key)
            if len(counts) > _MAX_DEV:
                del counts[-heapq.heappop(largest)]
    if len(counts) < 2:
        raise InputError(
            f"{total} pair{'s' * (total != 1)} with {len(counts)} different source"
            f"{'s' * (len(counts) != 1)} cannot be both learnt from and measured on: give more "
            "pairs, or a dev set (--dev)"
        )
    wanted = min(max(round(total * _DEV_SHARE), _MIN_DEV), _MAX_DEV)
    wanted = max(1, min(wanted, int(total * _MAX_DEV_SHARE)))
    chosen = sorted(counts)
    sums = list(itertools.accumulate(counts[key] for key in chosen))
    number = max(1, sum(count <= wanted for count in sums))
    return HeldOut(chosen[number - 1], number, sums[number - 1])


def kept(
    pairs: Iterable[Pair],
    limits: Limits,
    report: Report,
    *,
    dev: DevSet | None = None,
    held_out: HeldOut | None = None,
) -> Iterator[Pair]:
    """The pairs that are fit to learn from; the others are counted in the report.

    Raises:
        InputError: when none is left; the message says why.
    """
    seen = _Seen()
    for pair in pairs:
        report.seen += 1
        reason = _unfit(pair, limits)
        if reason is None:
            key = _hash_of_pair(pair)
            if dev is not None and key in dev.pairs:
                reason = IN_DEV
            elif limits.drop_duplicates and not seen.add(key):
                reason = DUPLICATE
        if reason is not None:
            report.drop(reason, pair)
        elif held_out is not None and held_out.is_held_out(pair.source):
            report.held_out += 1
        else:
            report.keep(pair)
            if dev is not None and _hash(pair.source) in dev.sources:
                report.dev_sources += 1
            yield pair
    if not report.kept:
        raise nothing_left(report)


def nothing_left(report: Report) -> InputError:
    """The error that says why no pair was kept."""
    if IN_DEV in report.dropped:
        return InputError(
            "every training pair is also in the dev set, so that nothing is left to learn from: "
            "give another dev set, or none and a part is held out"
        )
    reasons = "; ".join(
        f"{count:,} × {reason} (first: {report.first[reason]})"
        for reason, count in report.dropped.items()
    )
    return InputError(
        f"none of the pairs ({report.seen:,}) is left to learn from: "
        f"{reasons or 'all are held out'}"
    )


def unknown_rate(
    tokenizer: Tokenizer, pairs: Iterable[Pair], *, target: Tokenizer | None = None
) -> tuple[float, float]:
    """The share of tokens that are not in the vocabulary, on the source and the target side.

    Without a tokenizer of its own the target side takes the same. Subwords leave nothing unknown.
    """
    sides = (tokenizer, target or tokenizer)
    unknown, total = [0, 0], [0, 0]
    for pair in pairs:
        for side, text in enumerate((pair.source, pair.target)):
            tokens = list(map(sides[side].token_of, sides[side].encode_target(text)))
            unknown[side] += tokens.count(UNKNOWN)
            total[side] += len(tokens)
    return unknown[0] / max(1, total[0]), unknown[1] / max(1, total[1])


def _unfit(pair: Pair, limits: Limits) -> str | None:
    """The first reason not to learn from a pair as it stands."""
    if _CONTROL.search(pair.source) or _CONTROL.search(pair.target):
        return CONTROLS
    if is_blank(pair.source) or is_blank(pair.target):
        return EMPTY
    short, long = sorted((len(pair.source), len(pair.target)))
    if long > limits.max_characters:
        return TOO_LONG
    if long > limits.ratio_from and long > short * limits.max_ratio:
        return RATIO
    return None


def _hash(text: str) -> int:
    """A number below 2^64 that is the same everywhere and for ever."""
    return int.from_bytes(hashlib.sha256(normalize("NFC", text).encode()).digest()[:8], "big")


def _hash_of_pair(pair: Pair) -> int:
    return _hash(f"{pair.source}\n{pair.target}\n{pair.tag or ''}")  # no line has a "\n"


class _Seen:
    """A set of hashes that takes 11 to 22 bytes for each; Python's takes 100."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 10))
        self._count = 0

    def add(self, key: int) -> bool:
        """Put a hash in; False when it was there."""
        key = key or 1  # 0 is an empty slot
        slots, mask = self._slots, len(self._slots) - 1
        place = key & mask
        while slots[place]:
            if slots[place] == key:
                return False
            place = (place + 1) & mask
        slots[place] = key
        self._count += 1
        if self._count * 4 > len(slots) * 3:
            self._grow()
        return True

    def _grow(self) -> None:
        slots = np.frombuffer(self._slots, dtype=np.uint64)
        keys = slots[slots != 0].tolist()
        self._slots = array("Q", bytes(16 * len(slots)))
        self._count = 0
        for key in keys:
            self.add(key)
