"""Sentences to encoder outputs R: tokenized, batched by length, encoded, put back in order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float

from glassformer.encoding import pooling
from glassformer.encoding.pooling import POOLING_MODES, PoolingMode
from glassformer.errors import InputError, Setting, UsageError
from glassformer.model.padding import padded
from glassformer.model.transformer import Transformer
from glassformer.text.texts import with_pairs
from glassformer.text.tokenized import TokenizedText
from glassformer.text.tokenizer import SpecialTokens, Tokenizer
from glassformer.text.windows import count_from_1, of_like_length, windows

BATCH_TOKENS = 512
"""The default number of tokens in a batch, padding included.

Of 256 to 4096 the fastest on two CPU cores, since it fits their caches; GPUs want more.
"""

WINDOW_TEXTS, WINDOW_CHARACTERS = 1024, 1 << 17
"""How far a stream is read ahead, to batch texts of similar length."""


_Given: TypeAlias = tuple[str, str | None]
"""A text and, for a pair, its second text."""


@dataclass(frozen=True, eq=False, repr=False)
class Encoding:
    """A text, or a pair, with its encoder outputs R, or with one vector if R was pooled.

    `vectors` is float32 [tokens, d_model], or [d_model] when pooled; float64 in a float64 model.
    """

    text: str
    vectors: Float[np.ndarray, "*tokens d_model"]
    tokenized: TokenizedText

    @property
    def pair(self) -> str | None:
        """The second text of a pair; None for a single text."""
        return self.tokenized.pair

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of the text, special tokens included; built on demand."""
        return self.tokenized.tokens

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text; built on demand."""
        return self.tokenized.words

    @property
    def word_of_token(self) -> tuple[int | None, ...]:
        """For each token the index of its word; None for special tokens and white space."""
        return self.tokenized.word_of_token

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else f"{self.text[:59]}…"
        return f"Encoding({text!r}, vectors: {self.vectors.dtype} {list(self.vectors.shape)})"


class SentenceEncoder:
    """A model with its tokenizer, for encoding many texts."""

    def __init__(self, model: Transformer, tokenizer: Tokenizer) -> None:
        self.model = model
        self.tokenizer = tokenizer

    def encode(
        self,
        texts: Sequence[str],
        *,
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        pool: PoolingMode = "none",
        normalize: bool = False,
        truncate: bool = False,
        batch_tokens: int = BATCH_TOKENS,
    ) -> list[Encoding]:
        """R of each text, in order; see `encode_stream`.

        Raises:
            InputError: when a text is blank, not valid Unicode or too long for the model.
            UsageError: when an option is invalid.
        """
        if isinstance(texts, str):
            raise UsageError("expected a list of texts, but got a single str: put it in a list")
        stream = self.encode_stream(
            texts,
            pair=pair,
            special_tokens=special_tokens,
            pool=pool,
            normalize=normalize,
            truncate=truncate,
            batch_tokens=batch_tokens,
            name=count_from_1 if len(texts) > 1 else None,
        )
        return list(stream)

    def encode_stream(
        self,
        texts: Iterable[str],
        *,
        pair: str | Iterable[str] | None = None,
        special_tokens: SpecialTokens = "text",
        pool: PoolingMode = "none",
        normalize: bool = False,
        truncate: bool = False,
        batch_tokens: int = BATCH_TOKENS,
        name: Callable[[int], str] | None = count_from_1,
    ) -> Iterator[Encoding]:
        """R of each text in order, for any number of texts, in bounded memory.

        Texts are read ahead by at most `WINDOW_TEXTS` texts or `WINDOW_CHARACTERS` characters
        (plus the text that exceeds them), sorted by length and run in batches of at most
        `batch_tokens` tokens, padding included, or of one longer text. Padding changes nothing.

        `pair` is the second text of each pair, one for all or one for each; with
        `special_tokens="parse"` names of special tokens in a text are parsed as tokens.

        `pool` reduces each R to one vector; `normalize` scales every vector, pooled or not, to
        unit length; `truncate` cuts off the end of a text that is too long. `name` gives the name
        of a text in errors by its index; None omits it.

        Raises:
            InputError: when a text is blank, not valid Unicode or too long for the model.
            UsageError: when an option is invalid, or the model does not accept pairs.
        """
        if pool not in POOLING_MODES:
            raise UsageError(
                "{setting:name} must be one of {known}, but is {pool!r}",
                setting=Setting("pool"),
                known=POOLING_MODES,
                pool=pool,
            )
        if batch_tokens < 1:
            raise UsageError(
                "{setting:name} must be at least 1, but is {size}",
                setting=Setting("batch_tokens"),
                size=batch_tokens,
            )

        def cut(window: Sequence[_Given], start: int) -> list[TokenizedText]:
            return self._tokenize(window, start, truncate, special_tokens, name)

        return self._encode_windows(with_pairs(texts, pair), cut, pool, normalize, batch_tokens)

    def _encode_windows(
        self,
        texts: Iterable[_Given],
        cut: Callable[[Sequence[_Given], int], list[TokenizedText]],
        pool: PoolingMode,
        normalize: bool,
        batch_tokens: int,
    ) -> Iterator[Encoding]:
        start = 0
        for window in windows(texts, _characters, WINDOW_TEXTS, WINDOW_CHARACTERS):
            tokenized = cut(window, start)
            vectors: dict[int, np.ndarray] = {}
            places = enumerate(tokenized)
            for batch in of_like_length(places, lambda one: (len(one[1].ids),), batch_tokens):
                results = self._run([text for _, text in batch], pool, normalize)
                vectors.update(zip((index for index, _ in batch), results, strict=True))
            start += len(window)
            for index, text in enumerate(tokenized):
                yield Encoding(text.text, vectors.pop(index), text)

    def _tokenize(
        self,
        given: Sequence[_Given],
        start: int,
        truncate: bool,
        special_tokens: SpecialTokens,
        name: Callable[[int], str] | None,
    ) -> list[TokenizedText]:
        limit = self.model.config.encoder.max_positions
        pairs = [pair for _, pair in given if pair is not None]

        def cut(texts: Sequence[str], pairs: Sequence[str]) -> list[TokenizedText]:
            return self.tokenizer.encode_batch(
                texts,
                pairs=pairs or None,
                max_length=limit,
                truncate=truncate,
                special_tokens=special_tokens,
            )

        try:
            return cut([text for text, _ in given], pairs)
        except InputError:
            if name is None:
                raise
            for index, (text, pair) in enumerate(given, start):  # to find out which one it is
                try:
                    cut([text], [] if pair is None else [pair])
                except InputError as error:
                    raise error.at(name(index)) from error
            raise

    @torch.inference_mode()
    def _run(
        self, texts: Sequence[TokenizedText], pool: PoolingMode, normalize: bool
    ) -> list[np.ndarray]:
        """The vectors of a batch of texts, one array per text."""
        ids, type_ids = [text.ids for text in texts], [text.pair_type_ids for text in texts]
        batch = padded(ids, self.model.config.padding, self.model.device, type_ids)
        memory = self.model.encode(batch.ids, batch.mask, batch.type_ids)
        if memory.dtype != torch.float64:
            memory = memory.float()
        if pool != "none":
            memory = pooling.pool(memory, batch.lengths, pool)
        if normalize:
            memory = pooling.unit_length(memory)
        arrays = memory.cpu().numpy()
        if pool != "none":
            return [array.copy() for array in arrays]
        return [array[: len(row)].copy() for array, row in zip(arrays, ids, strict=True)]


def _characters(given: _Given) -> int:
    text, pair = given
    return len(text) + (0 if pair is None else len(pair))
