"""The words on every surface, in two languages: the sentence in English is the id, as in gettext.

    phrase("layer {layer}, head {head}", "zh", layer=4, head=2)     第 4 层第 2 头

What is said stands in English where it is said, and in Chinese in `chinese/`, one file for what a
few rooms say. A sentence that is not there yet is shown in English; `tests/test_catalogue.py` names
every one of them.
"""

import os
import sys
from collections.abc import Mapping
from typing import Literal, TypeAlias

from glassformer.messages import Message, Spelling, in_python

__all__ = ["LANGUAGES", "Language", "language_of", "phrase", "said", "sentence"]

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def phrase(english: str, language: Language, **fields: object) -> str:
    """A sentence in a language, with its fields filled in; messages among them are said in it too.

    Settings are named as in Python; for another surface's spelling, see `said`.
    """
    return said(Message(english, fields), language)


def said(message: Message, language: Language, spelling: Spelling = in_python) -> str:
    """A message in a language, each setting in it as the surface spells it."""
    return message.render(spelling, lambda english: sentence(english, language))


def sentence(english: str, language: Language) -> str:
    """A sentence in a language, its fields open; in English where there is no other."""
    if language == "en":
        return english
    from glassformer.catalogue.chinese import CHINESE

    return CHINESE.get(english, english)


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of whoever uses this machine, as its locale says; English where it is another.

    `LC_ALL` comes before `LC_MESSAGES`, and that before `LANG`, as in POSIX.
    """
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), None)
    if name is None and sys.platform == "win32":  # where no such variable is usual
        import locale

        name = locale.getlocale()[0]
    return "zh" if (name or "").lower().startswith(("zh", "chinese")) else "en"
