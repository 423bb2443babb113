"""`glassformer average`: the mean of the checkpoints of a training, as its weights."""

from pathlib import Path

import click

from glassformer.cli.options import language_option, quiet_option
from glassformer.views import printable

TEXTS = {
    "en": "wrote {path}: the mean of the weights of the updates {updates}",
    "zh": "已写入 {path}：第 {updates} 步权重的平均",
}


@click.command(short_help="Average the checkpoints of a training.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--last",
    type=click.IntRange(min=1),
    help="Only the last so many of the checkpoints kept; default: all of them.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to; default: the weights of FOLDER itself, which needs --force.",
)
@click.option("--force", is_flag=True, help="Replace weights that exist already.")
@quiet_option
@language_option
def command(
    folder: Path, last: int | None, output: Path | None, force: bool, quiet: bool, language: str
) -> None:
    """Average the weights that a training has kept in FOLDER/checkpoints.

    How many are kept is the setting training.average. Tied weights count once; numbers that are
    not floating point are never averaged.
    """
    from glassformer.training.average import average

    result = average(folder, last=last, output=output, force=force)
    if not quiet:
        listed = ", ".join(map(str, result.updates))
        click.echo(printable(TEXTS[language].format(path=result.path, updates=listed)), err=True)
