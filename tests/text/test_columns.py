"""Texts that belong together, as `score` and `evaluate` read them."""

import os
import threading
from pathlib import Path

import pytest

from glassformer.errors import GlassformerError, InputError, UsageError
from glassformer.text.columns import Row, Rows, read_as_many, read_columns

TMX = """<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>a dog</seg></tuv><tuv xml:lang="fr"><seg>un chien</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>a cat</seg></tuv><tuv xml:lang="de"><seg>Katze</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>une</seg></tuv><tuv xml:lang="en"><seg>one</seg></tuv></tu>
</body></tmx>
"""


def written(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text.encode())
        paths.append(path)
    return paths


def rows(*paths: Path, to: str | None = None) -> list[Row]:
    with Rows(paths, to=to) as found:
        return list(found)


def complaint(*paths: Path, kind: type[GlassformerError] = InputError) -> str:
    with pytest.raises(kind) as raised:
        rows(*paths)
    return str(raised.value)


def test_parallel_files(tmp_path: Path) -> None:
    one, two, three = written(tmp_path, a="one\n\nthree", b="un\n\ntrois\n", c="eins\r\n\r\ndrei")
    names = f"{one} and {two} and {three}"
    assert rows(one, two, three) == [
        Row(("one", "un", "eins"), 1, f"{names}, line 1"),
        Row(("", "", ""), 2, f"{names}, line 2"),
        Row(("three", "trois", "drei"), 3, f"{names}, line 3"),
    ]


def test_columns(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a_tsv="one\tun\teins\n\ntwo\tdeux\n")
    assert rows(path) == [
        Row(("one", "un", "eins"), 1, f"{path}, line 1"),
        Row(("", ""), 2, f"{path}, line 2"),
        Row(("two", "deux"), 3, f"{path}, line 3"),
    ]
    columns = read_columns([path])
    assert columns.texts == [("one", "", "two"), ("un", "", "deux")]
    assert columns.lines == [1, 2, 3]
    assert columns.notes == ()


def test_units_without_both_texts_are_left_out_and_counted(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a_tmx=TMX)
    columns = read_columns([path], to="fr")
    assert columns.texts == [("a dog", "one"), ("un chien", "une")]
    assert columns.lines == [2, 4]
    assert str(columns.notes[1]) == (
        f"{path}: 1 of 3 units have no text in en or in fr, and are skipped"
    )
    assert complaint(path, kind=UsageError).endswith("choose the target language with to=LANGUAGE")


def test_names_and_languages(tmp_path: Path) -> None:
    table, objects = written(tmp_path, a_csv="fr,en\nun,one\n", a_jsonl='{"en":"one","fr":"un"}\n')
    for path, line in ((table, 2), (objects, 1)):
        assert rows(path, to="fr") == [Row(("one", "un"), line, f"{path}, line {line}")]
        assert len(read_columns([path], to="fr").notes) == 1


def test_what_is_strange_is_said_of_every_file(tmp_path: Path) -> None:
    one, two = written(tmp_path, a="one\x0c\n", b="un\u2028\n")
    columns = read_columns([one, two])
    assert [str(note).partition(": ")[0] for note in columns.notes] == [str(one), str(two)]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            "A.\rB.\rC.",
            "a.\rb.\rc.",
            "a, line 1 has a carriage return (CR) in the middle, at byte 3",
        ),
        (
            "one\ntwo\n",
            "un\ndeux\rtrois\n",
            "b, line 2 has a carriage return (CR) in the middle, at ",
        ),
        ("one\n", "un\0\n", "b, line 1 has a NUL character at byte 3, which is not"),
        ("one\n", "un\ndeux\n", "b has 2: parallel files must have the same number of lines"),
        ("one\ntwo\n", "un\n", "b has 1: parallel files must have the same number of lines"),
    ],
)
def test_no_line_vanishes(tmp_path: Path, first: str, second: str, message: str) -> None:
    assert message in complaint(*written(tmp_path, a=first, b=second))


def test_a_file_of_pairs_is_no_file_of_lines(tmp_path: Path) -> None:
    lines, table = written(tmp_path, a="one\n", b_csv="one,un\ntwo,deux\n")
    assert "b.csv contains pairs (CSV)" in complaint(lines, table, kind=UsageError)
    assert "b.csv contains pairs (CSV)" in complaint(table, lines, kind=UsageError)


def test_an_empty_file(tmp_path: Path) -> None:
    for path in written(tmp_path, a="", b_tsv="", c_csv="source,target\n"):
        with pytest.raises(InputError, match="is empty: expected one sentence per line"):
            read_columns([path])


def test_pipes_are_read_once(tmp_path: Path) -> None:
    pipes = [tmp_path / "a", tmp_path / "b"]
    for pipe in pipes:
        os.mkfifo(pipe)
    for paths in (pipes, pipes[:1]):
        writers = [
            threading.Thread(target=path.write_text, args=("one\tun\n",), daemon=True)
            for path in paths
        ]
        for writer in writers:
            writer.start()
        assert [row.texts for row in rows(*paths)] in ([("one\tun",) * 2], [("one", "un")])
        for writer in writers:
            writer.join()


def test_stdin_is_read_for_one_file_only() -> None:
    message = complaint(Path("-"), Path("-"), kind=UsageError)
    assert message == "stdin (-) can stand for only one of the files"


def test_as_many_lines_as_the_source(tmp_path: Path) -> None:
    (path,) = written(tmp_path, a="one\ntwo\n")
    assert read_as_many(path, 2, Path("source")) == ["one", "two"]
    with pytest.raises(InputError) as raised:
        read_as_many(path, 3, Path("source"))
    assert str(raised.value) == (
        f"{path} has 2 lines, but source has 3: expected one translation per line"
    )
