"""How good translations are: BLEU, chrF and TER against references, with their uncertainty.

BLEU (Papineni et al., 2002), chrF (Popović, 2015) and TER (Snover et al., 2006) are sacreBLEU's,
with the signature that says how they were counted (Post, 2018). The interval and the comparison of
two systems resample the sentences (Koehn, 2004).
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
"""Ways to cut text for BLEU that are for languages in which TER has to cut as well."""


@dataclass(frozen=True)
class Comparison:
    """The same measure of the other translations, and how probable so large a difference is
    where there is none."""

    score: float
    mean: float
    interval: float
    difference: float
    p: float


@dataclass(frozen=True)
class Quality:
    """One measure. 95 % of the resampled scores lie within `mean` ± `interval`, where asked for."""

    name: str
    score: float
    signature: str
    mean: float | None = None
    interval: float | None = None
    against: Comparison | None = None


def bleu_tokenizer(tag: str | None) -> str:
    """The way to cut text with which BLEU of a language is usually counted."""
    return _TOKENIZERS.get((tag or "").split("_")[0].split("-")[0].lower(), "13a")


def check_bleu_tokenizer(tokenize: str) -> None:
    """Find out before the work whether BLEU can cut text in this way here.

    Raises:
        UsageError: when there is no such way, or it needs a package that is not installed.
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
    """BLEU, chrF and TER of translations; `references` are one list of all sentences, or several.

    `tokenize` is how BLEU cuts text. The interval comes from `resamples` of the sentences (0: no
    interval), the comparison with `against`, other translations of the same, from as many pairs.
    `measures` are the ones wanted, in their order.

    Raises:
        InputError: when there is no sentence, or not as many references or others as hypotheses.
        UsageError: when there is no such tokenizer here, or too few resamples.
    """
    compared: list[tuple[Message | Setting, Sequence[str]]] = [
        (Message("reference {number}", {"number": number}), texts)
        for number, texts in enumerate(references, start=1)
    ]
    compared.append((Setting("against"), hypotheses if against is None else against))
    for name, texts in compared:
        if len(texts) != len(hypotheses) or not texts:
            raise InputError(
                "expected as many sentences, at least one, but there are {hypotheses} translations "
                "and {count} in {name:name}",
                hypotheses=len(hypotheses),
                count=len(texts),
                name=name,
            )
    if resamples == 1 or (against is not None and resamples < 2):
        raise UsageError(
            "{setting:name} must be 2 or more, but is {given}",
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
        systems.insert(0, ("theirs", against))  # the first is what others are compared to
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
        return sacrebleu.BLEU(tokenize=tokenize, force=True)  # text may look tokenised to it
    except KeyError as error:
        raise UsageError(
            "cannot cut text by {tokenize!r} for BLEU: the ways are {known}",
            tokenize=tokenize,
            known=[*sacrebleu.BLEU.TOKENIZERS],
        ) from error
    except (RuntimeError, ImportError, AssertionError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(
            "cannot cut text by {tokenize!r} for BLEU: {reason}", tokenize=tokenize, reason=reason
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
            # The bootstrap takes no difference at all for a surprise; any other is as large.
            float(ours.p_value) if difference else 1.0,
        )
    return Quality(name, float(ours.score), signature, float(ours.mean), float(ours.ci), compared)
