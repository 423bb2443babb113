"""Translation memories: what of them is read, what is refused, and how much memory that takes."""

import contextlib
import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import GlassformerError, InputError, Setting, UsageError
from glassformer.text.pairs import tmx
from glassformer.text.pairs.formats import open_pairs
from glassformer.text.pairs.rows import Row, one_line
from glassformer.text.pairs.tmx import overview

HEADER = '<header creationtool="test" segtype="sentence" srclang="{srclang}" datatype="plaintext"/>'


def document(*units: str, srclang: str = "en", encoding: str = "UTF-8") -> str:
    return "\n".join(
        [
            f'<?xml version="1.0" encoding="{encoding}"?>',
            '<tmx version="1.4">',
            HEADER.format(srclang=srclang),
            "<body>",
            *units,
            "</body>",
            "</tmx>\n",
        ]
    )


def unit(**texts: str) -> str:
    """A unit on one line; the texts are XML."""
    versions = (
        f'<tuv xml:lang="{language.replace("_", "-")}"><seg>{text}</seg></tuv>'
        for language, text in texts.items()
    )
    return f"<tu>{''.join(versions)}</tu>"


def written(folder: Path, text: str | bytes, name: str = "memory.tmx") -> Path:
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


# What is read


def test_units_with_their_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        document(
            unit(en="a dog", fr="un chien"),
            '<tu tuid="7">\n  <note>a cat</note>\n  <prop type="x">y</prop>\n'
            '  <tuv xml:lang="fr">\n    <seg>un chat</seg></tuv>\n'
            '  <tuv xml:lang="en"><prop type="z">no text</prop><seg>a &lt;cat&gt; &amp; &#x1F415;'
            "</seg></tuv></tu>",
        ),
    )
    assert rows(path) == [
        Row(("a dog", "un chien"), 5),
        Row(("a <cat> & 🐕", "un chat"), 6),
    ]
    assert notes(path) == ["memory.tmx: en is the source and fr the target"]


xml_text = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc"],
        exclude_characters="\ufffe\uffff",
    )
    | st.sampled_from("\t\n\r <&>]\"'\x85\u2028")
)


@given(
    st.lists(st.tuples(xml_text, xml_text), min_size=1),
    st.sampled_from(["UTF-8", "UTF-16"]),
    st.booleans(),
)
def test_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[str, str]],
    encoding: str,
    zipped: bool,
) -> None:
    entities = {"\r": "&#13;"}
    units = [unit(en=escape(a, entities), fr=escape(b, entities)) for a, b in pairs]
    units += [unit(en="both", fr="les deux")]
    data = document(*units, encoding=encoding).encode(encoding)
    name = "memory.tmx.gz" if zipped else "memory.tmx"
    path = written(tmp_path_factory.mktemp("tmx"), data, name)
    expected = [tuple(map(one_line, pair)) for pair in [*pairs, ("both", "les deux")]]
    assert texts(path) == expected
    assert [row.complete for row in rows(path)] == [
        all(text.strip() for text in pair) for pair in expected
    ]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("latin-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
    ],
)
def test_the_encoding_is_that_of_the_mark_or_the_declaration(
    tmp_path: Path, encoding: str, declared: str
) -> None:
    text = document(unit(en="a café", fr="un « café »"), encoding=declared)
    path = written(tmp_path, text.encode(encoding))
    assert texts(path) == [("a café", "un « café »")]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ('click <bpt i="1">&lt;b></bpt>here<ept i="1">&lt;/b></ept>!', "click here!"),
        ('one<ph type="br">&lt;br/></ph>two', "onetwo"),
        ('<it pos="begin">{\\b</it>bold <hi>high <hi>er</hi></hi>', "bold high er"),
        ("<ut>{\\cs6 </ut>old<ut>}</ut>", "old"),
        ("see <ph>&lt;img alt=<sub>a <hi>dog</hi></sub>/></ph>it", "see it"),
        ("<x/>kept <g>as well</g>", "kept as well"),
        ("\n      two\n      lines\n    ", "two lines"),
        ("<![CDATA[a < b]]> &amp; c", "a < b & c"),
        ("one<!-- no text -->two<?no text?>", "onetwo"),
        (" spaces stay ", " spaces stay "),
    ],
)
def test_markup_inside_a_segment_is_left_out(tmp_path: Path, segment: str, expected: str) -> None:
    path = written(tmp_path, document(unit(en=segment, fr="oui")))
    assert texts(path) == [(expected, "oui")]


