"""The file of what was recorded while a model learned, in the folder of the training.

watch.safetensors     tensors of weights; what they belong to is JSON in its metadata
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from glassformer.config import ModelConfig
from glassformer.errors import Setting, TraceError
from glassformer.inspection.watched import LEVELS, Entry, WatchedTarget, WatchRecord, Weights
from glassformer.outputs import replacing
from glassformer.pretrained.files import read_config
from glassformer.views import Sentence

FILE = "watch.safetensors"
SCHEMA = "glassformer.watch/1"


def write_watch(folder: Path, record: WatchRecord) -> None:
    """Replace the record of a folder; equal records are equal bytes.

    Raises:
        OutputError: when it cannot be written; the one before stays.
    """
    tensors, entries = {}, []
    for entry in record.entries:
        for key, weights in entry.weights.items():
            tensors[_tensor_name(entry.update, entry.sentence, key)] = np.ascontiguousarray(weights)
        targets = [
            {"sentence": target.sentence.to_json(), "score": target.score}
            for target in entry.targets
        ]
        entries.append(
            {
                "update": entry.update,
                "sentence": entry.sentence,
                "targets": targets,
                "problem": entry.problem,
            }
        )
    data = {
        "schema": SCHEMA,
        "levels": LEVELS,
        "max_updates": record.max_updates,
        "tags": record.tags,
        "sentences": [sentence.to_json() for sentence in record.sentences],
        "entries": entries,
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    numbers = safetensors.numpy.save(dict(sorted(tensors.items())), {"watch": text})
    with replacing(folder / FILE) as path:
        path.write_bytes(numbers)


def read_watch(folder: Path, name: str = "") -> WatchRecord:
    """The record of a folder whose training is complete, or still going on.

    Raises:
        TraceError: when nothing was watched there, or the file is damaged.
        ModelFilesError: when the folder is none of a model.
    """
    path = folder / FILE
    data = {key: value for key, value in read_config(folder).items() if key != "glassformer"}
    if not path.is_file():
        raise TraceError(
            "{folder} has no {file}: no sentence was watched during that training (train with "
            "{watch})",
            folder=folder,
            file=FILE,
            watch=Setting("watch", "SENTENCE"),
        )
    config = ModelConfig.from_dict(data)
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            data = json.loads(file.metadata()["watch"])
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        if (data["schema"], data["levels"]) != (SCHEMA, LEVELS):
            raise ValueError(f"it is of schema {data['schema']}, not {SCHEMA}")
        record = WatchRecord(
            sentences=tuple(map(Sentence.from_json, data["sentences"])),
            tags=tuple(data["tags"]),
            max_updates=data["max_updates"],
            entries=tuple(_entry(one, len(data["tags"]), tensors) for one in data["entries"]),
            config=config,
            name=name or str(folder),
        )
        _check(record)
    except (OSError, ValueError, LookupError, TypeError, safetensors.SafetensorError) as error:
        raise TraceError(
            "{path} is damaged or of another version: {reason}", path=path, reason=str(error)
        ) from error
    return record


def _tensor_name(update: int, sentence: int, key: str) -> str:
    return f"{update:08}.{sentence:02}.{key}"


def _keys(num_targets: int) -> list[str]:
    pairs = [(t, part) for t in range(num_targets) for part in ("decoder", "cross")]
    return ["encoder", *(f"{t}.{part}" for t, part in pairs)]


def _entry(data: Mapping[str, Any], num_targets: int, tensors: Mapping[str, Weights]) -> Entry:
    update, sentence = data["update"], data["sentence"]
    keys = _keys(num_targets) if data["problem"] is None else []
    return Entry(
        update=update,
        sentence=sentence,
        targets=tuple(
            WatchedTarget(sentence=Sentence.from_json(one["sentence"]), score=one["score"])
            for one in data["targets"]
        ),
        weights={key: tensors[_tensor_name(update, sentence, key)] for key in keys},
        problem=data["problem"],
    )


def _check(record: WatchRecord) -> None:
    """What comes from a file has to fit the model's configuration and its own sentences."""
    for entry in record.entries:
        source = record.sentences[entry.sentence]
        sides = {"encoder": (source, source)}
        for number, target in enumerate(entry.targets):
            sides[f"{number}.decoder"] = (target.sentence, target.sentence)
            sides[f"{number}.cross"] = (target.sentence, source)
        if not all(one.is_consistent for pair in sides.values() for one in pair):
            raise ValueError(f"a sentence of update {entry.update} contradicts itself")
        for key, weights in entry.weights.items():
            stack = record.config.stack_of("encoder" if key == "encoder" else "decoder")
            lengths = tuple(len(side.tokens) for side in sides[key])
            shape = (stack.num_layers, stack.num_heads, *lengths)
            if weights.shape != shape or weights.dtype != np.uint8:
                raise ValueError(f"{key} of update {entry.update} is not of shape {shape}")
