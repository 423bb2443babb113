"""Examples: the token ids of all pairs on disk, memory-mapped as far as they are looked at.

A folder of examples holds one file for each array, little-endian numbers and nothing else, and
`examples.json`, which says how many numbers of which type each has. It is written last.
"""

import contextlib
import itertools
import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Int32, Int64, UInt16

from glassformer.errors import InputError, OutputError, Setting, UsageError
from glassformer.messages import Message
from glassformer.outputs import replacing
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.training.corpus.filtering import EMPTY, CorpusStatistics, nothing_left
from glassformer.training.corpus.pairs import Pair
from glassformer.training.corpus.subwords import Roles

MANIFEST = "examples.json"

_SIDES = ("source", "target")
_NAMES = (*(f"{side}_{kind}" for side in _SIDES for kind in ("ids", "offsets", "lengths")), "tags")
_BATCH = 1000


class Examples:
    """Pairs as token ids: sources with their end token, targets with neither start nor end.

    Nothing is read before it is asked for, so a corpus may be larger than memory. Each array
    belongs to the file it is mapped from and cannot be written to.
    """

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._ids = tuple(arrays[f"{side}_ids"] for side in _SIDES)
        self._offsets = tuple(arrays[f"{side}_offsets"] for side in _SIDES)
        self.source_lengths: Int32[np.ndarray, " pairs"] = arrays["source_lengths"]
        """Tokens of each source, its end token counted."""
        self.target_lengths: Int32[np.ndarray, " pairs"] = arrays["target_lengths"]
        """Tokens of each target alone."""
        self.tags: UInt16[np.ndarray, " pairs"] = arrays["tags"]
        """For each pair the index of its tag in `Roles.tags`; 0 where there are no tags."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The examples that `write_examples` put into a folder.

        Raises:
            InputError: when they are not there, or incomplete.
        """
        advice = Message(
            "delete {folder} and run the same training again, which prepares it again",
            {"folder": folder},
        )
        try:
            listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls({name: _mapped(folder, name, listed[name]) for name in _NAMES})
        except OSError as error:
            place = error.filename or folder
            raise InputError(
                "cannot read the prepared pairs {place}: {reason}; {advice}",
                place=place,
                reason=error.strerror or str(error),
                advice=advice,
            ) from error
        except (ValueError, LookupError, TypeError) as error:
            damaged = Message("{file} is damaged", {"file": MANIFEST})
            raise InputError(
                "the prepared pairs in {folder} are incomplete or damaged ({reason}); {advice}",
                folder=folder,
                reason=error.message if isinstance(error, _NotWholeError) else damaged,
                advice=advice,
            ) from error

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.tags)

    def source(self, index: int) -> Int64[np.ndarray, " tokens"]:
        """The ids of a source, end token included."""
        return self._row(0, index)

    def target(self, index: int) -> Int64[np.ndarray, " tokens"]:
        """The ids of a target, without start and end."""
        return self._row(1, index)

    def _row(self, side: int, index: int) -> Int64[np.ndarray, " tokens"]:
        if not 0 <= index < len(self):
            raise IndexError(f"there are pairs 0 to {len(self) - 1}, but {index} was asked for")
        start, end = self._offsets[side][index : index + 2]
        row: Int64[np.ndarray, " tokens"] = self._ids[side][start:end].astype(np.int64)
        return row


