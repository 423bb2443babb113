import gzip
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
import torch
from encoding.tiny import TINY, WORDS, minilm, tiny_tokenizer
from safetensors.numpy import load_file
from strategies import build

import glassformer
from glassformer.cli import run
from glassformer.encoding import encoder as encoder_module
from glassformer.encoding.pooling import PoolingMode
from glassformer.library import load, loading
from glassformer.pretrained.folder import write_model

LINES = ["a dog ate the food", "it", "狗 吃", "the dog was hungry", "שלום 🐕", "é"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a model of one layer, width 14, that takes 23 tokens."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_model(folder, build(TINY, torch.float32), tiny_tokenizer().to_json())
    return str(folder)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_file(lines: list[str], name: str = "in.txt") -> str:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return name


def arrays(name: str) -> dict[str, np.ndarray]:
    with np.load(name, allow_pickle=False) as data:
        return dict(data)


Complaint = Callable[[list[str]], tuple[int, str]]


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str]) -> Complaint:
    """Exit code and the one line that a failing command says; it has to leave no file."""

    def of(arguments: list[str]) -> tuple[int, str]:
        before = sorted(Path().iterdir())
        code = run(["encode", *arguments])
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert captured.err.startswith("glassformer: ")
        assert sorted(Path().iterdir()) == before
        return code, captured.err.removeprefix("glassformer: ").strip()

    return of


@pytest.mark.parametrize("batch_tokens", [[], ["--batch-tokens", "9"]])
def test_writes_r_of_each_line_in_order(
    place: Path, tiny: str, capsys: pytest.CaptureFixture[str], batch_tokens: list[str]
) -> None:
    assert (
        run(["encode", text_file(LINES), "--output", "r.npz", "--model", tiny, *batch_tokens]) == 0
    )
    result = arrays("r.npz")
    expected = load(tiny).encode(LINES)
    assert result.keys() == {"vectors", "offsets", "tokens"}
    assert result["offsets"].tolist() == [0, 7, 10, 14, 20, 24, 27]
    for one, start, end in zip(
        expected, result["offsets"][:-1], result["offsets"][1:], strict=True
    ):
        np.testing.assert_allclose(result["vectors"][start:end], one.vectors, rtol=0, atol=1e-5)
        assert tuple(result["tokens"][start:end]) == one.tokens
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "wrote r.npz: lines 6, tokens 27, vectors [27, 14]\n"
    assert sorted(path.name for path in place.iterdir()) == ["in.txt", "r.npz"]


def test_order_and_offsets_hold_over_many_windows(
    place: Path, tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_module, "WINDOW_TEXTS", 7)
    lines = [" ".join(WORDS[: 1 + 5 * number % 13]) for number in range(100)]
    assert run(["encode", text_file(lines), "--output", "r.npz", "--model", tiny, "--quiet"]) == 0
    result = arrays("r.npz")
    rows = np.split(result["tokens"], result["offsets"][1:-1])
    assert [" ".join(row[1:-1]) for row in rows] == lines


