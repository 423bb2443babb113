"""Texts as Python programs hand them over: lists, generators, arrays and columns of tables.

Whatever can be gone through and gives strings is taken. What is no string is refused with its
index before a model sees it: a missing value of a table would otherwise be read as the word "nan".
"""

import math
from collections.abc import Iterable, Iterator, KeysView, Mapping, Set
from typing import Any

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message

_LONGEST_SHOWN = 40


def as_texts(texts: object, name: str = "texts") -> Iterator[str]:
    """The texts of an iterable one after the other, each a plain `str`, as they are asked for.

    NumPy's arrays of strings and pandas' columns are iterables like any other. `name` is what the
    caller calls them. What cannot be several texts is refused at once, one that is no text when
    its turn comes.

    Raises:
        UsageError: when it is a single text, bytes, a mapping, a set, a table or not iterable.
        InputError: when one of them is no string or not Unicode; the message has its index.
    """
    return _each(_iterable(texts, name), name)


def check_text(value: object, index: int | None = None, name: str = "texts") -> str:
    """A text as a plain `str`; with an index it is one of several.

    Raises:
        InputError: when it is no string, or holds half of a surrogate pair.
    """
    place = name if index is None else f"{name}[{index}]"
    if not isinstance(value, str):
        raise InputError(
            "{place} is {given}, but a text is expected (str)", place=place, given=_described(value)
        )
    text = str.__str__(value)  # of NumPy's subclass too
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "{place} is not Unicode: character {number} is half of a surrogate pair ({character})",
            place=place,
            number=error.start + 1,
            character=f"U+{ord(text[error.start]):04X}",
        ) from error
    return text


def with_pairs(
    texts: Iterable[str], pair: str | Iterable[str] | None
) -> Iterator[tuple[str, str | None]]:
    """Each text and the second one of its pair, which is one for all texts or one for each.

    Raises:
        UsageError: when there are not as many second texts as texts.
        InputError: when a second text is no string or not Unicode.
    """
    if pair is None or isinstance(pair, str):
        yield from ((text, pair) for text in texts)
        return
    seconds = as_texts(pair, "pair")
    for text in texts:
        second = next(seconds, None)
        if second is None:
            raise UsageError(
                "{pair:name} has to be one for all texts or one for each, but there are more texts",
                pair=Setting("pair"),
            )
        yield text, second
    if next(seconds, None) is not None:
        raise UsageError(
            "{pair:name} has to be one for all texts or one for each, but there are fewer texts",
            pair=Setting("pair"),
        )


def _each(texts: Iterable[object], name: str) -> Iterator[str]:
    for index, value in enumerate(texts):
        yield check_text(value, index, name)


def _iterable(texts: object, name: str) -> Iterable[object]:
    what = _no_texts(texts)
    if what is None and isinstance(texts, Iterable):
        return texts
    raise UsageError(
        "{name} has to be an iterable of texts, but it is {given}",
        name=name,
        given=what or _described(texts),
    )


def _no_texts(texts: object) -> Message | None:
    """What it is that can be gone through and yet is not several texts; None where it may be."""
    kind = type(texts).__name__
    if isinstance(texts, str):
        return Message("a single text: put it into a list")
    if isinstance(texts, bytes | bytearray | memoryview):
        return Message("bytes: decode them, and put the text into a list")
    if isinstance(texts, Mapping):
        return Message("a {type}: give its values", {"type": kind})
    if isinstance(texts, Set) and not isinstance(texts, KeysView):
        return Message("a {type}, which has no order: make a list of it", {"type": kind})
    if hasattr(texts, "columns"):  # a table, which would give the names of its columns
        return Message("a {type}: give one column of it", {"type": kind})
    if getattr(texts, "shape", None) == ():  # of NumPy's, which say that they can be iterated
        return Message("an array without a dimension: put its text into a list")
    return None


def _described(value: Any) -> Message:
    """What a person would call a value that is no text."""
    kind = type(value).__name__
    if value is None:
        return Message("None")
    if isinstance(value, float) and math.isnan(value):
        return Message("NaN, a missing value")
    if kind in ("NAType", "NaTType"):  # pandas'
        return Message("{value}, a missing value", {"value": repr(value)})
    if isinstance(value, bytes | bytearray):
        return Message("bytes, which have to be decoded")
    shown = repr(value)
    if len(shown) > _LONGEST_SHOWN or "\n" in shown:
        return Message("of the type {type}", {"type": kind})
    return Message("{value} of the type {type}", {"value": shown, "type": kind})
