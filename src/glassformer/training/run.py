"""`train`: from files of sentence pairs to a model folder, from wherever it stands."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from glassformer.decoding.translator import Translator
from glassformer.errors import TrainingError, UsageError
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.pretrained.files import WEIGHTS
from glassformer.pretrained.folder import read_model_config, weights_bytes
from glassformer.text.tokenizer import is_blank, read_tokenizers
from glassformer.training import preparation
from glassformer.training.corpus.pairs import check_files
from glassformer.training.learning.averaging import average
from glassformer.training.learning.checkpoint import STATE, weights_path
from glassformer.training.learning.evaluation import Evaluator
from glassformer.training.learning.learner import Collator
from glassformer.training.learning.processes import (
    Alone,
    Group,
    ProcessLostError,
    Workers,
    report_for_work,
    started_together,
)
from glassformer.training.learning.trainer import Observer, Trainer
from glassformer.training.reporting.record import Record, Request, asked_for, check_same
from glassformer.training.reporting.report import write_report
from glassformer.training.reporting.watch import Watch, check_given_once


class Listener(Observer, Protocol):
    """Whoever watches a whole training, its preparation and end included."""

    def say(self, line: str) -> None:
        """A sentence for a person."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a training came to."""

    folder: Path
    scores: dict[str, Any]
    was_complete: bool
    """Whether there was nothing left to do."""


def train(request: Request, listener: Listener, arguments: list[str]) -> Outcome:
    """Train a model, or go on with its training, until its folder is complete.

    `arguments` are those of the command, with which further processes are started.

    Raises:
        UsageError: when the request contradicts itself, or there is no such device.
        InputError: when the corpus cannot be used.
        TrainingError: when the folder holds another training, or this one cannot go on.
        KeyboardInterrupt: when a person asked for an end; the same request goes on.
    """
    device = _device(request.device)
    together = started_together()
    report_for_work()
    group = Group(device) if together else Alone()
    workers: Workers | None = None
    try:
        record, complete = None, None
        try:
            if group.rank == 0:
                for files in (request.pairs, request.dev or request.pairs):
                    check_files(files)  # before their bytes are read for a hash
                asked = json.loads(json.dumps(asked_for(request)))
                record = _begin(request, asked, listener, group.size if together else None)
                complete = (request.output / WEIGHTS).is_file()
                settings = record.settings.training
                if not together and not complete and (settings.workers or 1) > 1:
                    workers = Workers(arguments, settings.workers or 1, settings.threads or 1)
                    workers.wait()
                    group = Group(device)
        finally:
            complete = group.share(complete)
        if complete is None:
            raise TrainingError("the first process of this training could not begin; it says why")
        if record is None:
            record = Record.read(request.output)
        if record is None:
            raise TrainingError(
                f"{request.output} is not there: all machines of a training need the same folder"
            )
        if complete:
            _clear_leftovers(request.output)
            return Outcome(request.output, record.scores or {}, was_complete=True)
        return _run(request, record, device, group, listener)
    except ProcessLostError as error:
        said = workers.last_words() if workers else ""
        raise TrainingError(f"{error}{said and '; it said: '}{said}") from error
    finally:
        group.close()
        if workers is not None:
            workers.close()


def _begin(
    request: Request,
    asked: dict[str, Any],
    listener: Listener,
    processes: int | None,
) -> Record:
    """The record of this training: that of the folder, or a new one."""
    folder = request.output
    # What torchrun has started again is to go on, not to begin anew.
    force = request.force and os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0"
    record = None if force else Record.read(folder)
    if record is not None:
        check_same(folder, record.asked, asked)
        return record
    if force:
        preparation.clear_folder(folder)
    elif (folder / "config.json").exists() and not (folder / "checkpoints").exists():
        raise TrainingError(
            f"{folder} holds a model that no training of this kind made: give another --output, "
            "or --force to replace it"
        )
    _check_watch(request.watch)
    return preparation.prepare(request, asked, listener.say, processes)


