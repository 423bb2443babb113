"""Which texts are translated together; their order comes back afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from glassformer.errors import UsageError

BATCH_TOKENS = 1024
"""Source tokens in a batch, padding included, unless another number is asked for."""

WINDOW_TEXTS, WINDOW_CHARACTERS = 1024, 1 << 17
"""How far a stream is read ahead, to find texts of equal length among it."""


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
            raise UsageError(_one_for_each(name, option, f"only {count}"))


def _of(option: str | Sequence[str | None] | None, index: int, name: str) -> str | None:
    if option is None or isinstance(option, str):
        return option
    if index >= len(option):
        raise UsageError(_one_for_each(name, option, "more"))
    return option[index]


def _one_for_each(name: str, option: Sequence[Any], texts: str) -> str:
    return (
        f"{name} must be one for all texts or one for each, but there are {len(option)} and "
        f"{texts} texts"
    )


def windows(requests: Iterable[Request]) -> Iterator[list[Request]]:
    """As many as are read ahead, again and again."""
    window: list[Request] = []
    characters = 0
    for request in requests:
        window.append(request)
        characters += len(request.text)
        if len(window) == WINDOW_TEXTS or characters >= WINDOW_CHARACTERS:
            yield window
            window, characters = [], 0
    if window:
        yield window


def batches(
    tasks: Sequence[Task], batch_tokens: int, batch_size: int | None
) -> Iterator[list[Task]]:
    """Texts to translate together: of like length, the longest first."""
    batch: list[Task] = []
    for task in sorted(tasks, key=lambda task: len(task.source), reverse=True):
        tokens = (len(batch) + 1) * len(batch[0].source) if batch else 0
        full = tokens > batch_tokens if batch_size is None else len(batch) == batch_size
        if batch and full:
            yield batch
            batch = []
        batch.append(task)
    if batch:
        yield batch
