"""Vocabularies learnt from a corpus: every text comes back, and nothing else is ever made of it."""

import os
import random
import subprocess
import sys
from pathlib import Path
from unicodedata import category, normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tokenizers import normalizers

from glassformer.errors import ConfigError, InputError, UsageError
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.training.corpus.subwords import (
    SPECIAL,
    Roles,
    train_subwords,
    whitespace_vocabulary,
)

CORPUS = [
    *["a dog ate the food because it was hungry."] * 31,
    *["Der Hund aß das Futter, weil er hungrig war."] * 29,
    *["我喜欢狗。我喜欢2只狗！", "犬がコーヒーを飲む"] * 23,
    *["room 2024, room 1024 (b12)..."] * 19,
    *["dog\x01dog dog\tdog dog\x7fdog dog\x85dog"] * 17,
    *["under▁score▁here"] * 13,
    *["</s> <pad> <2fr> <0x41> <s>"] * 37,
]
VOCABULARY = 601

ODD = [
    "",
    " both ends ",
    "   three   spaces   ",
    "\u2581 a\u2581b \u2581\u2581",
    "\ufdd0 \ufdd0\ufdd1\u2581\ufdd2 \ufdd1",
    "👩\u200d💻 is ❤\ufe0f 👍🏽 🇫🇷",
    "我喜欢dog。𠮷野家",
    "שָׁלוֹם \u202bעוֹלָם\u202c أكل",
    "e\u0301te\u0301 \u0301 a\u0316\u0301 a\u0301\u0316",
    "nul\0 bell\a tab\t del\x7f nel\x85 \r ls\u2028 ps\u2029 nbsp\u00a0!",
    "</s><pad> <s> <2fr> <0x41> <0xE2><0x96><0x81> <unk>",
    "naïve ﬁne ½ ① Å",
    "\ufffd\ue000\u0378\U0010ffff",
]

TEXT = st.text(
    st.characters(codec="utf-8") | st.sampled_from("  ▁\ufdd0\ufdd1\ufdd2adogé我\u0301<>")
)


@pytest.fixture(scope="module")
def trained() -> tuple[Tokenizer, Roles]:
    return train_subwords(CORPUS, vocabulary=VOCABULARY, tags=["fr", "zh-Hans"])


@pytest.fixture(scope="module")
def tokenizer(
    trained: tuple[Tokenizer, Roles], tmp_path_factory: pytest.TempPathFactory
) -> Tokenizer:
    """As it is after writing and reading."""
    path = tmp_path_factory.mktemp("subwords") / "tokenizer.json"
    path.write_text(trained[0].to_json(), encoding="utf-8")
    return Tokenizer.from_file(path)


def entries(tokenizer: Tokenizer) -> list[str]:
    return [tokenizer.token_of(id) for id in range(tokenizer.vocabulary)]


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.token_of(id) for id in tokenizer.encode_target(text)]


# Subwords


