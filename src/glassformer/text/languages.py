"""Language names as people type them, matched to a model's tags: "french", "fr-FR", "FR", "中文".

A model's tags are arbitrary; an exact match always wins. Names and codes are those of Unicode CLDR
and BCP 47, looked up with langcodes, which is imported only when it is needed.
"""

import contextlib
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from langcodes import Language

_LONGEST_NAME = 64
"""In characters; no language has a longer name."""

_ALSO_CALLED = {
    "mandarin": "zh",
    "普通话": "zh",
    "汉语": "zh",
    "漢語": "zh",
    "华语": "zh",
    "简体": "zh-Hans",
    "繁體": "zh-Hant",
}
"""Names that CLDR lacks: it has only one name per language in each other language."""


def find_language(asked: str, known: Sequence[str]) -> str | None:
    """The model's tag that is meant; None if there is no match, or more than one.

    Both may be underspecified: "fr-CA" finds "fr", and "zh" finds "zh-Hans". What both specify must
    agree: "zh-TW" is written in Traditional characters and does not find "zh", which by itself
    means Simplified ones.
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
    """The English or Chinese name of a tag; the tag itself where it is not a language tag."""
    meant = _language(tag)
    return tag if meant is None else meant.display_name(language)


def _only(tags: list[str]) -> str | None:
    return tags[0] if len(tags) == 1 else None


def _folded(text: str) -> str:
    """Normalized for comparison: without case, accents, punctuation and repeated spaces."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.translate(dict.fromkeys(map(ord, "-_(),"), " ")).split())


def _meanings(asked: str, known: Sequence[str]) -> Iterator["Language"]:
    """Possible meanings, the likeliest first: a code, an English name, or the name of a known
    language in any language."""
    import langcodes
    from language_data.names import code_to_names

    if len(asked) > _LONGEST_NAME or not asked.isprintable():  # a lone surrogate is not printable
        return
    if code := _language(asked):
        yield code
        return
    name = _folded(asked)
    if name in _ALSO_CALLED:
        yield langcodes.Language.get(_ALSO_CALLED[name])
    with contextlib.suppress(LookupError):
        english = langcodes.find(name, "en")
        # It also matches prefixes: French in "french creole", German in "germanic".
        if name == _folded(code_to_names(english.to_tag()).get("en", "")):
            yield english
            return  # an English name is not reinterpreted in a rarer language
    for one in filter(None, map(_language, known)):
        one = one.prefer_macrolanguage()
        written = one.update_dict({"script": one.maximize().script})
        for form in (one, written, langcodes.Language.get(str(one.language))):
            names = [*code_to_names(form.to_tag()).values()]
            names += [form.display_name("en"), form.display_name("zh")]
            if name in map(_folded, names):
                yield form


def _language(tag: str) -> "Language | None":
    """A tag parsed as BCP 47; None where it is not that of a registered language."""
    import langcodes

    try:
        read = langcodes.Language.get(tag.strip())
    except ValueError:  # its own error is a subclass
        return None
    known = read.is_valid() and (read.language or "").isalpha()  # "x-…" is for private use
    return read if known else None


def _fits(asked: "Language", tag: str) -> bool:
    """Whether a model's tag is compatible with what was asked for."""
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
