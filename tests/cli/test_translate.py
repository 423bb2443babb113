"""`glassformer translate`: lines in, lines out; formats, options, and how it ends early."""

import functools
import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder
from schemas_for_tests import check

import glassformer
from glassformer.cli import run
from glassformer.decoding.translator import Translator
from glassformer.library import load, loading

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.translate/2"
LINES = [SENTENCE, "dog", "", "the food", "狗 饿 了", " \u200b", "it was tasty"]


@pytest.fixture(autouse=True)
def _each_model_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", load_once)


load_once = functools.cache(loading.load)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Models that translate to three languages, to one, and not at all."""
    place = tmp_path_factory.mktemp("models")
    configs = {
        "three": translator_config(),
        "one": translator_config(tags=TAGS[:1]),
        "encoder": encoder_config(),
    }
    return {name: str(write_folder(place / name, config)) for name, config in configs.items()}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the lines in a file."""
    monkeypatch.chdir(tmp_path)
    write("in.txt", LINES)
    return tmp_path


def write(name: str, lines: list[str]) -> None:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


Translate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def on(capsys: pytest.CaptureFixture[str], folders: dict[str, str]) -> Translate:
    """Run the command with a model from the fixture above; exit code, stdout and stderr."""

    def on(name: str, *arguments: str) -> tuple[int, str, str]:
        code = run(["translate", "--model", folders[name], *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return on


def expected(folders: dict[str, str], **options: Any) -> list[Any]:
    return load(folders["one"]).translate(LINES, **options)


def test_lines_go_in_and_come_out_in_their_order(on: Translate, folders: dict[str, str]) -> None:
    code, out, err = on("one", "in.txt")
    assert (code, err) == (0, "")
    lines = out.split("\n")
    assert lines == [*(one.text for one in expected(folders)), ""]
    assert [number for number, line in enumerate(lines[:-1]) if not line] == [2, 5]


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--beam-size", "1"], {"beam_size": 1}),
        (["--max-length", "5"], {"max_length": 5}),
        (
            ["--length-penalty", "0.6", "--length-penalty-form", "gnmt"],
            {"length_penalty": 0.6, "length_penalty_form": "gnmt"},
        ),
        (["--no-repeat-ngram", "2"], {"no_repeat_ngram": 2}),
        (["--prefix", "the dog"], {"prefix": "the dog"}),
        (["--temperature", "1.1", "--top-k", "7", "--top-p", "0.9", "--seed", "3"],
         {"temperature": 1.1, "top_k": 7, "top_p": 0.9, "seed": 3}),
        (["--batch-size", "2"], {}),
        (["--batch-tokens", "23"], {}),
        (["--read-ahead", "3"], {}),
    ],
)  # fmt: skip
def test_options_are_those_of_the_search(
    on: Translate, folders: dict[str, str], arguments: list[str], options: dict[str, Any]
) -> None:
    code, out, err = on("one", "in.txt", *arguments)
    assert (code, err) == (0, "")
    assert out.split("\n")[:-1] == [one.text for one in expected(folders, **options)]


def test_json_lines_keep_to_the_schema(on: Translate, folders: dict[str, str]) -> None:
    code, out, err = on("one", "in.txt", "--format", "jsonl", "--n-best", "3", "--prefix", "it")
    assert (code, err) == (0, "")
    records = [json.loads(line, parse_constant=pytest.fail) for line in out.split("\n")[:-1]]
    found = expected(folders, n_best=3, prefix="it")
    for number, (record, one) in enumerate(zip(records, found, strict=True), start=1):
        check(record, SCHEMA)
        assert record["line"] == number
        assert [record["text"], *(other["text"] for other in record["alternatives"])] == [
            one.text, *(other.text for other in one.alternatives)
        ]  # fmt: skip
        assert record["score"] == pytest.approx(sum(record["token_scores"]))
        assert record["penalized_score"] == pytest.approx(one.penalized_score, abs=1e-4)
        assert tuple(record["tokens"]) == one.tokens
    assert len(records[0]["alternatives"]) == 2
    assert records[2]["text"] == records[5]["text"] == ""


