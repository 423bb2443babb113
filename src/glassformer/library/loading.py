"""`load()`: from a name or a folder to a model with its tokenizers."""

from pathlib import Path
from typing import Literal, TypeAlias, TypedDict, Unpack, get_args

import torch

from glassformer.config import StackConfig
from glassformer.decoding.settings import BestOptions
from glassformer.encoding.pooling import pooling_of
from glassformer.errors import ModelFilesError, Setting, UsageError
from glassformer.library.model import Glassformer
from glassformer.model.transformer import Transformer
from glassformer.pretrained.files import PACKAGED, find_model
from glassformer.pretrained.folder import read_model
from glassformer.text.profile import read_profile
from glassformer.text.tokenizer import Tokenizer, read_tokenizers

Precision: TypeAlias = Literal["float32", "bfloat16", "float16", "float64"]


class Loading(TypedDict, total=False):
    """On which device and in which precision a model is loaded, as keywords; see `load`."""

    device: str
    precision: Precision
    threads: int | None


class SearchAndLoading(BestOptions, Loading):
    """How to search, and how the model is loaded, as keywords of one call."""


def parted(options: SearchAndLoading) -> tuple[Loading, BestOptions]:
    """What says how the model is loaded, and what says how to search."""
    loading = {name: value for name, value in options.items() if name in Loading.__annotations__}
    search = {name: value for name, value in options.items() if name not in loading}
    return loading, search  # type: ignore[return-value]


def load(
    name: str | Path | None = None,
    *,
    device: str = "cpu",
    precision: Precision = "float32",
    threads: int | None = None,
) -> Glassformer:
    """Load a model: a folder of ours, a Hugging Face folder, an installed model or a hub name.

    Without a name it is the one that comes with Glassformer, English to French, German and Chinese.
    `precision` is the numeric precision of weights and arithmetic. `threads` is the number of CPU
    threads that torch uses from now on, for all models; None leaves that as it is.

    Raises:
        ModelFilesError: when there is no such model here, or its files cannot be read.
        ConfigError: when its configuration is not supported.
        WeightsError: when its weights do not fit its configuration.
        UsageError: when there is no such device or precision.
    """
    if precision not in get_args(Precision):
        raise UsageError(
            "{precision:name} must be one of {known}, but is {given!r}",
            precision=Setting("precision"),
            known=get_args(Precision),
            given=precision,
        )
    if threads is not None:
        if threads < 1:
            raise UsageError(
                "{threads:name} must be at least 1, but is {given}",
                threads=Setting("threads"),
                given=threads,
            )
        torch.set_num_threads(threads)
    name = default_name() if name is None else str(name)
    folder = find_model(name)
    model = read_model(folder, getattr(torch, precision))
    tokenizer, target_tokenizer = _tokenizers(folder, model)
    return Glassformer(
        _move(model, device),
        tokenizer,
        name=name,
        pooling=pooling_of(folder),
        target_tokenizer=target_tokenizer,
        profile=read_profile(folder),
    )


def default_name() -> str:
    """The model that is meant where none is named."""
    return PACKAGED[0].name


def obtain(model: str | Path | Glassformer | None, **loading: Unpack[Loading]) -> Glassformer:
    """The model itself, or the one that a name stands for, loaded.

    Raises:
        UsageError: when a loaded model is to be loaded otherwise, or as `load`.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    if isinstance(model, Glassformer):
        if loading:
            raise UsageError(
                "the model is loaded already: leave {settings:name} out",
                settings=tuple(map(Setting, loading)),
            )
        return model
    return load(model, **loading)


def obtain_translator(
    model: str | Path | Glassformer | None, **loading: Unpack[Loading]
) -> Glassformer:
    """The same, of a model that has to have a decoder.

    Raises:
        UsageError: when it has none, or as `obtain`.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    found = obtain(model, **loading)
    if found.config.decoder is None:
        raise UsageError(
            "{name} is an encoder without a decoder and cannot translate; {model} loads a model "
            "that can, such as one that you trained",
            name=found.name,
            model=Setting("model", "FOLDER"),
        )
    return found


def _move(model: Transformer, device: str) -> Transformer:
    try:
        where = torch.device(device)
        if where.type == "meta":
            raise UsageError("the device 'meta' holds no numbers: choose cpu, cuda or mps")
        return model.to(where)
    except (RuntimeError, AssertionError, NotImplementedError, ImportError) as error:
        reason = str(error).split("\n")[0]
        raise UsageError(
            "cannot use the device {device!r}: {reason}", device=device, reason=reason
        ) from error


def _tokenizers(folder: Path, model: Transformer) -> tuple[Tokenizer, Tokenizer | None]:
    """Those of source and target, if they belong to the model."""
    if not (folder / "tokenizer.json").is_file():
        raise ModelFilesError(
            "{folder} has no tokenizer.json; for a Hugging Face model, "
            "AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it",
            folder=folder,
        )
    source, target = read_tokenizers(folder)
    _check_size(source, model.config.encoder, folder / "tokenizer.json")
    if model.config.decoder is None:
        return source, None
    own = "tokenizer.json" if target is source else "target_tokenizer.json"
    _check_size(target, model.config.decoder, folder / own)
    return source, target


def _check_size(tokenizer: Tokenizer, stack: StackConfig, path: Path) -> None:
    if tokenizer.vocabulary > stack.vocabulary:
        raise ModelFilesError(
            "{path} has {entries} entries, but the model has vectors for {vectors} only: they do "
            "not belong together",
            path=path,
            entries=tokenizer.vocabulary,
            vectors=stack.vocabulary,
        )
