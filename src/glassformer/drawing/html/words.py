"""What the page says, in other languages: the catalogue's sentences that its modules use."""

import functools
import json
import re
from collections.abc import Mapping

from glassformer.catalogue import LANGUAGES, sentence
from glassformer.drawing.html.bundle import modules

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_PHRASE = re.compile(rf"\bphrase\(\s*({_STRING}(?:\s*\+\s*{_STRING})*)")
_ONE = re.compile(_STRING)


def sentences(source: str) -> tuple[str, ...]:
    """The sentences that a module says: what is written, in quotes, first in `phrase(…)`."""
    return tuple(
        "".join(json.loads(part) for part in _ONE.findall(found))
        for found in _PHRASE.findall(source)
    )


@functools.cache
def words() -> Mapping[str, Mapping[str, str]]:
    """For each language but English, what each sentence is in it."""
    english = sorted({one for source in modules().values() for one in sentences(source)})
    return {
        language: {one: sentence(one, language) for one in english}
        for language in LANGUAGES
        if language != "en"
    }
