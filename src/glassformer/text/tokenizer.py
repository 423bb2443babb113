"""Tokenization: text → subwords → ids and back, with any `tokenizer.json`."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, get_args

import regex
import tokenizers

from glassformer.errors import InputError, ModelFilesError, Setting, UsageError, reason_of
from glassformer.messages import Message
from glassformer.text import forking
from glassformer.text.tokenized import Segment, TokenizedText
from glassformer.text.words import Span, has_word, map_words

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
"""The byte tokens of vocabularies with byte fallback."""

SpecialTokens = Literal["text", "parse"]
"""How the name of a special token in a text, such as "[MASK]", is treated: as plain characters,
or parsed as the token."""

forking.watch_forks()


class Tokenizer:
    """A `tokenizer.json`, without its truncation and padding settings.

    These are ignored (all-MiniLM-L6-v2 asks for 128 of each), and special tokens are not parsed
    from text unless requested: "[SEP]" in a sentence is just five characters.
    """

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        backend.no_truncation()
        backend.no_padding()
        backend.encode_special_tokens = True
        self._backend = backend
        self._room_for_special = backend.num_special_tokens_to_add(False)
        self._room_in_pairs = backend.num_special_tokens_to_add(True)

    def __getstate__(self) -> dict[str, str]:
        return {"json": self.to_json()}

    def __setstate__(self, state: dict[str, str]) -> None:
        # `__init__` sets what is not in the JSON: else a copy would parse "[SEP]" as a token.
        self.__init__(tokenizers.Tokenizer.from_str(state["json"]))  # type: ignore[misc]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Load a `tokenizer.json`.

        Raises:
            ModelFilesError: when the file cannot be read or is not a tokenizer.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelFilesError(
                "cannot read the tokenizer {path}: {reason}", path=path, reason=reason_of(error)
            ) from error
        with _failing_as(
            Message(
                "{path} is not a tokenizer.json that the tokenizers library can load",
                {"path": path},
            )
        ):
            return cls(tokenizers.Tokenizer.from_buffer(data))

    def to_json(self) -> str:
        """The content of `tokenizer.json`."""
        text: str = self._backend.to_str(pretty=True)
        return text

    @property
    def vocabulary(self) -> int:
        """The vocabulary size, gaps between ids included: all ids are smaller than this."""
        return max(self._backend.get_vocab(with_added_tokens=True).values(), default=-1) + 1

    @cached_property
    def byte_of(self) -> dict[int, int]:
        """The byte of each byte token, by id; empty without byte fallback."""
        ids = [id for name in BYTES if (id := self._backend.token_to_id(name)) is not None]
        if len(ids) < 256 or self.decode([ids[0xC3], ids[0xA9]]) != "é":
            return {}  # tokens may look like bytes and be plain text
        return {id: byte for byte, id in enumerate(ids)}

    def token_of(self, id: int) -> str:
        """The token of an id, as spelled in the vocabulary."""
        token = self._backend.id_to_token(id)
        return f"<{id}>" if token is None else token

    @cached_property
    def special_tokens(self) -> dict[str, int]:
        """The names of the special tokens and their ids."""
        added = self._backend.get_added_tokens_decoder()
        return {token.content: id for id, token in sorted(added.items()) if token.special}

    def specials_in(self, text: str) -> tuple[str, ...]:
        """The special tokens whose names occur in a text, each once, in order."""
        return tuple(dict.fromkeys(self._special_names.findall(text)))

    @cached_property
    def _special_names(self) -> "regex.Pattern[str]":
        names = sorted(filter(None, self.special_tokens), key=len, reverse=True)
        return regex.compile("|".join(map(regex.escape, names)) or r"(?!)")

    @cached_property
    def _parsing(self) -> tokenizers.Tokenizer:
        """The same tokenizer, but it parses special tokens."""
        return tokenizers.Tokenizer.from_str(self._backend.to_str())  # parsing is its default

    def encode(
        self,
        text: str,
        *,
        pair: str | None = None,
        max_length: int | None = None,
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
    ) -> TokenizedText:
        """Tokenize one text, or a pair; see `encode_batch`."""
        return self.encode_batch(
            [text],
            pairs=None if pair is None else [pair],
            max_length=max_length,
            truncate=truncate,
            special_tokens=special_tokens,
        )[0]

    def encode_batch(
        self,
        texts: Sequence[str],
        *,
        pairs: Sequence[str] | None = None,
        max_length: int | None = None,
        truncate: bool = False,
        special_tokens: SpecialTokens = "text",
    ) -> list[TokenizedText]:
        """Tokenize texts and add special tokens; `pairs` has a second text for each.

        A text of more than `max_length` tokens (special tokens included) is an error; with
        `truncate` its end is cut off, never special tokens, and of a pair the longer text is cut
        first. With `special_tokens="parse"` names of special tokens in a text are parsed as tokens.

        Raises:
            UsageError: when the tokenizer has no template for pairs, there are not as many second
                texts as first ones, or `special_tokens` is invalid.
            InputError: when a text has no visible character, is not valid Unicode, is too long, or
                contains the name of a special token that this tokenizer cannot read as text.
            ModelFilesError: when the tokenizer is inconsistent, such as without its unknown token.
        """
        if special_tokens not in get_args(SpecialTokens):
            raise UsageError(
                "{setting:name} must be one of {known}, but is {given!r}",
                setting=Setting("special_tokens"),
                known=get_args(SpecialTokens),
                given=special_tokens,
            )
        room = self._room_for_special
        if pairs is not None:
            room = self._room_in_pairs
            if room <= self._room_for_special:
                raise UsageError(
                    "this tokenizer has no separator for two texts, so the model accepts single "
                    "texts only: do not give a pair"
                )
            if len(pairs) != len(texts):
                raise UsageError(
                    "each text needs a second text for its pair, but there are {texts} texts and "
                    "{pairs} second texts",
                    texts=len(texts),
                    pairs=len(pairs),
                )
        firsts = self._segments(texts, special_tokens)
        seconds = None if pairs is None else self._segments(pairs, special_tokens)
        cut = []
        for index, first in enumerate(firsts):
            segments = (first,) if seconds is None else (first, seconds[index])
            lengths = [len(segment.bare) for segment in segments]
            length, truncated_from = sum(lengths) + room, None
            if max_length is not None and length > max_length:
                if not truncate:
                    raise InputError(
                        "the text has {length} tokens, but this model accepts at most {most}: "
                        "shorten it, or truncate it ({truncate})",
                        length=length,
                        most=max_length,
                        truncate=Setting("truncate", True),
                    )
                if max_length < room + len(segments):
                    raise InputError(
                        "the maximum length of {most} tokens leaves no room for text beside the "
                        "{special} special tokens",
                        special=room,
                        most=max_length,
                    )
                truncated_from = length
                for segment, left in zip(segments, _left(lengths, max_length - room), strict=True):
                    segment.bare.truncate(left)
            with _failing_as(Message("the tokenizer cannot add special tokens")):
                second = segments[1].bare if len(segments) > 1 else None
                whole = self._backend.post_process(first.bare, second, True)
            if not whole.ids:
                raise InputError(
                    "the tokenizer produces no tokens for the text {beginning!r}",
                    beginning=first.text[:20],
                )
            cut.append(TokenizedText(segments, whole.ids, self.token_of, whole, truncated_from))
        return cut

    def _segments(self, texts: Sequence[str], special_tokens: SpecialTokens) -> list[Segment]:
        for text in texts:
            _check_text(text)
        backend = self._parsing if special_tokens == "parse" else self._backend
        with _failing_as(Message("the tokenizer cannot tokenize this text")):
            pieces = backend.encode_batch(list(texts), add_special_tokens=False)
        segments = []
        for text, piece in zip(texts, pieces, strict=True):
            named = self._named(text, piece)
            if named and special_tokens == "text":
                # These names are ordinary subwords (as in Unigram models): they cannot be split.
                name = self.token_of(piece.ids[min(named)])
                raise InputError(
                    "this tokenizer cannot read {name} as plain text: remove it, or parse it as a "
                    "special token ({special_tokens})",
                    name=name,
                    special_tokens=Setting("special_tokens", "parse"),
                )
            segments.append(Segment(text, piece, named))
        return segments

    def _named(self, text: str, piece: tokenizers.Encoding) -> frozenset[int]:
        """Indices of the special tokens that the text names, without those for unknown text."""
        names = {self.special_tokens[name]: name for name in self.specials_in(text)}
        return (
            frozenset(
                index
                for index, (id, (start, end)) in enumerate(
                    zip(piece.ids, piece.offsets, strict=True)
                )
                if id in names and text[start:end].strip() == names[id]
            )
            if names
            else frozenset()
        )

    def encode_target(self, text: str) -> list[int]:
        """The ids of a target text, without special tokens; raises what `encode` raises."""
        _check_text(text)
        with _failing_as(Message("the tokenizer cannot tokenize this text")):
            ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return ids

    def ids_of_batch(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        """Only the ids of many texts, at twice the speed; raises what `encode` raises."""
        for text in texts:
            _check_text(text)
        with _failing_as(Message("the tokenizer cannot tokenize this text")):
            pieces = self._backend.encode_batch_fast(list(texts), add_special_tokens=special)
        return [piece.ids for piece in pieces]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids, without special tokens."""
        text: str = self._backend.decode(list(ids), skip_special_tokens=True)
        return text

    def words_of(
        self, text: str, ids: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
        """The words of a text generated as these ids, and the word of each id."""
        encoding = self._backend.encode(text, add_special_tokens=False)
        again = list(encoding.ids) == list(ids)
        offsets = encoding.offsets if again else self._offsets(text, ids)
        spans, word_of_token = map_words(text, offsets)
        return tuple(text[start:end] for start, end in spans), word_of_token

    def _offsets(self, text: str, ids: Sequence[int]) -> list[Span]:
        """The span of each id in the text, found by decoding ever longer prefixes."""
        decoded = [self.decode(ids[: n + 1]) for n in range(len(ids))]
        ends = [_same_beginning(beginning, text) for beginning in decoded]
        offsets: list[Span] = []
        begin = 0
        for index, end in enumerate(ends):
            # The first bytes of a character decode to nothing yet; they share its span.
            # A token that adds nothing at all, such as a special token, has an empty span.
            if len(decoded[index]) > end:
                end = max(end, next((later for later in ends[index:] if later > begin), begin))
            offsets.append((begin, max(begin, end)))
            begin = max(begin, ends[index])
        return offsets


def _left(lengths: Sequence[int], room: int) -> Sequence[int]:
    """How many tokens of each text remain within the limit: the longer text is truncated first,
    then both equally, as in the tokenizers library."""
    if len(lengths) == 1:
        return [room]
    short, long = sorted(lengths)
    short = min(short, room // 2)
    long = min(long, room - short)
    return [short, long] if lengths[0] <= lengths[1] else [long, short]


def _same_beginning(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(left), len(right)))


@contextlib.contextmanager
def _failing_as(problem: Message) -> Iterator[None]:
    """Convert errors of the library, which raises bare Exception, or panics in its Rust code."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ModelFilesError("{problem}: {reason}", problem=problem, reason=str(error)) from error


def is_blank(text: str) -> bool:
    """Whether a text has no visible character: empty, or only white space, control and zero-width
    characters."""
    return not has_word(text)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "the text is not valid Unicode: character {place} is a lone surrogate (U+{code:04X}); "
            "read the file as UTF-8",
            place=error.start + 1,
            code=ord(text[error.start]),
        ) from error
    if is_blank(text):
        raise InputError(
            "the text is blank ({beginning!r}): expected a sentence",
            beginning=text[:20],
        )


def read_tokenizers(folder: Path) -> tuple[Tokenizer, Tokenizer]:
    """The source and target tokenizers of a model folder; the same object where they are shared.

    Raises:
        ModelFilesError: when one cannot be read.
    """
    source, own = Tokenizer.from_file(folder / "tokenizer.json"), folder / "target_tokenizer.json"
    return source, Tokenizer.from_file(own) if own.is_file() else source