def test_an_n_best_list_is_that_of_moses(on: Translate, folders: dict[str, str]) -> None:
    code, out, _ = on("one", "in.txt", "--n-best", "2")
    assert code == 0
    lines = [line.split(" ||| ") for line in out.split("\n")[:-1]]
    wanted = [
        [str(number), each.text, each.score, each.penalized_score]
        for number, one in enumerate(expected(folders, n_best=2))
        for each in (one, *one.alternatives)
    ]
    for (number, text, feature, score), want in zip(lines, wanted, strict=True):
        name, value = feature.split()
        assert [number, text, name] == [*want[:2], "logprob="]
        assert [float(value), float(score)] == pytest.approx(want[2:], abs=1e-4)
    assert {number for number, *_ in lines} == set("0123456")


def test_each_line_may_have_a_beginning_of_its_own(on: Translate, folders: dict[str, str]) -> None:
    prefixes = ["a dog", "", "the", "the food", "it", "", ""]
    write("begin.txt", prefixes)
    code, out, _ = on("one", "in.txt", "--prefix-file", "begin.txt")
    assert code == 0
    assert out.split("\n")[:-1] == [one.text for one in expected(folders, prefix=prefixes)]


@pytest.mark.parametrize("count", [6, 8])
def test_beginnings_have_to_be_as_many_as_the_lines(on: Translate, count: int) -> None:
    write("begin.txt", ["it"] * count)
    code, out, err = on("one", "in.txt", "--prefix-file", "begin.txt")
    assert (code, out) == (1, "")
    than = "more" if count == 6 else "7"
    assert err.startswith(f"glassformer: begin.txt has {count} lines, but in.txt has {than}: expec")


def test_a_model_with_several_targets_lists_them(on: Translate, folders: dict[str, str]) -> None:
    code, out, err = on("three", "in.txt")
    assert (code, out) == (2, "")
    assert err == (
        "glassformer: this model translates to fr, de, zh: choose the target language (--to "
        "LANGUAGE)\n"
    )
    assert "but not to 'en'" in on("three", "in.txt", "--to", "en")[2]
    code, out, _ = on("three", "in.txt", "--to", "de")
    assert code == 0
    assert out.split("\n")[3] == load(folders["three"]).translate("the food", to="de").text
    assert on("one", "in.txt", "--to", "fr")[0] == 0


def stdin_of(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))


def test_stdin_is_read_and_gzip_too(on: Translate, monkeypatch: pytest.MonkeyPatch) -> None:
    out = on("one", "in.txt")[1]
    data = Path("in.txt").read_bytes()
    for arguments, given in (([], data), (["-"], gzip.compress(data))):
        monkeypatch.setattr(sys, "stdin", stdin_of(given))
        assert on("one", *arguments) == (0, out, "")


def test_no_line_has_no_translation(on: Translate) -> None:
    write("empty.txt", [])
    assert on("one", "empty.txt") == (0, "", "")
    write("blank.txt", ["", " "])
    assert on("one", "blank.txt") == (0, "\n\n", "")


def test_the_output_is_a_file(on: Translate) -> None:
    out = on("one", "in.txt")[1]
    assert on("one", "in.txt", "--output", "out.txt") == (0, "", "wrote out.txt: lines 7\n")
    assert Path("out.txt").read_text(encoding="utf-8") == out
    code, _, err = on("one", "in.txt", "--output", "out.txt")
    assert (code, "out.txt already exists" in err) == (1, True)
    write("in.txt", ["dog"])
    said = "已写入 out.txt：行数 1\n"
    assert on("one", "in.txt", "--output", "out.txt", "--force", "--language", "zh")[2] == said
    assert Path("out.txt").read_text(encoding="utf-8").count("\n") == 1


def test_a_failure_before_the_work_leaves_what_was_there(on: Translate) -> None:
    Path("out.txt").write_text("before")
    for arguments in (["--to", "en"], ["--n-best", "9"]):
        assert on("three", "in.txt", "--output", "out.txt", "--force", *arguments)[0] == 2
        assert Path("out.txt").read_text() == "before"


LONG = " ".join("a" * 41)


