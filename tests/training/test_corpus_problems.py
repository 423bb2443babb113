"""What can be wrong with a corpus, and what the command says and does about it."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from trainings_for_tests import backwards, changed, lines, options, write

from glassformer.cli import run

SETTINGS = changed(
    text={"tokenizer": "bpe", "vocabulary": 300}, training={"max_updates": 1, "average": 1}
)
SENTENCES = lines(31)


class Corpus:
    """Two files that are changed, and the command that learns from them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.source, self.target = folder / "a.txt", folder / "b.txt"
        self.output = folder / "model"
        self._capsys = capsys
        self.write(SENTENCES, backwards(SENTENCES))

    def write(self, source: list[str], target: list[str]) -> None:
        write(self.source, source)
        write(self.target, target)

    def add(self, source: str, target: str) -> None:
        """A line more, after 31 others."""
        self.write([*SENTENCES, source], [*backwards(SENTENCES), target])

    def train(self, *words: object) -> tuple[int, str]:
        """Train for one update; the code, and what was said with short names of the files."""
        files = ("train", self.source, self.target, "--output", self.output)
        code = run([*map(str, [*files, *words]), *options(SETTINGS)])
        said = self._capsys.readouterr().err
        return code, said.replace(f"{self.output.parent}{os.sep}", "")

    def refused(self, *words: object) -> str:
        """What is said when nothing can be learned from them: one line, and nothing is made."""
        code, said = self.train(*words)
        assert code == 1
        assert not self.output.exists() or not (self.output / "training.json").exists()
        start, _, message = said.partition(": ")
        assert start == "glassformer"
        assert message.endswith("\n")
        assert message.count("\n") == 1
        return message[:-1]

    def learned(self, *words: object) -> tuple[dict[str, Any], str]:
        """What the record says of the pairs, and what was said, when something could be learned."""
        code, said = self.train(*words)
        assert code == 0, said
        record = json.loads((self.output / "training.json").read_text(encoding="utf-8"))
        return record["preflight"], said


@pytest.fixture
def corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Corpus:
    return Corpus(tmp_path, capsys)


# What nothing can be learned from


def test_different_line_counts(corpus: Corpus) -> None:
    target = backwards(SENTENCES)
    corpus.write(SENTENCES, [*target[:12], "black " * 40, *target[12:]])
    assert corpus.refused() == (
        "a.txt has 31 lines and b.txt has 32, but each line should be the translation of the line "
        "of the same number: they seem to go out of step near line 13, where b.txt has one line "
        "too many"
    )
    corpus.write(SENTENCES, target[:-3])
    assert corpus.refused().startswith("a.txt has 31 lines and b.txt has 28, but each line ")


@pytest.mark.parametrize("name", ["a.txt", "b.txt"])
def test_an_empty_file(name: str, corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    assert corpus.refused() == f"{name} is empty: expected one sentence per line"


def test_one_pair(corpus: Corpus) -> None:
    corpus.write(["a dog"], ["un chien"])
    assert corpus.refused() == (
        "expected at least two different source sentences, one to train on and one to hold out, "
        "but pairs: 1, different sources: 1; give more pairs, or a dev set (--dev FILE)"
    )


def test_one_pair_and_another_to_measure_on(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write(["a dog"], ["un chien"])
    (tmp_path / "dev.tsv").write_text("a cat\tun chat\n")
    pairs, _ = corpus.learned("--dev", tmp_path / "dev.tsv")
    assert pairs["kept"] == 1


def test_latin_1(corpus: Corpus, tmp_path: Path) -> None:
    text = "".join(f"{line}\n" for line in [*SENTENCES[:4], "un café noir", *SENTENCES[5:]])
    corpus.target.write_bytes(text.encode("latin-1"))
    assert corpus.refused() == (
        "b.txt, line 5 is not UTF-8: byte 7 is 0xe9 (invalid continuation byte); convert the file "
        "to UTF-8, with iconv or a text editor"
    )


def test_dev_is_train(corpus: Corpus) -> None:
    assert corpus.refused("--dev", corpus.source, corpus.target) == (
        "every training pair is also in the dev set, so nothing is left to train on: give another "
        "dev set, or none, so that some pairs are held out"
    )


def test_a_file_of_columns_without_tabs(corpus: Corpus, tmp_path: Path) -> None:
    write(tmp_path / "dev.tsv", ["a dog\tun chien", "a cat, un chat"])
    assert corpus.refused("--dev", tmp_path / "dev.tsv") == (
        "dev.tsv, line 2 has no tab: expected the source sentence, a tab and the target sentence, "
        "but found 'a cat, un chat'"
    )


def test_lines_that_an_old_mac_has_ended(corpus: Corpus) -> None:
    for path in (corpus.source, corpus.target):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))
    message = corpus.refused()
    assert message.startswith("a.txt, line 1 has a carriage return (CR) in the middle, at byte ")
    assert message.endswith("tr '\\r' '\\n'; to delete them: tr -d '\\r'")


def test_a_file_that_is_not_what_its_name_says(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "dev.tsv").write_text('<?xml version="1.0"?><tmx version="1.4"></tmx>')
    assert corpus.refused("--dev", tmp_path / "dev.tsv") == (
        "dev.tsv contains XML, which does not match its extension: if it is TMX, rename it to end "
        "in .tmx"
    )


