"""`average`: checkpoint averaging of what a training has kept, as weights of their own."""

import os
from dataclasses import dataclass
from pathlib import Path

from glassformer.errors import ModelFilesError, OutputError, Setting, UsageError
from glassformer.outputs import replacing
from glassformer.pretrained.files import WEIGHTS
from glassformer.pretrained.folder import weights_bytes
from glassformer.training.learning.averaging import mean_of
from glassformer.training.learning.checkpoint import STATE, kept_weights


@dataclass(frozen=True)
class AverageResult:
    """The file that was written, and the updates whose weights it is the mean of."""

    path: Path
    updates: tuple[int, ...]


def average(
    folder: str | os.PathLike[str],
    *,
    last: int | None = None,
    output: str | os.PathLike[str] | None = None,
    force: bool = False,
) -> AverageResult:
    """Average the checkpoints that a training has kept in FOLDER/checkpoints.

    How many are kept is the setting training.average; `last` takes only so many of them, from the
    end. Without `output` the mean becomes the weights of the folder itself, which `force` allows.

    Raises:
        ModelFilesError: when no weights are kept there, or they are damaged.
        UsageError: when there are fewer than `last`.
        OutputError: when the file cannot be written, or exists and `force` is not given.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelFilesError("there is no folder {folder}", folder=folder)
    kept = kept_weights(folder / "checkpoints")
    if not kept:
        raise ModelFilesError(
            "{folder} holds no checkpoints: expected the folder of a training",
            folder=folder / "checkpoints",
        )
    if last is not None and not 1 <= last <= len(kept):
        raise UsageError(
            "{last}: must be from 1 to {kept}, the number of checkpoints in {folder}",
            last=Setting("last", last),
            folder=folder,
            kept=len(kept),
        )
    if output is None and (folder / "checkpoints" / STATE).exists():
        raise OutputError(
            "{folder} is still being trained, and its weights would make it look complete: give "
            "{output}",
            folder=folder,
            output=Setting("output", "FILE"),
        )
    updates = tuple(kept)[-last:] if last else tuple(kept)
    path = folder / WEIGHTS if output is None else Path(output)
    data = weights_bytes(mean_of([kept[update] for update in updates]))
    with replacing(path, force=force) as temporary:
        temporary.write_bytes(data)
    return AverageResult(path, updates)
