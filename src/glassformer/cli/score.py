"""`glassformer score`: log-probabilities of given translations, and which is the most probable."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    batch_options,
    given,
    language_option,
    model_options,
    parse_special_option,
    quiet_option,
    say,
    say_notes,
    to_option,
    truncate_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.spoken import Command

if TYPE_CHECKING:
    from glassformer.library import ScoredFile


@click.command(cls=Command, short_help="Compute the log-probability of given translations.")
@click.argument(
    "files",
    nargs=-1,
    metavar="[SOURCE TARGET...]",
    type=click.Path(path_type=Path, readable=False),
)
@click.option(
    "--text",
    multiple=True,
    metavar="TEXT",
    help="A source sentence, in place of SOURCE. Repeatable.",
)
@click.option(
    "--target",
    multiple=True,
    metavar="TEXT",
    help="A translation of --text, in place of TARGET. Repeatable.",
)
@click.option(
    "--pairs",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Source and target in one file: .tsv (tab-separated), .csv, .jsonl or .tmx; further "
    "columns are ignored.",
)
@click.option(
    "--contrastive",
    is_flag=True,
    help="Contrastive evaluation: every column of --pairs but the first is a target.",
)
@to_option
@parse_special_option
@truncate_option
@batch_options
@click.option(
    "--format",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="Scores per pair, or JSON lines that also hold the score of every token.",
)
@model_options
@quiet_option
@language_option
def command(files: tuple[Path, ...], quiet: bool, **options: Any) -> None:
    """Compute the log-probability of line i of TARGET as the translation of line i of SOURCE.

    Each pair gets one line: the log-probability of the target (natural logarithm) and,
    tab-separated, its mean over the tokens, end token included. The total over all pairs and
    the perplexity go to stderr.

    With several TARGET files, or with --contrastive, each line holds the number of its most
    probable target, counted from 1, and then the log-probabilities of all targets,
    tab-separated.

    With --text and --target, sentences take the place of files: one source with all its
    targets, or as many sources as targets.
    """
    from glassformer.library import score_file

    with progress("scoring", "line {number}", quiet=quiet, to_stdout=True) as bar:
        done = score_file(
            next(iter(files), None), files[1:], write=_write, progress=bar, **given(options)
        )
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        _say(done)


def _write(line: str) -> None:
    click.echo(line, nl=False)


def _say(done: "ScoredFile") -> None:
    """The totals, for a person."""
    for column, count in done.likeliest.items():
        say(
            "target {column} is the likeliest of its line: {count} of {lines} ({share:.1f} %)",
            column=column,
            count=count,
            lines=done.lines,
            share=100.0 * count / done.lines,
        )
    if not done.likeliest:
        say(
            "pairs {pairs}, tokens {tokens}: log-probability {score:.4f}, per token "
            "{per_token:.4f}, perplexity {perplexity:.2f}",
            pairs=done.pairs,
            tokens=done.tokens,
            score=done.score,
            per_token=done.per_token,
            perplexity=done.perplexity,
        )
    if done.impossible:
        say(
            "pairs with a token that this model never generates, not among these: {impossible}",
            impossible=done.impossible,
        )
