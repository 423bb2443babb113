"""Near-duplicates: what hashing finds is what comparing every sentence with every other finds."""

import random
from collections.abc import Sequence
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.text.words import find_words
from glassformer.training.corpus.near_duplicates import (
    NearDuplicates,
    have_near_duplicates,
    words_of,
)

SENTENCE = "one two three four five six seven eight"

# The definition, with nothing clever in it


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(last + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def grams(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def are_near(held_out: str, other: str) -> bool:
    words, others = words_of(held_out), words_of(other)
    if len(words) <= 1:
        return words == others
    if edit_distance(words, others) <= 1:
        return True
    shared, all_of_it = grams(words) & grams(others), grams(words)
    return len(words) >= 6 and len(shared) > len(all_of_it) / 2


def check(held_out: list[str], others: list[str]) -> None:
    found = have_near_duplicates(held_out, others)
    assert found == [any(are_near(one, other) for other in others) for one in held_out]


# Few words, so that sentences are often near each other, and spellings of the same ones

LATIN = ("a", "A", "b", "é", "e\u0301", "don't", "dont", "Don’t", "...", "?", "7")
HAN = ("狗", "吃", "了", "食", "。", " ")
ARABIC = ("كلب", "أكل", "الطعام", "؟", "لأنه")
PLAIN = ("a", "b")


@st.composite
def texts(draw: st.DrawFn, most: int = 13) -> str:
    alphabet = draw(st.sampled_from((LATIN, HAN, ARABIC, PLAIN, PLAIN)))
    words = draw(st.lists(st.sampled_from(alphabet), max_size=most))
    return ("" if alphabet is HAN else " ").join(words)


@given(st.lists(texts(), max_size=7), st.lists(texts(), max_size=11))
def test_it_is_what_comparing_all_with_all_finds(held_out: list[str], others: list[str]) -> None:
    check(held_out, others)


@given(st.lists(st.text(max_size=11), max_size=5), st.lists(st.text(max_size=11), max_size=5))
def test_of_any_text(held_out: list[str], others: list[str]) -> None:
    check(held_out, others)


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=23),
    st.lists(st.tuples(st.integers(0, 22), st.integers(-1, 10)), max_size=3),
)
def test_of_one_that_was_changed_at_some_places(
    words: list[int], changes: list[tuple[int, int]]
) -> None:
    changed = list(words)
    for place, word in changes:
        changed[place % len(words) : place % len(words) + place % 3] = [word] * (word >= 0)
    check([" ".join(map(str, words))], [" ".join(map(str, changed))])


@given(st.lists(st.sampled_from("abc"), max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_others_makes_no_difference(
    words: list[str], chance: random.Random
) -> None:
    held_out = [" ".join(words), SENTENCE]
    others = [" ".join(chance.choices("abc", k=len(words))) for _ in range(7)]
    found = have_near_duplicates(held_out, others)
    assert have_near_duplicates(held_out, others[::-1]) == found
    assert have_near_duplicates(held_out[::-1], others + others) == found[::-1]


# The rule, sentence by sentence


@pytest.mark.parametrize(
    ("held_out", "other", "near"),
    [
        ("I must go out.", "I MUST go out", True),
        ("I must go out.", "I must not go out!", True),
        ("I must go out.", "I must go.", True),
        ("I must go out.", "We must go out.", True),
        ("I must go out.", "We must go in.", False),
        ("I must go out.", "Must I go out?", False),
        ("I don't know.", "I don’t know", True),
        ("I don't know.", "i dont know", True),
        ("Go!", "go", True),
        ("Go!", "Go on!", False),
        ("Go on!", "Go!", True),
        ("Go!", "Run!", False),
        ("五四三二一", "五四三二一零", True),
        ("五四三二一", "五四三一零", False),
        ("ｗｉｄｅ ｌｅｔｔｅｒｓ", "wide letters", True),
        ("co\u00adoperate with\u200b us", "cooperate with us", True),
        ("?!", "!?", False),
        ("?!", "?!?", True),
        ("👍", "👍", True),
        ("👍", "👎", False),
        ("", "word", False),
        # Five words are judged by edit distance alone, although they are one run.
        ("a b c d e", "x a b c d e y", False),
        # Of four runs three are more than a half, two are not.
        (SENTENCE, "nine nine one two three four five six seven nine nine", True),
        (SENTENCE, "nine nine one two three four five six nine nine", False),
        (SENTENCE, "one two three four five x two three four five six seven", True),
        # Each run counts once, however often it comes: here the first of three kinds comes thrice.
        ("a a a a a a a b c", "x x a a a a a x x", False),
    ],
)
def test_what_is_near(held_out: str, other: str, near: bool) -> None:
    assert have_near_duplicates([held_out], [other]) == [near]


def test_two_others_do_not_make_one_near_duplicate() -> None:
    halves = ["x x one two three four five six x", "x x three four five six seven eight x"]
    assert have_near_duplicates([SENTENCE], halves) == [False]
    assert have_near_duplicates([SENTENCE], [" ".join(halves)]) == [True]
    assert have_near_duplicates([SENTENCE], [*halves, SENTENCE.upper()]) == [True]


def test_sentences_that_are_the_same_are_found_together() -> None:
    held_out = ["Go on!", SENTENCE, "go on", "elsewhere"]
    assert have_near_duplicates(held_out, ["go on"]) == [True, False, True, False]


@pytest.mark.parametrize("words", [5_000, 30_000])
def test_huge_lines(words: int) -> None:
    line = [str(number % 1009) for number in range(words)]
    duplicates = NearDuplicates([" ".join(line), " ".join(line[::-1]), " ".join(line[:3])])
    duplicates.look_at(" ".join([*line[: words // 3], "new", *line[words // 3 + 1 :]]))
    duplicates.look_at("0 2")
    assert duplicates.found() == [True, False, True]


def test_many_that_are_alike_take_no_longer() -> None:
    """A thousand held out of one template; each that is found is no longer looked for."""
    held_out = [f"please set the alarm of room {n} to seven" for n in range(1000)]
    others = [f"please set the alarm of room {n} to seven" for n in range(1000, 21_000)]
    assert have_near_duplicates(held_out, others) == [True] * 1000


# Words


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=23))
def test_words_are_those_seen_everywhere_but_for_signs(text: str) -> None:
    """Of a plain text; see the docstring for apostrophes, invisible characters and such."""
    plain = "".join(c for c in text if c.isascii() and c not in "'`").casefold()
    seen = [plain[start:end] for start, end in find_words(plain)]
    assert words_of(plain) == ([word for word in seen if word.isalnum()] or seen)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's a well-known dog’s life!", ["its", "a", "well", "known", "dogs", "life"]),
        ("它吃了。", ["它", "吃", "了"]),
        ("犬がたべた", ["犬", "か\u3099", "た", "へ\u3099", "た"]),
        ("แมว", ["แ", "ม", "ว"]),
        ("الكلبُ أكل", ["الكلبُ", "أكل"]),
        ("ÉTÉ ① straße", ["été", "1", "strasse"]),
        ("…!", [".", ".", ".", "!"]),
        (" \u200b", []),
    ],
)
def test_words_of_some_texts(text: str, words: list[str]) -> None:
    assert words_of(text) == [normalize("NFKC", word) for word in words]
