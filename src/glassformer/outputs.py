"""Atomic output: files are written under a temporary name, then renamed."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from glassformer.errors import OutputError, Setting, UsageError, reason_of


@contextlib.contextmanager
def replacing(path: Path, *, force: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside `path` to write to, and rename it to `path` on success.

    On any failure, Ctrl-C included, an existing file at `path` stays as it was.

    Raises:
        OutputError: when the file cannot be written, or exists and `force` is false.
    """
    path = Path(os.path.realpath(path))  # a symbolic link stays one, and its target is replaced
    check_writable(path, force=force)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(
            "cannot write {path}: {reason}", path=path, reason=reason_of(error)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def check_writable(path: Path, *, force: bool) -> None:
    """Check before the work that its output can be written.

    Raises:
        OutputError: when there is no such folder, no permission, or a file not to be overwritten.
    """
    if path.is_dir():
        raise OutputError("cannot write {path}: it is a folder; give a file name", path=path)
    if path.exists() and not path.is_file():
        raise OutputError(
            "cannot write {path}: it is a device or a pipe; give the name of a regular file",
            path=path,
        )
    if path.exists() and not force:
        raise OutputError(
            "{path} already exists: give another name, or {force} to overwrite it",
            path=path,
            force=Setting("force", True),
        )
    if not path.parent.is_dir():
        raise OutputError(
            "cannot write {path}: the folder {parent} does not exist", path=path, parent=path.parent
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
    """The format that was requested, or else the one that the file extension of the output implies.

    `endings` maps the extensions of the supported formats; a name without an extension implies
    none. With `any_ending` unknown extensions imply none either (a text may be called test.fr),
    except those of other well-known file types.

    Raises:
        UsageError: when file extension and format contradict each other, or the extension is that
            of an unsupported format.
    """
    ending = "" if path is None else path.suffix.lower()
    said = endings.get(ending)
    if said is None and ending and (not any_ending or ending in _PROMISES):
        raise UsageError(
            "{path}: unsupported file extension {ending}; use one of {endings}",
            path=path,
            ending=ending,
            endings=tuple(endings),
        )
    if asked is not None and said is not None and asked != said:
        raise UsageError(
            "{path} ends in {ending}, but {format} was given: omit it, or give another name",
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
"""Extensions of well-known file types that are not plain text."""
