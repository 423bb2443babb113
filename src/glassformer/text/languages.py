"""Languages as people type them: "french", "fr-FR", "FR", "中文", "eng" for the tags a model has.

A model's tags are its own, whatever they look like; an exact one always wins. Names and codes are
those of Unicode's CLDR and of BCP 47, read by langcodes, which is loaded only when it is needed.
"""

import contextlib
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from langcodes import Language

_LONGEST_NAME = 64
"""Characters; no language has a longer name."""

_ALSO_CALLED = {
    "mandarin": "zh",
    "普通话": "zh",
    "汉语": "zh",
    "漢語": "zh",
    "华语": "zh",
    "简体": "zh-Hans",
    "繁體": "zh-Hant",
}
"""What CLDR, which has one name for a language in each other language, leaves out."""


def find_language(asked: str, known: Sequence[str]) -> str | None:
    """Which of the tags that a model has is meant; None where none is, or more than one could be.

    What is asked for may leave things open, and so may the tag: "fr-CA" finds "fr", and "zh" finds
    "zh-Hans". What both of them say must agree: "zh-TW" is written in Traditional characters and
    does not find "zh", which by itself means Simplified ones.
    """
    if asked in known:
        return asked
    known = list(dict.fromkeys(known))
    alike = [tag for tag in known if _folded(tag) == _folded(asked)]
    if alike:
        return _only(alike)
    for meant in _meanings(asked, known):
        fitting = [tag for tag in known if _fits(meant, tag)]
        if fitting:
            return _only(fitting)
    return None


def name_of(tag: str, language: Literal["en", "zh"] = "en") -> str:
    """What a tag is called in English or Chinese; the tag itself where it is no language's."""
    meant = _language(tag)
    return tag if meant is None else meant.display_name(language)


def _only(tags: list[str]) -> str | None:
    return tags[0] if len(tags) == 1 else None


def _folded(text: str) -> str:
    """Without what makes no difference in a name: case, accents, kinds of space, brackets."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.translate(dict.fromkeys(map(ord, "-_(),"), " ")).split())


def _meanings(asked: str, known: Sequence[str]) -> Iterator["Language"]:
    """What may be meant, the likeliest first: a code, a name in English, a name of something that
    is known in any language."""
    import langcodes
    from language_data.names import code_to_names

    if len(asked) > _LONGEST_NAME or not asked.isprintable():  # half a surrogate pair is not
        return
    if code := _language(asked):
        yield code
        return
    name = _folded(asked)
    if name in _ALSO_CALLED:
        yield langcodes.Language.get(_ALSO_CALLED[name])
    with contextlib.suppress(LookupError):
        english = langcodes.find(name, "en")
        # It also finds beginnings: French in "french creole", German in "germanic".
        if name == _folded(code_to_names(english.to_tag()).get("en", "")):
            yield english
            return  # the name of some language in English is not meant in a rarer one
    for one in filter(None, map(_language, known)):
        one = one.prefer_macrolanguage()
        written = one.update_dict({"script": one.maximize().script})
        for form in (one, written, langcodes.Language.get(str(one.language))):
            names = [*code_to_names(form.to_tag()).values()]
            names += [form.display_name("en"), form.display_name("zh")]
            if name in map(_folded, names):
                yield form


def _language(tag: str) -> "Language | None":
    """A tag read as BCP 47; None where it is no registered language's."""
    import langcodes

    try:
        read = langcodes.Language.get(tag.strip())
    except ValueError:  # of which its own error is one
        return None
    known = read.is_valid() and (read.language or "").isalpha()  # "x-…" is nobody's
    return read if known else None


def _fits(asked: "Language", tag: str) -> bool:
    """Whether a tag of the model's contradicts nothing that was asked for."""
    known = _language(tag)
    if known is None:
        return False
    asked, known = asked.prefer_macrolanguage(), known.prefer_macrolanguage()
    beyond = [(one.extlangs, one.variants, one.extensions, one.private) for one in (asked, known)]
    return (
        asked.language == known.language
        and beyond[0] == beyond[1]
        and (
            not (asked.script or asked.territory)
            or asked.maximize().script == known.maximize().script
        )
        and (not asked.territory or not known.territory or asked.territory == known.territory)
    )
