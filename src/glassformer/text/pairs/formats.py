"""The format of a file of pairs, from its extension, checked against its content."""

import json
from pathlib import Path
from typing import Literal, TypeAlias

from glassformer.errors import InputError, Setting, UsageError
from glassformer.text.files import TextFile
from glassformer.text.lines import read_lines
from glassformer.text.pairs.json_lines import JsonTable
from glassformer.text.pairs.rows import Table
from glassformer.text.pairs.tables import CsvTable, TsvTable, looks_like_csv
from glassformer.text.pairs.tmx import TmxTable

Format: TypeAlias = Literal["tsv", "csv", "jsonl", "tmx"]

_BY_NAME: dict[str, Format] = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".tmx": "tmx",
}
_START = 4096
"""Bytes at the start of a file by which its content is recognised."""


def open_pairs(
    path: Path | None,
    *,
    target: str | None = None,
    setting: Setting,
    count_unreadable: bool = False,
) -> Table:
    """Open a file of pairs in any format; None is stdin, which has tab-separated columns.

    `target` is the target language if the file has several; `setting` is how errors say that it
    can be chosen. `count_unreadable`: see `Lines`.

    Raises:
        UsageError: when the target is not in the file, or has to be chosen.
        InputError: when the file cannot be read, or does not match its extension.
    """
    found = "tsv" if path is None else format_of(path)
    if path is None or found == "tsv":
        return TsvTable(read_lines(path, count_unreadable=count_unreadable), target=target)
    if found == "tmx":
        return TmxTable(path, target=target, setting=setting)
    kind = CsvTable if found == "csv" else JsonTable
    return kind(path, target=target, count_unreadable=count_unreadable)


def format_of(path: Path) -> Format:
    """The format of a file of pairs; tab-separated columns unless its extension says otherwise.

    Raises:
        InputError: when the file cannot be read, or its content does not match its extension.
    """
    named, start = _named(path), _start_of(path)
    if _is_xml(start) or (named == "tmx" and start.lstrip().startswith("<")):
        if named in (None, "tmx"):
            return "tmx"
        raise _contradiction(path, "XML", "tmx")
    if named == "tmx" and start.strip():
        raise InputError(
            "{file} has the extension of TMX, but its content is not XML: rename it to its real "
            "format, .tsv, .csv or .jsonl",
            file=str(path),
        )
    is_document = _ending(path) == ".json" and not _is_object(start)
    if named == "jsonl" and start.strip() and (is_document or start.lstrip().startswith("[")):
        raise InputError(
            "{file} is not JSON Lines, which have one object per line: to convert an array: "
            "jq -c '.[]' FILE > FILE.jsonl",
            file=str(path),
        )
    if named != "jsonl" and _is_object(start):
        raise _contradiction(path, "JSON", "jsonl")
    return named or "tsv"


def check_is_lines(path: Path) -> None:
    """Reject a file of pairs where a file with one sentence per line is expected.

    Raises:
        UsageError: when extension and content are those of a file of pairs.
        InputError: when it cannot be read.
    """
    named, start = _named(path), _start_of(path)
    is_pairs = {
        "tsv": "\t" in start.partition("\n")[0],
        "csv": named == "csv" and looks_like_csv(path),
        "jsonl": start.lstrip().startswith("{"),
        "tmx": start.lstrip().startswith("<"),
        None: _is_xml(start),
    }
    if is_pairs[named]:
        raise UsageError(
            "{file} contains pairs ({format}), but a file with one sentence per line is expected: "
            "give it as {pairs}",
            file=str(path),
            format=(named or "XML").upper(),
            pairs=Setting("pairs", str(path)),
        )


def _contradiction(path: Path, content: str, ending: Format) -> InputError:
    return InputError(
        "{file} contains {content}, which does not match its extension: if it is {format}, rename "
        "it to end in .{ending}",
        file=str(path),
        content=content,
        format=ending.upper(),
        ending=ending,
    )


def _named(path: Path) -> Format | None:
    return _BY_NAME.get(_ending(path))


def _ending(path: Path) -> str:
    plain = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return plain.suffix.lower()


def _start_of(path: Path) -> str:
    """The start of a file, decoded; empty for a pipe, which can be read only once."""
    if path.exists() and not path.is_file() and not path.is_dir():
        return ""
    with TextFile(path) as file:
        data = file.peek(_START)
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding, errors="ignore")
    for begin, encoding in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if data.startswith(begin):
            return data.decode(encoding, errors="ignore")
    return data.decode(errors="ignore").removeprefix("\ufeff")


def _is_xml(start: str) -> bool:
    return start.lstrip().startswith(("<?xml ", "<tmx"))


def _is_object(start: str) -> bool:
    """Whether the first line is a JSON object; one too long to see whole is taken for one."""
    line, whole, _ = start.lstrip().partition("\n")
    if not line.startswith("{"):
        return False
    if not whole and len(line) >= _START // 4:
        return True
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
