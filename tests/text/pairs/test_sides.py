"""Which column, key or language is the source, which the target; and when that has to be asked."""

import pytest

from glassformer.errors import GlassformerError, InputError, Setting, UsageError
from glassformer.text.pairs.sides import Sides, is_language, sides_of_languages, sides_of_names


def by_names(*names: str, target: str | None = None) -> Sides | None:
    return sides_of_names(names, target, file="f", line=1)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("source", "target"), ("source", "target")),
        (("Target", " Source "), (" Source ", "Target")),
        (("id", "src", "tgt", "licence"), ("src", "tgt")),
        (("src", "ref"), ("src", "ref")),
        (("en", "fr"), ("en", "fr")),
        (("EN", "FR-CA"), ("EN", "FR-CA")),
        (("id", "zh_Hans", "deu"), ("zh_Hans", "deu")),
        (("id", "en"), ("id", "en")),
        (("source", "target", "en", "fr", "de"), ("source", "target")),
        (("Hi.", "Salut !"), None),
        (("Hi", "Va"), None),
        (("the", "dog"), None),
        (("en", "en"), None),
        (("source", "source"), None),
        (("source", "fr"), None),
        (("", ""), None),
        ((), None),
    ],
)
def test_names_that_are_recognised(
    names: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    assert by_names(*names) == expected


def test_the_target_asked_for_turns_languages_around() -> None:
    assert by_names("en", "fr", target="en") == ("fr", "en")
    assert by_names("en", "fr", target="fr") == ("en", "fr")
    assert by_names("en-GB", "fr-FR", target="en") == ("fr-FR", "en-GB")
    assert by_names("en", "fr", target="formal") == ("en", "fr")  # a name of one's own
    assert by_names("source", "target", target="fr") == ("source", "target")


@pytest.mark.parametrize(
    ("names", "target", "kind", "message"),
    [
        (("en", "fr", "de"), "fr", InputError, "f, line 1 has en, fr, de, which is ambiguous"),
        (("src", "tgt", "ref"), None, InputError, "rename one of them to source and one to target"),
        (("en", "fr"), "de", UsageError, "f has texts in en, fr, but none in de"),
        (("zh-CN", "zh-TW"), "zh", UsageError, "zh-CN, zh-TW, several of which match zh"),
    ],
)
def test_names_that_leave_it_open(
    names: tuple[str, ...], target: str | None, kind: type[GlassformerError], message: str
) -> None:
    with pytest.raises(kind) as raised:
        by_names(*names, target=target)
    assert message in str(raised.value)


def by_languages(there: str, source: str | None, target: str | None = None) -> Sides:
    languages = {language: 1000 + place for place, language in enumerate(there.split())}
    setting = Setting("to", "LANGUAGE")
    return sides_of_languages(languages, source, target, file="f", setting=setting)


@pytest.mark.parametrize(
    ("there", "source", "target", "expected"),
    [
        ("en fr", "en", None, ("en", "fr")),
        ("en fr", "fr", None, ("fr", "en")),
        ("fr-fr en-us", "EN", None, ("en-us", "fr-fr")),
        ("en fr", "*all*", "fr", ("en", "fr")),
        ("en fr", None, "en", ("fr", "en")),
        ("en fr", "en", "en", ("fr", "en")),  # the way back is asked for
        ("en fr de", "en", "fr", ("en", "fr")),
        ("en fr fr-ca", "en", "fr", ("en", "fr")),
        ("en fr fr-ca", "en", "fr_CA", ("en", "fr-ca")),
        ("en-us en-gb", "en-us", None, ("en-us", "en-gb")),
    ],
)
def test_languages(
    there: str, source: str | None, target: str | None, expected: tuple[str, str]
) -> None:
    assert by_languages(there, source, target) == expected


@pytest.mark.parametrize(
    ("there", "source", "target", "kind", "message"),
    [
        ("en fr de", "en", None, UsageError, "en (1,000), fr (1,001), de (1,002): choose"),
        ("en fr", "*all*", None, UsageError, "choose the target language with to=LANGUAGE"),
        ("en fr", "de", None, UsageError, "choose the target language with to=LANGUAGE"),
        ("en fr", "en", "de", UsageError, "f has texts in en, fr, but none in de"),
        ("en fr-ca fr-fr", "en", "fr", UsageError, "several of which match fr"),
        ("en fr de", "*all*", "fr", InputError, "add it there as srclang"),
        ("en fr de", "en", "en", InputError, "does not declare another one as the source"),
        ("en", "en", "fr", InputError, "f has texts in en (1,000): expected two languages"),
        ("", None, None, InputError, "f has texts in no language: expected two languages"),
    ],
)
def test_languages_that_leave_it_open(
    there: str, source: str | None, target: str | None, kind: type[GlassformerError], message: str
) -> None:
    with pytest.raises(kind) as raised:
        by_languages(there, source, target)
    assert message in str(raised.value)


@pytest.mark.parametrize("tag", ["en", "FR", "fr-CA", "zh_Hans", "pt-br", "deu", "cmn"])
def test_a_language(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize("text", ["", "Hi", "dog", "the", "En", "en-", "english", "en fr", "x1"])
def test_no_language(text: str) -> None:
    assert not is_language(text)
