"""What was recorded of a sentence during training: the moments that a slider goes through.

Weights are whole numbers of 255ths, as they were recorded; each moment is a block of its own.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from glassformer.errors import ModelFilesError, TraceError
from glassformer.inspection.page.blocks import packed
from glassformer.inspection.watch_file import read_watch
from glassformer.inspection.watched import LEVELS, WatchRecord
from glassformer.pretrained.files import find_model

Blocks = Mapping[str, Callable[[], bytes]]


def record_of(name: str) -> WatchRecord | None:
    """The record in a model's folder, or None where nothing was watched."""
    try:
        return read_watch(find_model(name), name)
    except (TraceError, ModelFilesError):
        return None


def learning_of(record: WatchRecord, text: str, to: str | None) -> tuple[Any, Blocks]:
    """The part of the manifest about a training, or None where this text was not watched."""
    asked = unicodedata.normalize("NFC", text)
    watched = [unicodedata.normalize("NFC", one.text) for one in record.sentences]
    if asked not in watched:
        return None, {}
    number = watched.index(asked)
    tag = _tag(record, to)
    of_text = [one for one in record.entries if one.sentence == number]
    entries = [one for one in of_text if one.problem is None]
    frames, blocks = [], {}
    for index, entry in enumerate(entries):
        weights = {
            key.rpartition(".")[2]: array
            for key, array in entry.weights.items()
            if key == "encoder" or (tag is not None and key.startswith(f"{tag}."))
        }
        arrays, offset = {}, 0
        for key, array in weights.items():
            place = {"dtype": "uint8", "shape": list(array.shape)}
            arrays[f"watch.{index}.{key}"] = {
                **place,
                "block": f"watch.{index}",
                "offset": offset,
            }
            offset += array.nbytes
        blocks[f"watch.{index}"] = _maker([*weights.values()])
        target = entry.targets[tag] if tag is not None and entry.targets else None
        frames.append(
            {
                "update": entry.update,
                "target": None if target is None else target.sentence.to_json(),
                "translations": {
                    one: target.to_json()
                    for one, target in zip(record.tags, entry.targets, strict=True)
                },
                "arrays": arrays,
            }
        )
    data = {
        "levels": LEVELS,
        "source": record.sentences[number].to_json(),
        "to": None if tag is None else record.tags[tag],
        "max_updates": record.max_updates,
        "updates": frames,
        "left_out": [one.update for one in of_text if one.problem is not None],
    }
    return data, blocks


def _tag(record: WatchRecord, to: str | None) -> int | None:
    """Which of the recorded targets is the traced one; a model with one target does not name it."""
    if to is None and len(record.tags) == 1:
        return 0
    return record.tags.index(to) if to in record.tags else None


def _maker(arrays: list[Any]) -> Callable[[], bytes]:
    return lambda: packed(arrays)
