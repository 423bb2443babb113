"""The settings of decoding (beam search and sampling), as plain data."""

import math
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from glassformer.errors import Setting, UsageError

LengthPenalty = Literal["average", "gnmt"]


class BestOptions(TypedDict, total=False):
    """The settings of decoding one translation, as keyword arguments; see `SearchConfig`."""

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
    """All settings of a `SearchConfig`, as keyword arguments."""

    n_best: int
    history: bool


@dataclass(frozen=True, kw_only=True)
class SearchConfig:
    """The settings of beam search and sampling.

    Raises:
        UsageError: when a setting is invalid, or two exclude each other.
    """

    beam_size: int = 4
    """Beam size: the hypotheses kept per sentence; 1 is greedy search."""
    n_best: int = 1
    """n-best: the translations returned per sentence, at most `beam_size`, or this many samples."""
    length_penalty_form: LengthPenalty = "average"
    """The form of the length penalty that divides the scores of hypotheses of n tokens, end token
    included: "average" n^α, "gnmt" ((5 + n) / 6)^α."""
    length_penalty: float = 1.0
    """Length penalty exponent α; 0 ranks by the score alone, larger values favour longer
    translations."""
    max_length: int | None = None
    """Maximum length of a translation in tokens, end token included; None: twice the source length
    plus 16, after the prefix."""
    no_repeat_ngram: int = 0
    """N-gram blocking: no n-gram of this length occurs twice in a translation; 0 turns it off."""
    temperature: float | None = None
    """Sampling temperature: sample from a distribution sharper (below 1) or flatter (above 1) than
    the model's; None is beam search."""
    top_k: int = 0
    """Top-k sampling: sample from the k likeliest tokens only; 0 is all tokens."""
    top_p: float = 1.0
    """Nucleus (top-p) sampling: sample from the likeliest tokens with this total probability."""
    seed: int = 0
    """Random seed of sampling; a sample depends on it and on the sentence's index only."""
    history: bool = False
    """Also return the candidates of each search step."""

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
                "{setting:name} must be at least 0, but is {given}",
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
                    "{top_k:name} and {top_p:name} require sampling: also give a temperature, such "
                    "as {temperature}",
                    top_k=Setting("top_k"),
                    top_p=Setting("top_p"),
                    temperature=Setting("temperature", 1.0),
                )
            if self.n_best > self.beam_size:
                raise UsageError(
                    "{n_best:name} must be at most {beam_size:name}, but is {given} with a beam "
                    "size of {beam}",
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
        """The number of hypotheses per sentence."""
        return self.beam_size if self.temperature is None else self.n_best

    def penalized(self, score: float, length: int) -> float:
        """The score with length penalty of a hypothesis of this many tokens, end token included."""
        base = float(length) if self.length_penalty_form == "average" else (5 + length) / 6
        try:
            return score / math.pow(base, self.length_penalty)
        except OverflowError:
            return score / math.inf  # all hypotheses rank alike
