"""Texts passed from Python: lists, generators, arrays and data frame columns.

Any iterable of strings is accepted. Anything else is rejected, with its index, before a model sees
it: a missing value in a data frame would otherwise be read as the word "nan".
"""

import math
from collections.abc import Iterable, Iterator, KeysView, Mapping, Set
from typing import Any

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message

_LONGEST_SHOWN = 40


def as_texts(texts: object, name: str = "texts") -> Iterator[str]:
    """The texts of an iterable, lazily, each as a plain `str`.

    NumPy string arrays and pandas columns are iterables too. `name` is the name of the caller's
    argument. An unsuitable iterable is rejected at once, an unsuitable item when it is reached.

    Raises:
        UsageError: when it is a single text, bytes, a mapping, a set, a table or not iterable.
        InputError: when an item is not a string or not valid Unicode; the message gives its index.
    """
    return _each(_iterable(texts, name), name)


def check_text(value: object, index: int | None = None, name: str = "texts") -> str:
    """A text as a plain `str`; with an index it is one of several.

    Raises:
        InputError: when it is not a string, or contains a lone surrogate.
    """
    place = name if index is None else f"{name}[{index}]"
    if not isinstance(value, str):
        raise InputError(
            "{place} must be a text (str), but is {given}", place=place, given=_described(value)
        )
    text = str.__str__(value)  # NumPy has a subclass
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "{place} is not valid Unicode: character {number} is a lone surrogate ({character})",
            place=place,
            number=error.start + 1,
            character=f"U+{ord(text[error.start]):04X}",
        ) from error
    return text


def with_pairs(
    texts: Iterable[str], pair: str | Iterable[str] | None
) -> Iterator[tuple[str, str | None]]:
    """Each text with the second text of its pair: the same for all texts, or one for each.

    Raises:
        UsageError: when the numbers of first and second texts differ.
        InputError: when a second text is not a string or not valid Unicode.
    """
    if pair is None or isinstance(pair, str):
        yield from ((text, pair) for text in texts)
        return
    seconds = as_texts(pair, "pair")
    for text in texts:
        second = next(seconds, None)
        if second is None:
            raise UsageError(
                "{pair:name} must be one text for all or one for each, but there are more texts",
                pair=Setting("pair"),
            )
        yield text, second
    if next(seconds, None) is not None:
        raise UsageError(
            "{pair:name} must be one text for all or one for each, but there are fewer texts",
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
        "{name} must be an iterable of texts, but is {given}",
        name=name,
        given=what or _described(texts),
    )


def _no_texts(texts: object) -> Message | None:
    """Why an object is not an iterable of texts although it may be iterable; None if it may be."""
    kind = type(texts).__name__
    if isinstance(texts, str):
        return Message("a single text: put it in a list")
    if isinstance(texts, bytes | bytearray | memoryview):
        return Message("bytes: decode them, and put the text in a list")
    if isinstance(texts, Mapping):
        return Message("a mapping ({type}): pass its values", {"type": kind})
    if isinstance(texts, Set) and not isinstance(texts, KeysView):
        return Message("a set ({type}), which has no order: convert it to a list", {"type": kind})
    if hasattr(texts, "columns"):  # iterating over a table yields its column names
        return Message("a table ({type}): pass one of its columns", {"type": kind})
    if getattr(texts, "shape", None) == ():  # 0-d NumPy arrays claim to be iterable
        return Message("a zero-dimensional array: put its text in a list")
    return None


def _described(value: Any) -> Message:
    """A description of a value that is not a text."""
    kind = type(value).__name__
    if value is None:
        return Message("{value}", {"value": None})
    if isinstance(value, float) and math.isnan(value):
        return Message("NaN, a missing value")
    if kind in ("NAType", "NaTType"):  # from pandas
        return Message("{value}, a missing value", {"value": repr(value)})
    if isinstance(value, bytes | bytearray):
        return Message("bytes, which must be decoded first")
    shown = repr(value)
    if len(shown) > _LONGEST_SHOWN or "\n" in shown:
        return Message("of type {type}", {"type": kind})
    return Message("{value} of type {type}", {"value": shown, "type": kind})
