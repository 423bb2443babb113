"""What the box learns from: the rules by which its pairs are made, on words made up here."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "examples"))

from box_data import (  # noqa: E402
    grammar,
    lexicon,
    substitution,
    words,
)
from box_data.filters import reason_against  # noqa: E402
from box_data.lexicon import Entry  # noqa: E402
from box_data.normal import normalised  # noqa: E402
from box_data.sources import SHARES, Pair, from_outside  # noqa: E402

# How the languages are written


@pytest.mark.parametrize(
    ("tag", "pair", "expected"),
    [
        ("fr", ("“Oh! Never.", "— Oh ! jamais, M’sieur."), ("Oh! Never.", "Oh ! jamais, M'sieur.")),
        (
            "fr",
            ('"Why?" "No."', "«\u202fPourquoi?» «Non.»"),
            ('"Why?" "No."', "« Pourquoi ? » « Non. »"),
        ),
        ("fr", ("He said: “go”", "Il a dit: «va»"), ('He said: "go"', "Il a dit : « va »")),
        (
            "de",
            ("So “wait…” he said.", "»Warte …« sagte er."),
            ('So "wait..." he said.', "„Warte...“ sagte er."),
        ),
        (
            "zh",
            ("He said “go” to me.", "他对著我说「去」,"),
            ('He said "go" to me.', "他对着我说“去”。"),
        ),
        (
            "zh",
            ("His name is Tom, 12.", "他叫 Tom ，１２岁."),
            ("His name is Tom, 12.", "他叫Tom，12岁。"),
        ),
        ("zh", ("It is 3:30.", "是 3:30。"), ("It is 3:30.", "是3:30。")),
        ("de", ("A\\nB <color_red>c</color>", "A\\nB <color_red>c</color>"), ("A B c", "A B c")),
    ],
)
def test_each_language_is_written_one_way(tag: str, pair: Pair, expected: Pair) -> None:
    assert normalised(pair, tag) == expected


@settings(max_examples=40)
@for_all(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["fr", "de", "zh"]))
def test_what_is_written_that_way_stays_on_one_line(english: str, other: str, tag: str) -> None:
    for side in normalised((english, other), tag):
        assert side == " ".join(side.split())


@pytest.mark.parametrize(
    ("pair", "tag", "reason"),
    [
        (("I like dogs.", "J'aime les chiens."), "fr", ""),
        (("I like dogs.", "Мне нравятся собаки."), "fr", "script"),
        (("I like dogs.", "I like dogs."), "de", "untranslated"),
        (("Press {0}.", "Appuyez sur {0}."), "fr", "codes"),
        (("He sold 25 dogs to them.", "Er verkaufte ihnen 52 Hunde."), "de", "numbers"),
        (("He sold 1,250 dogs to them.", "Il leur vendit 1 250 chiens."), "fr", ""),
        (("Do you like it?", "Ich mag es sehr."), "de", "question"),
        (("No.", "Das hätte ich an seiner Stelle niemals getan."), "de", "length"),
        (("", "Nein"), "de", "empty"),
    ],
)
def test_a_loose_pair_is_left_out_for_a_reason(pair: Pair, tag: str, reason: str) -> None:
    assert reason_against(pair, tag, loose=True, says=lambda _: True) == reason


def test_where_no_word_answers_another_the_pair_is_loose() -> None:
    pair = ("I like dogs.", "J'aime les chiens.")
    assert reason_against(pair, "fr", loose=True, says=lambda _: False) == "words"
    assert reason_against(pair, "fr", loose=False, says=lambda _: False) == ""


# Articles


@pytest.mark.parametrize(
    ("noun", "gender", "the", "of"),
    [
        ("vague", "f", "la vague", "de vague"),
        ("arbre", "m", "l'arbre", "d'arbre"),
        ("homme", "m", "l'homme", "d'homme"),
        ("héros", "m", "le héros", "de héros"),
        ("héroïne", "f", "l'héroïne", "d'héroïne"),
        ("haricot", "m", "le haricot", "de haricot"),
        ("yaourt", "m", "le yaourt", "de yaourt"),
        ("œuf", "m", "l'œuf", "d'œuf"),
        ("ouistiti", "m", "le ouistiti", "de ouistiti"),
        ("hxyz", "m", None, None),
    ],
)
def test_french_elides(noun: str, gender: str, the: str | None, of: str | None) -> None:
    assert grammar.the_french(noun, gender) == the
    assert grammar.of_french(noun) == of


def test_german_articles_follow_gender_and_case() -> None:
    assert grammar.the_german("Hund", "m", "accusative") == "den Hund"
    assert grammar.a_german("Hund", "m", "accusative") == "einen Hund"
    assert grammar.a_german("Welle", "f") == "eine Welle"
    assert grammar.a_german("Kind", "n", "accusative", "kein") == "kein Kind"
    assert grammar.is_weak("Student", "m")
    assert grammar.is_weak("Nachbar", "m")
    assert not grammar.is_weak("Hund", "m")
    assert not grammar.is_weak("Katze", "f")
    assert grammar.is_adjective_noun("Verwandter")
    assert not grammar.is_adjective_noun("Lehrer")


@pytest.mark.parametrize(
    ("noun", "expected"),
    [("wave", "a wave"), ("apple", "an apple"), ("hour", "an hour"), ("uniform", "a uniform"),
     ("umbrella", "an umbrella"), ("european", "a european"), ("uncle", "an uncle")],
)  # fmt: skip
def test_english_has_a_or_an_by_the_sound(noun: str, expected: str) -> None:
    assert grammar.a_english(noun) == expected


def test_a_noun_comes_with_its_articles_and_in_sentences() -> None:
    entry = Entry("wave", "n", "moving disturbance", "vague", "f")
    found = list(words.noun_pairs(entry, "fr", 0, countable=True))
    assert found[:3] == [("the wave", "la vague"), ("a wave", "une vague"), ("wave", "vague")]
    assert len(found) == 5
    assert all("wave" in english and "vague" in french for english, french in found)
    water = Entry("water", "n", "liquid", "Wasser", "n")
    assert not any(
        re.search(r"\ba water", english)
        for draw in range(40)
        for english, _ in words.noun_pairs(water, "de", draw, countable=False)
    )


def test_a_weak_noun_is_taught_in_the_nominative_only() -> None:
    forms = words.noun_forms(Entry("student", "n", "", "Student", "m"), "de")
    assert forms == {"it": "Student", "the": "der Student", "a": "ein Student"}
    assert words.noun_forms(Entry("relative", "n", "", "Verwandter", "m"), "de") is None


# Another noun in its place


BIRD = Entry("bird", "n", "animal", "oiseau", "m")


@pytest.mark.parametrize(
    ("pair", "new", "expected"),
    [
        (
            ("I saw a bird.", "J'ai vu un oiseau."),
            Entry("owl", "n", "bird", "hibou", "m"),
            ("I saw an owl.", "J'ai vu un hibou."),
        ),
        (
            ("A bird sang.", "Un oiseau chantait."),
            Entry("eagle", "n", "bird", "aigle", "m"),
            ("An eagle sang.", "Un aigle chantait."),
        ),
    ],
)
def test_the_new_noun_stands_on_both_sides(pair: Pair, new: Entry, expected: Pair) -> None:
    assert substitution.replaced(pair, BIRD, new) == expected


@pytest.mark.parametrize(
    ("gloss", "kind"),
    [
        ("small bird of prey", "bird"),
        ("a kind of fish", "fish"),
        ("one who paints", "person"),
        ("person who paints", "person"),
        ("musical instrument", "music"),
        ("shop that sells bread", "building"),
        ("a moving disturbance", None),
        ("", None),
    ],
)
def test_the_gloss_says_what_a_noun_is(gloss: str, kind: str | None) -> None:
    assert substitution.kind_of(Entry("x", "n", gloss, "x", "m")) == kind


def lexicons(
    folder: Path,
    tag: str,
    wiktionary: list[str],
    pairs: list[Pair],
    agreed: list[str] | None = None,
) -> Path:
    """Corpora and lexicons of a few lines."""
    name = {"fr": "fra", "de": "deu", "zh": "cmn"}
    for one, long in name.items():
        rows = pairs if one == tag else []
        write(folder / "tatoeba" / f"eng-{long}.train.tsv.gz", ["\t".join(row) for row in rows])
        for source in set(from_outside(one)) - {"tatoeba", "novels"}:
            write(folder / "more" / f"{source}.eng-{long}.tsv.gz", [])
        lines = wiktionary if one == tag else []
        write(folder / "lexicon" / f"wiktionary.eng-{long}.tsv.gz", lines)
    write(folder / "novels-en-fr" / "eng-fra.tsv.gz", [])
    for lexicon_ in ("cc-cedict", "chinese-open-wordnet"):
        write(folder / "lexicon" / f"{lexicon_}.eng-cmn.tsv.gz", agreed or [])
    return folder


def write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


CORPUS = [
    ("I have a dog.", "J'ai un chien."),
    ("The dogs and the hamsters and zebras and otters and owls.", "Les chiens."),
    ("Dogs, hamsters, otters.", "Un zèbre, un hamster, une loutre, un aigle."),
    ("Dogs, hamsters, zebras, otters, owls, eagles, eagles, eagles.", "Le hamster, le zèbre."),
    ("Zebras, zebras, dog, dog, dog: a zebra, a hamster, an eagle.", "Une loutre, un aigle."),
]
WORDS = [
    "dog\tn\tanimal\tchien\tm",
    "hamster\tn\tanimal\thamster\tm",
    "zebra\tn\tanimal\tzèbre\tm",
    "otter\tn\tanimal\tloutre\tf",
    "eagle\tn\tanimal\taigle\tm",
]


def test_only_nouns_of_the_same_gender_and_elision_come_in(tmp_path: Path) -> None:
    data = lexicons(tmp_path, "fr", WORDS, CORPUS)
    found = substitution.substituted(data, "fr", CORPUS[:1])
    assert set(found) == {
        ("I have a hamster.", "J'ai un hamster."),
        ("I have a zebra.", "J'ai un zèbre."),
    }
    assert substitution.substituted(data, "fr", CORPUS[:1]) == found


@pytest.mark.parametrize(
    "pair",
    [
        ("I have a dog house.", "J'ai une niche pour chien."),
        ("A dog is a dog.", "Un chien est un chien."),
        ("I like dog.", "J'aime le chien."),
        ("I have a dog.", "J'ai une chien."),
        ("I have a dog.", "J'ai des chiens."),
    ],
)
def test_where_it_might_be_wrong_nothing_is_replaced(tmp_path: Path, pair: Pair) -> None:
    noun = ["house\tn\tbuilding\tmaison\tf"]
    assert (
        substitution.substituted(lexicons(tmp_path, "fr", WORDS + noun, CORPUS), "fr", [pair]) == []
    )


def test_chinese_takes_what_the_lexicons_agree_on(tmp_path: Path) -> None:
    rows = ["bike\tn\tvehicle\t公交车\t", "bike\tn\tcycle\t自行车\t", "dog\tn\tanimal\t狗\t"]
    agreed = ["bike\t自行车", "bus\t公交车", "puppy\t狗"]
    data = lexicons(tmp_path, "zh", rows, [("My bike and my dog.", "我的自行车和狗。")], agreed)
    assert {one.english: one.target for one in words.first_senses(data, "zh")} == {
        "bike": "自行车",
        "dog": "狗",
    }


def test_a_doubtful_gender_is_seen(tmp_path: Path) -> None:
    rows = ["skirt\tn\tgarment\tRock\tm", "gown\tn\tgarment\tMorgenrock\tn"]
    data = lexicons(tmp_path, "de", rows, [("I saw it.", "Ich sah die Rock.")])
    skirt, gown = lexicon.wiktionary(data, "de")
    assert words.is_doubtful(gown, "de", data)
    assert not words.is_doubtful(skirt, "de", data)


def test_every_source_has_a_share() -> None:
    for tag in ("fr", "de", "zh"):
        assert from_outside(tag)[0] == "tatoeba"
    assert all(share > 0 for shares in SHARES.values() for share in shares.values())
    assert json.dumps(SHARES)
