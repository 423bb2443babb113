"""`Glassformer`: a model with its tokenizers, text in and R, translations or traces out."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Unpack, overload

from glassformer.decoding.batches import batches_of
from glassformer.decoding.scoring import ScoredTarget, Scorer
from glassformer.decoding.settings import SearchConfig, SearchOptions
from glassformer.decoding.translator import Translation
from glassformer.encoding.encoder import BATCH_TOKENS as ENCODE_TOKENS
from glassformer.encoding.encoder import Encoding
from glassformer.encoding.pooling import PoolingMode
from glassformer.errors import InputError, Setting, UsageError
from glassformer.inspection.moment import report_of_moment
from glassformer.inspection.report import Report, report_of
from glassformer.inspection.trace import Trace
from glassformer.library.comparing import compare
from glassformer.library.loaded import LoadedModel
from glassformer.library.notes import gathered, warn_of
from glassformer.library.options import (
    EncodeOptions,
    InspectTextOptions,
    ScoreOptions,
    TranslateOptions,
)
from glassformer.library.progress import Progress, watched
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request
from glassformer.text.texts import as_texts
from glassformer.text.tokenizer import SpecialTokens
from glassformer.text.windows import count_from_1


class Glassformer(LoadedModel):
    """A model with its tokenizer: text in, R or a trace out.

    `model` is the `Transformer`, `config` its configuration, `tokenizer` its tokenizer, `pooling`
    the way in which a sentence model makes one vector of R, `profile` what its training's source
    texts were like, and `name` what it was loaded by.
    """

    @overload
    def encode(  # type: ignore[overload-overlap]  # a text is an iterable of texts, too
        self, text: str, **options: Unpack[EncodeOptions]
    ) -> Encoding: ...
    @overload
    def encode(self, text: Iterable[str], **options: Unpack[EncodeOptions]) -> list[Encoding]: ...
    def encode(
        self,
        text: str | Iterable[str],
        *,
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        pool: PoolingMode = "none",
        normalize: bool = False,
        truncate: bool = False,
        batch_tokens: int = ENCODE_TOKENS,
    ) -> Encoding | list[Encoding]:
        """R for one text or for each of several, as float32 arrays [tokens, d_model].

        `pair` is a second text that is read together with the first, as models of the BERT family
        do; for several texts it is one for all or one for each. With `special_tokens="parse"` the
        names of special tokens in a text, such as [MASK], become these tokens. `pool` makes one
        vector of each R, `normalize` gives every vector length 1, `truncate` cuts what is longer
        than the model's maximum length, and `batch_tokens` says how many tokens, padding included,
        are computed together, which affects speed, not results.

        Raises:
            InputError: when a text is blank, not valid Unicode or longer than the model's maximum
                length.
            UsageError: when a setting makes no sense, or the model takes no pairs.
        """
        texts = [text] if isinstance(text, str) else list(as_texts(text))
        found = self.encoder.encode(
            texts,
            pair=pair,
            special_tokens=special_tokens,
            pool=pool,
            normalize=normalize,
            truncate=truncate,
            batch_tokens=batch_tokens,
        )
        warn_of(gathered(self.notes_on(one.text, one.pair, special_tokens) for one in found))
        return found[0] if isinstance(text, str) else found

    @overload
    def translate(  # type: ignore[overload-overlap]  # a text is an iterable of texts, too
        self, text: str, **options: Unpack[TranslateOptions]
    ) -> Translation: ...
    @overload
    def translate(
        self, text: Iterable[str], **options: Unpack[TranslateOptions]
    ) -> list[Translation]: ...
    def translate(
        self,
        text: str | Iterable[str],
        *,
        to: str | Sequence[str | None] | None = None,
        prefix: str | Sequence[str] = "",
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        batch_tokens: int | None = None,
        batch_size: int | None = None,
        **search: Unpack[SearchOptions],
    ) -> Translation | list[Translation]:
        """The translation of one text or of each of several; a blank one of several is empty.

        `to` names the target language (a model with one target needs no name), `prefix` is a forced
        prefix of the translation, `special_tokens` is as in `encode`, and `truncate` cuts what is
        longer than the model's maximum length. For several texts `to` and `prefix` may be lists,
        and `batch_tokens` or `batch_size` say how many are translated together. The settings of
        `SearchConfig` say how to search: `beam_size`, `n_best`, `temperature` and so on.

        Raises:
            UsageError: when this model has no decoder, not for this language, or a setting makes no
                sense.
            InputError: when a text is not valid Unicode or longer than the model's maximum length,
                or when the one text is blank.
        """
        config = SearchConfig(**search)
        if not isinstance(text, str):
            found = list(
                self.translate_stream(
                    text,
                    to=to,
                    prefix=prefix,
                    special_tokens=special_tokens,
                    truncate=truncate,
                    batch_tokens=batch_tokens,
                    batch_size=batch_size,
                    **search,
                )
            )
            warn_of(gathered(one.notes for one in found))
            return found
        if not isinstance(to, str | None) or not isinstance(prefix, str):
            raise UsageError(
                "{to:name} and {prefix:name} are lists for several texts only, but one text was "
                "given",
                to=Setting("to"),
                prefix=Setting("prefix"),
            )
        one = self.translator.translate(
            text,
            to=to,
            search=config,
            prefix=prefix,
            special_tokens=special_tokens,
            truncate=truncate,
        )
        noted = self.with_notes(text, one, special_tokens)
        warn_of(noted.notes)
        return noted

    def translate_stream(
        self,
        texts: Iterable[str],
        *,
        to: str | Sequence[str | None] | None = None,
        prefix: str | Sequence[str] = "",
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        batch_tokens: int | None = None,
        batch_size: int | None = None,
        read_ahead: int | None = None,
        name: Callable[[int], str] = count_from_1,
        **search: Unpack[SearchOptions],
    ) -> Iterator[Translation]:
        """The translation of each of any number of texts, as they are made, in bounded memory.

        Settings are those of `translate`; `read_ahead` is how many texts are read before the first
        is translated, so that texts of similar length are batched together, and `name` says what an
        error calls the text of an index.

        Raises:
            UsageError: when the model cannot translate to a language, or a setting makes no sense.
            InputError: when a text is not valid Unicode or longer than the model's maximum length.
        """
        waiting: deque[str] = deque()

        def remembered() -> Iterator[str]:
            for text in as_texts(texts):
                waiting.append(text)
                yield text

        found = self.translator.translate_stream(
            remembered(),
            to=to,
            search=SearchConfig(**search),
            prefix=prefix,
            special_tokens=special_tokens,
            truncate=truncate,
            **batches_of(batch_tokens, batch_size),
            read_ahead=read_ahead,
            name=name,
        )
        return (self.with_notes(waiting.popleft(), one, special_tokens) for one in found)

    @overload
    def score(  # type: ignore[overload-overlap]  # a text is an iterable of texts, too
        self, source: str, target: str, **options: Unpack[ScoreOptions]
    ) -> ScoredTarget: ...
    @overload
    def score(
        self, source: str | Iterable[str], target: Iterable[str], **options: Unpack[ScoreOptions]
    ) -> list[ScoredTarget]: ...
    def score(
        self,
        source: str | Iterable[str],
        target: str | Iterable[str],
        *,
        to: str | None = None,
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        batch_tokens: int | None = None,
        batch_size: int | None = None,
    ) -> ScoredTarget | list[ScoredTarget]:
        """The log-probability of a given target as the translation of a source, token by token.

        With one source and several targets, each of them is scored; several sources need as many
        targets. `to` names the target language, `special_tokens` is as in `encode` and about
        sources, `truncate` cuts off what is too long (a target that was cut has no end token).

        Raises:
            UsageError: when the model cannot translate to that language.
            InputError: when there are not as many targets as sources, or a text cannot be read.
        """
        scorer = Scorer(self.translator)
        if isinstance(source, str) and isinstance(target, str):
            return scorer.score(
                source, target, to=to, special_tokens=special_tokens, truncate=truncate
            )
        targets = [target] if isinstance(target, str) else list(as_texts(target, "target"))
        sources = (
            [source] * len(targets) if isinstance(source, str) else list(as_texts(source, "source"))
        )
        if len(sources) != len(targets):
            raise InputError(
                "{targets} targets were given for {sources} sources: expected the same number",
                targets=len(targets),
                sources=len(sources),
            )
        pairs = zip(sources, targets, strict=True)
        batches = batches_of(batch_tokens, batch_size)
        stream = scorer.score_stream(
            pairs, to=to, special_tokens=special_tokens, truncate=truncate, **batches
        )
        return list(stream)

    @overload
    def inspect(  # type: ignore[overload-overlap]  # a text is an iterable of texts, too
        self, text: str, **options: Unpack[InspectTextOptions]
    ) -> Trace: ...
    @overload
    def inspect(
        self, text: Iterable[str], **options: Unpack[InspectTextOptions]
    ) -> list[Trace]: ...
    def inspect(
        self,
        text: str | Iterable[str],
        *,
        to: str | None = None,
        target: str | None = None,
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        truncate: bool = False,
        names: Sequence[str] | None = None,
        progress: Progress | bool = False,
        **search: Unpack[SearchOptions],
    ) -> Trace | list[Trace]:
        """A trace of one text or of each of several: every number of the pass, by name.

        `to` names the target language whose translation is traced as well (a model with one target
        needs no name, one with several traces the encoder only without it), `target` is your own
        translation, traced in place of the model's, `pair` and `special_tokens` are as in `encode`,
        and `truncate` cuts what is longer than the model's maximum length. The model's own is
        searched for as `translate` does, with all settings of `SearchConfig`; with `history` the
        trace holds the candidates that the search considered. With `names` a trace keeps the steps
        of these names or patterns only, such as `encoder.layers.*.self_attention.weights`. Several
        texts are computed together, and `progress` is told how many are done, or with True drawn as
        a bar.

        Raises:
            InputError: when a text is blank, not valid Unicode or longer than the model's maximum
                length.
            UsageError: when a target is asked for that the model does not have, or it takes no
                pairs.
            TraceError: when a derived number fails its self-check.
        """
        config = SearchConfig(**search)
        if isinstance(text, str):
            trace = self.inspector.trace(
                text,
                config,
                to=to,
                target=target,
                pair=pair,
                special_tokens=special_tokens,
                truncate=truncate,
                names=names,
            )
            self.add_notes(trace, special_tokens, given=target is not None)
            warn_of(trace.notes)
            return trace
        texts = list(as_texts(text))
        stream = self.inspector.traces(
            texts,
            config,
            to=to,
            target=target,
            pair=pair,
            special_tokens=special_tokens,
            truncate=truncate,
            names=names,
        )
        traces = []
        with watched(progress, "tracing") as told:
            told.begin(len(texts))
            for trace in stream:
                self.add_notes(trace, special_tokens, given=target is not None)
                traces.append(trace)
                told.advance(len(traces), len(traces))
        warn_of(gathered(trace.notes for trace in traces))
        return traces

    def report(self, text: str | None = None, **options: Unpack[InspectOptions]) -> Report:
        """What is asked for of a text, ready to be shown: `glassformer inspect` in Python.

        The settings are those of `InspectRequest`. A model with several targets traces the one
        asked for, or else the first, and lists the translations to all.

        Raises:
            UsageError: when the request makes no sense, or names what this model does not have.
            InputError: when the text is blank, not valid Unicode or longer than the model's maximum
                length.
            TraceError: when a derived number fails its self-check, or nothing was recorded.
        """
        return self.answer(read_request(InspectRequest, {"text": text, **options}))

    def answer(self, request: InspectRequest) -> Report:
        """The report that a request asks for.

        Raises:
            UsageError, InputError, TraceError: as `report`.
        """
        if request.compares:
            if request.compare_model is not None:
                raise UsageError(
                    "a model in memory loads no other: give both to glassformer.report, as in "
                    "report(text, model=model, {compare_model})",
                    compare_model=Setting("compare_model", request.compare_model),
                )
            return compare(request, self, self)
        if request.at_step is not None or request.animate:
            return report_of_moment(request, self.name)
        if request.text is None:
            raise UsageError("{text:name} is needed: the sentence to inspect", text=Setting("text"))
        tags = [tag for tag, _ in self.config.tags]
        to = self.translator.tag_of(request.to) or next(iter(tags), None)
        truncate, beam_size = request.truncate, request.beam_size
        trace = self.inspect(
            request.text,
            to=to,
            target=request.target,
            pair=request.pair,
            special_tokens=request.special_tokens,
            truncate=truncate,
            beam_size=beam_size,
            history=request.history,
        )
        for tag in tags:
            if tag not in trace.translations:
                search = SearchConfig(beam_size=beam_size)
                found = self.translator.translate(
                    request.text,
                    to=tag,
                    special_tokens=request.special_tokens,
                    truncate=truncate,
                    search=search,
                )
                trace.translations[tag] = found.to_json()
        contrasted = None
        if request.contrast is not None:
            contrasted = self.inspect(
                request.text,
                to=to,
                target=request.contrast,
                special_tokens=request.special_tokens,
                truncate=truncate,
            )
        return report_of(trace, request, contrasted=contrasted, notes=trace.notes)
