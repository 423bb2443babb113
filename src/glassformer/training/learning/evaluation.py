"""Evaluation on the dev set: loss, and BLEU and chrF of detokenized translations."""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from glassformer.decoding.quality import bleu_tokenizer, measure
from glassformer.decoding.search import SearchConfig
from glassformer.decoding.translator import Translator
from glassformer.messages import Caution, Note
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer
from glassformer.training.corpus.batching import Batching
from glassformer.training.corpus.examples import Examples
from glassformer.training.learning.learner import Collator
from glassformer.training.learning.loss import Criterion

_COLLAPSED = 0.01
"""Models that translate have a spread of 0.6 to 0.9."""


class DevPair(NamedTuple):
    """A source, its reference, and the target language where there are several."""

    source: str
    target: str
    tag: str | None
    near: bool | None = None
    """Whether the source has a near-duplicate in the training set; None: not looked for."""


@dataclass(frozen=True)
class TargetScores:
    """Scores of the translations to one target language.

    Where near-duplicates were looked for: how many of the pairs have one, and the scores on the
    others, if there are any.
    """

    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str
    pairs: int
    near_duplicates: int | None = None
    without_near_duplicates: "TargetScores | None" = None

    def to_json(self) -> dict[str, Any]:
        """Plain data for metrics.jsonl."""
        others = self.without_near_duplicates
        looked_for = {
            "near_duplicates": self.near_duplicates,
            "without_near_duplicates": None if others is None else others.to_json(),
        }
        return {
            "bleu": round(self.bleu, 2),
            "chrf": round(self.chrf, 2),
            "bleu_signature": self.bleu_signature,
            "chrf_signature": self.chrf_signature,
            "pairs": self.pairs,
            **(looked_for if self.near_duplicates is not None else {}),
        }


@dataclass(frozen=True)
class DevScores:
    """The loss in nats per token, unsmoothed, and the scores of each target.

    `spread` is the share of R's squared norm that differs between the positions of a sentence: near
    0 (rank collapse) cross-attention has nothing to choose from. None where all sentences are one
    token.
    """

    loss: float
    spread: float | None
    targets: dict[str, TargetScores]
    samples: list[dict[str, str]]

    def to_json(self) -> dict[str, Any]:
        """Plain data for metrics.jsonl; `bleu` and `chrf` are means over the targets."""
        scores = list(self.targets.values())
        return {
            "loss": self.loss,
            "perplexity": math.exp(min(self.loss, 700.0)),
            "spread": self.spread,
            "bleu": round(sum(one.bleu for one in scores) / len(scores), 2),
            "chrf": round(sum(one.chrf for one in scores) / len(scores), 2),
            "targets": {name: one.to_json() for name, one in self.targets.items()},
            "samples": self.samples,
        }

    def notes(self) -> Iterator[Note]:
        """Warnings about these scores."""
        if self.spread is not None and self.spread < _COLLAPSED:
            yield Caution(
                "rank collapse: the encoder outputs (R) are nearly the same at all positions of a "
                "sentence ({spread:.1%} of their squared norm differs), so attention has nothing "
                "to choose from: lower training.learning_rate or training.residual_gain, or "
                "raise training.warmup",
                {"spread": self.spread},
            )


def squares_between_positions(
    memory: Float[Tensor, "batch source d_memory"], lengths: Int[Tensor, " batch"]
) -> tuple[float, float]:
    """The squared norm of what differs between the positions of each sentence, and that of R.

    Both are summed over the sentences of two tokens or more.
    """
    real = padding_mask(lengths, memory.shape[1])[:, 0, 0] & (lengths > 1)[:, None]
    r = memory.float() * real[..., None]
    mean = r.sum(dim=1, keepdim=True) / lengths[:, None, None]
    return float(((r - mean) * real[..., None]).square().sum()), float(r.square().sum())


