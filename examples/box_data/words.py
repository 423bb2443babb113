"""Words of the lexicons as short pairs and in sentences that suit any word of their kind.

The first senses come first: of an English word the first sense, and its first translation, are
taught. A word must be met: in the English of the corpora, or in the lexicons of all three
languages. French and German nouns come with the articles that their gender asks for; where French
might or might not elide (h), or German declines a noun like an adjective, the word is left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from box_data import grammar
from box_data.filters import is_of_script
from box_data.lexicon import Entry, plain_rows, wiktionary
from box_data.normal import normalised
from box_data.sources import LANGUAGES, Pair, from_outside, read_source
from glassformer.training.corpus.held_out import key_of

_GIVEN_NAME = re.compile(
    r"(?:biblical|saint|male|female|given name|surname|family name|diminutive)"
)

NOUN = {
    "fr": (
        ("This is {a}.", "C'est {a}."),
        ("Where is {the}?", "Où est {the} ?"),
        ("I see {a}.", "Je vois {a}."),
        ("Do you see {the}?", "Vois-tu {the} ?"),
        ("There is no {it} here.", "Il n'y a pas {of} ici."),
        ("I have never seen {a}.", "Je n'ai jamais vu {a}."),
        ("What does {the} look like?", "À quoi ressemble {the} ?"),
        ("{the} is very strange.", "{the} est très étrange."),
        ("{the} is useful.", "{the} est utile."),
        ("{the} was huge.", "{the} était énorme."),
        ("He drew {a}.", "Il a dessiné {a}."),
        ("They are talking about {a}.", "Ils parlent {ofa}."),
        ("She wants {a}.", "Elle veut {a}."),
        ("We need {a}.", "Nous avons besoin {ofa}."),
        ("Tom has {a}.", "Tom a {a}."),
        ("Is that {a}?", "Est-ce {a} ?"),
        ("The word for {it} is new to me.", "Le mot « {it} » est nouveau pour moi."),
        ("{the} belongs to Mary.", "{the} appartient à Marie."),
    ),
    "de": (
        ("This is {a}.", "Das ist {a}."),
        ("Where is {the}?", "Wo ist {the}?"),
        ("I see {a}.", "Ich sehe {a:acc}."),
        ("Do you see {the}?", "Siehst du {the:acc}?"),
        ("There is no {it} here.", "Hier gibt es {no:acc}."),
        ("I have never seen {a}.", "Ich habe noch nie {a:acc} gesehen."),
        ("What does {the} look like?", "Wie sieht {the} aus?"),
        ("{the} is very strange.", "{the} ist sehr seltsam."),
        ("{the} is useful.", "{the} ist nützlich."),
        ("{the} was huge.", "{the} war riesig."),
        ("He drew {a}.", "Er hat {a:acc} gezeichnet."),
        ("They are talking about {a}.", "Sie sprechen über {a:acc}."),
        ("She wants {a}.", "Sie will {a:acc}."),
        ("We need {a}.", "Wir brauchen {a:acc}."),
        ("Tom has {a}.", "Tom hat {a:acc}."),
        ("Is that {a}?", "Ist das {a}?"),
        ("The word for {it} is new to me.", "Das Wort „{it}“ ist mir neu."),
        ("{the} belongs to Mary.", "{the} gehört Maria."),
    ),
    "zh": (
        ("Where is {the}?", "{it}在哪里？"),
        ("Do you see {the}?", "你看见{it}了吗？"),
        ("There is no {it} here.", "这里没有{it}。"),
        ("I have never seen {a}.", "我从来没见过{it}。"),
        ("What does {the} look like?", "{it}是什么样子的？"),
        ("{the} is very strange.", "{it}很奇怪。"),
        ("{the} is useful.", "{it}很有用。"),
        ("{the} was huge.", "{it}很大。"),
        ("Do you know the word for {it}?", "你知道“{it}”这个词吗？"),
        ("They are talking about {the}.", "他们在谈论{it}。"),
        ("We need {a}.", "我们需要{it}。"),
        ("She wants {a}.", "她想要{it}。"),
    ),
}
"""Sentences into which any noun fits; the first letter becomes a capital."""

ADJECTIVE = {
    "fr": (
        ("It is {it}.", "C'est {it}."),
        ("He is {it}.", "Il est {it}."),
        ("That was very {it}.", "C'était très {it}."),
    ),
    "de": (
        ("It is {it}.", "Es ist {it}."),
        ("She is {it}.", "Sie ist {it}."),
        ("That was very {it}.", "Das war sehr {it}."),
    ),
    "zh": (("It is {it}.", "它是{it}的。"),),
}


def taught(data: Path, tag: str) -> list[Pair]:
    """The pairs of words and the sentences with them."""
    found: dict[Pair, None] = {}
    entries = first_senses(data, tag)
    for entry in entries:
        for pair in _pairs_of(entry, tag, data):
            found[pair] = None
    for pair in _others(data, tag, {entry.english for entry in entries}):
        found[pair] = None
    return list(found)


@cache
def first_senses(data: Path, tag: str) -> tuple[Entry, ...]:
    """Of each word and part of speech that is met one translation.

    It is the first of the first sense, unless the corpora have that of another far more often; a
    Chinese one is the first that the other lexicons have too, if there is one.
    """
    met, written = english_words(data), target_words(data, tag)
    others = [{entry.english for entry in wiktionary(data, other)} for other in LANGUAGES]
    senses: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    chinese: dict[tuple[str, str], tuple[bool, Entry]] = {}
    agreed = _agreed(data) if tag == "zh" else frozenset()
    parts: dict[str, str] = {}
    for entry in usable(data, tag):
        word = entry.english
        common = met[word.lower()] > 0 or all(word in other for other in others)
        if not common or (entry.part == "prop" and _GIVEN_NAME.search(entry.sense)):
            continue
        if entry.part in ("n", "v", "adj") and entry.part != parts.setdefault(word, entry.part):
            continue  # a verb that is also a noun: the part that the lexicon has first
        if tag == "zh":
            key = (word, entry.part)
            rank = (word.removeprefix("to "), entry.target) not in agreed
            if key not in chinese or rank < chinese[key][0]:
                chinese[key] = rank, entry
        else:
            senses[word, entry.part].setdefault(entry.sense, entry)
    if tag == "zh":
        return tuple(entry for _, entry in chinese.values())
    return tuple(_likeliest([*some.values()], written) for some in senses.values())


def usable(data: Path, tag: str) -> list[Entry]:
    """The entries of the parts of speech that are taught, for Chinese the simplified ones."""
    allowed = _characters(data) if tag == "zh" else frozenset()
    return [
        entry
        for entry in wiktionary(data, tag)
        if entry.part in ("n", "adj", "v", "adv", "prop", "phrase", "interj")
        and is_of_script(entry.target, tag)
        and (tag != "zh" or set(entry.target) <= allowed)
        and not (tag == "zh" and entry.part == "n" and entry.target[-1] in "的地")
        and not (tag != "zh" and entry.part == "adj" and entry.target in _verbs(data, tag))
    ]


@cache
def _agreed(data: Path) -> frozenset[Pair]:
    """What CC-CEDICT and the Chinese Open Wordnet say, verbs without "to"."""
    lexicons = ("cc-cedict", "chinese-open-wordnet")
    rows = (row for name in lexicons for row in plain_rows(data, name, "zh"))
    return frozenset((english.removeprefix("to "), target) for english, target in rows)


def _likeliest(entries: list[Entry], written: Counter[str]) -> Entry:
    first = entries[0]
    best = max(entries, key=lambda entry: written[entry.target.lower()])
    often = written[best.target.lower()] >= 20 * (written[first.target.lower()] + 1)
    return best if often else first


def _pairs_of(entry: Entry, tag: str, data: Path) -> Iterator[Pair]:
    english, target = entry.english, entry.target
    draw = key_of(f"{english}\t{entry.part}\t{target}")
    if entry.part == "n" and english == english.lower() and not is_doubtful(entry, tag, data):
        yield from noun_pairs(entry, tag, draw, is_countable(english, data))
    elif entry.part == "v":
        english = english.removeprefix("to ")
        yield f"to {english}", target
    elif entry.part == "adj":
        yield english, target
        if " " not in english + target and not re.search(r"(?:er|est)$", english):
            one, other = ADJECTIVE[tag][draw % len(ADJECTIVE[tag])]
            bare = target.removesuffix("的") if tag == "zh" else target
            yield one.format(it=english), other.format(it=bare)
    elif entry.part in ("phrase", "interj"):
        sign = {"fr": " !", "de": "!", "zh": "！"}[tag] if entry.part == "interj" else ""
        yield (
            english.capitalize() + sign.strip().replace("！", "!"),
            target[0].upper() + target[1:] + sign,
        )
    elif entry.part == "prop" or (entry.part == "adv" and draw % 2):
        yield english, target


def noun_pairs(entry: Entry, tag: str, draw: int, countable: bool) -> Iterator[Pair]:
    """A noun with its articles, one that stands alone, and in two sentences."""
    forms = noun_forms(entry, tag)
    if forms is None:
        return
    english = entry.english
    ours = {"it": english, "the": f"the {english}", "a": grammar.a_english(english)}
    yield ours["the"], forms["the"]
    if countable and "a" in forms:
        yield ours["a"], forms["a"]
    if draw % 3 == 0:
        yield english, forms["it"]
    if re.search(r"[^sui]s$", english):
        return  # a plural
    carriers = [one for one in NOUN[tag] if countable or "{a}" not in one[0]]
    for place in range(2):
        one, other = carriers[(draw + place * 7) % len(carriers)]
        if all(name in forms for name in re.findall(r"{([\w:]+)}", other)):
            sentences = (
                one.format(**ours),
                re.sub(r"{([\w:]+)}", lambda name: forms[name[1]], other),
            )
            yield tuple(text[0].upper() + text[1:] for text in sentences)  # type: ignore[misc]


def noun_forms(entry: Entry, tag: str) -> dict[str, str] | None:
    """A noun in the forms that the sentences ask for; nothing where they are not known."""
    noun, gender = entry.target, entry.gender
    if tag == "zh":
        return {"it": noun, "the": noun}
    if tag == "fr":
        the, of = grammar.the_french(noun, gender), grammar.of_french(noun)
        if the is None or of is None or noun != noun.lower():
            return None
        a = grammar.a_french(noun, gender)
        return {"it": noun, "the": the, "of": of, "a": a, "ofa": f"d'{a}"}
    if (
        gender not in ("m", "f", "n")
        or " " in noun
        or not noun[0].isupper()
        or (grammar.is_adjective_noun(noun))
    ):
        return None
    forms = {
        "it": noun,
        "the": grammar.the_german(noun, gender),
        "a": grammar.a_german(noun, gender),
    }
    if not grammar.is_weak(noun, gender):
        forms["the:acc"] = grammar.the_german(noun, gender, "accusative")
        forms["a:acc"] = grammar.a_german(noun, gender, "accusative")
        forms["no:acc"] = grammar.a_german(noun, gender, "accusative", "kein")
    return forms


def _others(data: Path, tag: str, known: set[str]) -> Iterator[Pair]:
    """CLDR's names of things and places; for Chinese also CC-CEDICT's and the wordnet's words."""
    for english, target in plain_rows(data, "cldr", tag):
        if (
            re.fullmatch(r"[A-Za-z' -]+", english)
            and "button" not in english
            and (english not in known and is_of_script(target, tag) and not target[0].isdigit())
        ):
            yield normalised((english, target), tag)
    if tag != "zh":
        return
    met, spoken = english_words(data), target_words(data, tag)
    best: dict[str, list[str]] = defaultdict(list)
    for lexicon in ("chinese-open-wordnet", "cc-cedict"):
        for english, target in plain_rows(data, lexicon, tag):
            word = english.removeprefix("to ")
            if english not in known and met[word] > 1 and re.fullmatch(r"[a-z' -]+", english):
                best[english].append(target)
    for english, targets in best.items():
        count, target = max((spoken[target], target) for target in targets)
        if count > 2 and 1 < len(target) < 5 and set(target) <= _characters(data):
            yield english, target


