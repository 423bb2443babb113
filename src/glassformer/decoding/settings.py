"""How translations are searched for, as plain data."""

import math
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from glassformer.errors import UsageError

LengthPenalty = Literal["average", "gnmt"]


class SearchOptions(TypedDict, total=False):
    """The settings of a `SearchConfig`, as keywords; see there."""

    beam_size: int
    n_best: int
    length_penalty_form: LengthPenalty
    length_penalty: float
    max_length: int | None
    no_repeat_ngram: int
    temperature: float | None
    top_k: int
    top_p: float
    seed: int
    history: bool


@dataclass(frozen=True, kw_only=True)
class SearchConfig:
    """How translations are searched for.

    Raises:
        UsageError: when a setting makes no sense, or two exclude each other.
    """

    beam_size: int = 4
    """Hypotheses kept for a sentence; 1 is greedy search."""
    n_best: int = 1
    """Translations given for a sentence, at most `beam_size` of them, or so many samples."""
    length_penalty_form: LengthPenalty = "average"
    """What scores are divided by to rank hypotheses of n tokens, the end token included:
    "average" n^α, "gnmt" ((5 + n) / 6)^α."""
    length_penalty: float = 1.0
    """α; 0 ranks by the bare score, and the larger it is, the longer are the translations."""
    max_length: int | None = None
    """Tokens in a translation at most, the end token included; None lets the source decide."""
    no_repeat_ngram: int = 0
    """No sequence of so many tokens occurs twice in a translation; 0 lets all repeat."""
    temperature: float | None = None
    """Draw tokens at random, from probabilities sharper (below 1) or flatter (above 1) than the
    model's; None searches for the likeliest."""
    top_k: int = 0
    """Draw from the k likeliest tokens only; 0 is all of them."""
    top_p: float = 1.0
    """Draw from the likeliest tokens that together have this probability only."""
    seed: int = 0
    """Of the draws; what a sentence gets depends on this and on its place among the texts."""
    history: bool = False
    """Give back also what was considered at each step."""

    def __post_init__(self) -> None:
        for name, least in (("beam_size", 1), ("n_best", 1), ("no_repeat_ngram", 0), ("top_k", 0)):
            if getattr(self, name) < least:
                raise UsageError(f"{name} must be at least {least}, but is {getattr(self, name)}")
        if self.max_length is not None and self.max_length < 1:
            raise UsageError(f"max_length must be at least 1, but is {self.max_length}")
        if self.seed < 0:
            raise UsageError(f"seed must not be negative, but is {self.seed}")
        if self.length_penalty_form not in get_args(LengthPenalty):
            raise UsageError(
                f"length_penalty_form must be one of {', '.join(get_args(LengthPenalty))}, "
                f"but is {self.length_penalty_form!r}"
            )
        if not 0.0 <= self.length_penalty < math.inf:
            raise UsageError(f"length_penalty must be 0 or more, but is {self.length_penalty}")
        if not 0.0 < self.top_p <= 1.0:
            raise UsageError(f"top_p must be above 0 and at most 1, but is {self.top_p}")
        if self.temperature is None:
            if self.top_k or self.top_p < 1.0:
                raise UsageError("top_k and top_p are for sampling: give a temperature, such as 1")
            if self.n_best > self.beam_size:
                raise UsageError(
                    f"n_best must be at most beam_size, but is {self.n_best} with a beam of "
                    f"{self.beam_size}"
                )
        elif not 0.0 < self.temperature < math.inf:
            raise UsageError(f"temperature must be above 0, but is {self.temperature}")

    @property
    def width(self) -> int:
        """Hypotheses of a sentence side by side."""
        return self.beam_size if self.temperature is None else self.n_best

    def penalized(self, score: float, length: int) -> float:
        """The score that ranks a hypothesis of so many tokens, the end token included."""
        base = float(length) if self.length_penalty_form == "average" else (5 + length) / 6
        return score / math.pow(base, self.length_penalty)