def test_old_names_and_prefixes(tmp_path: Path) -> None:
    text = (
        '<tmx version="1.1" xmlns:x="urn:x"><header srclang="EN-US"/><body>'
        '<tu><tuv lang="EN-US"><seg>a dog</seg></tuv><tuv lang="fr_FR"><seg>un chien</seg></tuv>'
        "</tu></body></tmx>"
    )
    path = written(tmp_path, text)
    assert rows(path) == [Row(("a dog", "un chien"), 1)]
    assert notes(path) == ["memory.tmx: en-us is the source and fr-fr the target"]
    prefixed = text.replace("<t", "<t:t").replace("</t", "</t:t")
    assert texts(written(tmp_path, prefixed)) == [("a dog", "un chien")]


def test_several_languages(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        document(
            unit(en="one", fr="un", de="eins"),
            unit(en="two", fr="deux"),
            unit(en="three", de="drei"),
            unit(de="vier"),
            unit(en="five", fr=" ", de="fünf"),
        ),
    )
    assert complaint(path, UsageError) == (
        " has texts in en (4), fr (2), de (4): choose the target language with to=LANGUAGE"
    )
    assert [row.texts for row in rows(path, "fr") if row.complete] == [
        ("one", "un"),
        ("two", "deux"),
    ]
    assert texts(path, "de") == [
        ("one", "eins"),
        ("two", ""),
        ("three", "drei"),
        ("", "vier"),
        ("five", "fünf"),
    ]
    assert notes(path, "fr") == [
        "memory.tmx: en is the source and fr the target",
        "memory.tmx: 3 of 5 units have no text in en or in fr, and are skipped",
    ]
    assert complaint(path, UsageError, to="zh").endswith("but none in zh")


def test_a_language_twice_in_a_unit(tmp_path: Path) -> None:
    twice = unit(en="a dog", fr="un chien").replace(
        "</tu>", '<tuv xml:lang="FR"><seg>le chien</seg></tuv></tu>'
    )
    path = written(tmp_path, document(twice, unit(en="a cat", fr="un chat")))
    assert texts(path) == [("a dog", "un chien"), ("a cat", "un chat")]
    assert notes(path)[1:] == [
        "memory.tmx: 1 of 2 units have two texts in the same language; the first one is used"
    ]


def test_what_is_remembered_of_a_file_is_forgotten_when_it_changes(tmp_path: Path) -> None:
    path = written(tmp_path, document(unit(en="a", fr="b")))
    assert overview(path).units == 1
    written(tmp_path, document(unit(en="a", fr="b"), unit(en="c", fr="d")))
    assert overview(path).units == 2
    same_size = document(unit(en="a", de="b"), unit(en="c", de="d"))
    written(tmp_path, same_size)
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 10_000_000))
    assert overview(path).languages == {"en": 2, "de": 2}


