"""A bar that shows how far a long work has come, on stderr and where somebody sees it."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bar:
    """Told by a work how far it has come; `unit` names one of its texts by {number}.

    Nothing is drawn where stderr is neither a terminal nor a notebook's.
    """

    def __init__(self, description: str, unit: str = "{number}") -> None:
        console = Console(file=sys.stderr)
        self._description = description
        self._unit = unit
        self._task: TaskID | None = None
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[word]}", markup=False),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,  # results go where they always go
            redirect_stderr=False,
            disable=not (console.is_terminal or console.is_jupyter),
        )

    def begin(self, total: int | None) -> None:
        """The work begins."""
        self._task = self._bar.add_task(self._description, total=total, word="")

    def advance(self, done: int, number: int) -> None:
        """So much is done, up to the text of this number."""
        if self._task is not None:
            word = self._unit.format(number=number)
            self._bar.update(self._task, completed=done, word=word)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()
