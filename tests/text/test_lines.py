import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import InputError
from glassformer.text import lines as corpus
from glassformer.text.lines import read_lines

# What other programs take for the end of a line, and here is a character like any other.
NO_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\t\u200b\ufeff"
lines = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\n\r\0") | st.sampled_from(NO_ENDS)
    ).map(lambda line: line.lstrip("\ufeff")),
    max_size=7,
)


def written(folder: Path, data: bytes, name: str = "lines.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read(folder: Path, data: bytes, name: str = "lines.txt") -> list[str]:
    return list(read_lines(written(folder, data, name)))


@given(lines, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]), st.booleans())
def test_gives_back_the_lines_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, mark: str, zipped: bool
) -> None:
    data = (mark + "".join(line + end for line in lines)).encode()
    if mark and not lines:
        return  # a mark alone is one empty line
    folder = tmp_path_factory.mktemp("corpus")
    name = "lines.txt.gz" if zipped else "lines.txt"
    assert read(folder, gzip.compress(data) if zipped else data, name) == lines


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one", ["one"]),
        (b"one\n", ["one"]),
        (b"one\n\n", ["one", ""]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"one\r", ["one"]),
        (
            "one\u2028still one\x85and\x0bon\x0con\n".encode(),
            ["one\u2028still one\x85and\x0bon\x0con"],
        ),
        ("\ufeffone\n\ufefftwo\n".encode(), ["one", "\ufefftwo"]),
        ("一只狗\nשלום\n🐕\u200d🦺\n".encode(), ["一只狗", "שלום", "🐕\u200d🦺"]),
        (b"one\ntwo\r\nthree", ["one", "two", "three"]),
    ],
)
def test_splits_on_newlines_and_on_nothing_else(
    tmp_path: Path, data: bytes, expected: list[str]
) -> None:
    assert read(tmp_path, data) == expected


def test_counts_lines_and_bytes(tmp_path: Path) -> None:
    with read_lines(written(tmp_path, b"one\ntwo\n\xc3\xa9")) as lines:
        assert (lines.number, lines.position, lines.size) == (0, 0, 10)
        seen = [(line, lines.number, lines.position) for line in lines]
    assert seen == [("one", 1, 4), ("two", 2, 8), ("é", 3, 10)]


def test_stays_at_its_end(tmp_path: Path) -> None:
    lines = read_lines(written(tmp_path, b"one\n"))
    assert [list(lines), list(lines)] == [["one"], []]
    bad = read_lines(written(tmp_path, b"\xff\none\n"))
    with pytest.raises(InputError):
        next(bad)
    assert list(bad) == []


def test_reads_no_further_than_it_is_asked_to(tmp_path: Path) -> None:
    with read_lines(written(tmp_path, b"0123456789abcde\n" * 100_000)) as lines:
        next(lines)
        assert lines.position == 16
        assert lines._raw.raw.tell() < 1 << 18


def test_reads_gzip_by_its_content(tmp_path: Path) -> None:
    data = gzip.compress(b"one\ntwo\n") + gzip.compress(b"three\n")  # as `cat a.gz b.gz` gives
    assert read(tmp_path, data, "a.gz") == ["one", "two", "three"]
    assert read(tmp_path, data, "a.txt") == ["one", "two", "three"]


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", stream)


def test_reads_stdin_whatever_its_encoding_and_leaves_it_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdin(monkeypatch, "é\r\nzwei\n".encode())
    with read_lines(None) as lines:
        assert lines.name == "stdin"
        assert lines.size is None
        assert list(lines) == ["é", "zwei"]
    assert not sys.stdin.closed
    stdin(monkeypatch, gzip.compress(b"one\n"))
    assert list(read_lines(None)) == ["one"]


def test_says_that_there_is_no_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="stdin is not available: give the name of a file"):
        read_lines(None)


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"caf\xe9\n", "line 1", "byte 4 is 0xe9"),
        (b"one\ntwo\nth\xffree\n", "line 3", "byte 3 is 0xff"),
        (b"one\ncut \xe2\x82", "line 2", "byte 5 is 0xe2"),
        (b"half a pair \xed\xa0\x80\n", "line 1", "byte 13 is 0xed"),
        (b"overlong \xc0\xaf\n", "line 1", "byte 10 is 0xc0"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_names_the_byte_that_is_not_utf_8(
    tmp_path: Path, data: bytes, place: str, byte: str, zipped: bool
) -> None:
    path = written(tmp_path, gzip.compress(data) if zipped else data)
    with pytest.raises(InputError, match="is not UTF-8") as raised:
        list(read_lines(path))
    assert f"{path}, {place} " in str(raised.value)
    assert byte in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_recognises_utf_16(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=r"looks like UTF-16.*iconv -f UTF-16 -t UTF-8"):
        read(tmp_path, "a dog ate the food\n".encode(encoding))


def test_refuses_binary_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="like a binary file"):
        read(tmp_path, bytes(100))


@pytest.mark.parametrize("kept", [3, 9, 15, 40])
def test_says_that_gzip_data_are_cut_off(tmp_path: Path, kept: int) -> None:
    data = gzip.compress("".join(f"line {n} of many\n" for n in range(100)).encode())
    with pytest.raises(InputError, match=r"cut\.gz is truncated: its gzip data end too early"):
        read(tmp_path, data[:kept], "cut.gz")


