"""Articles and agreement, as far as words with a known gender need them."""

import re

VOWELS = "aeiouyâàéèêëîïôöœûüæ"

_ASPIRATED = re.compile(
    r"(?:hach|haie|haill|hain|haïr|hall|halo|halt|hamac|hamburger|hameau|hampe|hamster|hanche|hand|"
    r"hangar|hant|harceleur|harcèlement|hardi|harem|hareng|hargne|haricot|harnais|harpe|harpie|harpon|"
    r"hasard|hausse|haut|havre|hennissement|hérisson|hernie|héron|héros$|herse|hêtre|heurt|hibou|hic|"
    r"hideu|hiérarchi|hippie|hissage|hobby|hoche|hockey|holding|hold-up|homard|hongrois|honte|hoquet|"
    r"horde|hors|hot-dog|hotte|houblon|houe|houille|houl|housse|houx|hublot|huche|hué|huit|hululement|"
    r"hurl|hutte|hussard|hold|hollandais|hobbit|hackeur|hacker|haddock|haltère$|hasch|hindi$)"
)
_MUTE = re.compile(
    r"(?:habi|habl|haleine|halluc|haltéro|hameçon|harmoni|hebdo|hébr|hect|héli|hellén|hémi|hémo|herb|"
    r"hériti|hérédit|héroïne|héroïsme|hésit|heure|hexa|hiberna|hier|hilar|hippo|hirondelle|histo|hiver|"
    r"hom[éeimo]|honn|honor|honneur|hôp|horaire|horiz|horlog|hormon|horoscope|horreur|horrible|hort|"
    r"hospi|hostil|hôte|hôtel|huil|huître|hum[aei]|humour|huissier|hydr|hygi|hymne|hyper|hypno|hypo|"
    r"hystér|habileté|habit|haltérophil|hémisph|héritage)"
)
_NO_ELISION = re.compile(r"(?:onz|oui|ouistiti|uhlan|ululement|yaourt|yacht|yoga|yen|yé)")


def elides(french: str) -> bool | None:
    """Whether le, de, que lose their e before this word; nothing where that is not known."""
    word = french.lower()
    if word[0] == "h":
        if _ASPIRATED.match(word):
            return False
        return True if _MUTE.match(word) else None
    if word[0] == "y":
        return False if len(word) > 1 and word[1] in VOWELS else None
    return word[0] in VOWELS and not _NO_ELISION.match(word)


def the_french(noun: str, gender: str) -> str | None:
    """A noun with its definite article; nothing where that is not known."""
    elided = elides(noun)
    if elided is None or gender not in ("m", "f"):
        return None
    return f"l'{noun}" if elided else f"{'le' if gender == 'm' else 'la'} {noun}"


def of_french(noun: str) -> str | None:
    """A noun behind "de" without an article, as in "il n'y a pas de pain"."""
    elided = elides(noun)
    return None if elided is None else f"d'{noun}" if elided else f"de {noun}"


def a_french(noun: str, gender: str) -> str:
    """A noun with its indefinite article."""
    return f"{'un' if gender == 'm' else 'une'} {noun}"


def the_german(noun: str, gender: str, case: str = "nominative") -> str:
    """A noun with its definite article, in the nominative or accusative."""
    article = {"m": "der", "f": "die", "n": "das"}[gender]
    return f"{'den' if gender == 'm' and case == 'accusative' else article} {noun}"


def a_german(noun: str, gender: str, case: str = "nominative", word: str = "ein") -> str:
    """A noun with ein, kein or mein, in the nominative or accusative."""
    ending = "e" if gender == "f" else "en" if gender == "m" and case == "accusative" else ""
    return f"{word}{ending} {noun}"


def is_weak(noun: str, gender: str) -> bool:
    """Whether a German noun may have another ending in the accusative."""
    weak = (
        "e",
        "ent",
        "ant",
        "ist",
        "at",
        "oge",
        "nom",
        "graf",
        "it",
        "et",
        "ph",
        "rch",
        "om",
        "soph",
    )
    some = {"Herr", "Mensch", "Bär", "Held", "Prinz", "Fürst", "Graf", "Narr", "Christ", "Nachbar",
            "Bauer", "Ochs", "Tor", "Zar", "Papagei", "Spatz", "Vorfahr", "Kamerad", "Ungar",
            "Tyrann", "Rebell", "Kapitän"}  # fmt: skip
    # compounds keep what their last part does
    return gender == "m" and (noun.endswith(weak) or any(
        noun == one or noun.endswith(one.lower()) for one in some
    ))  # fmt: skip


def is_adjective_noun(noun: str) -> bool:
    """Whether a German noun declines like an adjective: der Verwandte, but ein Verwandter."""
    return re.search(r"(?:er|e)$", noun) is not None and re.search(
        r"(?:wandt|ständig|letzt|fangen|angeklagt|angestellt|kannt|beamt|sitzend|send|lobt|fremd|"
        r"deutsch|erwachsen|jugendlich|krank|tot|geordnet|geschworen|studierend|reisend|geliebt|"
        r"abgeordnet|heilig|obdachlos|arbeitslos|gläubig|freiwillig|schuldig|süchtig|wild|weis|blind|"
        r"taub|stumm|gelehrt|gesandt|überlebend|vorsitzend|verdächtig|behindert|farbig|adlig|intellektuell)"
        r"e[rns]?$", noun.lower()) is not None  # fmt: skip


def a_english(noun: str) -> str:
    """A noun with a or an, by its sound."""
    word = noun.lower()
    sounded = re.match(r"(?:hour|honest|honou?r|heir)", word) or (
        word[0] in "aeiou"
        and not re.match(
            r"(?:uni(?!m|n[^i])|us[aeiu]|eu|ew|one\b|once|ut[ei]|ub|ur[aeio]|uk|ufo\b)", word
        )
    )
    return f"{'an' if sounded else 'a'} {noun}"


def plural_english(noun: str) -> str:
    """The regular plural."""
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"
