"""The sentences that pictures are about, and characters that no surface trips over."""

import dataclasses
import unicodedata
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One side of what a model read: its tokens, its words, and which belongs to which.

    `word_of_token` is None for special tokens and for those that cover no visible character.

    Of a pair `text` is the first text and `pair` the second; tokens and words are those of both,
    one after the other. `type_ids` say for each token which row of the model's token types it has;
    where there are none, all have row 0.
    """

    text: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[str, ...]
    word_of_token: tuple[int | None, ...]
    pair: str | None = None
    type_ids: tuple[int, ...] = ()

    def type_of(self, position: int) -> int:
        """Which row of the model's token types the token at this position (from 0) has."""
        return self.type_ids[position] if self.type_ids else 0

    @property
    def is_consistent(self) -> bool:
        """Whether tokens, words and the map between them fit together."""
        pair = () if self.pair is None else (self.pair,)
        texts = (self.text, *pair, *self.tokens, *self.words)
        return (
            len(self.tokens) == len(self.special) == len(self.word_of_token)
            and len(self.type_ids) in (0, len(self.tokens))
            and all(isinstance(text, str) for text in texts)
            and all(type(one) is int and one >= 0 for one in self.type_ids)
            and all(word is None or word in range(len(self.words)) for word in self.word_of_token)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back. What only pairs have is there for pairs only."""
        data = dataclasses.asdict(self)
        return data if self.pair is not None else {k: data[k] for k in data if k not in _OF_PAIRS}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        known = {field.name for field in dataclasses.fields(cls)}  # others may come
        lists: dict[str, Any] = {
            k: v if k in ("text", "pair") else tuple(v) for k, v in data.items() if k in known
        }
        return cls(**lists)


_OF_PAIRS = ("pair", "type_ids")


def printable(text: str) -> str:
    """Text that no terminal and no XML trips over.

    Control characters become their pictures (U+2400 and following); invisible format characters,
    such as those that reverse the reading direction, become their code in brackets.
    """
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    invisible = invisible or code in (0xFFFE, 0xFFFF)  # no characters, and XML refuses them
    joiner = code in (0x200C, 0x200D)  # these shape the letters beside them
    return f"[U+{code:04X}]" if invisible and not joiner else character
