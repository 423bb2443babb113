"""Tokens: text → subwords → ids, and back, through any `tokenizer.json`."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import tokenizers

from glassformer.errors import InputError, ModelFilesError, Setting
from glassformer.messages import Message
from glassformer.text import forking
from glassformer.text.words import Span, WordMap, has_word, map_words

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
"""The entries that stand for one byte each, as vocabularies with byte fallback name them."""


forking.watch_forks()


@dataclass(frozen=True)
class TokenizedText:
    """One text and what the tokenizer made of it; tokens and words are built when asked for."""

    text: str
    ids: Sequence[int]
    token_of: Callable[[int], str]
    encoding: tokenizers.Encoding
    bare: tokenizers.Encoding
    """The same without special tokens. Offsets come from here: `encoding` went through the
    library's post-processing once more, which may trim off the same white space twice."""
    truncated_from: int | None = None
    """The number of tokens before truncation, where something was cut off."""

    def __getstate__(self) -> dict[str, Any]:
        """All that was made of the text, built now, and no tokenizer."""
        built = {name: getattr(self, name) for name in ("tokens", "special", "_word_map", "words")}
        kept = ("text", "ids", "truncated_from")
        return {**{name: getattr(self, name) for name in kept}, **built}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The vocabulary entries as they are written there, special tokens included."""
        return tuple(map(self.token_of, self.ids))  # not the encoding's, which may be surface text

    @cached_property
    def special(self) -> tuple[bool, ...]:
        """Which tokens were added around the text, such as [CLS]."""
        return tuple(map(bool, self.encoding.special_tokens_mask))

    @cached_property
    def _word_map(self) -> WordMap:
        offsets = iter(self.bare.offsets)
        return map_words(self.text, [None if added else next(offsets) for added in self.special])

    @property
    def word_of_token(self) -> tuple[int | None, ...]:
        """For each token the index of its word; None for special tokens and white space."""
        return self._word_map.word_of_token

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text, never special tokens. Words beyond a truncation are left out."""
        spans = self._word_map.spans
        if self.truncated_from is not None:
            last = max((word for word in self.word_of_token if word is not None), default=-1)
            spans = spans[: last + 1]
        return tuple(self.text[start:end] for start, end in spans)


