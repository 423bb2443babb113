"""Pairs of sentences: line i of one file with line i of another, or the rows of a file of pairs.

They are read as a stream, so that a corpus may be larger than memory, and more than once.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from glassformer.errors import InputError, Setting, UsageError
from glassformer.messages import Message, Note
from glassformer.text.files import cannot_read
from glassformer.text.lines import Lines, read_lines
from glassformer.text.pairs.formats import check_is_lines, open_pairs
from glassformer.text.pairs.rows import Table


@dataclass(frozen=True)
class PairFiles:
    """Where pairs stand: in two files line by line, or without a target in one file of pairs.

    That is TMX, CSV, JSON Lines, or tab-separated columns (TSV): source, target and whatever
    else, such as an attribution, which is left out. `formats.py` says how each is recognised.
    """

    source: Path
    target: Path | None = None
    tag: str | None = None
    """The target language, where a model has several; it also chooses among those of a file."""

    @property
    def name(self) -> Message:
        """What to call them in a message."""
        if self.target is None:
            return Message("{source}", {"source": self.source})
        return Message("{source} and {target}", {"source": self.source, "target": self.target})

    @property
    def paths(self) -> tuple[Path, ...]:
        """The one or two files."""
        return (self.source,) if self.target is None else (self.source, self.target)


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence and its translation, with where they were found."""

    source: str
    target: str
    tag: str | None
    line: int
    """Where it begins, as people count, from 1; the same in both files."""
    files: PairFiles = field(repr=False)

    @property
    def place(self) -> Message:
        """Where it stands, for a message."""
        return Message("{file}, line {line}", {"file": self.files.name, "line": self.line})


def read_pairs(files: Sequence[PairFiles]) -> Iterator[Pair]:
    """All pairs of these files, one file after the other, as they are asked for.

    Nothing is dropped here, but every file has to have lines. An empty line in a file of columns
    is a pair of empty sentences, and a unit of a TMX file without a text in one of the languages
    is a pair with an empty side. What `Lines` calls unreadable is given as it is, to be counted.

    Raises:
        UsageError: when there is no file, one that cannot be read twice, such as stdin, or one
            whose target language is not there or has to be chosen.
        InputError: when a file cannot be read, is empty, is not UTF-8 or not what its name says,
            when two files have different numbers of lines, or a row is no pair.
    """
    check_files(files)
    for one in files:
        yield from _rows(one) if one.target is None else _lines(one, one.target)


def check_files(files: Sequence[PairFiles]) -> None:
    """Find out at once whether pairs can be read from these files, more than once.

    Raises:
        UsageError: when there is no file, or one is stdin, a pipe or a device; when it holds pairs
            but is given as one of lines; when its target is not there or has to be chosen.
        InputError: when a file is not there, or its content contradicts its name.
    """
    if not files:
        raise UsageError(
            "training needs sentence pairs: give {source} and {target}, or {pairs}",
            source=Setting("source", "SOURCE"),
            target=Setting("target", "TARGET"),
            pairs=Setting("pairs", "FILE"),
        )
    for path in (path for one in files for path in one.paths):
        if str(path) == "-":
            raise UsageError(
                "training reads its pairs more than once, which stdin does not allow: "
                "write them to a file"
            )
        if path.exists() and not path.is_file():
            raise UsageError(
                "training reads its pairs more than once, but {file} is not a regular file: "
                "write them to one",
                file=str(path),
            )
        read_lines(path).close()  # says why where it cannot be opened
    for one in files:
        if one.target is None:
            _open(one).close()
        else:
            for path in one.paths:
                check_is_lines(path)


def notes_of(files: Sequence[PairFiles]) -> tuple[Note, ...]:
    """How these files are understood: which side is the source, and what of a file is left out.

    Raises:
        UsageError, InputError: as `check_files`.
    """
    notes: list[Note] = []
    for one in files:
        if one.target is None:
            with _open(one) as table:
                notes += table.notes
    return tuple(notes)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal, so that a change of it is noticed.

    Raises:
        InputError: when the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise cannot_read(path, error) from error


def _open(files: PairFiles) -> Table:
    return open_pairs(
        files.source,
        target=files.tag,
        setting=Setting("pairs", f"LANGUAGE={files.source}"),
        count_unreadable=True,
    )


def _rows(files: PairFiles) -> Iterator[Pair]:
    is_empty = True
    with _open(files) as table:
        for row in table:
            is_empty = False
            yield Pair(row.texts[0], row.texts[1], files.tag, row.line, files)
    if is_empty:
        raise _empty(table.name)


def _lines(files: PairFiles, target: Path) -> Iterator[Pair]:
    with _opened(files.source) as sources, _opened(target) as targets:
        for source in sources:
            translation = next(targets, None)
            if translation is None:
                break
            yield Pair(source, translation, files.tag, sources.number, files)
        for rest in (sources, targets):  # to count them
            for _ in rest:
                pass
        for file in (sources, targets):
            if not file.number:
                raise _empty(file.name)
        counts = sources.number, targets.number
    if counts[0] != counts[1]:
        raise InputError(
            "{source} has {sources:,} lines and {target} has {targets:,}, but each line should be "
            "the translation of the line of the same number: {parting}",
            source=str(files.source),
            sources=counts[0],
            target=str(target),
            targets=counts[1],
            parting=_parting(files.source, target),
        )


def _opened(path: Path) -> Lines:
    return read_lines(path, count_unreadable=True)


def _empty(name: str) -> InputError:
    return InputError("{file} is empty: expected one sentence per line", file=name)


def _parting(source: Path, target: Path) -> Message:
    """Say where two files seem to stop being aligned line by line.

    Translations are about as long as what they translate. Up to some line k the lines are paired
    as they stand, from there on shifted by the difference; the best k leaves the lengths of the
    pairs most alike.
    """
    lengths = [_lengths(source), _lengths(target)]
    short, long = sorted(lengths, key=len)
    shift = len(long) - len(short)
    ratio = np.log((1 + long.sum()) / (1 + short.sum()) * len(short) / len(long))
    before = _mismatch(short, long[: len(short)], ratio)
    after = _mismatch(short, long[shift:], ratio)
    cost = np.concatenate(([0.0], np.cumsum(before - after)))
    k = int(cost.argmin())
    more = source if len(lengths[0]) > len(lengths[1]) else target
    if k == len(short):
        return Message(
            "{file} seems to continue after the end of the other; cut it after line {line:,}",
            {"file": str(more), "line": k},
        )
    return Message(
        "they seem to go out of step near line {line:,}, where {file} has {lines} too many",
        {
            "line": k + 1,
            "file": str(more),
            "lines": Message("one line")
            if shift == 1
            else Message("{count:,} lines", {"count": shift}),
        },
    )


def _lengths(path: Path) -> Int[np.ndarray, " lines"]:
    with _opened(path) as lines:
        return np.fromiter((len(line) for line in lines), dtype=np.int64)


def _mismatch(
    left: Int[np.ndarray, " lines"], right: Int[np.ndarray, " lines"], ratio: float
) -> Float[np.ndarray, " lines"]:
    """How unlike the lengths of lines are: 0 where their ratio is that of the whole files."""
    unlike: Float[np.ndarray, " lines"] = np.abs(np.log((1 + right) / (1 + left)) - ratio)
    return unlike
