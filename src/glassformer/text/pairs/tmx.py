"""Translation memories (TMX), read as a stream, one `<tu>` at a time, so files may be of any size.

The parser is Expat, which handles UTF-8, UTF-16 and declared encodings. Document type definitions
(DTDs) are rejected, and with them all entities but the five predefined ones: they are how XML bombs
expand without bound, and how XML includes other files.
"""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from glassformer.errors import InputError, Setting
from glassformer.messages import Note, Term
from glassformer.text.files import TextFile, cannot_read
from glassformer.text.lines import MAX_LINE_BYTES
from glassformer.text.pairs.rows import Row, Table, one_line
from glassformer.text.pairs.sides import Sides, sides_of_languages

_CHUNK = 1 << 16
_DEEPEST = 64
_MARKUP = {"bpt", "ept", "it", "ph", "ut"}
"""Elements that contain native codes of the source document; the content of `<hi>` is text."""


@dataclass(slots=True)
class Unit:
    """A translation unit (`<tu>`): texts that are translations of each other."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    """By language tag, in lower case; blank texts included."""
    repeated: bool = False
    """Whether a language occurs twice; then its first text is used."""


class Units(Iterator[Unit]):
    """An iterator over the units of a TMX file; `source_language` is the one its header declares.

    Raises:
        InputError: when it is not well-formed, has a DTD or is not TMX.
    """

    def __init__(self, file: TextFile) -> None:
        self.source_language: str | None = None
        self._file = file
        self._found: list[Unit] = []
        self._path: list[str] = []  # names of the open elements
        self._unit: Unit | None = None
        self._language = ""
        self._text: list[str] | None = None  # of the open <seg>
        self._size = 0
        self._hidden = 0  # depth of open elements inside of markup
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._fed = 0

    def __next__(self) -> Unit:
        """The next unit."""
        while not self._found:
            if self._file.closed:
                raise StopIteration
            self._read_on()
        return self._found.pop()

    def _read_on(self) -> None:
        """Feed the parser one chunk; units are stored in reverse, the next one last."""
        data = self._file.read(_CHUNK)
        self._fed += len(data)
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as error:
            raise InputError(
                "{file}, line {line} is not well-formed XML: {reason}",
                file=self._file.name,
                line=error.lineno,
                reason=expat.ErrorString(error.code),
            ) from error
        except (LookupError, ValueError) as error:  # an unknown encoding
            raise InputError(
                "{file} cannot be read as XML: {reason}; save it as UTF-8",
                file=self._file.name,
                reason=str(error),
            ) from error
        self._file.number = self._parser.CurrentLineNumber
        if self._fed - self._parser.CurrentByteIndex > MAX_LINE_BYTES:
            raise InputError(
                "a tag or comment is longer than {limit:,} bytes", limit=MAX_LINE_BYTES
            ).at(self._place)
        self._found.reverse()
        if not data:
            self._file.close()

    def _refuse_doctype(self, *_: object) -> None:
        raise InputError(
            "document type definitions (DTDs) are not supported: delete the declaration, from "
            "<!DOCTYPE to its >"
        ).at(self._place)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._path and name != "tmx":
            raise InputError(
                "the XML is not TMX: expected the root element tmx, but found {name}", name=name
            ).at(self._place)
        if len(self._path) == _DEEPEST:
            raise InputError("elements are nested more than {limit} deep", limit=_DEEPEST).at(
                self._place
            )
        self._path.append(name)
        if self._hidden or (self._text is not None and name in _MARKUP):
            self._hidden += 1
        elif name == "header":
            self.source_language = attributes.get("srclang")
        elif name == "tu":
            self._unit = Unit(self._parser.CurrentLineNumber)
            self._size = 0
        elif name == "tuv":
            language = attributes.get("xml:lang") or attributes.get("lang")
            if not language:
                raise InputError("a <tuv> has no language (xml:lang)").at(self._place)
            self._language = language.lower().replace("_", "-")
        elif name == "seg":
            self._text = []

    def _characters(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(data)
            self._size += len(data)
            if self._size > MAX_LINE_BYTES:
                raise InputError(
                    "a <tu> is longer than {limit:,} characters", limit=MAX_LINE_BYTES
                ).at(self._place)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._hidden:
            self._hidden -= 1
            return
        name = name.rpartition(":")[2]
        if name == "seg" and self._text is not None:
            text, self._text = one_line("".join(self._text)), None
            if self._unit is not None and self._unit.texts.setdefault(self._language, text) != text:
                self._unit.repeated = True
        elif name == "tu" and self._unit is not None:
            self._found.append(self._unit)
            self._unit = None

    @property
    def _place(self) -> str:
        return Term(
            "{file}, line {line}", file=self._file.name, line=self._parser.CurrentLineNumber
        )


class Overview(NamedTuple):
    """Statistics of a whole TMX file."""

    source_language: str | None
    languages: dict[str, int]
    """The number of units that have a text in each language."""
    combinations: dict[frozenset[str], int]
    """The number of units that have texts in exactly these languages."""
    repeated: int
    """The number of units in which a language occurs twice."""

    @property
    def units(self) -> int:
        """The number of units."""
        return sum(self.combinations.values())

    def with_both(self, source: str, target: str) -> int:
        """The number of units with a text in both languages."""
        return sum(n for one, n in self.combinations.items() if {source, target} <= one)


def overview(path: Path) -> Overview:
    """Read a whole TMX file, since only its units say which languages it has.

    The result is cached as long as the size and modification time of the file stay the same.

    Raises:
        InputError: as `Units`.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise cannot_read(path, error) from error
    return _overview(path, status.st_size, status.st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _overview(path: Path, size: int, time: int) -> Overview:
    languages: Counter[str] = Counter()
    combinations: Counter[frozenset[str]] = Counter()
    repeated = 0
    with TextFile(path) as file:
        units = Units(file)
        for unit in units:
            there = [language for language, text in unit.texts.items() if text.strip()]
            languages.update(there)
            combinations[frozenset(there)] += 1
            repeated += unit.repeated
    return Overview(units.source_language, dict(languages), dict(combinations), repeated)


class TmxTable(Table):
    """The units of a TMX file as rows of two texts; a unit without both is not complete.

    Raises:
        UsageError: when the target has to be chosen, or is not in the file.
        InputError: as `Units`, and when there are fewer than two languages.
    """

    def __init__(self, path: Path, *, target: str | None, setting: Setting) -> None:
        super().__init__(TextFile(path))
        try:
            found = overview(path)
            self._sides = sides_of_languages(
                found.languages, found.source_language, target, file=self.name, setting=setting
            )
        except BaseException:
            self._file.close()
            raise
        self._notes = tuple(_notes(found, self._sides, self.name))

    def __iter__(self) -> Iterator[Row]:
        source, target = self._sides
        for unit in Units(self._file):
            texts = unit.texts.get(source, ""), unit.texts.get(target, "")
            yield Row(texts, unit.line, complete=all(map(str.strip, texts)))


def _notes(found: Overview, sides: Sides, name: str) -> Iterator[Note]:
    source, target = sides
    both = found.with_both(source, target)
    yield Note(
        "{file}: {source} is the source and {target} the target",
        {"file": name, "source": source, "target": target},
    )
    if both < found.units:
        yield Note(
            "{file}: {count:,} of {units:,} units have no text in {source} or in {target}, and are "
            "skipped",
            {
                "file": name,
                "count": found.units - both,
                "units": found.units,
                "source": source,
                "target": target,
            },
        )
    if found.repeated:
        yield Note(
            "{file}: {count:,} of {units:,} units have two texts in the same language; the first "
            "one is used",
            {"file": name, "count": found.repeated, "units": found.units},
        )