class Tokenizer:
    """A `tokenizer.json`, with the settings in it that would change the text taken out.

    Truncation and padding of the file are ignored (all-MiniLM-L6-v2 asks for 128 of each), and
    text never produces special tokens: "[SEP]" in a sentence is the five characters that it is.
    """

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        backend.no_truncation()
        backend.no_padding()
        backend.encode_special_tokens = True
        self._backend = backend
        self._room_for_special = backend.num_special_tokens_to_add(False)

    def __getstate__(self) -> dict[str, str]:
        return {"json": self.to_json()}

    def __setstate__(self, state: dict[str, str]) -> None:
        # What is set here is not in the JSON: without it a copy would cut "[SEP]" as one token.
        self.__init__(tokenizers.Tokenizer.from_str(state["json"]))  # type: ignore[misc]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a `tokenizer.json`.

        Raises:
            ModelFilesError: when the file cannot be read or is no tokenizer.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelFilesError(
                "cannot read the tokenizer {path}: {reason}", path=path, reason=error.strerror
            ) from error
        with _failing_as(
            Message(
                "{path} is not a tokenizer.json that the tokenizers library reads", {"path": path}
            )
        ):
            return cls(tokenizers.Tokenizer.from_buffer(data))

    def to_json(self) -> str:
        """What `tokenizer.json` holds."""
        text: str = self._backend.to_str(pretty=True)
        return text

    @property
    def vocabulary(self) -> int:
        """The number of entries, holes between them included: ids are smaller than this."""
        return max(self._backend.get_vocab(with_added_tokens=True).values(), default=-1) + 1

    @cached_property
    def byte_of(self) -> dict[int, int]:
        """The byte that an id stands for, for entries that are bytes; empty where none are."""
        ids = [id for name in BYTES if (id := self._backend.token_to_id(name)) is not None]
        if len(ids) < 256 or self.decode([ids[0xC3], ids[0xA9]]) != "é":
            return {}  # entries may look like that and mean what they say
        return {id: byte for byte, id in enumerate(ids)}

    def token_of(self, id: int) -> str:
        """The vocabulary entry of an id, as it is written there."""
        token = self._backend.id_to_token(id)
        return f"<{id}>" if token is None else token

    def encode(
        self, text: str, *, max_length: int | None = None, truncate: bool = False
    ) -> TokenizedText:
        """Cut one text; see `encode_batch`."""
        return self.encode_batch([text], max_length=max_length, truncate=truncate)[0]

    def encode_batch(
        self, texts: Sequence[str], *, max_length: int | None = None, truncate: bool = False
    ) -> list[TokenizedText]:
        """Cut texts into tokens, special ones added.

        A text of more than `max_length` tokens (special ones included) is an error, or with
        `truncate` loses its end, never the special tokens.

        Raises:
            InputError: when a text has no visible character, is no Unicode text or is too long.
            ModelFilesError: when the tokenizer contradicts itself, as without its unknown token.
        """
        for text in texts:
            _check_text(text)
        with _failing_as(Message("the tokenizer cannot cut this text")):
            pieces = self._backend.encode_batch(list(texts), add_special_tokens=False)
        cut = []
        for text, piece in zip(texts, pieces, strict=True):
            length = len(piece) + self._room_for_special
            too_long = max_length is not None and length > max_length
            if max_length is not None and too_long:
                if not truncate:
                    raise InputError(
                        "the text has {length} tokens, but this model takes at most {most}: "
                        "shorten it, or truncate it ({truncate})",
                        length=length,
                        most=max_length,
                        truncate=Setting("truncate", True),
                    )
                if max_length <= self._room_for_special:
                    raise InputError(
                        "a text has {special} special tokens beside its own, but at most {most} "
                        "tokens are allowed: nothing of the text would stay",
                        special=self._room_for_special,
                        most=max_length,
                    )
                piece.truncate(max_length - self._room_for_special)
            with _failing_as(Message("the tokenizer cannot add special tokens")):
                whole = self._backend.post_process(piece, None, True)
            if not whole.ids:
                raise InputError(
                    "the tokenizer makes no token of the text {beginning!r}", beginning=text[:20]
                )
            cut.append(
                TokenizedText(
                    text, whole.ids, self.token_of, whole, piece, length if too_long else None
                )
            )
        return cut

    def encode_target(self, text: str) -> list[int]:
        """The ids of a target text alone, without special tokens; it fails as `encode` does."""
        _check_text(text)
        with _failing_as(Message("the tokenizer cannot cut this text")):
            ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return ids

    def ids_of_batch(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        """The ids of many texts and nothing else, at twice the speed; it fails as `encode` does."""
        for text in texts:
            _check_text(text)
        with _failing_as(Message("the tokenizer cannot cut this text")):
            pieces = self._backend.encode_batch_fast(list(texts), add_special_tokens=special)
        return [piece.ids for piece in pieces]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids; special tokens are left out."""
        text: str = self._backend.decode(list(ids), skip_special_tokens=True)
        return text

    def words_of(
        self, text: str, ids: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
        """The words of a text that was generated as these ids, and the word of each id."""
        encoding = self._backend.encode(text, add_special_tokens=False)
        again = list(encoding.ids) == list(ids)
        offsets = encoding.offsets if again else self._offsets(text, ids)
        spans, word_of_token = map_words(text, offsets)
        return tuple(text[start:end] for start, end in spans), word_of_token

    def _offsets(self, text: str, ids: Sequence[int]) -> list[Span]:
        """Where in the text each id stands, read off from what ever longer beginnings decode to."""
        decoded = [self.decode(ids[: n + 1]) for n in range(len(ids))]
        ends = [_same_beginning(beginning, text) for beginning in decoded]
        offsets: list[Span] = []
        begin = 0
        for index, end in enumerate(ends):
            # The first bytes of a character add nothing that can be read; they share its place.
            # What adds nothing at all, as a special token, has no place.
            if len(decoded[index]) > end:
                end = max(end, next((later for later in ends[index:] if later > begin), begin))
            offsets.append((begin, max(begin, end)))
            begin = max(begin, ends[index])
        return offsets


def _same_beginning(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(left), len(right)))


@contextlib.contextmanager
def _failing_as(problem: Message) -> Iterator[None]:
    """The library raises bare Exception, and where its Rust code panics, not even that."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ModelFilesError("{problem}: {reason}", problem=problem, reason=str(error)) from error


def is_blank(text: str) -> bool:
    """Whether a text has no visible character: empty, white space, controls, zero-width."""
    return not has_word(text)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "the text is not Unicode: character {place} is half of a surrogate pair "
            "(U+{code:04X}); read the file as UTF-8",
            place=error.start + 1,
            code=ord(text[error.start]),
        ) from error
    if is_blank(text):
        raise InputError(
            "the text has no visible character ({beginning!r}), but a sentence is needed",
            beginning=text[:20],
        )


def read_tokenizers(folder: Path) -> tuple[Tokenizer, Tokenizer]:
    """Those of source and target in a folder of ours; one and the same where they share a file.

    Raises:
        ModelFilesError: when one cannot be read.
    """
    source, own = Tokenizer.from_file(folder / "tokenizer.json"), folder / "target_tokenizer.json"
    return source, Tokenizer.from_file(own) if own.is_file() else source
