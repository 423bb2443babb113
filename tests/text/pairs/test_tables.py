"""Pairs in TSV, CSV and JSON Lines: how they are understood, and what is refused."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import GlassformerError, InputError, Setting, UsageError
from glassformer.text.pairs.formats import check_is_lines, format_of, open_pairs
from glassformer.text.pairs.rows import Row, one_line

PAIRS = [("a dog", "un chien"), ("a cat, black", "un chat ; noir"), ('"Hi"', "« salut »")]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def rows(path: Path, to: str | None = None) -> list[Row]:
    with open_pairs(path, target=to, setting=Setting("to", "LANGUAGE")) as table:
        return list(table)


def texts(path: Path, to: str | None = None) -> list[tuple[str, ...]]:
    return [row.texts for row in rows(path, to)]


def notes(path: Path, to: str | None = None) -> list[str]:
    with open_pairs(path, target=to, setting=Setting("to", "LANGUAGE")) as table:
        return [str(note).replace(str(path), path.name) for note in table.notes]


def complaint(path: Path, kind: type[GlassformerError] = InputError, to: str | None = None) -> str:
    with pytest.raises(kind) as raised:
        rows(path, to)
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def as_csv(pairs: Sequence[tuple[str, ...]], delimiter: str = ",", **options: Any) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, **options).writerows(pairs)
    return file.getvalue()


def as_jsonl(records: list[Any], **options: Any) -> str:
    return "".join(json.dumps(record, **options) + "\n" for record in records)


# Any text comes back


anything = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"))
pairs_of_anything = st.lists(st.tuples(anything, anything), min_size=1)


@given(pairs_of_anything, st.sampled_from(",;"), st.sampled_from(["\n", "\r\n"]))
def test_csv_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[str, str]],
    delimiter: str,
    end: str,
) -> None:
    header: tuple[str, ...] = ("source", "target")
    quoted = as_csv([header, *pairs], delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    path = written(tmp_path_factory.mktemp("csv"), "pairs.csv", quoted)
    with open_pairs(path, setting=Setting("to"), count_unreadable=True) as table:
        assert [row.texts for row in table] == [tuple(map(one_line, pair)) for pair in pairs]


@given(pairs_of_anything, st.booleans(), st.booleans())
def test_jsonl_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[str, str]],
    escaped: bool,
    nested: bool,
) -> None:
    records: list[Any] = [{"en": source, "n": 1, "fr": target} for source, target in pairs]
    if nested:
        records = [{"id": "x", "translation": record} for record in records]
    path = written(
        tmp_path_factory.mktemp("jsonl"), "pairs.jsonl", as_jsonl(records, ensure_ascii=escaped)
    )
    assert texts(path) == [tuple(map(one_line, pair)) for pair in pairs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one", "one"),
        ("one\ntwo", "one two"),
        ("one  \r\n\t two\rthree", "one two three"),
        ("\n  one\n", "one"),
        (" one ", " one "),
        ("\n", ""),
        ("", ""),
        ("one\u2028two", "one\u2028two"),
    ],
)
def test_a_text_is_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_a_long_run_of_spaces_takes_no_time() -> None:
    assert one_line(" " * 200_000 + "x\n" + " " * 200_000) == " " * 200_000 + "x"


# CSV


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("name", ["pairs.csv", "pairs.CSV", "pairs.csv.gz"])
def test_csv_with_names(tmp_path: Path, delimiter: str, name: str) -> None:
    path = written(tmp_path, name, "\ufeff" + as_csv([("source", "target"), *PAIRS], delimiter))
    assert texts(path) == PAIRS
    assert [row.line for row in rows(path)] == [2, 3, 4]
    assert notes(path) == [
        f"{name}: line 1 is a header: source is the source and target the target"
    ]


def test_names_choose_among_columns(tmp_path: Path) -> None:
    table = [("id", "fr", "licence", "en"), ("1", "un chien", "CC0", "a dog")]
    path = written(tmp_path, "pairs.csv", as_csv(table))
    assert texts(path) == [("un chien", "a dog", "1", "CC0")]
    assert texts(path, to="fr") == [("a dog", "un chien", "1", "CC0")]
    assert notes(path, to="fr-FR") == [
        "pairs.csv: line 1 is a header: en is the source and fr the target"
    ]
    assert complaint(path, UsageError, to="de") == " has texts in fr, en, but none in de"


def test_csv_without_names_says_what_it_takes_for_a_pair(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.csv", as_csv([("English", "French"), *PAIRS]))
    assert texts(path) == [("English", "French"), *PAIRS]
    assert notes(path) == ["pairs.csv has no header row: its first pair is 'English' and 'French'"]


def test_a_line_break_in_a_cell(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.csv", '"one\r\ntwo","un\n deux"\r\n"three",trois\r\n')
    assert rows(path) == [Row(("one two", "un deux"), 1), Row(("three", "trois"), 4)]


def test_a_blank_line_is_a_pair_of_empty_texts(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.csv", "source,target\na,b\n\nc,d\n")
    assert rows(path) == [Row(("a", "b"), 2), Row(("", ""), 3), Row(("c", "d"), 4)]


CSV_FAULTS: dict[str, tuple[str | bytes, str]] = {
    "a text that needs quotes": (
        "source,target\na,b\nc, d,e\n",
        ", line 3 has 3 columns, but the first row has 2: a text that contains ',' must be quoted",
    ),
    "a row too short": ("source,target\na\n", ", line 2 has 1 columns, but the first row has 2"),
    "a quote that does not end": (
        'source,target\na,b\nc,"d\ne,f\n',
        ", line 3 is not valid CSV: unexpected end of data",
    ),
    "a quote inside": (
        'source,target\n"a" b,c\n',
        ", line 2 is not valid CSV: ',' expected after '\"'",
    ),
    "three columns without names": (
        "1,a dog,un chien\n",
        ", line 1 has 3 columns, but no header row says which ones to use: keep two of them, or "
        "add a header row, such as source,target",
    ),
    "two ways to part it": (
        "a;b,c;d\ne;f,g;h\n",
        " could be separated by commas or by semicolons: add a header row, such as source,target",
    ),
    "one column": ("a dog\nun chien\n", ", line 1 has neither a comma nor a semicolon: expected"),
    "tabs": ("a dog\tun chien\n", " has tabs in its first line, and no columns separated by"),
    "an old Mac": ("source,target\ra,b\r", ", line 1 has a carriage return (CR) in the middle"),
    "Latin-1": (
        "source,target\na,é\n".encode("latin-1"),
        ", line 2 is not UTF-8: byte 3 is 0xe9",
    ),
    "UTF-16": (
        "source,target\na,b\n".encode("utf-16"),
        " is not UTF-8: it looks like UTF-16, or like a binary file; to convert UTF-16: iconv",
    ),
    "a spreadsheet": (b"PK\x03\x04" + bytes(range(99)), " is not a text file: it looks like a ZIP"),
    "names of too many languages": (
        "en,fr,de\na,b,c\n",
        ", line 1 has en, fr, de, which is ambiguous",
    ),
}


@pytest.mark.parametrize("what", CSV_FAULTS)
def test_csv_that_is_refused(tmp_path: Path, what: str) -> None:
    text, message = CSV_FAULTS[what]
    assert complaint(written(tmp_path, "pairs.csv", text)).startswith(message)


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.txt"):
        assert rows(written(tmp_path, name, "")) == []


# TSV


def test_tsv_has_no_quotes_and_as_many_columns_as_it_has(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.tsv", '"a\t"b"\tCC0\n\nc,d\te\n')
    assert rows(path) == [
        Row(('"a', '"b"', "CC0"), 1),
        Row(("", ""), 2),
        Row(("c,d", "e"), 3),
    ]
    assert notes(path) == []


def test_tsv_with_names(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.tsv.gz", "target\tsource\tlicence\nun\tone\tCC0\ndeux\ttwo\n")
    assert texts(path) == [("one", "un", "CC0"), ("two", "deux", "")]
    assert len(notes(path)) == 1


def test_what_is_strange_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "pairs.tsv", "a\x0cb\tc\n")
    with open_pairs(path, setting=Setting("to")) as table:
        assert [row.texts for row in table] == [("a\x0cb", "c")]
        assert "1 lines contain control characters" in str(table.notes[0])


# JSON Lines


@pytest.mark.parametrize(
    ("record", "to", "expected"),
    [
        ({"source": "a", "target": "b"}, None, ("a", "b")),
        ({"tgt": "b", "src": "a", "score": 0.5}, None, ("a", "b")),
        ({"en": "a", "fr": "b"}, None, ("a", "b")),
        ({"en": "a", "fr": "b"}, "en", ("b", "a")),
        ({"translation": {"en": "a", "fr": "b"}}, None, ("a", "b")),
        ({"translation": {"de": "b", "en": "a"}, "id": 7}, "de", ("a", "b")),
        ({"source": "a", "target": "b\nc"}, None, ("a", "b c")),
    ],
)
@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.ndjson", "pairs.json", "pairs.jsonl.gz"])
def test_jsonl(
    tmp_path: Path, record: Any, to: str | None, expected: tuple[str, str], name: str
) -> None:
    path = written(tmp_path, name, as_jsonl([record, record]))
    assert rows(path, to) == [Row(expected, 1), Row(expected, 2)]
    assert len(notes(path, to)) == 1


GOOD = '{"en": "a", "fr": "b"}\n'
JSON_FAULTS = {
    "an array": (
        '[{"en": "a"}]\n',
        " is not JSON Lines, which have one object per line: to convert",
    ),
    "text": (
        "a dog\n",
        ", line 1 is not a JSON object (Expecting value: line 1 column 1 (char 0))",
    ),
    "half of it": (GOOD + '{"en": "a", "fr": \n', ", line 2 is not a JSON object (Expecting value"),
    "a number": (
        GOOD + "7\n",
        ", line 2 is not a JSON object (it is not an object): expected one per",
    ),
    "a key twice": (
        GOOD + '{"en": "a", "en": "b", "fr": "c"}\n',
        ", line 2 is not a JSON object (a",
    ),
    "depth": (GOOD + "[" * 100_000, ", line 2 is not a JSON object (maximum recursion depth"),
    "no keys that are known": (
        '{"question": "a", "answer": "b"}\n',
        ", line 1 has the keys question, answer: expected texts under source and target, or under "
        "two language codes, such as en and fr",
    ),
    "too many languages": ('{"en": "a", "fr": "b", "de": "c"}\n', ", line 1 has en, fr, de, which"),
    "a key that is missing": (
        GOOD + '{"en": "a"}\n',
        ", line 2: 'fr' must be a string, but is missing",
    ),
    "null": (
        GOOD + '{"en": null, "fr": "b"}\n',
        ", line 2: 'en' must be a string, but is null",
    ),
    "half a character": (
        GOOD + '{"en": "a", "fr": "b\\ud83d"}\n',
        ", line 2 is not valid Unicode: character 2 of 'fr' is a lone surrogate",
    ),
    "a dict that is none": (
        '{"translation": {"en": "a", "fr": "b"}}\n' + GOOD,
        ", line 2: 'en' must be",
    ),
}


@pytest.mark.parametrize("what", JSON_FAULTS)
def test_jsonl_that_is_refused(tmp_path: Path, what: str) -> None:
    text, message = JSON_FAULTS[what]
    assert complaint(written(tmp_path, "pairs.jsonl", text)).startswith(message)


# Names and contents


TMX = '<?xml version="1.0"?>\n<tmx version="1.4">\n</tmx>\n'
CONTRADICTIONS: dict[str, tuple[str | bytes, str]] = {
    "pairs.tsv": (TMX, " contains XML, which does not match its extension: if it is TMX, rename "),
    "pairs.csv.gz": (
        TMX,
        " contains XML, which does not match its extension: if it is TMX, rename",
    ),
    "pairs.jsonl": (TMX.encode("utf-16"), " contains XML, which does not match its ext"),
    "rows.tsv": (
        GOOD,
        " contains JSON, which does not match its extension: if it is JSONL, rename",
    ),
    "rows.csv": (GOOD, " contains JSON, which does not match its ext"),
    "rows.tmx": ("a\tb\n", " has the extension of TMX, but its content is not XML: rename it to"),
    "rows.json": ("[\n" + GOOD + "]\n", " is not JSON Lines, which have one object per line: to"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_content_that_contradicts_its_name(tmp_path: Path, name: str) -> None:
    text, message = CONTRADICTIONS[name]
    assert complaint(written(tmp_path, name, text)).startswith(message)


def test_a_name_that_says_nothing(tmp_path: Path) -> None:
    assert format_of(written(tmp_path, "pairs", "<b>a</b>\tb\n")) == "tsv"
    assert format_of(written(tmp_path, "pairs.txt", "{a}\tb\n")) == "tsv"
    assert format_of(written(tmp_path, "pairs.en-fr", TMX)) == "tmx"
    assert format_of(written(tmp_path, "pairs.xml", TMX.encode("utf-16"))) == "tmx"


FILES_OF_PAIRS = {
    "pairs.tsv": "a\tb\n",
    "pairs.csv": "a,b\nc,d\n",
    "pairs.jsonl.gz": GOOD,
    "pairs.tmx": TMX,
    "pairs.en": TMX,
}


@pytest.mark.parametrize("name", FILES_OF_PAIRS)
def test_a_file_of_pairs_where_lines_are_expected(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, FILES_OF_PAIRS[name])
    with pytest.raises(UsageError) as raised:
        check_is_lines(path)
    assert str(raised.value).startswith(f"{path} contains pairs (")
    assert str(raised.value).endswith(f'is expected: give it as pairs="{path}"')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lines.csv", "a dog\na cat, black\n"),
        ("lines.tsv", "a dog\n"),
        ("lines.txt", "a\tb\n{}\n"),
        ("lines.en", '{"a": 1}\n'),
        ("lines.jsonl", "a dog\n"),
        ("empty.csv", ""),
    ],
)
def test_lines_whatever_their_name(tmp_path: Path, name: str, text: str) -> None:
    check_is_lines(written(tmp_path, name, text))
