"""Tatoeba's pairs again with another name or number in the place of the one on both sides.

Tom is in one of four German pairs and Anna in hardly any: what is learned of Tom says nothing about
names. Here men are called like men and women like women, so that agreement stays; French elides
before the new name as it must, and a German genitive gets only names that take an s.
"""

import random
import re

from box_data import quantities as of
from box_data.names import Name, given, known, surname
from box_data.slots import VOWELS
from box_data.sources import Pair

MOST = 20_000
"""Pairs with other names, of each language."""
NUMBERED = {"fr": 12, "de": 8, "zh": 25}
"""So often comes each of the few pairs with numbers."""

TRANSLATED = {"Mary": {"fr": "Marie", "de": "Maria"}}
PLACES = {"Boston": "波士顿", "Chicago": "芝加哥", "Sydney": "悉尼", "Berlin": "柏林",
          "Paris": "巴黎", "Madrid": "马德里", "Oslo": "奥斯陆", "Boise": "博伊西"}  # fmt: skip

_NUMBER = r"(?<![\w.,:/-]){}(?!\w|[:/-]|[.,]\d| ?\d{{3}}\b)"
_ANY_NUMBER = re.compile(r"(?<![\w.,:/-])(?:\d{1,3}(?:,\d{3})+|\d+)(?!\w|[:/-]|[.,]\d)")
_MONTH = re.compile("January|February|March|April|May|June|July|August|September|October|November|"
                    "December")  # fmt: skip
_CLOCK = re.compile(r"o'clock|\b[ap]\.?m\b", re.IGNORECASE)


def copied(pairs: list[Pair], tag: str) -> list[Pair]:
    """The pairs with other names, then those with other numbers."""
    chance = random.Random(3)
    found = [new for pair in pairs if (new := renamed(pair, tag, chance)) is not None]
    named = found if len(found) <= MOST else chance.sample(found, MOST)
    numbers = (
        new
        for pair in pairs
        if any(map(str.isdigit, pair[0]))
        for _ in range(NUMBERED[tag])
        if (new := renumbered(pair, tag, chance)) is not None
    )
    return list(dict.fromkeys([*named, *numbers]))


def renamed(pair: Pair, tag: str, chance: random.Random) -> Pair | None:
    """The pair with all its names changed; nothing where one side has not what the other has."""
    english, other = pair
    old = [name for name in _kinds() if re.search(rf"\b{name}\b", english)]
    if not old:
        return None
    for name in old:
        new = _another(_kinds()[name], chance)
        pattern = rf"(?<![\w-]){name}(?P<s>'s)?(?![\w-])"
        if len(re.findall(pattern, english)) != 1:
            return None
        of_old = re.search(pattern, english)
        genitive = of_old is not None and of_old["s"] is not None
        changed = _renamed_target(other, name, new, tag, genitive)
        if changed is None:
            return None
        english = re.sub(pattern, new.latin + ("'s" if genitive else ""), english)
        other = changed
    return english, other


def _kinds() -> dict[str, str]:
    """The names that may be changed: of a man, a woman, a place."""
    return {name.latin: gender for name, gender in known()} | dict.fromkeys(PLACES, "p")


def _another(kind: str, chance: random.Random) -> Name:
    if kind == "p":
        return surname(chance)
    name = given(chance, kind)
    return name + surname(chance) if chance.random() < 0.2 else name


def _renamed_target(text: str, old: str, new: Name, tag: str, genitive: bool) -> str | None:
    if tag == "zh":
        chinese = {name.latin: name.chinese for name, _ in known()} | PLACES
        forms = [form for form in (old, chinese[old]) if form in text]
        if len(forms) != 1 or text.count(forms[0]) != 1:
            return None
        return text.replace(forms[0], new.chinese)
    there = {old, TRANSLATED.get(old, {}).get(tag, old)}
    form = "|".join(sorted(there))
    if tag == "de":
        found = re.findall(rf"(?<![\w-])(?:{form})(s?)(?![\w-])", text)
        if len(found) != 1 or (found[0] == "s" and (not genitive or new.latin[-1] in "sxzßc")):
            return None
        return re.sub(rf"(?<![\w-])(?:{form})(s?)(?![\w-])", rf"{new.latin}\1", text)
    pattern = (
        rf"(?P<little>\b(?:[Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu)(?:'|e ))?(?<![\w-])(?:{form})(?![\w-])"
    )
    if len(re.findall(rf"(?<![\w-])(?:{form})(?![\w-])", text)) != 1:
        return None

    def with_little(found: "re.Match[str]") -> str:
        little = found["little"] or ""
        stem = re.sub(r"(?:'|e )$", "", little)
        vowel = new.latin[0] in VOWELS
        return (stem + ("'" if vowel else "e ") if little else "") + new.latin

    return re.sub(pattern, with_little, text)


def renumbered(pair: Pair, tag: str, chance: random.Random) -> Pair | None:
    """The pair with its one number changed, where it stands in digits on both sides."""
    english, other = pair
    found = _ANY_NUMBER.findall(english)
    if len(found) != 1 or len(re.findall(r"\d+", english)) != 1 + found[0].count(","):
        return None
    old = int(found[0].replace(",", ""))
    forms = {str(old), *of.number(old).values()}
    pattern = _NUMBER.format("(?:" + "|".join(sorted(map(re.escape, forms))) + ")")
    if (
        old < 2
        or len(re.findall(pattern, other)) != 1
        or len(re.findall(r"\d", other)) < len(str(old))
    ):
        return None
    shown = re.search(pattern, other)
    if shown is None or len(re.sub(r"\D", "", other)) != len(str(old)):
        return None
    new = _another_number(old, english, chance)
    grouped = "," in found[0] or (new > 9999 and not 1500 < old < 2100)
    in_english = f"{new:,}" if grouped else str(new)
    in_other = of.number(new)[tag] if grouped else str(new)
    return (
        english.replace(found[0], in_english),
        other[: shown.start()] + in_other + other[shown.end() :],
    )


def _another_number(old: int, english: str, chance: random.Random) -> int:
    """One of its kind: a year, an hour, a day of a month, or as long as the old one."""
    if _CLOCK.search(english) and old <= 12:
        return chance.randint(2, 12)
    if _MONTH.search(english) and old <= 31:
        return chance.randint(2, 28)
    if 1500 < old < 2100:
        return chance.randint(1600, 2030)
    if old < 10:
        return chance.randint(2, 9)
    return chance.randint(10 ** (len(str(old)) - 1) + 1, 10 ** len(str(old)) - 1)
