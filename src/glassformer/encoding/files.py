"""Encodings written to files as they are computed, in constant memory.

    .npz          vectors, offsets, tokens              numpy.load
    .safetensors  vectors, offsets, token_ids           safetensors.numpy.load_file
    .parquet      line, text, tokens, vectors           pyarrow.parquet.read_table

`vectors` is float32 [all tokens, d_model] (float64 for a float64 model), the lines concatenated;
line i, from 0, has the rows offsets[i] to offsets[i + 1], and `offsets` is int64 [lines + 1].
`tokens` are the tokens as text, `token_ids` their ids (int32), since safetensors has no strings.
With pooling there is only `vectors`, [lines, d_model]. Where lines may have been skipped, `lines`
(int64) has the line number of each in the source, from 1.

A Parquet file has one row per line: `line` from 1, `text`, `tokens`, and `vectors`, a list of
d_model numbers for each token; with pooling a single such list, and no `tokens`.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from glassformer.encoding.arrays import (
    ByteStream,
    Content,
    Spool,
    write_npz,
    write_safetensors,
)
from glassformer.encoding.encoder import Encoding
from glassformer.encoding.parquet import ParquetRows, import_pyarrow
from glassformer.errors import UsageError
from glassformer.outputs import check_writable, replacing

Add: TypeAlias = Callable[[int, Encoding], None]
"""Takes the number of a line in its source, from 1, and its encoding."""

SUFFIXES = (".npz", ".safetensors", ".parquet")


def check_output(path: Path, *, force: bool) -> None:
    """Check before the work that its output can be written, and in which format.

    Raises:
        UsageError: when the file extension is not one of `SUFFIXES`.
        OutputError: when the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            "the output file must end in {suffixes} or {last}, but is {path}",
            suffixes=SUFFIXES[:-1],
            last=SUFFIXES[-1],
            path=path,
        )
    check_writable(path, force=force)
    if path.suffix.lower() == ".parquet":
        import_pyarrow()


@contextlib.contextmanager
def writing(target: Path | ByteStream, content: Content, *, force: bool = False) -> Iterator[Add]:
    """Yield a function that takes encodings; the file is written when the block ends.

    The file extension determines the format; a stream that is not a file gets `.npz`. The output
    appears at `target` only when complete, and on any failure an existing file stays.

    Raises:
        UsageError: when the file extension is not one of `SUFFIXES`.
        OutputError: when the file cannot be written, or exists and `force` is false.
    """
    if not isinstance(target, Path):
        with Spool(None, content) as spool:
            yield spool.add
            write_npz(target, spool.arrays(with_text=True))
        return
    check_output(target, force=force)
    with replacing(target, force=force) as temporary:
        if target.suffix.lower() == ".parquet":
            with ParquetRows(temporary, content) as rows:
                yield rows.add
                rows.finish()
        else:
            with Spool(target.parent, content) as spool:
                yield spool.add
                with temporary.open("wb") as file:
                    if target.suffix.lower() == ".npz":
                        write_npz(file, spool.arrays(with_text=True))
                    else:
                        write_safetensors(file, spool.arrays(with_text=False))