@pytest.mark.parametrize("pool", ["mean", "cls"])
def test_pools_what_it_is_asked_to(
    place: Path, tiny: str, pool: PoolingMode, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["encode", text_file(LINES), "--pool", pool, "--normalize", "--model", tiny]
    assert run([*arguments, "--output", "r.safetensors", "--quiet"]) == 0
    result = load_file("r.safetensors")
    assert result.keys() == {"vectors"}
    expected = load(tiny).encode(LINES, pool=pool, normalize=True)
    np.testing.assert_allclose(
        result["vectors"], [one.vectors for one in expected], rtol=0, atol=1e-5
    )
    assert capsys.readouterr().err == ""


def test_writes_parquet_and_keeps_float64(place: Path, tiny: str) -> None:
    arguments = ["--model", tiny, "--precision", "float64", "--quiet"]
    assert run(["encode", text_file(LINES), "--output", "r.parquet", *arguments]) == 0
    table = pyarrow.parquet.read_table("r.parquet")
    assert table["text"].to_pylist() == LINES
    assert str(table["vectors"].type) == ("list<element: fixed_size_list<element: double>[14]>")


def test_minilm_pools_as_its_own_files_say(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = minilm()
    assert run(["encode", text_file(LINES), "--output", "r.npz", "--model", model.name]) == 0
    result = arrays("r.npz")
    assert result.keys() == {"vectors"}
    assert result["vectors"].shape == (6, 384)
    np.testing.assert_allclose(
        result["vectors"],
        [one.vectors for one in model.encode(LINES, pool="mean", normalize=True)],
        rtol=0,
        atol=1e-5,
    )
    said = capsys.readouterr().err.splitlines()
    assert said[0] == (
        "the model's own pooling is used: the mean over the tokens, made length 1 "
        "(--pool none keeps one vector per token)"
    )
    assert run(["encode", "in.txt", "--output", "all.npz", "--pool", "none"]) == 0
    assert arrays("all.npz")["vectors"].shape[0] > 6
    assert "own pooling" not in capsys.readouterr().err


def test_a_pooling_that_cannot_be_computed_has_to_be_replaced(
    place: Path, tiny: str, complaint: Complaint
) -> None:
    modules = Path(tiny) / "modules.json"
    modules.write_text('[{"type": "Transformer", "path": ""}, {"type": "Dense", "path": "1"}]')
    try:
        code, message = complaint([text_file(LINES), "--output", "r.npz", "--model", tiny])
        assert code == 2
        assert message.startswith(
            "this sentence model applies Dense after the encoder, which is not"
        )
        assert run(["encode", "in.txt", "--output", "r.npz", "--model", tiny, "--pool", "cls"]) == 0
    finally:
        modules.unlink()


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("argument", [[], ["-"]])
def test_reads_stdin_and_writes_stdout(
    place: Path,
    tiny: str,
    argument: list[str],
    gzipped: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    data = "\ufeffa dog\r\nit was".encode()
    data = gzip.compress(data) if gzipped else data
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert run(["encode", *argument, "--output", "-", "--model", tiny]) == 0
    captured = capsysbinary.readouterr()
    with np.load(io.BytesIO(captured.out), allow_pickle=False) as result:
        assert " ".join(result["tokens"]) == "[CLS] a dog [SEP] [CLS] it was [SEP]"
    assert captured.err == b"wrote stdout: lines 2, tokens 8, vectors [8, 14]\n"
    assert list(place.iterdir()) == []


def test_binary_is_not_written_to_a_terminal(
    place: Path, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, message = complaint([text_file(LINES), "--output", "-"])
    assert code == 2
    assert message.startswith("the output is binary and not written to a terminal: give --output")


def test_reads_gzip(place: Path, tiny: str) -> None:
    Path("in.gz").write_bytes(gzip.compress("\n".join(LINES).encode()))
    assert run(["encode", "in.gz", "--output", "r.npz", "--model", tiny, "--quiet"]) == 0
    assert len(arrays("r.npz")["offsets"]) == 7


def test_a_blank_line_is_an_error_with_its_number(
    place: Path, tiny: str, complaint: Complaint
) -> None:
    name = text_file(["a dog", "it", " \t\u200b", "was"])
    code, message = complaint([name, "--output", "r.npz", "--model", tiny])
    assert code == 1
    assert message == (
        "in.txt, line 3 is blank, but a sentence is needed: --skip-blank skips blank lines"
    )


def test_blank_lines_can_be_left_out_and_the_numbers_of_the_others_kept(
    place: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = text_file(["", "a dog", "\u2028", "it", "was", " "])
    assert run(["encode", name, "--output", "r.npz", "--model", tiny, "--skip-blank"]) == 0
    result = arrays("r.npz")
    assert result["lines"].tolist() == [2, 4, 5]
    assert result["offsets"].tolist() == [0, 4, 7, 10]
    note, *said = capsys.readouterr().err.splitlines()
    assert "line 3, U+2028" in note
    assert said == [
        "blank lines left out: 3",
        "wrote r.npz: lines 3, tokens 10, vectors [10, 14]",
    ]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"", [], "in.txt is empty: expected one sentence per line"),
        (b"\n \n", ["--skip-blank"], "in.txt has only blank lines: expected one sentence per line"),
        (b"a\ncaf\xe9\n", [], "in.txt, line 2 is not UTF-8: byte 4 is 0xe9"),
        ("a dog\n".encode("utf-16"), [], "in.txt is not UTF-8: it looks like UTF-16"),
        (
            b"a\n\nit\n" + b"it " * 22 + b"\n",
            ["--skip-blank"],
            "in.txt, line 4: the text has 24 tokens, but this model accepts at most 23: shorten",
        ),
        (b"a " * 100_000, [], "in.txt, line 1: the text has 100002 tokens, but this model accepts"),
    ],
)
def test_lines_that_cannot_be_used(
    place: Path, tiny: str, complaint: Complaint, data: bytes, options: list[str], message: str
) -> None:
    Path("in.txt").write_bytes(data)
    code, said = complaint(["in.txt", "--output", "r.npz", "--model", tiny, *options])
    assert code == 1
    assert said.startswith(message)


def test_an_error_in_the_middle_leaves_nothing(
    place: Path, tiny: str, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_module, "WINDOW_TEXTS", 3)
    name = text_file(["a dog"] * 10 + ["it " * 22])
    for output in ("r.npz", "r.safetensors", "r.parquet"):
        code, said = complaint([name, "--output", output, "--model", tiny])
        assert code == 1
        assert said.startswith("in.txt, line 11: the text has 24 tokens")


def test_truncates_and_says_how_many_lines(
    place: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = text_file(["it " * 22, "a dog", "the " * 999])
    assert run(["encode", name, "--output", "r.npz", "--model", tiny, "--truncate"]) == 0
    assert np.diff(arrays("r.npz")["offsets"]).tolist() == [23, 4, 23]
    assert capsys.readouterr().err.splitlines()[0] == "lines cut off after 23 tokens: 2"


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever loads a model has begun the work."""

    def begin(*_: object) -> None:
        raise AssertionError("what is wrong could have been said before")

    monkeypatch.setattr(loading, "load", begin)


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere.txt", "--output", "r.npz"], 1, "cannot read nowhere.txt: No such file"),
        ([".", "--output", "r.npz"], 1, "cannot read .: Is a directory"),
        (
            ["in.txt", "--output", "r.txt"],
            2,
            "the output file must end in .npz, .safetensors or .parqu",
        ),
        (["in.txt", "--output", "r"], 2, "the output file must end in .npz"),
        (["in.txt", "--output", "old.npz"], 1, "old.npz already exists: give another name, or --f"),
        (
            ["in.txt", "--output", "no/r.npz"],
            1,
            "cannot write no/r.npz: the folder no does not exist",
        ),
        (["in.txt", "--output", "folder.npz"], 1, "cannot write folder.npz: it is a folder"),
        (["in.npz", "--output", "in.npz", "--force"], 2, "the output in.npz is the input itself"),
        (["in.txt"], 2, "Missing option '--output'"),
        (["in.txt", "--output", "r.npz", "--pool", "max"], 2, "Invalid value for '--pool'"),
        (["in.txt", "--output", "r.npz", "--batch-tokens", "0"], 2, "Invalid value for '--batch"),
    ],
)
def test_what_is_wrong_is_said_before_the_work(
    place: Path, complaint: Complaint, arguments: list[str], code: int, message: str
) -> None:
    text_file(LINES)
    text_file(LINES, "in.npz")
    Path("old.npz").touch()
    Path("folder.npz").mkdir()
    assert complaint(arguments)[0] == code
    assert complaint(arguments)[1].startswith(message)


@pytest.mark.usefixtures("no_model")
def test_a_folder_that_nobody_may_write_to(
    place: Path, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, who may all
    code, message = complaint([text_file(LINES), "--output", "r.npz"])
    assert (code, message) == (1, "cannot write r.npz: no permission to write in .")


def test_force_replaces(place: Path, tiny: str) -> None:
    Path("r.npz").write_bytes(b"before")
    arguments = ["encode", text_file(LINES), "--output", "r.npz", "--model", tiny, "--quiet"]
    assert run([*arguments, "--force"]) == 0
    assert len(arrays("r.npz")["offsets"]) == 7


def test_speaks_chinese(place: Path, tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = text_file(["a dog", "", "it " * 22])
    options = ["--skip-blank", "--truncate", "--language", "zh", "--model", tiny]
    assert run(["encode", name, "--output", "r.npz", *options]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "略去的空白行数：1",
        "只保留前 23 个词元的行数：1",
        "已写入 r.npz：行数 2，词元数 27，向量形状 [27, 14]",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_and_only_there(
    place: Path, tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    arguments = ["encode", text_file(LINES), "--output", "r.npz", "--model", tiny, "--force"]
    for options, drawn in (([], True), (["--quiet"], False)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        assert run([*arguments, *options]) == 0
        assert ("line 6" in terminal.getvalue()) is drawn
        assert ("\x1b[" in terminal.getvalue()) is drawn


def test_help_does_not_import_torch() -> None:
    code = (
        "import sys; from glassformer.cli import run; run(['encode', '--help']);"
        "sys.exit('torch' in sys.modules or 'rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=environment(), timeout=60)


def environment() -> dict[str, str]:
    package = Path(glassformer.__file__).parents[1]
    return {**os.environ, "PYTHONPATH": str(package)}


def test_ctrl_c_in_the_middle_leaves_nothing(place: Path, tiny: str) -> None:
    arguments = ["encode", "--output", "r.parquet", "--model", tiny, "--force"]
    Path("r.parquet").write_bytes(b"before")
    process = subprocess.Popen(
        [sys.executable, "-m", "glassformer", *arguments],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    process.stdin.write(b"a dog ate the food\n" * 3000)  # two windows, and it waits for a third
    process.stdin.flush()
    until = time.monotonic() + 60
    while len(list(place.iterdir())) == 1 and time.monotonic() < until:
        time.sleep(0.02)  # until the file it writes to is there
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == b"glassformer: interrupted"
    assert [path.name for path in place.iterdir()] == ["r.parquet"]
    assert Path("r.parquet").read_bytes() == b"before"
