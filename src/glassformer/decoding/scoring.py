"""How likely a given target is: the decoder reads it whole, and each of its tokens has a score."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from glassformer.decoding import choice
from glassformer.decoding.batches import BATCH_TOKENS, check_batches, windows
from glassformer.decoding.translator import Translator, is_nothing
from glassformer.errors import InputError, Setting
from glassformer.model.padding import padded
from glassformer.model.transformer import Transformer
from glassformer.text.tokenizer import SpecialTokens
from glassformer.text.windows import of_like_length

_LOGITS = 1 << 23
"""So many logits are held at once, however long a batch of targets is."""

_NOT_SCORED = -1


@dataclass(frozen=True)
class ScoredTarget:
    """What a model thinks of a target: the natural logarithm of the probability of each token.

    `tokens` are the target's, without the end token; `token_scores` has one number for each, and
    one more for the end token, unless the target was cut off. A token that the model never
    generates has the score −inf.
    """

    tokens: tuple[str, ...]
    token_scores: tuple[float, ...]

    @property
    def score(self) -> float:
        """The logarithm of the probability of the whole target."""
        return sum(self.token_scores, 0.0)

    @property
    def per_token(self) -> float:
        """Its mean over the tokens."""
        return self.score / max(1, len(self.token_scores))

    @property
    def perplexity(self) -> float:
        """Among how many tokens, all alike, the model would have had to guess."""
        return perplexity(self.per_token)


def perplexity(per_token: float) -> float:
    """The perplexity of a mean score."""
    return math.exp(-per_token) if per_token > -700.0 else math.inf


NOTHING = ScoredTarget((), ())
"""The score of an empty target of a text in which there is nothing to translate."""


class _Task(NamedTuple):
    place: int
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
    """What errors call one of several pairs, unless the caller knows a better name."""
    return f"pair {index + 1}"


class Scorer:
    """A model with its tokenizers, which says how likely given translations are."""

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
            InputError: when the source is blank, or one of the two too long.
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
        """The score of the target of each pair, in their order, in bounded memory.

        Pairs are read ahead and computed together as texts to translate are; on the side that has
        more of them, `batch_tokens` tokens make a batch, padding included. A blank target is the
        end token alone, and where the source is blank too, nothing.

        `truncate` cuts the end off what is too long; a target that was cut has no end token. With
        `special_tokens="parse"` the names of special tokens in a source become these tokens.
        `name` says what an error calls the pair of an index.

        Raises:
            UsageError: when the model cannot translate to that language, or a size makes no sense.
            InputError: when a text is no Unicode text or too long, or only the source is blank.
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
                    else:  # a model without an end token has nothing to say of an empty target
                        done[index] = NOTHING
                index += 1
            by_length = of_like_length(tasks, lambda task: task.widths, batch_tokens, batch_size)
            for batch in by_length:
                scores = self._run(batch)
                for task, token_scores in zip(batch, scores, strict=True):
                    tokens = tuple(map(self._translator.target.token_of, task.target))
                    done[task.place] = ScoredTarget(tokens, tuple(token_scores))
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
        """Cut one pair into tokens."""
        config = self._translator.model.config
        source_ids = self._translator.source.encode(
            source,
            max_length=config.encoder.max_positions,
            truncate=truncate,
            special_tokens=special_tokens,
        ).ids
        ids = [] if is_nothing(target) else self._translator.target.encode_target(target)
        most = config.stack_of("decoder").max_positions - 1  # the start token takes one
        end = () if config.end is None else (config.end,)
        if len(ids) > most:
            if not truncate:
                raise InputError(
                    "the target has {length} tokens, but this model takes at most {most}: shorten "
                    "it, or truncate it ({truncate})",
                    length=len(ids),
                    most=most,
                    truncate=Setting("truncate", True),
                )
            ids, end = ids[:most], ()
        return _Task(index, source_ids, start, ids, end)

    def _run(self, tasks: Sequence[_Task]) -> list[list[float]]:
        """The token scores of one batch."""
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

    Where an output is −1, there is nothing to score, and its number is 0.

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
        scores[row, place] = (of_output - choice.normalizer(logits))[:, 0].double()
    return scores
