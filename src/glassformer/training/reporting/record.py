"""`training.json`: what a training was asked for, what it chose, and what came out.

It is written when the training begins and makes sure that the same command goes on with it, and
that no other does.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy
import sacrebleu
import safetensors
import tokenizers
import torch

from glassformer.config import TrainingConfig
from glassformer.config.settings import Given, differences
from glassformer.errors import ConfigError, TrainingError
from glassformer.outputs import replacing
from glassformer.pretrained.files import find_model, find_weights, is_ours, read_config
from glassformer.training.corpus.pairs import PairFiles, sha256_of
from glassformer.version import __version__

RECORD = "training.json"
_VERSION = 1


@dataclass(frozen=True)
class Request:
    """What a person asks for: which pairs, where to, and whatever is not to be chosen."""

    pairs: tuple[PairFiles, ...]
    output: Path
    dev: tuple[PairFiles, ...] = ()
    settings: Given = field(default_factory=dict)
    watch: tuple[str, ...] = ()
    encoder_from: str | None = None
    model_from: str | None = None
    report_to: tuple[str, ...] = ()
    device: str = "cpu"
    force: bool = False


@dataclass
class Record:
    """The content of `training.json`."""

    settings: TrainingConfig
    asked: dict[str, Any]
    """Everything in the request that the weights depend on."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    preflight: dict[str, Any] = field(default_factory=dict)
    held_out: dict[str, Any] | None = None
    unknown_tokens: list[float] | None = None
    roles: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] | None = None
    averaged: list[int] | None = None

    def write(self, folder: Path) -> None:
        """Replace the record of a folder.

        Raises:
            OutputError: when it cannot be written.
        """
        data = {
            "version": _VERSION,
            **asdict(self),
            "versions": versions(),
        }
        with replacing(folder / RECORD) as path:
            path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Record | None":
        """The record of a folder, or None where no training has begun.

        Raises:
            TrainingError: when it cannot be read.
        """
        path = folder / RECORD
        if not path.exists():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data.pop("version") != _VERSION:
                raise ValueError("another version wrote it")
            data.pop("versions")
            data["settings"] = TrainingConfig.from_dict(data["settings"])
            return cls(**data)
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            ConfigError,
        ) as error:
            raise TrainingError(
                f"{path} cannot be read ({error}): begin again with another --output, or --force"
            ) from error


def asked_for(request: Request) -> dict[str, Any]:
    """The part of a request that the weights depend on; data by their hashes, not their names.

    Raises:
        InputError: when a file of pairs cannot be read.
        ModelFilesError: when there is no model of the name given.
    """
    return {
        "settings": request.settings,
        "train": _described(request.pairs),
        "dev": _described(request.dev),
        "watch": list(request.watch),
        "encoder_from": request.encoder_from,
        "encoder_sha256": _sha256_of_model(request.encoder_from),
        "model_from": request.model_from,
        "model_sha256": _sha256_of_model(request.model_from),
        "device": request.device,
    }


def check_same(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Refuse to go on with a training that was asked for differently.

    Raises:
        TrainingError: naming what differs.
    """
    found = differences(before["settings"], now["settings"])
    for part, what in (("train", "the training pairs"), ("dev", "the dev set")):
        if [_identity(one) for one in before[part]] != [_identity(one) for one in now[part]]:
            found.append(_changed(what, before[part], now[part]))
    for key, option in (
        ("watch", "--watch"),
        ("encoder_from", "--encoder-from"),
        ("model_from", "--model-from"),
        ("device", "--device"),
    ):
        old, new = before.get(key), now[key]
        if old != new:
            found.append(f"{option} was {old or 'not given'}, is {new or 'not given'}")
        elif before.get(sha256 := key.replace("_from", "_sha256")) != now.get(sha256):
            found.append(f"the weights of {new} changed")
    if found:
        raise TrainingError(
            f"{folder} holds another training: {'; '.join(found)}. Give another --output, or "
            "--force to begin anew there"
        )


def versions() -> dict[str, str]:
    """The programs that made the weights."""
    modules = (torch, numpy, tokenizers, safetensors, sacrebleu)
    return {
        "glassformer": __version__,
        "python": platform.python_version(),
        **{module.__name__: str(module.__version__) for module in modules},
    }


def _described(files: Sequence[PairFiles]) -> list[dict[str, Any]]:
    return [
        {
            "tag": one.tag,
            "files": [str(path) for path in one.paths],
            "sha256": [sha256_of(path) for path in one.paths],
        }
        for one in files
    ]


def _sha256_of_model(name: str | None) -> str | None:
    if name is None:
        return None
    folder = find_model(name)
    return sha256_of(find_weights(folder, is_ours(read_config(folder))))


def _identity(described: dict[str, Any]) -> tuple[Any, ...]:
    return described["tag"], *described["sha256"]


def _changed(what: str, before: list[dict[str, Any]], now: list[dict[str, Any]]) -> str:
    old = {_identity(one) for one in before}
    names = [name for one in now if _identity(one) not in old for name in one["files"]]
    if names:
        return f"{what} changed ({', '.join(names)})"
    if len(before) == len(now):
        return f"{what} came in another order"
    return f"{what} had {len(before)} sources, now {len(now)}"
