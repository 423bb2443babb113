"""What moved from one recorded pass to another, in everything that both of them have.

The passes may be of two sentences, of two models, or of one sentence and a model that was changed:
nothing here asks how they came to differ, and two that do not differ have nothing that moved.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from glassformer.config import Part
from glassformer.inspection.alignment import aligned
from glassformer.inspection.comparison import comparison_view, text_of
from glassformer.requests.choosing import Heads
from glassformer.text.words import find_words
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.views import (
    Align,
    NextDifference,
    NextToken,
    Pair,
    Sentence,
    TextDifference,
    TraceDifference,
    Unit,
    VectorDifference,
)


def difference_of(
    left: RecordedPass,
    right: RecordedPass,
    *,
    part: Part = "encoder",
    layer: int | None = None,
    head: int | None = None,
    heads: Heads | None = None,
    unit: Unit = "words",
    align: Align = "input",
) -> TraceDifference:
    """What the right has otherwise; the settings choose the attention, as in `comparison_view`.

    Raises:
        UsageError: when a side lacks the part, layer or head, or tokens of two tokenizers would be
            compared.
        TraceError: when R was not kept.
    """
    attention = comparison_view(
        left,
        right,
        part=part,
        layer=layer,
        head=head,
        heads=heads,
        unit=unit,
        align=align,
        same=True,
    )
    return dataclasses.replace(without_attention(left, right), attention=attention)


def without_attention(left: RecordedPass, right: RecordedPass) -> TraceDifference:
    """The same but for the attention, of which there is a number for every two words.

    Raises:
        TraceError: when R was not kept.
    """
    pairs = _pairs(left.source, right.source)
    target_pairs: tuple[Pair, ...] = ()
    if left.target is not None and right.target is not None:
        target_pairs = _pairs(left.target, right.target)
    return TraceDifference(
        texts=(text_of(left.source), text_of(right.source)),
        models=(left.model_name, right.model_name),
        left_words=left.source.words,
        right_words=right.source.words,
        source_pairs=pairs,
        left_target=left.target.words if left.target is not None else (),
        right_target=right.target.words if right.target is not None else (),
        target_pairs=target_pairs,
        representation=tuple(_vectors(left, right, pairs)),
        attention=None,
        translations=tuple(_translations(left, right)),
        next=tuple(_next(left, right)),
    )


def _pairs(left: Sentence, right: Sentence) -> tuple[Pair, ...]:
    """The words that have a token, opposite each other."""
    ours, theirs = (
        sorted({word for word in side.word_of_token if word is not None}) for side in (left, right)
    )
    words = [left.words[at] for at in ours], [right.words[at] for at in theirs]
    return aligned(*words, ours, theirs)


def _vectors(
    left: RecordedPass, right: RecordedPass, pairs: Sequence[Pair]
) -> Iterator[VectorDifference]:
    ours, theirs = _of_words(left), _of_words(right)
    if ours.shape[1] != theirs.shape[1]:
        return
    for pair in pairs:
        if pair.left is None or pair.right is None:
            continue
        one, other = ours[pair.left], theirs[pair.right]
        norms = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        cosine = None
        if norms[0] and norms[1]:
            cosine = float(np.clip(np.dot(one / norms[0], other / norms[1]), -1.0, 1.0))
        yield VectorDifference(left=pair.left, right=pair.right, cosine=cosine, norms=norms)


def _of_words(trace: RecordedPass) -> Float[np.ndarray, "words features"]:
    """R of each word in float64, the mean over its tokens; rows of words without a token are 0."""
    vectors = trace["encoder"].astype(np.float64)
    found = np.zeros((len(trace.source.words), vectors.shape[1]))
    for word in {word for word in trace.source.word_of_token if word is not None}:
        rows = [row for row, of in enumerate(trace.source.word_of_token) if of == word]
        found[word] = vectors[rows].mean(axis=0)
    return found


def _translations(left: RecordedPass, right: RecordedPass) -> Iterator[TextDifference]:
    """Of each language to which both have a translation."""
    for tag, one in left.translations.items():
        other = right.translations.get(tag)
        if other is None:
            continue
        words = _words(left, tag, one), _words(right, tag, other)
        yield TextDifference(
            to=tag,
            texts=(one["text"], other["text"]),
            left_words=words[0],
            right_words=words[1],
            pairs=aligned(*words),
            scores=(one.get("score"), other.get("score")),
        )


def _words(trace: RecordedPass, tag: str, translation: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a translation; of the one that was traced those that the trace has."""
    text = translation["text"]
    if trace.target is not None and tag == trace.to and trace.target.text == text:
        return trace.target.words
    return tuple(text[start:end] for start, end in find_words(text))


def _next(left: RecordedPass, right: RecordedPass) -> Iterator[NextDifference]:
    """Each row of the decoder up to which both targets have the same tokens."""
    if not (_kept(left) and _kept(right) and _one_vocabulary(left, right)):
        return
    assert left.target is not None
    assert right.target is not None
    ours, theirs = left["probabilities"], right["probabilities"]
    rows = zip(left.predictions, right.predictions, strict=False)
    tokens = zip(left.target.tokens, right.target.tokens, strict=False)
    for row, ((one, other), (token, same)) in enumerate(zip(rows, tokens, strict=True)):
        if token != same:
            return
        p, q = (side[row].astype(np.float64) for side in (ours, theirs))
        goes_on = {it.id: it.token for it in (one, other) if it.id is not None and it.token}
        yield NextDifference(
            row=row,
            input=one.input,
            tokens=tuple(
                NextToken(token=name, id=at, probabilities=(float(p[at]), float(q[at])))
                for at, name in goes_on.items()
            ),
            distance=min(1.0, float(np.abs(p - q).sum()) / 2.0),
        )


def _kept(trace: RecordedPass) -> bool:
    """Whether a target was traced, and its probabilities are still there."""
    return trace.target is not None and bool(trace.predictions) and "probabilities" in trace


def _one_vocabulary(left: RecordedPass, right: RecordedPass) -> bool:
    """Whether the same id is the same token on both sides, as far as either names its tokens."""
    sizes = {trace.config.stack_of("decoder").vocabulary for trace in (left, right)}
    ours, theirs = _names(left), _names(right)
    return len(sizes) == 1 and all(ours[at] == theirs[at] for at in ours.keys() & theirs.keys())


def _names(trace: RecordedPass) -> dict[int, str]:
    return {it.id: it.token for one in trace.predictions for it in one.best}
