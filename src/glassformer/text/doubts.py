"""Out-of-domain inputs: ways in which a text differs from what the model was trained on.

Each kind has a stable id and the numbers that a note about it needs. Shares are in [0, 1].
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
    """Most letters belong to scripts that were rare in the training data."""

    id: ClassVar[str] = "other_script"

    script: str
    """The most frequent of these scripts, by its Unicode name: Han, Cyrillic."""
    share: float
    """The share of the text's letters that are in such scripts."""
    learned: str
    """The most frequent script of the training data."""
    learned_share: float


@dataclass(frozen=True)
class OtherLanguage(Doubt):
    """Fewer familiar words than in practically any text in the source language."""

    id: ClassVar[str] = "other_language"

    words: int
    """The number of words that were examined."""
    familiarity: float
    """The share of familiar words; a word that is only partly familiar counts less than one."""
    lowest: float
    """The minimum for a text of this length."""
    usual: float
    """The usual value for texts of the training data."""


@dataclass(frozen=True)
class TooLong(Doubt):
    """Longer than the texts of the training data."""

    id: ClassVar[str] = "too_long"

    unit: str
    """What is counted: "words" (punctuation marks included) or "characters"."""
    length: int
    most: int
    """The 99.9th percentile of the training data."""
    largest: int
    """The longest text of the training data."""
