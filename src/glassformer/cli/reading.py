"""What a command reads: a file, stdin, or sentences given with --text."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from glassformer.cli.options import say
from glassformer.cli.spelling import command_line
from glassformer.errors import UsageError


def source_of(file: Path | None, texts: Sequence[str], quiet: bool) -> Path | Sequence[str] | None:
    """The file, the texts, or None for stdin, of which a person at a terminal is told.

    Raises:
        UsageError: when both are given, or a sentence stands where a file is expected.
    """
    if texts and file is not None:
        raise UsageError("FILE and --text exclude each other: give one of them")
    if texts:
        return texts
    path = None if file in (None, Path("-")) else file
    if path is None and is_terminal() and not quiet:
        say("reading lines from the terminal; end with Ctrl-D")
    if path is not None and not path.exists() and (" " in str(path) or not path.suffix):
        verb = click.get_current_context().info_name
        command = command_line(verb, "--text", str(path))
        raise UsageError(
            "there is no file {path!r}; to give a sentence: {command}, or send it through a pipe",
            path=str(path),
            command=command,
        )
    return path


def is_terminal() -> bool:
    """Whether a person types what is read from stdin."""
    return sys.stdin is not None and sys.stdin.isatty()