def _check_watch(sentences: Sequence[str]) -> None:
    """Find out before the work, and before they are part of what was asked for."""
    if any(map(is_blank, sentences)):
        raise UsageError("--watch needs a sentence, but one of those given is empty")
    check_given_once(sentences)


def _run(
    request: Request, record: Record, device: torch.device, group: Alone, listener: Listener
) -> Outcome:
    """Train, and on rank 0 make the folder complete."""
    folder, settings = request.output, record.settings.training
    torch.set_num_threads(settings.threads or 1)
    config = read_model_config(folder)
    model = preparation.new_model(
        config,
        settings.seed,
        residual_gain=settings.residual_gain or 1.0,
        encoder_from=request.encoder_from,
        model_from=request.model_from,
    ).to(device)
    factors = _encoder_factor(request, record, model)
    source, target = read_tokenizers(folder)
    examples, dev_examples = preparation.open_examples(folder)
    assert config.end is not None
    assert config.start is not None
    starts = [token for _, token in config.tags] or [config.start]
    dev = record.settings.dev
    evaluator = Evaluator(
        model,
        Translator(model, source, target),
        preparation.read_dev(folder),
        dev_examples,
        Collator(dev_examples, padding=config.padding, end=config.end, starts=starts),
        micro_batch_tokens=settings.micro_batch_tokens or 1,
        bleu_tokenize=dev.bleu_tokenize,
        cut_already=record.settings.text.tokenizer == "whitespace",
        samples=dev.samples,
    )
    watch = Watch(
        folder,
        request.watch if group.rank == 0 else (),
        model,
        source,
        target,
        [tag for tag, _ in config.tags],
        settings.max_updates or 0,
    )
    trainer = Trainer(
        model,
        examples,
        record.settings,
        folder,
        starts=starts,
        group=group,
        observer=listener,
        measure=lambda: evaluator.measure(sentences=dev.sentences, beam_size=1),
        watch=watch,
        reporters=request.report_to,
        factors=factors,
    )
    trainer.run()
    if group.rank == 0:
        _finish(folder, record, model, trainer, evaluator, listener)
    group.share(None)  # the others wait until the folder is complete
    return Outcome(folder, record.scores or {}, was_complete=False)


def _finish(
    folder: Path,
    record: Record,
    model: Transformer,
    trainer: Trainer,
    evaluator: Evaluator,
    listener: Listener,
) -> None:
    """Average, measure, report; the weights come last and make the folder complete."""
    settings = record.settings
    updates = trainer.averaged_updates
    if trainer.ema is not None and settings.training.average_of == "ema":
        trainer.use(trainer.ema)
        listener.say("the model is the running mean of its weights")
    else:
        paths = [weights_path(folder / "checkpoints", update) for update in updates]
        model.load_state_dict(average(paths), strict=False)
        record.averaged = updates
        listener.say(f"the model is the mean of the checkpoints {', '.join(map(str, updates))}")
    scores = evaluator.measure(sentences=None, beam_size=settings.dev.beam_size)
    record.scores = {**scores.to_record(), "beam_size": settings.dev.beam_size}
    record.write(folder)
    write_report(folder)
    weights = weights_bytes(dict(model.named_parameters()))
    with replacing(folder / WEIGHTS) as path:
        path.write_bytes(weights)
    _clear_leftovers(folder)


def _clear_leftovers(folder: Path) -> None:
    """What only a training that goes on has a use for; the weights that were averaged stay."""
    shutil.rmtree(folder / preparation.DATA, ignore_errors=True)
    (folder / "checkpoints" / STATE).unlink(missing_ok=True)


def _encoder_factor(request: Request, record: Record, model: Transformer) -> dict[str, float]:
    """The rate of a given encoder against that of the rest; without one it stays as it is."""
    settings = record.settings.training
    if request.encoder_from is None:
        return {}
    if not settings.encoder_learning_rate:
        model.encoder.requires_grad_(False)
        return {}
    assert settings.learning_rate is not None
    return {"encoder": settings.encoder_learning_rate / settings.learning_rate}


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"cannot train on the device {name!r}: {reason}") from error
    if device.type == "cuda" and started_together():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    return device
