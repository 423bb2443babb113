"""Languages as people type them, held against the tags that a model has."""

import subprocess
import sys

import pytest

from glassformer.text.languages import find_language, name_of

BOX = ["fr", "de", "zh"]

MEANT = {
    "fr": "fr FR Fr fr-FR fr_FR fr-CA fra fre french French français francais Französisch 法语",
    "de": "de DE de-AT de_DE deu ger german Deutsch allemand 德语 Немецкий",
    "zh": "zh ZH zh-CN zh_cn zh-Hans zh-SG zho zho_Hans chi cmn Chinese 中文 汉语 简体 mandarin",
}
PHRASES = {
    "Simplified Chinese": "zh",
    "Chinese (Simplified)": "zh",
    "Mandarin Chinese": "zh",
    "Canadian French": "fr",
    "  french ": "fr",
}
NOT_MEANT = [
    *("en", "eng", "english", "EN", "frisian", "fy", "Chinook", "chn", "cantonese", "gsw", "cin"),
    *("fala", "germany", "germanic", "france", "fran", "f", "2fr", "formal", "jp", "cn", "und"),
    *("zh-TW", "zh_HK", "zh-Hant", "Traditional Chinese", "Chinese (Traditional)", "繁体中文"),
    *("french creole", "Old French", "Low German", "Swiss German", "German Sign Language"),
    *("", " ", "-", "🙂", "fr\0", "\ud800", "french" * 10_000),
]


@pytest.mark.parametrize(
    ("asked", "tag"),
    [*((asked, tag) for tag, some in MEANT.items() for asked in some.split()), *PHRASES.items()],
)
def test_what_people_type_finds_the_tag(asked: str, tag: str) -> None:
    assert find_language(asked, BOX) == tag


@pytest.mark.parametrize("asked", NOT_MEANT, ids=lambda asked: ascii(asked[:20]))
def test_what_the_model_does_not_write_is_not_found(asked: str) -> None:
    assert find_language(asked, BOX) is None


@pytest.mark.parametrize(
    ("asked", "known", "tag"),
    [
        ("formal", ["formal", "casual"], "formal"),
        ("2FR", ["2fr", "fr"], "2fr"),
        ("french", ["2fr", "fr"], "fr"),
        ("french", ["2fr", "formal"], None),  # what a model's own tags mean is not guessed
        ("Fr", ["FR", "fr"], None),  # either could be meant
        ("fr_FR", ["fr-FR", "fr_FR"], "fr_FR"),
        ("portuguese", ["pt-BR"], "pt-BR"),
        ("pt", ["pt-BR", "pt-PT"], None),
        ("pt-PT", ["pt-BR"], None),
        ("Brazilian Portuguese", ["pt-BR", "pt-PT"], "pt-BR"),
        ("pt-PT", ["pt", "pt-BR"], "pt"),
        ("chinese", ["zh-Hant"], "zh-Hant"),
        ("zh-CN", ["zh-Hant"], None),
        ("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant"),
        ("中文", ["zh-Hans", "zh-Hant"], None),
        ("中文", ["cmn_Hans"], "cmn_Hans"),
        ("sr-Latn", ["sr"], None),  # written in Cyrillic unless something else is said
        ("Hebrew", ["iw"], "iw"),
        ("fr", ["fr-x-formal"], None),
        ("espanol", ["es", "it"], "es"),
        ("日本語", ["ja"], "ja"),
        ("anything", [], None),
    ],
)
def test_open_and_contradicting_details(asked: str, known: list[str], tag: str | None) -> None:
    assert find_language(asked, known) == tag


@pytest.mark.parametrize("tag", ["fr", "de", "zh", "zh-Hans", "zh-Hant", "pt-BR", "ja", "nb"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_names_that_we_give_are_understood(tag: str, language: str) -> None:
    known = ["fr", "de", "en", "ja", "nb", "pt-BR", *({"zh-Hans", "zh-Hant"} - {tag}), tag]
    if tag != "zh":
        assert find_language(name_of(tag, language), known) == tag  # type: ignore[arg-type]
    else:
        assert find_language(name_of(tag, language), ["fr", "zh"]) == tag  # type: ignore[arg-type]


def test_names() -> None:
    assert [name_of(tag) for tag in BOX] == ["French", "German", "Chinese"]
    assert [name_of(tag, "zh") for tag in BOX] == ["法语", "德语", "中文"]
    made_up = ["2fr", "formal", "x-old", ""]
    assert [name_of(tag) for tag in made_up] == made_up


def test_nothing_is_loaded_until_a_name_has_to_be_understood() -> None:
    lines = [
        "import sys",
        "from glassformer.text.languages import find_language",
        "assert find_language('fr', ['fr']) == find_language('FR', ['de', 'fr']) == 'fr'",
        "assert 'langcodes' not in sys.modules and 'torch' not in sys.modules",
        "assert find_language('french', ['fr']) == 'fr' and 'langcodes' in sys.modules",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
