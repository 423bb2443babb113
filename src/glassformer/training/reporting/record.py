"""The record of a training, `training.json`: what was asked for, what was chosen, the scores.

It is written when the training starts and makes sure that the same command resumes it, and that no
other does.
"""

import functools
import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy
import sacrebleu
import safetensors
import tokenizers
import torch

from glassformer.config import TrainingConfig
from glassformer.config.settings import differences
from glassformer.errors import ConfigError, Setting, TrainingError
from glassformer.messages import Message
from glassformer.outputs import replacing
from glassformer.version import __version__

RECORD = "training.json"
_VERSION = 1
_NOT_GIVEN = Message("not given")


@dataclass
class TrainingRecord:
    """The content of `training.json`."""

    settings: TrainingConfig
    asked: dict[str, Any]
    """Everything in the request that the weights depend on."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    preflight: dict[str, Any] = field(default_factory=dict)
    held_out: dict[str, Any] | None = None
    near_duplicates: dict[str, Any] | None = None
    """How many dev pairs have one among the training pairs; None in older trainings."""
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
    def read(cls, folder: Path) -> "TrainingRecord | None":
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
                raise ValueError(Message("written by another version"))
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
                "cannot read {path} ({reason}): start again with another {output}, or {force}",
                path=path,
                reason=_reason(error),
                output=Setting("output", "FOLDER"),
                force=Setting("force", True),
            ) from error


def check_same(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Refuse to resume a training that was asked for differently.

    Raises:
        TrainingError: naming what differs.
    """
    found: list[str | Message] = [*differences(before["settings"], now["settings"])]
    for part, what in (
        ("train", Message("the training pairs")),
        ("dev", Message("the dev pairs")),
    ):
        if [_identity(one) for one in before[part]] != [_identity(one) for one in now[part]]:
            found.append(_changed(what, before[part], now[part]))
    for key, setting in (
        ("watch", Setting("watch")),
        ("encoder_from", Setting("encoder_from")),
        ("model_from", Setting("model_from")),
        ("device", Setting("device")),
    ):
        old, new = before.get(key), now[key]
        sha256 = key.replace("_from", "_sha256")
        if old != new:
            was, is_now = (str(value) if value else _NOT_GIVEN for value in (old, new))
            found.append(
                Message(
                    "{setting:name} was {was} and is now {is_now}",
                    {"setting": setting, "was": was, "is_now": is_now},
                )
            )
        elif before.get(sha256) != now.get(sha256):
            found.append(Message("the weights of {model} changed", {"model": new}))
    if found:
        raise TrainingError(
            "{folder} holds another training: {differences}. Give another {output}, or {force} to "
            "start over there",
            folder=folder,
            differences=functools.reduce(_and, found),
            output=Setting("output", "FOLDER"),
            force=Setting("force", True),
        )


def versions() -> dict[str, str]:
    """The software versions that made the weights."""
    modules = (torch, numpy, tokenizers, safetensors, sacrebleu)
    return {
        "glassformer": __version__,
        "python": platform.python_version(),
        **{module.__name__: str(module.__version__) for module in modules},
    }


def _reason(error: Exception) -> str | Message:
    """Why a file cannot be read, as a message where it is one of ours."""
    if isinstance(error, ConfigError):
        return error.message
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def _identity(described: dict[str, Any]) -> tuple[Any, ...]:
    return described["tag"], *described["sha256"]


def _changed(what: Message, before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Message:
    old = {_identity(one) for one in before}
    names = [name for one in now if _identity(one) not in old for name in one["files"]]
    if names:
        return Message("{what} changed ({names})", {"what": what, "names": names})
    if len(before) == len(now):
        return Message("{what} are in another order", {"what": what})
    return Message(
        "files of {what}: {before} before, {now} now",
        {
            "what": what,
            "before": sum(len(one["files"]) for one in before),
            "now": sum(len(one["files"]) for one in now),
        },
    )


def _and(first: str | Message, then: str | Message) -> Message:
    return Message("{first}; {then}", {"first": first, "then": then})
