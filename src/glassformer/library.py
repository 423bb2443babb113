"""What a user of the package holds: `load()` and `Glassformer`."""

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload

import torch

from glassformer.config import ModelConfig, StackConfig
from glassformer.decoding.search import SearchConfig
from glassformer.decoding.translator import Translation, Translator
from glassformer.encoding.encoder import Encoding, SentenceEncoder
from glassformer.encoding.pooling import Pooling, pooling_of
from glassformer.errors import ModelFilesError, UsageError
from glassformer.inspection.predictions import history_view, predictions_of
from glassformer.inspection.trace import Trace
from glassformer.model.transformer import Transformer
from glassformer.pretrained.files import PACKAGED, find_model
from glassformer.pretrained.folder import read_model
from glassformer.text.tokenizer import Tokenizer, read_tokenizers
from glassformer.tracing.recorder import Recorder
from glassformer.tracing.sentences import sentence_of, sentence_of_target
from glassformer.views import HistoryView, Sentence

PRECISIONS = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "float64": torch.float64,
}


class _Target(NamedTuple):
    """The target side of a trace: the decoder's inputs, and what comes after each of them."""

    inputs: list[int]
    outputs: list[int]
    sentence: Sentence | None
    translations: dict[str, Any]
    history: HistoryView | None


_NO_TARGET = _Target([], [], None, {}, None)


