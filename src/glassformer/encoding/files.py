"""Encodings written to files as they come, so that memory does not grow with their number.

    .npz          vectors, offsets, tokens              numpy.load
    .safetensors  vectors, offsets, token_ids           safetensors.numpy.load_file
    .parquet      line, text, tokens, vectors           pyarrow.parquet.read_table

`vectors` is float32 [all tokens, d_model] (float64 of a float64 model), line after line; those of
line i, from 0, are rows offsets[i] to offsets[i + 1], and `offsets` is int64 [lines + 1]. `tokens`
are the vocabulary entries as text, `token_ids` their numbers (int32), since safetensors knows no
text. Pooled there is only `vectors`, [lines, d_model]. Where lines may have been skipped, `lines`
(int64) says of each line which one of the source it was, from 1.

A Parquet file has one row a line: `line` from 1, `text`, and d_model `vectors` for each token, or
when pooled one such list and no `tokens`.
"""

import contextlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from glassformer.encoding.encoder import Encoding
from glassformer.errors import OutputError, UsageError
from glassformer.outputs import check_writable, replacing

Add: TypeAlias = Callable[[int, Encoding], None]
"""Takes the number of a line in its source, from 1, and what it was encoded to."""


class ByteStream(Protocol):
    """What may be no file, such as stdout: only written to, never read, never gone back in."""

    def write(self, data: bytes, /) -> int:
        """Take all of these bytes."""

    def flush(self) -> None:
        """Pass them on."""


SUFFIXES = (".npz", ".safetensors", ".parquet")

_COPIED_AT_ONCE = 1 << 20
_ROW_GROUP_BYTES = 1 << 25


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file is to hold; `token_of` gives the vocabulary entry of an id."""

    d_model: int
    dtype: DTypeLike
    pooled: bool
    numbered: bool
    """Whether to store `lines`."""
    token_of: Callable[[int], str]


def check_output(path: Path, *, force: bool) -> None:
    """Find out before the work whether its result will have a place and a format.

    Raises:
        UsageError: when the suffix is none of `SUFFIXES`.
        OutputError: when the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"the output must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, but is {path}"
        )
    check_writable(path, force=force)
    if path.suffix.lower() == ".parquet":
        _import_pyarrow()


@contextlib.contextmanager
def writing(target: Path | ByteStream, content: Content, *, force: bool = False) -> Iterator[Add]:
    """Give a function that takes encodings, and write the file when all were given.

    The suffix says the format; a stream that is no file gets the one of `.npz`. Until it is
    complete nothing stands at `target`, and whatever goes wrong, what stood there stays.

    Raises:
        UsageError: when the suffix is none of `SUFFIXES`.
        OutputError: when the file cannot be written, or exists and `force` is not given.
    """
    if not isinstance(target, Path):
        with _Spool(None, content) as spool:
            yield spool.add
            _write_npz(target, spool.arrays(with_text=True))
        return
    check_output(target, force=force)
    with replacing(target, force=force) as temporary:
        if target.suffix.lower() == ".parquet":
            with _ParquetRows(temporary, content) as rows:
                yield rows.add
                rows.finish()
        else:
            with _Spool(target.parent, content) as spool:
                yield spool.add
                with temporary.open("wb") as file:
                    if target.suffix.lower() == ".npz":
                        _write_npz(file, spool.arrays(with_text=True))
                    else:
                        _write_safetensors(file, spool.arrays(with_text=False))


class _Array(NamedTuple):
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    chunks: Iterator[bytes]

    @property
    def size(self) -> int:
        return self.dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))