# What is met


@cache
def english_words(data: Path) -> Counter[str]:
    """How often each English word, and each two, stand in the corpora of all languages."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for tag in LANGUAGES:
        for source in from_outside(tag):
            seen.update(english for english, _ in read_source(data, source, tag))
    for english in seen:
        words = re.findall(r"[a-z][a-z'-]*[a-z]|[a-z]", english.lower())
        counts.update(words)
        counts.update(f"{one} {other}" for one, other in pairwise(words))
    return counts


_IRREGULAR = ("man", "woman", "child", "foot", "tooth", "mouse", "goose", "knife", "wolf", "leaf")


def is_countable(english: str, data: Path) -> bool:
    """Whether the corpora have this noun in the plural."""
    last = english.split()[-1]
    return last in _IRREGULAR or english_words(data)[grammar.plural_english(last)] > 2


_ARTICLES = {
    "fr": {"m": "un le ce du au", "f": "une la cette ma sa"},
    "de": {"m": "den einen keinen meinen", "f": "eine keine zur meine", "n": "das"},
}
_AGAINST = {"m": "das eine zur meine", "f": "das einen ein zum im ins", "n": "eine einen zur meine"}


def is_doubtful(entry: Entry, tag: str, data: Path) -> bool:
    """Whether the gender of a noun is in doubt: the lexicon or the corpora have it otherwise too.

    A German compound has the gender of its last part; a noun that is an adjective (Delegierter)
    takes endings that the lexicon does not say; a French one in s or x may be a plural.
    """
    if tag == "zh":
        return False
    genders = _genders(data, tag)
    if tag == "fr":
        head = entry.target.split()[0]
        if entry.target[-1] in "sx" or entry.gender not in genders.get(head, {entry.gender}):
            return True
    if tag == "de" and re.sub(r"e[rs]?$", "", entry.target).lower() in _adjectives(data, tag):
        return True
    noun, written = entry.target, target_words(data, tag)
    if genders.get(noun, {entry.gender}) != {entry.gender}:
        return True
    if tag == "de":
        for at in range(2, len(noun) - 3):
            last = genders.get(noun[at:].capitalize())
            if last is not None:
                if entry.gender not in last:
                    return True
                break
        others = _AGAINST.get(entry.gender, "").split()
    else:
        others = _ARTICLES["fr"]["f" if entry.gender == "m" else "m"].split()
    own = _ARTICLES[tag].get(entry.gender, "").split()
    for_it, against = (
        sum(written[f"{article} {noun.lower()}"] for article in articles)
        for articles in (own, others)
    )
    return against > for_it


@cache
def _adjectives(data: Path, tag: str) -> frozenset[str]:
    return frozenset(entry.target for entry in wiktionary(data, tag) if entry.part == "adj")


@cache
def _verbs(data: Path, tag: str) -> frozenset[str]:
    return frozenset(entry.target for entry in wiktionary(data, tag) if entry.part == "v")


@cache
def _genders(data: Path, tag: str) -> dict[str, set[str]]:
    genders: dict[str, set[str]] = defaultdict(set)
    for entry in wiktionary(data, tag):
        if entry.part == "n" and entry.gender in ("m", "f", "n"):
            genders[entry.target].add(entry.gender)
    return dict(genders)


@cache
def target_words(data: Path, tag: str) -> Counter[str]:
    """How often words, and two of them, stand in the corpora; of Chinese up to four letters."""
    counts: Counter[str] = Counter()
    for source in from_outside(tag):
        for _, other in read_source(data, source, tag):
            if tag == "zh":
                for size in (1, 2, 3, 4):
                    counts.update(other[at : at + size] for at in range(len(other) - size + 1))
                continue
            words = re.findall(r"\w+(?:-\w+)*", other.lower())
            counts.update(words)
            counts.update(f"{one} {two}" for one, two in pairwise(words))
    return counts


@cache
def _characters(data: Path) -> frozenset[str]:
    """The simplified characters: those of CC-CEDICT."""
    return frozenset("".join(target for _, target in plain_rows(data, "cc-cedict", "zh")))
