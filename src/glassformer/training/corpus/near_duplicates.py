"""Near-duplicates: which held-out sentences are nearly the same as a training sentence.

Sentences of one collection resemble each other, and a model looks too good on those that it has
nearly read (test-set leakage). A sentence has a near-duplicate among others if one of them, alone,

- is within one word of edit distance: a word more, a word less, or another (Levenshtein), or
- has more than half of its word 5-grams, its runs of five words, each counted once.

A sentence of fewer than six words is judged by edit distance alone, one of a single word by
equality. Words are runs of letters, digits and marks, whatever their case and width (NFKC, case
folding). Punctuation and symbols do not count, and an apostrophe separates nothing, so that
"Don't!" and "dont" are the same. In scripts that put no spaces between words each letter is a word.

Only the held-out sentences are kept in memory; each of the others is looked at once, in a time
that grows with its length. Two sentences are within one word of each other if they are equal
once a word is left out of one of them, or at the same place of both (deletion neighbourhoods, Mor
and Fraenkel 1982). What hashes find in this way is compared word by word.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar
from unicodedata import normalize

import regex

GRAM = 5
"""Words in a run."""
SHORT = 6
"""Sentences of fewer words than this are judged by edit distance alone."""

Words: TypeAlias = tuple[int, ...]
"""A sentence as numbers of its words; 0 is any word that no held-out sentence has."""

Key = TypeVar("Key", int, Words)

_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WORD = regex.compile(
    rf"(?V1)[[\p{{L}}\p{{N}}]&&[{_SPACELESS}]]\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}]--[{_SPACELESS}]]+"
)
_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Cs}]")
_IGNORED = regex.compile(r"['’‘ʼ`´\p{DI}]")

_BASE, _BITS = 0x1E3779B97F4A7C15, 61
_MODULUS = (1 << _BITS) - 1  # a prime


def words_of(sentence: str) -> list[str]:
    """The words by which sentences are compared; where there are none, the visible characters."""
    text = _IGNORED.sub("", normalize("NFKC", sentence).casefold())
    return _WORD.findall(text) or _VISIBLE.findall(text)


def have_near_duplicates(held_out: Iterable[str], others: Iterable[str]) -> list[bool]:
    """For each held-out sentence whether it has a near-duplicate among the others."""
    duplicates = NearDuplicates(held_out)
    for sentence in others:
        duplicates.look_at(sentence)
    return duplicates.found()


class NearDuplicates:
    """The same where the others come one at a time."""

    def __init__(self, held_out: Iterable[str]) -> None:
        sentences = [words_of(sentence) for sentence in held_out]
        different = dict.fromkeys(word for words in sentences for word in words)
        self._numbers = {word: number for number, word in enumerate(different, start=1)}
        self._held_out = [self._numbered(words) for words in sentences]
        self._near: set[Words] = set()
        self._by_key: dict[int, list[Words]] = defaultdict(list)
        self._by_gram: dict[Words, list[Words]] = defaultdict(list)
        for words in dict.fromkeys(self._held_out):
            for key in {*_keys_to_keep(words)}:
                self._by_key[key].append(words)
            for gram in {*_grams(words)} if len(words) >= SHORT else ():
                self._by_gram[gram].append(words)

    def look_at(self, sentence: str) -> None:
        """Take one of the others into account."""
        self._near.update(self._near_to(sentence))

    def is_near(self, sentence: str) -> bool:
        """Whether one of the others is near to a sentence for which nothing was found yet."""
        return any(True for _ in self._near_to(sentence))

    def _near_to(self, sentence: str) -> Iterator[Words]:
        words = self._numbered(words_of(sentence))
        for key in _keys_to_look_up(words):
            if key in self._by_key:
                for one in self._open(self._by_key, key):
                    if is_within_one_word(one, words):
                        yield one
        known = {gram for gram in _grams(words) if gram in self._by_gram}
        shared = Counter(one for gram in known for one in self._open(self._by_gram, gram))
        for one, count in shared.items():
            if 2 * count > len({*_grams(one)}):
                yield one

    def found(self) -> list[bool]:
        """For each held-out sentence whether it has a near-duplicate in what was looked at."""
        return [words in self._near for words in self._held_out]

    def _numbered(self, words: Sequence[str]) -> Words:
        return tuple(self._numbers.get(word, 0) for word in words)

    def _open(self, index: dict[Key, list[Words]], key: Key) -> list[Words]:
        """The held-out sentences under a key for which nothing is found yet; others go."""
        index[key] = [one for one in index[key] if one not in self._near]
        return index[key]


def is_within_one_word(words: Words, others: Words) -> bool:
    """Whether the edit distance is 0 or 1; for one word or none, whether they are equal."""
    if len(words) < 2 or abs(len(words) - len(others)) > 1:
        return words == others
    same = 0
    for word, other in zip(words, others, strict=False):
        if word != other:
            break
        same += 1
    rest = max(len(words), len(others)) - same - 1  # behind the one word that differs
    return rest <= 0 or words[len(words) - rest :] == others[len(others) - rest :]


def _grams(words: Words) -> Iterator[Words]:
    return zip(*(words[start:] for start in range(GRAM)), strict=False)


def _keys_to_keep(words: Words) -> Iterator[int]:
    """A hash of the sentence, and those of it without a word, alone and with the word's place."""
    yield _hash(words)
    for place, rest in _without_one(words):
        yield ~rest
        yield (place + 1) << _BITS | rest


def _keys_to_look_up(words: Words) -> Iterator[int]:
    """The keys under which what is within one word of this is kept."""
    unknown = words.count(0)
    if not unknown:
        whole = _hash(words)
        yield whole  # equal
        yield ~whole  # a word less than what is kept
    if unknown < 2:  # of two one would always stay
        for place, rest in _without_one(words):
            if not unknown or not words[place]:
                yield rest  # a word more
                yield (place + 1) << _BITS | rest  # another word


def _hash(words: Words) -> int:
    value = 0
    for word in words:
        value = (value * _BASE + word) % _MODULUS
    return value


def _without_one(words: Words) -> Iterator[tuple[int, int]]:
    """For each place the hash of the other words, in a time linear in their number."""
    before = [0]
    for word in words:
        before.append((before[-1] * _BASE + word) % _MODULUS)
    after, power = 0, 1
    for place in reversed(range(len(words))):
        yield place, (before[place] * power + after) % _MODULUS
        after = (after + words[place] * power) % _MODULUS
        power = power * _BASE % _MODULUS
