"""Parallel files: what is read from them, and what is said when they are not parallel."""

import gzip
import hashlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import GlassformerError, InputError, UsageError
from glassformer.training.corpus.pairs import (
    Pair,
    PairFiles,
    check_files,
    notes_of,
    read_pairs,
    sha256_of,
)


def two(folder: Path, source: str, target: str, tag: str | None = None) -> PairFiles:
    paths = folder / "train.en", folder / "train.de"
    for path, text in zip(paths, (source, target), strict=True):
        path.write_bytes(text.encode())
    return PairFiles(*paths, tag)


def columns(folder: Path, text: str, tag: str | None = None, name: str = "pairs.tsv") -> PairFiles:
    (folder / name).write_bytes(text.encode())
    return PairFiles(folder / name, tag=tag)


def complaint(*files: PairFiles, kind: type[GlassformerError] = InputError) -> str:
    with pytest.raises(kind) as caught:
        list(read_pairs(files))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_reads_line_by_line(tmp_path: Path) -> None:
    files = two(tmp_path, "a dog\r\n\na cat", "ein Hund\n leer \neine Katze\n", tag="de")
    assert list(read_pairs([files])) == [
        Pair("a dog", "ein Hund", "de", 1, files),
        Pair("", " leer ", "de", 2, files),
        Pair("a cat", "eine Katze", "de", 3, files),
    ]
    assert str(files.name) == f"{tmp_path / 'train.en'} and {tmp_path / 'train.de'}"
    assert files.paths == (tmp_path / "train.en", tmp_path / "train.de")
    assert str(next(read_pairs([files])).place) == f"{files.name}, line 1"


def test_reads_columns_and_leaves_the_third_out(tmp_path: Path) -> None:
    french = columns(tmp_path, "Hi.\tSalut !\nGo.\tVa !\tCC-BY 2.0\tmore\n\n", tag="fr")
    path = tmp_path / "b.tsv.gz"
    path.write_bytes(gzip.compress(b"Hi.\tHallo!\n\tleer\n"))
    german = PairFiles(path, tag="de")
    assert [(p.source, p.target, p.tag, p.line) for p in read_pairs([french, german])] == [
        ("Hi.", "Salut !", "fr", 1),
        ("Go.", "Va !", "fr", 2),
        ("", "", "fr", 3),
        ("Hi.", "Hallo!", "de", 1),
        ("", "leer", "de", 2),
    ]
    assert str(french.name) == str(tmp_path / "pairs.tsv")
    assert french.paths == (tmp_path / "pairs.tsv",)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\n\r\t\ufeff\0"))] * 2)
    ).filter(bool)
)
def test_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("pairs")
    lines = two(folder, *("".join(s + "\n" for s in side) for side in zip(*sentences, strict=True)))
    table = columns(folder, "".join(f"{source}\t{target}\n" for source, target in sentences))
    for files in (lines, table):
        assert [(pair.source, pair.target) for pair in read_pairs([files])] == sentences


def test_a_line_separator_is_a_character(tmp_path: Path) -> None:
    files = two(tmp_path, "one\u2028still one\n", "eins\u2029noch\x85eins\n")
    assert [(p.source, p.target) for p in read_pairs([files])] == [
        ("one\u2028still one", "eins\u2029noch\x85eins")
    ]


def test_reads_no_further_than_it_is_asked_to(tmp_path: Path) -> None:
    files = two(tmp_path, "one\n" * 3, "eins\n" * 2)
    pairs = read_pairs([files])
    assert [next(pairs).line, next(pairs).line] == [1, 2]
    with pytest.raises(InputError):
        next(pairs)


def corpus(lines: int) -> tuple[list[str], list[str]]:
    chance = random.Random(7)
    words = [chance.randint(1, 29) for _ in range(lines)]
    return (
        [" ".join(["word"] * n) for n in words],
        [" ".join(["Wörter"] * (n + chance.randint(0, 2))) for n in words],
    )


