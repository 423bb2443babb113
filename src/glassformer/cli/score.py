"""`glassformer score`: how likely given translations are, and which of several is likelier."""

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

if TYPE_CHECKING:
    from glassformer.library import ScoredFile

TEXTS = {
    "en": {
        "progress": "scoring",
        "line": "line {number}",
        "total": "pairs {pairs}, tokens {tokens}: log-probability {score:.4f}, per token "
        "{per_token:.4f}, perplexity {perplexity:.2f}",
        "impossible": "pairs with a token that this model never generates, not among these: "
        "{impossible}",
        "likeliest": "target {column} is the likeliest of its line: {count} of {lines} "
        "({share:.1f} %)",
    },
    "zh": {
        "progress": "打分中",
        "line": "第 {number} 行",
        "total": "句对 {pairs}，词元 {tokens}：对数概率 {score:.4f}，每词元 {per_token:.4f}，"
        "困惑度 {perplexity:.2f}",
        "impossible": "另有 {impossible} 个句对含有模型从不生成的词元，不计在内",
        "likeliest": "第 {column} 个译文最可能的行：{count} / {lines}（{share:.1f} %）",
    },
}


@click.command(short_help="Say how likely given translations are.")
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
    help="A sentence to translate, in place of SOURCE. May be repeated.",
)
@click.option(
    "--target",
    multiple=True,
    metavar="TEXT",
    help="A translation of --text, in place of TARGET. May be repeated.",
)
@click.option(
    "--pairs",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Source and target in one file, .tsv, .csv, .jsonl or .tmx; other columns of it are "
    "left out.",
)
@click.option(
    "--contrastive", is_flag=True, help="Every column of --pairs but the first is a target."
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
    help="Totals alone, or the scores of all tokens too.",
)
@model_options
@quiet_option
@language_option
def command(files: tuple[Path, ...], quiet: bool, language: str, **options: Any) -> None:
    """Say how likely line i of TARGET is as the translation of line i of SOURCE.

    For each pair the natural logarithm of the target's probability and, after a tab, its mean over
    the tokens, the end token included. The sum over all pairs, and the perplexity, go to stderr.

    With several TARGET files, or --contrastive, each line has the number of its likeliest target,
    from 1, and then the logarithms of them all, parted by tabs.

    With --text and --target, sentences take the place of files: one text and all its targets, or as
    many of one as of the other.
    """
    from glassformer.library import score_file

    words = TEXTS[language]
    with progress(words["progress"], words["line"], quiet=quiet, to_stdout=True) as bar:
        done = score_file(
            next(iter(files), None), files[1:], write=_write, progress=bar, **given(options)
        )
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        _say(done, words)


def _write(line: str) -> None:
    click.echo(line, nl=False)


def _say(done: "ScoredFile", words: dict[str, str]) -> None:
    """The sums, for a person."""
    for column, count in done.likeliest.items():
        share = 100.0 * count / done.lines
        say(words["likeliest"].format(column=column, count=count, lines=done.lines, share=share))
    if not done.likeliest:
        say(
            words["total"].format(
                pairs=done.pairs,
                tokens=done.tokens,
                score=done.score,
                per_token=done.per_token,
                perplexity=done.perplexity,
            )
        )
    if done.impossible:
        say(words["impossible"].format(impossible=done.impossible))
