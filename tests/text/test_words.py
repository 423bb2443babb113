"""The words of a text, against examples and against the rule written a second time."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from glassformer.text.words import find_words, map_words

# One alphabet for each way in which a character can take part in a word.
IN_RUNS = "aBß7é٣²かアー나ש"
MARKS = "\u0301\u05b8\u3099\u20e3"
IGNORABLE_MARKS = "\ufe0f\u034f"
HAN = "犬猫々〇"
ALONE = "_'’.-$。👩❤🏽\ue000\ufffd"
HIDDEN = " \t\n\x00\x7f\u00a0\u00ad\u200b\u200d\u2028\u202e\u3000\ufeff"
ALL = IN_RUNS + MARKS + IGNORABLE_MARKS + HAN + ALONE + HIDDEN

texts = st.text(st.sampled_from(ALL), max_size=30)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a dog ate 2 bones.", ["a", "dog", "ate", "2", "bones", "."]),
        ("don't don’t", ["don", "'", "t", "don", "’", "t"]),
        ("snake_case x2 3.14", ["snake", "_", "case", "x2", "3", ".", "14"]),
        ("--", ["-", "-"]),
        ("x² ½ ٣٤ Ⅷ", ["x²", "½", "٣٤", "Ⅷ"]),
        # Han one by one, with what East Asian text mixes in
        ("我喜欢2只狗。", ["我", "喜", "欢", "2", "只", "狗", "。"]),
        ("犬が食べる", ["犬", "が", "食", "べる"]),
        ("コーヒーとｺｰﾋｰ", ["コーヒーとｺｰﾋｰ"]),
        ("時々、𠮷野家", ["時", "々", "、", "𠮷", "野", "家"]),
        ("나는 개를 봤다", ["나는", "개를", "봤다"]),
        ("한글", ["한글"]),  # decomposed to jamo
        # right to left, with points and marks
        ("أكل الكلبُ الطعام؟", ["أكل", "الكلبُ", "الطعام", "؟"]),
        ("שָׁלוֹם־עוֹלָם", ["שָׁלוֹם", "־", "עוֹלָם"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        # marks belong to what they stand on
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("犬\u3099か\u3099!\u0301a", ["犬\u3099", "か\u3099", "!\u0301", "a"]),
        # emoji: every visible character alone, with its variation selector
        ("❤\ufe0f👍🏽", ["❤\ufe0f", "👍", "🏽"]),
        ("👩\u200d💻", ["👩", "💻"]),
        ("🇫🇷 1\ufe0f\u20e3", ["🇫", "🇷", "1\ufe0f\u20e3"]),
        # what cannot be seen is in no word
        ("a\u200bb\ufeffc\u2060d", ["a", "b", "c", "d"]),
        ("می\u200cخواهم", ["می", "خواهم"]),
        ("a\x00b\x1b\x7f\x85c", ["a", "b", "c"]),
        ("a\u00a0b\u2028c\u2029d\u3000e\u202ff", ["a", "b", "c", "d", "e", "f"]),
        ("\u202eab\u202c", ["ab"]),
        ("\ufe0f\u3164\u115f\u034f", []),
        ("\u3164 a \ufe0fb", ["a", "b"]),
        ("", []),
        (" \t\r\n\u200b", []),
        ("\ue000\ufffd\u0378", ["\ue000", "\ufffd", "\u0378"]),
    ],
)
def test_examples(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def rule(text: str) -> list[tuple[int, int]]:
    """The rule again, character by character."""
    spans: list[list[int]] = []
    state = "none"  # what a mark would go on with: none, a run, or a character alone
    for i, character in enumerate(text):
        if character in HIDDEN or (character in IGNORABLE_MARKS and state == "none"):
            state = "none"
        elif character in HAN + ALONE:
            spans.append([i, i + 1])
            state = "alone"
        elif state == "run" or (character in MARKS + IGNORABLE_MARKS and state == "alone"):
            spans[-1][1] = i + 1
        else:
            spans.append([i, i + 1])
            state = "run"
    return [(start, end) for start, end in spans]


@examples(200)
@given(texts)
def test_words_follow_the_rule(text: str) -> None:
    assert find_words(text) == rule(text)


@examples(100)
@given(st.text(max_size=30) | texts)
def test_every_visible_character_is_in_exactly_one_word(text: str) -> None:
    covered = [i for start, end in find_words(text) for i in range(start, end)]
    assert covered == sorted(set(covered))
    for i, character in enumerate(text):
        category = unicodedata.category(character)
        if category[0] in "LNPS" and character not in "\u115f\u1160\u17b4\u17b5\u3164\uffa0":
            assert i in covered
        if character.isspace() or category[0] == "Z" or category in ("Cc", "Cf", "Cs"):
            assert i not in covered


def test_tokens_belong_to_the_word_they_are_in() -> None:
    text = "a playing dog"
    spans, word_of_token = map_words(text, [None, (0, 1), (2, 6), (6, 9), (10, 13), None])
    assert spans == ((0, 1), (2, 9), (10, 13))
    assert word_of_token == (None, 0, 1, 1, 2, None)


def test_a_token_may_begin_or_end_with_white_space() -> None:
    assert map_words("a dog", [(0, 1), (1, 5)]).word_of_token == (0, 1)
    assert map_words("a dog", [(0, 2), (2, 5)]).word_of_token == (0, 1)


def test_words_that_a_token_straddles_are_joined() -> None:
    spans, word_of_token = map_words(
        "I don't know 犬猫鳥", [(0, 1), (2, 7), (7, 12), (13, 15), (15, 16)]
    )
    assert spans == ((0, 1), (2, 7), (8, 12), (13, 15), (15, 16))
    assert word_of_token == (0, 1, 2, 3, 4)


def test_joining_goes_on_from_token_to_token() -> None:
    # "don" + "'" by one token and "'" + "t" by the next make one word of three.
    assert map_words("don't", [(0, 4), (3, 5)]) == (((0, 5),), (0, 0))


@pytest.mark.parametrize("text", [" a b c", "\u200ba b c", "  a b c"])
def test_a_token_before_the_first_word_changes_nothing(text: str) -> None:
    """As of a leading space, which many tokenizers make a token of its own."""
    spans, word_of_token = map_words(text, [(0, 1), *((i, i + 1) for i in range(1, len(text)))])
    assert [text[start:end] for start, end in spans] == ["a", "b", "c"]
    assert word_of_token == tuple("abc".index(c) if c in "abc" else None for c in text)


def test_a_joined_word_keeps_the_white_space_inside() -> None:
    assert map_words("of the day", [(0, 6), (6, 10)]) == (((0, 6), (7, 10)), (0, 1))


@pytest.mark.parametrize("offset", [None, (0, 0), (1, 1), (1, 2), (2, 4), (3, 4), (9, 9), (4, 2)])
def test_a_token_of_nothing_visible_has_no_word(offset: tuple[int, int] | None) -> None:
    assert map_words("a \u200b\x00b", [offset]) == (((0, 1), (4, 5)), (None,))


def test_byte_tokens_of_one_character_share_its_word() -> None:
    assert map_words("犬👩a", [(0, 1)] * 3 + [(1, 2)] * 4 + [(2, 3)]).word_of_token == (
        *[0] * 3,
        *[1] * 4,
        2,
    )


@st.composite
def texts_with_offsets(draw: st.DrawFn) -> tuple[str, list[tuple[int, int] | None]]:
    text = draw(texts)
    place = st.integers(0, len(text))
    offsets = st.none() | st.tuples(place, place).map(lambda pair: (min(pair), max(pair)))
    return text, draw(st.lists(offsets, max_size=8))


@examples(200)
@given(texts_with_offsets())
def test_map_words_joins_what_overlaps_and_nothing_else(
    drawn: tuple[str, list[tuple[int, int] | None]],
) -> None:
    text, offsets = drawn
    found = rule(text)
    covered = [
        [w for w, (start, end) in enumerate(found) if o and max(start, o[0]) < min(end, o[1])]
        for o in offsets
    ]
    group = list(range(len(found)))  # the smallest word that each is joined with
    for _ in found:
        for together in covered:
            for w in together:
                group[w] = min(group[v] for v in together)
    groups = sorted(set(group))
    expected = [
        (min(found[w][0] for w in members), max(found[w][1] for w in members))
        for members in ([w for w, g in enumerate(group) if g == one] for one in groups)
    ]
    spans, word_of_token = map_words(text, offsets)
    assert list(spans) == expected
    assert list(word_of_token) == [
        groups.index(group[together[0]]) if together else None for together in covered
    ]
    assert all(a < b <= c < d for (a, b), (c, d) in itertools.pairwise(spans))