class _Spool(contextlib.ExitStack):
    """Arrays that grow on disk, because a file begins with their final shapes.

    The files beside the output have no name, so that nothing is left of them however we end.
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
        vectors = encoding.vectors
        self._vectors.write(_little(vectors, self._content.dtype))
        self._lines.write(_little(line, np.int64))
        self._texts += 1
        self._rows += 1 if self._content.pooled else len(vectors)
        if not self._content.pooled:
            self._offsets.write(_little(self._rows, np.int64))
            self._ids.write(_little(encoding.tokenized.ids, np.int32))
            self._distinct.update(encoding.tokenized.ids)

    def arrays(self, *, with_text: bool) -> Iterator[_Array]:
        """What the file is to hold, those of 8-byte numbers first so that all are aligned."""
        if not self._content.pooled:
            yield self._array("offsets", np.int64, (self._texts + 1,), self._offsets)
        if self._content.numbered:
            yield self._array("lines", np.int64, (self._texts,), self._lines)
        shape = (self._rows, self._content.d_model)
        yield self._array("vectors", self._content.dtype, shape, self._vectors)
        if not self._content.pooled:
            ids = self._array("token_ids", np.int32, (self._rows,), self._ids)
            yield self._as_text(ids) if with_text else ids

    def _array(
        self, name: str, dtype: DTypeLike, shape: tuple[int, ...], file: IO[bytes]
    ) -> _Array:
        file.seek(0)
        chunks = iter(lambda: file.read(_COPIED_AT_ONCE), b"")
        return _Array(name, np.dtype(dtype).newbyteorder("<"), shape, chunks)

    def _as_text(self, ids: _Array) -> _Array:
        """The array `tokens`, all as wide as the longest that occurs, as NumPy has them."""
        known = np.array(sorted(self._distinct), dtype="<i4")
        texts = np.array([self._content.token_of(int(id)) for id in known]).astype("<U")
        chunks = (
            texts[np.searchsorted(known, np.frombuffer(chunk, "<i4"))].tobytes()
            for chunk in ids.chunks
        )
        return _Array("tokens", texts.dtype, ids.shape, chunks)


def _nameless(folder: Path | None) -> IO[bytes]:
    return tempfile.TemporaryFile(dir=folder)


def _little(numbers: Any, dtype: DTypeLike) -> bytes:
    return np.asarray(numbers, np.dtype(dtype).newbyteorder("<")).tobytes()


class _OnlyForwards:
    """A stream on which zipfile does not go back, whatever the stream itself would allow."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def _write_npz(file: ByteStream, arrays: Iterator[_Array]) -> None:
    """A zip of .npy files: numpy.lib.format, version 1.0; equal content gives equal bytes."""
    with zipfile.ZipFile(_OnlyForwards(file), "w") as archive:
        for array in arrays:
            info = zipfile.ZipInfo(f"{array.name}.npy")  # of 1980, not of now
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


def _write_safetensors(file: ByteStream, arrays: Iterator[_Array]) -> None:
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


class _ParquetRows(contextlib.ExitStack):
    """Rows gathered to groups of some megabytes, each written as soon as it is full."""

    def __init__(self, path: Path, content: Content) -> None:
        super().__init__()
        self._pyarrow, parquet = _import_pyarrow()
        self._content = content
        pa = self._pyarrow
        vector = pa.list_(pa.from_numpy_dtype(np.dtype(content.dtype)), content.d_model)
        fields = [("line", pa.int64()), ("text", pa.string())]
        if content.pooled:
            fields += [("vectors", vector)]
        else:
            fields += [("tokens", pa.list_(pa.string())), ("vectors", pa.list_(vector))]
        self._schema = pa.schema(fields)
        self._writer = self.enter_context(
            parquet.ParquetWriter(
                path,
                self._schema,
                compression="zstd",
                use_dictionary=["tokens.list.element"],  # no two vectors are alike
            )
        )
        self._lines: list[int] = []
        self._encodings: list[Encoding] = []
        self._bytes = 0

    def add(self, line: int, encoding: Encoding) -> None:
        self._lines.append(line)
        self._encodings.append(encoding)
        self._bytes += encoding.vectors.nbytes
        if self._bytes >= _ROW_GROUP_BYTES:
            self._write_group()

    def _write_group(self) -> None:
        pa = self._pyarrow
        columns = [pa.array(self._lines), pa.array([e.text for e in self._encodings])]
        rows: list[NDArray[Any]] = [
            e.vectors.reshape(-1, self._content.d_model) for e in self._encodings
        ]
        numbers = np.concatenate(rows).astype(self._content.dtype, copy=False)
        vectors = pa.FixedSizeListArray.from_arrays(numbers.reshape(-1), self._content.d_model)
        if not self._content.pooled:
            offsets = np.cumsum([0, *map(len, rows)], dtype=np.int32)
            tokens = [self._content.token_of(id) for e in self._encodings for id in e.tokenized.ids]
            columns.append(pa.ListArray.from_arrays(offsets, pa.array(tokens, pa.string())))
            vectors = pa.ListArray.from_arrays(offsets, vectors)
        columns.append(vectors)
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
        self._lines, self._encodings, self._bytes = [], [], 0

    def finish(self) -> None:
        if self._lines:
            self._write_group()


def _import_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise OutputError(
            "to write .parquet, pyarrow is needed: pip install 'glassformer[parquet]'"
        ) from error
    return pyarrow, pyarrow.parquet
