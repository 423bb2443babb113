"""The training loop: updates, evaluations, checkpoints, and resuming from the last one."""

import contextlib
import itertools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from glassformer.config import TrainingConfig
from glassformer.errors import Setting, TrainingError
from glassformer.messages import Message, Note
from glassformer.model.transformer import Transformer
from glassformer.training.corpus.batching import Batching, Indices, repeats_of
from glassformer.training.corpus.examples import Examples
from glassformer.training.learning.checkpoint import (
    Progress,
    keep_only,
    read_state,
    write_state,
    write_weights,
)
from glassformer.training.learning.divergence import (
    DEV_NOT_FINITE,
    DivergedError,
    DivergenceDetector,
)
from glassformer.training.learning.evaluation import DevScores
from glassformer.training.learning.flat_parameters import Adam, FlatWeights
from glassformer.training.learning.interrupts import Interrupt, Terminated
from glassformer.training.learning.learner import (
    Collator,
    Learner,
    MicroBatch,
    naming_what_is_too_large,
)
from glassformer.training.learning.metrics import Metrics
from glassformer.training.learning.processes import Alone
from glassformer.training.learning.schedule import learning_rate

_LOG_EVERY = 20
"""Beside the first ones, which are all logged."""


class Observer(Protocol):
    """Whoever watches a training."""

    def began(self, update: int, max_updates: int) -> None:
        """The training starts or resumes after this update."""
        ...

    def updated(self, measurement: dict[str, Any]) -> None:
        """An update was made; the measurement is that of metrics.jsonl."""
        ...

    def measured(self, measurement: dict[str, Any]) -> None:
        """The dev set was measured."""
        ...

    def noted(self, note: Note) -> None:
        """There is something that a person should know."""
        ...


class Watcher(Protocol):
    """Whoever records attention and translations of some sentences during the training."""

    def __call__(self, update: int, *, last: bool = False) -> None:
        """An update was made; with `last`, none will follow."""
        ...

    def cut_back(self, update: int) -> None:
        """The training resumes from this update: forget what came after it."""
        ...