@pytest.mark.parametrize("missing", [1, 2, 5])
@pytest.mark.parametrize("place", [0, 211, 480])
@pytest.mark.parametrize("shorter", [0, 1])
def test_says_where_files_of_different_length_part(
    tmp_path: Path, missing: int, place: int, shorter: int
) -> None:
    sides = corpus(499)
    del sides[shorter][place : place + missing]
    files = two(tmp_path, *("".join(f"{line}\n" for line in side) for side in sides))
    message = complaint(files)
    assert f"train.en has {len(sides[0])} lines and " in message
    assert f"train.de has {len(sides[1])}, but each line" in message
    near = int(message.partition("they seem to go out of step near line ")[2].partition(",")[0])
    assert abs(near - (place + 1)) <= 5
    longer = files.paths[1 - shorter]
    assert f"{longer} has {'one line' if missing == 1 else f'{missing} lines'} too many" in message


def test_says_that_one_file_goes_on(tmp_path: Path) -> None:
    source, target = corpus(97)
    message = complaint(two(tmp_path, "\n".join(source), "\n".join([*target, "© us", ""])))
    assert "train.de seems to continue after the end of the other; cut it after line 97" in message


def test_an_empty_file(tmp_path: Path) -> None:
    for files in (two(tmp_path, "", "eins\n"), two(tmp_path, "", ""), columns(tmp_path, "")):
        message = f"{files.source} is empty: expected one sentence per line"
        assert complaint(files) == message
    files = two(tmp_path, "one\n", "")
    assert complaint(files) == f"{files.target} is empty: expected one sentence per line"
    assert "pairs.tsv is empty" in complaint(two(tmp_path, "a", "b"), columns(tmp_path, ""))


def test_a_line_without_a_tab(tmp_path: Path) -> None:
    message = complaint(columns(tmp_path, "Hi.\tSalut !\nGo. Va !\n"))
    assert f"{tmp_path / 'pairs.tsv'}, line 2 has no tab: expected" in message
    assert message.endswith("but found 'Go. Va !'")


def test_latin_1_names_file_and_line(tmp_path: Path) -> None:
    files = two(tmp_path, "one\ntwo\n", "eins\nzwei\n")
    assert files.target is not None
    files.target.write_bytes("eins\nzwölf\n".encode("latin-1"))
    assert f"{files.target}, line 2 is not UTF-8: byte 3 is 0xf6" in complaint(files)


