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


def sentence_of(words: tuple[str, ...], may_be_left_out: bool) -> str | None:
    """The one sentence of the command line, or else from stdin; None where there may be none.

    Raises:
        UsageError: when there are several, or none.
    """
    if len(words) > 1:
        raise UsageError(
            "expected one sentence, but was given {number} words: put it in quotes, {command}",
            number=len(words),
            command=command_line("inspect", " ".join(words)),
        )
    if words and words[0] != "-":
        return words[0]
    if not words and (is_terminal() or sys.stdin is None or may_be_left_out):
        if may_be_left_out:
            return None
        raise click.MissingParameter(
            ctx=click.get_current_context(), param_type="argument", param_hint="'SENTENCE'"
        )
    from glassformer.text.lines import read_lines

    with read_lines(None) as lines:
        read = list(lines)
    if not read:
        raise UsageError("expected a sentence on stdin, but there is none")
    if len(read) > 1:
        raise UsageError(
            "expected one sentence on stdin, but there are {number} lines; for many, translate and "
            "encode take files",
            number=len(read),
        )
    return read[0]
