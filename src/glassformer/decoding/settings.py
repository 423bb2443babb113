"""How translations are searched for, as plain data."""

import math
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from glassformer.errors import Setting, UsageError

LengthPenalty = Literal["average", "gnmt"]


class BestOptions(TypedDict, total=False):
    """The settings of a search for one translation, as keywords; see `SearchConfig`."""

    beam_size: int
    length_penalty_form: LengthPenalty
    length_penalty: float
    max_length: int | None
    no_repeat_ngram: int
    temperature: float | None
    top_k: int
    top_p: float
    seed: int


class SearchOptions(BestOptions, total=False):
    """All settings of a `SearchConfig`, as keywords; see there."""

    n_best: int
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
        for name, least in (
            ("beam_size", 1),
            ("n_best", 1),
            ("max_length", 1),
            ("no_repeat_ngram", 0),
            ("top_k", 0),
        ):
            given = getattr(self, name)
            if given is not None and given < least:
                raise UsageError(
                    "{setting:name} must be at least {least}, but is {given}",
                    setting=Setting(name),
                    least=least,
                    given=given,
                )
        if self.seed < 0:
            raise UsageError(
                "{setting:name} must not be negative, but is {given}",
                setting=Setting("seed"),
                given=self.seed,
            )
        if self.length_penalty_form not in get_args(LengthPenalty):
            raise UsageError(
                "{setting:name} must be one of {known}, but is {given!r}",
                setting=Setting("length_penalty_form"),
                known=get_args(LengthPenalty),
                given=self.length_penalty_form,
            )
        if not 0.0 <= self.length_penalty < math.inf:
            raise UsageError(
                "{setting:name} must be 0 or more, but is {given}",
                setting=Setting("length_penalty"),
                given=self.length_penalty,
            )
        if not 0.0 < self.top_p <= 1.0:
            raise UsageError(
                "{setting:name} must be above 0 and at most 1, but is {given}",
                setting=Setting("top_p"),
                given=self.top_p,
            )
        if self.temperature is None:
            if self.top_k or self.top_p < 1.0:
                raise UsageError(
                    "{top_k:name} and {top_p:name} are for sampling: give {temperature} or another",
                    top_k=Setting("top_k"),
                    top_p=Setting("top_p"),
                    temperature=Setting("temperature", 1.0),
                )
            if self.n_best > self.beam_size:
                raise UsageError(
                    "{n_best:name} must be at most {beam_size:name}, but is {given} with a beam of "
                    "{beam}",
                    n_best=Setting("n_best"),
                    beam_size=Setting("beam_size"),
                    given=self.n_best,
                    beam=self.beam_size,
                )
        elif not 0.0 < self.temperature < math.inf:
            raise UsageError(
                "{setting:name} must be above 0, but is {given}",
                setting=Setting("temperature"),
                given=self.temperature,
            )

    @property
    def width(self) -> int:
        """Hypotheses of a sentence side by side."""
        return self.beam_size if self.temperature is None else self.n_best

    def penalized(self, score: float, length: int) -> float:
        """The score that ranks a hypothesis of so many tokens, the end token included."""
        base = float(length) if self.length_penalty_form == "average" else (5 + length) / 6
        return score / math.pow(base, self.length_penalty)
