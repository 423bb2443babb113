"""How far a long work has come: whoever asked is told, and nobody else."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

from glassformer.drawing.progress import Bar


class Progress(Protocol):
    """Told how far a work has come; a surface draws it."""

    def begin(self, total: int | None) -> None:
        """The work begins; `total` is how much there is, where that can be known."""
        ...

    def advance(self, done: int, number: int) -> None:
        """So much of the total is done, up to the text of this number, from 1."""
        ...


class Unseen:
    """Nobody watches."""

    def begin(self, total: int | None) -> None:
        """Nothing."""

    def advance(self, done: int, number: int) -> None:
        """Nothing."""


@contextlib.contextmanager
def watched(progress: Progress | bool | None, description: str) -> Iterator[Progress]:
    """Whoever is to be told: the one given, with True a bar on stderr, or nobody."""
    if progress is True:
        with Bar(description) as bar:
            yield bar
    else:
        yield progress or Unseen()
