"""Text of other people inside Markdown, so that it is shown and never taken for Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any

from glassformer.views import printable


def code(text: Any) -> str:
    """A value as inline code."""
    shown = printable(str(text))
    fence = "`" * (_longest_run(shown) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}" if shown else ""


def block(lines: Iterable[str]) -> str:
    """Lines of text as they are."""
    text = "\n".join(printable(line) for line in lines)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    escaped = ([str(cell).replace("|", "\\|") for cell in line] for line in lines)
    return "".join("| " + " | ".join(line) + " |\n" for line in escaped)


def _longest_run(text: str) -> int:
    """The most backticks in a row."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
