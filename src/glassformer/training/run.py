"""A training from start to end: prepare or resume it, then complete its folder."""

import dataclasses
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from glassformer.decoding.translator import Translator
from glassformer.errors import Setting, TrainingError
from glassformer.messages import Note
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.pretrained.files import WEIGHTS
from glassformer.pretrained.folder import read_model_config, weights_bytes
from glassformer.text.tokenizer import read_tokenizers
from glassformer.training import preparation
from glassformer.training.checking import check_room, check_watch, device_of
from glassformer.training.corpus.pairs import check_files
from glassformer.training.learning.averaging import mean_of
from glassformer.training.learning.checkpoint import STATE, weights_path
from glassformer.training.learning.evaluation import Evaluator
from glassformer.training.learning.interrupts import raising_on_sigterm
from glassformer.training.learning.learner import Collator
from glassformer.training.learning.processes import (
    Alone,
    Group,
    ProcessLostError,
    Workers,
    announce_ready,
    started_together,
)
from glassformer.training.learning.trainer import Observer, Trainer
from glassformer.training.new_model import new_model
from glassformer.training.reporting import near_duplicates
from glassformer.training.reporting.record import TrainingRecord, check_same
from glassformer.training.reporting.report import write_report
from glassformer.training.reporting.watch import Watch
from glassformer.training.request import TrainingRequest, asked_for

_WORKER = "glassformer.training.worker"


class Silent:
    """An observer that says nothing to anybody."""

    def began(self, update: int, max_updates: int) -> None:
        """The training starts or resumes after this update."""

    def updated(self, measurement: dict[str, Any]) -> None:
        """An update was made."""

    def measured(self, measurement: dict[str, Any]) -> None:
        """The dev set was measured."""

    def noted(self, note: Note) -> None:
        """There is something that a person should know."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a training."""

    folder: Path
    scores: dict[str, Any]
    was_complete: bool
    """Whether there was nothing left to do."""


def carry_out(request: TrainingRequest, observer: Observer) -> Outcome:
    """Train a model, or resume its training, until its folder is complete.

    Raises:
        UsageError: when the request contradicts itself, or there is no such device.
        InputError: when the corpus cannot be used.
        TrainingError: when the folder holds another training, or this one cannot continue.
        OutputError: when something cannot be written, or there is no room for it.
        KeyboardInterrupt: after Ctrl-C; the same request resumes.
        Terminated: when SIGTERM did, likewise.
    """
    threads = torch.get_num_threads()
    try:
        with raising_on_sigterm():
            return _carry_out(request, observer)
    finally:
        torch.set_num_threads(threads)


def _carry_out(request: TrainingRequest, observer: Observer) -> Outcome:
    device, together = device_of(request), started_together()
    announce_ready()
    group = Group(device) if together else Alone()
    workers: Workers | None = None
    try:
        record, complete = None, None
        try:
            if group.rank == 0:
                record = _begin(request, observer, group.size if together else None)
                complete = (request.output / WEIGHTS).is_file()
                settings = record.settings.training
                if not together and not complete and (settings.workers or 1) > 1:
                    task = dataclasses.replace(request, force=False).to_json()
                    workers = Workers(_WORKER, task, settings.workers or 1, settings.threads or 1)
                    workers.wait()
                    group = Group(device, workers.environment)
        finally:
            complete = group.share(complete)
        if complete is None:
            raise TrainingError(
                "the first process of this training could not start; its own message says why"
            )
        if record is None:
            record = TrainingRecord.read(request.output)
        if record is None:
            raise TrainingError(
                "{folder} does not exist: all machines of a training need the same shared folder",
                folder=request.output,
            )
        if complete:
            _clear_leftovers(request.output)
            return Outcome(request.output, record.scores or {}, was_complete=True)
        return _run(request, record, device, group, observer)
    except ProcessLostError as error:
        said = workers.last_lines() if workers else ()
        if not said:
            raise
        raise TrainingError(
            "{reason}; its last output: {said}", reason=error.message, said=said
        ) from error
    finally:
        group.close()
        if workers is not None:
            workers.close()


