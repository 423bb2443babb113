"""How far a long work has come: whoever asked is told, and nobody else."""

from typing import Protocol


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
