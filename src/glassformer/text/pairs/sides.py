"""Which of several columns, keys or languages is the source of a pair, and which the target."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import regex

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message

_SOURCE = {"source", "src"}
_TARGET = {"target", "tgt", "trg", "reference", "ref"}

# ISO 639-1 codes, and three-letter codes of languages with many corpora.
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
    """Whether this is a language tag: `fr`, `FR`, `fr-CA`, `zh_Hans`."""
    return _TAG.fullmatch(name) is not None and _primary(name) in _LANGUAGES


def sides_of_names(
    names: Sequence[str], target: str | None, *, file: str, line: int
) -> Sides | None:
    """Source and target among column names or keys; None where they are not recognised.

    They are called source and target (or src and tgt), or two of them are language tags: the first
    is the source, unless the target is given.

    Raises:
        InputError: when this is ambiguous.
        UsageError: when the target language is not in the file.
    """
    plain = [name.strip() for name in names]
    sources = [name for name, low in zip(names, plain, strict=True) if low.lower() in _SOURCE]
    targets = [name for name, low in zip(names, plain, strict=True) if low.lower() in _TARGET]
    if len(sources) == len(targets) == 1:
        return Sides(sources[0], targets[0])
    named = [name for name, tag in zip(names, plain, strict=True) if is_language(tag)]
    languages = list(dict.fromkeys(named))
    if len(languages) > 2:  # a row id is likelier than Indonesian
        languages = [name for name in languages if name.strip().lower() != "id"]
    if (sources and targets) or len(languages) > 2:
        raise InputError(
            "{file}, line {line} has {names}, which is ambiguous: rename one of them to source and "
            "one to target",
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
    setting: Setting,
) -> Sides:
    """Source and target among the languages of a file, each with the number of its texts.

    `source` is the source language that the file declares, `target` the one requested, which may
    reverse the direction. `setting` is how the target can be chosen.

    Raises:
        InputError: when there are fewer than two languages, or the source is not declared.
        UsageError: when the target is not in the file, or has to be chosen.
    """
    there = [f"{language} ({count:,})" for language, count in languages.items()]
    if len(languages) < 2:
        raise InputError(
            "{file} has texts in {languages}: expected two languages",
            file=file,
            languages=there or Message("no language"),
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
            "{file} has texts in {languages}: choose the target language with {setting}",
            file=file,
            languages=there,
            setting=setting,
        )
    if found is None or found == wanted:
        raise InputError(
            "{file} has texts in {languages}, but its header does not declare another one as the "
            "source language: add it there as srclang",
            file=file,
            languages=there,
        )
    return Sides(found, wanted)


def _meant(target: str, languages: Sequence[str], file: str) -> str | None:
    """The language that is meant; None where the name is not that of a language."""
    found = _only(target, languages)
    if found is None and is_language(target):
        alike = [one for one in languages if _primary(one) == _primary(target)]
        if not alike:
            raise UsageError(
                "{file} has texts in {languages}, but none in {target}",
                file=file,
                languages=list(languages),
                target=target,
            )
        raise UsageError(
            "{file} has texts in {languages}, several of which match {target}: give the exact one",
            file=file,
            languages=list(languages),
            target=target,
        )
    return found


def _only(wanted: str, languages: Sequence[str]) -> str | None:
    """The language with exactly this tag, else the only one with the same primary subtag."""
    exact = [one for one in languages if _folded(one) == _folded(wanted)]
    alike = exact or [one for one in languages if _primary(one) == _primary(wanted)]
    return alike[0] if len(alike) == 1 else None


def _folded(tag: str) -> str:
    return tag.strip().lower().replace("_", "-")


def _primary(tag: str) -> str:
    return _folded(tag).partition("-")[0]
