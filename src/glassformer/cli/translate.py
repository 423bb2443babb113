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

TEXTS = {
    "en": {
        "progress": "translating",
        "line": "line {number}",
        "wrote": "wrote {output}: lines {lines}",
    },
    "zh": {
        "progress": "翻译中",
        "line": "第 {number} 行",
        "wrote": "已写入 {output}：行数 {lines}",
    },
}


@click.command(short_help="Translate each line of a text.")
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@text_option
@search_options
@click.option(
    "--n-best",
    type=click.IntRange(min=1),
    default=1,
    help="Translations of each line: the best of the beam, or so many samples.",
)
@parse_special_option
@click.option("--prefix", metavar="TEXT", help="How every translation begins.")
@click.option(
    "--prefix-file",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="How each translation begins, one a line; an empty line leaves it open.",
)
@click.option(
    "--read-ahead",
    metavar="LINES",
    type=click.IntRange(min=1),
    help="Read so many lines, and translate those of like length together. 1 answers each line "
    "at once. Default: 1024, from a terminal 1.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "jsonl"]),
    help="For people, or with all scores, tokens and alternatives for programs. Default: as the "
    "ending of --output says, else text.",
)
@click.option("--output", metavar="FILE", help="Where to; default: stdout.")
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
    language: str,
    **options: Any,
) -> None:
    """Translate each line of FILE, in its order.

    FILE is UTF-8 text, one sentence a line, gzipped or not; without one, or for -, it is stdin.
    Translations appear as they are made, and stay when the work is interrupted. An empty line
    stays an empty line.

    With --n-best above 1, text is the n-best list of Moses and Marian: the number of the line,
    from 0, the translation, the logarithm of its probability, and the score that ranks it, parted
    by |||.
    """
    source = source_of(file, texts, language, quiet)
    if source is None and is_terminal() and read_ahead is None:
        read_ahead = 1
    from glassformer.library import translate_file

    path = output_path(output)
    words = TEXTS[language]
    with progress(words["progress"], words["line"], quiet=quiet, to_stdout=path is None) as bar:
        done = translate_file(
            source, path or sys.stdout, read_ahead=read_ahead, progress=bar, **given(options)
        )
    say_notes(done.notes, quiet=quiet)
    if path is not None and not quiet:
        say(words["wrote"].format(output=output, lines=done.lines))
