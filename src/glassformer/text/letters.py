"""What of a text tells its language: its words in small letters, parts of them, scripts."""

import unicodedata
from collections import Counter
from functools import lru_cache

import regex

PART = 4
"""Letters of a part of a word, the spaces around it included."""

_WORD = regex.compile(r"\p{Han}\p{M}*|(?:(?!\p{Han})[\p{L}\p{M}])+")
_RUN = regex.compile(r"[!-~]+")
_NO_WORDS = regex.compile(r"[0-9/\\@_<>{}=|#$%^~]|\w\.\w")


def letters_of(text: str) -> str:
    """A text in small letters, one form of each, without addresses, numbers, paths and code."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _RUN.sub(lambda run: " " if _NO_WORDS.search(run[0]) else run[0], text)


def words_of(letters: str) -> list[str]:
    """The words among them, a Han character being one."""
    return _WORD.findall(letters)


def parts_of(word: str) -> list[str]:
    """All runs of `PART` characters of a word that begins and ends with a mark of its ends, "_"."""
    whole = f"_{word}_"
    return [whole[start : start + PART] for start in range(max(1, len(whole) - PART + 1))]


def scripts_of(letters: str) -> Counter[str]:
    """How many letters of each script there are, by Unicode's names: Latin, Han, Cyrillic."""
    scripts: Counter[str] = Counter()
    for character, times in Counter(letters).items():
        if character.isalpha():
            scripts[_script(character)] += times
    return scripts


@lru_cache(maxsize=1 << 14)
def _script(character: str) -> str:
    # Names of letters begin with their script's: "LATIN SMALL LETTER A", "HANGUL SYLLABLE GA".
    first = unicodedata.name(character, "unknown").partition(" ")[0]
    return {"CJK": "Han", "IDEOGRAPHIC": "Han"}.get(first, first.capitalize())
