"""Messages to the user: a sentence with fields, and settings that each surface spells its own way.

    Message("a head needs its layer: give both {layer} and {head}",
            {"layer": Setting("layer", "L"), "head": Setting("head", "H")})

In Python this reads "… give both layer=L and head=H", on the command line "… --layer L and --head
H". The English sentence, with its fields unfilled, is also the message id for translation, as in
gettext. Fields are numbers, text, settings, messages, and tuples of these, which become lists.
"""

import json
import os
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias


class OneOf(tuple[object, ...]):
    """The values that a setting accepts."""

    __slots__ = ()


@dataclass(frozen=True)
class Setting:
    """A setting that a message names: a parameter, an option, a key of a query string.

    `name` is the name of the Python parameter. `value` is the value given or accepted; None names
    the setting alone. A value in capital letters is a placeholder.
    """

    name: str
    value: object = None

    def __str__(self) -> str:
        return in_python(self)


Spelling: TypeAlias = Callable[[Setting], str]
"""How a surface writes a setting."""

Translation: TypeAlias = Callable[[str], str]
"""The translation of an English sentence, its fields unfilled."""


def in_python(setting: Setting) -> str:
    """A setting as a keyword argument: `layer=`, `layer=4`, `heads="mean"`, `tensor=NAME`."""
    return f"{setting.name}={_literal(setting.value)}"


def is_placeholder(value: object) -> bool:
    """Whether a value is a placeholder: `NAME`, `FILE.png`."""
    return isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]*(\.\w+)?", value) is not None


def _literal(value: object) -> str:
    match value:
        case None:
            return ""
        case OneOf():
            return "|".join(map(_literal, value))
        case str() if is_placeholder(value):
            return value
        case str() | os.PathLike():
            return json.dumps(os.fspath(value), ensure_ascii=False)
    return repr(value)


@dataclass(frozen=True)
class Message:
    """A sentence with fields; `str()` is English, with settings spelled as in Python.

    `id` is the English sentence with its fields unfilled, and the key of its translations. Without
    fields it is used verbatim. `{field:name}` is a setting's name without a value: `top_k`,
    `--top-k`.
    """

    id: str
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def render(self, spelling: Spelling = in_python, translation: Translation = str) -> str:
        """The sentence in a language, with settings as this surface spells them."""
        sentence = translation(self.id)
        if not self.fields:
            return sentence
        return _Filled(spelling, translation).vformat(sentence, (), self.fields)

    def at(self, place: "str | os.PathLike[str] | Message") -> Self:
        """The same, prefixed with the place it is about: a file and line, a text."""
        return type(self)("{place}: {message}", {"place": place, "message": self})

    def __str__(self) -> str:
        return self.render()

    def to_json(self) -> dict[str, Any]:
        """Plain data: the id, the fields as numbers, booleans or text, and the English text."""
        fields = {name: _plain(value) for name, value in self.fields.items()}
        return {"id": self.id, "fields": fields, "text": str(self)}


class Term(str):
    """A name within a sentence that has its own in each language: a place, a script, a part.

    In English, in Python and in JSON it is text like any other.
    """

    message: Message

    def __new__(cls, english: str, /, **fields: object) -> Self:
        """A name in English, its fields filled in."""
        message = Message(english, fields)
        term = super().__new__(cls, message)
        term.message = message
        return term


class Note(Message):
    """Something the user should know about a result that was produced all the same."""


class Caution(Note):
    """A note that must not go unnoticed: in Python it is also issued as a warning."""


class _Filled(string.Formatter):
    """`str.format`, with settings and messages among the fields written as this surface does."""

    def __init__(self, spelling: Spelling, translation: Translation) -> None:
        self._spelling = spelling
        self._translation = translation

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Setting):
            if format_spec == "name":
                return self._spelling(Setting(value.name)).removesuffix("=")
            return self._spelling(value)
        if isinstance(value, Message):
            return value.render(self._spelling, self._translation)
        if isinstance(value, Term):
            return value.message.render(self._spelling, self._translation)
        if isinstance(value, tuple | list) and format_spec in ("", "name"):
            return self._translation(", ").join(
                self.format_field(one, format_spec) for one in value
            )
        return str(super().format_field(value, format_spec))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
