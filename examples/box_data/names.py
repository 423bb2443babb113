"""Names made by rule, from the sounds of many languages, and some that everybody knows.

None of them stands in benchmarks/copying.jsonl, by which it is tested whether names are kept.
"""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMES = Path(__file__).with_name("names.txt")


@dataclass(frozen=True)
class Name:
    """A name in Latin letters, and as Chinese writes it."""

    latin: str
    chinese: str

    def __add__(self, other: "Name") -> "Name":
        """Given name and surname; both in Latin letters unless Chinese has both."""
        latin = f"{self.latin} {other.latin}"
        return Name(latin, latin)


@cache
def _lines() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


@cache
def _latin(gender: str) -> list[str]:
    """Given names of men or of women that may be met anywhere."""
    return " ".join(_lines()["men" if gender == "m" else "women"]).split()


@cache
def _sounds() -> list[list[list[str]]]:
    """Of each language its onsets, vowels, codas, endings of surnames, of men and of women."""
    return [
        [[] if part == "-" else part.split() for part in line.split(" / ")]
        for line in _lines()["sounds"]
    ]


def given(chance: random.Random, gender: str = "") -> Name:
    """The given name of a man (m), a woman (f) or either."""
    gender = gender or chance.choice("mf")
    kind = chance.random()
    if kind < 0.2:
        return chance.choice([name for name, of in known() if of == gender])
    made = _made(chance, 4 if gender == "m" else 5)
    name = chance.choice(_latin(gender)) if kind < 0.4 else made
    return Name(name, name)


def surname(chance: random.Random) -> Name:
    """A family name."""
    name = _made(chance, 3)
    return Name(name, name)


@cache
def known() -> list[tuple[Name, str]]:
    """The names that are translated into Chinese, with their gender."""
    rows = (row.split() for row in _lines()["known"])
    return [(Name(latin, chinese), gender) for latin, gender, chinese in rows]


def _made(chance: random.Random, ending: int) -> str:
    """One to three syllables and an ending, all of one language."""
    parts = chance.choice(_sounds())
    name = ""
    for _ in range(chance.choice((1, 1, 2))):
        name += chance.choice(parts[0]) + chance.choice(parts[1])
    last = chance.choice(parts[ending])
    if last[0] in "aeiouãåäöøüyıi":
        name += chance.choice(parts[2] or parts[0])
    return (name + last).capitalize()
