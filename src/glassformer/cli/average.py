"""`glassformer average`: the mean of the checkpoints of a training, as its weights."""

from pathlib import Path

import click

from glassformer.cli.options import language_option, quiet_option, say
from glassformer.cli.spoken import Command


@click.command(cls=Command, short_help="Average the checkpoints of a training.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--last",
    type=click.IntRange(min=1),
    help="Average only the last N checkpoints; default: all that were kept.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Output file; default: the weights of FOLDER itself, which needs --force.",
)
@click.option("--force", is_flag=True, help="Overwrite existing weights.")
@quiet_option
@language_option
def command(folder: Path, last: int | None, output: Path | None, force: bool, quiet: bool) -> None:
    """Average the weights of the checkpoints that a training kept in FOLDER/checkpoints.

    The setting training.average says how many are kept. Tied weights are averaged once; tensors
    that are not floating point are not averaged.
    """
    from glassformer.training.average import average

    result = average(folder, last=last, output=output, force=force)
    if not quiet:
        say(
            "wrote {path}: the mean of the weights of the updates {updates}",
            path=result.path,
            updates=tuple(result.updates),
        )
