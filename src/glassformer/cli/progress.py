"""How far a long work has come, drawn on stderr where somebody sees it."""

import contextlib
import sys
from collections.abc import Callable, Iterator

Advance = Callable[[int, str], None]
"""Takes how much is done, and a word on it."""


@contextlib.contextmanager
def progress(
    description: str, total: int | None, *, quiet: bool, to_stdout: bool
) -> Iterator[Advance]:
    """Give a function that is told how much is done.

    Nothing is drawn where stderr is no terminal, nor over results that appear on the same one.
    """
    hidden = quiet or not sys.stderr.isatty() or (to_stdout and sys.stdout.isatty())
    if hidden:
        yield lambda done, word: None
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
        task = bar.add_task(description, total=total, word="")
        yield lambda done, word: bar.update(task, completed=done, word=word)