class Glassformer:
    """A model with its tokenizer: text in, R or a trace out.

    `model` is the `Transformer`, `config` its configuration, `tokenizer` its tokenizer, `pooling`
    the way in which a sentence model makes one vector of R, and `name` what it was loaded by.
    """

    def __init__(
        self,
        model: Transformer,
        tokenizer: Tokenizer,
        *,
        name: str,
        pooling: Pooling | None = None,
        target_tokenizer: Tokenizer | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.target_tokenizer = target_tokenizer or tokenizer
        self.name = name
        self.pooling = pooling
        self.encoder = SentenceEncoder(model, tokenizer)
        self.translator = Translator(model, tokenizer, self.target_tokenizer)
        self._of_thread = threading.local()

    def __getstate__(self) -> dict[str, Any]:
        """Everything but what belongs to a thread, so that a model can be copied and sent."""
        return {name: value for name, value in self.__dict__.items() if name != "_of_thread"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _of_thread=threading.local())

    @property
    def config(self) -> ModelConfig:
        """The model as plain data."""
        return self.model.config

    @overload
    def encode(self, text: str, **options: Any) -> Encoding: ...
    @overload
    def encode(self, text: list[str] | tuple[str, ...], **options: Any) -> list[Encoding]: ...
    def encode(self, text: str | Sequence[str], **options: Any) -> Encoding | list[Encoding]:
        """R for one text or for each of several, as float32 arrays [tokens, d_model].

        Options are those of `SentenceEncoder.encode`: `pool`, `normalize`, `truncate` and
        `batch_tokens`.

        Raises:
            InputError: when a text is blank, no Unicode text or longer than the model takes.
        """
        if isinstance(text, str):
            return self.encoder.encode([text], **options)[0]
        return self.encoder.encode(text, **options)

    @overload
    def translate(self, text: str, **options: Any) -> Translation: ...
    @overload
    def translate(self, text: list[str] | tuple[str, ...], **options: Any) -> list[Translation]: ...
    def translate(
        self, text: str | Sequence[str], **options: Any
    ) -> Translation | list[Translation]:
        """The translation of one text or of each of several; a blank one of several is empty.

        Options: `to` names the target language (a model with one target needs no name), `prefix`
        is the beginning of the translation, `truncate` cuts off what is longer than the model
        takes, and for several texts `to` and `prefix` may be lists, and `batch_tokens` or
        `batch_size` say how many to translate together. All other options are those of
        `SearchConfig`: `beam_size`, `n_best`, `temperature` and so on.

        Raises:
            UsageError: when this model has no decoder, not for this language, or a setting makes no
                sense.
            InputError: when a text is no Unicode text or longer than the model takes, or when the
                one text is blank.
        """
        search = _search_of(options)
        if isinstance(text, str):
            return self.translator.translate(text, search=search, **options)
        return self.translator.translate_batch(text, search=search, **options)

    @overload
    def inspect(self, text: str, **options: Any) -> Trace: ...
    @overload
    def inspect(self, text: list[str] | tuple[str, ...], **options: Any) -> list[Trace]: ...
    def inspect(self, text: str | Sequence[str], **options: Any) -> Trace | list[Trace]:
        """A trace of one text or of each of several: every number of the pass, by name.

        Options: `to` names the target language whose translation is traced as well (a model with
        one target needs no name, one with several traces the encoder only without it), `target` is
        a translation of yours to trace instead of the model's own, and `truncate` cuts off what is
        longer than the model takes. The model's own is searched for as `translate` does, with all
        options of `SearchConfig`; with `history` the trace holds what was considered.

        Raises:
            InputError: when a text is blank, no Unicode text or longer than the model takes.
            UsageError: when a target is asked for that the model does not have.
            TraceError: when a derived number does not prove itself.
        """
        search = _search_of(options)
        if isinstance(text, str):
            return self._inspect(text, search, **options)
        return [self._inspect(one, search, **options) for one in text]

    def _inspect(
        self,
        text: str,
        search: SearchConfig,
        *,
        to: str | None = None,
        target: str | None = None,
        truncate: bool = False,
    ) -> Trace:
        limit = self.config.encoder.max_positions
        source = self.tokenizer.encode(text, max_length=limit, truncate=truncate)
        device = self.model.device
        source_ids = torch.tensor([source.ids], device=device)
        traces_target = self.config.decoder is not None and len(self.config.tags) <= 1
        if traces_target or to is not None or target is not None:
            traced = self._target(text, to, target, search, truncate)
        else:
            traced = _NO_TARGET
        if search.history and traced.history is None:
            raise UsageError("there is no history to show: no translation was searched for here")
        target_ids = torch.tensor([traced.inputs], device=device) if traced.inputs else None
        recorded = self._recorder.record(source_ids, target_ids)
        return Trace(
            recorded,
            config=self.config,
            source=sentence_of(source),
            target=traced.sentence,
            model_name=self.name,
            model=self.model,
            to=(to or self.default_tag) if traced.sentence is not None else None,
            translations=traced.translations,
            predictions=predictions_of(
                recorded, traced.inputs, traced.outputs, self.config, self.target_tokenizer.token_of
            ),
            history=traced.history,
        )

    def _target(
        self, text: str, to: str | None, target: str | None, search: SearchConfig, truncate: bool
    ) -> "_Target":
        """The target to trace: the one given, or the model's own."""
        start = self.translator.start_of(to)
        end = [] if self.config.end is None else [self.config.end]
        token_of = self.target_tokenizer.token_of
        translations, history = {}, None
        if target is None:
            found = self.translator.translate(text, to=to, search=search, truncate=truncate)
            target, ids = found.text, list(found.ids)
            translations[to or self.default_tag] = found.to_json()
            history = history_view(found.history, token_of) if search.history else None
            if len(found.token_scores) == len(ids):  # it was cut off
                end = []
        else:
            ids = self.target_tokenizer.encode_target(target)
        sentence = sentence_of_target(self.target_tokenizer, target, start, ids)
        return _Target([start, *ids], [*ids, *end], sentence, translations, history)

    @property
    def default_tag(self) -> str:
        """What the only target of a model is called where targets are listed by name."""
        return next((tag for tag, _ in self.config.tags), "target")

    @property
    def _recorder(self) -> Recorder:
        """Each thread records with a module tree of its own."""
        recorder: Recorder | None = getattr(self._of_thread, "recorder", None)
        if recorder is None:
            recorder = self._of_thread.recorder = Recorder(self.model)
        return recorder


def _search_of(options: dict[str, Any]) -> SearchConfig:
    """Take what says how to search out of the options of a call."""
    known = {field.name for field in dataclasses.fields(SearchConfig)}
    return SearchConfig(**{name: options.pop(name) for name in known & options.keys()})


def load(
    name: str | Path | None = None, *, device: str = "cpu", precision: str = "float32"
) -> Glassformer:
    """Load a model: a folder of ours, a Hugging Face folder, an installed model or a hub name.

    Without a name it is the one that comes with Glassformer, English to French, German and
    Chinese. Precision is float32, bfloat16, float16 or float64.

    Raises:
        ModelFilesError: when there is no such model here, or its files cannot be read.
        ConfigError: when its configuration cannot be expressed.
        WeightsError: when its weights do not fit its configuration.
        UsageError: when there is no such device or precision.
    """
    name = PACKAGED[0].name if name is None else str(name)
    if precision not in PRECISIONS:
        raise UsageError(f"precision must be one of {', '.join(PRECISIONS)}, but is {precision!r}")
    folder = find_model(name)
    model = read_model(folder, PRECISIONS[precision])
    tokenizer, target_tokenizer = _tokenizers(folder, model)
    model = _move(model, device)
    return Glassformer(
        model,
        tokenizer,
        name=name,
        pooling=pooling_of(folder),
        target_tokenizer=target_tokenizer,
    )


def _move(model: Transformer, device: str) -> Transformer:
    try:
        where = torch.device(device)
        if where.type == "meta":
            raise UsageError("the device 'meta' holds no numbers: choose cpu, cuda or mps")
        return model.to(where)
    except (RuntimeError, AssertionError, NotImplementedError, ImportError) as error:
        reason = str(error).split("\n")[0]
        raise UsageError(f"cannot use the device {device!r}: {reason}") from error


def _tokenizers(folder: Path, model: Transformer) -> tuple[Tokenizer, Tokenizer | None]:
    """Those of source and target, if they belong to the model."""
    if not (folder / "tokenizer.json").is_file():
        raise ModelFilesError(
            f"{folder} has no tokenizer.json; for a Hugging Face model, "
            "AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it"
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
            f"{path} has {tokenizer.vocabulary} entries, but the model has vectors for "
            f"{stack.vocabulary} only: they do not belong together"
        )
