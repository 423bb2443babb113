"""`glassformer translate`: lines in, translated lines out."""

import sys
from pathlib import Path
from typing import Any

import click

from glassformer.cli.options import (
    force_option,
    given,
    language_option,
    model_options,
    output_path,
    parse_special_option,
    quiet_option,
    say,
    say_notes,
    search_options,
    text_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.reading import is_terminal, source_of
from glassformer.cli.spoken import Command


@click.command(cls=Command, short_help="Translate each line of a text.")
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@text_option
@search_options
@click.option(
    "--n-best",
    type=click.IntRange(min=1),
    default=1,
    help="Number of translations per line: the best of the beam, or that many samples.",
)
@parse_special_option
@click.option(
    "--prefix", metavar="TEXT", help="Forced prefix: the text that every translation begins with."
)
@click.option(
    "--prefix-file",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Forced prefixes, one per line of FILE; an empty line forces none.",
)
@click.option(
    "--read-ahead",
    metavar="LINES",
    type=click.IntRange(min=1),
    help="Number of lines to read ahead, so that lines of similar length are batched together; "
    "1 translates each line at once. Default: 1024, or 1 when reading from a terminal.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "jsonl"]),
    help="Plain text, or JSON lines with all scores, tokens and alternatives. Default: by the "
    "extension of --output, else text.",
)
@click.option("--output", metavar="FILE", help="Output file; default: stdout.")
@model_options
@force_option
@quiet_option
@language_option
def command(
    file: Path | None,
    texts: tuple[str, ...],
    output: str | None,
    read_ahead: int | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Translate each line of FILE, in order.

    FILE is UTF-8 text, one sentence per line, gzipped or not; without FILE, or with -, lines
    are read from stdin. Translations are written as they are made, and those written are kept
    when the command is interrupted. An empty line stays empty.

    With --n-best above 1, the text output is an n-best list as in Moses and Marian: line number
    (from 0), translation, log-probability, and ranking score, separated by |||.
    """
    source = source_of(file, texts, quiet)
    if source is None and is_terminal() and read_ahead is None:
        read_ahead = 1
    from glassformer.library import translate_file

    path = output_path(output)
    with progress("translating", "line {number}", quiet=quiet, to_stdout=path is None) as bar:
        done = translate_file(
            source, path or sys.stdout, read_ahead=read_ahead, progress=bar, **given(options)
        )
    say_notes(done.notes, quiet=quiet)
    if path is not None and not quiet:
        say("wrote {output}: lines {lines}", output=output, lines=done.lines)
