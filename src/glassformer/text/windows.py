"""A stream of texts in windows, and the texts of a window in batches of like length.

Whatever runs a model over many texts reads some ahead, puts those of like length together so that
little is padding, and gives the results back in order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def count_from_1(index: int) -> str:
    """What errors call one of several texts, unless the caller knows a better name."""
    return f"text {index + 1}"


def windows(
    items: Iterable[_Item], characters_of: Callable[[_Item], int], most: int, most_characters: int
) -> Iterator[list[_Item]]:
    """As many items as are read ahead, again and again: at most `most`, or so many characters."""
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
    """Items to run together, the longest first; an item is as wide as its wider side.

    A batch has at most `batch_tokens` tokens, padding included, or `batch_size` items where that is
    given; an item that is longer by itself is a batch of its own. `tokens_of` counts otherwise than
    by tokens what one item of these widths takes.
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
