"""Requests that cannot be carried out, refused before the work."""

import os
import shutil
from collections.abc import Iterator, Sequence

import torch

from glassformer.config import TrainingConfig
from glassformer.decoding.quality import check_bleu_tokenizer
from glassformer.errors import ConfigError, OutputError, Setting, UsageError
from glassformer.messages import Caution, Message, Note
from glassformer.pretrained.folder import read_model, read_model_config
from glassformer.text.tokenizer import is_blank
from glassformer.training.learning.estimates import disk_of
from glassformer.training.learning.processes import started_together
from glassformer.training.reporting.watch import check_given_once
from glassformer.training.request import TrainingRequest

_TIGHT = 2.0
"""A disk with less than so many times the space needed may well be full before the end."""


def device_of(request: TrainingRequest) -> torch.device:
    """The device to train on; of several GPUs, the one for this process.

    Raises:
        UsageError: when there is no such device here.
    """
    try:
        device = torch.device(request.device)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UsageError(
            "cannot train on the device {device!r}: {reason}",
            device=request.device,
            reason=str(error).partition("\n")[0],
        ) from error
    if device.type == "cuda" and started_together():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    return device


def check_room(request: TrainingRequest, config: TrainingConfig) -> Iterator[Note]:
    """Refuse a training for which there is no disk space; a warning where it is tight.

    The pairs stand in the folder as tokens already, and so may checkpoints.

    Raises:
        OutputError: when there is not enough.
    """
    folder = request.output
    needed = disk_of(
        read_model_config(folder), config, encoder_learns=encoder_learns(request, config)
    )
    there = sum(path.stat().st_size for path in (folder / "checkpoints").glob("*.safetensors"))
    missing, free = max(0, needed - there), shutil.disk_usage(folder).free
    if free < missing:
        raise OutputError(
            "the checkpoints of this training need {needed} more in {folder}, but the disk has "
            "only {free}: free some space, give another {output}, or keep fewer checkpoints "
            "({average})",
            needed=_size(missing),
            folder=folder,
            free=_size(free),
            output=Setting("output", "FOLDER"),
            average=Setting("training.average", max(1, config.training.average // 2)),
        )
    if free < _TIGHT * missing:
        yield Caution(
            "the checkpoints of this training need {needed} more in {folder}, and the "
            "disk has {free}",
            {"needed": _size(missing), "folder": folder, "free": _size(free)},
        )


def check_room_for_pairs(request: TrainingRequest) -> None:
    """Refuse a corpus whose text alone has no disk space where it is prepared.

    Raises:
        OutputError: when that is so.
    """
    files = [path for one in request.pairs for path in one.paths]
    needed = sum(path.stat().st_size for path in files)  # what is compressed takes more
    there = next(
        path for path in (request.output, *request.output.absolute().parents) if path.exists()
    )
    free = shutil.disk_usage(there).free
    if free < needed:
        raise OutputError(
            "the pairs need at least {needed} in {folder} while they are prepared, but the disk "
            "has only {free}: free some space, or give another {output}",
            needed=_size(needed),
            folder=request.output,
            free=_size(free),
            output=Setting("output", "FOLDER"),
        )


def encoder_learns(request: TrainingRequest, config: TrainingConfig) -> bool:
    """Whether the encoder is trained: a pretrained one is frozen unless it has a learning rate."""
    return request.encoder_from is None or bool(config.training.encoder_learning_rate)


def _size(size: int) -> Message:
    if size < 10**8:
        return Message("{size:.1f} MB", {"size": size / 1e6})
    return Message("{size:.1f} GB", {"size": size / 1e9})


def check_watch(sentences: Sequence[str]) -> None:
    """Refuse sentences to watch before they become part of the request.

    Raises:
        UsageError: when one is empty or given twice.
    """
    if any(map(is_blank, sentences)):
        raise UsageError(
            "{watch:name} needs a sentence, but one of those given is empty",
            watch=Setting("watch"),
        )
    check_given_once(sentences)


def check_settings(request: TrainingRequest, config: TrainingConfig) -> None:
    """Find out at once what would only fail after hours.

    Raises:
        UsageError: when two given models exclude each other.
        ConfigError: when settings contradict each other, or this machine.
    """
    if request.model_from is not None and request.encoder_from is not None:
        raise UsageError(
            "{model_from:name} brings its own encoder: leave {encoder_from:name} out",
            model_from=Setting("model_from"),
            encoder_from=Setting("encoder_from"),
        )
    if config.training.precision == "float16" and torch.device(request.device).type == "cpu":
        raise ConfigError("training.precision float16 needs a GPU: use bfloat16 or float32")
    if config.text.joiner and config.text.tokenizer != "whitespace":
        raise ConfigError(
            "text.joiner needs {tokenizer}, but the tokenizer is bpe",
            tokenizer=Setting("text.tokenizer", "whitespace"),
        )
    if config.dev.bleu_tokenize is not None:
        try:
            check_bleu_tokenizer(config.dev.bleu_tokenize)
        except UsageError as error:
            raise ConfigError("dev.bleu_tokenize: {reason}", reason=error.message) from error


def longest_side(request: TrainingRequest, config: TrainingConfig) -> int:
    """The maximum sequence length that every part of the model takes.

    Raises:
        ModelFilesError: when a given encoder cannot be read.
    """
    longest = min(config.text.max_length, config.model.max_positions)
    if request.encoder_from is not None:
        # Read whole, so that damaged weights are found before the work.
        given = read_model(request.encoder_from.folder).config.encoder
        longest = min(longest, given.max_positions)
    return longest


def target_tags(request: TrainingRequest) -> list[str]:
    """The target languages, in order of appearance; none where the one has no name.

    Raises:
        UsageError: when some pairs have a target language and others have none, or the dev set has
            one that nothing is learned for.
    """
    tags = [files.tag for files in request.pairs]
    if any(tags) and not all(tags):
        untagged = next(files for files in request.pairs if not files.tag)
        raise UsageError(
            "{files} has no target language, but other pairs have one: give it as in {pairs}",
            files=untagged.name,
            pairs=Setting("pairs", {"fr": str(untagged.source)}),
        )
    known = list(dict.fromkeys(tag for tag in tags if tag))
    for files in request.dev:
        if (files.tag not in known) if known else files.tag:
            raise UsageError(
                "the dev set {files} is for the target language {tag}, but the training pairs are "
                "for {known}",
                files=files.name,
                tag=files.tag or Message("(none)"),
                known=known or Message("one target language without a tag"),
            )
    return known
