"""Names, numbers and sentences of templates that the box learns from, and what it is tested on."""

import random
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / "examples"), str(ROOT)]

from box_data import copying, names, quantities, slots, templates  # noqa: E402
from box_data.apart import Apart, benchmark_sentences  # noqa: E402
from box_model import key_of_words  # noqa: E402

from benchmarks import copying as copying_benchmark  # noqa: E402
from benchmarks import everyday as everyday_benchmark  # noqa: E402
from benchmarks.nonwords import nonwords  # noqa: E402

# Names and numbers


def test_a_name_is_changed_on_both_sides_and_french_elides() -> None:
    chance = random.Random(1)
    pair = ("Tom's dog knows that Tom2 left.", "")
    assert copying.renamed(pair, "fr", chance) is None
    for _ in range(60):
        found = copying.renamed(
            ("I think Tom is Mary's son.", "Je pense que Tom est le fils de Marie."), "fr", chance
        )
        assert found is not None
        english, french = found
        he, she = english.removeprefix("I think ").removesuffix("'s son.").split(" is ")
        that = "qu'" if he[0] in slots.VOWELS else "que "
        of = "d'" if she[0] in slots.VOWELS else "de "
        assert french == f"Je pense {that}{he} est le fils {of}{she}."


def test_an_elision_goes_before_a_name_without_vowel() -> None:
    chance = random.Random(2)
    found = [
        copying.renamed(("He is Anna's son.", "C'est le fils d'Anna."), "fr", chance)
        for _ in range(40)
    ]
    for pair in found:
        assert pair is not None
        name = pair[0].removeprefix("He is ").removesuffix("'s son.")
        assert (
            pair[1] == f"C'est le fils {'d' + chr(39) if name[0] in slots.VOWELS else 'de '}{name}."
        )


def test_a_german_genitive_has_only_names_that_take_an_s() -> None:
    chance = random.Random(3)
    for _ in range(60):
        found = copying.renamed(("Tom's dog barks.", "Toms Hund bellt."), "de", chance)
        if found is not None:
            name = found[0].removesuffix("'s dog barks.")
            assert found[1] == f"{name}s Hund bellt."
            assert name[-1] not in "sxzß"


