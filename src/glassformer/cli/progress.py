"""A progress bar for long work, on stderr where somebody sees it."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glassformer.cli.spoken import words

if TYPE_CHECKING:
    from glassformer.library.progress import Progress


@contextlib.contextmanager
def progress(
    description: str, unit: str, *, quiet: bool, to_stdout: bool
) -> "Iterator[Progress | None]":
    """Give what a work tells how far it has come; `unit` names one of its texts by {number}.

    Both are sentences in English.

    There is none where stderr is no terminal, nor where it would be drawn over results that appear
    on the same one.
    """
    if quiet or not sys.stderr.isatty() or (to_stdout and sys.stdout.isatty()):
        yield None
        return
    from glassformer.drawing.progress import Bar

    with Bar(words(description), words(unit)) as bar:
        yield bar
