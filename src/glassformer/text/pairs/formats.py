"""In which format a file of pairs is: what its name says, and whether its content agrees."""

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
"""Bytes by which a content is judged."""


def open_pairs(
    path: Path | None,
    *,
    target: str | None = None,
    choice: Setting,
    count_unreadable: bool = False,
) -> Table:
    """Open a file of pairs, whatever its format; None is stdin, which holds columns with tabs.

    `target` is the language that a person asks for, of several in the file; `choice` is the
    setting that an error names, where it has to be asked for. `count_unreadable`: see `Lines`.

    Raises:
        UsageError: when the target is not there, or has to be chosen.
        InputError: when the file cannot be read, or is not what its name says.
    """
    found = "tsv" if path is None else format_of(path)
    if path is None or found == "tsv":
        return TsvTable(read_lines(path, count_unreadable=count_unreadable), target=target)
    if found == "tmx":
        return TmxTable(path, target=target, choice=choice)
    kind = CsvTable if found == "csv" else JsonTable
    return kind(path, target=target, count_unreadable=count_unreadable)


def format_of(path: Path) -> Format:
    """The format of a file of pairs; any name that says nothing stands for columns with tabs.

    Raises:
        InputError: when the file cannot be read, or its content contradicts its name.
    """
    named, start = _named(path), _start_of(path)
    if _is_xml(start) or (named == "tmx" and start.lstrip().startswith("<")):
        if named in (None, "tmx"):
            return "tmx"
        raise _contradiction(path, "XML", "tmx")
    if named == "tmx" and start.strip():
        raise InputError(
            "{file} is named like TMX, but does not begin like XML: call it what it is, .tsv, "
            ".csv or .jsonl",
            file=str(path),
        )
    is_document = _ending(path) == ".json" and not _is_object(start)
    if named == "jsonl" and start.strip() and (is_document or start.lstrip().startswith("[")):
        raise InputError(
            "{file} is not JSON Lines, which have one object a line: to convert an array: "
            "jq -c '.[]' FILE > FILE.jsonl",
            file=str(path),
        )
    if named != "jsonl" and _is_object(start):
        raise _contradiction(path, "JSON", "jsonl")
    return named or "tsv"


def check_is_lines(path: Path) -> None:
    """Refuse a file of pairs where one is expected that has one sentence a line.

    Raises:
        UsageError: when its name and its content say that it holds pairs.
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
            "{file} holds pairs ({format}), but a file with one sentence a line is expected: give "
            "it as {pairs}",
            file=str(path),
            format=(named or "XML").upper(),
            pairs=Setting("pairs", str(path)),
        )


def _contradiction(path: Path, content: str, ending: Format) -> InputError:
    return InputError(
        "{file} holds {content}, which its name does not say: if it is {format}, let its name end "
        "in .{ending}",
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
    """How a file begins, as far as that is text; nothing of a pipe, which can be read once only."""
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
    """Whether the first line is an object of JSON; one that is too long to see is taken for it."""
    line, whole, _ = start.lstrip().partition("\n")
    if not line.startswith("{"):
        return False
    if not whole and len(line) >= _START // 4:
        return True
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