def test_a_number_keeps_its_kind() -> None:
    chance = random.Random(4)
    for _ in range(40):
        english, german = copying.renumbered(
            ("It was built in 1951.", "Es wurde 1951 gebaut."), "de", chance
        ) or ("", "")
        year = english[-5:-1]
        assert german == f"Es wurde {year} gebaut."
        assert 1600 <= int(year) <= 2030
    assert (
        copying.renumbered(
            ("He has 2 dogs and 3 cats.", "Er hat 2 Hunde und 3 Katzen."), "de", chance
        )
        is None
    )
    assert copying.renumbered(("It's 3:30.", "Es ist 3:30 Uhr."), "de", chance) is None
    found = copying.renumbered(("I paid 1,000 yen.", "J'ai payé 1 000 yens."), "fr", chance)
    assert found is not None
    assert found[0].removeprefix("I paid ").replace(",", " ") == found[1].removeprefix(
        "J'ai payé "
    ).replace("yens", "yen")


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (quantities.number(12500), ("12,500", "12 500", "12.500", "12,500")),
        (quantities.decimal("3.5"), ("3.5", "3,5", "3,5", "3.5")),
        (quantities.time(19, 5, True), ("7:05 p.m.", "19 h 05", "19:05 Uhr", "晚上7:05")),
        (quantities.time(7, 0, True), ("7 a.m.", "7 heures", "7 Uhr", "上午7点")),
        (quantities.time(15, 0, False), ("3 o'clock", "3 heures", "3 Uhr", "3点")),
        (quantities.time(0, 30, True), ("12:30 a.m.", "0 h 30", "0:30 Uhr", "凌晨12:30")),
        (
            quantities.date(1987, 3, 1, True),
            ("March 1, 1987", "1er mars 1987", "1. März 1987", "1987年3月1日"),
        ),
        (
            quantities.price("12.50", 0, True),
            ("$12.50", "12,50 dollars", "12,50 Dollar", "12.50美元"),
        ),
        (
            quantities.price("1,500", 1, False),
            ("1,500 euros", "1 500 euros", "1.500 Euro", "1,500欧元"),
        ),
    ],
)
def test_quantities_are_written_as_each_language_does(
    forms: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert tuple(forms[language] for language in templates.LANGUAGES) == expected


# Templates


def test_every_place_of_every_carrier_is_filled() -> None:
    chance = random.Random(6)
    for carrier in templates.carriers():
        assert len(carrier) == 4
        for _ in range(3):
            for language, sentence in zip(
                templates.LANGUAGES, templates.drawn(carrier, chance), strict=True
            ):
                assert "{" not in sentence
                assert "  " not in sentence
                assert sentence[-1] in ".?!。？！m"
                if language == "fr":
                    assert not re.search(r"\b(?:[Dd]e|[Qq]ue) [aeiouéàâêîôû](?!nz)", sentence), (
                        sentence
                    )
                    assert not re.search(r"\w[?!]", re.sub(r"\S*(?:www|https)\S*", "", sentence))


def test_countries_have_their_articles() -> None:
    found = {}
    for seed in range(600):
        forms = slots.country(random.Random(seed))
        found[forms["en"]] = forms
    assert found["Japan"]["fr:à"] == "au Japon"
    assert found["Iran"]["fr:de"] == "d'Iran"
    assert found["Iran"]["de:in"] == "im Iran"
    assert found["the United States"]["fr:à"] == "aux États-Unis"
    assert found["the United States"]["de:nach"] == "in die USA"
    assert found["Switzerland"]["de:aus"] == "aus der Schweiz"
    assert found["New Zealand"]["fr:à"] == "en Nouvelle-Zélande"
    assert found["South Korea"]["fr:de"] == "de Corée du Sud"


def test_relatives_agree() -> None:
    for seed in range(200):
        forms = slots.relative(random.Random(seed))
        assert forms["en"].split()[0] in ("my", "his", "our", "their")
        if forms["gender"] == "m":
            assert re.match(r"(?:mein|sein|unser|ihr)en ", forms["de:acc"])
        else:
            assert re.match(r"(?:mein|sein|unser|ihr)er ", forms["de:dat"])
            assert not forms["fr"].startswith(("mon ", "son ")) or forms["fr"][4] in slots.VOWELS


def test_the_same_sentences_come_every_time() -> None:
    assert drawn_sentences(1) == drawn_sentences(1) != drawn_sentences(2)
    assert names.given(random.Random(7)) == names.given(random.Random(7))
    pairs = [("Tom has 12 dogs.", "Tom hat 12 Hunde."), ("I know Mary.", "Ich kenne Maria.")]
    assert copying.copied(pairs, "de") == copying.copied(pairs, "de")


def drawn_sentences(seed: int) -> list[list[str]]:
    chance = random.Random(seed)
    return [templates.drawn(carrier, chance) for carrier in templates.carriers()]


# What is measured on


@pytest.fixture(scope="module")
def apart() -> Apart:
    return Apart(["He walked slowly along the old river yesterday."], benchmark_sentences())


@pytest.mark.parametrize(
    ("english", "has"),
    [
        ("He walked slowly along the old river yesterday!", True),
        ("She walked slowly along the old river yesterday.", True),
        ("Good night and sleep well, my dear.", True),
        ("good night, and sleep well my dear", True),
        ("Good night.", False),
        ("Do you need a bag?", True),
        ("Do you need a book?", False),
    ],
)
def test_what_is_measured_on_is_left_out(apart: Apart, english: str, has: bool) -> None:
    assert apart.has(english) is has


def test_no_template_makes_what_is_measured_on(apart: Apart) -> None:
    made = {key_of_words(english) for english, _ in templates.said("de")}
    assert made.isdisjoint(map(key_of_words, benchmark_sentences()))
    assert len(made) > 15_000


def test_the_names_that_test_copying_are_not_those_that_teach_it() -> None:
    rows = copying_benchmark.sentences()
    tested = {part for row in rows if row["kind"] == "name" for part in row["value"].split()}
    taught = {
        part for english, _ in templates.said("de") for part in re.findall(r"[\w'-]+", english)
    }
    assert not tested & taught
    assert len(rows) == 600
    assert sum(row["kind"] == "name" for row in rows) == 300
    assert all(row["value"] in row["english"] for row in rows if row["kind"] == "name")


@pytest.mark.parametrize(
    ("text", "kind", "value", "tag", "kept"),
    [
        ("Er heißt Ilse Okonkwo.", "name", "Ilse Okonkwo", "de", True),
        ("Ilses Hund", "name", "Ilse", "de", True),
        ("Ilsebill", "name", "Ilse", "de", False),
        ("249 pages", "number", "249", "fr", True),
        ("2 490 pages", "number", "249", "fr", False),
        ("12 500 arbres", "number", "12500", "fr", True),
        ("12.500 Bäume", "number", "12500", "de", True),
        ("3,5 Liter", "decimal", "3.5", "de", True),
        ("35 Liter", "decimal", "3.5", "de", False),
        ("à 19 h 45", "time", "19:45", "fr", True),
        ("um 7.45 Uhr", "time", "19:45", "de", True),
        ("晚上7点45分", "time", "19:45", "zh", True),
        ("à 19 h 15", "time", "19:45", "fr", False),
        ("le 5 mars 1987", "date", "1987-03-05", "fr", True),
        ("am 5. März 1987", "date", "1987-03-05", "de", True),
        ("1987年3月5日", "date", "1987-03-05", "zh", True),
        ("am 15. März 1987", "date", "1987-03-05", "de", False),
        ("12,50 dollars", "price", "12.50 $", "fr", True),
        ("12.50欧元", "price", "12.50 $", "zh", False),
    ],
)
def test_what_is_kept_is_told(text: str, kind: str, value: str, tag: str, kept: bool) -> None:
    assert copying_benchmark.is_kept(text, kind, value, tag) is kept


def test_there_are_a_hundred_everyday_sentences() -> None:
    rows = everyday_benchmark.sentences()
    assert len({row["english"] for row in rows}) == 100
    for row in rows:
        for tag in ("fr", "de", "zh"):
            re.compile(everyday_benchmark.expression(row[tag]))
            assert not everyday_benchmark.is_accepted("", row[tag])
            assert not everyday_benchmark.is_accepted(row["english"], row[tag])
            assert everyday_benchmark.is_accepted(first_of(row[tag]), row[tag])


def first_of(pattern: str) -> str:
    """The answer with the first of each choice."""
    while (
        new := re.sub(r"\(([^()|\[\]]*)\|?[^()\[\]]*\)|\[[^()\[\]]*\]", r"\1", pattern)
    ) != pattern:
        pattern = new
    return pattern.split("|")[0]


def test_answers_are_compared_by_letters() -> None:
    pattern = "Je (t'aime|vous aime) [beaucoup]."
    assert everyday_benchmark.is_accepted("je t’aime !", pattern)
    assert everyday_benchmark.is_accepted("Je vous aime beaucoup.", pattern)
    assert not everyday_benchmark.is_accepted("Je l'aime.", pattern)


def test_words_that_do_not_exist_are_those_nowhere_to_be_found() -> None:
    assert nonwords("Anna sees waves.", "Anna sieht vaveurs.", {"sieht"}) == ["vaveurs"]
    assert nonwords("Anna", "安娜 beauté", set()) == ["beauté"]