def test_says_that_gzip_data_are_damaged(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"one\ntwo\n"))
    data[-8] ^= 1  # the checksum
    with pytest.raises(InputError, match=r"bad\.gz is damaged after line \d: CRC check failed"):
        read(tmp_path, bytes(data), "bad.gz")
    data[10] = 0xFF  # a kind of block that does not exist
    with pytest.raises(InputError, match=r"bad\.gz is damaged after line 0"):
        read(tmp_path, bytes(data), "bad.gz")


@pytest.mark.parametrize("data", [b"", b"plain text\n"])
def test_a_gz_that_is_none_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"lines\.gz is damaged or misnamed"):
        read(tmp_path, data, "lines.gz")


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"cannot read .*nowhere: No such file or directory"):
        read_lines(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"cannot read .*: Is a directory"):
        read_lines(tmp_path)

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # tests may run as root, who may read all
    with pytest.raises(InputError, match="cannot read secret: Permission denied"):
        read_lines(Path("secret"))


def test_a_line_without_end_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "MAX_LINE_BYTES", 10)
    assert read(tmp_path, b"0123456789\r\n0123456789") == ["0123456789"] * 2
    with pytest.raises(InputError, match="line 2 is longer than 10 bytes: expected one sentence"):
        read(tmp_path, b"short\n0123456789a\n")


# What a model would lose inside a line


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"A.\rB.\rC.", "line 1 has a carriage return (CR) in the middle, at byte 3"),
        (b"A.\rB.\r", "line 1 has a carriage return (CR) in the middle, at byte 3"),
        (b"one\ntwo\rthree\n", "line 2 has a carriage return (CR) in the middle, at byte 4"),
        (b"one\r\r\n", "line 1 has a carriage return (CR) in the middle, at byte 4"),
        (b"\rone\n", "line 1 has a carriage return (CR) in the middle, at byte 1"),
        (b"one\r\ntwo\rthree\r\n", "line 2 has a carriage return (CR) in the middle, at byte 4"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_carriage_return_inside_a_line_is_refused(
    tmp_path: Path, data: bytes, place: str, zipped: bool
) -> None:
    path = written(tmp_path, gzip.compress(data) if zipped else data)
    with pytest.raises(InputError) as raised:
        list(read_lines(path))
    assert str(raised.value).startswith(f"{path}, {place}; lines must end in LF or CR LF: ")
    assert str(raised.value).endswith(
        "to turn each CR into a line break: tr '\\r' '\\n'; to delete them: tr -d '\\r'"
    )


def test_a_nul_inside_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"line 2 has a NUL character at byte 5, which is not allowed"
    ):
        read(tmp_path, b"one\nnul \0 inside\n")


def test_a_caller_may_count_them_itself(tmp_path: Path) -> None:
    path = written(tmp_path, b"A.\rB.\nnul \0\nC.\r\r\n")
    assert list(read_lines(path, count_unreadable=True)) == ["A.\rB.", "nul \0", "C.\r"]


def test_but_no_file_that_has_such_ends_only(tmp_path: Path) -> None:
    path = written(tmp_path, b"A.\rB.\rC.")
    with pytest.raises(InputError, match=r"tr '\\r' '\\n'"):
        list(read_lines(path, count_unreadable=True))


def test_no_memory_is_spent_on_a_large_file_of_an_old_mac(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "MAX_LINE_BYTES", 10)
    with pytest.raises(InputError, match=r"has a carriage return \(CR\) in the middle, at byte 4"):
        read(tmp_path, b"one\rtwo\rthree\rfour\r")


def test_what_looks_strange_is_kept_and_said(tmp_path: Path) -> None:
    text = "one\ntwo\u2028and\nthree\tfour\nfive\x0c\n"
    with read_lines(written(tmp_path, text.encode())) as lines:
        assert [*lines.notes] == []
        assert next(lines) == "one"
        assert [*lines.notes] == []
        assert list(lines) == ["two\u2028and", "three\tfour", "five\x0c"]
        (note,) = lines.notes
    assert str(note) == (
        f"{tmp_path / 'lines.txt'}: 2 lines contain control characters, or characters that other "
        "programs take for line breaks (first: line 2, U+2028); they were kept unchanged"
    )


@pytest.mark.parametrize("character", "\x01\x0b\x0c\x1b\x1c\x1e\x7f\x85\x9f\u2028\u2029")
def test_every_strange_character_is_noticed(tmp_path: Path, character: str) -> None:
    with read_lines(written(tmp_path, f"one{character}two\n".encode())) as lines:
        assert list(lines) == [f"one{character}two"]
        assert f"U+{ord(character):04X}" in str(lines.notes[0])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14", "a ZIP archive (.xlsx and .docx are ZIP archives too)"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\x28\xb5\x2f\xfd\x24", "a zstd file"),
    ],
)
def test_says_what_a_file_is_that_is_no_text(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, data)
    assert f"is not a text file: it looks like {what}; save it as UTF-8 text" in str(raised.value)
