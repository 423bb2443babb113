"""Source profiles: learned in any order, kept as JSON, and doubtful only where there is reason."""

import dataclasses
import gzip
import json
import random
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import ConfigError, ModelFilesError
from glassformer.pretrained.files import BOX, find_packaged
from glassformer.text.doubts import OtherLanguage, OtherScript, TooLong
from glassformer.text.letters import letters_of, parts_of, scripts_of, words_of
from glassformer.text.profile import FILE, SourceProfile, read_profile
from glassformer.text.sample import Sample

TATOEBA = Path(__file__).parents[3] / "shared" / "data" / "tatoeba"

ENGLISH = [
    "a dog ate the food because it was hungry",
    "The committee postponed its decision until the auditors had published their findings.",
    "I've never been to Reykjavík, but my sister has lived there since 2014.",
    "Angela Merkel met Emmanuel Macron and Xi Jinping in Ouagadougou.",
    "Please send the file to mail@example.com or see https://example.org/a?b=1 before 12:30.",
    "THIS IS NOT A DRILL!",
    "photosynthesis converts carbon dioxide and water into glucose",
    "My favourite café sells crème brûlée and bratwurst with sauerkraut.",
    "The word 你好 means hello.",
    "Very, very, very good!",
    "1, 2, 3, 4, 5, 6",
    "3.141592653589793",
    "C:\\Users\\x\\notes.txt",
    "Oui!",
    "?!",
]
FRENCH = [
    "Le comité a reporté sa décision jusqu'à la publication du rapport des commissaires.",
    "je ne sais pas pourquoi il n'est pas venu hier soir",
    "Un chien a mangé la nourriture parce qu'il avait faim.",
    "Nous avons passé nos vacances au bord de la mer avec des amis.",
]
GERMAN = [
    "Der Ausschuss verschob seine Entscheidung, bis die Prüfer ihren Bericht vorgelegt hatten.",
    "ich weiß nicht, warum er gestern abend nicht gekommen ist",
    "Ein Hund hat das Essen gefressen, weil er hungrig war.",
    "Wir haben unsere Ferien mit Freunden am Meer verbracht.",
]
CHINESE = [
    "一只狗吃了食物，因为饿了。",
    "我不知道他昨天晚上为什么没来。",
    "你好",
    "我们和朋友们去了海边",
]


@cache
def box() -> SourceProfile:
    folder = find_packaged(BOX)
    assert folder is not None
    profile = read_profile(folder)
    assert profile is not None
    return profile


@cache
def made_up() -> tuple[str, ...]:
    """Some 3,000 texts of a small language, in no order."""
    who = ["the dog", "a cat", "my sister", "the old man", "nobody", "the teacher", "a bird"]
    does = ["eats", "sees", "wants", "finds", "has never liked", "was looking for", "hides"]
    what = ["the food", "an apple", "this book", "some water", "the red house", "a letter", "us"]
    when = ["today", "every morning", "because of that", "again", "in the garden", "at night"]
    texts = [" ".join(some) for some in product(who, does, what, when)]
    texts += [f"{text} and {text.split(' ', 1)[1]}" for text in texts[:1000]]
    random.Random(3).shuffle(texts)
    return tuple(texts)


@cache
def small() -> SourceProfile:
    return SourceProfile.learn(made_up(), languages=["en"])


# The box


@pytest.mark.parametrize("text", ENGLISH)
def test_the_box_doubts_no_english(text: str) -> None:
    assert box().doubts(text) == []


@pytest.mark.parametrize("text", [*FRENCH, *GERMAN])
def test_the_box_doubts_french_and_german(text: str) -> None:
    (doubt,) = box().doubts(text)
    assert isinstance(doubt, OtherLanguage)
    assert doubt.words == len(words_of(letters_of(text)))
    assert 0.0 <= doubt.familiarity < doubt.lowest < doubt.usual == box().familiarity < 1.0


@pytest.mark.parametrize("text", CHINESE)
def test_the_box_doubts_chinese(text: str) -> None:
    assert box().doubts(text) == [OtherScript("Han", 1.0, "Latin", 1.0)]


def test_the_box_doubts_what_is_longer_than_what_it_learned() -> None:
    words = ["the dog saw the cat and"] * 14
    text = " ".join(words)[: -len(" the cat and")]  # 81 words
    assert len(text.split()) == 81
    assert box().doubts(text) == [TooLong("words", 81, 59, 89)]
    assert [doubt.id for doubt in box().doubts(f"{FRENCH[0]} " * 9)] == [
        "too_long",
        "other_language",
    ]
    assert box().doubts(" ".join(words[:9])) == []  # 54