def test_a_translation_memory_to_learn_from(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected, _ = corpus.learned()
    pairs = list(zip(SENTENCES, backwards(SENTENCES), strict=True))
    units = "\n".join(
        f'<tu><tuv xml:lang="en"><seg>{source}</seg></tuv>'
        f'<tuv xml:lang="fr"><seg>{target}</seg></tuv></tu>'
        for source, target in pairs
    )
    (tmp_path / "memory.tmx").write_bytes(
        '<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="en"/><body>\n'
        f'{units}\n<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu></body></tmx>'.encode("utf-16")
    )
    words = ["--pairs", tmp_path / "memory.tmx", "--output", tmp_path / "other"]
    assert run(["train", *map(str, words), *options(SETTINGS)]) == 0
    record = json.loads((tmp_path / "other" / "training.json").read_text(encoding="utf-8"))
    found = record["preflight"]
    assert found["seen"] == expected["seen"] + 1
    assert found["dropped"] == {
        "empty side": {"pairs": 1, "first": f"{tmp_path / 'memory.tmx'}, line {3 + len(pairs)}"}
    }
    said = capsys.readouterr().err
    assert "memory.tmx: en is the source and fr the target\n" in said
    assert "memory.tmx: 1 of 32 units have no text in en or in fr, and are skipped\n" in said
    assert (found["kept"], found["source"]) == (expected["kept"], expected["source"])


def test_no_sentence_that_is_fit(corpus: Corpus) -> None:
    corpus.write([" ", "", "a dog"], ["x", "y", ""])
    message = corpus.refused()
    assert "empty side" in message
    assert "a.txt and b.txt, line 1" in message


def test_a_pipe_is_refused_before_anything_is_read(corpus: Corpus, tmp_path: Path) -> None:
    corpus.source.unlink()
    os.mkfifo(corpus.source)
    writer = threading.Thread(target=lambda: corpus.source.open("w").close(), daemon=True)
    writer.start()
    code, said = corpus.train()
    assert code == 2
    assert said == (
        "glassformer: training reads its pairs more than once, but a.txt is not a regular file: "
        "write them to one\n"
    )
    corpus.source.open("r").close()  # lets the writer go
    writer.join()


# What is left out, counted and named


LEFT_OUT: dict[str, tuple[tuple[str, str], str]] = {
    "NUL bytes": (("red\0dog", "dog red"), "control characters"),
    "a carriage return inside a line": (("red\rdog", "dog red"), "control characters"),
    "an empty side": (("red dog", " \u3000"), "empty side"),
    "a line of 100,000 characters": (("dog " * 25_000, "dog"), "too long"),
    "sides that are no translations": (("dog " * 30, "dog"), "length ratio"),
    "a pair that was there": ((SENTENCES[2], backwards(SENTENCES)[2]), "duplicate"),
    "a target of too many tokens": (("q " * 100, "q " * 300), "more than 256 tokens"),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_pairs_are_left_out(what: str, corpus: Corpus) -> None:
    pair, reason = LEFT_OUT[what]
    corpus.add(*pair)
    pairs, said = corpus.learned()
    place = "a.txt and b.txt, line 32"
    assert f"1 left out: {reason} (first: {place})\n" in said
    assert pairs["seen"] == 32
    assert pairs["kept"] + pairs["held_out"] == 31
    assert list(pairs["dropped"]) == [reason]
    assert pairs["dropped"][reason]["pairs"] == 1
    assert pairs["dropped"][reason]["first"].endswith("b.txt, line 32")


def test_pairs_of_the_dev_set_are_left_out(corpus: Corpus, tmp_path: Path) -> None:
    rows = [f"{SENTENCES[7]}\t{backwards(SENTENCES)[7]}", f"{SENTENCES[8]}\tsomething else"]
    write(tmp_path / "dev.tsv", rows)
    pairs, said = corpus.learned("--dev", tmp_path / "dev.tsv")
    assert "1 left out: also in dev (first: a.txt and b.txt, line 8)\n" in said
    assert "1 kept although the source is in the dev set too, with another translation\n" in said
    assert pairs["kept"] == 30


def test_the_limit_of_tokens_is_a_setting(corpus: Corpus) -> None:
    corpus.add("q " * 100, "q " * 300)
    pairs, said = corpus.learned("--set", "text.max_length=700")
    assert not pairs["dropped"]
    assert "left out" not in said


# What looks strange and is text all the same


SEPARATORS = "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"


@pytest.mark.parametrize("separator", SEPARATORS[:2])
def test_a_separator_of_lines_inside_a_line(separator: str, corpus: Corpus) -> None:
    corpus.add(f"red{separator}dog", f"dog{separator}red")
    pairs, _ = corpus.learned()
    assert pairs["seen"] == 32
    assert not pairs["dropped"]


@pytest.mark.parametrize("separator", SEPARATORS[2:])
def test_a_control_character_inside_a_line(separator: str, corpus: Corpus) -> None:
    corpus.add(f"red{separator}dog", f"dog{separator}red")
    pairs, said = corpus.learned()
    assert pairs["seen"] == 32
    assert "1 left out: control characters (first: a.txt and b.txt, line 32)\n" in said


def test_lines_that_windows_has_ended(corpus: Corpus) -> None:
    expected, _ = corpus.learned()
    for path in (corpus.source, corpus.target):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    pairs, _ = corpus.learned("--force")
    assert pairs == expected
