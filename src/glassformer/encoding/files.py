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
"""Takes the number of a line in its source, from 1, and what it was encoded to."""

SUFFIXES = (".npz", ".safetensors", ".parquet")


def check_output(path: Path, *, force: bool) -> None:
    """Find out before the work whether its result will have a place and a format.

    Raises:
        UsageError: when the suffix is none of `SUFFIXES`.
        OutputError: when the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            "the output must end in {suffixes} or {last}, but is {path}",
            suffixes=SUFFIXES[:-1],
            last=SUFFIXES[-1],
            path=path,
        )
    check_writable(path, force=force)
    if path.suffix.lower() == ".parquet":
        import_pyarrow()


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
