"""`glassformer encode`: R, or one pooled vector, of each line of a text."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    text_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.reading import source_of
from glassformer.cli.spoken import Command
from glassformer.errors import UsageError
from glassformer.messages import Message

if TYPE_CHECKING:
    from glassformer.library import EncodedFile

POOLINGS = {"mean": "the mean over the tokens", "cls": "the vector of the first token"}
"""The ways of pooling that a model's own files may ask for."""


@click.command(
    cls=Command,
    short_help="Encode each line of a text as R, or as one pooled vector.",
)
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@text_option
@click.option(
    "--output",
    required=True,
    metavar="FILE",
    help="Output file: .npz, .safetensors or .parquet; - writes .npz to stdout.",
)
@click.option(
    "--pool",
    type=click.Choice(["none", "mean", "cls"]),
    help="Pooling: one vector per line, the mean over its tokens or the vector of its first "
    "token ([CLS]); none keeps one vector per token. Default: as the model's files say, "
    "else none.",
)
@click.option("--normalize", is_flag=True, help="Normalize every vector to unit length (L2).")
@click.option(
    "--skip-blank", is_flag=True, help="Skip blank lines; without this they are an error."
)
@parse_special_option
@click.option(
    "--truncate",
    is_flag=True,
    help="Truncate lines that are longer than the model's maximum length.",
)
@click.option(
    "--batch-tokens",
    type=click.IntRange(min=1),
    help="Batch size in tokens, padding included; it affects speed, not results.",
)
@model_options
@force_option
@quiet_option
@language_option
def command(
    file: Path | None,
    texts: tuple[str, ...],
    output: str,
    quiet: bool,
    **options: Any,
) -> None:
    """Write the encoder outputs (R), or one pooled vector, for each line of FILE.

    FILE is UTF-8 text, one sentence per line, gzipped or not; without FILE, or with -, lines
    are read from stdin.

    The output holds vectors [tokens, d_model], all lines concatenated; offsets [lines + 1],
    where each line begins in them; and tokens. With pooling it holds only vectors [lines,
    d_model]. With --skip-blank it also holds lines, the line numbers in FILE, counted from 1.
    """
    source = source_of(file, texts, quiet)
    path = output_path(output)
    if path is None and sys.stdout.isatty():
        raise UsageError(
            "the output is binary and not written to a terminal: give --output a file name, "
            "or send stdout to a file or program"
        )
    from glassformer.library import encode_file

    with progress("encoding", "line {number}", quiet=quiet, to_stdout=False) as bar:
        done = encode_file(source, path or sys.stdout.buffer, progress=bar, **given(options))
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        _say(done, "stdout" if path is None else output)


def _say(done: "EncodedFile", output: str) -> None:
    """What was made, for a person."""
    if done.own_pooling is not None:
        pooling = Message(POOLINGS[done.own_pooling.mode])
        if done.own_pooling.normalize:
            pooling = Message("{pooling}, made length 1", {"pooling": pooling})
        say(
            "the model's own pooling is used: {pooling} (--pool none keeps one vector per token)",
            pooling=pooling,
        )
    if done.skipped:
        say("blank lines left out: {skipped}", skipped=done.skipped)
    if done.truncated:
        say(
            "lines cut off after {limit} tokens: {truncated}",
            limit=done.limit,
            truncated=done.truncated,
        )
    say(
        "wrote {output}: lines {lines}, tokens {tokens}, vectors {shape}",
        output=output,
        lines=done.lines,
        tokens=done.tokens,
        shape=str(list(done.shape)),
    )
