"""Pooling: from encoder outputs R to one sentence embedding.

Reimers and Gurevych (2019), Sentence-BERT. Their library, sentence-transformers, saves with a model
which modules follow it (`modules.json`) and the configuration of the pooling.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import torch
from jaxtyping import Float, Int
from torch import Tensor

from glassformer.errors import ModelFilesError, Setting, UsageError
from glassformer.messages import Message, OneOf
from glassformer.model.masks import padding_mask
from glassformer.pretrained.files import read_any_json, read_json

PoolingMode = Literal["none", "mean", "cls"]

POOLING_MODES: tuple[PoolingMode, ...] = get_args(PoolingMode)


@dataclass(frozen=True, kw_only=True)
class Pooling:
    """How a model pools the vectors of a text's tokens into one.

    `unsupported` says what of it is not implemented here; such a model can still be used if another
    pooling is chosen explicitly.
    """

    mode: PoolingMode = "none"
    normalize: bool = False
    unsupported: Message | None = None

    def check(self) -> None:
        """Reject a model whose own pooling is not implemented, unless another one is chosen.

        Raises:
            UsageError: when this pooling is not implemented here.
        """
        if self.unsupported is not None:
            raise UsageError(
                "{problem}, which is not supported: choose another pooling with {pool}",
                problem=self.unsupported,
                pool=Setting("pool", OneOf(POOLING_MODES)),
            )


def pool(
    vectors: Float[Tensor, "batch length d_model"],
    lengths: Int[Tensor, " batch"],
    mode: Literal["mean", "cls"],
) -> Float[Tensor, "batch d_model"]:
    """One vector per text: the mean over its tokens without padding, or its first token ([CLS]).

    Special tokens are included, as in sentence-transformers.
    """
    if mode == "cls":
        return vectors[:, 0]
    real = padding_mask(lengths, vectors.shape[1])[:, 0, 0, :, None]
    return vectors.masked_fill(~real, 0.0).sum(1) / lengths[:, None]


def unit_length(vectors: Float[Tensor, "*rest d_model"]) -> Float[Tensor, "*rest d_model"]:
    """L2-normalized vectors; a zero vector stays zero."""
    return torch.nn.functional.normalize(vectors, dim=-1)


def pooling_of(folder: Path) -> Pooling | None:
    """The pooling of a sentence model's folder; None when it is not a sentence model.

    Raises:
        ModelFilesError: when the files that describe it are damaged.
    """
    path = folder / "modules.json"
    if not path.is_file():
        return None
    steps = [
        step for step in _read_steps(path)[1:] if step.kind != "Dropout"
    ]  # active only in training
    kinds = [step.kind for step in steps]
    if not kinds:
        return None
    if kinds not in (["Pooling"], ["Pooling", "Normalize"]):
        return Pooling(
            unsupported=Message(
                "this sentence model applies {modules} after the encoder", {"modules": tuple(kinds)}
            )
        )
    normalize = "Normalize" in kinds
    modes = _pooling_modes(steps[0].folder / "config.json")
    if modes not in (["mean"], ["cls"]):
        by = Message("this sentence model pools by {modes}", {"modes": tuple(modes)})
        return Pooling(normalize=normalize, unsupported=by)
    mode: PoolingMode = "mean" if modes == ["mean"] else "cls"
    return Pooling(mode=mode, normalize=normalize, unsupported=_changes_to_text(folder))


class _Step(NamedTuple):
    kind: str
    folder: Path


def _read_steps(path: Path) -> list[_Step]:
    """The modules in `modules.json`: unqualified class names, and their folders."""
    modules = read_any_json(path)
    if not isinstance(modules, list) or not all(
        isinstance(module, dict) and {"type", "path"} <= module.keys() for module in modules
    ):
        raise ModelFilesError(
            "{path} must contain a list of modules, each with its type and path",
            path=path,
        )
    names = [(str(module["type"]), str(module["path"])) for module in modules]
    for _, place in names:
        if Path(place).is_absolute() or ".." in Path(place).parts:
            raise ModelFilesError(
                "{path} names a path outside of the model folder: {place!r}", path=path, place=place
            )
    return [_Step(kind.rpartition(".")[2], path.parent / place) for kind, place in names]


_OLD_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}


def _pooling_modes(path: Path) -> list[str]:
    """The pooling modes that are concatenated, from `pooling_mode` or the older flags."""
    config = read_json(path)
    given = config.get("pooling_mode")
    if given is None:
        given = [mode for key, mode in _OLD_MODES.items() if config.get(key)] or ["mean"]
    modes = [given] if isinstance(given, str) else given
    if not isinstance(modes, list) or not modes or not all(isinstance(m, str) for m in modes):
        raise ModelFilesError(
            "{path}: pooling_mode must be a string or a list of strings, but is {given!r}",
            path=path,
            given=given,
        )
    return modes


def _changes_to_text(folder: Path) -> Message | None:
    """What sentence-transformers does to a text before tokenization, which is not done here."""

    def setting(file: str, key: str) -> Any:
        path = folder / file
        return read_json(path).get(key) if path.is_file() else None

    prompts = setting("config_sentence_transformers.json", "prompts")
    name = setting("config_sentence_transformers.json", "default_prompt_name")
    if isinstance(prompts, dict) and prompts.get(name):
        return Message(
            "this sentence model prepends the prompt {prompt!r} to each text",
            {"prompt": prompts[name]},
        )
    lower = setting("sentence_bert_config.json", "do_lower_case")
    if lower and not setting("tokenizer_config.json", "do_lower_case"):
        return Message("this sentence model lowercases each text")
    return None
