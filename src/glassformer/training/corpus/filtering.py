"""Corpus filtering: which sentence pairs are fit to train on, and why the others are not."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import regex

from glassformer.errors import InputError
from glassformer.messages import Message, Note
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.text.words import find_words
from glassformer.training.corpus.held_out import DevSet, key_of, key_of_pair
from glassformer.training.corpus.pairs import Pair
from glassformer.training.corpus.subwords import UNKNOWN

EMPTY = Message("empty side")
CONTROLS = Message("control characters")
TOO_LONG = Message("too long")
RATIO = Message("length ratio")
DUPLICATE = Message("duplicate")
IN_DEV = Message("also in dev")

_CONTROL = regex.compile(r"[^\P{Cc}\t]")


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
class CorpusStatistics:
    """How many pairs there were, and how many were left out: why, and where first."""

    seen: int = 0
    held_out: int = 0
    """Pairs held out as dev set."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Pairs left out, by the reason in English."""
    first: dict[str, Message] = field(default_factory=dict)
    """Where the first of them stands."""
    reasons: dict[str, Message] = field(default_factory=dict)
    words: list[int] = field(default_factory=lambda: [0, 0])
    """Of the pairs fit to train on, on the source and the target side; what is left out later
    for its number of tokens is counted here."""
    characters: list[int] = field(default_factory=lambda: [0, 0])
    dev_sources: int = 0
    """Pairs kept whose source is in the dev set too, with another translation."""

    @property
    def kept(self) -> int:
        """The pairs that are left to train on."""
        return self.seen - self.held_out - sum(self.dropped.values())

    def drop(self, reason: Message, pair: Pair) -> None:
        """Count a pair that is left out."""
        name = str(reason)
        self.dropped[name] = self.dropped.get(name, 0) + 1
        self.first.setdefault(name, pair.place)
        self.reasons.setdefault(name, reason)

    def keep(self, pair: Pair, dev: DevSet | None = None) -> None:
        """Add the size of a pair that is kept."""
        for side, text in enumerate((pair.source, pair.target)):
            self.words[side] += len(find_words(text))
            self.characters[side] += len(text)
        if dev is not None and key_of(pair.source) in dev.sources:
            self.dev_sources += 1

    def to_json(self) -> dict[str, Any]:
        """Plain data, as it stands in a trained folder."""
        return {
            "seen": self.seen,
            "kept": self.kept,
            "held_out": self.held_out,
            "dropped": {
                reason: {"pairs": count, "first": str(self.first[reason])}
                for reason, count in self.dropped.items()
            },
            "source": {"words": self.words[0], "characters": self.characters[0]},
            "target": {"words": self.words[1], "characters": self.characters[1]},
            "dev_sources": self.dev_sources,
        }

    def notes(self) -> Iterator[Note]:
        """The same as sentences for people."""
        yield Note(
            "{kept:,} of {seen:,} pairs to train on; {source:,} words on the source side, "
            "{target:,} on the target side",
            {
                "kept": self.kept,
                "seen": self.seen,
                "source": self.words[0],
                "target": self.words[1],
            },
        )
        if self.held_out:
            yield Note("{pairs:,} held out as dev set", {"pairs": self.held_out})
        for name, count in sorted(self.dropped.items(), key=lambda item: -item[1]):
            yield Note(
                "{pairs:,} left out: {reason} (first: {first})",
                {"pairs": count, "reason": self.reasons[name], "first": self.first[name]},
            )
        if self.dev_sources:
            yield Note(
                "{pairs:,} kept although the source is in the dev set too, with another "
                "translation",
                {"pairs": self.dev_sources},
            )


def fit(
    pairs: Iterable[Pair],
    limits: Limits,
    statistics: CorpusStatistics,
    *,
    dev: DevSet | None = None,
) -> Iterator[Pair]:
    """The pairs that are fit for training or evaluation; the others are counted.

    Raises:
        InputError: when none is left; the message says why.
    """
    seen = _Seen()
    for pair in pairs:
        statistics.seen += 1
        reason = _unfit(pair, limits)
        if reason is None:
            key = key_of_pair(pair)
            if dev is not None and key in dev.pairs:
                reason = IN_DEV
            elif limits.drop_duplicates and not seen.add(key):
                reason = DUPLICATE
        if reason is None:
            yield pair
        else:
            statistics.drop(reason, pair)
    if not statistics.kept:
        raise nothing_left(statistics)


def nothing_left(statistics: CorpusStatistics) -> InputError:
    """The error that says why no pair was kept."""
    if str(IN_DEV) in statistics.dropped:
        return InputError(
            "every training pair is also in the dev set, so nothing is left to train on: give "
            "another dev set, or none, so that some pairs are held out"
        )
    reasons = [
        Message(
            "{pairs:,} × {reason} (first: {first})",
            {"pairs": count, "reason": statistics.reasons[name], "first": statistics.first[name]},
        )
        for name, count in statistics.dropped.items()
    ]
    return InputError(
        "none of the pairs ({seen:,}) is usable: {reasons}",
        seen=statistics.seen,
        reasons=reasons or Message("all are held out"),
    )


def unknown_rate(
    tokenizer: Tokenizer, pairs: Iterable[Pair], *, target: Tokenizer | None = None
) -> tuple[float, float]:
    """The out-of-vocabulary rate: the share of tokens that are unknown, of source and of target.

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


def _unfit(pair: Pair, limits: Limits) -> Message | None:
    """The first reason not to train on a pair as it stands."""
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


class _Seen:
    """A hash set of keys that takes 11 to 22 bytes for each; Python's takes 100."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 10))
        self._count = 0

    def add(self, key: int) -> bool:
        """Insert a key; False when it was there."""
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
