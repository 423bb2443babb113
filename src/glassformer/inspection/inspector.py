"""Text in, trace out: a pass over a text and its translation, recorded step by step."""

import threading
from typing import Any, NamedTuple

import torch

from glassformer.decoding.settings import SearchConfig
from glassformer.decoding.translator import Translator
from glassformer.errors import UsageError
from glassformer.inspection.predictions import history_view, predictions_of
from glassformer.inspection.trace import Trace
from glassformer.messages import Note
from glassformer.tracing.recorder import Recorder
from glassformer.tracing.sentences import sentence_of, sentence_of_target
from glassformer.views import HistoryView, Sentence


class _Target(NamedTuple):
    """The target side of a trace: the decoder's inputs, and what comes after each of them."""

    inputs: list[int]
    outputs: list[int]
    sentence: Sentence | None
    translations: dict[str, Any]
    history: HistoryView | None


_NO_TARGET = _Target([], [], None, {}, None)


class Inspector:
    """A model with its tokenizers, at work on texts to be seen into."""

    def __init__(self, translator: Translator, name: str) -> None:
        self._translator = translator
        self._model = translator.model
        self._config = translator.model.config
        self._name = name
        self._of_thread = threading.local()

    def __getstate__(self) -> dict[str, Any]:
        """Everything but what belongs to a thread, so that a model can be copied and sent."""
        return {name: value for name, value in self.__dict__.items() if name != "_of_thread"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _of_thread=threading.local())

    def trace(
        self,
        text: str,
        search: SearchConfig,
        *,
        to: str | None = None,
        target: str | None = None,
        truncate: bool = False,
    ) -> Trace:
        """The trace of one text, and of a translation of it where there is one target.

        `target` is a translation to trace instead of the model's own, which `search` says how to
        find. Without `to` and `target` a model with several targets traces the encoder only.

        Raises:
            InputError: when a text is blank, no Unicode text or longer than the model takes.
            UsageError: when a target or history is asked for that there is none of.
            TraceError: when a derived number does not prove itself.
        """
        to = self._translator.tag_of(to)
        limit = self._config.encoder.max_positions
        source = self._translator.source.encode(text, max_length=limit, truncate=truncate)
        device = self._model.device
        source_ids = torch.tensor([source.ids], device=device)
        traces_target = self._config.decoder is not None and len(self._config.tags) <= 1
        if traces_target or to is not None or target is not None:
            traced = self._target(text, to, target, search, truncate)
        else:
            traced = _NO_TARGET
        if search.history and traced.history is None:
            raise UsageError("there is no history to show: no translation was searched for here")
        notes = _cut_off(source.truncated_from, limit)
        target_ids = torch.tensor([traced.inputs], device=device) if traced.inputs else None
        recorded = self._recorder.record(source_ids, target_ids)
        return Trace(
            recorded,
            config=self._config,
            source=sentence_of(source),
            target=traced.sentence,
            model_name=self._name,
            model=self._model,
            to=(to or self._translator.default_tag) if traced.sentence is not None else None,
            translations=traced.translations,
            predictions=predictions_of(
                recorded,
                traced.inputs,
                traced.outputs,
                self._config,
                self._translator.target.token_of,
            ),
            history=traced.history,
            notes=notes,
        )

    def _target(
        self, text: str, to: str | None, target: str | None, search: SearchConfig, truncate: bool
    ) -> "_Target":
        """The target to trace: the one given, or the model's own."""
        start = self._translator.start_of(to)
        end = [] if self._config.end is None else [self._config.end]
        token_of = self._translator.target.token_of
        translations, history = {}, None
        if target is None:
            found = self._translator.translate(text, to=to, search=search, truncate=truncate)
            target, ids = found.text, list(found.ids)
            translations[to or self._translator.default_tag] = found.to_json()
            history = history_view(found.history, token_of) if search.history else None
            if len(found.token_scores) == len(ids):  # it was cut off
                end = []
        else:
            ids = self._translator.target.encode_target(target)
        sentence = sentence_of_target(self._translator.target, target, start, ids)
        return _Target([start, *ids], [*ids, *end], sentence, translations, history)

    @property
    def _recorder(self) -> Recorder:
        """Each thread records with a module tree of its own."""
        recorder: Recorder | None = getattr(self._of_thread, "recorder", None)
        if recorder is None:
            recorder = self._of_thread.recorder = Recorder(self._model)
        return recorder


def _cut_off(length: int | None, limit: int) -> tuple[Note, ...]:
    """What is said of a text of so many tokens that was cut, None for one that was not."""
    if length is None:
        return ()
    said = Note("the text has {length} tokens; cut to {limit}", {"length": length, "limit": limit})
    return (said,)
