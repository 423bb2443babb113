"""How far a long work has come, drawn on stderr where somebody sees it."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassformer.library.progress import Progress


@contextlib.contextmanager
def progress(
    description: str, unit: str, *, quiet: bool, to_stdout: bool
) -> "Iterator[Progress | None]":
    """Give what a work tells how far it has come; `unit` names one of its texts by {number}.

    There is none where stderr is no terminal, nor where it would be drawn over results that appear
    on the same one.
    """
    if quiet or not sys.stderr.isatty() or (to_stdout and sys.stdout.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[word]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # results go where they always go
        redirect_stderr=False,
    )
    with bar:
        yield _Bar(bar, description, unit)


class _Bar:
    """A progress bar that a work tells how far it has come."""

    def __init__(self, bar: Any, description: str, unit: str) -> None:
        self._bar = bar
        self._description = description
        self._unit = unit
        self._task: Any = None

    def begin(self, total: int | None) -> None:
        """The work begins."""
        self._task = self._bar.add_task(self._description, total=total, word="")

    def advance(self, done: int, number: int) -> None:
        """So much is done, up to the text of this number."""
        self._bar.update(self._task, completed=done, word=self._unit.format(number=number))
