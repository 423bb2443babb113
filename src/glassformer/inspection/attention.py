"""Who attends to whom, among words or tokens, in one head or the mean of several.

Attention *to* a word is the sum over its tokens, attention *from* a word the mean over them, so
that each word still gives away 1 in all. Nothing is renormalised: what goes to special tokens is
stated as the hidden share.
"""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float

from glassformer.config import ModelConfig, Part
from glassformer.errors import Setting, UsageError
from glassformer.messages import Message, OneOf, Term
from glassformer.requests.choosing import Heads, check_heads, check_units
from glassformer.tracing.steps import attention_name
from glassformer.views import Align, AttentionView, Choice, Link, Moment, Sentence, Unit, printable


class Traced(Protocol):
    """What these pictures need of a trace."""

    @property
    def config(self) -> ModelConfig:
        """The model's."""
        ...

    @property
    def source(self) -> Sentence:
        """What the encoder read."""
        ...

    @property
    def target(self) -> Sentence | None:
        """What the decoder read."""
        ...

    @property
    def moment(self) -> Moment | None:
        """When in a training it was recorded."""
        ...

    @property
    def target_as_predicted(self) -> Sentence | None:
        """The target with each row of the decoder under the token that it predicts."""
        ...

    def __getitem__(self, name: str) -> np.ndarray[Any, np.dtype[Any]]:
        """A recorded step."""
        ...


def attention_view(
    trace: Traced,
    *,
    part: Part = "encoder",
    layer: int | None = None,
    head: int | Sequence[int] | None = None,
    heads: Heads | None = None,
    word: str | Sequence[str] | None = None,
    unit: Unit = "words",
    special: bool = False,
    min_weight: float = 0.0,
    align: Align = "input",
) -> AttentionView:
    """The links of one part, of all words or of some; layers and heads count from 1.

    Without `layer`, `head` and `heads` it is the head that the model's card names, or else the mean
    over all heads; a `layer` alone is the mean over that layer. `head` may be several. `special`
    shows special tokens too and needs `unit="tokens"`. Links below `min_weight` are left out, and
    not counted as hidden. `align` says to which token a row of the decoder belongs, in the decoder
    and in cross-attention: the one that is its input, or the one that it predicts.

    Raises:
        UsageError: when there is no such part, layer, head or word, or options exclude each other.
    """
    check_units(unit, special)
    queries, keys = _sides(trace, part, align)
    query_units, key_units = _Units.of(queries, unit, special), _Units.of(keys, unit, special)
    shown_queries, shown_keys = query_units.shown, key_units.shown
    if asked := (word,) if isinstance(word, str) else tuple(word or ()):
        found = {at for one in asked for at in _selected(queries, query_units, one, unit)}
        shown_queries = tuple(sorted(found))
    weights = _Weights(trace, part)
    several = (head,) if isinstance(head, int) else tuple(head or ())
    chosen = _choose(trace.config, weights, layer, several, heads)
    matrices = weights.of_heads(chosen.heads, query_units, key_units)
    if chosen.choice == "largest":
        within = matrices[:, shown_queries][:, :, shown_keys]
        best = int(np.argmax(within.max(axis=(1, 2), initial=0.0)))
        matrices, chosen = matrices[best : best + 1], chosen.only(best)
    links = tuple(
        Link(part=part, layer=at[0], head=at[1], from_=q, to=k, weight=float(matrix[q, k]))
        for at, matrix in zip(chosen.heads, matrices, strict=True)
        for q in shown_queries
        for k in shown_keys
        if matrix[q, k] >= min_weight
    )
    given = matrices[:, :, shown_keys].sum(axis=2).mean(axis=0)
    return AttentionView(
        part=part,
        unit=unit,
        queries=query_units.labels,
        keys=key_units.labels,
        shown_queries=shown_queries,
        shown_keys=shown_keys,
        heads=chosen.heads,
        mean_of=chosen.mean_of,
        choice=chosen.choice,
        reason=chosen.reason,
        links=links,
        hidden_share=tuple(max(0.0, 1.0 - float(given[q])) for q in shown_queries),
        moment=trace.moment,
        align=align,
    )


