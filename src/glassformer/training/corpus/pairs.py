"""Pairs of sentences from parallel files: line i of one is the translation of line i of the other.

They are read as a stream, so that a corpus may be larger than memory, and more than once.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from glassformer.errors import InputError, UsageError
from glassformer.text.lines import Lines, read_lines


@dataclass(frozen=True)
class PairFiles:
    """Where pairs stand: in two files line by line, or without a target in one of columns.

    The columns are parted by tabs: source, target and whatever else, such as an attribution,
    which is left out.
    """

    source: Path
    target: Path | None = None
    tag: str | None = None
    """The target language, where a model has several."""

    @property
    def name(self) -> str:
        """What to call them in a message."""
        return str(self.source) if self.target is None else f"{self.source} and {self.target}"

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
    """As people count, from 1; the same in both files."""
    files: PairFiles = field(repr=False)

    @property
    def place(self) -> str:
        """Where it stands, for a message."""
        return f"{self.files.name}, line {self.line}"


def read_pairs(files: Sequence[PairFiles]) -> Iterator[Pair]:
    """All pairs of these files, one file after the other, as they are asked for.

    Nothing is dropped here, but every file has to have lines. An empty line in a file of columns
    is a pair of empty sentences.

    Raises:
        UsageError: when there is no file, or one that cannot be read twice, such as stdin.
        InputError: when a file cannot be read, is empty or is not UTF-8, when two files have
            different numbers of lines, or a line of a file of columns has no tab.
    """
    check_files(files)
    for one in files:
        yield from _columns(one) if one.target is None else _lines(one, one.target)


def check_files(files: Sequence[PairFiles]) -> None:
    """Find out at once whether pairs can be read from these files, more than once.

    Raises:
        UsageError: when there is no file, or one is stdin, a pipe or a device.
        InputError: when a file is not there.
    """
    if not files:
        raise UsageError("training needs sentence pairs: give SOURCE and TARGET, or --pairs FILE")
    for path in (path for one in files for path in one.paths):
        if str(path) == "-":
            raise UsageError(
                "training reads its pairs more than once, which stdin does not allow: "
                "write them to a file"
            )
        if path.exists() and not path.is_file():
            raise UsageError(
                f"training reads its pairs more than once, but {path} is no ordinary file: "
                "write them to one"
            )
        read_lines(path).close()  # says why where it cannot be opened


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal, so that a change of it is noticed.

    Raises:
        InputError: when the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error


def _columns(files: PairFiles) -> Iterator[Pair]:
    with read_lines(files.source) as lines:
        for line in lines:
            source, tab, rest = line.partition("\t")
            if line and not tab:
                raise InputError(
                    f"{files.source}, line {lines.number} has no tab: expected the source "
                    f"sentence, a tab and the target sentence, but it is {line[:40]!r}"
                )
            yield Pair(source, rest.partition("\t")[0], files.tag, lines.number, files)
        _check_not_empty(lines)


def _lines(files: PairFiles, target: Path) -> Iterator[Pair]:
    with read_lines(files.source) as sources, read_lines(target) as targets:
        for source in sources:
            translation = next(targets, None)
            if translation is None:
                break
            yield Pair(source, translation, files.tag, sources.number, files)
        for rest in (sources, targets):  # to count them
            for _ in rest:
                pass
        _check_not_empty(sources)
        _check_not_empty(targets)
        counts = sources.number, targets.number
    if counts[0] != counts[1]:
        raise InputError(
            f"{files.source} has {counts[0]:,} lines and {target} has {counts[1]:,}, but line by "
            f"line they should be translations: {_parting(files.source, target)}"
        )


def _check_not_empty(lines: Lines) -> None:
    if not lines.number:
        raise InputError(f"{lines.name} is empty: expected one sentence a line")


def _parting(source: Path, target: Path) -> str:
    """Say where two files seem to stop being line by line translations.

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
        return f"{more} seems to go on after the end of the other; cut it after line {k:,}"
    lines = "a line" if shift == 1 else f"{shift:,} lines"
    return f"they seem to part near line {k + 1:,}, where {more} has {lines} too many"


def _lengths(path: Path) -> Int[np.ndarray, " lines"]:
    with read_lines(path) as lines:
        return np.fromiter((len(line) for line in lines), dtype=np.int64)


def _mismatch(
    left: Int[np.ndarray, " lines"], right: Int[np.ndarray, " lines"], ratio: float
) -> Float[np.ndarray, " lines"]:
    """How unlike the lengths of lines are: 0 where their ratio is that of the whole files."""
    unlike: Float[np.ndarray, " lines"] = np.abs(np.log((1 + right) / (1 + left)) - ratio)
    return unlike
