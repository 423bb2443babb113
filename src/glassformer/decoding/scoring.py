"""Scoring: the log-probability of given targets, by one teacher-forced pass."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from glassformer.decoding import next_token
from glassformer.decoding.batches import BATCH_TOKENS, check_batches, windows
from glassformer.decoding.translator import Translator, is_nothing
from glassformer.errors import InputError, Setting
from glassformer.messages import Term
from glassformer.model.padding import padded
from glassformer.model.transformer import Transformer
from glassformer.text.tokenizer import SpecialTokens
from glassformer.text.windows import of_like_length

_LOGITS = 1 << 23
"""The number of logits in memory at once, however large a batch is."""

_NOT_SCORED = -1


@dataclass(frozen=True)
class ScoredTarget:
    """The log-probability (natural logarithm) of each token of a target.

    `tokens` is without the end token; `token_scores` has one number for each token, and one for
    the end token unless the target was truncated. A token that the model never generates has the
    score −inf.
    """

    tokens: tuple[str, ...]
    token_scores: tuple[float, ...]

    @property
    def score(self) -> float:
        """The log-probability of the whole target."""
        return sum(self.token_scores, 0.0)

    @property
    def per_token(self) -> float:
        """The mean log-probability per token."""
        return self.score / max(1, len(self.token_scores))

    @property
    def perplexity(self) -> float:
        """The perplexity: the number of equally likely tokens with the same uncertainty."""
        return perplexity(self.per_token)


def perplexity(per_token: float) -> float:
    """The perplexity of a mean log-probability."""
    return math.exp(-per_token) if per_token > -700.0 else math.inf


NOTHING = ScoredTarget((), ())
"""The score of an empty target of a blank source."""


class _Task(NamedTuple):
    position: int
    source: Sequence[int]
    start: int
    target: Sequence[int]
    end: tuple[int, ...]

    @property
    def outputs(self) -> list[int]:
        return [*self.target, *self.end]

    @property
    def widths(self) -> tuple[int, int]:
        return len(self.source), len(self.outputs)


def count_pairs_from_1(index: int) -> str:
    """How errors name one of several pairs by default."""
    return Term("pair {number}", number=index + 1)


class Scorer:
    """A model with its tokenizers, for scoring given translations."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def score(
        self,
        source: str,
        target: str,
        *,
        to: str | None = None,
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
    ) -> ScoredTarget:
        """The score of one target; see `score_stream`.

        Raises:
            UsageError: when the model cannot translate to that language.
            InputError: when the source is blank, or source or target is too long.
        """
        stream = self.score_stream(
            [(source, target)], to=to, truncate=truncate, special_tokens=special_tokens
        )
        return next(iter(stream))

    def score_stream(
        self,
        pairs: Iterable[tuple[str, str]],
        *,
        to: str | None = None,
        batch_tokens: int = BATCH_TOKENS,
        batch_size: int | None = None,
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
        name: Callable[[int], str] = count_pairs_from_1,
    ) -> Iterator[ScoredTarget]:
        """The score of the target of each pair, in order, in bounded memory.

        Pairs are read ahead and batched as for translation; `batch_tokens` limits the tokens of
        the longer side of a batch, padding included. A blank target is just the end token, or
        nothing if the source is blank too.

        `truncate` cuts off the end of a text that is too long; a truncated target has no end token.
        With `special_tokens="parse"` names of special tokens in a source are parsed as tokens.
        `name` gives the name of a pair in errors by its index.

        Raises:
            UsageError: when the model cannot translate to that language, or a size is invalid.
            InputError: when a text is not valid Unicode or too long, or only the source is blank.
        """
        check_batches(batch_tokens, batch_size, None)
        start = self._translator.start_of(to)

        def task_of(index: int, source: str, target: str) -> _Task:
            try:
                return self._task(index, source, target, start, truncate, special_tokens)
            except InputError as error:
                raise error.at(name(index)) from error

        return self._score_windows(pairs, task_of, batch_tokens, batch_size)

    def _score_windows(
        self,
        pairs: Iterable[tuple[str, str]],
        task_of: Callable[[int, str, str], _Task],
        batch_tokens: int,
        batch_size: int | None,
    ) -> Iterator[ScoredTarget]:
        index = 0
        for window in windows(pairs, lambda pair: len(pair[0]) + len(pair[1])):
            done: dict[int, ScoredTarget] = {}
            tasks = []
            for source, target in window:
                if is_nothing(source) and is_nothing(target):
                    done[index] = NOTHING
                else:
                    task = task_of(index, source, target)
                    if task.outputs:
                        tasks.append(task)
                    else:  # without an end token an empty target has no tokens at all
                        done[index] = NOTHING
                index += 1
            by_length = of_like_length(tasks, lambda task: task.widths, batch_tokens, batch_size)
            for batch in by_length:
                scores = self._run(batch)
                for task, token_scores in zip(batch, scores, strict=True):
                    tokens = tuple(map(self._translator.target.token_of, task.target))
                    done[task.position] = ScoredTarget(tokens, tuple(token_scores))
            yield from (done[place] for place in sorted(done))

    def _task(
        self,
        index: int,
        source: str,
        target: str,
        start: int,
        truncate: bool,
        special_tokens: SpecialTokens,
    ) -> _Task:
        """Tokenize one pair."""
        config = self._translator.model.config
        source_ids = self._translator.source.encode(
            source,
            max_length=config.encoder.max_positions,
            truncate=truncate,
            special_tokens=special_tokens,
        ).ids
        ids = [] if is_nothing(target) else self._translator.target.encode_target(target)
        most = config.stack_of("decoder").max_positions - 1  # one for the start token
        end = () if config.end is None else (config.end,)
        if len(ids) > most:
            if not truncate:
                raise InputError(
                    "the target has {length} tokens, but this model accepts at most {most}: "
                    "shorten it, or truncate it ({truncate})",
                    length=len(ids),
                    most=most,
                    truncate=Setting("truncate", True),
                )
            ids, end = ids[:most], ()
        return _Task(index, source_ids, start, ids, end)

    def _run(self, tasks: Sequence[_Task]) -> list[list[float]]:
        """The token scores of a batch."""
        model = self._translator.model
        padding, device = model.config.padding, model.device
        source = padded([task.source for task in tasks], padding, device)
        inputs = [[task.start, *task.outputs[:-1]] for task in tasks]
        outputs = [task.outputs for task in tasks]
        scores = token_scores(
            model,
            source.ids,
            source.mask,
            padded(inputs, padding, device).ids,
            padded(outputs, _NOT_SCORED, device).ids,
        ).tolist()
        rows = zip(scores, tasks, strict=True)
        return [row[: len(task.outputs)] for row, task in rows]


