"""Repetition loops: degenerate translations that repeat the same words over and over.

People repeat words too (*very, very good*, 哈哈哈, *ha ha ha*), so a few repetitions of a short
phrase are not a loop. Words are compared, not tokens, so that the tokenizer does not matter.
"""

from dataclasses import dataclass

import regex

from glassformer.text.words import find_words

_LONGEST_PERIOD = 60
"""The longest repeated phrase, in words."""

_FEWEST_TIMES = 3

_TOO_MUCH = 4.0
"""Repeated words. One word is a loop from its fifth occurrence, a longer phrase from its third.

Of 320,647 French, German and Chinese references of Tatoeba none has a loop; of 328,604 from other
sources 16 have one that the source does not have: 12 are rows of dots."""

_HAN = regex.compile(r"\p{Han}")
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True)
class Loop:
    """What is repeated, how many times in a row, and the share of the text's words in it."""

    text: str
    times: int
    share: float

    def to_json(self) -> dict[str, str | int | float]:
        """A stable id, and all fields."""
        return {"id": "loop", "text": self.text, "times": self.times, "share": self.share}


def find_loop(text: str, source: str = "") -> Loop | None:
    """The longest loop in a translation; None where there is none.

    If the source itself repeats something half as often, the translation may, too.
    """
    found = _most_repeated(text)
    if found is None or found[1] < _TOO_MUCH:
        return None
    loop = found[0]
    own = _most_repeated(source)
    return None if own is not None and 2 * own[0].times >= loop.times else loop


def _most_repeated(text: str) -> tuple[Loop, float] | None:
    """The phrase with the most repeated words, at least three times, and how many they are."""
    spans = find_words(text)
    words = [text[start:end].casefold() for start, end in spans]
    best: tuple[Loop, float] | None = None
    for period in range(1, min(_LONGEST_PERIOD, len(words) // _FEWEST_TIMES) + 1):
        same = 0  # consecutive words equal to those one period earlier
        for index in range(period, len(words) + 1):
            if index < len(words) and words[index] == words[index - period]:
                same += 1
                continue
            times, first = same // period + 1, index - same - period
            same = 0
            if times < _FEWEST_TIMES:
                continue
            again = (times - 1) * _weight(words[first : first + period])
            if best is None or again > best[1]:  # a multiple of a period repeats no more words
                repeated = text[spans[first][0] : spans[first + period - 1][1]]
                best = Loop(repeated, times, times * period / len(words)), again
    return best


def _weight(words: list[str]) -> float:
    """The number of words: a Han character counts half, punctuation only without letters."""
    letters = sum(
        0.5 if _HAN.match(word) else 1.0 for word in words if _LETTER.match(word) is not None
    )
    return letters or 0.5 * len(words)
