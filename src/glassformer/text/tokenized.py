"""A tokenized text, with its tokens mapped back to its words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tokenizers

from glassformer.text.words import Span, WordMap, map_words


@dataclass(frozen=True)
class Segment:
    """A text and its tokens, without the special tokens that are added around it."""

    text: str
    bare: tokenizers.Encoding
    """The source of offsets: post-processing by the library may trim the same white space a second
    time."""
    parsed: frozenset[int] = frozenset()
    """Indices of the special tokens that the text contains by name."""

    @cached_property
    def word_map(self) -> WordMap:
        """The words and the word of each token; parsed special tokens are in no word."""
        text, offsets = self.text, list[Span | None](self.bare.offsets)
        for index in self.parsed.intersection(range(len(offsets))):  # others were truncated
            start, end = self.bare.offsets[index]
            text = text[:start] + " " * (end - start) + text[end:]
            offsets[index] = None
        return map_words(text, offsets)

    def words(self, *, truncated: bool) -> tuple[str, ...]:
        """The words; of a truncated text only those that have a token left."""
        spans, word_of_token = self.word_map
        if truncated:
            last = max((word for word in word_of_token if word is not None), default=-1)
            spans = spans[: last + 1]
        return tuple(self.text[start:end] for start, end in spans)


@dataclass(frozen=True)
class TokenizedText:
    """A text or a pair after tokenization; tokens and words are built on demand."""

    segments: tuple[Segment, ...]
    """The text, and the second one of a pair."""
    ids: Sequence[int]
    token_of: Callable[[int], str]
    encoding: tokenizers.Encoding
    truncated_from: int | None = None
    """The number of tokens before truncation; None where nothing was truncated."""

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the tokens, but not the tokenizer."""
        state = {**self.__dict__, "tokens": self.tokens}
        del state["token_of"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @property
    def text(self) -> str:
        """The text, or the first text of a pair."""
        return self.segments[0].text

    @property
    def pair(self) -> str | None:
        """The second text of a pair; None for a single text."""
        return self.segments[1].text if len(self.segments) > 1 else None

    @property
    def bare(self) -> tokenizers.Encoding:
        """Its tokens without special tokens."""
        return self.segments[0].bare

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The tokens as spelled in the vocabulary, special tokens included."""
        return tuple(map(self.token_of, self.ids))  # the encoding may have surface text instead

    @property
    def type_ids(self) -> tuple[int, ...]:
        """The token type (segment id) of each token: 0, and 1 in the second text of a BERT pair."""
        return tuple(self.encoding.type_ids)

    @property
    def pair_type_ids(self) -> tuple[int, ...] | None:
        """The token types of a pair; None for a single text, whose tokens are all of type 0."""
        return self.type_ids if len(self.segments) > 1 else None

    @cached_property
    def _places(self) -> tuple[tuple[int, int] | None, ...]:
        """For each token its segment and its index there; None for added special tokens."""
        inside = (
            (number, place)
            for number, segment in enumerate(self.segments)
            for place in range(len(segment.bare))
        )
        return tuple(None if added else next(inside) for added in self.encoding.special_tokens_mask)

    @cached_property
    def special(self) -> tuple[bool, ...]:
        """Which tokens are special: added around the text, such as [CLS], or parsed from it."""
        return tuple(
            place is None or place[1] in self.segments[place[0]].parsed for place in self._places
        )

    @cached_property
    def word_of_token(self) -> tuple[int | None, ...]:
        """For each token the index of its word; None for special tokens and white space."""
        before = (0, len(self._words_of(0)))
        words: list[int | None] = []
        for place in self._places:
            word = place and self.segments[place[0]].word_map.word_of_token[place[1]]
            words.append(None if place is None or word is None else before[place[0]] + word)
        return tuple(words)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text, or of both texts, without special tokens and truncated words."""
        return tuple(
            word for number in range(len(self.segments)) for word in self._words_of(number)
        )

    def _words_of(self, number: int) -> tuple[str, ...]:
        return self.segments[number].words(truncated=self.truncated_from is not None)
