"""Text in, translation out."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from glassformer.decoding.batches import (
    BATCH_TOKENS,
    Request,
    Task,
    check_batches,
    requests_of,
    windows,
)
from glassformer.decoding.hypotheses import Candidate, Found, Hypothesis
from glassformer.decoding.search import check_prefix, search
from glassformer.decoding.settings import SearchConfig
from glassformer.decoding.utf8_constraint import WholeCharacters
from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message, Note
from glassformer.model.padding import padded
from glassformer.model.transformer import Transformer
from glassformer.text.languages import find_language
from glassformer.text.tokenizer import SpecialTokens, Tokenizer, is_blank
from glassformer.text.windows import count_from_1, of_like_length

BEAM = SearchConfig()
"""How texts are translated unless another search is asked for."""


@dataclass(frozen=True)
class Translation:
    """A target sentence; `str()` is its text, `score` the natural logarithm of its probability.

    `ids` are the generated tokens' ids, without the end token, and `tokens` the same as they are
    written in the vocabulary. `token_scores` make up the score: one a token, and one more for the
    end token where the translation came to an end within its limit. `penalized_score`, in which the
    length counts too, is what translations are ranked by, and `alternatives` are those that come
    after this one, with other texts. `history` is what the search considered, where asked for, and
    `notes` what a person should know about it.
    """

    text: str
    score: float
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    token_scores: tuple[float, ...] = ()
    penalized_score: float = 0.0
    alternatives: tuple["Translation", ...] = ()
    history: tuple[tuple[Candidate, ...], ...] = dataclasses.field(default=(), repr=False)
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        return self.text

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `inspect` gives it for each target."""
        return {"text": self.text, "score": self.score, "tokens": list(self.tokens)}


NOTHING = Translation(text="", score=0.0, tokens=(), ids=())
"""The translation of a text in which there is nothing to translate."""


