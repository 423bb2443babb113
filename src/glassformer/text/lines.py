"""Lines of text from a file or stdin, as they are: UTF-8, split on "\\n" and on nothing else."""

import contextlib
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from glassformer.errors import InputError

MAX_LINE_BYTES = 1 << 24
"""A longer line is no sentence, and the file that holds it no text of one sentence a line."""

_GZIP = b"\x1f\x8b"  # not valid in UTF-8, so no text begins like this
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: Path | None) -> "Lines":
    """The lines of a file, or with None of stdin, read as they are asked for: see `Lines`."""
    return Lines(path)


class Lines(Iterator[str]):
    """An iterator over the lines of a text file that holds one of them at a time.

    A line ends at "\\n" only, never at U+2028 and its like. One "\\r" before its end is dropped,
    and so is a byte order mark at the start of the file; the last line needs no "\\n". What gzip
    has compressed is read as if it had not. The file is closed after the last line, at an error,
    and at the end of a `with` block.

    `number` is that of the line read last, as people count, from 1; 0 before the first.

    Raises:
        InputError: when the file cannot be read, is damaged or is not UTF-8; the message names
            file, line and byte.
    """

    def __init__(self, path: Path | None) -> None:
        self.name = "stdin" if path is None else str(path)
        self.number = 0
        self._is_stdin = path is None
        with self._reading():
            self._raw = _open(path)
        self._stream: io.BufferedIOBase = self._raw
        try:
            with self._reading():
                gzipped = self._raw.peek(len(_GZIP)).startswith(_GZIP)
            if gzipped:
                self._stream = gzip.GzipFile(fileobj=self._raw)
            elif path is not None and path.suffix == ".gz":
                raise InputError(
                    "{name} is damaged or misnamed: it does not begin like gzip", name=self.name
                )
        except InputError:
            self.close()
            raise

    @property
    def size(self) -> int | None:
        """The bytes of the file, compressed or not, where they can be known beforehand."""
        with contextlib.suppress(OSError, ValueError):
            status = os.fstat(self._raw.fileno())
            return status.st_size if stat.S_ISREG(status.st_mode) else None
        return None

    @property
    def position(self) -> int:
        """How many of these bytes have been read."""
        with contextlib.suppress(OSError, ValueError):
            return self._raw.tell()
        return 0

    def __next__(self) -> str:
        """The next line, without its end."""
        try:
            line = self._read_line()
        except InputError:
            self.close()
            raise
        if line is None:
            self.close()
            raise StopIteration
        return line

    def _read_line(self) -> str | None:
        if self._raw.closed:
            return None
        with self._reading():
            data = self._stream.readline(MAX_LINE_BYTES + len(b"\r\n"))
        if not data:
            return None
        self.number += 1
        if self.number == 1:
            self._check_start(data[:64])
        data = data.removesuffix(b"\n").removesuffix(b"\r")
        if len(data) > MAX_LINE_BYTES:
            raise InputError(
                "{name}, line {number} is longer than {most:,} bytes: expected a text with one "
                "sentence a line",
                name=self.name,
                number=self.number,
                most=MAX_LINE_BYTES,
            )
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise InputError(
                "{name}, line {number} is not UTF-8: its byte {place} is 0x{byte:02x} ({reason}); "
                "convert the file, with iconv or an editor",
                name=self.name,
                number=self.number,
                place=error.start + 1,
                byte=data[error.start],
                reason=error.reason,
            ) from error
        return text.removeprefix("\ufeff") if self.number == 1 else text

    def _check_start(self, start: bytes) -> None:
        # English in UTF-16 without a mark is letter, NUL, letter, NUL: valid UTF-8, but no text.
        if start.startswith(_UTF_16) or start.count(0) > max(1, len(start) // 4):
            raise InputError(
                "{name} is not UTF-8: it begins like UTF-16, or like no text at all; to convert "
                "it: iconv -f UTF-16 -t UTF-8",
                name=self.name,
            )

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except EOFError as error:
            raise InputError(
                "{name} is cut off: its gzip data end too early", name=self.name
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError(
                "{name} is damaged after line {number}: {reason}",
                name=self.name,
                number=self.number,
                reason=str(error),
            ) from error
        except OSError as error:
            raise InputError(
                "cannot read {name}: {reason}", name=self.name, reason=error.strerror or str(error)
            ) from error

    def close(self) -> None:
        """Close the file; stdin stays open."""
        if not self._is_stdin:
            self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _open(path: Path | None) -> io.BufferedReader:
    if path is not None:
        return path.open("rb")
    if sys.stdin is None:
        raise InputError("there is no stdin to read: name a file")
    return cast(io.BufferedReader, sys.stdin.buffer)
