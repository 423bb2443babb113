"""Results that are there whole or not at all: written under a temporary name, then renamed."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from glassformer.errors import OutputError, Setting, UsageError


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


def format_of(
    path: Path | None,
    asked: str | None,
    endings: Mapping[str, str],
    *,
    default: str,
    any_ending: bool = False,
) -> str:
    """The format that is asked for, or else the one that the ending of the output's name says.

    `endings` are those of the formats that there are; a name without an ending says nothing. With
    `any_ending` unknown ones say nothing either (a text may be called test.fr), but for those that
    promise another kind of file.

    Raises:
        UsageError: when name and format contradict each other, or the ending promises a format
            that there is not.
    """
    ending = "" if path is None else path.suffix.lower()
    said = endings.get(ending)
    if said is None and ending and (not any_ending or ending in _PROMISES):
        raise UsageError(
            "{path} ends in {ending}, but there are {endings}: give another name",
            path=path,
            ending=ending,
            endings=tuple(endings),
        )
    if asked is not None and said is not None and asked != said:
        raise UsageError(
            "{path} ends in {ending}, but {format} was given: leave it out, or give another name",
            path=path,
            ending=ending,
            format=Setting("format", asked),
        )
    return asked or said or default


_PROMISES = frozenset(
    (
        *(".json", ".csv", ".tsv", ".xml", ".tmx", ".html", ".pdf", ".docx", ".xlsx"),
        *(".svg", ".png", ".jpg", ".gif"),
        *(".npz", ".safetensors", ".parquet", ".gz", ".zip"),
    )
)
"""Endings that promise more than text."""
