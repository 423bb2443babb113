"""Sentences made from carriers (carriers.txt) and what is drawn into their places (slots.py).

Greetings, names, countries, times, dates, numbers, prices, the family, weather, food: the words
of every day that a collection of sentences has too few of, and above all names and numbers of any
kind, which are to be copied. Some come behind an interjection or somebody's name.
"""

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from box_data import quantities as of
from box_data import slots
from box_data.names import given, surname
from box_data.slots import VOWELS, Forms
from box_data.sources import Pair

CARRIERS = Path(__file__).with_name("carriers.txt")
EACH = 110
"""Sentences from one carrier; of those with few things to draw there are fewer in the end."""
BEHIND = 0.25
"""So many of them stand behind an interjection or a name."""

LANGUAGES = ("en", "fr", "de", "zh")

SLOTS: dict[str, Callable[[random.Random], Forms]] = {
    "name": slots.whole_name,
    "given": lambda chance: slots.name_forms(given(chance)),
    "he": lambda chance: slots.name_forms(given(chance, "m")),
    "she": lambda chance: slots.name_forms(given(chance, "f")),
    "surname": lambda chance: slots.name_forms(surname(chance)),
    "title": slots.title,
    "country": slots.country,
    "city": slots.plain("cities"),
    "language": slots.language,
    "weekday": slots.weekday,
    "month": slots.plain("months"),
    "when": slots.plain("when"),
    "count": slots.count,
    "weather": slots.plain("weather"),
    "feeling": slots.feeling,
    "relative": slots.relative,
    "thing": slots.thing,
    "food": slots.food,
    "n": of.drawn_number(11, 999),
    "age": of.drawn_number(11, 99),
    "big": of.drawn_number(1000, 9_999_999),
    "decimal": of.drawn_decimal,
    "time": of.drawn_time,
    "date": of.drawn_date,
    "dayandmonth": of.drawn_day,
    "year": of.drawn_year,
    "price": of.drawn_price,
    "percent": of.drawn_percent,
    "id": of.drawn_id,
    "goals": lambda chance: of.same(str(chance.randint(0, 9))),
    "code": of.drawn_code,
    "phone": of.drawn_phone,
}

_SITES = ("shop", "info", "online", "travel", "school", "books", "garden", "cafe", "news")
_ENDS = ("com", "org", "net", "fr", "de", "cn", "eu", "info")
_PAGES = ("help", "start", "map", "menu", "faq", "tickets")
_OFFICES = ("info", "contact", "office", "hello", "mail", "team")

BEFORE = (
    ("Yes, ", "Oui, ", "Ja, ", "是的，"),
    ("No, ", "Non, ", "Nein, ", "不，"),
    ("Sorry, ", "Désolé, ", "Entschuldigung, ", "对不起，"),
    ("Excuse me, ", "Excusez-moi, ", "Entschuldigen Sie, ", "打扰一下，"),
    ("Oh, ", "Oh, ", "Oh, ", "哦，"),
    ("Listen, ", "Écoute, ", "Hör mal, ", "听着，"),
    ("Well, ", "Eh bien, ", "Nun, ", "嗯，"),
)
STARTS = {
    "en": (
        "My His Our Their The A Is Are Can Do Have How Where What Who Which Why There That "
        "This It He She We They You Please Would In On From More About Today Tomorrow Next "
        "Open Take Send Prices"
    ),
    "fr": (
        "Mon Ma Son Sa Notre Leur Le La Les L Un Une Est Peut Peux Avez As Parlez Quel Où Qui "
        "Que Comment Pourquoi Il Elle C Ce Cela Ça Je J Nous Ils En Au De Plus Environ Aujourd "
        "Demain Puis Voulez Connaissez Ouvrez Prenez Envoyez Appelez Réveillez Appelle Vous On "
        "D Quelle Combien Es Cette"
    ),
    "de": (
        "Mein Meine Sein Seine Unser Unsere Ihr Ihre Der Die Das Ein Eine Ist Sind Kann Kannst "
        "Hast Haben Waren Warst Wie Wo Was Wer Warum Es Er Sie Wir Ich Ihr Dieser In Im Am Um "
        "Von Mehr Heute Morgen Bitte Sprechen Kennen Möchten Schlagt Nehmen Schicken Nächstes "
        "Hier Dort Auf Vor Aus"
    ),
}
"""First words that are written small behind a comma, if they are all three."""


