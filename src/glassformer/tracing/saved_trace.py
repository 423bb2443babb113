"""A trace in two files: its numbers as safetensors, and beside them what they are as JSON."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from glassformer.config import ModelConfig
from glassformer.errors import ConfigError, OutputError, TraceError
from glassformer.outputs import replacing
from glassformer.tracing.steps import Side, Step, steps_of
from glassformer.views import HistoryView, Prediction, Sentence, built

SCHEMA = "glassformer.trace/1"
PARTIAL_SCHEMA = "glassformer.trace/2"
"""Of a trace that has only some steps, those that its JSON lists; readers of /1 expect all."""

_FLOATS = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
_DTYPES = {"token": (torch.int64,), "causal": (torch.bool,)}


def write_trace(
    path: Path,
    tensors: Mapping[str, Tensor],
    data: Mapping[str, Any],
    *,
    partial: bool = False,
    force: bool,
) -> None:
    """Write tensors to `path` and data to the .json beside it, both or none.

    `partial` says that these are only some of the steps.

    Raises:
        OutputError: when they cannot be written.
    """
    if path.suffix != ".safetensors":
        raise OutputError(
            "a trace is saved as .safetensors, but the name given is {name}", name=path.name
        )
    numbers = as_bytes(tensors)
    schema = PARTIAL_SCHEMA if partial else SCHEMA
    data = {"schema": schema, "sha256": hashlib.sha256(numbers).hexdigest(), **data}
    with (
        replacing(path, force=force) as temporary,
        replacing(_json_beside(path), force=force) as beside,
    ):
        beside.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
        temporary.write_bytes(numbers)


def as_bytes(tensors: Mapping[str, Tensor]) -> bytes:
    """Tensors as one file of safetensors holds them."""
    # Copies: steps may share their memory, which the format does not allow.
    numbers: bytes = safetensors.torch.save(
        {name: tensor.cpu().contiguous().clone() for name, tensor in tensors.items()}
    )
    return numbers


def read_trace(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a saved trace, and everything else that a `Trace` is made of.

    Raises:
        TraceError: when the files are no trace, or not of the same one.
    """
    try:
        data = json.loads(_json_beside(path).read_text(encoding="utf-8"))
        numbers = path.read_bytes()
        tensors = safetensors.torch.load(numbers)
    except (OSError, ValueError, RecursionError, safetensors.SafetensorError) as error:
        raise TraceError(
            "{path} and the .json beside it are no readable trace: {reason}",
            path=path,
            reason=str(error),
        ) from error
    if not isinstance(data, dict) or data.get("schema") not in (SCHEMA, PARTIAL_SCHEMA):
        raise TraceError(
            "{path} is no trace of schema {whole}, or {partial}",
            path=_json_beside(path),
            whole=SCHEMA,
            partial=PARTIAL_SCHEMA,
        )
    if data.get("sha256") != hashlib.sha256(numbers).hexdigest():
        raise TraceError(
            "{path} and {beside} do not belong to the same trace",
            path=path,
            beside=_json_beside(path),
        )
    try:
        saved = {
            "config": ModelConfig.from_dict(data["config"]),
            "source": Sentence.from_json(data["source"]),
            "target": None if data["target"] is None else Sentence.from_json(data["target"]),
            "model_name": data["model"],
            "to": data["to"],
            "translations": dict(data["translations"]),
            "predictions": built(tuple[Prediction, ...], data.get("predictions", [])),
            "history": built(HistoryView | None, data.get("history")),
        }
        listed = None
        if data["schema"] == PARTIAL_SCHEMA:
            listed = frozenset(str(step["name"]) for step in data["steps"])
    except (KeyError, TypeError, ValueError, AttributeError, ConfigError) as error:
        raise TraceError(
            "{file} is damaged: {reason}", file=_json_beside(path), reason=repr(error)
        ) from error
    _check(path, tensors, saved["config"], saved["source"], saved["target"], listed)
    rows = 0 if saved["target"] is None else len(saved["target"].tokens)
    if len(saved["predictions"]) not in (0, rows):
        raise TraceError("{file} is damaged: predictions for other tokens", file=_json_beside(path))
    return tensors, saved


def _check(
    path: Path,
    tensors: Mapping[str, Tensor],
    config: ModelConfig,
    source: Sentence,
    target: Sentence | None,
    listed: frozenset[str] | None,
) -> None:
    """What comes from files has to be all that the configuration says, and nothing else.

    Of a partial trace it is the steps that its JSON lists, each one that the configuration has.
    """
    for side, sentence in (("source", source), ("target", target)):
        if sentence is not None and not sentence.is_consistent:
            raise TraceError(
                "{file} is damaged: its {side} contradicts itself",
                file=_json_beside(path),
                side=side,
            )
    if target is not None and config.decoder is None:
        raise TraceError("{file} is damaged: a target, but no decoder", file=_json_beside(path))
    if max(source.type_ids, default=0) >= max(1, config.encoder.token_types):
        raise TraceError(
            "{file} is damaged: its source has token types that the model lacks",
            file=_json_beside(path),
        )
    lengths: dict[Side, int] = {
        "source": len(source.tokens),
        "target": 0 if target is None else len(target.tokens),
    }
    steps = {step.name: step for step in steps_of(config, with_target=target is not None)}
    wrong = {*tensors} ^ ({*steps} if listed is None else listed)
    wrong |= {*tensors} - {*steps}
    for name, step in steps.items():
        if name in tensors and not _fits(tensors[name], step, config, lengths):
            wrong.add(name)
    if wrong:
        raise TraceError(
            "{path} does not hold what its .json says: {step} is missing, unexpected, or of "
            "another shape or type",
            path=path,
            step=min(wrong),
        )


def _fits(tensor: Tensor, step: Step, config: ModelConfig, lengths: dict[Side, int]) -> bool:
    if tuple(tensor.shape) != step.shape(config, lengths):
        return False
    if tensor.dtype not in _DTYPES.get(step.operation, _FLOATS):
        return False
    vocabulary = step.stack(config).vocabulary
    return step.operation != "token" or all(0 <= id < vocabulary for id in tensor.tolist())


def _json_beside(path: Path) -> Path:
    return path.with_suffix(".json")
