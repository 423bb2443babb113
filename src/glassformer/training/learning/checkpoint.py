"""Checkpoints: everything that a resumed training depends on, in one file.

    checkpoints/state.safetensors             weights, Adam's moments, where the training stands
    checkpoints/weights-00000500.safetensors  the weights at a checkpoint, to be averaged

Files are written atomically. What the state does not list belongs to updates that were lost,
and is removed when the training is resumed.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import safetensors
from torch import Tensor

from glassformer.errors import TrainingError
from glassformer.outputs import replacing
from glassformer.pretrained.folder import weights_bytes

STATE = "state.safetensors"
_WEIGHTS = re.compile(r"weights-(\d+)\.safetensors")


@dataclass
class Progress:
    """Where a training stands: plain numbers from which the next update follows."""

    update: int = 0
    epoch: int = 0
    updates_of_epoch: int = 0
    """How many of this epoch's updates have been made."""
    target_tokens: int = 0
    seconds: float = 0.0
    best_loss: float | None = None
    best_update: int = 0
    evaluations_without_better: int = 0
    loss_scale: float = 65536.0
    """float16 only, loss scaling: the factor on the loss, so that small gradients do not vanish."""
    steps_since_overflow: int = 0
    adam_steps: int = 0
    metrics_bytes: int = 0
    """The length of metrics.jsonl at this point."""
    dev_scores: dict[str, float] = field(default_factory=dict)
    """The dev loss at each checkpoint that is kept, by its update."""


def write_state(folder: Path, tensors: Mapping[str, Tensor], progress: Progress) -> None:
    """Replace the state of a training.

    Raises:
        OutputError: when it cannot be written; the state before stays.
    """
    _write(folder / STATE, tensors, {"progress": json.dumps(dataclasses.asdict(progress))})


def read_state(folder: Path) -> tuple[dict[str, Tensor], Progress] | None:
    """The state of a training, or None before its first checkpoint.

    Raises:
        TrainingError: when the file is damaged.
    """
    path = folder / STATE
    if not path.is_file():
        return None
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            progress = Progress(**json.loads(file.metadata()["progress"]))
            return {name: file.get_tensor(name) for name in file.keys()}, progress  # noqa: SIM118
    except (safetensors.SafetensorError, OSError, ValueError, TypeError, KeyError) as error:
        raise TrainingError(
            "{path} is damaged ({reason}), so this training cannot be resumed: remove the folder "
            "and start again",
            path=path,
            reason=str(error),
        ) from error


def weights_path(folder: Path, update: int) -> Path:
    """Where the weights of an update are kept."""
    return folder / f"weights-{update:08}.safetensors"


def write_weights(folder: Path, update: int, weights: Mapping[str, Tensor]) -> None:
    """Keep the weights of an update.

    Raises:
        OutputError: when they cannot be written.
    """
    _write(weights_path(folder, update), weights, None)


def kept_weights(folder: Path) -> dict[int, Path]:
    """The weights that are kept, by update, in order."""
    found = {}
    for path in folder.glob("weights-*.safetensors"):
        if match := _WEIGHTS.fullmatch(path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def keep_only(folder: Path, updates: set[int]) -> None:
    """Remove the weights of all other updates, and what an interrupted write has left."""
    for update, path in kept_weights(folder).items():
        if update not in updates:
            path.unlink(missing_ok=True)
    for path in folder.glob(".*.partial"):
        path.unlink(missing_ok=True)


def _write(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None) -> None:
    data = weights_bytes(tensors, metadata)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