def test_what_cannot_be_read_twice(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.write_text("one\n")
    message = complaint(PairFiles(good, Path("-")), kind=UsageError)
    assert "more than once, which stdin does not allow: write them to a file" in message
    os.mkfifo(tmp_path / "pipe")
    message = complaint(PairFiles(tmp_path / "pipe", good), kind=UsageError)
    assert "pipe is not a regular file: write them to one" in message
    assert complaint(kind=UsageError) == (
        "training needs sentence pairs: give source=SOURCE and target=TARGET, or pairs=FILE"
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    good = columns(tmp_path, "a\tb\n")
    check_files([good])
    with pytest.raises(InputError, match=r"cannot read .*nowhere: No such file"):
        check_files([good, PairFiles(good.source, tmp_path / "nowhere")])


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"one\r\n\xff")
    assert sha256_of(path) == hashlib.sha256(b"one\r\n\xff").hexdigest()
    with pytest.raises(InputError, match=r"cannot read .*nowhere: No such file"):
        sha256_of(tmp_path / "nowhere")


# Other formats


TMX = """<?xml version="1.0" encoding="UTF-16"?>
<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>a dog</seg></tuv><tuv xml:lang="fr"><seg>un chien</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>a cat</seg></tuv></tu>
<tu>
<tuv xml:lang="fr"><seg>une</seg></tuv><tuv xml:lang="en"><seg>one</seg></tuv></tu>
</body></tmx>
"""


def formats(folder: Path) -> list[PairFiles]:
    """The same pairs in every format, two and an incomplete one."""
    (folder / "a.tmx").write_bytes(TMX.encode("utf-16"))
    (folder / "a.tmx.gz").write_bytes(gzip.compress(TMX.encode("utf-16")))
    (folder / "a.csv").write_text("fr;en\nun chien;a dog\n;a cat\nune;one\n")
    (folder / "a.tsv").write_text("en\tfr\na dog\tun chien\na cat\t\none\tune\n")
    (folder / "a.jsonl").write_text(
        '{"en": "a dog", "fr": "un chien"}\n{"en": "a cat", "fr": ""}\n{"fr": "une", "en": "one"}\n'
    )
    return [PairFiles(path, tag="fr") for path in sorted(folder.iterdir())]


def test_every_format_gives_the_same_pairs(tmp_path: Path) -> None:
    lines = {"csv": [2, 3, 4], "tsv": [2, 3, 4], "jsonl": [1, 2, 3], "tmx": [3, 4, 5]}
    for files in formats(tmp_path):
        check_files([files])
        for _ in range(2):
            pairs = list(read_pairs([files]))
            assert [(p.source, p.target, p.tag) for p in pairs] == [
                ("a dog", "un chien", "fr"),
                ("a cat", "", "fr"),
                ("one", "une", "fr"),
            ]
            ending = files.source.name.removesuffix(".gz").rpartition(".")[2]
            assert [pair.line for pair in pairs] == lines[ending]
            assert str(pairs[0].place) == f"{files.source}, line {lines[ending][0]}"


def test_says_how_files_are_understood(tmp_path: Path) -> None:
    files = formats(tmp_path)
    said = [str(note) for note in notes_of(files)]
    for one in files:
        assert any(str(one.source) in note and "en is the source" in note for note in said)
    left_out = "a.tmx: 1 of 3 units have no text in en or in fr, and are skipped"
    assert f"{tmp_path}{os.sep}{left_out}" in said
    assert notes_of([two(tmp_path, "a", "b")]) == ()


def test_a_tag_that_chooses_nothing(tmp_path: Path) -> None:
    for files in formats(tmp_path):
        message = complaint(PairFiles(files.source, tag="de"), kind=UsageError)
        assert "but none in de" in message
    path = tmp_path / "a.tmx"
    path.write_bytes(TMX.replace('srclang="en"', 'srclang="*all*"').encode("utf-16"))
    assert complaint(PairFiles(path), kind=UsageError) == (
        f"{path} has texts in en (3), fr (2): choose the target language with "
        f'pairs="LANGUAGE={path}"'
    )


def test_a_file_of_pairs_given_as_lines(tmp_path: Path) -> None:
    formats(tmp_path)
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.tmx", "a.tmx.gz"):
        for files in (
            PairFiles(tmp_path / name, tmp_path / "lines"),
            PairFiles(tmp_path / "lines", tmp_path / name),
        ):
            (tmp_path / "lines").write_text("one\n")
            with pytest.raises(UsageError, match=r"contains pairs .* give it as pairs="):
                check_files([files])


def test_an_empty_file_of_any_format(tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl", "a.tsv"):
        (tmp_path / name).write_text("")
        assert "is empty: expected one sentence per line" in complaint(PairFiles(tmp_path / name))
    (tmp_path / "a.csv").write_text("source,target\n")
    assert "a.csv is empty" in complaint(PairFiles(tmp_path / "a.csv"))


# Ends of lines


def test_a_carriage_return_inside_a_line_is_left_to_be_counted(tmp_path: Path) -> None:
    files = two(tmp_path, "one\rtwo\nthree\n", "eins\ndrei\0\n")
    pairs = [(pair.source, pair.target) for pair in read_pairs([files])]
    assert pairs == [("one\rtwo", "eins"), ("three", "drei\0")]


def test_files_of_an_old_mac_are_refused(tmp_path: Path) -> None:
    for files in (two(tmp_path, "A.\rB.\rC.", "a.\rb.\rc."), columns(tmp_path, "A.\ta.\rB.\tb.\r")):
        message = complaint(files)
        assert message.startswith(
            f"{files.source}, line 1 has a carriage return (CR) in the middle"
        )
        assert "tr '\\r' '\\n'" in message