def test_the_box_knows_its_language_and_is_small() -> None:
    folder = find_packaged(BOX)
    assert folder is not None
    assert box().languages == ("en",)
    assert box().texts == 386_215  # docs/box-model.md: 386,054, and 161 that stand there twice
    assert (folder / FILE).stat().st_size <= 30_000


@pytest.mark.parametrize(("name", "least"), [("fra", 0.7), ("deu", 0.7), ("cmn", 0.99)])
def test_the_box_on_a_thousand_sentences(name: str, least: float) -> None:
    path = TATOEBA / f"eng-{name}.train.tsv.gz"
    if not path.is_file():
        pytest.skip("no pairs of Tatoeba beside the repository: see docs/box-model.md")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        lines = random.Random(5).sample(list(file), 1000)
    told = [
        [bool(box().doubts(side)) for side in line.rstrip("\n").split("\t")[:2]] for line in lines
    ]
    assert sum(english for english, _ in told) < 0.01 * len(told)
    assert sum(other for _, other in told) > least * len(told)


# Learning


def test_a_profile_learned_from_few_texts_knows_them() -> None:
    profile = small()
    assert profile.texts == len(made_up()) == 3058
    assert profile.scripts == (("Latin", 1.0),)
    assert profile.largest_words == max(len(text.split()) for text in made_up())
    assert profile.largest_characters == max(map(len, made_up()))
    assert profile.frequent[0] == "the"
    assert not any(profile.doubts(text) for text in made_up()[:500])
    ids = [doubt.id for doubt in profile.doubts("il ne faut jamais dire du mal d'autrui")]
    assert ids == ["other_language"]


def test_the_order_of_texts_is_nothing() -> None:
    assert SourceProfile.learn(reversed(made_up()), languages=["en"]) == small()


def test_repetitions_count_for_lengths_only() -> None:
    twice = SourceProfile.learn([*made_up(), *made_up()], languages=["en"])
    assert twice == dataclasses.replace(small(), texts=2 * small().texts)


def test_with_too_few_texts_nothing_is_said_about_the_language() -> None:
    profile = SourceProfile.learn(made_up()[:500])
    assert (profile.familiarity, profile.frequent, profile.parts) == (0.0, (), ())
    assert profile.doubts("il ne faut jamais dire du mal d'autrui") == []
    assert [doubt.id for doubt in profile.doubts("здравствуйте")] == ["other_script"]


def test_without_any_text_nothing_but_length_is_known() -> None:
    profile = SourceProfile.learn([])
    assert profile.doubts("здравствуйте") == [TooLong("words", 1, 0, 0)]
    assert SourceProfile.from_json(profile.to_json()) == profile


def test_one_in_a_thousand_is_longer() -> None:
    lengths = [3] * 998 + [50, 70] + [2] * 1000  # two of 2,000
    profile = SourceProfile.learn(" ".join(["x"] * length) for length in lengths)
    assert (profile.most_words, profile.largest_words) == (3, 70)
    assert profile.doubts("x x x") == []
    assert profile.doubts("x x x x") == [TooLong("words", 4, 3, 70)]


def test_what_has_no_spaces_is_too_long_in_characters() -> None:
    profile = SourceProfile.learn(["ภาษาไทย"] * 10)
    assert profile.doubts("ภาษาไทย" * 3) == [TooLong("characters", 21, 7, 7)]


def test_a_source_of_two_scripts_knows_both() -> None:
    profile = SourceProfile.learn(["hello there, my friend", "здравствуйте"] * 10)
    assert [name for name, _ in profile.scripts] == ["Latin", "Cyrillic"]
    assert profile.doubts("привет") == profile.doubts("hello") == []
    assert profile.doubts("привет hello 你好") == []  # not the most of it
    learned = dict(profile.scripts)["Latin"]
    assert profile.doubts("你好吗") == [OtherScript("Han", 1.0, "Latin", learned)]


def test_a_sample_is_of_its_size_whatever_the_order() -> None:
    first, second = Sample(100), Sample(100)
    for text in made_up():
        first.add(text)
    for text in (*made_up()[::-1], *made_up()):
        second.add(text)
    for held_out in (True, False):
        assert {*first.texts(held_out=held_out)} == {*second.texts(held_out=held_out)}
    assert 5 <= len(first.texts(held_out=True)) <= 40
    assert len({*first.texts(held_out=True), *first.texts(held_out=False)}) == 100