class Trainer:
    """Trains a model on examples, from wherever the folder's last checkpoint stands."""

    def __init__(
        self,
        model: Transformer,
        examples: Examples,
        config: TrainingConfig,
        folder: Path,
        *,
        starts: list[int],
        group: Alone,
        observer: Observer,
        measure: Callable[[], DevScores],
        watch: Watcher,
        loggers: tuple[str, ...] = (),
        factors: dict[str, float] | None = None,
    ) -> None:
        settings = config.training
        assert settings.micro_batch_tokens is not None
        assert settings.batch_tokens is not None
        assert model.config.end is not None
        self._model = model
        self._config = config
        self._settings = settings
        self._folder = folder
        self._checkpoints = folder / "checkpoints"
        self._group = group
        self._observer = observer
        self._measure = measure
        self._watch = watch
        self._loggers = loggers
        self._target_lengths = examples.target_lengths
        self._batching = Batching(
            examples.source_lengths,
            examples.target_lengths + 1,
            micro_batch_tokens=min(settings.micro_batch_tokens, settings.batch_tokens),
            per_update=math.ceil(settings.batch_tokens / settings.micro_batch_tokens),
            seed=settings.seed,
            repeats=_repeats(examples, config.text.balance),
        )
        self._flat = FlatWeights(model, factors)
        self._adam = Adam(self._flat, config)
        self._ema = self._flat.values.clone() if settings.ema else None
        self._learner = Learner(model, config)
        self._collate = Collator(
            examples, padding=model.config.padding, end=model.config.end, starts=starts
        )
        self._progress = Progress()
        self._divergence = DivergenceDetector(
            config,
            model.config.stack_of("decoder").vocabulary,
            scaled=self._learner.dtype == torch.float16,
        )
        self._metrics: Metrics | None = None
        self._measurement: dict[str, Any] = {}
        self._since = 0.0
        """When the clock of the current update started: not while evaluating or saving."""

    # The loop

    def run(self) -> Progress:
        """Train until the last update, or until early stopping.

        Raises:
            KeyboardInterrupt: after Ctrl-C; the progress is saved.
            Terminated: when SIGTERM did, likewise.
            TrainingError: when the training diverged or ran out of memory.
            OutputError: when nothing more can be saved, as on a full disk.
        """
        assert self._settings.max_updates is not None
        self._restore()
        progress = self._progress
        self._observer.began(progress.update, self._settings.max_updates)
        try:
            with Interrupt(self._group.rank) as interrupt:
                self._watch.cut_back(progress.update)
                if progress.update == 0:
                    self._watch_now()
                self._since = time.perf_counter()
                while not self._done():
                    for batches in self._rest_of_epoch():
                        self._update(batches, interrupt)
                        self._after_update()
                        self._since = time.perf_counter()
                        if self._flat.tail[2] > 0:
                            self._checkpoint()
                            raise Terminated if self._flat.tail[3] > 0 else KeyboardInterrupt
                        if self._done():
                            break
                    else:
                        progress.epoch += 1
                        progress.updates_of_epoch = 0
        finally:
            if self._metrics is not None:
                with contextlib.suppress(OSError):  # a full disk was reported already
                    self._metrics.close()
        return progress

    def _done(self) -> bool:
        progress, settings = self._progress, self._settings
        assert settings.max_updates is not None
        stops_early = 0 < settings.patience <= progress.evaluations_without_better
        return stops_early or progress.update >= settings.max_updates

    def _rest_of_epoch(self) -> Any:
        epoch = self._batching.epoch(self._progress.epoch)
        return itertools.islice(epoch, self._progress.updates_of_epoch, None)

    def _update(self, batches: list[Indices], interrupt: Interrupt) -> None:
        """One optimizer step; every process computes every size-th micro-batch."""
        progress, group, flat = self._progress, self._group, self._flat
        progress.update += 1
        progress.updates_of_epoch += 1
        tokens = sum(int(self._target_lengths[batch].sum()) + len(batch) for batch in batches)
        scale = self._divergence.loss_scale(progress)
        flat.clear()
        for index in range(group.rank, len(batches), group.size):
            batch = self._collate(batches[index], self._learner.device)
            self._learn(batch, index, scale / tokens)
        flat.tail[2] += float(interrupt.asked)
        flat.tail[3] += float(interrupt.terminated)
        group.sum(flat.to_sum)
        if scale != 1.0:
            flat.gradient.div_(scale)
        smoothed, loss = (float(total) / tokens for total in flat.tail[:2])
        norm = flat.clip(self._settings.clip_norm)
        rate = learning_rate(self._config, progress.update)
        try:
            may_step = self._divergence.may_step(norm, loss, progress)
        except DivergedError as error:
            raise self._diverged(error.what) from error
        if may_step:
            self._adam.step(rate)
            if self._ema is not None:
                self._ema.lerp_(flat.values, 1.0 - self._settings.ema)
        progress.target_tokens += tokens
        progress.seconds += time.perf_counter() - self._since
        self._measurement = {
            "kind": "train",
            "update": progress.update,
            "epoch": progress.epoch,
            "loss": loss,
            "smoothed_loss": smoothed,
            "perplexity": _perplexity(loss),
            "learning_rate": rate,
            "gradient_norm": norm,
            "target_tokens": progress.target_tokens,
            "seconds": round(progress.seconds, 3),
            "tokens_per_second": round(progress.target_tokens / max(progress.seconds, 1e-9), 1),
        }

    def _learn(self, batch: MicroBatch, index: int, scale: float) -> None:
        with naming_what_is_too_large(batch):
            self._learner.seed(self._progress.update, index)
            loss = self._learner.learn(batch, scale)
            self._flat.tail[0] += loss.smoothed.detach()
            self._flat.tail[1] += loss.unsmoothed

    def _diverged(self, what: Message) -> TrainingError:
        state = read_state(self._checkpoints)
        kept = Message("update {update}", {"update": state[1].update}) if state else None
        return TrainingError(
            "the training diverged at update {update}: {what}; the last good checkpoint ({kept}) "
            "stays in {folder}. Start again ({force}, or another {output}) with {advice}",
            update=self._progress.update,
            what=what,
            kept=kept or Message("none yet"),
            folder=self._checkpoints,
            force=Setting("force", True),
            output=Setting("output", "FOLDER"),
            advice=self._divergence.advice(),
        )

    # Between updates

    def _after_update(self) -> None:
        progress, settings = self._progress, self._settings
        update = progress.update
        if update % _LOG_EVERY == 0 or update <= _LOG_EVERY or self._done():
            self._log(self._measurement)
        self._observer.updated(self._measurement)
        assert settings.evaluate_every is not None
        assert settings.checkpoint_every is not None
        if update % settings.evaluate_every == 0 or update == settings.max_updates:
            self._evaluate()
        self._watch_now()
        if update % settings.checkpoint_every == 0 or self._done():
            self._checkpoint()

    def _evaluate(self) -> None:
        """Evaluate on rank 0, decide there, and let all know."""
        progress = self._progress
        outcome = None
        if self._group.rank == 0:
            scores = self._measure()
            measurement = {"kind": "dev", "update": progress.update, **scores.to_json()}
            self._log(measurement)
            self._observer.measured(measurement)
            for note in scores.notes():
                self._observer.noted(note)
            outcome = scores.loss
        loss = self._group.share(outcome)
        if not math.isfinite(loss):
            raise self._diverged(DEV_NOT_FINITE)
        progress.dev_scores[str(progress.update)] = loss
        if progress.best_loss is None or loss < progress.best_loss:
            progress.best_loss, progress.best_update = loss, progress.update
            progress.evaluations_without_better = 0
        else:
            progress.evaluations_without_better += 1

    def _watch_now(self) -> None:
        if self._group.rank == 0:
            self._watch(self._progress.update, last=self._done())

    def _log(self, measurement: dict[str, Any]) -> None:
        if self._metrics is not None:
            self._metrics.add(measurement)

    # Checkpoints

    def _tensors(self) -> dict[str, Tensor]:
        tensors = {
            "weights": self._flat.values,
            "adam.mean": self._adam.mean,
            "adam.mean_square": self._adam.mean_square,
        }
        if self._ema is not None:
            tensors["ema"] = self._ema
        return tensors

    def _checkpoint(self) -> None:
        if self._group.rank:
            return
        progress = self._progress
        progress.adam_steps = self._adam.steps
        if self._metrics is not None:
            progress.metrics_bytes = self._metrics.length
        every = self._settings.checkpoint_every
        assert every is not None
        if progress.update % every == 0 or self._done():
            write_weights(self._checkpoints, progress.update, dict(self._model.named_parameters()))
        write_state(self._checkpoints, self._tensors(), progress)
        keep_only(self._checkpoints, self._worth_keeping())

    def _worth_keeping(self) -> set[int]:
        """The updates whose weights may still be averaged."""
        progress, settings = self._progress, self._settings
        every = settings.checkpoint_every
        assert every is not None
        made = [*range(every, progress.update + 1, every)]
        if self._done() and progress.update not in made:
            made.append(progress.update)
        if settings.average_of == "best":
            scores = progress.dev_scores
            measured = [update for update in made if str(update) in scores]
            best = sorted(measured, key=lambda update: scores[str(update)])
            if best:
                return set(best[: settings.average])
        return set(made[-settings.average :])

    def _restore(self) -> None:
        self._checkpoints.mkdir(parents=True, exist_ok=True)
        found = read_state(self._checkpoints)
        if found is not None:
            tensors, self._progress = found
            if tensors["weights"].shape != self._flat.values.shape:
                raise TrainingError(
                    "{folder} holds a checkpoint of a model of another size",
                    folder=self._checkpoints,
                )
            with torch.no_grad():
                for name, tensor in self._tensors().items():
                    tensor.copy_(tensors[name])
            self._adam.steps = self._progress.adam_steps
        if self._group.rank == 0:
            keep_only(self._checkpoints, self._worth_keeping() if found else set())
            self._metrics = Metrics(
                self._folder,
                self._loggers,
                update=self._progress.update,
                length=self._progress.metrics_bytes,
            )

    @property
    def averaged_updates(self) -> list[int]:
        """The updates whose kept weights make the final model."""
        return sorted(self._worth_keeping())

    def use(self, values: Tensor) -> None:
        """Make these flat weights those of the model."""
        self._flat.values.copy_(values)

    @property
    def ema(self) -> Tensor | None:
        """The moving average (EMA) of the flat weights, where one is kept."""
        return self._ema


def _repeats(examples: Examples, balance: float) -> Float[np.ndarray, " pairs"] | None:
    """How often each pair comes in an epoch; None where each comes once."""
    if balance == 1.0:
        return None
    _, places, counts = np.unique(examples.tags, return_inverse=True, return_counts=True)
    of_tag = repeats_of(dict(enumerate(counts.tolist())), balance)
    of_pair: Float[np.ndarray, " pairs"] = np.array([*of_tag.values()])[places]
    return of_pair


def _perplexity(loss: float) -> float | None:
    return math.exp(loss) if loss < 700.0 else None
