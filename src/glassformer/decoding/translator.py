"""Translation: from source text to target text."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from glassformer.decoding.batches import (
    BATCH_TOKENS,
    Sentence,
    Task,
    check_batches,
    sentences_of,
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
"""The default decoding settings."""


@dataclass(frozen=True)
class Translation:
    """A translation; `str()` is its text, `score` its log-probability (natural logarithm).

    `ids` are the ids of the generated tokens, without the end token, and `tokens` their spelling in
    the vocabulary. `score` is the sum of `token_scores`: one per token, and one for the end token
    if it was generated within the limit. Translations are ranked by `penalized_score`, which
    includes the length penalty; `alternatives` are the next best ones with other texts. `history`
    has the candidates of the search, if requested, and `notes` what the user should know.
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
"""The translation of a blank text."""


class Translator:
    """A model with its tokenizers, for translating many texts."""

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
        config.stack_of("decoder")  # an error where there is none
        to = self.tag_of(to)
        tags = dict(config.tags)
        if to is None and len(tags) <= 1:
            start = next(iter(tags.values()), config.start)
            if start is None:
                raise UsageError(
                    "the configuration of this model has neither language tags nor a start token"
                )
            return start
        if to not in tags:
            known = tuple(tags) or Message("one language, which has no tag")
            if to is None:
                raise UsageError(
                    "this model translates to {known}: choose the target language ({to})",
                    known=known,
                    to=Setting("to", "LANGUAGE"),
                )
            raise UsageError(
                "this model translates to {known}, but not to {to!r}", known=known, to=to
            )
        return tags[to]

    def tag_of(self, to: str | None) -> str | None:
        """The tag for "fr", "french" or "fr-FR"; a name without a match is returned unchanged."""
        tags = [tag for tag, _ in self.model.config.tags]
        return to if to is None or not tags else find_language(to, tags) or to

    @property
    def default_tag(self) -> str:
        """The name of a model's only target language where targets are listed by name."""
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
        """The translation of one text; arguments as for `translate_stream`.

        Raises:
            UsageError: when the model cannot translate to that language or generate that prefix.
            InputError: when the text is blank or too long.
        """
        self.start_of(to)
        sentence = Sentence(text, to, prefix)
        task = self._task(0, sentence, search, truncate, special_tokens, None)
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
        """The translation of each text, in order, for any number of texts, in bounded memory.

        Texts are read ahead by at most `read_ahead` texts (default `WINDOW_TEXTS`) or
        `WINDOW_CHARACTERS` characters (plus the text that exceeds them), sorted by length and
        translated in batches of at most `batch_tokens` source tokens, padding included, or of
        `batch_size` texts where that is given. None of this changes a translation. A blank text
        has an empty translation.

        `to` and `prefix` (forced start of the translation) are the same for all texts or one for
        each. `truncate` cuts off the end of a text that is too long; with `special_tokens="parse"`
        names of special tokens in a text are parsed as tokens. `name` gives the name of a text in
        errors by its index.

        Raises:
            UsageError: when the model cannot translate to a language, or an option is invalid.
            InputError: when a text is not valid Unicode or too long.
        """
        check_batches(batch_tokens, batch_size, read_ahead)
        for tag in [to] if to is None or isinstance(to, str) else dict.fromkeys(to):
            self.start_of(tag)
        sentences = sentences_of(texts, to, prefix)
        read = windows(sentences, lambda sentence: len(sentence.text), read_ahead)

        def task_of(index: int, sentence: Sentence) -> Task:
            return self._task(index, sentence, search, truncate, special_tokens, name(index))

        return self._translate_windows(read, task_of, search, batch_tokens, batch_size)

    def _translate_windows(
        self,
        read: Iterable[list[Sentence]],
        task_of: Callable[[int, Sentence], Task],
        search: SearchConfig,
        batch_tokens: int,
        batch_size: int | None,
    ) -> Iterator[Translation]:
        index = following = 0
        for window in read:
            done: dict[int, Translation] = {}
            tasks = []
            for sentence in window:
                if is_nothing(sentence.text):
                    done[index] = NOTHING
                else:
                    tasks.append(task_of(index, sentence))
                index += 1
            by_length = of_like_length(
                tasks, lambda task: (len(task.source),), batch_tokens, batch_size
            )
            for batch in by_length:
                found = self._run(batch, search)
                done.update(zip((task.position for task in batch), found, strict=True))
                while following in done:
                    yield done.pop(following)
                    following += 1
            yield from done.values()  # blank texts alone
            following = index

    def _task(
        self,
        index: int,
        sentence: Sentence,
        search: SearchConfig,
        truncate: bool,
        special_tokens: SpecialTokens,
        name: str | None,
    ) -> Task:
        """Tokenize one text; errors name it."""
        stack = self.model.config.stack_of("decoder")
        try:
            source = self.source.encode(
                sentence.text,
                max_length=self.model.config.encoder.max_positions,
                truncate=truncate,
                special_tokens=special_tokens,
            )
            nothing = is_blank(sentence.prefix)
            prefix = [] if nothing else self.target.encode_target(sentence.prefix)
            limit = search.max_length or len(prefix) + 2 * len(source.ids) + 16
            # One less than the decoder accepts, so that a trace can feed it start and all tokens.
            limit = min(limit, stack.max_positions - 1)
            check_prefix(self.model, prefix, limit)
        except (InputError, UsageError) as error:
            if name is None:
                raise
            raise error.at(name) from error
        return Task(index, source.ids, self.start_of(sentence.to), prefix, limit)

    @torch.inference_mode()
    def _run(self, tasks: Sequence[Task], config: SearchConfig) -> list[Translation]:
        """The translations of a batch of texts."""
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
            indices=[task.position for task in tasks],
            characters=self._characters,
        )
        return [self._translation(one, config.n_best) for one in found]

    def _translation(self, found: Found, n_best: int) -> Translation:
        """The best hypothesis, with the next best ones that have a different text."""
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
    """Whether a text is blank; invalid Unicode does not count as blank, so that it is an error."""
    return is_blank(text) and not any("\ud800" <= character <= "\udfff" for character in text)
