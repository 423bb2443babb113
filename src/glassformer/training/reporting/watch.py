"""Watching a training: attention and translations of a few sentences, at selected updates.

A model changes most in its first updates, so the steps are spaced like its learning curve, evenly
in the logarithm.
"""

import dataclasses
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from glassformer.decoding.search import SearchConfig
from glassformer.decoding.translator import Translator
from glassformer.errors import InputError, Setting, TraceError, TrainingError, UsageError
from glassformer.inspection.watch_file import FILE, read_watch, write_watch
from glassformer.inspection.watched import (
    PARTS,
    Entry,
    WatchedTarget,
    WatchRecord,
    Weights,
    finite_or_none,
    quantised,
)
from glassformer.model.transformer import Transformer
from glassformer.text.tokenized import TokenizedText
from glassformer.text.tokenizer import Tokenizer
from glassformer.tracing.recorder import Recorder
from glassformer.tracing.sentences import sentence_of, sentence_of_target
from glassformer.tracing.steps import attention_name

__all__ = ["Watch", "WatchRecord", "read_watch", "watched_steps"]

_STEPS = 24
_ALL_WEIGHTS = ("*.weights",)


def watched_steps(max_updates: int) -> frozenset[int]:
    """The updates that are recorded: 0, 1, then ever further apart, and the last one."""
    return frozenset({0, *(round(max_updates ** (n / _STEPS)) for n in range(_STEPS + 1))})


def check_given_once(sentences: Sequence[str]) -> None:
    """Refuse a sentence that is given twice.

    Raises:
        UsageError: when that is so.
    """
    if len({unicodedata.normalize("NFC", sentence) for sentence in sentences}) < len(sentences):
        raise UsageError(
            "a sentence of {watch:name} was given twice: give each once", watch=Setting("watch")
        )


def as_tokens(
    sentences: Sequence[str], tokenizer: Tokenizer, max_length: int
) -> list[TokenizedText]:
    """The sentences to watch as the model will read them.

    Raises:
        InputError: when one has nothing to read, or more than `max_length` tokens.
    """
    try:
        return [tokenizer.encode(sentence, max_length=max_length) for sentence in sentences]
    except InputError as error:
        raise InputError(
            "{watch:name}: {reason}", watch=Setting("watch"), reason=error.message
        ) from error


class Watch:
    """Records attention and translations of sentences while a model learns; call it every update.

    The model is not touched: what is seen is a second tree of modules over its weights, always in
    evaluation mode, and nothing here draws a random number. `tags` are the target languages, none
    for a model with one target. Without sentences it does nothing.

    Raises:
        UsageError: when a sentence is given twice.
        InputError: when a sentence cannot be read by the model.
        TrainingError: when the folder's record is damaged or of other sentences.
    """

    def __init__(
        self,
        folder: Path,
        sentences: Sequence[str],
        model: Transformer,
        source_tokenizer: Tokenizer,
        target_tokenizer: Tokenizer,
        tags: Sequence[str],
        max_updates: int,
    ) -> None:
        self._folder = folder
        self._model = model
        self._source = source_tokenizer
        self._target = target_tokenizer
        self._tags: list[str | None] = [*tags] or [None]
        self._steps = watched_steps(max_updates)
        cut = as_tokens(sentences, source_tokenizer, model.config.encoder.max_positions)
        self._ids = [list(one.ids) for one in cut]
        check_given_once(sentences)
        self._record = WatchRecord(
            sentences=tuple(map(sentence_of, cut)),
            tags=tuple(tag or "target" for tag in self._tags),
            max_updates=max_updates,
            config=model.config,
        )
        if cut and (folder / FILE).is_file():
            self._resume()

    def __call__(self, update: int, *, last: bool = False) -> None:
        """Record attention and translations of the sentences, if this update is to be recorded.

        With `last` it is: no further update will come.

        Raises:
            OutputError: when the record cannot be written.
        """
        if not self._ids or (update not in self._steps and not last):
            return
        tree = self._model.second_tree().eval()
        recorder, translator = Recorder(tree), Translator(tree, self._source, self._target)
        before = [entry for entry in self._record.entries if entry.update < update]
        new = [
            self._entry(update, number, recorder, translator) for number in range(len(self._ids))
        ]
        self._keep([*before, *new])

    def cut_back(self, update: int) -> None:
        """Forget what was recorded after an update, from which the training resumes.

        Raises:
            OutputError: when the record cannot be written.
        """
        entries = [entry for entry in self._record.entries if entry.update <= update]
        if len(entries) < len(self._record.entries):
            self._keep(entries)

    def _keep(self, entries: list[Entry]) -> None:
        self._record = dataclasses.replace(self._record, entries=tuple(entries))
        write_watch(self._folder, self._record)

    def _resume(self) -> None:
        """Continue the record that the same training has left."""
        path = self._folder / FILE
        try:
            found = read_watch(self._folder)
        except TraceError as error:
            raise TrainingError(
                "{reason}; remove it to resume without what it holds", reason=error.message
            ) from error
        ours = self._record
        if (found.sentences, found.tags) != (ours.sentences, ours.tags):
            raise TrainingError(
                "{path} holds other sentences or target languages: remove it to resume", path=path
            )
        self._record = dataclasses.replace(ours, entries=found.entries)

    def _entry(self, update: int, number: int, recorder: Recorder, translator: Translator) -> Entry:
        text = self._record.sentences[number].text
        weights: dict[str, Weights] = {}
        targets, problem = [], None
        for index, tag in enumerate(self._tags):
            found = translator.translate(text, to=tag, search=SearchConfig(beam_size=1))
            start = translator.start_of(tag)
            targets.append(
                WatchedTarget(
                    sentence=sentence_of_target(self._target, found.text, start, found.ids),
                    score=finite_or_none(found.score),
                )
            )
            try:
                (traced,) = recorder.record_batch(
                    [self._ids[number]], [[start, *found.ids]], names=_ALL_WEIGHTS, name=None
                )
            except TraceError as error:  # as in a model that diverges; the training reports that
                problem = str(error)
                continue
            for part in PARTS:
                key = part if part == "encoder" else f"{index}.{part}"
                layers = range(self._model.config.stack_of(part).num_layers)
                names = [f"{attention_name(part, layer)}.weights" for layer in layers]
                weights[key] = quantised(
                    np.stack([traced[name].float().cpu().numpy() for name in names])
                )
        if problem is not None:
            weights = {}
        return Entry(
            update=update,
            sentence=number,
            targets=tuple(targets),
            weights=weights,
            problem=problem,
        )
