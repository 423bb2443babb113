"""What a search gives: target sentences with their scores, and what it considered on the way."""

from dataclasses import dataclass

from glassformer.views import Fate


@dataclass(frozen=True)
class Hypothesis:
    """A target sentence found: its tokens, without start, with the end token if it was reached.

    `score` is the natural logarithm of its probability and the sum of `token_scores`, one a token;
    `penalized_score`, in which the length counts too, is what hypotheses are ranked by.
    """

    tokens: tuple[int, ...]
    score: float
    token_scores: tuple[float, ...]
    penalized_score: float


@dataclass(frozen=True)
class Candidate:
    """A continuation that the search considered at one step.

    `parent` is the index, from 0, of the hypothesis that it extends among those kept at the
    step before, and `score` the sum of the logarithms so far. What has "ended" is complete.
    """

    parent: int
    token: int
    score: float
    fate: Fate


@dataclass(frozen=True)
class Found:
    """What the search found for one sentence: hypotheses, the best first, no two of them equal,
    and, where it was asked for, the candidates of each step, the likeliest first."""

    hypotheses: tuple[Hypothesis, ...]
    history: tuple[tuple[Candidate, ...], ...] = ()
