"""Which of several columns, keys or languages is the source of a pair, and which its target."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import regex

from glassformer.errors import InputError, Setting, UsageError

_SOURCE = {"source", "src"}
_TARGET = {"target", "tgt", "trg", "reference", "ref"}

# The two-letter codes of ISO 639-1, and three letters for languages that have many corpora.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr
ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
ara ces chi cmn deu ell eng fas fra fre ger heb hin ita jpn kor nld pol por ron rus spa swe tur ukr
vie zho
"""
_LANGUAGES = frozenset(_CODES.split())
_TAG = regex.compile(r"(?:[a-z]{2,3}|[A-Z]{2,3})(?:[-_][A-Za-z]{2,4})?")


class Sides(NamedTuple):
    """Names of columns, keys or languages."""

    source: str
    target: str


def is_language(name: str) -> bool:
    """Whether this is the tag of a language: `fr`, `FR`, `fr-CA`, `zh_Hans`."""
    return _TAG.fullmatch(name) is not None and _primary(name) in _LANGUAGES


def sides_of_names(
    names: Sequence[str], target: str | None, *, file: str, line: int
) -> Sides | None:
    """Source and target among the names of columns or keys; None where none are recognised.

    They are called so (source and target, src and tgt), or two of them are languages: the first is
    the source, unless the target is named.

    Raises:
        InputError: when there are several ways to choose.
        UsageError: when the target is a language that is not there.
    """
    plain = [name.strip() for name in names]
    sources = [name for name, low in zip(names, plain, strict=True) if low.lower() in _SOURCE]
    targets = [name for name, low in zip(names, plain, strict=True) if low.lower() in _TARGET]
    if len(sources) == len(targets) == 1:
        return Sides(sources[0], targets[0])
    named = [name for name, tag in zip(names, plain, strict=True) if is_language(tag)]
    languages = list(dict.fromkeys(named))
    if len(languages) > 2:  # a number of the row more likely than Indonesian
        languages = [name for name in languages if name.strip().lower() != "id"]
    if (sources and targets) or len(languages) > 2:
        raise InputError(
            "{file}, line {line} has {names}, of which more than two could be meant: call one of "
            "them source and one target",
            file=file,
            line=line,
            names=list(names),
        )
    if len(languages) < 2:
        return None
    chosen = None if target is None else _meant(target, languages, file)
    first, second = languages
    return Sides(second, first) if chosen == first else Sides(first, second)


def sides_of_languages(
    languages: Mapping[str, int],
    source: str | None,
    target: str | None,
    *,
    file: str,
    choice: Setting,
) -> Sides:
    """Source and target among the languages of a file, each with the number of its texts.

    `source` is what the file itself calls its source language, `target` what a person asks for,
    who may also ask for the way back. `choice` is the setting that names the target.

    Raises:
        InputError: when there are not two languages, or the file does not say which is the source.
        UsageError: when the target is not there, or has to be chosen.
    """
    there = [f"{language} ({count:,})" for language, count in languages.items()]
    if len(languages) < 2:
        raise InputError(
            "{file} has texts in {languages}: expected two languages",
            file=file,
            languages=there or "no language",
        )
    found = None if source is None else _only(source, list(languages))
    wanted = None if target is None else _meant(target, list(languages), file)
    if len(languages) == 2 and (wanted or found):
        first, second = languages
        if wanted:
            return Sides(second if wanted == first else first, wanted)
        return Sides(first, second) if found == first else Sides(second, first)
    if wanted is None:
        raise UsageError(
            "{file} has texts in {languages}: say which is the target, with {choice}",
            file=file,
            languages=there,
            choice=choice,
        )
    if found is None or found == wanted:
        raise InputError(
            "{file} has texts in {languages}, and its header does not say which other one is the "
            "source: write it there, as srclang",
            file=file,
            languages=there,
        )
    return Sides(found, wanted)


def _meant(target: str, languages: Sequence[str], file: str) -> str | None:
    """The language that is meant; None where the name is not that of a language."""
    found = _only(target, languages)
    if found is None and is_language(target):
        alike = [one for one in languages if _primary(one) == _primary(target)]
        raise UsageError(
            "{file} has texts in {languages}, {count} of which could be {target}",
            file=file,
            languages=list(languages),
            count=len(alike) or "none",
            target=target,
        )
    return found


def _only(wanted: str, languages: Sequence[str]) -> str | None:
    """The one language of exactly this tag, else of its first part, which is the language."""
    exact = [one for one in languages if _folded(one) == _folded(wanted)]
    alike = exact or [one for one in languages if _primary(one) == _primary(wanted)]
    return alike[0] if len(alike) == 1 else None


def _folded(tag: str) -> str:
    return tag.strip().lower().replace("_", "-")


def _primary(tag: str) -> str:
    return _folded(tag).partition("-")[0]
