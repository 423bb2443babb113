"""Texts as Python programs hand them over, and what is said of what is no text."""

import io
from collections import Counter, UserList, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import InputError, UsageError
from glassformer.text.texts import as_texts, check_text

TEXTS = ["a dog", "", "一只狗", "🐕\u200d🦺"]


class Column:
    """What pandas' columns are as far as texts go: they can be gone through, and have a shape."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self.shape = (len(values),)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)


class Table(Column):
    """Likewise pandas' tables, which give the names of their columns."""

    columns = ("en", "fr")


class NAType:
    """Stands for pandas' missing value, which is of a type of this name."""

    def __repr__(self) -> str:
        return "<NA>"

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = object.__hash__


ITERABLES: dict[str, Any] = {
    "a list": TEXTS,
    "a tuple": tuple(TEXTS),
    "a generator": (text for text in TEXTS),
    "an iterator": iter(TEXTS),
    "a deque": deque(TEXTS),
    "a list of one's own": UserList(TEXTS),
    "the values of a dict": dict(enumerate(TEXTS)).values(),
    "the keys of a dict": dict.fromkeys(TEXTS).keys(),
    "an array of strings": np.array(TEXTS),
    "an array of objects": np.array(TEXTS, dtype=object),
    "a column": Column(TEXTS),
}


@pytest.mark.parametrize("what", ITERABLES)
def test_takes_whatever_gives_texts(what: str) -> None:
    found = list(as_texts(ITERABLES[what]))
    assert found == TEXTS
    assert {type(text) for text in found} == {str}


def test_takes_the_lines_of_an_open_file() -> None:
    assert list(as_texts(io.StringIO("one\ntwo\n"))) == ["one\n", "two\n"]


@given(st.lists(st.text()))
def test_texts_stay_as_they_are(texts: list[str]) -> None:
    assert list(as_texts(texts)) == texts


def test_asks_for_no_more_than_it_gives() -> None:
    asked = []

    def texts() -> Iterator[Any]:
        for value in ("one", "two", None, "four"):
            asked.append(value)
            yield value

    found = as_texts(texts())
    assert asked == []
    assert next(found) == "one"
    assert asked == ["one"]
    assert next(found) == "two"
    with pytest.raises(InputError):
        next(found)
    assert asked == ["one", "two", None]


NO_TEXTS: dict[str, tuple[Any, str]] = {
    "None": (None, "None"),
    "NaN": (float("nan"), "NaN, a missing value"),
    "NumPy's NaN": (np.float64("nan"), "NaN, a missing value"),
    "pandas' NA": (NAType(), "<NA>, a missing value"),
    "a number": (7, "7 of type int"),
    "infinity": (float("inf"), "inf of type float"),
    "a flag": (np.True_, "of type bool"),
    "bytes": (b"dog", "bytes, which must be decoded first"),
    "NumPy's bytes": (np.bytes_(b"dog"), "bytes, which must be decoded first"),
    "a dict": ({"text": "dog"}, "{'text': 'dog'} of type dict"),
    "a list": (["dog"], "['dog'] of type list"),
    "a path": (Path("dog.txt"), "PosixPath('dog.txt') of type PosixPath"),
    "something long": (list(range(100)), "of type list"),
    "a row of an array": (np.array(["a", "b"]), "of type ndarray"),
}


@pytest.mark.parametrize("what", NO_TEXTS)
def test_says_which_one_is_no_text(what: str) -> None:
    value, described = NO_TEXTS[what]
    with pytest.raises(InputError) as raised:
        list(as_texts(["a dog", value]))
    message = str(raised.value)
    assert message.startswith("texts[1] must be a text (str), but is ")
    assert described.split(" of type ")[-1] in message
    assert "\n" not in message


def test_says_of_a_missing_value_that_it_is_missing() -> None:
    for value, described in (NO_TEXTS["None"], NO_TEXTS["NaN"], NO_TEXTS["pandas' NA"]):
        with pytest.raises(InputError) as raised:
            list(as_texts(np.array(["a", "b", value], dtype=object), "sentences"))
        expected = f"sentences[2] must be a text (str), but is {described}"
        assert str(raised.value) == expected


WHOLES: dict[str, tuple[Any, str]] = {
    "a single text": ("a dog", "a single text: put it in a list"),
    "NumPy's text": (np.str_("a dog"), "a single text: put it in a list"),
    "bytes": (b"a dog", "bytes: decode them, and put the text in a list"),
    "a bytearray": (bytearray(b"a"), "bytes: decode them, and put the text in a list"),
    "a dict": ({"a dog": 1}, "a mapping (dict): pass its values"),
    "a counter": (Counter("dog"), "a mapping (Counter): pass its values"),
    "a set": ({"a dog"}, "a set (set), which has no order: convert it to a list"),
    "a frozen set": (frozenset(), "a set (frozenset), which has no order: convert it to a list"),
    "a table": (Table(["a dog"]), "a table (Table): pass one of its columns"),
    "an array without dimension": (
        np.array("a dog"),
        "a zero-dimensional array: put its text in a list",
    ),
    "None": (None, "None"),
    "a number": (7, "7 of type int"),
    "NaN": (float("nan"), "NaN, a missing value"),
}


@pytest.mark.parametrize("what", WHOLES)
def test_says_at_once_what_is_not_several_texts(what: str) -> None:
    value, described = WHOLES[what]
    with pytest.raises(UsageError) as raised:
        as_texts(value)
    expected = f"texts must be an iterable of texts, but is {described}"
    assert str(raised.value) == expected


def test_a_table_of_numpy_is_refused_at_its_first_row() -> None:
    with pytest.raises(InputError, match=r"texts\[0\] must be .*ndarray"):
        list(as_texts(np.array([["a", "b"], ["c", "d"]])))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        list(as_texts(["dog", "do\ud83dg"]))
    assert str(raised.value) == (
        "texts[1] is not valid Unicode: character 3 is a lone surrogate (U+D83D)"
    )


def test_a_single_text_has_no_index() -> None:
    found = check_text(np.str_("a dog"), name="text")
    assert (found, type(found)) == ("a dog", str)
    with pytest.raises(InputError, match=r"^text must be a text \(str\), but is None$"):
        check_text(None, name="text")


def test_columns_of_pandas() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    for column in (pandas.Series(TEXTS), pandas.Series(TEXTS, dtype="string"), pandas.Index(TEXTS)):
        assert list(as_texts(column)) == TEXTS
    for missing in (None, float("nan"), pandas.NA, pandas.NaT):
        for kind in (object, "string"):
            with pytest.raises(InputError, match=r"texts\[1\] must be .*"):
                list(as_texts(pandas.Series(["a", missing], dtype=kind)))
    with pytest.raises(UsageError, match=r"a table \(DataFrame\): pass one of its columns"):
        as_texts(pandas.DataFrame({"en": TEXTS}))
