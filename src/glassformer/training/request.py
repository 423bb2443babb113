"""The request for a training: pairs to train on, a folder, and settings that are given."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from glassformer.catalogue import Language
from glassformer.config.settings import Given
from glassformer.pretrained.files import find_model, find_weights, is_ours, read_config
from glassformer.training.corpus.pairs import PairFiles, sha256_of


@dataclass(frozen=True)
class NamedModel:
    """A model as a person has named it, and the folder that was found by that name."""

    name: str
    folder: Path

    @classmethod
    def find(cls, name: str) -> Self:
        """The model of this name.

        Raises:
            ModelFilesError: when there is none here; the message says how to get it.
        """
        return cls(name, find_model(name))


@dataclass(frozen=True)
class TrainingRequest:
    """What a person asks for: which pairs, which folder, and which settings."""

    pairs: tuple[PairFiles, ...]
    output: Path
    dev: tuple[PairFiles, ...] = ()
    settings: Given = field(default_factory=dict)
    watch: tuple[str, ...] = ()
    encoder_from: NamedModel | None = None
    model_from: NamedModel | None = None
    report_to: tuple[str, ...] = ()
    device: str = "cpu"
    force: bool = False
    language: Language = "en"
    """Of the card alone: no weight depends on it, so it is no part of `asked_for`."""

    def to_json(self) -> str:
        """One line that `from_json` reads back, for further processes of the same training."""
        return json.dumps(dataclasses.asdict(self), default=str)  # paths as text

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave."""
        data = json.loads(text)
        for name in ("pairs", "dev"):
            data[name] = tuple(PairFiles(**_with_paths(one)) for one in data[name])
        for name in ("encoder_from", "model_from"):
            data[name] = data[name] and NamedModel(**_with_paths(data[name]))
        for name in ("watch", "report_to"):
            data[name] = tuple(data[name])
        return cls(**{**data, "output": Path(data["output"])})


def asked_for(request: TrainingRequest) -> dict[str, Any]:
    """The part of a request that the weights depend on; data by their hashes, not their names.

    Raises:
        InputError: when a file of pairs cannot be read.
        ModelFilesError: when a given model has no weights.
    """
    return {
        "settings": request.settings,
        "train": _described(request.pairs),
        "dev": _described(request.dev),
        "watch": list(request.watch),
        "encoder_from": request.encoder_from and request.encoder_from.name,
        "encoder_sha256": _sha256_of_model(request.encoder_from),
        "model_from": request.model_from and request.model_from.name,
        "model_sha256": _sha256_of_model(request.model_from),
        "device": request.device,
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


def _sha256_of_model(model: NamedModel | None) -> str | None:
    if model is None:
        return None
    return sha256_of(find_weights(model.folder, is_ours(read_config(model.folder))))


def _with_paths(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass from JSON, where those that hold paths are paths again."""
    paths = {"source", "target", "folder"}
    return {
        name: Path(value) if name in paths and value is not None else value
        for name, value in fields.items()
    }
