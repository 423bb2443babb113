"""Text in, trace out: a pass over a text and its translation, recorded step by step."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from glassformer.decoding.settings import SearchConfig
from glassformer.decoding.translator import Translation, Translator
from glassformer.errors import InputError, Setting, UsageError
from glassformer.inspection.predictions import history_view, predictions_of
from glassformer.inspection.trace import Trace
from glassformer.messages import Note
from glassformer.text.texts import with_pairs
from glassformer.text.tokenized import TokenizedText
from glassformer.text.tokenizer import SpecialTokens
from glassformer.text.windows import count_from_1
from glassformer.tracing.recorder import Pair, Recorder
from glassformer.tracing.selection import Selection, select
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


class _Request(NamedTuple):
    """What is to be traced of each text."""

    search: SearchConfig
    to: str | None
    target: str | None
    pair: str | Iterable[str] | None
    special_tokens: SpecialTokens
    truncate: bool
    names: Sequence[str] | None
    selection: Selection

    @property
    def recorded(self) -> Sequence[str] | None:
        """The names of what is kept, and of what predictions are made from."""
        if self.names is None or not self.selection.with_target:
            return self.names
        return [*self.names, "logits", "probabilities"]


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
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        names: Sequence[str] | None = None,
    ) -> Trace:
        """The trace of one text, and of a translation of it where there is one target.

        `target` is a translation to trace instead of the model's own, which `search` says how to
        find. Without `to` and `target` a model with several targets traces the encoder only. `pair`
        is a second text that the encoder reads together with the first; with
        `special_tokens="parse"` the names of special tokens in a source become these tokens. With
        `names` only the steps of these names or patterns are kept.

        Raises:
            InputError: when a text is blank, not valid Unicode or longer than the model's maximum
                length.
            UsageError: when a target or history is asked for that there is none of, a name matches
                no step, or the model takes no pairs.
            TraceError: when a derived number fails its self-check.
        """
        traces = self.traces(
            [text],
            search,
            to=to,
            target=target,
            pair=pair,
            special_tokens=special_tokens,
            truncate=truncate,
            names=names,
            name=None,
        )
        return next(iter(traces))

    def traces(
        self,
        texts: Iterable[str],
        search: SearchConfig,
        *,
        to: str | None = None,
        target: str | None = None,
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        names: Sequence[str] | None = None,
        name: Callable[[int], str] | None = count_from_1,
    ) -> Iterator[Trace]:
        """The trace of each text as `trace` gives it, in their order, in bounded memory.

        Texts are read ahead so that texts of similar length are batched together. `pair` is one
        second text for all of them or one for each. `name` says what an error calls the text of an
        index; with None it names none.

        Raises:
            InputError, UsageError, TraceError: as `trace`.
        """
        to = self._translator.tag_of(to)
        traces_target = self._config.decoder is not None and len(self._config.tags) <= 1
        with_target = traces_target or to is not None or target is not None
        if with_target:
            self._translator.start_of(to)  # says so where there is none
        if search.history and (target is not None or not with_target):
            raise UsageError("there is no search history to show: no translation was searched for")
        if pair is not None and with_target:
            raise UsageError(
                "a model that translates reads one text at a time: leave {pair:name} out",
                pair=Setting("pair"),
            )
        selection = select(self._config, names, with_target=with_target)
        request = _Request(search, to, target, pair, special_tokens, truncate, names, selection)
        return self._traces(texts, request, name)

    def _traces(
        self, texts: Iterable[str], request: _Request, name: Callable[[int], str] | None
    ) -> Iterator[Trace]:
        waiting: deque[tuple[TokenizedText, _Target]] = deque()  # until they are recorded

        def pairs() -> Iterator[Pair]:
            to_cut, to_translate = itertools.tee(texts)
            targets = self._targets(to_translate, request, name)
            for index, (text, pair) in enumerate(with_pairs(to_cut, request.pair)):
                source = self._cut(text, pair, request, name and name(index))
                target = next(targets)
                waiting.append((source, target))
                inputs = target.inputs if request.selection.with_target else None
                yield source.ids, inputs, source.pair_type_ids

        for recorded in self._recorder.record_stream(pairs(), names=request.recorded, name=name):
            yield self._trace(*waiting.popleft(), recorded, request)

    def _cut(
        self, text: str, pair: str | None, request: _Request, name: str | None
    ) -> TokenizedText:
        try:
            return self._translator.source.encode(
                text,
                pair=pair,
                max_length=self._config.encoder.max_positions,
                truncate=request.truncate,
                special_tokens=request.special_tokens,
            )
        except InputError as error:
            if name is None:
                raise
            raise error.at(name) from error

    def _targets(
        self, texts: Iterable[str], request: _Request, name: Callable[[int], str] | None
    ) -> Iterator[_Target]:
        """The target of each text: the one given, or the model's own."""
        translator, to = self._translator, request.to
        if not request.selection.with_target:
            yield from itertools.repeat(_NO_TARGET)
        start = translator.start_of(to)
        if request.target is not None:
            ids = translator.target.encode_target(request.target)
            given = self._target(start, ids, request.target, whole=True)
            yield from itertools.repeat(given)
        search, truncate, special_tokens = request.search, request.truncate, request.special_tokens
        found: Iterable[Translation]
        if name is None:
            found = (
                translator.translate(
                    text, to=to, search=search, truncate=truncate, special_tokens=special_tokens
                )
                for text in texts
            )
        else:
            found = translator.translate_stream(
                texts,
                to=to,
                search=search,
                truncate=truncate,
                special_tokens=special_tokens,
                name=name,
            )
        for one in found:
            yield self._own_target(start, one, request)

    def _own_target(self, start: int, found: Translation, request: _Request) -> _Target:
        whole = len(found.token_scores) > len(found.ids)  # else it was cut off
        target = self._target(start, found.ids, found.text, whole=whole)
        token_of = self._translator.target.token_of
        return target._replace(
            translations={request.to or self._translator.default_tag: found.to_json()},
            history=history_view(found.history, token_of) if request.search.history else None,
        )

    def _target(self, start: int, ids: Sequence[int], text: str, *, whole: bool) -> _Target:
        end = [self._config.end] if whole and self._config.end is not None else []
        sentence = sentence_of_target(self._translator.target, text, start, ids)
        return _Target([start, *ids], [*ids, *end], sentence, {}, None)

    def _trace(
        self,
        source: TokenizedText,
        target: _Target,
        recorded: Mapping[str, Tensor],
        request: _Request,
    ) -> Trace:
        to = request.to or self._translator.default_tag
        kept = recorded
        if request.names is not None:
            kept = {step.name: recorded[step.name] for step in request.selection.kept}
        return Trace(
            kept,
            config=self._config,
            source=sentence_of(source),
            target=target.sentence,
            model_name=self._name,
            model=self._model,
            to=None if target.sentence is None else to,
            translations=target.translations,
            predictions=predictions_of(
                recorded,
                target.inputs,
                target.outputs,
                self._config,
                self._translator.target.token_of,
            ),
            history=target.history,
            notes=_cut_off(source.truncated_from, self._config.encoder.max_positions),
        )

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
    said = Note(
        "the text has {length} tokens and was truncated to {limit}",
        {"length": length, "limit": limit},
    )
    return (said,)