def weights_shown(
    trace: Traced, view: AttentionView, heads: Sequence[tuple[int, int]]
) -> Float[np.ndarray, "heads queries keys"]:
    """The weights of these (layer, head) among what a view shows, without a link for each."""
    sides = _sides(trace, view.part, view.align)
    queries, keys = (_Units.of(side, view.unit, special=False) for side in sides)
    matrices = _Weights(trace, view.part).of_heads(heads, queries, keys)
    return matrices[:, view.shown_queries][:, :, view.shown_keys]


def find_word(words: Sequence[str], asked: str) -> int:
    """The position of a word, matched exactly, then without case; "the:2" is the second "the".

    Raises:
        UsageError: when there is none, or when there are several and none is picked.
    """
    found = _matches(words, asked)
    if not found:
        base, colon, number = asked.rpartition(":")
        picks = bool(colon) and number.isdecimal() and len(number) < 10
        occurrences = _matches(words, base) if picks else []
        if occurrences:
            if not 1 <= int(number) <= len(occurrences):
                if len(occurrences) == 1:
                    raise UsageError(
                        '"{word}" occurs once, so there is no {asked}', word=base, asked=asked
                    )
                raise UsageError(
                    '"{word}" occurs {times} times, so there is no {asked}',
                    word=base,
                    times=len(occurrences),
                    asked=asked,
                )
            return occurrences[int(number) - 1]
        listed = ", ".join(map(printable, words[:40])) + (" …" if len(words) > 40 else "")
        raise UsageError(
            'there is no word "{asked}" in the sentence; its words are: {words}',
            asked=asked,
            words=listed,
        )
    if len(found) > 1:
        places = tuple(
            Message("{choice} is word {number}", {"choice": f"{asked}:{n}", "number": index + 1})
            for n, index in enumerate(found, start=1)
        )
        raise UsageError(
            '"{asked}" occurs {times} times: {places} (counted from 1); say which one',
            asked=asked,
            times=len(found),
            places=places,
        )
    return found[0]


def _matches(words: Sequence[str], asked: str) -> list[int]:
    plain = unicodedata.normalize("NFC", asked)
    normal = [unicodedata.normalize("NFC", word) for word in words]
    exact = [index for index, word in enumerate(normal) if word == plain]
    return exact or [i for i, word in enumerate(normal) if word.casefold() == plain.casefold()]


def _sides(trace: Traced, part: Part, align: Align) -> tuple[Sentence, Sentence]:
    """What attends, and what is attended to."""
    if part == "encoder":
        if align == "output":
            raise UsageError(
                "the encoder predicts no tokens: {align} is for the decoder",
                align=Setting("align", "output"),
            )
        return trace.source, trace.source
    rows = trace.target if align == "input" else trace.target_as_predicted
    if trace.target is None or rows is None:
        raise UsageError(
            "there is no {part} attention in this trace: no target was traced", part=Term(part)
        )
    return rows, trace.target if part == "decoder" else trace.source


def _find(sentence: Sentence, word: str, unit: Unit) -> tuple[int, ...]:
    """The positions that a word asked for takes among words or tokens."""
    if unit == "tokens" and sentence.tokens.count(word) == 1:
        return (sentence.tokens.index(word),)
    index = find_word(sentence.words, word)
    if unit == "words":
        return (index,)
    return tuple(t for t, of in enumerate(sentence.word_of_token) if of == index)


def _selected(sentence: Sentence, units: "_Units", word: str, unit: Unit) -> tuple[int, ...]:
    """The positions of a word asked for, of which at least one has to be shown."""
    found = _find(sentence, word, unit)
    shown = tuple(index for index in found if index in units.shown)
    if not shown:
        if found and unit == "tokens":
            raise UsageError(
                '"{word}" is a special token: {special} shows these too',
                word=word,
                special=Setting("special", True),
            )
        raise UsageError('"{word}" has no token: the tokenizer drops it', word=word)
    return shown