class Evaluator:
    """Evaluates a model on one dev set, always in the same way."""

    def __init__(
        self,
        model: Transformer,
        translator: Translator,
        pairs: Sequence[DevPair],
        examples: Examples,
        collate: Collator,
        *,
        micro_batch_tokens: int,
        bleu_tokenize: str | None,
        pretokenized: bool,
        samples: int,
    ) -> None:
        self._model = model
        self._translator = translator
        self._pairs = pairs
        self._examples = examples
        self._collate = collate
        self._micro_batch_tokens = micro_batch_tokens
        self._bleu_tokenize = bleu_tokenize
        self._pretokenized = pretokenized
        self._samples = samples

    def measure(self, *, sentences: int | None, beam_size: int) -> DevScores:
        """Loss and spread on all pairs; scores on the first `sentences` of each target, or all."""
        was_training = self._model.training
        self._model.eval()
        try:
            loss, spread = self._loss_and_spread()
            targets = {}
            samples: list[dict[str, str]] = []
            for tag in dict.fromkeys(pair.tag for pair in self._pairs):
                pairs = [pair for pair in self._pairs if pair.tag == tag][:sentences]
                texts = self._translate([pair.source for pair in pairs], tag, beam_size)
                targets[tag or "target"] = self._scores(pairs, texts, tag)
                samples += [
                    {"source": pair.source, "reference": pair.target, "translation": text}
                    for pair, text in zip(pairs[: self._samples], texts, strict=False)
                ]
        finally:
            self._model.train(was_training)
        return DevScores(loss, spread, targets, samples)

    @torch.no_grad()
    def _loss_and_spread(self) -> tuple[float, float | None]:
        model = self._model
        assert model.decoder is not None
        assert model.output is not None
        criterion = Criterion(
            model.config.stack_of("decoder").vocabulary,
            sorted(model.config.never_generated),
            smoothing=0.0,
        )
        batching = Batching(
            self._examples.source_lengths,
            self._examples.target_lengths + 1,
            micro_batch_tokens=self._micro_batch_tokens,
            per_update=1,
            seed=0,
        )
        total, tokens = 0.0, 0
        apart, whole = 0.0, 0.0
        for (indices,) in batching.epoch(0):
            batch = self._collate(indices, model.device)
            mask = padding_mask(batch.source_lengths, batch.source.shape[1])
            memory = model.encoder(batch.source, mask)
            hidden = model.decoder(batch.inputs, memory, mask)
            width = torch.arange(batch.inputs.shape[1], device=model.device)
            real = width < batch.target_lengths[:, None]
            loss = criterion(
                hidden[real], model.output.weight, batch.outputs[real], model.output.bias
            )
            total += float(loss.unsmoothed)
            tokens += criterion.counted(batch.outputs[real])
            differs, squares = squares_between_positions(memory, batch.source_lengths)
            apart, whole = apart + differs, whole + squares
        return total / max(1, tokens), (apart / whole if whole else None)

    def _translate(self, sources: Sequence[str], tag: str | None, beam_size: int) -> list[str]:
        search = SearchConfig(beam_size=beam_size)
        found = self._translator.translate_stream(sources, to=tag, search=search, truncate=True)
        return [translation.text for translation in found]

    def _scores(self, pairs: list[DevPair], texts: list[str], tag: str | None) -> TargetScores:
        """On all pairs, and on those without near-duplicates."""
        scores = self._score(texts, [pair.target for pair in pairs], tag)
        if any(pair.near is None for pair in pairs):
            return scores
        others = [n for n, pair in enumerate(pairs) if not pair.near]
        without = None
        if others:
            references = [pairs[n].target for n in others]
            without = self._score([texts[n] for n in others], references, tag)
        near = len(pairs) - len(others)
        return dataclasses.replace(scores, near_duplicates=near, without_near_duplicates=without)

    def _score(self, texts: list[str], references: list[str], tag: str | None) -> TargetScores:
        usual = "none" if self._pretokenized else bleu_tokenizer(tag)
        tokenize = self._bleu_tokenize or usual
        bleu, chrf = measure(
            texts, [references], tokenize=tokenize, resamples=0, measures=("BLEU", "chrF")
        )
        return TargetScores(
            bleu=bleu.score,
            chrf=chrf.score,
            bleu_signature=bleu.signature,
            chrf_signature=chrf.signature,
            pairs=len(texts),
        )
