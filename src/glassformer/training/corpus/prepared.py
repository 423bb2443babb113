"""A corpus that was read once: its fit pairs in one file, from which everything else is made.

A line of the file is a list in JSON: source, target, target language, the index of the files that
the pair stands in, and the line there.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from glassformer.outputs import replacing
from glassformer.training.corpus.held_out import HeldOut, held_out, key_of
from glassformer.training.corpus.pairs import Pair, PairFiles


class PreparedPairs:
    """The training pairs and those held out as dev set, as often as they are asked for.

    Until `hold_out` has chosen some, all are training pairs. Of each pair the key of its source is
    in memory, eight bytes; nothing else is.
    """

    def __init__(self, path: Path, files: Sequence[PairFiles], keys: "array[int]") -> None:
        self._path = path
        self._files = files
        self._keys = keys
        self.held_out: HeldOut | None = None

    @classmethod
    def write(cls, path: Path, files: Sequence[PairFiles], pairs: Iterable[Pair]) -> Self:
        """Read pairs, which stand in these files, and keep them in a file of their own.

        Raises:
            OutputError: when it cannot be written, as on a full disk.
        """
        index = {one: number for number, one in enumerate(files)}
        keys = array("Q")
        with (
            replacing(path) as temporary,
            temporary.open("w", encoding="utf-8", newline="\n") as file,
        ):
            for pair in pairs:
                row = [pair.source, pair.target, pair.tag, index[pair.files], pair.line]
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                keys.append(key_of(pair.source))
        return cls(path, files, keys)

    def hold_out(self) -> HeldOut:
        """Hold some pairs out as dev set.

        Raises:
            InputError: when there are fewer than two different sources.
        """
        self.held_out = held_out(self._keys)
        return self.held_out

    def to_learn_from(self) -> Iterator[Pair]:
        """The pairs that are not held out, in the order of the files."""
        return self._where(is_held_out=False)

    def to_measure_on(self) -> Iterator[Pair]:
        """The pairs that are."""
        return self._where(is_held_out=True)

    def _where(self, *, is_held_out: bool) -> Iterator[Pair]:
        hold = self.held_out
        with self._path.open(encoding="utf-8", newline="\n") as lines:  # split at "\n" only
            for key, line in zip(self._keys, lines, strict=True):
                if (hold is not None and hold.has(key)) == is_held_out:
                    source, target, tag, number, place = json.loads(line)
                    yield Pair(source, target, tag, place, self._files[number])
