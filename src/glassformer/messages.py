"""What is said to a person: a sentence with fields, and settings that each surface spells itself.

    Message("a head needs its layer: give both {layer} and {head}",
            {"layer": Setting("layer"), "head": Setting("head")})

In Python this reads "… give both layer= and head=", on the command line "… --layer and --head". The
sentence in English, with its fields open, is also the id under which other languages have theirs.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Setting:
    """A setting that a message names: a parameter, an option, a key of a request.

    `value` is what the setting was given or may be given; None names the setting alone. A value in
    capital letters stands for whatever a person would put there.
    """

    name: str
    value: object = None

    def __str__(self) -> str:
        return in_python(self)


Spelling: TypeAlias = Callable[[Setting], str]
"""How a surface writes a setting."""


def in_python(setting: Setting) -> str:
    """A setting as an argument of a call: `layer=`, `layer=4`, `heads="mean"`, `tensor=NAME`."""
    value = setting.value
    if value is None:
        return f"{setting.name}="
    stands_for_any = isinstance(value, str) and value.isupper()
    return f"{setting.name}={value if stands_for_any else repr(value)}"


@dataclass(frozen=True)
class Message:
    """A sentence with fields; `str()` is English, with settings as in Python.

    `id` is the English sentence with its fields open, and the key of its translations. Without
    fields it is a sentence as it stands.
    """

    id: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def render(self, spelling: Spelling = in_python) -> str:
        """The sentence, each setting in it as this surface spells it."""
        return _Filled(spelling).vformat(self.id, (), self.fields) if self.fields else self.id

    def __str__(self) -> str:
        return self.render()

    def to_json(self) -> dict[str, Any]:
        """Plain data: id, fields as numbers, flags and text, and the sentence in English."""
        fields = {name: _plain(value) for name, value in self.fields.items()}
        return {"id": self.id, "fields": fields, "text": str(self)}


class Note(Message):
    """Something that a person should know about a result that is nevertheless given."""


class Caution(Note):
    """A note that must not be missed: from Python it is a warning, too."""


class _Filled(string.Formatter):
    """`str.format`, with settings and messages among the fields written as the surface does."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Setting):
            return self._spelling(value)
        if isinstance(value, Message):
            return value.render(self._spelling)
        if isinstance(value, tuple | list) and not format_spec:
            return ", ".join(self.format_field(one, "") for one in value)
        return str(super().format_field(value, format_spec))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
