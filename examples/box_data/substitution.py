"""Rarer nouns in Tatoeba's sentences, in the place of one that the lexicon knows on both sides.

After Fadaee, Bisazza and Monz (2017), but without a language model, and so with more care: the new
noun is a thing of the same kind (a bird for a bird, by the lexicon's gloss), of the same gender,
and French elides before both or before neither, so that nothing else changes but a or an.
Only singulars are changed: the English noun stands behind a determiner, once, and so does its
translation. German nouns that decline are left alone; so are Chinese ones behind a measure word, or
inside a longer word.
"""

import random
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from box_data import grammar
from box_data.lexicon import Entry, plain_rows
from box_data.sources import Pair
from box_data.words import (
    english_words,
    first_senses,
    is_countable,
    is_doubtful,
    target_words,
    usable,
)

EACH = 2
"""Sentences made from one pair, at most."""
MOST = 40_000
OF_ONE = 150
"""Sentences with the same new noun."""
RARE = 100
"""So often, at most, the new noun stands in the English of the corpora; less than the old one."""

KINDS = {
    "person": "person man woman someone somebody worker professional practitioner expert performer",
    "animal": "animal mammal rodent carnivore marsupial monkey ape",
    "bird": "bird fowl parrot owl",
    "fish": "fish",
    "insect": "insect beetle butterfly spider arachnid bug",
    "plant": "plant flower herb shrub",
    "tree": "tree conifer",
    "fruit": "fruit berry vegetable",
    "dish": "dish cake pastry dessert soup sauce bread cheese sausage",
    "drink": "drink beverage liquor",
    "clothes": "garment clothing hat shoe footwear headgear coat jacket shirt trousers dress",
    "tool": "tool instrument implement utensil device weapon machine appliance apparatus gun",
    "vehicle": "vehicle ship boat carriage aircraft car automobile bicycle wagon truck",
    "container": "container box bag bottle basket jar pot",
    "building": "building house room shop store establishment",
    "illness": "disease illness infection",
    "game": "game sport",
    "language": "language",
    "furniture": "furniture seat chair",
}
"""What a noun may be said to be, by the head of its gloss: "a small bird of prey" is a bird."""

_KIND = {head: kind for kind, heads in KINDS.items() for head in heads.split()}
_PHRASE = re.compile(
    r"[,;:(\[]|\b(?:of|for|that|which|with|who|whose|used|in|on|from|to|by|or|and|having|made|"
    r"worn|without|as|at|where|eaten|played|designed|consisting|resembling|containing|living)\b"
)
_KIND_OF = re.compile(
    r"^(?:an?|the|any|one|some)? ?"
    r"(?:kind|type|species|genus|sort|form|piece|item|breed|variety|article) of "
)

_DETERMINER = r"(?:an?|the|this|that|my|your|his|her|our|their|every|each|another|no|any)"
_FAMILY = ("brother sister mother father husband wife son daughter friend child baby boy girl",)
_NO_NOUNS = (
    "is was has had does did will can may must were are be been on in at by to of if as or so up",
    "out off over now here there then when who you he she we they it",
)
_MEASURE = re.compile(r"[一二两三四五六七八九十几这那每半]([^\W\d_])$")
_BOUND = (
    "条只张本辆件块把双支座间家位名匹头棵朵杯瓶碗片台部场首封群根顶"
    "套艘架盏颗粒滴份幅串排道扇门口所栋"
)


def substituted(data: Path, tag: str, pairs: list[Pair]) -> list[Pair]:
    """The pairs with another noun; as many as there are, up to a limit."""
    chance = random.Random(5)
    known, rarer = _known(data, tag), _rarer(data, tag)
    met = english_words(data)
    found: dict[Pair, None] = {}
    times: Counter[Entry] = Counter()
    for pair in pairs:
        for english, target in _aligned(pair, tag, known, data):
            old = known[english][target]
            some = [
                entry
                for entry in rarer.get(_class(old, tag) or (), ())
                if met[entry.english] < met[english]
                and entry.english not in pair[0].lower()
                and times[entry] < OF_ONE
            ]
            for new in chance.sample(some, min(EACH, len(some))):
                found[replaced(pair, old, new)] = None
                times[new] += 1
    every = list(found)
    return every if len(every) <= MOST else chance.sample(every, MOST)


