"""A text file or stdin, read as bytes; gzip-compressed files are decompressed."""

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

from glassformer.errors import InputError, reason_of
from glassformer.messages import Note

_GZIP = b"\x1f\x8b"  # invalid in UTF-8, so no text starts with it


class TextFile:
    """An open file, or stdin for None. A `with` block closes the file; stdin stays open.

    `number` is the number of the last line read, counted from 1; 0 before the first. The reader
    keeps it up to date.

    Raises:
        InputError: when the file cannot be read or is damaged; the message names the file.
    """

    def __init__(self, path: Path | None) -> None:
        self.name = "stdin" if path is None else str(path)
        self.number = 0
        self._is_stdin = path is None
        with self.reading():
            self._raw = _open(path)
        self._stream: io.BufferedReader | gzip.GzipFile = self._raw
        try:
            with self.reading():
                gzipped = self._raw.peek(len(_GZIP)).startswith(_GZIP)
            if gzipped:
                self._stream = gzip.GzipFile(fileobj=self._raw)
            elif path is not None and path.suffix == ".gz":
                raise InputError(
                    "{name} is damaged or misnamed: it does not start with a gzip header",
                    name=self.name,
                )
        except InputError:
            self.close()
            raise

    @property
    def size(self) -> int | None:
        """The size of the file in bytes, as stored on disk; None where it is unknown (a pipe)."""
        with contextlib.suppress(OSError, ValueError):
            status = os.fstat(self._raw.fileno())
            return status.st_size if stat.S_ISREG(status.st_mode) else None
        return None

    @property
    def position(self) -> int:
        """How many of these bytes have been read so far."""
        with contextlib.suppress(OSError, ValueError):
            return self._raw.tell()
        return 0

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes about what has been read so far."""
        return ()

    @property
    def closed(self) -> bool:
        """Whether the file is closed."""
        return self._raw.closed

    def peek(self, count: int) -> bytes:
        """The next bytes without consuming them: at most `count`, none at the end of the file."""
        with self.reading():
            return self._stream.peek(count)[:count]

    def read(self, count: int) -> bytes:
        """The next `count` bytes, fewer at the end of the file."""
        with self.reading():
            return self._stream.read(count)

    def readline(self, limit: int) -> bytes:
        """The bytes up to and including the next LF, at most `limit` of them."""
        with self.reading():
            return self._stream.readline(limit)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Turn errors of the system and of gzip into an InputError that names the file."""
        try:
            yield
        except EOFError as error:
            raise InputError(
                "{name} is truncated: its gzip data end too early", name=self.name
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError(
                "{name} is damaged after line {number}: {reason}",
                name=self.name,
                number=self.number,
                reason=str(error),
            ) from error
        except OSError as error:
            raise cannot_read(self.name, error) from error

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


def cannot_read(name: object, error: OSError) -> InputError:
    """The error with the operating system's reason why a file cannot be read."""
    return InputError("cannot read {name}: {reason}", name=str(name), reason=reason_of(error))


def _open(path: Path | None) -> io.BufferedReader:
    if path is not None:
        return path.open("rb")
    if sys.stdin is None:
        raise InputError("stdin is not available: give the name of a file")
    return cast(io.BufferedReader, sys.stdin.buffer)
