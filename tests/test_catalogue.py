"""Every sentence for people, in both languages."""

import ast
import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages_for_tests import PACKAGE, called, constant, known_sites, sources

from glassformer.catalogue import chinese, language_of, phrase, said, sentence
from glassformer.catalogue.chinese import CHINESE, click_words, composed
from glassformer.cli.spelling import in_shell
from glassformer.drawing.html.bundle import modules
from glassformer.drawing.html.words import sentences
from glassformer.drawing.language import NAMES
from glassformer.messages import Message, Note, Setting

PARTS = {
    name: part.SENTENCES
    for name, part in vars(chinese).items()
    if isinstance(getattr(part, "SENTENCES", None), dict)
}

SAME = {"logits", "{size:.1f} MB", "{size:.1f} GB"}
"""Sentences that are the same in Chinese: terms that Chinese readers use as they are."""

NOT_YET: set[str] = set()
"""Rooms and files whose messages have no Chinese yet."""


def fields_of(text: str) -> list[tuple[str, str]]:
    """The fields of a sentence with their formats, in alphabetical order."""
    parsed = string.Formatter().parse(text)
    return sorted((name, form or "") for _, name, form, _ in parsed if name is not None)


@pytest.mark.parametrize("english", CHINESE)
def test_both_languages_have_the_same_fields_and_columns(english: str) -> None:
    assert fields_of(english) == fields_of(CHINESE[english])
    assert english.count("|") == CHINESE[english].count("|")


def test_chinese_is_chinese() -> None:
    same = {english for english, said in CHINESE.items() if english == said and english.strip()}
    assert same <= SAME | {"{a}: {b}", "{a}, {b}"}


def test_a_sentence_stands_in_one_file_only() -> None:
    assert len(CHINESE) == sum(map(len, PARTS.values()))


def test_names_of_parts_are_in_both_languages() -> None:
    assert not set(NAMES.values()) - set(CHINESE)


def is_waiting(place: str) -> bool:
    file = place.partition(":")[0]
    return not NOT_YET.isdisjoint((file, file.partition("/")[0]))


def test_every_message_has_chinese() -> None:
    missing = [
        f"{site.place}: {site.sentence}"
        for site in known_sites()
        if not is_waiting(site.place)
        and site.sentence not in CHINESE
        and not stands_for_its_fields(site.sentence or "")
    ]
    assert not missing, "\n".join(missing)


def stands_for_its_fields(text: str) -> bool:
    """Whether a sentence has no word of its own that could be translated."""
    return not any(
        char.isalpha() for literal, *_ in string.Formatter().parse(text) for char in literal
    )


def test_every_phrase_has_chinese() -> None:
    missing = [
        f"{name}:{node.lineno}: {text}"
        for name, tree in sources()
        if name.partition("/")[0] != "catalogue"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "phrase"
        for text in [constant(node.args[0])]
        if text is not None and text not in CHINESE
    ]
    assert not missing, "\n".join(missing)


def test_no_chinese_is_left_of_a_sentence_that_is_gone() -> None:
    said = set()
    for path in PACKAGE.rglob("*.py"):
        if "chinese" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    said |= {" ".join(part.split()) for part in node.value.split("\n\n")}
                    said.add(" ".join(node.value.split()))
    for source in modules().values():
        said |= {" ".join(one.split()) for one in sentences(source)}
    elsewhere = {*click_words.SENTENCES, *composed.SENTENCES}  # tests/cli, tests/tracing
    gone = [one for one in CHINESE if " ".join(one.split()) not in said and one not in elsewhere]
    assert not gone, "\n".join(gone)


def test_values_in_a_sentence_are_not_formatted_again() -> None:
    assert phrase("from “{word}” to", "en", word="{word}") == "from “{word}” to"
    assert phrase("from “{word}” to", "zh", word="{word}") == "从“{word}”到"


def test_a_message_in_a_message_is_in_the_same_language_and_settings_are_spelled() -> None:
    inner = Message("layer {n}", {"n": Setting("layer", 4)})
    outer = Note("{a}: {b}", {"a": inner, "b": (Message("scores"), Message("weights"))})
    assert str(outer) == "layer layer=4: scores, weights"
    assert said(outer, "zh", in_shell) == "第 --layer 4 层：得分、权重"


@given(st.text())
def test_an_unknown_sentence_is_its_english(text: str) -> None:
    assert sentence(text, "en") == text
    assert sentence(text, "zh") == CHINESE.get(text, text)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ({"LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ZH"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_locale(environment: Mapping[str, str], language: str) -> None:
    assert language_of(environment) == language