def check_comes_back(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode_target(text)
    assert tokenizer.decode(ids) == normalize("NFC", text)
    assert tokenizer.decode(tokenizer.encode(text).ids) == normalize("NFC", text)
    assert min(ids) >= len(SPECIAL) + 2


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_come_back(
    trained: tuple[Tokenizer, Roles], tokenizer: Tokenizer, text: str
) -> None:
    for one in (trained[0], tokenizer):
        check_comes_back(one, f" {text}x{text} ")


@given(TEXT)
def test_every_text_comes_back(tokenizer: Tokenizer, text: str) -> None:
    assume(not is_blank(text))
    # The library's NFC lacks some hundred marks that are newer than Unicode 9.
    assume(normalizers.NFC().normalize_str(text) == normalize("NFC", text))
    check_comes_back(tokenizer, text)


def test_the_ids_have_their_roles(trained: tuple[Tokenizer, Roles]) -> None:
    tokenizer, roles = trained
    assert (roles.padding, roles.start, roles.end) == (0, 1, 2)
    assert roles.tags == (("fr", 3), ("zh-Hans", 4))
    assert entries(tokenizer)[:5] == ["<pad>", "<s>", "</s>", "<2fr>", "<2zh-Hans>"]
    controls = [f"<0x{byte:02X}>" for byte in range(256) if category(chr(byte)) == "Cc"]
    assert [tokenizer.token_of(id) for id in roles.suppressed] == controls[:33]
    assert tokenizer.vocabulary <= VOCABULARY
    assert len(set(entries(tokenizer))) == tokenizer.vocabulary


def test_a_source_ends_with_the_end_token_and_a_target_does_not(tokenizer: Tokenizer) -> None:
    source, target = tokenizer.encode("a dog"), tokenizer.encode_target("a dog")
    assert list(source.ids) == [*target, 2]
    assert source.special == (*[False] * len(target), True)
    assert tokenizer.ids_of_batch(["a dog", "dog"], special=False)[0] == target
    assert tokenizer.ids_of_batch(["a dog"], special=True) == [list(source.ids)]


def test_what_is_frequent_is_one_token(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "a dog ate the food") == ["a", "▁dog", "▁ate", "▁the", "▁food"]
    assert tokens(tokenizer, "喜欢 dog") == ["喜欢", "▁dog"]


def test_merges_stay_within_words(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "room 2024") == ["room", "▁2", "0", "2", "4"]
    assert tokens(tokenizer, "(b12)...") == ["(", "b", "1", "2", ")..."]
    for entry in entries(tokenizer)[5 + 256 :]:
        kinds = {kind(character) for character in entry.removeprefix("▁")}
        assert len(kinds) <= 1, entry
        assert "▁" not in entry[1:]


def kind(character: str) -> str:
    if "\u3040" <= character <= "\u9fff":
        return "han"
    general = category(character)[0]
    return "letter" if general in "LM" else "number" if general == "N" else "sign"


def test_rare_characters_and_controls_are_bytes() -> None:
    tokenizer, _ = train_subwords(["dog\x01cat\x85dog " * 7] * 3511 + ["Q"], vocabulary=503)
    learnt = entries(tokenizer)[3 + 256 :]
    assert {"▁", "d", "▁dog", "dog", "cat"} <= set(learnt)
    assert not any(category(character) == "Cc" for entry in learnt for character in entry)
    assert "Q" not in learnt
    assert tokens(tokenizer, "Q\x01") == ["<0x51>", "<0x01>"]
    assert "dogdog" not in learnt  # as if nothing stood between


def test_a_small_corpus_keeps_what_it_has() -> None:
    tokenizer, _ = train_subwords(["one dog", "one cat"], vocabulary=10_007)
    assert {*"onedgcat▁", "one"} <= set(entries(tokenizer))
    assert tokenizer.vocabulary < 300


def test_many_characters_leave_room_for_merges() -> None:
    han = "".join(chr(0x4E00 + n) for n in range(997))
    tokenizer, _ = train_subwords([*["the dog"] * 11, han], vocabulary=3 + 256 + 101)
    assert {"the", "▁dog"} <= set(entries(tokenizer))
    assert sum("\u4e00" <= entry <= "\u9fff" for entry in entries(tokenizer)) > 61


def test_words_of_text_with_the_mark_of_a_space(tokenizer: Tokenizer) -> None:
    text = "a▁b dog"
    source = tokenizer.encode(text)
    assert source.words == ("a", "▁", "b", "dog")
    assert source.word_of_token == (0, *[1] * 6, 2, 3, None)
    assert tokenizer.words_of(text, source.ids[:-1]) == (source.words, source.word_of_token[:-1])


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_same_texts_give_the_same_bytes(threads: str, tmp_path: Path) -> None:
    """In another process, with other hashes, another order and other threads; ties everywhere."""
    code = (
        "import sys, random; from glassformer.training.corpus.subwords import train_subwords;"
        "texts = open(sys.argv[1], encoding='utf-8').read().split('\\n'); random.shuffle(texts);"
        "sys.stdout.buffer.write(train_subwords(texts, vocabulary=997)[0].to_json().encode())"
    )
    chance = random.Random(1)
    texts = ["".join(chance.choices("abcdeé我犬 ", k=23)) for _ in range(211)]
    (tmp_path / "texts").write_text("\n".join(texts), encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "texts")],
        env=os.environ | {"PYTHONHASHSEED": threads, "RAYON_NUM_THREADS": threads},
        capture_output=True,
        check=True,
    )
    assert again.stdout.decode() == train_subwords(iter(texts), vocabulary=997)[0].to_json()


def test_what_cannot_be_learnt_from() -> None:
    with pytest.raises(ConfigError, match=r"more than the 260 entries .*text\.vocabulary is 260"):
        train_subwords(CORPUS, vocabulary=260, tags=["fr"])
    for texts in ([], ["", "\n\x01"]):
        with pytest.raises(InputError, match="no text to learn subwords from: give files"):
            train_subwords(texts, vocabulary=601)


