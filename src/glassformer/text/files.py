"""A file of text or stdin, opened to be read as bytes; what gzip has compressed is unpacked."""

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
from glassformer.messages import Note

_GZIP = b"\x1f\x8b"  # not valid in UTF-8, so no text begins like this


class TextFile:
    """A file that is open, or with None stdin. A `with` block closes the file; stdin stays open.

    `number` is that of the line read last, as people count, from 1; 0 before the first. Whoever
    reads keeps it.

    Raises:
        InputError: when the file cannot be read or is damaged; the message names it.
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

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know about what has been read so far."""
        return ()

    @property
    def closed(self) -> bool:
        """Whether nothing more can be read."""
        return self._raw.closed

    def peek(self, count: int) -> bytes:
        """How the text goes on, without going on: up to as many bytes, none at its end."""
        with self.reading():
            return self._stream.peek(count)[:count]

    def read(self, count: int) -> bytes:
        """As many bytes, fewer at the end of the text."""
        with self.reading():
            return self._stream.read(count)

    def readline(self, limit: int) -> bytes:
        """The bytes up to the next LF, that included, but no more than the limit."""
        with self.reading():
            return self._stream.readline(limit)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Say of which file it is that the system or gzip complains."""
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
    """The error that says why the system does not let a file be read."""
    return InputError(
        "cannot read {name}: {reason}", name=str(name), reason=error.strerror or str(error)
    )


def _open(path: Path | None) -> io.BufferedReader:
    if path is not None:
        return path.open("rb")
    if sys.stdin is None:
        raise InputError("there is no stdin to read: name a file")
    return cast(io.BufferedReader, sys.stdin.buffer)
