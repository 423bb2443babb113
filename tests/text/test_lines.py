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
NO_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r\t\u200b\ufeff"
lines = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n") | st.sampled_from(NO_ENDS))
    .map(lambda line: line.removesuffix("\r"))
    .map(lambda line: line.lstrip("\ufeff"))
    .filter(lambda line: "\0" not in line),
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
        (b"one\r\r\n", ["one\r"]),
        (b"on\re\n", ["on\re"]),
        (b"one\r", ["one"]),
        (
            "one\u2028still one\x85and\x0bon\x0con\n".encode(),
            ["one\u2028still one\x85and\x0bon\x0con"],
        ),
        ("\ufeffone\n\ufefftwo\n".encode(), ["one", "\ufefftwo"]),
        ("一只狗\nשלום\n🐕\u200d🦺\n".encode(), ["一只狗", "שלום", "🐕\u200d🦺"]),
        (b"nul \0 inside\n", ["nul \0 inside"]),
        (b"\0\n", ["\0"]),
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
    with pytest.raises(InputError, match="there is no stdin to read: name a file"):
        read_lines(None)


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"caf\xe9\n", "line 1", "its byte 4 is 0xe9"),
        (b"one\ntwo\nth\xffree\n", "line 3", "its byte 3 is 0xff"),
        (b"one\ncut \xe2\x82", "line 2", "its byte 5 is 0xe2"),
        (b"half a pair \xed\xa0\x80\n", "line 1", "its byte 13 is 0xed"),
        (b"overlong \xc0\xaf\n", "line 1", "its byte 10 is 0xc0"),
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
    with pytest.raises(InputError, match=r"begins like UTF-16.*iconv -f UTF-16 -t UTF-8"):
        read(tmp_path, "a dog ate the food\n".encode(encoding))


def test_refuses_binary_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="like no text at all"):
        read(tmp_path, bytes(100))


@pytest.mark.parametrize("kept", [3, 9, 15, 40])
def test_says_that_gzip_data_are_cut_off(tmp_path: Path, kept: int) -> None:
    data = gzip.compress("".join(f"line {n} of many\n" for n in range(100)).encode())
    with pytest.raises(InputError, match=r"cut\.gz is cut off: its gzip data end too early"):
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
    with pytest.raises(InputError, match="line 2 is longer than 10 bytes: expected a text with"):
        read(tmp_path, b"short\n0123456789a\n")
