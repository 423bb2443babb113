"""What stands in the places of a carrier sentence: one thing in four languages, in its forms.

A form is named by a language, or by a language and what the sentence asks for: `fr:de` is French
with "de". Where a form is missing the plain one of the language is used.
"""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from box_data.names import Name, given, surname

Forms = dict[str, str]
VOWELS = "aeiouyâàéèêëîïôöœûüáíóúæAEIOUÂÀÉÈÊËÎÏÔÖŒÛÜÁÍÓÚÆ"

TABLES = Path(__file__).with_name("tables.txt")

POSSESSORS = (
    ("my", "mon", "ma", "mein", "我"),
    ("his", "son", "sa", "sein", "他"),
    ("our", "notre", "notre", "unser", "我们的"),
    ("their", "leur", "leur", "ihr", "他们的"),
)


@cache
def tables() -> dict[str, list[list[str]]]:
    """The tables by name: rows of words."""
    found: dict[str, list[list[str]]] = {}
    for line in TABLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rows = found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            rows.append(line.split(" / "))
    return found


def row_of(table: str, chance: random.Random) -> list[str]:
    """One row of a table."""
    return chance.choice(tables()[table])


def plain(table: str) -> Callable[[random.Random], Forms]:
    """A slot whose four words have one form each."""

    def slot(chance: random.Random) -> Forms:
        return dict(zip(("en", "fr", "de", "zh"), row_of(table, chance), strict=True))

    return slot


def name_forms(name: Name) -> Forms:
    """A name, the same in Latin letters."""
    return {"en": name.latin, "fr": name.latin, "de": name.latin, "zh": name.chinese}


def country(chance: random.Random) -> Forms:
    """A country with the articles and prepositions that French and German ask for."""
    english, french, german, chinese = row_of("countries", chance)
    forms = {"en": english, "zh": chinese, "fr:la": french, "fr:est": "est", "de:ist": "ist"}
    article, name = french[:2], french.removeprefix("l'").split(" ", 1)[-1]
    if french.startswith("l'"):
        forms |= {"fr:de": f"d'{french[2:]}", "fr:à": f"en {french[2:]}"}
    elif french.startswith("les "):
        forms |= {"fr:de": f"des {name}", "fr:à": f"aux {name}", "fr:est": "sont"}
    elif article == "le":
        forms |= {"fr:de": f"du {name}", "fr:à": f"au {name}"}
    else:
        forms |= {"fr:de": f"de {name}", "fr:à": f"en {name}"}
    bare = german.split(" ", 1)[-1]
    into, inside = "nach " + german, "in " + german
    out = "aus " + german
    if german in ("die USA", "die Niederlande"):
        into, inside, out = f"in die {bare}", f"in den {bare}", f"aus den {bare}"
        forms["de:ist"] = "sind"
    elif german.startswith("die "):
        into, inside, out = f"in die {bare}", f"in der {bare}", f"aus der {bare}"
    elif german.startswith("der "):
        into, inside, out = f"in den {bare}", f"im {bare}", f"aus dem {bare}"
    return forms | {"de:nom": german, "de:nach": into, "de:in": inside, "de:aus": out}


def language(chance: random.Random) -> Forms:
    """A language; French has it with its article where one learns it."""
    forms = plain("languages")(chance)
    elided = forms["fr"][0] in "aeéh"
    return forms | {"fr:le": ("l'" if elided else "le ") + forms["fr"]}


def weekday(chance: random.Random) -> Forms:
    """A day of the week; German has its adverb too."""
    forms = plain("weekdays")(chance)
    return forms | {"de:s": forms["de"].lower() + "s"}


def count(chance: random.Random) -> Forms:
    """A number in words; Chinese with a measure word."""
    forms = plain("counts")(chance)
    return forms | {f"zh:{word}": forms["zh"] + word for word in ("个", "只", "天")}


def feeling(chance: random.Random) -> Forms:
    """What somebody is, in French as a man or a woman."""
    english, he, she, german, chinese = row_of("feelings", chance)
    return {"en": english, "fr": he, "fr:f": she, "de": german, "zh": chinese}


def relative(chance: random.Random) -> Forms:
    """Somebody of the family, in German in three cases."""
    english, gender, french, german, chinese = row_of("relatives", chance)
    whose, his, her, mein, wo = chance.choice(POSSESSORS[: 1 if english in "husband wife" else 4])
    ending, accusative, dative = ("", "en", "em") if gender == "m" else ("e", "e", "er")
    spoken = (
        wo
        if wo.endswith("的") or chinese in "哥哥 姐姐 父亲 母亲 叔叔 阿姨 爷爷 奶奶"
        else wo + "的"
    )
    return {
        "en": f"{whose} {english}",
        "fr": f"{his if gender == 'm' or french[0] in VOWELS else her} {french}",
        "fr:né": "né" if gender == "m" else "née",
        "de": f"{mein}{ending} {german}",
        "de:acc": f"{mein}{accusative} {german}".replace("Neffe", "Neffen"),
        "de:dat": f"{mein}{dative} {german}".replace("Neffe", "Neffen"),
        "zh": spoken + chinese,
        "gender": gender,
    }


def thing(chance: random.Random) -> Forms:
    """Something with its indefinite article."""
    english, french, german, chinese = row_of("things", chance)
    gender, noun = german.split()
    one, accusative = {"m": ("ein", "einen"), "f": ("eine", "eine"), "n": ("ein", "ein")}[gender]
    return {
        "en": english, "fr": french, "fr:de": "d'" + french, "zh": chinese,
        "de": f"{one} {noun}", "de:acc": f"{accusative} {noun}",
    }  # fmt: skip


def food(chance: random.Random) -> Forms:
    """What one eats or drinks: in general, some of it, none of it."""
    english, french, german, chinese = row_of("foods", chance)
    gender, noun = german.split()
    elided = french.startswith("l'")
    french = french.split()[0] if elided else french
    name = french[2:] if elided else french.split()[1]
    some = "de " + french if elided or french.startswith("la ") else "du " + name
    return {
        "en": english, "fr": french, "fr:some": some,
        "fr:de": "d'" + name if elided else "de " + name,
        "de": noun, "de:kein": ("keine " if gender == "f" else "kein ") + noun, "zh": chinese,
    }  # fmt: skip


def title(chance: random.Random) -> Forms:
    """Somebody whom one calls by the family name."""
    name = surname(chance).latin
    if chance.random() < 0.5:
        return {"en": f"Mr. {name}", "fr": f"Monsieur {name}", "de": f"Herr {name}",
                "de:obj": f"Herrn {name}", "zh": f"{name}先生"}  # fmt: skip
    return {"en": f"Mrs. {name}", "fr": f"Madame {name}", "de": f"Frau {name}", "zh": f"{name}女士"}


def whole_name(chance: random.Random) -> Forms:
    """A given name, often with the family's."""
    name = given(chance)
    return name_forms(name + surname(chance) if chance.random() < 0.4 else name)
