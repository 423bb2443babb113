"""Checkpoint averaging: the mean of several checkpoints is often better than any of them.

Vaswani et al. (2017), section 6.1, average the last five or twenty.
"""

from collections.abc import Sequence
from pathlib import Path

import safetensors
import torch
from torch import Tensor

from glassformer.errors import ModelFilesError, UsageError


def mean_of(paths: Sequence[Path]) -> dict[str, Tensor]:
    """The mean of the weights in several safetensors files of one model, summed in float64.

    Tied weights stand in a file once and so count once. Numbers that are not floating point (a
    counter, a table of indices) are not averaged: they have to be equal in all files and stay.

    Raises:
        UsageError: when there is no file.
        ModelFilesError: when a file cannot be read, or holds other weights than the first.
    """
    if not paths:
        raise UsageError("checkpoint averaging needs at least one checkpoint")
    total: dict[str, Tensor] = {}
    dtypes: dict[str, torch.dtype] = {}
    for path in paths:
        weights = _read(path)
        if not total:
            dtypes = {name: tensor.dtype for name, tensor in weights.items()}
        elif {n: t.shape for n, t in weights.items()} != {n: t.shape for n, t in total.items()}:
            raise ModelFilesError(
                "{path} has other weights than {first}: they cannot be averaged",
                path=path,
                first=paths[0],
            )
        for name, tensor in weights.items():
            if not tensor.is_floating_point():
                if not torch.equal(total.setdefault(name, tensor), tensor):
                    raise ModelFilesError(
                        "{path}: {name} holds integers that differ from those of {first}, "
                        "which cannot be averaged",
                        path=path,
                        name=name,
                        first=paths[0],
                    )
            elif name in total:
                total[name] += tensor.double()
            else:
                total[name] = tensor.double()
    return {
        name: (tensor / len(paths)).to(dtypes[name]) if tensor.is_floating_point() else tensor
        for name, tensor in total.items()
    }


def _read(path: Path) -> dict[str, Tensor]:
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (safetensors.SafetensorError, OSError) as error:
        raise ModelFilesError(
            "cannot read {path}: {reason}", path=path, reason=str(error)
        ) from error
