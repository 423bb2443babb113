"""Results that are there whole or not at all: written under a temporary name, then renamed."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from glassformer.errors import OutputError, Setting


@contextlib.contextmanager
def replacing(path: Path, *, force: bool = True) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to, and rename it when all went well.

    Whatever goes wrong, Ctrl-C included, leaves what stood at `path` before as it was.

    Raises:
        OutputError: when the file cannot be written, or exists and `force` is not given.
    """
    path = Path(os.path.realpath(path))  # a link stays a link, and what it leads to is replaced
    check_writable(path, force=force)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(
            "cannot write {path}: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def check_writable(path: Path, *, force: bool) -> None:
    """Find out before the work whether its result will have a place.

    Raises:
        OutputError: when there is no such folder, no permission, or a file that may not go.
    """
    if path.is_dir():
        raise OutputError(
            "cannot write {path}: it is a folder, and a file name is needed", path=path
        )
    if path.exists() and not path.is_file():
        raise OutputError(
            "cannot write {path}: it is a device or a pipe, and a file is needed", path=path
        )
    if path.exists() and not force:
        raise OutputError(
            "{path} exists already: give another name, or {force} to replace it",
            path=path,
            force=Setting("force", True),
        )
    if not path.parent.is_dir():
        raise OutputError(
            "cannot write {path}: there is no folder {parent}", path=path, parent=path.parent
        )
    if not os.access(path.parent, os.W_OK):
        raise OutputError(
            "cannot write {path}: no permission to write in {parent}", path=path, parent=path.parent
        )