@cache
def said(tag: str) -> tuple[Pair, ...]:
    """All the sentences, English and one other; the same draws for each language."""
    chance = random.Random(22)
    pairs: dict[Pair, None] = {}
    for carrier in carriers():
        for _ in range(EACH):
            sentence = drawn(carrier, chance)
            pairs[sentence[0], sentence[LANGUAGES.index(tag)]] = None
    return tuple(pairs)


@cache
def carriers() -> list[tuple[str, ...]]:
    """Sentences with places, each in four languages."""
    lines = CARRIERS.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if not line.startswith("#")]


def drawn(carrier: tuple[str, ...], chance: random.Random) -> list[str]:
    """A carrier with everything in its places, in four languages."""
    forms = _forms(set(re.findall(r"{(\w+)", carrier[0])), chance)
    sentences = [
        _finished(_filled(text, forms, language), language)
        for language, text in zip(LANGUAGES, carrier, strict=True)
    ]
    if chance.random() < BEHIND and all(map(_may_follow, LANGUAGES[:3], sentences)):
        return _behind(chance, sentences, named="given" in carrier[0] or "title" in carrier[0])
    return sentences


def _forms(places: set[str], chance: random.Random) -> dict[str, Forms]:
    """What is drawn for each place; for two of a kind two different things."""
    forms: dict[str, Forms] = {}
    for place in sorted(places - {"job", "sum", "url", "email"}):
        kind = place.rstrip("2")
        forms[place] = SLOTS[kind](chance)
        while kind != place and forms[place]["en"] == forms.get(kind, {}).get("en"):
            forms[place] = SLOTS[kind](chance)
    if "job" in places:
        english, _, *others = _job(chance, forms["relative"]["gender"])
        forms["job"] = dict(zip(LANGUAGES, (english, *others), strict=True))
    if "sum" in places:
        one, other = (int(forms[place]["en"].replace(",", "")) for place in ("n", "n2"))
        forms["sum"] = of.number(one + other)
    if places & {"url", "email"}:
        forms["url"], forms["email"] = map(of.same, _addresses(chance))
    return forms


def _job(chance: random.Random, gender: str) -> list[str]:
    while True:
        row = slots.row_of("jobs", chance)
        if row[1] == gender:
            return row


def _addresses(chance: random.Random) -> tuple[str, str]:
    """An address of a page and one for letters; both are made up."""
    name = re.sub("[^a-z]", "", surname(chance).latin.lower()) + "-" * chance.randint(0, 1)
    name += chance.choice(_SITES)
    end = chance.choice(_ENDS)
    page = chance.choice(("", "", f"/{chance.choice(_PAGES)}"))
    who = chance.choice(_OFFICES)
    return chance.choice(
        ("www.", "https://", "https://www.")
    ) + f"{name}.{end}{page}", f"{who}@{name}.{end}"


def _filled(text: str, forms: dict[str, Forms], language: str) -> str:
    return re.sub(r"{([^}]+)}", lambda place: _form(forms, place[1], language), text)


def _form(forms: dict[str, Forms], place: str, language: str) -> str:
    """The form that the place asks for, or the plain one."""
    name, _, form = place.partition(":")
    return forms[name].get(f"{language}:{form}") or forms[name][language]


def _finished(text: str, language: str) -> str:
    """Elided, with a capital letter in front and one full stop at the end."""
    if language == "fr":
        text = elided(text)
    text = re.sub(r"([ap]\.m\.)\.", r"\1", text)
    return text[0].upper() + text[1:]


def elided(french: str) -> str:
    """ "de" and "que" before a vowel."""
    return re.sub(
        rf"\b([Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu)e (?=[{VOWELS}])(?!onz|oui|y[aeo])",
        r"\1'",
        french,
    )


def _may_follow(language: str, sentence: str) -> bool:
    first = re.match(r"\w+", sentence)
    return first is not None and first[0] in STARTS[language].split()


def _behind(chance: random.Random, sentences: list[str], *, named: bool) -> list[str]:
    """Behind an interjection, or a name where the sentence calls nobody by one."""
    if chance.random() < 0.4 and not named:
        name = slots.name_forms(given(chance))
        before = [name[language] + ", " for language in LANGUAGES[:3]] + [name["zh"] + "，"]
    else:
        before = list(chance.choice(BEFORE))
    small = [one[0].lower() + one[1:] for one in sentences[:3]] + sentences[3:]
    return [start + rest for start, rest in zip(before, small, strict=True)]
