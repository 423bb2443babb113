"""What the decoder says comes next: the likeliest tokens, two targets, a beam's history."""

from dataclasses import dataclass
from typing import Literal

Fate = Literal["kept", "ended", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A token that could come next, and how probable that is."""

    token: str
    id: int
    probability: float


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What the decoder makes of one position of its input: which token comes after it.

    `token` is the one with which the target goes on, `probability` and its natural logarithm
    `score` how likely that is, and `rank` its place, from 1, among all that could come. All are
    None where the target does not go on, and the score also where the probability is 0. `best` are
    the likeliest tokens, in their order.
    """

    input: str
    token: str | None
    id: int | None
    probability: float | None
    score: float | None
    rank: int | None
    best: tuple[Likely, ...]


@dataclass(frozen=True, kw_only=True)
class ScoredText:
    """A target with its tokens, the end token included, and the score of each.

    Scores are natural logarithms, None for a probability of 0.
    """

    text: str
    tokens: tuple[str, ...]
    scores: tuple[float | None, ...]

    @property
    def score(self) -> float | None:
        """The logarithm of the probability of it all."""
        return added(self.scores)


@dataclass(frozen=True, kw_only=True)
class ContrastView:
    """Two targets of one source: they have `parts_at` tokens in common, and then they part."""

    first: ScoredText
    second: ScoredText
    parts_at: int

    @property
    def sides(self) -> tuple[ScoredText, ScoredText]:
        """Both, in their order."""
        return self.first, self.second

    @property
    def at_parting(self) -> float | None:
        """By how much the first target's next token is likelier there: a difference of scores."""
        return _less(self.first.scores[self.parts_at], self.second.scores[self.parts_at])

    @property
    def afterwards(self) -> float | None:
        """The same for all that comes after that token."""
        after = slice(self.parts_at + 1, None)
        return _less(added(self.first.scores[after]), added(self.second.scores[after]))

    @property
    def in_all(self) -> float | None:
        """The same for the targets as wholes."""
        return _less(self.first.score, self.second.score)


@dataclass(frozen=True, kw_only=True)
class Considered:
    """A way to go on that the search considered: the tokens so far, and what became of it."""

    tokens: tuple[str, ...]
    score: float
    fate: Fate


@dataclass(frozen=True, kw_only=True)
class HistoryView:
    """What a search considered, step after step, the likeliest first."""

    steps: tuple[tuple[Considered, ...], ...]


def added(scores: tuple[float | None, ...]) -> float | None:
    """The sum of scores; None where one of them is."""
    total = 0.0
    for score in scores:
        if score is None:
            return None
        total += score
    return total


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second
