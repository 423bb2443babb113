"""The numbers of a pass, packed into blocks, which a page loads when they are looked at.

A block is the bytes of its arrays, one after the other, deflated. Of an array all first bytes come
first, then all second ones: exponents stand beside exponents, which deflates better by a quarter.
What equals another array, or the sum of others, bit for bit, is not stored again.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_STORED = {
    "float16": np.float16,
    "float32": np.float32,
    "float64": np.float64,
    "int32": np.int32,
    "uint8": np.uint8,
}
_AS = {"int64": np.int32, "bool": np.uint8}
"""What JavaScript has no plain numbers for, and what holds the same."""

LARGE = 4_000_000
"""Bytes of a block from which on it is deflated fast: in half the time, 3 % larger."""
THOROUGH, FAST = 6, 1


@dataclass
class Packer:
    """Collects arrays by block; `entries` say where each is found, `makers` make the blocks."""

    prefix: str = ""
    """Before the name of every block: whose pass it is."""
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    _read: dict[str, Callable[[], Array]] = field(default_factory=dict)
    _blocks: dict[str, list[str]] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _seen: dict[bytes, str] = field(default_factory=dict)

    def add(
        self, name: str, read: Callable[[], Array], block: str, parents: Iterable[str] = ()
    ) -> None:
        """An array of a block. `parents` are arrays of which it is the sum, if it is one."""
        array = stored(read())
        entry: dict[str, Any] = {"dtype": array.dtype.name, "shape": list(array.shape)}
        digest = _digest(array)
        summands = [parent for parent in parents if parent in self._read]
        if digest in self._seen:
            self.entries[name] = {**entry, "same": self._seen[digest]}
        elif len(summands) > 1 and self._is_sum(array, summands):
            self.entries[name] = {**entry, "sum": summands}
            self._seen[digest] = name
        else:
            block = self.prefix + block
            offset = self._sizes.get(block, 0)
            self.entries[name] = {**entry, "block": block, "offset": offset}
            self._sizes[block] = offset + array.nbytes
            self._blocks.setdefault(block, []).append(name)
            self._seen[digest] = name
        self._read[name] = read

    def makers(self) -> Mapping[str, Callable[[], bytes]]:
        """For each block what makes its bytes."""
        return {name: _maker([self._read[one] for one in of]) for name, of in self._blocks.items()}

    def _is_sum(self, array: Array, summands: list[str]) -> bool:
        first, *others = (stored(self._read[one]()) for one in summands)
        total = first
        for other in others:
            total = total + other  # in their own precision, as the page adds them
        return total.dtype == array.dtype and np.array_equal(total, array)


def stored(array: Array) -> Array:
    """The same numbers in a type that a page can read, little endian and in row order."""
    kind = array.dtype.name
    wanted = np.dtype(_AS.get(kind) or _STORED[kind]).newbyteorder("<")
    return np.ascontiguousarray(array, dtype=wanted)


def narrowed(array: Array) -> Array:
    """The same numbers in half precision where that holds them exactly, as a shipped model's."""
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half.astype(array.dtype), array) else array


def packed(arrays: Iterable[Array]) -> bytes:
    """The bytes of a block of these arrays."""
    planes = []
    for array in arrays:
        size = array.dtype.itemsize
        planes.append(array.reshape(-1).view(np.uint8).reshape(-1, size).T.tobytes())
    data = b"".join(planes)
    level = THOROUGH if len(data) <= LARGE else FAST
    compressor = zlib.compressobj(level, zlib.DEFLATED, -15)  # no header: the page's "deflate-raw"
    return compressor.compress(data) + compressor.flush()


def _maker(read: list[Callable[[], Array]]) -> Callable[[], bytes]:
    return lambda: packed(stored(one()) for one in read)


def _digest(array: Array) -> bytes:
    what = f"{array.dtype.name}{array.shape}".encode()
    return hashlib.blake2b(what + array.tobytes(), digest_size=16).digest()
