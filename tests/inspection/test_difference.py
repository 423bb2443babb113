"""What moved from one trace to another: the numbers of both, and nothing where nothing differs."""

import functools
import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import (
    SENTENCE,
    encoder_config,
    loaded,
    random_model,
    stack,
    translator_config,
)
from models_for_tests import traced as traced_ids

from glassformer.errors import InputError, UsageError
from glassformer.inspection.comparison import comparison_view
from glassformer.inspection.trace import Trace
from glassformer.views import TraceDifference, VectorDifference

TASTY = "a dog ate the food because it was tasty"
LONGER = "the dog ate food because it was tasty and hungry"
ids = st.lists(st.integers(0, 7), min_size=1, max_size=7)


@functools.cache
def traced(text: str, seed: int = 1, **changes: Any) -> Trace:
    return loaded(translator_config(**changes), seed).inspect(text, to="fr")


@functools.cache
def alone(width: int = 32) -> Any:
    return random_model(encoder_config(encoder=stack(d_model=width)))


def test_one_sentence_has_not_moved() -> None:
    trace = traced(SENTENCE)
    found = trace.difference(trace)
    assert {pair.kind for pair in (*found.source_pairs, *found.target_pairs)} == {"matched"}
    assert len(found.representation) == len(trace.source.words)
    for one in found.representation:
        assert one.cosine == pytest.approx(1.0, abs=1e-12)
        assert one.norms[0] == one.norms[1]
    assert found.attention is not None
    assert found.attention.differs == ()
    assert not any(one.difference for one in found.attention.differences)
    assert [(it.row, it.distance) for it in found.next] == [
        (row, 0.0) for row in range(len(trace.predictions))
    ]
    assert all(one.texts[0] == one.texts[1] for one in found.translations)


@pytest.mark.parametrize("text", [TASTY, LONGER])
def test_the_numbers_are_those_of_both_traces(text: str) -> None:
    left, right = traced(SENTENCE), traced(text)
    found = left.difference(right, layer=2, head=2)
    assert found.texts == (SENTENCE, text)
    assert found.attention == comparison_view(left, right, layer=2, head=2)
    assert found.most_moved[0].cosine == min(
        one.cosine for one in found.representation if one.cosine is not None
    )
    pairs = [it for it in found.source_pairs if it.kind in ("matched", "replaced")]
    for pair, one in zip(pairs, found.representation, strict=True):
        assert (pair.left, pair.right) == (one.left, one.right)
        vectors = []
        for trace, word in ((left, one.left), (right, one.right)):
            rows = [n for n, of in enumerate(trace.source.word_of_token) if of == word]
            vectors.append(trace["encoder"][rows].astype(np.float64).mean(axis=0))
        np.testing.assert_allclose(one.norms, [np.sqrt(v @ v) for v in vectors], rtol=1e-12)
        cosine = vectors[0] @ vectors[1] / (one.norms[0] * one.norms[1])
        assert one.cosine == pytest.approx(cosine, abs=1e-12)


def test_what_comes_next_is_compared_while_the_targets_are_the_same() -> None:
    left, right = traced(SENTENCE), traced(TASTY)
    found = left.difference(right).next
    assert left.target is not None
    assert right.target is not None
    same = itertools.takewhile(
        lambda both: both[0] == both[1], zip(left.target.tokens, right.target.tokens, strict=False)
    )
    assert len(found) == len(list(same)) >= 1
    for one in found:
        p, q = (trace["probabilities"][one.row].astype(np.float64) for trace in (left, right))
        assert one.distance == pytest.approx(np.abs(p - q).sum() / 2, abs=1e-9)
        ways = (left.predictions[one.row], right.predictions[one.row])
        assert {it.token for it in one.tokens} == {way.token for way in ways}
        for token in one.tokens:
            assert token.probabilities == (p[token.id], q[token.id])


def test_translations_stand_side_by_side() -> None:
    left, right = traced(SENTENCE), traced(TASTY)
    (found,) = left.difference(right).translations
    assert found.to == "fr"
    assert found.texts == tuple(t.translations["fr"]["text"] for t in (left, right))
    assert left.target is not None
    assert found.left_words == left.target.words
    places = [pair.left for pair in found.pairs if pair.left is not None]
    assert places == list(range(len(found.left_words)))
    for pair in found.pairs:
        if pair.left is not None and pair.right is not None:
            same = found.left_words[pair.left] == found.right_words[pair.right]
            assert pair.kind == ("matched" if same else "replaced")


@given(left=ids, right=ids)
def test_the_other_way_round_is_the_mirror_image(left: list[int], right: list[int]) -> None:
    one, other = (traced_ids(alone(), tokens) for tokens in (left, right))
    there, back = one.difference(other), other.difference(one)

    def turned(it: VectorDifference) -> VectorDifference:
        return VectorDifference(
            left=it.right, right=it.left, cosine=it.cosine, norms=(it.norms[1], it.norms[0])
        )

    ours = {(it.left, it.right): it for it in there.representation}
    for mine in map(turned, back.representation):
        if (mine.left, mine.right) in ours:  # of two shortest edits it may be the other
            theirs = ours[mine.left, mine.right]
            assert mine.norms == theirs.norms
            assert mine.cosine == pytest.approx(theirs.cosine, abs=1e-12)
    assert len(there.source_pairs) == len(back.source_pairs)
    assert (there.next, there.translations, there.target_pairs) == ((), (), ())


@given(left=ids, right=ids)
def test_plain_data_comes_back_equal(left: list[int], right: list[int]) -> None:
    found = traced_ids(alone(), left).difference(traced_ids(alone(), right))
    assert TraceDifference.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_other_data_is_refused() -> None:
    data = traced(SENTENCE).difference(traced(TASTY)).to_json()
    with pytest.raises(InputError, match="expected schema"):
        TraceDifference.from_json({**data, "schema": "glassformer.difference/0"})
    with pytest.raises(InputError, match="damaged"):
        TraceDifference.from_json({**data, "representation": [1]})


def test_vectors_of_another_length_are_not_compared() -> None:
    one, other = (traced_ids(alone(width), [1, 2, 3]) for width in (32, 48))
    found = one.difference(other)
    assert found.representation == ()
    assert len(found.source_pairs) == 3


def test_two_models_of_one_tokenizer_compare_what_comes_next() -> None:
    one, other = traced(SENTENCE, 1), traced(SENTENCE, 2)
    assert [it.row for it in one.difference(other).next][:1] == [0]
    assert one.difference(other).next[0].distance > 0.0


def test_as_text_it_says_what_moved_most() -> None:
    found = traced(SENTENCE).difference(traced(TASTY), layer=2, head=2)
    said = str(found)
    first = found.most_moved[0]
    assert f"cosine {first.cosine:.4f}".replace("-", "−") in said
    assert f"left: {SENTENCE}\nright: {TASTY}\n" in said
    assert "attention (encoder, layer 2, head 2)" in said
    assert "余弦" in found.text("zh")


def test_a_head_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no head 99"):
        traced(SENTENCE).difference(traced(TASTY), layer=1, head=99)
