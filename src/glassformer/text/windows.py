"""Batching by length: a stream of texts in windows, and each window in batches of similar length.

Code that runs a model over many texts reads ahead, batches texts of similar length to minimise
padding, and restores the original order of the results.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from glassformer.messages import Term

_Item = TypeVar("_Item")


def count_from_1(index: int) -> str:
    """How errors name one of several texts by default."""
    return Term("text {number}", number=index + 1)


def windows(
    items: Iterable[_Item], characters_of: Callable[[_Item], int], most: int, most_characters: int
) -> Iterator[list[_Item]]:
    """Items in windows of at most `most` items, cut earlier at `most_characters` characters."""
    window: list[_Item] = []
    characters = 0
    for item in items:
        window.append(item)
        characters += characters_of(item)
        if len(window) == most or characters >= most_characters:
            yield window
            window, characters = [], 0
    if window:
        yield window


def of_like_length(
    items: Iterable[_Item],
    widths_of: Callable[[_Item], Sequence[int]],
    batch_tokens: int,
    batch_size: int | None = None,
    tokens_of: Callable[[tuple[int, ...]], int] = max,
) -> Iterator[list[_Item]]:
    """Batches of items of similar length, the longest first; the longer side of an item counts.

    A batch has at most `batch_tokens` tokens, padding included, or `batch_size` items where that is
    given; an item that exceeds this alone is a batch of its own. `tokens_of` may replace the number
    of tokens by another cost of one item of these lengths.
    """
    batch: list[_Item] = []
    widths: tuple[int, ...] = ()
    for item in sorted(items, key=lambda item: tuple(widths_of(item)), reverse=True):
        own = tuple(widths_of(item))
        widths = tuple(map(max, widths, own)) if batch else own
        tokens = (len(batch) + 1) * tokens_of(widths)
        full = tokens > batch_tokens if batch_size is None else len(batch) == batch_size
        if batch and full:
            yield batch
            batch, widths = [], own
        batch.append(item)
    if batch:
        yield batch
