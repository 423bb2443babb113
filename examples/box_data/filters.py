"""Which pairs are left out, and why: what is loose, broken or not of the language."""

import re
from collections.abc import Callable
from unicodedata import name

from box_data.sources import Pair

EXPECTED = {"fr": 1.15, "de": 1.15, "zh": 0.33}
"""Letters of the target for one of English."""

_CODES = re.compile(r"[█{}<>\[\]|_\\^~#=→←↑↓†‡○•]|%[a-z0-9]|\$[a-z]|https?:|::|\+\+|Ψ")
_NUMBER = re.compile(r"\d+(?:[.,  ]\d{3})+(?!\d)|\d+")
_END = re.compile(r"[.?!。？！]+(?=[\s\"”»“）)]|$)|[。？！]")
_HAN = re.compile(r"[\u3400-\u9fff]")

LONGEST = 100
"""Words of English."""


def reason_against(pair: Pair, tag: str, *, loose: bool, says: Callable[[Pair], bool]) -> str:
    """Why this pair is left out, or nothing. `says`: whether the words answer each other."""
    english, other = pair
    if not english or not other or not any(map(str.isalpha, english)):
        return "empty"
    if not is_of_script(english, "en") or not is_of_script(other, tag):
        return "script"
    if len(english.split()) > LONGEST:
        return "long"
    if not loose:
        return ""
    if _CODES.search(english) or _CODES.search(other):
        return "codes"
    if english.casefold() == other.casefold() and len(english.split()) > 2:
        return "untranslated"
    ratio = (len(other) + 3 * EXPECTED[tag]) / (len(english) + 3) / EXPECTED[tag]
    limit = 2.5 if len(english) < 30 else 1.8
    if not 1 / limit < ratio < limit:
        return "length"
    if (
        english.endswith("?") != other.rstrip('"”“» ').endswith(("?", "？"))
        and "?" not in english[:-1]
    ):
        return "question"
    if numbers_of(english) != numbers_of(other):
        return "numbers"
    if abs(len(_END.findall(english)) - len(_END.findall(other))) > 2:
        return "sentences"
    return "" if says(pair) else "words"


def numbers_of(text: str) -> set[str]:
    """The numbers above ten that stand in digits, without what separates their thousands."""
    found = (re.sub(r"\D", "", number) for number in _NUMBER.findall(text))
    return {number for number in found if len(number) > 1 and number != "10"}


def is_of_script(text: str, tag: str) -> bool:
    """Whether nearly all letters are of the script of the language."""
    letters = [letter for letter in text if letter.isalpha()]
    if tag == "zh":
        han = sum(map(bool, map(_HAN.match, letters)))
        latin = sum(letter.isascii() for letter in letters)
        return han > 0 and 2 * han >= latin and han + latin + 2 >= len(letters)
    latin = sum(letter.isascii() or name(letter, "").startswith("LATIN") for letter in letters)
    return 20 * latin >= 19 * len(letters)
