"""Loading a Transformer from a model folder, and saving it to one."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from glassformer.config import FOLDER_VERSION, ModelConfig
from glassformer.errors import ConfigError, ModelFilesError, OutputError, WeightsError, reason_of
from glassformer.messages import Message
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.files import WEIGHTS, find_weights, is_ours, read_config
from glassformer.pretrained.marian import MARIAN
from glassformer.pretrained.names import Family
from glassformer.pretrained.shown_heads import shown_head_of

_PICKLED = (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
"""How files of torch.save and pickle start: a zip, or a pickle protocol."""

_LISTED = 8
"""The maximum number of names that an error lists."""


def read_model(folder: Path, dtype: torch.dtype = torch.float32) -> Transformer:
    """The model of a folder, ours or Hugging Face's, in evaluation mode on the CPU.

    Raises:
        ModelFilesError: when it is not a model folder, or a file in it cannot be read.
        ConfigError: when its configuration is invalid or not supported.
        WeightsError: when weights are missing, unexpected or of the wrong shape.
    """
    data = read_config(folder)
    path = find_weights(folder, is_ours(data))
    family = _family(data)
    try:
        config = _config(data, family)
        if family is not None:
            config = dataclasses.replace(config, shown_head=shown_head_of(path))
        with torch.device(
            "meta"
        ):  # no memory and no random numbers for weights that will be loaded
            model = Transformer(config)
    except ConfigError as error:
        raise error.at(folder / "config.json") from error
    except (OverflowError, RuntimeError, TypeError) as error:  # from torch, for such sizes
        reason = str(error).partition("\n")[0]
        raise ConfigError(
            "{path}: the model is too large: {reason}", path=folder / "config.json", reason=reason
        ) from error
    weights = _read_weights(path, family, _tied_names(model))
    _check_weights(path, model, weights)
    try:
        weights = {name: tensor.to(dtype) for name, tensor in weights.items()}
    except RuntimeError as error:
        raise ModelFilesError(
            "{path} cannot be read: {reason}", path=path, reason=str(error)
        ) from error
    model.load_state_dict(weights, strict=False, assign=True)
    model.tie()
    return model.eval().requires_grad_(False)


def read_model_config(folder: Path) -> ModelConfig:
    """The configuration of the model of a folder, whose weights may not exist yet.

    Raises:
        ModelFilesError: when it is not a model folder.
        ConfigError: when its configuration is invalid or not supported.
    """
    data = read_config(folder)
    try:
        return _config(data, _family(data))
    except ConfigError as error:
        raise error.at(folder / "config.json") from error


def config_json(config: ModelConfig) -> str:
    """The content of `config.json` in our folders."""
    return json.dumps({"glassformer": FOLDER_VERSION, **config.to_dict()}, indent=2) + "\n"


def _config(data: dict[str, Any], family: Family | None) -> ModelConfig:
    if family is None:
        return ModelConfig.from_dict({k: v for k, v in data.items() if k != "glassformer"})
    return family.config(data)


def write_model(folder: Path, model: Transformer, tokenizer_json: str) -> None:
    """Write a folder that `read_model` reads; the weights come last and mark it as complete.

    Raises:
        OutputError: when it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "cannot create the folder {folder}: {reason}", folder=folder, reason=reason_of(error)
        ) from error
    data = weights_bytes(dict(model.named_parameters()))
    with (  # renamed in reverse order, when all three are written
        replacing(folder / WEIGHTS) as weights_path,
        replacing(folder / "tokenizer.json") as tokenizer_path,
        replacing(folder / "config.json") as config_path,
    ):
        weights_path.write_bytes(data)  # `save_file` would make it unreadable for other users
        tokenizer_path.write_text(tokenizer_json, encoding="utf-8")
        config_path.write_text(config_json(model.config), encoding="utf-8")


