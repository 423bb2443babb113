"""Doubts about a text that a model is given: ways in which it is unlike what the model learned.

Each kind has an id that stays and the numbers that a note about it needs. Shares are in 0 … 1.
"""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Doubt:
    """One of the kinds below."""

    id: ClassVar[str]

    def to_json(self) -> dict[str, str | int | float]:
        """The id and all fields."""
        return {"id": self.id, **dataclasses.asdict(self)}


@dataclass(frozen=True)
class OtherScript(Doubt):
    """Most letters are of scripts that the training hardly had."""

    id: ClassVar[str] = "other_script"

    script: str
    """The most frequent of them, by Unicode's name: Han, Cyrillic."""
    share: float
    """Of the text's letters, in all such scripts."""
    learned: str
    """The script that was most frequent in the training."""
    learned_share: float


@dataclass(frozen=True)
class OtherLanguage(Doubt):
    """Fewer words than in any text of the language learned are frequent or look like it."""

    id: ClassVar[str] = "other_language"

    words: int
    """So many were looked at."""
    familiarity: float
    """The share of familiar ones among them; where only a part is familiar, less than one."""
    lowest: float
    """What a text of so many words has at least."""
    usual: float
    """What texts of the training have."""


@dataclass(frozen=True)
class TooLong(Doubt):
    """Longer than what was learned."""

    id: ClassVar[str] = "too_long"

    unit: str
    """What is counted: "words", signs among them, or "characters"."""
    length: int
    most: int
    """What one in a thousand of the training's texts exceeds."""
    largest: int
    """The length of its longest."""