# What is refused


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE tmx [
<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>&c;</seg></tuv></tu>
</body></tmx>
"""
DOCTYPE = (
    ", line {line}: document type definitions (DTDs) are not supported: delete the declaration, "
    "from <!DOCTYPE to its >"
)
ENTITY = document(unit(en="a", fr="b"), unit(en="&name;", fr="b"))
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "a billion laughs": (LAUGHS, DOCTYPE.format(line=2)),
    "a billion laughs in UTF-16": (LAUGHS.encode("utf-16"), DOCTYPE.format(line=2)),
    "another file": (
        '<?xml version="1.0"?>\n\n<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
        "<tmx><body><tu><tuv lang='en'><seg>&x;</seg></tuv></tu></body></tmx>",
        DOCTYPE.format(line=3),
    ),
    "another file by parameter": (
        '<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://localhost/x.dtd"> %x;]><tmx/>',
        DOCTYPE.format(line=1),
    ),
    "a document type alone": (
        '<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx/>',
        DOCTYPE.format(line=2),
    ),
    "an entity that nobody knows": (
        ENTITY,
        ", line 6 is not well-formed XML: undefined entity",
    ),
    "a cut file": (
        document(unit(en="a", fr="b"), unit(en="c", fr="d"))[:-40],
        ", line 6 is not well-formed XML: ",
    ),
    "tags that cross": (
        document(unit(en="a", fr="b").replace("</seg></tuv>", "</tuv></seg>")),
        ", line 5 is not well-formed XML: mismatched tag",
    ),
    "a tag open": (document("<tu>"), ", line 6 is not well-formed XML: mismatched tag"),
    "a wrong declaration": (
        document(unit(en="a", fr="b"), encoding="UTF-16"),
        ", line 1 is not well-formed XML: encoding specified in XML declaration is incorrect",
    ),
    "an encoding that nobody knows": (
        document(unit(en="a", fr="b"), encoding="none-such"),
        " cannot be read as XML: unknown encoding: none-such; save it as UTF-8",
    ),
    "bytes that are no UTF-8": (
        document(unit(en="caf\xe9", fr="b")).encode("latin-1"),
        ", line 5 is not well-formed XML: not well-formed (invalid token)",
    ),
    "a NUL": (document(unit(en="a\0", fr="b")), ", line 5 is not well-formed XML: "),
    "a control character": (
        document(unit(en="a&#1;", fr="b")),
        ", line 5 is not well-formed XML: reference to invalid character number",
    ),
    "another kind of XML": (
        '<?xml version="1.0"?>\n<xliff version="1.2"></xliff>',
        ", line 2: the XML is not TMX: expected the root element tmx, but found xliff",
    ),
    "no language": (
        document(unit(en="a", fr="b"), "<tu>\n<tuv><seg>c</seg></tuv></tu>"),
        ", line 7: a <tuv> has no language (xml:lang)",
    ),
    "depth": (
        document(unit(en="<hi>" * 100_000, fr="b")),
        ", line 5: elements are nested more than 64 deep",
    ),
    "no units": (document(), " has texts in no language: expected two languages"),
    "one language": (
        document(unit(en="a"), unit(en="b", fr="")),
        " has texts in en (2): expected two languages",
    ),
    "bare text": ("a dog\n", " has the extension of TMX, but its content is not XML"),
}


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize("name", ["memory.tmx", "memory.tmx.gz"])
def test_what_is_refused(tmp_path: Path, what: str, name: str) -> None:
    text, message = FAULTS[what]
    assert complaint(written(tmp_path, text, name)).startswith(message)


def test_gzip_that_is_cut(tmp_path: Path) -> None:
    data = gzip.compress(document(*[unit(en=f"a {n}", fr="b") for n in range(999)]).encode())
    path = tmp_path / "memory.tmx.gz"
    path.write_bytes(data[:-20])
    assert complaint(path) == " is truncated: its gzip data end too early"


def test_what_takes_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tmx, "MAX_LINE_BYTES", 200_000)
    long = "x" * 500_000
    path = written(tmp_path, document(unit(en="a", fr="b"), unit(en=long, fr="b")))
    assert complaint(path).endswith(": a <tu> is longer than 200,000 characters")
    for text in (f"<!-- {long} -->", f'<tu tuid="{long}"/>'):
        path = written(tmp_path, document(unit(en="a", fr="b"), text))
        message = complaint(path)
        assert message.endswith(": a tag or comment is longer than 200,000 bytes")


@given(st.data())
def test_damage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(
        document(unit(en="a &amp; b", fr="<hi>ç</hi>"), unit(en="d", fr="é")).encode()
    )
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path = written(tmp_path_factory.mktemp("tmx"), bytes(whole))
    with contextlib.suppress(InputError, UsageError):
        assert all(len(row.texts) == 2 for row in rows(path))


# Memory


def large(path: Path, size: int) -> int:
    """Write a TMX file of about this many bytes; how many units it has."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        begin, end = document("@").split("@")
        file.write(begin)
        while file.tell() < size:
            text = f"sentence {count} of many, which are all about as long as a sentence is"
            file.writelines(block(range(count, count + 1000), text))
            count += 1000
        file.write(end)
    return count


def block(numbers: Iterable[int], text: str) -> Iterable[str]:
    return (unit(en=f"{text}: {n}", fr=f"{n} : {text}, dit-on") + "\n" for n in numbers)


MEASURED = """
import resource, sys
from pathlib import Path
from glassformer.errors import Setting
from glassformer.text.pairs.formats import open_pairs
for name in sys.argv[1:]:
    with open_pairs(Path(name), setting=Setting("to")) as table:
        rows = sum(1 for _ in table)
    print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
@pytest.mark.parametrize("size", [5_000_000, pytest.param(50_000_000, marks=pytest.mark.slow)])
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path, size: int) -> None:
    small, big = tmp_path / "small.tmx", tmp_path / "large.tmx"
    counts = large(small, 300_000), large(big, size)
    done = subprocess.run(  # of its own, since here every call is checked
        [sys.executable, "-c", MEASURED, str(small), str(big)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found = [[int(number) for number in line.split()] for line in done.stdout.splitlines()]
    assert [rows for rows, _ in found] == list(counts)
    assert found[1][1] - found[0][1] < 2000  # kilobytes
