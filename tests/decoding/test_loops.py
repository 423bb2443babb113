"""Loops in translations, and repetitions that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.decoding.loops import Loop, find_loop

PLAIN = [
    "",
    "   ",
    "a dog ate the food because it was hungry",
    "It was very, very, very good.",
    "ha ha ha",
    "Ha, ha, ha, ha!",
    "He had had enough, and that that was so was no surprise.",
    "No, no, no!",
    "bla bla bla bla",
    "哈哈哈哈哈哈哈哈",
    "慢慢地，高高兴兴地走走看看。",
    "加油加油加油！",
    "谢谢谢谢谢谢",
    "0 0 0",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    "555-5555",
    "Wait........",
    "------",
    "red, green, blue, black, white and brown",
    "day by day, week by week, month by month, year by year",
    "The cat that ate the rat that ate the cheese that lay in the house.",
    "The house is red. The house is blue. The house is old.",
    "la fin de l'époque, de l'époque",
    "Er ist groß, sie ist groß, es ist groß.",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_people_repeat_is_no_loop(text: str) -> None:
    assert find_loop(text) is None


@pytest.mark.parametrize(
    ("text", "repeated", "times"),
    [
        ("à la fin, de l'époque, de l'époque, de l'époque, hier", ", de l'époque", 3),
        ("une ligne de la prise de la prise de la prise de", "de la prise", 3),
        ("the The the the THE the", "the", 6),
        ("I go and I go and I go and I", "I go and", 3),
        ("我们去我们去我们去我们去我们去", "我们去", 5),
        ("因此，因此，因此，因此，因此，因此", "因此，", 5),
        ("x-BI-BI-BI-BI-BI-BI", "-BI", 6),
        ("0 0 0 0 0 0 0 0 0 0 0", "0", 11),
        ("Also (((((((((((((", "(", 13),
    ],
)
def test_loops_are_found(text: str, repeated: str, times: int) -> None:
    found = find_loop(text)
    assert found is not None
    assert (found.text, found.times) == (repeated, times)
    assert 0.0 < found.share <= 1.0


def test_the_share_is_of_words() -> None:
    assert find_loop("so be it be it be it be it") == Loop("be it", 4, 8 / 9)


def test_what_the_source_repeats_may_be_repeated() -> None:
    text = "哈哈哈哈哈哈哈哈哈哈哈哈"
    assert find_loop(text) == Loop("哈", 12, 1.0)
    assert find_loop(text, "ha ha ha ha ha ha") is None
    assert find_loop(text, "ha ha ha") == Loop("哈", 12, 1.0)  # not four times as often
    assert find_loop("non " * 40, "No, no, no!") == Loop("non", 40, 1.0)
    assert find_loop("a b c " * 9, "x y z " * 9) is None


def test_a_long_loop_is_found_in_its_shortest_form() -> None:
    found = find_loop("start " + "one two three four, " * 30)
    assert found is not None
    assert (found.text, found.times) == ("one two three four,", 30)


def test_as_json() -> None:
    loop = Loop("be it", 4, 0.5)
    assert json.loads(json.dumps(loop.to_json())) == {
        "id": "loop",
        "text": "be it",
        "times": 4,
        "share": 0.5,
    }


@given(st.text(alphabet="ab ,", max_size=60))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    loop = find_loop(text)
    if loop is not None:
        assert loop.text in text
        assert loop.times >= 3