def _begin(request: TrainingRequest, observer: Observer, processes: int | None) -> TrainingRecord:
    """The record of this training: that of the folder, or a new one."""
    folder = request.output
    for files in (request.pairs, request.dev or request.pairs):
        check_files(files)  # before their bytes are read for a hash
    asked = json.loads(json.dumps(asked_for(request)))
    # What torchrun has restarted is to resume, not to start over.
    force = request.force and os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0"
    record = None if force else TrainingRecord.read(folder)
    if record is not None:
        check_same(folder, record.asked, asked)
    else:
        if force:
            preparation.clear_folder(folder)
        elif (folder / "config.json").exists() and not (folder / "checkpoints").exists():
            raise TrainingError(
                "{folder} holds a model, and no training that could be resumed: give another "
                "{output}, or {force} to replace it",
                folder=folder,
                output=Setting("output", "FOLDER"),
                force=Setting("force", True),
            )
        check_watch(request.watch)
        record = preparation.prepare(request, asked, observer.noted, processes)
    if not (folder / WEIGHTS).is_file():
        for note in (*near_duplicates.notes(record), *check_room(request, record.settings)):
            observer.noted(note)
    return record


def _run(
    request: TrainingRequest,
    record: TrainingRecord,
    device: torch.device,
    group: Alone,
    observer: Observer,
) -> Outcome:
    """Train, and on rank 0 make the folder complete."""
    folder, settings = request.output, record.settings.training
    torch.set_num_threads(settings.threads or 1)
    config = read_model_config(folder)
    model = new_model(
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
        pretokenized=record.settings.text.tokenizer == "whitespace",
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
        observer=observer,
        measure=lambda: evaluator.measure(sentences=dev.sentences, beam_size=1),
        watch=watch,
        loggers=request.report_to,
        factors=factors,
    )
    trainer.run()
    if group.rank == 0:
        _finish(request, record, model, trainer, evaluator, observer)
    group.share(None)  # the others wait until the folder is complete
    return Outcome(folder, record.scores or {}, was_complete=False)


def _finish(
    request: TrainingRequest,
    record: TrainingRecord,
    model: Transformer,
    trainer: Trainer,
    evaluator: Evaluator,
    observer: Observer,
) -> None:
    """Average, evaluate, report; the weights come last and make the folder complete."""
    folder, settings = request.output, record.settings
    updates = trainer.averaged_updates
    if trainer.ema is not None and settings.training.average_of == "ema":
        trainer.use(trainer.ema)
        observer.noted(Note("the final weights are their exponential moving average (EMA)"))
    else:
        paths = [weights_path(folder / "checkpoints", update) for update in updates]
        model.load_state_dict(mean_of(paths), strict=False)
        record.averaged = updates
        observer.noted(
            Note(
                "the final weights are the average of the checkpoints at updates {updates}",
                {"updates": updates},
            )
        )
    scores = evaluator.measure(sentences=None, beam_size=settings.dev.beam_size)
    record.scores = {**scores.to_json(), "beam_size": settings.dev.beam_size}
    record.write(folder)
    write_report(folder, request.language)
    weights = weights_bytes(dict(model.named_parameters()))
    with replacing(folder / WEIGHTS) as path:
        path.write_bytes(weights)
    _clear_leftovers(folder)


def _clear_leftovers(folder: Path) -> None:
    """What only resuming needs; the weights that were averaged stay."""
    shutil.rmtree(folder / preparation.DATA, ignore_errors=True)
    (folder / "checkpoints" / STATE).unlink(missing_ok=True)


def _encoder_factor(
    request: TrainingRequest, record: TrainingRecord, model: Transformer
) -> dict[str, float]:
    """The learning rate of a pretrained encoder over that of the rest; without one it is frozen."""
    settings = record.settings.training
    if request.encoder_from is None:
        return {}
    if not settings.encoder_learning_rate:
        model.encoder.requires_grad_(False)
        return {}
    assert settings.learning_rate is not None
    return {"encoder": settings.encoder_learning_rate / settings.learning_rate}