def write_examples(
    folder: Path,
    pairs: Iterable[Pair],
    source_tokenizer: Tokenizer,
    target_tokenizer: Tokenizer,
    roles: Roles,
    *,
    max_length: int,
    statistics: CorpusStatistics,
) -> Examples:
    """Tokenize pairs and write the ids into a folder, which is made where there is none.

    A pair of more than `max_length` tokens on a side, the end token counted on both, is left out
    and counted, and so is one with an empty side.

    Raises:
        InputError: when no pair is left.
        UsageError: when a pair's tag is not among those of the vocabulary.
        OutputError: when the folder cannot be written, as on a full disk.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)  # what it lists is about to change
        for left_over in folder.glob(".*.partial"):  # by a process that was killed
            left_over.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError("cannot write {path}: {reason}", path=folder, reason=reason) from error
    tokenizers = (source_tokenizer, target_tokenizer)
    types = ["<u2" if one.vocabulary <= 1 << 16 else "<i4" for one in tokenizers]
    tags = {tag: index for index, (tag, _) in enumerate(roles.tags)}
    lengths, tag_of_pair = (array("i"), array("i")), array("H")
    with contextlib.ExitStack() as stack:
        manifest = stack.enter_context(replacing(folder / MANIFEST))  # first in, renamed last
        paths = {name: stack.enter_context(replacing(folder / f"{name}.bin")) for name in _NAMES}
        with paths["source_ids"].open("wb") as sources, paths["target_ids"].open("wb") as targets:
            for batch in _batches(pairs):
                for pair, rows in _encoded(batch, tokenizers, max_length, statistics):
                    tag_of_pair.append(_index_of_tag(pair, tags))
                    for file, row, type, counts in zip(
                        (sources, targets), rows, types, lengths, strict=True
                    ):
                        file.write(np.array(row, dtype=type).tobytes())
                        counts.append(len(row))
        if not tag_of_pair:
            raise nothing_left(statistics)
        small = {"tags": np.array(tag_of_pair, dtype="<u2")}
        listed: dict[str, tuple[str, int]] = {}
        for side, type, counts in zip(_SIDES, types, lengths, strict=True):
            small[f"{side}_lengths"] = np.array(counts, dtype="<i4")
            small[f"{side}_offsets"] = np.cumsum([0, *counts], dtype="<i8")
            listed[f"{side}_ids"] = (type, int(small[f"{side}_offsets"][-1]))
        for name, values in small.items():
            paths[name].write_bytes(values.tobytes())
            listed[name] = (values.dtype.str, len(values))
        manifest.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    return Examples.open(folder)


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    rest = iter(pairs)
    while batch := list(itertools.islice(rest, _BATCH)):
        yield batch


def _encoded(
    batch: Sequence[Pair],
    tokenizers: tuple[Tokenizer, Tokenizer],
    max_length: int,
    statistics: CorpusStatistics,
) -> Iterator[tuple[Pair, tuple[Sequence[int], Sequence[int]]]]:
    """The pairs of a batch that are neither blank nor too long, with the ids of both sides."""
    fit = []
    for pair in batch:
        if is_blank(pair.source) or is_blank(pair.target):
            statistics.drop(EMPTY, pair)
        else:
            fit.append(pair)
    sources = tokenizers[0].ids_of_batch([pair.source for pair in fit], special=True)
    targets = tokenizers[1].ids_of_batch([pair.target for pair in fit], special=False)
    for pair, source, target in zip(fit, sources, targets, strict=True):
        if max(len(source), len(target) + 1) > max_length:
            statistics.drop(Message("more than {most} tokens", {"most": max_length}), pair)
        else:
            yield pair, (source, target)


def _index_of_tag(pair: Pair, tags: dict[str, int]) -> int:
    if not tags:
        return 0
    if pair.tag not in tags:
        raise UsageError(
            "{files} needs one of the target languages {tags}, but its tag is {tag}: give it as "
            "in {pairs}",
            files=pair.files.name,
            tags=[*tags],
            tag=str(pair.tag),
            pairs=Setting("pairs", {next(iter(tags)): str(pair.files.source)}),
        )
    return tags[pair.tag]


class _NotWholeError(ValueError):
    """A file of another length than its list says."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def _mapped(folder: Path, name: str, listed: Sequence[Any]) -> np.ndarray:
    path = folder / f"{name}.bin"
    type, count = np.dtype(listed[0]), int(listed[1])
    given = path.stat().st_size
    if given != count * type.itemsize:
        raise _NotWholeError(
            Message(
                "{file} has {given:,} bytes instead of {expected:,}",
                {"file": path.name, "given": given, "expected": count * type.itemsize},
            )
        )
    return np.asarray(np.memmap(path, dtype=type, mode="r", shape=(count,)))