@pytest.mark.parametrize(
    "make",
    [
        lambda t: train_subwords(["a"], vocabulary=601, tags=t),
        lambda t: whitespace_vocabulary(["a"], tags=t),
    ],
)
def test_tags_that_are_none(make: object) -> None:
    for tags in ([""], ["f r"], ["fr\n"]):
        with pytest.raises(UsageError, match="a short name such as fr, but"):
            make(tags)  # type: ignore[operator]
    with pytest.raises(UsageError, match="fr was given twice"):
        make(["fr", "de", "fr"])  # type: ignore[operator]


# Texts that were cut beforehand


def read_again(folder: Path, tokenizer: Tokenizer) -> Tokenizer:
    path = folder / "tokenizer.json"
    path.write_text(tokenizer.to_json(), encoding="utf-8")
    return Tokenizer.from_file(path)


def test_units_are_entries_the_most_frequent_first(tmp_path: Path) -> None:
    texts = ["b un@@ happy  b", " a b\u00a0c un@@ ", "a b"]
    tokenizer, roles = whitespace_vocabulary(iter(texts), joiner="@@ ", tags=["de"])
    assert entries(tokenizer) == [
        *("<pad>", "<s>", "</s>", "<2de>", "<unk>"),
        *("b", "a", "un@@", "b\u00a0c", "happy"),
    ]
    assert roles == Roles(padding=0, start=1, end=2, tags=(("de", 3),), suppressed=(4,))
    tokenizer = read_again(tmp_path, tokenizer)
    assert tokens(tokenizer, " un@@  happy new b") == ["un@@", "happy", "<unk>", "b"]
    assert tokenizer.encode("un@@ b").tokens == ("un@@", "b", "</s>")


@pytest.mark.parametrize(
    ("joiner", "cut", "whole"),
    [
        ("@@ ", "un@@ happy dogs be@@", "unhappy dogs be"),
        ("@@ ", "un@@ hap@@ py a@@b", "unhappy a@@b"),
        ("", "un@@ happy", "un@@ happy"),
        (" ##", "un ##happy ## dogs", "unhappy dogs"),
        (" ##", "##happy dogs", "happy dogs"),
        ("￭", "un￭ happy", "un happy"),
        (".+ ", "un.+ happy abc.+", "unhappy abc"),
    ],
)
def test_decoding_takes_the_joiner_out(joiner: str, cut: str, whole: str, tmp_path: Path) -> None:
    tokenizer = read_again(tmp_path, whitespace_vocabulary([cut], joiner=joiner)[0])
    assert tokenizer.decode(tokenizer.encode(cut).ids) == whole


UNIT = st.text(st.characters(codec="utf-8", exclude_characters=" "), min_size=1)


@given(st.lists(UNIT, min_size=1))
def test_cut_text_comes_back(units: list[str]) -> None:
    text = " ".join(units)
    assume(not is_blank(text) and "<" not in text)
    assume(normalizers.NFC().normalize_str(text) == normalize("NFC", text))
    tokenizer, _ = whitespace_vocabulary([text])
    assert tokenizer.decode(tokenizer.encode(text).ids) == normalize("NFC", text)
    assert len(tokenizer.encode_target(text)) == len(units)


def test_a_special_token_in_cut_text_is_unknown() -> None:
    text = "a <pad> <s> <2fr> </s> <unk> <s>b"
    tokenizer, _ = whitespace_vocabulary([text], tags=["fr"])
    assert tokens(tokenizer, text) == ["a", *["<unk>"] * 5, "<s>b"]
    assert tokenizer.decode(tokenizer.encode_target(text)).count("<unk>") == 5


def test_words_of_joined_units() -> None:
    tokenizer, _ = whitespace_vocabulary(["the un@@ happy dog"], joiner="@@ ")
    ids = tokenizer.encode_target("the un@@ happy dog")
    assert tokenizer.words_of("the unhappy dog", ids) == (("the", "unhappy", "dog"), (0, 1, 1, 2))


def test_no_units() -> None:
    for texts in ([], ["", "  ", "<pad>"]):
        with pytest.raises(InputError, match="no text to build a vocabulary from: give files"):
            whitespace_vocabulary(texts)
