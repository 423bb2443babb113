"""Arrays spooled to disk, and the two output formats that consist of arrays only."""

import contextlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import DTypeLike

from glassformer.encoding.encoder import Encoding

_COPIED_AT_ONCE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an output file contains; `token_of` maps an id to its token."""

    d_model: int
    dtype: DTypeLike
    pooled: bool
    numbered: bool
    """Whether to write the array `lines`."""
    token_of: Callable[[int], str]


class Array(NamedTuple):
    """An array of known shape, its data (little-endian, row-major) still on disk."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    chunks: Iterator[bytes]

    @property
    def size(self) -> int:
        """In bytes."""
        return self.dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))


class Spool(contextlib.ExitStack):
    """Arrays that grow on disk, since file headers need their final shapes.

    The temporary files beside the output are anonymous, so they vanish however the process ends.
    """

    def __init__(self, folder: Path | None, content: Content) -> None:
        super().__init__()
        self._content = content
        with contextlib.ExitStack() as stack:
            self._vectors, self._ids, self._offsets, self._lines = (
                stack.enter_context(_nameless(folder)) for _ in range(4)
            )
            self.push(stack.pop_all())
        self._rows = self._texts = 0
        self._distinct: set[int] = set()
        self._offsets.write(_little(0, np.int64))

    def add(self, line: int, encoding: Encoding) -> None:
        """Append an encoding with the number of its line."""
        vectors = encoding.vectors
        self._vectors.write(_little(vectors, self._content.dtype))
        self._lines.write(_little(line, np.int64))
        self._texts += 1
        self._rows += 1 if self._content.pooled else len(vectors)
        if not self._content.pooled:
            self._offsets.write(_little(self._rows, np.int64))
            self._ids.write(_little(encoding.tokenized.ids, np.int32))
            self._distinct.update(encoding.tokenized.ids)

    def arrays(self, *, with_text: bool) -> Iterator[Array]:
        """The arrays of the file, those of 8-byte numbers first, so that all are aligned."""
        if not self._content.pooled:
            yield self._array("offsets", np.int64, (self._texts + 1,), self._offsets)
        if self._content.numbered:
            yield self._array("lines", np.int64, (self._texts,), self._lines)
        shape = (self._rows, self._content.d_model)
        yield self._array("vectors", self._content.dtype, shape, self._vectors)
        if not self._content.pooled:
            ids = self._array("token_ids", np.int32, (self._rows,), self._ids)
            yield self._as_text(ids) if with_text else ids

    def _array(self, name: str, dtype: DTypeLike, shape: tuple[int, ...], file: IO[bytes]) -> Array:
        file.seek(0)
        chunks = iter(lambda: file.read(_COPIED_AT_ONCE), b"")
        return Array(name, np.dtype(dtype).newbyteorder("<"), shape, chunks)

    def _as_text(self, ids: Array) -> Array:
        """The array `tokens`, fixed-width strings as in NumPy, as wide as the longest token."""
        known = np.array(sorted(self._distinct), dtype="<i4")
        texts = np.array([self._content.token_of(int(id)) for id in known]).astype("<U")
        chunks = (
            texts[np.searchsorted(known, np.frombuffer(chunk, "<i4"))].tobytes()
            for chunk in ids.chunks
        )
        return Array("tokens", texts.dtype, ids.shape, chunks)


def _nameless(folder: Path | None) -> IO[bytes]:
    return tempfile.TemporaryFile(dir=folder)


def _little(numbers: Any, dtype: DTypeLike) -> bytes:
    return np.asarray(numbers, np.dtype(dtype).newbyteorder("<")).tobytes()


class ByteStream(Protocol):
    """A stream that may not be a file, such as stdout: it is only written to, without seeking."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Write these bytes, or some of them, and return how many."""

    def flush(self) -> None:
        """Flush buffers."""


class _OnlyForwards:
    """A stream on which zipfile does not seek, even if the stream itself is seekable.

    It writes everything, even where an unbuffered stdout accepts only a part at a time.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[self._stream.write(rest) :]
        return len(data)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def write_npz(file: ByteStream, arrays: Iterator[Array]) -> None:
    """A zip of .npy files (numpy.lib.format, version 1.0), byte-identical for equal content."""
    with zipfile.ZipFile(_OnlyForwards(file), "w") as archive:
        for array in arrays:
            info = zipfile.ZipInfo(f"{array.name}.npy")  # dated 1980, not now
            info.compress_type = (
                zipfile.ZIP_DEFLATED if array.dtype.kind == "U" else zipfile.ZIP_STORED
            )
            with archive.open(info, "w", force_zip64=True) as member:
                header = {"descr": array.dtype.str, "fortran_order": False, "shape": array.shape}
                np.lib.format.write_array_header_1_0(member, header)
                for chunk in array.chunks:
                    member.write(chunk)
    file.flush()


_SAFETENSORS_NAMES: Mapping[str, str] = {"<f4": "F32", "<f8": "F64", "<i8": "I64", "<i4": "I32"}


def write_safetensors(file: ByteStream, arrays: Iterator[Array]) -> None:
    """https://github.com/huggingface/safetensors#format, without metadata."""
    all_arrays = list(arrays)
    header, end = {}, 0
    for array in all_arrays:
        start, end = end, end + array.size
        header[array.name] = {
            "dtype": _SAFETENSORS_NAMES[array.dtype.str],
            "shape": array.shape,
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write(_little(len(text), np.uint64) + text)
    for array in all_arrays:
        for chunk in array.chunks:
            file.write(chunk)
