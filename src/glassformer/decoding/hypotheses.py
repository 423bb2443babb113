"""The results of a search: hypotheses with their scores, and its history."""

from dataclasses import dataclass

from glassformer.views import Fate


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis: its tokens, without the start token, with the end token if it was reached.

    `score` is its log-probability (natural logarithm), the sum of `token_scores`, one per token;
    hypotheses are ranked by `penalized_score`, which includes the length penalty.
    """

    tokens: tuple[int, ...]
    score: float
    token_scores: tuple[float, ...]
    penalized_score: float


@dataclass(frozen=True)
class Candidate:
    """A continuation that the search considered at one step.

    `parent` is the index, from 0, of the hypothesis that it extends among those kept at the
    step before, and `score` the sum of log-probabilities so far. An "ended" candidate is finished.
    """

    parent: int
    token: int
    score: float
    fate: Fate


@dataclass(frozen=True)
class Found:
    """The result for one sentence: distinct hypotheses, the best first, and, if requested, the
    candidates of each step, the likeliest first."""

    hypotheses: tuple[Hypothesis, ...]
    history: tuple[tuple[Candidate, ...], ...] = ()
