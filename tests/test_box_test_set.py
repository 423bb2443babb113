"""The test set that is kept from the model in the box."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.training.corpus.near_duplicates import have_near_duplicates

EXAMPLES = Path(__file__).parents[1] / "examples"
sys.path.append(str(EXAMPLES))

from box_model import TEST_SET, kept_apart, key_of_words  # noqa: E402
from box_test_set import clusters, draw, pairs_of  # noqa: E402

DATA = EXAMPLES.parents[1] / "shared" / "data"


def test_the_keys_are_in_order_and_few() -> None:
    keys = TEST_SET.read_text(encoding="utf-8").split()
    assert keys == sorted(set(keys))
    assert 2_500 < len(keys) < 3_000
    assert kept_apart() == set(keys)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It's raining!", "its  RAINING", True),
        ("It's raining", "It was raining", False),
        ("一只狗。", "一只狗", True),
    ],
)
def test_a_key_is_of_the_words_alone(one: str, other: str, same: bool) -> None:
    assert (key_of_words(one) == key_of_words(other)) is same


SENTENCES = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=9).map(" ".join),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(SENTENCES)
def test_no_sentence_has_a_near_duplicate_in_another_cluster(sentences: list[str]) -> None:
    found = clusters(sentences)
    assert sorted(sentence for cluster in found for sentence in cluster) == sorted(sentences)
    for cluster in found:
        others = [sentence for sentence in sentences if sentence not in cluster]
        assert not any(have_near_duplicates(sorted(cluster), others))


@given(SENTENCES)
def test_whoever_shares_a_cluster_is_tied_to_it(sentences: list[str]) -> None:
    for cluster in clusters(sentences):
        for sentence in cluster if len(cluster) > 1 else ():
            rest = sorted(cluster - {sentence})
            here = have_near_duplicates([sentence], rest)[0]
            assert here or any(have_near_duplicates(rest, [sentence]))


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the corpora of ../shared are not there")
def test_the_sentences_drawn_are_the_frozen_ones() -> None:
    pairs = {tag: list(pairs_of(DATA, tag)) for tag in ("fr", "de", "zh")}
    assert {key_of_words(english) for english in draw(pairs)} == kept_apart()