@cache
def _words(lines: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


def kind_of(entry: Entry) -> str | None:
    """What kind of thing a noun names, if the head of its gloss says one."""
    gloss = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", entry.sense).strip().lower()
    if re.match(r"(?:one|he|she) (?:who|that)\b", gloss):
        return "person"
    phrase = _PHRASE.split(_KIND_OF.sub("", gloss), maxsplit=1)[0].split()
    if phrase[-1:] == ["instrument"] and "musical" in gloss:
        return "music"
    return _KIND.get(phrase[-1]) if phrase else None


def replaced(pair: Pair, old: Entry, new: Entry) -> Pair:
    """The pair with the new noun on both sides, and a or an before it as it sounds."""
    english = re.sub(
        rf"\b(?:(?P<a>an?) )?{re.escape(old.english)}\b",
        lambda found: _with_a(new.english, found["a"]),
        pair[0],
        flags=re.IGNORECASE,
    )
    return english, pair[1].replace(old.target, new.target, 1)


def _with_a(noun: str, article: str | None) -> str:
    if article is None:
        return noun
    whole = grammar.a_english(noun)
    return whole[0].upper() + whole[1:] if article[0] == "A" else whole


def _class(entry: Entry, tag: str) -> tuple[object, ...] | None:
    """What two nouns must share: the kind, the gender, whether French elides before them."""
    kind = kind_of(entry)
    if kind is None:
        return None
    if tag == "fr":
        elided = grammar.elides(entry.target)
        plain = entry.gender in ("m", "f") and entry.target == entry.target.lower()
        return (kind, entry.gender, elided) if plain and elided is not None else None
    if tag == "de":
        plain = entry.gender in ("m", "f", "n") and " " not in entry.target
        declined = grammar.is_weak(entry.target, entry.gender) or grammar.is_adjective_noun(
            entry.target
        )
        return (
            (kind, entry.gender) if plain and entry.target[0].isupper() and not declined else None
        )
    return (kind,) if len(entry.target) > 1 else None


@cache
def _known(data: Path, tag: str) -> dict[str, dict[str, Entry]]:
    """The nouns that may be replaced: English, its translations, their entry."""
    known: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in usable(data, tag):
        simple = entry.part == "n" and re.fullmatch("[a-z]+", entry.english)
        if simple and _class(entry, tag) and not is_doubtful(entry, tag, data):
            known[entry.english].setdefault(entry.target, entry)
    return dict(known)


@cache
def _rarer(data: Path, tag: str) -> dict[tuple[object, ...], list[Entry]]:
    """The nouns that may come in, by what they must share with the old one."""
    met, written = english_words(data), target_words(data, tag)
    found: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in first_senses(data, tag):
        shared = _class(entry, tag) if entry.part == "n" else None
        if (
            shared is not None
            and re.fullmatch(r"[a-z]+(?: [a-z]+)?(?<!s)", entry.english)
            and " " not in entry.target
            and 0 < met[entry.english] <= RARE
            and (tag == "de" or written[entry.target.lower()])
            and is_countable(entry.english, data)
            and not is_doubtful(entry, tag, data)
        ):
            found[shared].append(entry)
    return dict(found)


def _aligned(
    pair: Pair, tag: str, known: dict[str, dict[str, Entry]], data: Path
) -> list[tuple[str, str]]:
    """The nouns of the pair that stand once on each side, where they may be replaced."""
    english, other = pair
    nouns, adjectives = _parts(data, tag)
    found = []
    for match in re.finditer(
        rf"\b{_DETERMINER} (?:([a-z]+) )??([a-z]+)\b(?!['’-])", english, re.IGNORECASE
    ):
        word = match[2].lower()
        before, after = (match[1] or "").lower(), re.match(r" ([a-z]+)", english[match.end() :])
        if (before and before not in adjectives) or (after and after[1] in nouns):
            continue  # a part of a compound
        if (
            word not in known
            or word in _words(_FAMILY)
            or len(re.findall(rf"\b{word}\w*", english.lower())) != 1
        ):
            continue
        targets = [
            target
            for target, entry in known[word].items()
            if _stands_once(target, other, tag, data) and not _disagrees(entry, other, tag)
        ]
        if len(targets) == 1:
            found.append((word, targets[0]))
    return found


@cache
def _parts(data: Path, tag: str) -> tuple[frozenset[str], frozenset[str]]:
    """The English nouns and adjectives of the lexicon."""
    of = {
        part: {entry.english for entry in usable(data, tag) if entry.part == part}
        for part in ("n", "adj")
    }
    return frozenset(of["n"] - of["adj"] - _words(_NO_NOUNS)), frozenset(of["adj"])


def _disagrees(entry: Entry, text: str, tag: str) -> bool:
    """Whether the word before says another gender: "la docteur", "das Virus" where it is der."""
    against = {
        ("fr", "m"): "la une ma ta sa cette", ("fr", "f"): "le un mon ton son ce cet du au",
        ("de", "m"): "die das eine meine deine seine ihre unsere diese dieses",
        ("de", "f"): "das den ein mein dein sein einen meinen dieser dem einem",
        ("de", "n"): "die diese den eine einen meine meinen deine seine ihre unsere dieser diesen",
    }.get((tag, entry.gender), "")  # fmt: skip
    before = re.search(rf"(\w+) {re.escape(entry.target)}", text)
    if before is None or (tag == "fr" and entry.target[0].lower() in grammar.VOWELS + "h"):
        return False
    return before[1].lower() in set(against.split()) - (
        {"dieser"} if entry.gender == "f" else set()
    )


def _stands_once(target: str, text: str, tag: str, data: Path) -> bool:
    if tag != "zh":
        whole = re.findall(rf"(?<![\w-]){re.escape(target)}(?![\w-])", text)
        return len(whole) == 1 and text.count(target) == 1
    if text.count(target) != 1:
        return False
    at = text.index(target)
    measure = _MEASURE.search(text[:at])
    if measure is not None and measure[1] in _BOUND:
        return False
    words, end = _chinese_words(data), at + len(target)
    return not any(
        text[start:stop] in words
        for start in range(max(0, at - 3), at + 1)
        for stop in range(end, min(len(text), end + 3) + 1)
        if stop - start > len(target)
    )


@cache
def _chinese_words(data: Path) -> frozenset[str]:
    return frozenset(target for _, target in plain_rows(data, "cc-cedict", "zh"))
