"""Translation quality: BLEU, chrF and TER against references, with confidence intervals.

BLEU (Papineni et al., 2002), chrF (Popović, 2015) and TER (Snover et al., 2006) are computed by
sacreBLEU, with its signature for reproducibility (Post, 2018). Confidence intervals and the
comparison of two systems use bootstrap resampling of the sentences (Koehn, 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sacrebleu
from sacrebleu.significance import PairedTest

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message

MEASURES = ("BLEU", "chrF", "TER")

_TOKENIZERS = {"zh": "zh", "cmn": "zh", "ja": "char", "ko": "char", "th": "char"}

_WITHOUT_SPACES = {"zh", "ja-mecab", "char"}
"""BLEU tokenizers of languages for which TER needs character tokenization as well."""


@dataclass(frozen=True)
class Comparison:
    """The same metric for the other system, the difference, and its p-value: the probability of so
    large a difference by chance."""

    score: float
    mean: float
    interval: float
    difference: float
    p: float


@dataclass(frozen=True)
class Quality:
    """One metric; its 95 % bootstrap confidence interval is `mean` ± `interval`, if requested."""

    name: str
    score: float
    signature: str
    mean: float | None = None
    interval: float | None = None
    against: Comparison | None = None


def bleu_tokenizer(tag: str | None) -> str:
    """The BLEU tokenizer that is customary for a language."""
    return _TOKENIZERS.get((tag or "").split("_")[0].split("-")[0].lower(), "13a")


def check_bleu_tokenizer(tokenize: str) -> None:
    """Check before the work that this BLEU tokenizer is available.

    Raises:
        UsageError: when there is no such tokenizer, or it needs a package that is not installed.
    """
    _bleu(tokenize)


def measure(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    tokenize: str = "13a",
    resamples: int = 1000,
    against: Sequence[str] | None = None,
    measures: Sequence[str] = MEASURES,
) -> list[Quality]:
    """BLEU, chrF and TER of translations; `references` is a list of one or more reference sets.

    `tokenize` is the BLEU tokenizer. Confidence intervals come from `resamples` bootstrap samples
    (0: none), the comparison with `against`, translations of another system, from paired ones.
    `measures` are the metrics wanted, in order.

    Raises:
        InputError: when there are no sentences, or the numbers of sentences differ.
        UsageError: when the tokenizer is not available, or there are too few resamples.
    """
    compared: list[tuple[Message | Setting, Sequence[str]]] = [
        (Message("reference {number}", {"number": number}), texts)
        for number, texts in enumerate(references, start=1)
    ]
    compared.append((Setting("against"), hypotheses if against is None else against))
    for name, texts in compared:
        if len(texts) != len(hypotheses) or not texts:
            raise InputError(
                "expected the same number of sentences, at least one, but there are {hypotheses} "
                "translations and {count} in {name:name}",
                hypotheses=len(hypotheses),
                count=len(texts),
                name=name,
            )
    if resamples == 1 or (against is not None and resamples < 2):
        raise UsageError(
            "{setting:name} must be at least 2, but is {given}",
            setting=Setting("resamples"),
            given=resamples,
        )
    metrics = {name: _metric(name, tokenize) for name in measures}
    if not resamples:
        scores = {
            name: metric.corpus_score(hypotheses, references) for name, metric in metrics.items()
        }
        return [
            Quality(name, scores[name].score, str(metric.get_signature()))
            for name, metric in metrics.items()
        ]
    systems: list[tuple[str, Sequence[str]]] = [("ours", hypotheses)]
    if against is not None:
        systems.insert(0, ("theirs", against))  # the first is the baseline
    signatures, results = PairedTest(
        systems, metrics, references, test_type="bs", n_samples=resamples
    )()
    return [
        _quality(name, results[key], str(signatures[key]))
        for name, key in zip(metrics, signatures, strict=True)
    ]


def _metric(name: str, tokenize: str) -> Any:
    if name == "BLEU":
        return _bleu(tokenize)
    if name == "chrF":
        return sacrebleu.CHRF()
    cut = tokenize in _WITHOUT_SPACES
    return sacrebleu.TER(normalized=cut, asian_support=cut)


def _bleu(tokenize: str) -> sacrebleu.BLEU:
    try:
        return sacrebleu.BLEU(
            tokenize=tokenize, force=True
        )  # it may mistake the text for tokenized text
    except KeyError as error:
        raise UsageError(
            "there is no BLEU tokenizer {tokenize!r}; choose one of {known}",
            tokenize=tokenize,
            known=[*sacrebleu.BLEU.TOKENIZERS],
        ) from error
    except (RuntimeError, ImportError, AssertionError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(
            "the BLEU tokenizer {tokenize!r} is not available: {reason}",
            tokenize=tokenize,
            reason=reason,
        ) from error


def _quality(name: str, results: list[Any], signature: str) -> Quality:
    *theirs, ours = results
    compared = None
    if theirs:
        (other,) = theirs
        difference = float(ours.score - other.score)
        compared = Comparison(
            float(other.score),
            float(other.mean),
            float(other.ci),
            difference,
            # With no difference at all every sample is as extreme, though the test says otherwise.
            float(ours.p_value) if difference else 1.0,
        )
    return Quality(name, float(ours.score), signature, float(ours.mean), float(ours.ci), compared)
