"""Which texts are translated together; their order comes back afterwards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict, TypeVar

from glassformer.errors import Setting, UsageError
from glassformer.text.windows import windows as text_windows

BATCH_TOKENS = 1024
"""Source tokens in a batch, padding included, unless another number is asked for."""

WINDOW_TEXTS, WINDOW_CHARACTERS = 1024, 1 << 17
"""How far a stream is read ahead, to find texts of equal length among it."""

_Item = TypeVar("_Item")


class Request(NamedTuple):
    """A text, its target language, and the beginning of its translation."""

    text: str
    to: str | None
    prefix: str


class Task(NamedTuple):
    """One text to translate: its place among all, its tokens, and how the target begins."""

    place: int
    source: Sequence[int]
    start: int
    prefix: Sequence[int]
    limit: int


def requests_of(
    texts: Iterable[str], to: str | Sequence[str | None] | None, prefix: str | Sequence[str]
) -> Iterator[Request]:
    """Each text with its options, which are one for all or one for each.

    Raises:
        UsageError: when there are more texts than options for them, or fewer.
    """
    count = 0
    for text in texts:
        yield Request(text, _of(to, count, "to"), _of(prefix, count, "prefix") or "")
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
    """How many texts are computed together, as keywords of a stream."""

    batch_tokens: int
    batch_size: int


def batches_of(batch_tokens: int | None, batch_size: int | None) -> Batches:
    """What says how many texts are computed together; None is not given.

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
    """Refuse sizes that hold no text.

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
    """As many as are read ahead, again and again; `most` of them, where that is given."""
    most = WINDOW_TEXTS if most is None else most
    return text_windows(items, characters_of, most, WINDOW_CHARACTERS)