@torch.inference_mode()
def token_scores(
    model: Transformer,
    source: Int[Tensor, "batch source"],
    source_mask: Bool[Tensor, "batch 1 1 source"] | None,
    inputs: Int[Tensor, "batch target"],
    outputs: Int[Tensor, "batch target"],
) -> Float[Tensor, "batch target"]:
    """The log-probability of each output, given the source and the decoder's inputs up to it.

    Where an output is −1 (padding), the score is 0.

    Raises:
        UsageError: when this model has no decoder.
    """
    hidden = model.read(source, inputs, source_mask)
    assert model.output is not None
    never = torch.tensor(sorted(model.config.never_generated), device=source.device)
    scores = torch.zeros(outputs.shape, dtype=torch.float64, device=source.device)
    rows, places = (outputs >= 0).nonzero(as_tuple=True)
    most = max(1, _LOGITS // model.config.stack_of("decoder").vocabulary)
    for row, place in zip(torch.split(rows, most), torch.split(places, most), strict=True):
        logits = model.output(hidden[row, place][None])[0]
        if logits.dtype != torch.float64:
            logits = logits.float()
        logits.index_fill_(1, never, -math.inf)
        of_output = logits.gather(1, outputs[row, place][:, None])
        scores[row, place] = (of_output - next_token.normalizer(logits))[:, 0].double()
    return scores
