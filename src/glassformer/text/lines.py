"""Lines of text from a file or stdin, unchanged: UTF-8, split on "\\n" only.

Nothing is dropped silently. What a model would lose inside a line, because it is not text (NUL) or
because other programs take it for a line break (a lone CR), is an error, or left to the caller to
count; unusual characters are kept, and `Lines.notes` reports them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from glassformer.errors import InputError
from glassformer.messages import Message, Note
from glassformer.text.files import TextFile

MAX_LINE_BYTES = 1 << 24
"""A longer line is not a sentence, so its file does not have one sentence per line."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = {
    b"PK\x03\x04": Message("a ZIP archive (.xlsx and .docx are ZIP archives too)"),
    b"BZh91AY": Message("a bzip2 file"),
    b"\xfd7zXZ\0": Message("an xz file"),
    b"\x28\xb5\x2f\xfd": Message("a zstd file"),
    b"%PDF-": Message("a PDF file"),
}

# Control characters, and what other programs take for line breaks (VT, FF, NEL, U+2028 …); no tab.
_STRANGE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_UNREADABLE = re.compile("[\0\r]")


def read_lines(path: Path | None, *, count_unreadable: bool = False) -> "Lines":
    """The lines of a file, or of stdin for None, read lazily: see `Lines`."""
    return Lines(path, count_unreadable=count_unreadable)


class Lines(TextFile, Iterator[str]):
    """An iterator over the lines of a text file, one in memory at a time.

    A line ends at "\\n" only, never at U+2028 and the like. A "\\r" before it is dropped, and so is
    a byte order mark at the start of the file; the last line needs no "\\n". Files compressed with
    gzip are decompressed. The file is closed after the last line, on an error, and at the end of a
    `with` block.

    A NUL, or a "\\r" anywhere else, is an error, since what follows it would be lost. With
    `count_unreadable` such lines are yielded unchanged, for a caller that skips and reports them;
    but a file whose lines all end in "\\r", as on classic Mac OS, is always an error.

    Raises:
        InputError: when the file cannot be read, is damaged or is not UTF-8; the message gives
            file, line and byte.
    """

    def __init__(self, path: Path | None, *, count_unreadable: bool = False) -> None:
        super().__init__(path)
        self._count_unreadable = count_unreadable
        self._strange = 0
        self._first_strange: tuple[int, str] | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes about the lines read so far."""
        if self._first_strange is None:
            return ()
        line, character = self._first_strange
        return (
            Note(
                "{name}: {count:,} lines contain control characters, or characters that other "
                "programs take for line breaks (first: line {number}, {character}); they were kept "
                "unchanged",
                {
                    "name": self.name,
                    "count": self._strange,
                    "number": line,
                    "character": f"U+{ord(character):04X}",
                },
            ),
        )

    def __next__(self) -> str:
        """The next line, without its line break."""
        try:
            line = self._read_line()
        except InputError:
            self.close()
            raise
        if line is None:
            self.close()
            raise StopIteration
        return line

    def _read_line(self) -> str | None:
        if self.closed:
            return None
        data = self.readline(MAX_LINE_BYTES + len(b"\r\n"))
        if not data:
            return None
        self.number += 1
        if self.number == 1:
            self._check_start(data[:64])
        alone = self.number == 1 and not data.endswith(b"\n")
        data = data.removesuffix(b"\n").removesuffix(b"\r")
        if len(data) > MAX_LINE_BYTES and b"\r" in data:
            raise self._carriage_return(data.index(b"\r") + 1)
        if len(data) > MAX_LINE_BYTES:
            raise InputError(
                "{name}, line {number} is longer than {most:,} bytes: expected one sentence per "
                "line",
                name=self.name,
                number=self.number,
                most=MAX_LINE_BYTES,
            )
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise InputError(
                "{name}, line {number} is not UTF-8: byte {place} is 0x{byte:02x} ({reason}); "
                "convert the file to UTF-8, with iconv or a text editor",
                name=self.name,
                number=self.number,
                place=error.start + 1,
                byte=data[error.start],
                reason=error.reason,
            ) from error
        if found := _STRANGE.search(text):
            self._check_readable(text, alone=alone)
            self._strange += 1
            self._first_strange = self._first_strange or (self.number, found[0])
        return text.removeprefix("\ufeff") if self.number == 1 else text

    def _check_start(self, start: bytes) -> None:
        # English in UTF-16 without a BOM is letter, NUL, letter, NUL: valid UTF-8, but not text.
        if start.startswith(_UTF_16) or start.count(0) > max(1, len(start) // 4):
            raise InputError(
                "{name} is not UTF-8: it looks like UTF-16, or like a binary file; to convert "
                "UTF-16: iconv -f UTF-16 -t UTF-8",
                name=self.name,
            )
        for beginning, what in _NO_TEXT.items():
            if start.startswith(beginning):
                raise InputError(
                    "{name} is not a text file: it looks like {what}; save it as UTF-8 text",
                    name=self.name,
                    what=what,
                )

    def _check_readable(self, text: str, *, alone: bool) -> None:
        """Reject a line with a NUL or CR inside; `alone`: it is the only line of its file."""
        found = _UNREADABLE.search(text)
        if found is None:
            return
        place = len(text[: found.start()].encode()) + 1
        if found[0] == "\r" and (alone or not self._count_unreadable):
            raise self._carriage_return(place)
        if not self._count_unreadable:
            raise InputError(
                "{name}, line {number} has a NUL character at byte {place}, which is not allowed "
                "in text: to delete all NUL characters: tr -d '\\000'",
                name=self.name,
                number=self.number,
                place=place,
            )

    def _carriage_return(self, place: int) -> InputError:
        return InputError(
            "{name}, line {number} has a carriage return (CR) in the middle, at byte {place}; "
            "lines must end in LF or CR LF: to turn each CR into a line break: tr '\\r' '\\n'; to "
            "delete them: tr -d '\\r'",
            name=self.name,
            number=self.number,
            place=place,
        )