@dataclass(frozen=True)
class _Units:
    """The words or tokens of a sentence, as labels and as sets of tokens."""

    labels: tuple[str, ...]
    shown: tuple[int, ...]
    members: Float[np.ndarray, "units tokens"]

    @classmethod
    def of(cls, sentence: Sentence, unit: Unit, special: bool) -> "_Units":
        if unit == "tokens":
            members = np.eye(len(sentence.tokens))
            shown = [i for i, extra in enumerate(sentence.special) if special or not extra]
            return cls(sentence.tokens, tuple(shown), members)
        members = np.zeros((len(sentence.words), len(sentence.tokens)))
        for token, word in enumerate(sentence.word_of_token):
            if word is not None:
                members[word, token] = 1.0
        # A tokenizer may drop a visible character; its word then has no attention to show.
        shown = [int(word) for word in np.flatnonzero(members.sum(axis=1))]
        return cls(sentence.words, tuple(shown), members)

    @property
    def means(self) -> Float[np.ndarray, "units tokens"]:
        means: Float[np.ndarray, "units tokens"] = self.members / np.maximum(
            self.members.sum(axis=1, keepdims=True), 1.0
        )
        return means


@dataclass(frozen=True)
class _Chosen:
    heads: tuple[tuple[int | None, int | None], ...]
    mean_of: int
    choice: Choice
    reason: str = ""

    def only(self, index: int) -> "_Chosen":
        return _Chosen((self.heads[index],), 1, self.choice, self.reason)


@dataclass(frozen=True)
class _Weights:
    """The attention weights of one part; a layer is read when it is asked for.

    So a trace that has some layers only can show these.
    """

    trace: Traced
    part: Part

    @property
    def num_layers(self) -> int:
        return self.trace.config.stack_of(self.part).num_layers

    @property
    def num_heads(self) -> int:
        return self.trace.config.stack_of(self.part).num_heads

    def of_layer(self, layer: int) -> Float[np.ndarray, "heads queries keys"]:
        """The weights of a layer (from 1)."""
        weights: Float[np.ndarray, "heads queries keys"]
        weights = self.trace[f"{attention_name(self.part, layer - 1)}.weights"]
        return weights

    def of_heads(
        self, heads: Sequence[tuple[int | None, int | None]], queries: _Units, keys: _Units
    ) -> Float[np.ndarray, "heads queries keys"]:
        """One matrix for each (layer, head), None standing for the mean over all."""
        of_layer = functools.cache(self.of_layer)
        matrices = []
        for layer, head in heads:
            layers = range(1, self.num_layers + 1) if layer is None else (layer,)
            chosen = [
                weights.mean(axis=0, dtype=np.float64) if head is None else weights[head - 1]
                for weights in map(of_layer, layers)
            ]
            matrices.append(queries.means @ np.mean(chosen, axis=0) @ keys.members.T)
        return np.stack(matrices)


def _choose(
    config: ModelConfig,
    weights: _Weights,
    layer: int | None,
    several: tuple[int, ...],
    heads: Heads | None,
) -> _Chosen:
    """Which heads the options mean; layer and heads are checked here."""
    num_layers, num_heads = weights.num_layers, weights.num_heads
    check_heads(layer, several, heads)
    if layer is not None and not 1 <= layer <= num_layers:
        raise UsageError(
            "the {part} attention has layers 1 to {most}; there is no layer {layer}",
            part=Term(weights.part),
            most=num_layers,
            layer=layer,
        )
    for head in several:
        if not 1 <= head <= num_heads:
            raise UsageError(
                "the {part} attention has heads 1 to {most}; there is no head {head}",
                part=Term(weights.part),
                most=num_heads,
                head=head,
            )
    if several:
        return _Chosen(tuple((layer, head) for head in dict.fromkeys(several)), 1, "asked")
    card = config.shown_head
    if card is not None and card.part == weights.part and layer is None and heads in (None, "card"):
        return _Chosen(((card.layer, card.head),), 1, "card", card.reason)
    if heads == "card":
        raise UsageError(
            "this model's card names no head here; choose {heads}",
            heads=Setting("heads", OneOf(("mean", "largest", "all"))),
        )
    layers = range(1, num_layers + 1) if layer is None else (layer,)
    if heads in ("largest", "all"):
        every = tuple((one, h) for one in layers for h in range(1, num_heads + 1))
        return _Chosen(every, 1, "largest" if heads == "largest" else "all")
    return _Chosen(((layer, None),), len(layers) * num_heads, "mean")