def test_a_line_that_is_too_long_is_named_or_cut(on: Translate) -> None:
    write("in.txt", ["dog", "", LONG])
    code, _, err = on("one", "in.txt")
    assert code == 1
    assert err.startswith("glassformer: in.txt, line 3: the text has 42 tokens, but this model ")
    assert "at most 41: shorten it, or truncate it (--truncate" in err
    code, out, _ = on("one", "in.txt", "--truncate")
    assert (code, out.count("\n")) == (0, 3)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["nowhere.txt"], 1, "cannot read nowhere.txt: No such file"),
        (["in.txt", "--n-best", "5"], 2, "--n-best must be at most --beam-size"),
        (
            ["in.txt", "--top-k", "5"],
            2,
            "require sampling: also give a temperature, such as --temperature",
        ),
        (["in.txt", "--length-penalty", "nan"], 2, "--length-penalty must be at least 0"),
        (["in.txt", "--batch-size", "2", "--batch-tokens", "9"], 2, "exclude each other"),
        (["in.txt", "--prefix", "a", "--prefix-file", "in.txt"], 2, "exclude each other"),
        (["in.txt", "--prefix-file", "-"], 2, "from a file, not from stdin"),
        (["in.txt", "--output", "in.txt", "--force"], 2, "the output in.txt is the input itself"),
        (["in.txt", "--output", "no/out.txt"], 1, "the folder no does not exist"),
        (
            ["in.txt", "--prefix", "a dog ate", "--max-length", "3"],
            2,
            "in.txt, line 1: the prefix has 3 tokens, but a translation may have at most 3",
        ),
        (["in.txt", "--prefix", "é"], 2, "in.txt, line 1: the prefix contains a token"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    on: Translate, arguments: list[str], code: int, complaint: str
) -> None:
    got, out, err = on("one", *arguments)
    assert (got, out) == (code, "")
    assert err.startswith("glassformer: ")
    assert err.count("\n") == 1
    assert complaint in err


def test_an_encoder_cannot_translate(on: Translate, folders: dict[str, str]) -> None:
    code, out, err = on("encoder", "in.txt")
    assert (code, out) == (2, "")
    assert f"{folders['encoder']} is an encoder without a decoder" in err
    assert "--model FOLDER" in err


@pytest.mark.parametrize("output", [None, "out.txt"])
def test_what_is_done_when_ctrl_c_comes_stays(
    on: Translate, output: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = on("one", "in.txt")[1].split("\n")
    batches: list[int] = []
    run_batch = Translator._run

    def interrupted(self: Translator, tasks: Any, search: Any) -> Any:
        batches.append(len(tasks))
        if len(batches) == 3:
            raise KeyboardInterrupt
        return run_batch(self, tasks, search)

    monkeypatch.setattr(Translator, "_run", interrupted)
    options = [] if output is None else ["--output", output]
    code, out, err = on("one", "in.txt", "--read-ahead", "1", *options)
    assert (code, err.strip()) == (130, "glassformer: interrupted")
    if output is not None:
        assert out == ""
        out = Path(output).read_text(encoding="utf-8")
    assert out == "".join(f"{line}\n" for line in whole[:3])  # the third of them is blank


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_where_it_is_seen_and_disturbs_nothing(
    on: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = on("one", "in.txt")[1]
    for options, drawn in (([], True), (["--quiet"], False)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        code, out, _ = on("one", "in.txt", *options)
        assert (code, out) == (0, plain)
        assert ("line 7" in terminal.getvalue()) is drawn
        assert ("\x1b[" in terminal.getvalue()) is drawn
    both = Terminal()
    monkeypatch.setattr(sys, "stderr", both)
    monkeypatch.setattr(sys, "stdout", both)
    on("one", "in.txt")
    assert both.getvalue() == plain


def test_a_terminal_is_answered_line_by_line(
    on: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = stdin_of(Path("in.txt").read_bytes())
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", stdin)
    batches = []
    run_batch = Translator._run

    def watched(self: Translator, tasks: Any, search: Any) -> Any:
        batches.append(len(tasks))
        return run_batch(self, tasks, search)

    monkeypatch.setattr(Translator, "_run", watched)
    code, _, err = on("one")
    assert (code, batches) == (0, [1] * 5)
    assert err == "reading lines from the terminal; end with Ctrl-D\n"


def started(folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    package = Path(glassformer.__file__).parents[1]
    command = [sys.executable, "-W", "ignore", "-m", "glassformer", "translate", *arguments]
    return subprocess.Popen(
        [*command, "--model", folder, "--read-ahead", "1", "--beam-size", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(package)},
    )


def test_a_line_is_answered_at_once_and_ctrl_c_leaves_it(folders: dict[str, str]) -> None:
    process = started(folders["one"])
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"a dog ate the food\n")
    process.stdin.flush()
    first = process.stdout.readline()
    assert first.endswith(b"\n")
    process.send_signal(signal.SIGINT)  # while it waits for more
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, b"", b"glassformer: interrupted")


def test_a_reader_that_has_gone_is_no_error(folders: dict[str, str]) -> None:
    process = started(folders["one"], "in.txt")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()
    assert (process.wait(60), complaint) == (0, b"")
