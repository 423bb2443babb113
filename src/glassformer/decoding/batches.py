"""Batching for translation: which sentences are translated together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict, TypeVar

from glassformer.errors import Setting, UsageError
from glassformer.text.windows import windows as text_windows

BATCH_TOKENS = 1024
"""The default number of source tokens in a batch, padding included."""

WINDOW_TEXTS, WINDOW_CHARACTERS = 1024, 1 << 17
"""How far a stream is read ahead, to batch texts of similar length."""

_Item = TypeVar("_Item")


class Sentence(NamedTuple):
    """A text to translate, its target language, and a prefix of its translation."""

    text: str
    to: str | None
    prefix: str


class Task(NamedTuple):
    """A tokenized sentence to translate: its position, first decoder input and target prefix."""

    position: int
    source: Sequence[int]
    start: int
    prefix: Sequence[int]
    limit: int


def sentences_of(
    texts: Iterable[str], to: str | Sequence[str | None] | None, prefix: str | Sequence[str]
) -> Iterator[Sentence]:
    """Each text with its options, which are the same for all or one for each.

    Raises:
        UsageError: when the numbers of texts and of options differ.
    """
    count = 0
    for text in texts:
        yield Sentence(text, _of(to, count, "to"), _of(prefix, count, "prefix") or "")
        count += 1
    for name, option in (("to", to), ("prefix", prefix)):
        if option is not None and not isinstance(option, str) and len(option) > count:
            raise UsageError(
                "{setting:name} must be one for all texts or one for each, but there are {given} "
                "and only {count} texts",
                setting=Setting(name),
                given=len(option),
                count=count,
            )


def _of(option: str | Sequence[str | None] | None, index: int, name: str) -> str | None:
    if option is None or isinstance(option, str):
        return option
    if index >= len(option):
        raise UsageError(
            "{setting:name} must be one for all texts or one for each, but there are {given} and "
            "more texts",
            setting=Setting(name),
            given=len(option),
        )
    return option[index]


class Batches(TypedDict, total=False):
    """The batch size, as keyword arguments."""

    batch_tokens: int
    batch_size: int


def batches_of(batch_tokens: int | None, batch_size: int | None) -> Batches:
    """The batch size as keyword arguments; None means not given.

    Raises:
        UsageError: when both are given.
    """
    if batch_size is not None and batch_tokens is not None:
        raise UsageError(
            "{size:name} and {tokens:name} exclude each other: give one of them",
            size=Setting("batch_size"),
            tokens=Setting("batch_tokens"),
        )
    if batch_size is not None:
        return {"batch_size": batch_size}
    return {} if batch_tokens is None else {"batch_tokens": batch_tokens}


def check_batches(batch_tokens: int, batch_size: int | None, read_ahead: int | None) -> None:
    """Check batch sizes.

    Raises:
        UsageError: when one of them is less than 1.
    """
    for name, size in (
        ("batch_tokens", batch_tokens),
        ("batch_size", batch_size),
        ("read_ahead", read_ahead),
    ):
        if size is not None and size < 1:
            raise UsageError(
                "{setting:name} must be at least 1, but is {size}", setting=Setting(name), size=size
            )


def windows(
    items: Iterable[_Item], characters_of: Callable[[_Item], int], most: int | None = None
) -> Iterator[list[_Item]]:
    """Items in windows that are read ahead; `most` items each, where that is given."""
    most = WINDOW_TEXTS if most is None else most
    return text_windows(items, characters_of, most, WINDOW_CHARACTERS)
