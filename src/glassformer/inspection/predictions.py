"""What the decoder predicts at each position of a target, and where two targets part.

Row i of the decoder has read the target up to token i and says how probable each token is to come
next; what does come next is token i + 1, and after the last one the end token.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from glassformer.config import ModelConfig
from glassformer.decoding.hypotheses import Candidate
from glassformer.errors import UsageError
from glassformer.views import (
    Considered,
    ContrastView,
    HistoryView,
    Likely,
    Prediction,
    ScoredText,
)

BEST = 50
"""So many of the likeliest tokens are named at each position; a trace has the others by number."""


def predictions_of(
    recorded: Mapping[str, Tensor],
    inputs: Sequence[int],
    outputs: Sequence[int],
    config: ModelConfig,
    token_of: Callable[[int], str],
) -> tuple[Prediction, ...]:
    """What a recorded pass says of each position, of which the last may have no output.

    `inputs` are the decoder's, the start token first, and `outputs` what comes after each of them.
    """
    if not inputs:
        return ()
    logits, probabilities = recorded["logits"], recorded["probabilities"]
    never = torch.tensor(sorted(config.never_generated), device=logits.device)
    allowed = logits.double().index_fill(1, never, -torch.inf)
    scores = allowed.log_softmax(1)
    likeliest, ids = probabilities.topk(min(BEST, config.stack_of("decoder").vocabulary))
    found = []
    for row, (input_, values, entries) in enumerate(
        zip(inputs, likeliest.tolist(), ids.tolist(), strict=True)
    ):
        best = tuple(
            Likely(token=token_of(entry), id=entry, probability=value)
            for value, entry in zip(values, entries, strict=True)
            if value > 0.0
        )
        output = outputs[row] if row < len(outputs) else None
        if output is None:
            empty = {"token": None, "id": None, "probability": None, "score": None, "rank": None}
            found.append(Prediction(input=token_of(input_), best=best, **empty))
            continue
        score = float(scores[row, output])
        found.append(
            Prediction(
                input=token_of(input_),
                token=token_of(output),
                id=output,
                probability=float(probabilities[row, output]),
                score=score if np.isfinite(score) else None,
                rank=1 + int((probabilities[row] > probabilities[row, output]).sum()),
                best=best,
            )
        )
    return tuple(found)


def contrast(
    first: tuple[str, Sequence[Prediction]], second: tuple[str, Sequence[Prediction]]
) -> ContrastView:
    """Two targets of the same source, each as its text and its predictions.

    Raises:
        UsageError: when they are the same tokens, or one ends where the other goes on unended.
    """
    sides = [_scored(*side) for side in (first, second)]
    ids = [[one.id for one in predictions] for _, predictions in (first, second)]
    common = 0
    while common < min(map(len, ids)) and ids[0][common] == ids[1][common]:
        common += 1
    if common == min(len(side.tokens) for side in sides):
        raise UsageError(
            '"{second}" and "{first}" have the same tokens: give another target to compare with',
            second=second[0],
            first=first[0],
        )
    return ContrastView(first=sides[0], second=sides[1], parts_at=common)


def _scored(text: str, predictions: Sequence[Prediction]) -> ScoredText:
    given = [one for one in predictions if one.token is not None]
    return ScoredText(
        text=text,
        tokens=tuple(one.token or "" for one in given),
        scores=tuple(one.score for one in given),
    )


def history_view(
    steps: Sequence[Sequence[Candidate]], token_of: Callable[[int], str]
) -> HistoryView:
    """What a search considered, each candidate with all of its tokens."""
    kept: list[tuple[str, ...]] = [()]
    found = []
    for step in steps:
        considered = [
            Considered(
                tokens=(*kept[one.parent], token_of(one.token)), score=one.score, fate=one.fate
            )
            for one in step
        ]
        found.append(tuple(considered))
        kept = [one.tokens for one in considered if one.fate == "kept"]
    return HistoryView(steps=tuple(found))
