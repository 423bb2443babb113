"""The bilingual lexicons: their words with part of speech, sense and gender."""

import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from box_data.sources import LANGUAGES, Pair


@dataclass(frozen=True)
class Entry:
    """One translation of one sense of a word, as Wiktionary orders them."""

    english: str
    part: str
    sense: str
    target: str
    gender: str


_UNWANTED = re.compile(
    r"\b(?:archaic|obsolete|dated|dialect\w*|slang|vulgar\w*|derogatory|offensive|pejorative|"
    r"ethnic slur|euphemis\w*|sexual\w*|genital\w*|penis|vagina|coitus|rare|poetic|historical|"
    r"nonstandard|misspelling|abbreviation|initialism|acronym|letter|symbol|suffix|prefix)\b",
    re.IGNORECASE,
)
_VULGAR = re.compile(
    r"(?:fuck|shit|cunt|nigg|whore|slut|bitch|bastard|asshole|arse|piss|fart|tits|rape|masturbat|"
    r"porn|erotic|orgasm|semen|scrotum|anus|\banal\b|sexual|prostitut|faggot)",
    re.IGNORECASE,
)


@cache
def wiktionary(data: Path, tag: str) -> tuple[Entry, ...]:
    """The entries that are modern, decent and plain, in the order of the file."""
    found = []
    for row in _rows(data / "lexicon" / f"wiktionary.eng-{LANGUAGES[tag]}.tsv.gz"):
        english, part, sense, target, gender = (*row, "")[:5]
        target = target.replace("’", "'")
        if (
            _UNWANTED.search(sense)
            or _VULGAR.search(english)
            or not re.fullmatch(r"[\w' -]+", english)
            or not re.fullmatch(r"[\w'’ -]+", target)
            or target.startswith("-")
            or target.endswith("-")
        ):
            continue
        found.append(Entry(english.replace("’", "'"), part, sense, target, gender))
    return tuple(found)


def plain_rows(data: Path, lexicon: str, tag: str) -> Iterator[Pair]:
    """English and its translation of the lexicons without parts of speech."""
    for row in _rows(data / "lexicon" / f"{lexicon}.eng-{LANGUAGES[tag]}.tsv.gz"):
        yield row[0], row[1]


def answering(data: Path, tag: str) -> Callable[[Pair], bool]:
    """Whether enough of a pair's words answer each other: looser pairs say something else.

    A word is answered where a translation of it, or the beginning of one, stands on the other side.
    Of four words known to the lexicon one must be, of many one in eight.
    """
    beginnings: dict[str, set[str]] = defaultdict(set)
    rows = [(entry.english, entry.target) for entry in wiktionary(data, tag)]
    if tag == "zh":
        rows += [row for name in ("cc-cedict", "chinese-open-wordnet")
                 for row in plain_rows(data, name, tag)]  # fmt: skip
    for english, target in rows:
        word = english.lower().removeprefix("to ")
        if " " not in word:
            beginnings[word].update(_beginnings(target.lower(), tag))

    def says(pair: Pair) -> bool:
        words = {_singular(word, beginnings) for word in re.findall(r"[a-z]{3,}", pair[0].lower())}
        known = [
            beginnings[word] for word in words if word in beginnings and f" {word} " not in _SMALL
        ]
        if len(known) < 4:
            return True
        other = " " + re.sub(r"[^\w]+", " ", pair[1].lower())
        answered = sum(any(start in other for start in starts) for starts in known)
        return answered * 8 >= len(known)

    return says


_SMALL = (
    " the and for was with that this have had not are you his her its from but they were will who "
    " all one there has been out can their what which when him she our your them then than "
)


def _beginnings(target: str, tag: str) -> set[str]:
    if tag == "zh":
        return {target} if len(target) < 2 else {target, target[:2]}
    first = max(re.findall(r"\w+", target) or [""], key=len)
    return {" " + first[: max(3, len(first) - 3)]} if len(first) > 2 else set()


def _singular(word: str, known: dict[str, set[str]]) -> str:
    for ending, instead in (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"),
                            ("ing", ""), ("ing", "e"), ("d", "")):  # fmt: skip
        if word.endswith(ending) and (stem := word.removesuffix(ending) + instead) in known:
            return stem
    return word


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\r\n").split("\t")