class Translator:
    """A model and its tokenizers, at work on many texts."""

    def __init__(self, model: Transformer, source: Tokenizer, target: Tokenizer) -> None:
        self.model = model
        self.source = source
        self.target = target

    def start_of(self, to: str | None) -> int:
        """The decoder's first input for a target language.

        Raises:
            UsageError: when this model has no decoder or does not know the language.
        """
        config = self.model.config
        config.stack_of("decoder")  # says so where there is none
        to = self.tag_of(to)
        tags = dict(config.tags)
        if to is None and len(tags) <= 1:
            start = next(iter(tags.values()), config.start)
            if start is None:
                raise UsageError("this model's configuration names neither tags nor a start token")
            return start
        if to not in tags:
            known = tuple(tags) or Message("one language only, without a tag")
            if to is None:
                raise UsageError(
                    "this model translates to {known}: say to which language ({to})",
                    known=known,
                    to=Setting("to", "LANGUAGE"),
                )
            raise UsageError(
                "this model translates to {known}: it does not know {to!r}", known=known, to=to
            )
        return tags[to]

    def tag_of(self, to: str | None) -> str | None:
        """The tag that is meant by "fr", "french" or "fr-FR"; what none is meant by stays."""
        tags = [tag for tag, _ in self.model.config.tags]
        return to if to is None or not tags else find_language(to, tags) or to

    @property
    def default_tag(self) -> str:
        """What the only target of a model is called where targets are listed by name."""
        return next((tag for tag, _ in self.model.config.tags), "target")

    @cached_property
    def _characters(self) -> WholeCharacters | None:
        byte_of = self.target.byte_of
        vocabulary = self.model.config.stack_of("decoder").vocabulary
        return WholeCharacters(byte_of, vocabulary, self.model.device) if byte_of else None

    def translate(
        self,
        text: str,
        *,
        to: str | None = None,
        search: SearchConfig = BEAM,
        prefix: str = "",
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
    ) -> Translation:
        """The translation of one text; settings as for `translate_stream`.

        Raises:
            UsageError: when the model cannot translate to that language or generate that prefix.
            InputError: when the text is blank or too long.
        """
        self.start_of(to)
        request = Request(text, to, prefix)
        task = self._task(0, request, search, truncate, special_tokens, None)
        return self._run([task], search)[0]

    def translate_stream(
        self,
        texts: Iterable[str],
        *,
        to: str | Sequence[str | None] | None = None,
        search: SearchConfig = BEAM,
        batch_tokens: int = BATCH_TOKENS,
        batch_size: int | None = None,
        read_ahead: int | None = None,
        prefix: str | Sequence[str] = "",
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
        name: Callable[[int], str] = count_from_1,
    ) -> Iterator[Translation]:
        """The translation of each text, in their order, of any number of texts in bounded memory.

        Texts are read ahead by at most `read_ahead` texts (`WINDOW_TEXTS` of them unless given) or
        `WINDOW_CHARACTERS` characters (and the text that goes beyond), sorted by length and
        translated in batches of at most `batch_tokens` source tokens, padding included, or of
        `batch_size` texts where that is given. None of this changes a translation. A blank text
        has an empty translation.

        `to` and `prefix`, the beginning of the translation, are one for all texts or one for each.
        `truncate` cuts the end off a text that is too long; with `special_tokens="parse"` the names
        of special tokens in a text become these tokens. `name` says what an error calls the text of
        an index.

        Raises:
            UsageError: when the model cannot translate to a language, or an option makes no sense.
            InputError: when a text is no Unicode text or too long.
        """
        check_batches(batch_tokens, batch_size, read_ahead)
        for tag in [to] if to is None or isinstance(to, str) else dict.fromkeys(to):
            self.start_of(tag)
        requests = requests_of(texts, to, prefix)
        read = windows(requests, lambda request: len(request.text), read_ahead)

        def task_of(index: int, request: Request) -> Task:
            return self._task(index, request, search, truncate, special_tokens, name(index))

        return self._translate_windows(read, task_of, search, batch_tokens, batch_size)

    def _translate_windows(
        self,
        read: Iterable[list[Request]],
        task_of: Callable[[int, Request], Task],
        search: SearchConfig,
        batch_tokens: int,
        batch_size: int | None,
    ) -> Iterator[Translation]:
        index = following = 0
        for window in read:
            done: dict[int, Translation] = {}
            tasks = []
            for request in window:
                if is_nothing(request.text):
                    done[index] = NOTHING
                else:
                    tasks.append(task_of(index, request))
                index += 1
            by_length = of_like_length(
                tasks, lambda task: (len(task.source),), batch_tokens, batch_size
            )
            for batch in by_length:
                found = self._run(batch, search)
                done.update(zip((task.place for task in batch), found, strict=True))
                while following in done:
                    yield done.pop(following)
                    following += 1
            yield from done.values()  # blank texts alone
            following = index

    def _task(
        self,
        index: int,
        request: Request,
        search: SearchConfig,
        truncate: bool,
        special_tokens: SpecialTokens,
        name: str | None,
    ) -> Task:
        """Cut one text into tokens, and say so with its name where it cannot be translated."""
        stack = self.model.config.stack_of("decoder")
        try:
            source = self.source.encode(
                request.text,
                max_length=self.model.config.encoder.max_positions,
                truncate=truncate,
                special_tokens=special_tokens,
            )
            nothing = is_blank(request.prefix)
            prefix = [] if nothing else self.target.encode_target(request.prefix)
            limit = search.max_length or len(prefix) + 2 * len(source.ids) + 16
            # One less than the decoder takes, so that start and tokens can be read back together.
            limit = min(limit, stack.max_positions - 1)
            check_prefix(self.model, prefix, limit)
        except (InputError, UsageError) as error:
            if name is None:
                raise
            raise error.at(name) from error
        return Task(index, source.ids, self.start_of(request.to), prefix, limit)

    @torch.inference_mode()
    def _run(self, tasks: Sequence[Task], config: SearchConfig) -> list[Translation]:
        """The translations of one batch of texts."""
        sources = [task.source for task in tasks]
        batch = padded(sources, self.model.config.padding, self.model.device)
        memory = self.model.encode(batch.ids, batch.mask)
        found = search(
            self.model,
            memory,
            batch.mask,
            [task.start for task in tasks],
            config if config.n_best == 1 else dataclasses.replace(config, n_best=config.width),
            limits=[task.limit for task in tasks],
            prefixes=[task.prefix for task in tasks],
            indices=[task.place for task in tasks],
            characters=self._characters,
        )
        return [self._translation(one, config.n_best) for one in found]

    def _translation(self, found: Found, n_best: int) -> Translation:
        """The best hypothesis, and with it the next ones that read differently."""
        by_text: dict[str, Hypothesis] = {}
        for hypothesis in found.hypotheses:
            by_text.setdefault(self.target.decode(self._without_end(hypothesis)), hypothesis)
        best, *others = [
            Translation(
                text=text,
                score=hypothesis.score,
                tokens=tuple(map(self.target.token_of, self._without_end(hypothesis))),
                ids=self._without_end(hypothesis),
                token_scores=hypothesis.token_scores,
                penalized_score=hypothesis.penalized_score,
            )
            for text, hypothesis in list(by_text.items())[:n_best]
        ]
        return dataclasses.replace(best, alternatives=tuple(others), history=found.history)

    def _without_end(self, hypothesis: Hypothesis) -> tuple[int, ...]:
        tokens = hypothesis.tokens
        return tokens[:-1] if tokens[-1:] == (self.model.config.end,) else tokens


def is_nothing(text: str) -> bool:
    """Whether a text is blank; one that is no Unicode is not, so that an error can say so."""
    return is_blank(text) and not any("\ud800" <= character <= "\udfff" for character in text)
