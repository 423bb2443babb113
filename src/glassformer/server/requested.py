"""What can be asked of texts, as frozen requests; what to show of one is an `InspectRequest`."""

from dataclasses import dataclass
from typing import TypeVar

from glassformer.decoding.settings import LengthPenalty, SearchConfig
from glassformer.encoding.pooling import PoolingMode
from glassformer.errors import InputError, Setting, UsageError
from glassformer.text.tokenizer import SpecialTokens

_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True)
class EncodeRequest:
    """R of each text.

    Raises:
        UsageError: when there is no text, or not as many second texts as first ones.
    """

    text: tuple[str, ...]
    """The text, or several."""
    pair: tuple[str, ...] = ()
    """A second segment that is read together with the text, as in BERT's pairs: one for each."""
    special_tokens: SpecialTokens = "text"
    """Whether names of special tokens, such as [MASK], are read as text or as these tokens."""
    pool: PoolingMode = "none"
    """Pooling: one vector for each text, the mean of its tokens' or that of the first ([CLS])."""
    normalize: bool = False
    """Scale every vector to unit length."""
    truncate: bool = False
    """Truncate input that is longer than the model's maximum length."""

    def __post_init__(self) -> None:
        check_some("text", self.text)
        if self.pair and len(self.pair) != len(self.text):
            raise UsageError(
                "each text needs a second text for its pair, but there are {texts} texts and "
                "{pairs} second texts",
                texts=len(self.text),
                pairs=len(self.pair),
            )


@dataclass(frozen=True, kw_only=True)
class TranslateRequest:
    """A translation of each text; a blank one has an empty translation.

    Raises:
        UsageError: when there is no text, or a setting of the search makes no sense.
    """

    text: tuple[str, ...]
    """The text, or several."""
    to: tuple[str, ...] = ()
    """Target language: one for all texts, or one for each."""
    prefix: tuple[str, ...] = ()
    """Forced prefix, which the translation begins with: one for all texts, or one for each."""
    special_tokens: SpecialTokens = "text"
    """Whether names of special tokens, such as [MASK], are read as text or as these tokens."""
    truncate: bool = False
    """Truncate input that is longer than the model's maximum length."""
    beam_size: int = 4
    """Beam size: the number of hypotheses kept at each step; 1 is greedy search."""
    n_best: int = 1
    """Number of translations: the best of the beam, or that many samples."""
    length_penalty_form: LengthPenalty = "average"
    """Divisor of the log-probability of n tokens: n^α (average), or ((5 + n) / 6)^α (gnmt)."""
    length_penalty: float = 1.0
    """Length penalty α: larger values favour longer translations; 0 turns it off."""
    max_length: int | None = None
    """Maximum length of a translation in tokens, end token included."""
    no_repeat_ngram: int = 0
    """N-gram blocking: no n-gram of this length occurs twice; 0 turns it off."""
    temperature: float | None = None
    """Sampling temperature: sample tokens in place of searching."""
    top_k: int = 0
    """Top-k sampling: sample from the k most probable tokens only; 0 turns it off."""
    top_p: float = 1.0
    """Nucleus (top-p) sampling: from the most probable tokens with this total probability."""
    seed: int = 0
    """Random seed of sampling."""

    def __post_init__(self) -> None:
        check_some("text", self.text)
        for name in ("to", "prefix"):
            given = getattr(self, name)
            if len(given) not in (0, 1, len(self.text)):
                raise UsageError(
                    "{setting:name} must be one for all texts or one for each, but there are "
                    "{given} for {count} texts",
                    setting=Setting(name),
                    given=len(given),
                    count=len(self.text),
                )
        _ = self.search  # refuses what makes no sense

    @property
    def search(self) -> SearchConfig:
        """How to search."""
        return SearchConfig(
            beam_size=self.beam_size,
            n_best=self.n_best,
            length_penalty_form=self.length_penalty_form,
            length_penalty=self.length_penalty,
            max_length=self.max_length,
            no_repeat_ngram=self.no_repeat_ngram,
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            seed=self.seed,
        )

    @property
    def sentences(self) -> list[tuple[str, str | None, str]]:
        """Each text with its target language and the prefix of its translation."""
        count = len(self.text)
        to = _for_each(self.to or (None,), count)
        return list(zip(self.text, to, _for_each(self.prefix or ("",), count), strict=True))


@dataclass(frozen=True, kw_only=True)
class ScoreRequest:
    """The log-probability of each target as the translation of its source, token by token.

    Raises:
        UsageError: when there is no source, or no target.
        InputError: when there are not as many targets as sources, but for one source with several.
    """

    source: tuple[str, ...]
    """The source: one for all targets, or one for each."""
    target: tuple[str, ...]
    """The target to score, or several."""
    to: str | None = None
    """Target language, for a model that has several."""
    special_tokens: SpecialTokens = "text"
    """Whether names of special tokens in a source are read as text or as these tokens."""
    truncate: bool = False
    """Truncate input that is longer than the model's maximum length."""

    def __post_init__(self) -> None:
        check_some("source", self.source)
        check_some("target", self.target)
        if len(self.source) not in (1, len(self.target)):
            raise InputError(
                "{targets} targets were given for {sources} sources: expected the same number",
                targets=len(self.target),
                sources=len(self.source),
            )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each source with its target."""
        sources = _for_each(self.source, len(self.target))
        return list(zip(sources, self.target, strict=True))


def check_some(name: str, values: tuple[str, ...]) -> None:
    """Refuse a list of no texts.

    Raises:
        UsageError: when it is one.
    """
    if not values:
        raise UsageError("{setting:name} is needed", setting=Setting(name))


def _for_each(values: tuple[_Value, ...], count: int) -> tuple[_Value, ...]:
    """One value for each of so many texts."""
    return values if len(values) > 1 else values * count
