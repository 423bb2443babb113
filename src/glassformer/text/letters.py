"""Features that identify a text's language: lower-case words, character n-grams, scripts."""

import unicodedata
from collections import Counter
from functools import lru_cache

import regex

PART = 4
"""n of the character n-grams of a word, boundary marks included."""

_WORD = regex.compile(r"\p{Han}\p{M}*|(?:(?!\p{Han})[\p{L}\p{M}])+")
_RUN = regex.compile(r"[!-~]+")
_NO_WORDS = regex.compile(r"[0-9/\\@_<>{}=|#$%^~]|\w\.\w")


def letters_of(text: str) -> str:
    """A text in lower case and NFKC, without URLs, numbers, file paths and code."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _RUN.sub(lambda run: " " if _NO_WORDS.search(run[0]) else run[0], text)


def words_of(letters: str) -> list[str]:
    """The words in it; each Han character is a word."""
    return _WORD.findall(letters)


def parts_of(word: str) -> list[str]:
    """The character n-grams (n = `PART`) of a word with "_" as its boundary marks."""
    whole = f"_{word}_"
    return [whole[start : start + PART] for start in range(max(1, len(whole) - PART + 1))]


def scripts_of(letters: str) -> Counter[str]:
    """The number of letters of each script, by its Unicode name: Latin, Han, Cyrillic."""
    scripts: Counter[str] = Counter()
    for character, times in Counter(letters).items():
        if character.isalpha():
            scripts[_script(character)] += times
    return scripts


@lru_cache(maxsize=1 << 14)
def _script(character: str) -> str:
    # Letter names start with their script: "LATIN SMALL LETTER A", "HANGUL SYLLABLE GA".
    first = unicodedata.name(character, "unknown").partition(" ")[0]
    return {"CJK": "Han", "IDEOGRAPHIC": "Han"}.get(first, first.capitalize())
