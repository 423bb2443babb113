"""Words as people see them in a text, independent of the tokenizer.

A word is a run of letters, digits and combining marks. Every other visible character is a word by
itself, and so is every Han character; marks that follow belong to it. White space and invisible
characters (control and zero-width characters) are not words. Words that share a token are merged.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import regex

_WORD = regex.compile(
    r"(?!\p{DI})(?:"  # default ignorable, such as a variation selector or a Hangul filler
    r"\p{Han}\p{M}*"
    r"|(?:(?!\p{Han})[\p{L}\p{N}\p{M}])+"
    r"|[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}]\p{M}*"
    r")"
)

Span = tuple[int, int]
"""Start and end of a span of text, in characters."""


class WordMap(NamedTuple):
    """The spans of the words of a text, and the word that each token belongs to."""

    spans: tuple[Span, ...]
    word_of_token: tuple[int | None, ...]


def find_words(text: str) -> list[Span]:
    """The words of a text in order, before tokenization."""
    return [match.span() for match in _WORD.finditer(text)]


def has_word(text: str) -> bool:
    """Whether a text has a visible character."""
    return _WORD.search(text) is not None


def map_words(text: str, offsets: Sequence[Span | None]) -> WordMap:
    """The words of a text and the word of each token, from the tokens' character offsets.

    None or an empty offset means that a token covers no text; like one that covers only white space
    or invisible characters, it belongs to no word.
    """
    spans = find_words(text)
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    touched: list[Span | None] = []  # first and last word that a token covers
    joined = [False] * len(spans)  # word i is merged with word i + 1
    for offset in offsets:
        first = last = -1
        if offset is not None and offset[0] < offset[1]:
            first = bisect_right(ends, offset[0])
            last = bisect_left(starts, offset[1]) - 1
        if 0 <= first <= last:
            touched.append((first, last))
            joined[first:last] = [True] * (last - first)
        else:
            touched.append(None)

    merged: list[Span] = []
    place: list[int] = []  # index of word i after merging
    for index, (start, end) in enumerate(spans):
        if index and joined[index - 1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
        place.append(len(merged) - 1)
    return WordMap(
        tuple(merged), tuple(None if span is None else place[span[0]] for span in touched)
    )
