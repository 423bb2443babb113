"""Parquet output: one row per line, written with pyarrow (the extra `parquet`)."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassformer.encoding.arrays import Content
from glassformer.encoding.encoder import Encoding
from glassformer.errors import OutputError

ROW_GROUP_BYTES = 1 << 24
"""The approximate size of a row group, in bytes."""


class ParquetRows(contextlib.ExitStack):
    """Rows collected into row groups of some megabytes, each written as soon as it is full."""

    def __init__(self, path: Path, content: Content) -> None:
        super().__init__()
        self._pyarrow, parquet = import_pyarrow()
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
        self._empty()

    def _empty(self) -> None:
        self._lines: list[int] = []
        self._texts: list[str] = []
        self._vectors: list[NDArray[Any]] = []
        self._ids: list[NDArray[np.int32]] = []
        self._bytes = 0

    def add(self, line: int, encoding: Encoding) -> None:
        """Append an encoding with the number of its line."""
        vectors = encoding.vectors.reshape(-1, self._content.d_model)
        ids = np.array(encoding.tokenized.ids, np.int32)
        self._lines.append(line)
        self._texts.append(encoding.text)
        self._vectors.append(vectors)
        self._ids.append(ids)
        self._bytes += vectors.nbytes + ids.nbytes + len(encoding.text)
        if self._bytes >= ROW_GROUP_BYTES:
            self._write_group()

    def _write_group(self) -> None:
        pa = self._pyarrow
        columns = [pa.array(self._lines), pa.array(self._texts)]
        numbers = np.concatenate(self._vectors).astype(self._content.dtype, copy=False)
        vectors = pa.FixedSizeListArray.from_arrays(numbers.reshape(-1), self._content.d_model)
        if not self._content.pooled:
            offsets = np.cumsum([0, *map(len, self._ids)], dtype=np.int32)
            distinct, places = np.unique(np.concatenate(self._ids), return_inverse=True)
            entries = pa.array([self._content.token_of(int(id)) for id in distinct], pa.string())
            columns.append(pa.ListArray.from_arrays(offsets, entries.take(pa.array(places))))
            vectors = pa.ListArray.from_arrays(offsets, vectors)
        columns.append(vectors)
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
        self._empty()

    def finish(self) -> None:
        """Write the last, incomplete row group."""
        if self._lines:
            self._write_group()


def import_pyarrow() -> tuple[Any, Any]:
    """pyarrow and pyarrow.parquet.

    Raises:
        OutputError: when they are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise OutputError(
            "writing .parquet requires pyarrow: pip install 'glassformer[parquet]'"
        ) from error
    return pyarrow, pyarrow.parquet
