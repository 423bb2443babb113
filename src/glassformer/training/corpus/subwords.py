"""Subwords: a vocabulary learned from a corpus, so that no text is ever unknown.

Byte-pair encoding as Sennrich et al. (2016) use it, "Neural Machine Translation of Rare Words with
Subword Units": start from characters and merge the most frequent neighbours. A space belongs to the
front of the word after it and is written "▁". What has no entry becomes bytes (byte fallback).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import regex
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

from glassformer.errors import ConfigError, InputError, UsageError
from glassformer.text.tokenizer import BYTES, Tokenizer

PADDING, START, END, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"

SPECIAL = (PADDING, START, END)
"""The first entries of every vocabulary that we make, with ids 0, 1 and 2; then come the tags."""

_CONTROLS = (*range(0x20), 0x7F)

# Merges stay within a word in the sense of `text.words`, except that punctuation forms runs: no
# letter with a digit or a sign, no Latin with Han; digits one by one, so that numbers are copied
# rather than known. Han and kana go together, as Japanese mixes them inside a word.
_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}ー]"
_PIECE = (
    rf" ?(?:(?:(?={_CJK})\p{{L}}\p{{M}}*)+|(?:(?!{_CJK})[\p{{L}}\p{{M}}])+"
    r"|\p{N}\p{M}*|[^\s\p{L}\p{M}\p{N}][^\s\p{L}\p{N}]*)|\s"
)
_FIND_PIECES = regex.compile(_PIECE)

# "▁" is written for a space, so a "▁" of the text is written with two code points that Unicode
# keeps for a program's own use, and the first of them, should a text have it, with two as well.
_SPACE = "▁"
_ESCAPE = "\ufdd0"
_ESCAPES = ((_ESCAPE, _ESCAPE + "\ufdd2"), (_SPACE, _ESCAPE + "\ufdd1"))

# No entry may hold these: controls are never generated, and so must be bytes.
_NEVER = regex.compile(r"[\p{Cc}\p{Cs}▁\ufdd0-\ufdd2]")
_RARE = 5e-6
_ENOUGH = 20
_MAX_ALPHABET = 0.75
_BETWEEN = "\0"


@dataclass(frozen=True)
class Roles:
    """The special tokens of a vocabulary, by id, and which tokens are never generated."""

    padding: int
    start: int
    end: int
    tags: tuple[tuple[str, int], ...]
    """The target languages, each with the token that stands for the start of its sentences."""
    suppressed: tuple[int, ...]
    """Bytes of control characters; in a word-level vocabulary, the unknown token."""


def train_subwords(
    texts: Iterable[str], *, vocabulary: int, tags: Sequence[str] = ()
) -> tuple[Tokenizer, Roles]:
    """Learn a BPE vocabulary of at most this size; a small corpus gives fewer entries.

    The same texts, in any order, give the same vocabulary. They are read once.

    Raises:
        UsageError: when a tag is empty, has white space or is given twice.
        ConfigError: when the vocabulary has no room for more than special tokens and bytes.
        InputError: when there is no text.
    """
    special = _special(tags)
    room = vocabulary - len(special) - len(BYTES)
    if room < 1:
        raise ConfigError(
            "a vocabulary needs more than the {least} entries for special tokens and bytes, but "
            "text.vocabulary is {vocabulary}",
            least=vocabulary - room,
            vocabulary=vocabulary,
        )
    pieces = Counter(piece for text in texts for piece in _pieces(text))
    characters: Counter[str] = Counter()
    for piece, count in pieces.items():
        for character in piece:
            characters[character] += count
    alphabet = _alphabet(characters, max(1, int(room * _MAX_ALPHABET)))
    if not alphabet:
        raise InputError("there is no text to learn subwords from: give files with sentences")
    entries, merges = _merges(pieces, alphabet, room)
    ids = {entry: id for id, entry in enumerate((*special, *BYTES, *entries))}
    backend = tokenizers.Tokenizer(models.BPE(ids, merges, byte_fallback=True, fuse_unk=False))
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFC(), *(normalizers.Replace(text, stored) for text, stored in _ESCAPES)]
    )
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(tokenizers.Regex(_PIECE), "isolated"),
            pre_tokenizers.Metaspace(_SPACE, prepend_scheme="never", split=False),
        ]
    )
    backend.decoder = decoders.Sequence(
        [
            decoders.Replace(_SPACE, " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            *(decoders.Replace(stored, text) for text, stored in reversed(_ESCAPES)),
        ]
    )
    return _finished(backend, special, tags, [ids[BYTES[byte]] for byte in _CONTROLS])


def whitespace_vocabulary(
    texts: Iterable[str], *, joiner: str = "", tags: Sequence[str] = ()
) -> tuple[Tokenizer, Roles]:
    """Build the vocabulary from texts that were tokenized beforehand, with spaces between tokens.

    The most frequent come first. Decoding puts spaces between them and removes the joiner: with
    "@@ ", "un@@ happy" becomes "unhappy". Only the space U+0020 separates tokens.

    Raises:
        UsageError: when a tag is empty, has white space or is given twice.
        InputError: when there is no token.
    """
    special = _special(tags)
    units = Counter(unit for text in texts for unit in normalize("NFC", text).split(" "))
    for entry in ("", UNKNOWN, *special):
        del units[entry]
    if not units:
        raise InputError("there is no text to build a vocabulary from: give files with sentences")
    ids = {entry: id for id, entry in enumerate((*special, UNKNOWN, *_by_frequency(units)))}
    backend = tokenizers.Tokenizer(models.WordLevel(ids, UNKNOWN))
    # A special token's name in a text is a token like any other, and an unknown one.
    names = "|".join(map(regex.escape, special))
    backend.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(tokenizers.Regex(rf"(?<![^ ])(?:{names})(?![^ ])"), UNKNOWN),
        ]
    )
    backend.pre_tokenizer = pre_tokenizers.Split(" ", "removed")
    # This decoder puts a space before what does not begin with its prefix: here, everything.
    steps = [decoders.WordPiece(prefix=" ", cleanup=False), decoders.Fuse()]
    if joiner:
        steps.append(decoders.Replace(joiner, ""))
        mark = regex.escape(joiner.strip(" "))
        if mark and joiner.endswith(" "):
            steps.append(decoders.Replace(tokenizers.Regex(rf"{mark}\z"), ""))
        if mark and joiner.startswith(" "):
            steps.append(decoders.Replace(tokenizers.Regex(rf"\A{mark}"), ""))
    backend.decoder = decoders.Sequence(steps)
    return _finished(backend, special, tags, [ids[UNKNOWN]])


def _special(tags: Sequence[str]) -> tuple[str, ...]:
    for tag in tags:
        if not tag or regex.search(r"[\s\p{C}]", tag):
            raise UsageError(
                "a language tag is a short name such as fr, but {tag!r} was given", tag=tag
            )
        if tags.count(tag) > 1:
            raise UsageError(
                "each language tag stands for one language, but {tag} was given twice", tag=tag
            )
    return (*SPECIAL, *(f"<2{tag}>" for tag in tags))


def _pieces(text: str) -> Iterator[str]:
    for part in _NEVER.split(normalize("NFC", text)):
        for piece in _FIND_PIECES.findall(part):
            yield piece.replace(" ", _SPACE)


def _by_frequency(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda entry: (-counts[entry], entry))


def _alphabet(characters: Counter[str], most: int) -> list[str]:
    """The characters that are frequent enough to learn something about, most frequent first."""
    enough = min(_ENOUGH, characters.total() * _RARE)
    return [one for one in _by_frequency(characters) if characters[one] >= enough][:most]


def _merges(
    pieces: Mapping[str, int], alphabet: Sequence[str], room: int
) -> tuple[list[str], list[tuple[str, str]]]:
    """The entries and merges of a vocabulary, learned by the library from these pieces alone."""
    known = regex.compile("[" + "".join(map(regex.escape, alphabet)) + "]+")
    learner = tokenizers.Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Split(_BETWEEN, "removed")
    # The library chooses the rarest of its alphabet at random; here it has nothing to choose.
    trainer = trainers.BpeTrainer(vocab_size=room, min_frequency=2, show_progress=False)
    learner.train_from_iterator(_repeated(pieces, known), trainer)
    learnt = json.loads(learner.to_str())["model"]
    entries = sorted(learnt["vocab"], key=learnt["vocab"].__getitem__)
    return entries, [(left, right) for left, right in learnt["merges"]]


def _repeated(pieces: Mapping[str, int], known: "regex.Pattern[str]") -> Iterator[str]:
    """Every piece as often as it was found, the form in which the library counts."""
    for piece in sorted(pieces):
        for part in known.findall(piece):
            left = pieces[piece]
            while left > 0:
                some = min(left, 1000)
                yield _BETWEEN.join([part] * some)
                left -= some


def _finished(
    backend: tokenizers.Tokenizer,
    special: Sequence[str],
    tags: Sequence[str],
    suppressed: Sequence[int],
) -> tuple[Tokenizer, Roles]:
    """Add what both vocabularies have in common: special tokens, and the end after a source."""
    added = [tokenizers.AddedToken(entry, normalized=False, special=True) for entry in special]
    backend.add_special_tokens(added)
    padding, start, end = range(len(SPECIAL))
    backend.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, end)]
    )
    places = tuple((tag, len(SPECIAL) + index) for index, tag in enumerate(tags))
    return Tokenizer(backend), Roles(padding, start, end, places, tuple(suppressed))
