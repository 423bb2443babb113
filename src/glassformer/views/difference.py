"""What moved from one pass to another: R word by word, attention, what comes next, translations."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glassformer.catalogue import Language, phrase
from glassformer.errors import InputError
from glassformer.messages import Term
from glassformer.views.comparison import ComparisonView, Pair
from glassformer.views.plain import as_plain, built
from glassformer.views.text import printable

SCHEMA = "glassformer.difference/1"
MOST = 8
"""So many numbers of a kind, those that moved most, are in the text."""


@dataclass(frozen=True, kw_only=True)
class VectorDifference:
    """How far R of a word is from R of the word opposite; R of a word is the mean over its tokens.

    `left` and `right` are positions among the words of both sources, `norms` the lengths of the two
    vectors. `cosine` is None where one of them is 0.
    """

    left: int
    right: int
    cosine: float | None
    norms: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class TextDifference:
    """The translations to one language, their words opposite each other."""

    to: str
    texts: tuple[str, str]
    left_words: tuple[str, ...]
    right_words: tuple[str, ...]
    pairs: tuple[Pair, ...]
    scores: tuple[float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class NextToken:
    """A token that could come next, and how probable it is on the left and on the right."""

    token: str
    id: int
    probabilities: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class NextDifference:
    """What comes next after the same tokens on both sides, in a row (from 0) of the decoder.

    `tokens` are those with which the two targets go on, the left one's first: one where it is the
    same. `distance` is the total variation distance of the two distributions over the whole
    vocabulary, ½ Σ |p − q|: 0 where they are equal, 1 where no token is possible in both.
    """

    row: int
    input: str
    tokens: tuple[NextToken, ...]
    distance: float


@dataclass(frozen=True, kw_only=True)
class TraceDifference:
    """What is different in a second pass: of another sentence, or of the same one.

    `source_pairs` and `target_pairs` are the words of both sides opposite each other, as positions
    among `left_words` and `right_words` (`left_target`, `right_target`): those that have a token.
    `representation` has R of each pair with two words, and nothing where the two models' vectors
    are not of one length. `attention` is that of one head, or one mean. `next` has the rows of the
    decoder before which both targets have the same tokens; it is empty without a target, and where
    the vocabularies are not the same.
    """

    texts: tuple[str, str]
    models: tuple[str, str]
    left_words: tuple[str, ...]
    right_words: tuple[str, ...]
    source_pairs: tuple[Pair, ...]
    left_target: tuple[str, ...]
    right_target: tuple[str, ...]
    target_pairs: tuple[Pair, ...]
    representation: tuple[VectorDifference, ...]
    attention: ComparisonView | None
    translations: tuple[TextDifference, ...]
    next: tuple[NextDifference, ...]

    @property
    def most_moved(self) -> tuple[VectorDifference, ...]:
        """R of the words, the smallest cosine first; of words without one, last."""
        return tuple(
            sorted(self.representation, key=lambda it: 2.0 if it.cosine is None else it.cosine)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` makes an equal difference of it."""
        return {"schema": SCHEMA, **as_plain(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TraceDifference":
        """The difference that `to_json` was given.

        Raises:
            InputError: when it is no such data.
        """
        if data.get("schema") != SCHEMA:
            raise InputError(
                "expected schema {schema}, but was given {given!r}",
                schema=SCHEMA,
                given=data.get("schema"),
            )
        try:
            found: TraceDifference = built(cls, {k: v for k, v in data.items() if k != "schema"})
        except (TypeError, ValueError, KeyError) as error:
            reason = str(error)
            raise InputError("the data of this view is damaged: {reason}", reason=reason) from error
        return found

    def __str__(self) -> str:
        return self.text()

    def text(self, language: Language = "en") -> str:
        """The same for people: what moved most of each kind, and how many there are in all."""
        return "\n".join(itertools.chain.from_iterable(_parts(self, language)))


def _parts(it: TraceDifference, language: Language) -> Iterator[list[str]]:
    left, right = map(printable, it.texts)
    names = phrase("left", language), phrase("right", language)
    for name, text in zip(names, (left, right), strict=True):
        yield [phrase("{a}: {b}", language, a=name, b=text)]
    if it.representation:
        title = phrase(
            "R of {n} words (the mean over a word's tokens), the most moved first:",
            language,
            n=len(it.representation),
        )
        yield ["", title]
        yield [f"  {_vector(it, one, language)}" for one in it.most_moved[:MOST]]
    if it.attention is not None:
        yield ["", *_attention(it.attention, language)]
    for one in it.translations:
        yield ["", phrase("translation to {to}:", language, to=one.to)]
        yield [f"  {printable(one.texts[0])}", f"  {printable(one.texts[1])}"]
    if it.next:
        title = phrase("the next token, while both targets have the same tokens:", language)
        yield ["", title]
        yield [f"  {_next(one, language)}" for one in it.next]


def _vector(it: TraceDifference, one: VectorDifference, language: Language) -> str:
    cosine = phrase("none", language) if one.cosine is None else _signed(f"{one.cosine:.4f}")
    return phrase(
        "{word}: cosine {cosine}, norm {left} → {right}",
        language,
        word=_word(it.left_words[one.left], it.right_words[one.right]),
        cosine=cosine,
        left=f"{one.norms[0]:.4g}",
        right=f"{one.norms[1]:.4g}",
    )


def _attention(view: ComparisonView, language: Language) -> Iterator[str]:
    """The title, then the links that moved most."""
    layer, head = view.left.heads[0]
    if layer is not None and head is not None:
        where = phrase("layer {layer}, head {head}", language, layer=layer, head=head)
    elif layer is not None:
        at = {"layer": layer, "n": view.left.mean_of}
        where = phrase("layer {layer}, mean over its {n} heads", language, **at)
    else:
        where = phrase("mean over all {n} heads", language, n=view.left.mean_of)
    yield phrase(
        "attention ({part}, {head}): {n} links on both sides, the most moved first:",
        language,
        part=Term(PARTS[view.left.part]),
        head=where,
        n=len(view.differences),
    )
    for one in sorted(view.differences, key=lambda one: -abs(one.difference))[:MOST]:
        ends = (view.queries[one.from_], "queries"), (view.keys[one.to], "keys")
        names = [
            _word(getattr(view.left, of)[pair.left], getattr(view.right, of)[pair.right])
            for pair, of in ends
        ]
        difference = _signed(f"{one.difference:+.3f}")
        yield f"  {names[0]} | {names[1]}: {one.left:.3f} → {one.right:.3f} ({difference})"


def _next(one: NextDifference, language: Language) -> str:
    tokens = [
        f"{printable(it.token)} {it.probabilities[0]:.3f} → {it.probabilities[1]:.3f}"
        for it in one.tokens
    ]
    return phrase(
        "after {input}: {tokens}; distance of the distributions {distance}",
        language,
        input=printable(one.input),
        tokens=", ".join(tokens),
        distance=f"{one.distance:.3f}",
    )


PARTS = {"encoder": "encoder", "decoder": "decoder", "cross": "cross-attention (target to source)"}


def _word(left: str, right: str) -> str:
    return printable(left) if left == right else f"{printable(left)} → {printable(right)}"


def _signed(number: str) -> str:
    return number.replace("-", "−")
