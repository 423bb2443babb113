"""A model folder read into a Transformer, and written from one."""

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
from glassformer.errors import ConfigError, ModelFilesError, OutputError, WeightsError
from glassformer.messages import Message
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.files import WEIGHTS, find_weights, is_ours, read_config
from glassformer.pretrained.marian import MARIAN
from glassformer.pretrained.names import Family
from glassformer.pretrained.shown_heads import shown_head_of

_PICKLED = (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
"""What torch.save and pickle begin with: a zip, or the number of a pickle protocol."""

_LISTED = 8
"""So many names an error lists before it says how many more there are."""


def read_model(folder: Path, dtype: torch.dtype = torch.float32) -> Transformer:
    """The model of a folder, ours or foreign, in evaluation mode on the CPU.

    Raises:
        ModelFilesError: when the folder is no model or a file in it cannot be read.
        ConfigError: when its configuration cannot be expressed.
        WeightsError: when weights are missing, left over or of another shape than configured.
    """
    data = read_config(folder)
    path = find_weights(folder, is_ours(data))
    family = _family(data)
    try:
        config = _config(data, family)
        if family is not None:
            config = dataclasses.replace(config, shown_head=shown_head_of(path))
        with torch.device("meta"):  # no memory and no random numbers for weights to be replaced
            model = Transformer(config)
    except ConfigError as error:
        raise error.at(folder / "config.json") from error
    except (OverflowError, RuntimeError, TypeError) as error:  # what torch says to such sizes
        reason = str(error).partition("\n")[0]
        raise ConfigError(
            "{path}: no model is that large: {reason}", path=folder / "config.json", reason=reason
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
    """The configuration of a folder's model, whose weights are not looked at or not there yet.

    Raises:
        ModelFilesError: when the folder is no model.
        ConfigError: when its configuration cannot be expressed.
    """
    data = read_config(folder)
    try:
        return _config(data, _family(data))
    except ConfigError as error:
        raise error.at(folder / "config.json") from error


def config_json(config: ModelConfig) -> str:
    """What `config.json` of a folder of ours holds."""
    return json.dumps({"glassformer": FOLDER_VERSION, **config.to_dict()}, indent=2) + "\n"


def _config(data: dict[str, Any], family: Family | None) -> ModelConfig:
    if family is None:
        return ModelConfig.from_dict({k: v for k, v in data.items() if k != "glassformer"})
    return family.config(data)


def write_model(folder: Path, model: Transformer, tokenizer_json: str) -> None:
    """Write a folder that `read_model` reads; the weights come last and make it complete.

    Raises:
        OutputError: when it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "cannot make the folder {folder}: {reason}", folder=folder, reason=error.strerror
        ) from error
    data = weights_bytes(dict(model.named_parameters()))
    with (  # renamed from the last to the first, when all three are written
        replacing(folder / WEIGHTS) as weights_path,
        replacing(folder / "tokenizer.json") as tokenizer_path,
        replacing(folder / "config.json") as config_path,
    ):
        weights_path.write_bytes(data)  # `save_file` would deny it to other users
        tokenizer_path.write_text(tokenizer_json, encoding="utf-8")
        config_path.write_text(config_json(model.config), encoding="utf-8")


def weights_bytes(weights: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    """A safetensors file: the same weights are the same bytes, in whatever memory they lie.

    Of metadata one key at most, since the format leaves the order of several open.
    """
    # Views of one long tensor are copied: the format takes no tensors that share memory.
    ordered = {name: weights[name].detach().cpu().clone() for name in sorted(weights)}
    data: bytes = safetensors.torch.save(ordered, metadata)
    return data


def _family(config: dict[str, Any]) -> Family | None:
    if is_ours(config):
        return None
    return MARIAN if config["model_type"] == "marian" else FAMILIES[config["model_type"]]


def _tied_names(model: Transformer) -> dict[str, str]:
    """Every name of a parameter to the first name of the same tensor."""
    first: dict[int, str] = {}
    return {
        name: first.setdefault(id(parameter), name)
        for name, parameter in model.named_parameters(remove_duplicate=False)
    }


def _read_weights(path: Path, family: Family | None, tied: dict[str, str]) -> dict[str, Tensor]:
    """All weights of a file under our names, tied ones once; a name unknown is an error."""
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
                            "{path}: {name} must equal the other copies of {tied}, to which the "
                            "configuration ties it, but does not",
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
            "{path} holds weights that its configuration has no place for: {names}",
            path=path,
            names=_listing(unexpected),
        )
    return weights


def _check_weights(path: Path, model: Transformer, weights: dict[str, Tensor]) -> None:
    expected = dict(model.named_parameters())
    missing = sorted(expected.keys() - weights.keys())
    if missing:
        raise WeightsError(
            "{path} lacks weights that its configuration needs: {names}",
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
                    "{name} (expected {expected}, given {given})",
                    {"name": name, "expected": expected_shape, "given": shape},
                )
            )
        elif not given.is_floating_point():
            wrong.append(
                Message(
                    "{name} (expected floating point, given {dtype})",
                    {"name": name, "dtype": str(given.dtype)},
                )
            )
    if wrong:
        raise WeightsError(
            "{path} disagrees with its configuration: {weights}", path=path, weights=_listing(wrong)
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
    # A safetensors file may begin like these too, but after its length comes a header, {….
    if start.startswith(_PICKLED) and len(start) == 9 and not start.endswith(b"\x00{"):
        return Message(
            "{path} is a pickled PyTorch file under another name, which is never read",
            {"path": path},
        )
    return Message("{path} is no whole safetensors file (truncated?)", {"path": path})
