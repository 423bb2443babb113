"""The sentences that pictures are about, and characters that no surface trips over."""

import dataclasses
import unicodedata
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One side of what a model read: its tokens, its words, and which belongs to which.

    `word_of_token` is None for special tokens and for those that cover no visible character.
    """

    text: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[str, ...]
    word_of_token: tuple[int | None, ...]

    @property
    def is_consistent(self) -> bool:
        """Whether tokens, words and the map between them fit together."""
        texts = (self.text, *self.tokens, *self.words)
        return (
            len(self.tokens) == len(self.special) == len(self.word_of_token)
            and all(isinstance(text, str) for text in texts)
            and all(word is None or word in range(len(self.words)) for word in self.word_of_token)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        lists: dict[str, Any] = {k: v if k == "text" else tuple(v) for k, v in data.items()}
        return cls(**lists)


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