# Letters


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The CAFÉ, (really)!", ["the", "café", "really"]),
        ("don't", ["don", "t"]),
        ("see https://x.org/y, mail@x.org and v2.0", ["see", "and"]),
        ("我喜欢3只狗", ["我", "喜", "欢", "只", "狗"]),
        ("ｆｕｌｌ width e\u0301", ["full", "width", "é"]),
    ],
)
def test_words_without_what_is_in_no_language(text: str, words: list[str]) -> None:
    assert words_of(letters_of(text)) == words


def test_parts_of_words_have_the_ends_with_them() -> None:
    assert parts_of("dogs") == ["_dog", "dogs", "ogs_"]
    assert parts_of("a") == ["_a_"]


def test_scripts_by_name() -> None:
    text = "Aé µ Жд 你好 かカ 한 שָׁ अ ﬁ 12"
    assert {*scripts_of(letters_of(text))} == {
        *("Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Katakana"),
        *("Hangul", "Hebrew", "Devanagari"),
    }


# Files


def test_json_gives_the_same_profile_again() -> None:
    assert SourceProfile.from_json(small().to_json()) == small()
    later = {**json.loads(small().to_json()), "something_new": [1, {"x": None}]}
    assert SourceProfile.from_json(json.dumps(later)) == small()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source_profile": 2}, "has version 2, but this Glassformer reads version 1"),
        ({"source_profile": None}, "version 1"),
        ({"texts": -1}, "texts must not be negative"),
        ({"texts": 1.5}, "texts must be int"),
        ({"texts": True}, "texts must be int"),
        ({"familiarity": 2.0}, "familiarity must be between 0 and 1"),
        ({"familiarity": float("nan")}, "familiarity must be between 0 and 1"),
        ({"familiarity": "1"}, "familiarity must be float"),
        ({"scripts": {"Latin": float("inf")}}, "Latin must be between 0 and 1"),
        ({"scripts": {"Latin": "1"}}, "scripts must be"),
        ({"scripts": ["Latin"]}, "scripts must be"),
        ({"frequent": [["x"]]}, "frequent must be"),
        ({"parts": 7}, "parts must be"),
        ({"languages": [1]}, "languages must be"),
        ({"most_words": 10**400, "largest_words": "9"}, "largest_words must be int"),
    ],
)
def test_what_is_no_profile_is_refused(change: dict[str, object], message: str) -> None:
    data = {**json.loads(small().to_json()), **change}
    with pytest.raises(ConfigError, match=message):
        SourceProfile.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "null", "7", "{}", "{", "[" * 100_000, "\x00"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="source profile"):
        SourceProfile.from_json(text)


def test_a_missing_key_is_refused() -> None:
    data = json.loads(small().to_json())
    del data["most_words"]
    with pytest.raises(ConfigError, match="lacks the required setting 'most_words'"):
        SourceProfile.from_json(json.dumps(data))


def test_folders(tmp_path: Path) -> None:
    assert read_profile(tmp_path) is None  # as all folders before there were profiles
    path = tmp_path / FILE
    path.write_text(small().to_json(), encoding="utf-8")
    assert read_profile(tmp_path) == small()
    path.write_text('{"source_profile": 3}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"source\.json: the source profile has version 3"):
        read_profile(tmp_path)
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(ModelFilesError, match=r"source\.json"):
        read_profile(tmp_path)
    path.write_bytes(b" " * (1 << 21))
    with pytest.raises(ConfigError, match="at most 1,048,576 bytes"):
        read_profile(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ModelFilesError, match=r"source\.json"):
        read_profile(tmp_path)


def test_a_doubt_as_json() -> None:
    assert OtherScript("Han", 1.0, "Latin", 0.99).to_json() == {
        "id": "other_script",
        "script": "Han",
        "share": 1.0,
        "learned": "Latin",
        "learned_share": 0.99,
    }
    assert TooLong("words", 81, 59, 89).to_json()["id"] == "too_long"


@given(st.text())
def test_any_text_has_its_doubts(text: str) -> None:
    for doubt in box().doubts(text):
        assert json.loads(json.dumps(doubt.to_json())) == doubt.to_json()
