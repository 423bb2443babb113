"""`glassformer average`: the mean of the checkpoints of a training, as its weights."""

from pathlib import Path

import click

from glassformer.cli.options import language_option, quiet_option
from glassformer.errors import ModelFilesError, OutputError, UsageError
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
    from glassformer.outputs import replacing
    from glassformer.pretrained.files import WEIGHTS
    from glassformer.pretrained.folder import weights_bytes
    from glassformer.training.learning.averaging import average
    from glassformer.training.learning.checkpoint import STATE, kept_weights

    if not folder.is_dir():
        raise ModelFilesError(f"there is no folder {folder}")
    kept = kept_weights(folder / "checkpoints")
    if not kept:
        raise ModelFilesError(
            f"{folder / 'checkpoints'} holds no weights: expected a folder that glassformer train "
            "has made, or is making"
        )
    if last is not None and last > len(kept):
        raise UsageError(f"--last {last}: only {len(kept)} checkpoints are kept in {folder}")
    updates = list(kept)[-last:] if last else list(kept)
    path = output or folder / WEIGHTS
    if output is None and (folder / "checkpoints" / STATE).exists():
        raise OutputError(
            f"{folder} is still being trained, and its weights would make it look complete: "
            "give --output FILE"
        )
    data = weights_bytes(average([kept[update] for update in updates]))
    with replacing(path, force=force) as temporary:
        temporary.write_bytes(data)
    if not quiet:
        listed = ", ".join(map(str, updates))
        click.echo(printable(TEXTS[language].format(path=path, updates=listed)), err=True)