def weights_bytes(weights: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    """A safetensors file, byte-identical for equal weights, whatever their memory layout.

    At most one key of metadata, since the format does not fix the order of several.
    """
    # Views of one flat tensor are copied: the format does not allow shared memory.
    ordered = {name: weights[name].detach().cpu().clone() for name in sorted(weights)}
    data: bytes = safetensors.torch.save(ordered, metadata)
    return data


def _family(config: dict[str, Any]) -> Family | None:
    if is_ours(config):
        return None
    return MARIAN if config["model_type"] == "marian" else FAMILIES[config["model_type"]]


def _tied_names(model: Transformer) -> dict[str, str]:
    """Every parameter name, mapped to the first name of the same tensor."""
    first: dict[int, str] = {}
    return {
        name: first.setdefault(id(parameter), name)
        for name, parameter in model.named_parameters(remove_duplicate=False)
    }


def _read_weights(path: Path, family: Family | None, tied: dict[str, str]) -> dict[str, Tensor]:
    """All weights of a file by our names, tied ones once; unknown names are an error."""
    weights: dict[str, Tensor] = {}
    unexpected = []
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            for name in sorted(file.keys()):
                ours = name if family is None else family.to_ours(name)
                if ours in tied:
                    tensor = file.get_tensor(name)
                    known = weights.setdefault(tied[ours], tensor)
                    if known is not tensor and not torch.equal(known, tensor):
                        raise WeightsError(
                            "{path}: {name} is tied to {tied} by the configuration, but the two "
                            "have different values",
                            path=path,
                            name=name,
                            tied=tied[ours],
                        )
                elif family is None or not family.leaves_out(name):
                    unexpected.append(name)
    except (safetensors.SafetensorError, OSError) as error:
        raise ModelFilesError(
            "{problem}: {reason}", problem=_what_is_wrong(path), reason=str(error)
        ) from error
    if unexpected:
        raise WeightsError(
            "{path} contains unexpected weights, which its configuration does not have: {names}",
            path=path,
            names=_listing(unexpected),
        )
    return weights


def _check_weights(path: Path, model: Transformer, weights: dict[str, Tensor]) -> None:
    expected = dict(model.named_parameters())
    missing = sorted(expected.keys() - weights.keys())
    if missing:
        raise WeightsError(
            "{path} lacks weights that its configuration requires: {names}",
            path=path,
            names=_listing(missing),
        )
    wrong: list[Message] = []
    for name, parameter in expected.items():
        given = weights[name]
        if name == "output.bias" and given.shape == (1, *parameter.shape):  # Marian's is a row
            weights[name] = given = given[0]
        if given.shape != parameter.shape:
            expected_shape, shape = str(list(parameter.shape)), str(list(given.shape))
            wrong.append(
                Message(
                    "{name} (expected {expected}, got {given})",
                    {"name": name, "expected": expected_shape, "given": shape},
                )
            )
        elif not given.is_floating_point():
            wrong.append(
                Message(
                    "{name} (expected floating point, got {dtype})",
                    {"name": name, "dtype": str(given.dtype)},
                )
            )
    if wrong:
        raise WeightsError(
            "{path} does not match its configuration: {weights}", path=path, weights=_listing(wrong)
        )


def _listing(names: Sequence[str | Message]) -> tuple[str | Message, ...] | Message:
    first, more = tuple(names[:_LISTED]), len(names) - _LISTED
    return Message("{first} and {more} more", {"first": first, "more": more}) if more > 0 else first


def _what_is_wrong(path: Path) -> Message:
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError:
        return Message("{path} cannot be read", {"path": path})
    # A safetensors file may start like these too, but its length is followed by a header, {….
    if start.startswith(_PICKLED) and len(start) == 9 and not start.endswith(b"\x00{"):
        return Message(
            "{path} is a pickled PyTorch file under another name, which is never loaded",
            {"path": path},
        )
    return Message("{path} is not a complete safetensors file (truncated?)", {"path": path})
