"""Words of two sentences opposite each other: as few edits as possible, and nothing lost."""

import functools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.inspection.alignment import aligned
from glassformer.views import Pair

WORDS = st.lists(st.sampled_from(["a", "dog", "the", "Dog", "狗", "é", "e\u0301"]), max_size=7)


def edits(left: list[str], right: list[str]) -> tuple[int, int]:
    """The fewest edits between two lists of words, and how many words are then the same at most.

    By trying everything, from the front.
    """
    ours, theirs = ([unicodedata.normalize("NFC", word) for word in side] for side in (left, right))

    @functools.cache
    def least(i: int, j: int) -> tuple[int, int]:
        if i == len(ours) or j == len(theirs):
            return len(ours) - i + len(theirs) - j, 0
        cost, same = least(i + 1, j + 1)
        equal = ours[i] == theirs[j]
        ways = [(cost + (not equal), same - equal)]
        for cost, same in (least(i + 1, j), least(i, j + 1)):
            ways.append((cost + 1, same))
        return min(ways)

    cost, same = least(0, 0)
    return cost, -same


@given(left=WORDS, right=WORDS)
def test_as_few_words_as_possible_differ(left: list[str], right: list[str]) -> None:
    pairs = aligned(left, right)
    same = sum(pair.kind == "matched" for pair in pairs)
    assert (len(pairs) - same, same) == edits(left, right)


@given(left=WORDS, right=WORDS)
def test_every_word_stands_in_one_pair_in_its_order(left: list[str], right: list[str]) -> None:
    pairs = aligned(left, right)
    assert [one.left for one in pairs if one.left is not None] == list(range(len(left)))
    assert [one.right for one in pairs if one.right is not None] == list(range(len(right)))
    for pair in pairs:
        if pair.left is None or pair.right is None:
            assert pair.kind == ("right" if pair.left is None else "left")
            assert (pair.left, pair.right) != (None, None)
        else:
            ours, theirs = (
                unicodedata.normalize("NFC", word) for word in (left[pair.left], right[pair.right])
            )
            assert pair.kind == ("matched" if ours == theirs else "replaced")


@given(left=WORDS, right=WORDS)
def test_positions_are_what_words_are_called(left: list[str], right: list[str]) -> None:
    ours, theirs = [10 * at for at in range(len(left))], [at + 3 for at in range(len(right))]
    expected = [
        Pair(
            left=None if pair.left is None else ours[pair.left],
            right=None if pair.right is None else theirs[pair.right],
            kind=pair.kind,
        )
        for pair in aligned(left, right)
    ]
    assert list(aligned(left, right, ours, theirs)) == expected


@pytest.mark.parametrize(
    ("left", "right", "kinds"),
    [
        ("it was hungry", "it was tasty", "matched matched replaced"),
        ("the dog ate", "the big dog ate it", "matched right matched matched right"),
        ("a b", "b c", "left matched right"),
        ("", "a b", "right right"),
        ("狗 饿 了", "狗 了", "matched left matched"),
    ],
)
def test_examples(left: str, right: str, kinds: str) -> None:
    assert [pair.kind for pair in aligned(left.split(), right.split())] == kinds.split()


def test_sentences_as_long_as_a_model_takes_are_aligned() -> None:
    left = [str(number) for number in range(500)]
    pairs = aligned(left, [*left[:100], "new", *left[120:]])
    assert [pair.kind for pair in pairs].count("matched") == 480
    assert len(pairs) == 500
