"""The command as a whole: help without torch, one line for every error, exit codes, pipes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from models_for_tests import SENTENCE, encoder_config, write_folder

import glassformer
from glassformer.cli import VERBS, inspect, run
from glassformer.errors import GlassformerError, UsageError

COMMAND = [sys.executable, "-W", "ignore", "-m", "glassformer"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_folder(tmp_path_factory.mktemp("model"), encoder_config()))


def test_help_of_every_verb_needs_no_torch() -> None:
    verbs = [[], *([verb] for verb in VERBS)]
    code = (
        "import sys\n"
        "from glassformer.cli import run\n"
        f"codes = [run([*verb, '--help']) for verb in {verbs!r}]\n"
        "assert codes == [0] * len(codes), codes\n"
        "assert run(['--version']) == 0\n"
        "assert run(['inspect']) == 2\n"
        "loaded = {'torch', 'numpy', 'safetensors', 'tokenizers'} & {*sys.modules}\n"
        "assert not loaded, loaded\n"
    )
    seen = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, encoding="utf-8"
    )
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.count("Usage: ") == len(verbs)


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "-h"):
        assert run([option]) == 0
        out = capsys.readouterr().out
        for verb, about in VERBS.items():
            assert re.search(rf"^  {verb} +{re.escape(about)}$", out, flags=re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_what_it_does(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"Usage: glassformer {verb} ")
    assert err == ""
    assert (Path(inspect.__file__).parent / f"{verb}.py").is_file()


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.endswith(f" {glassformer.__version__}\n")


def test_without_a_verb_the_help_is_shown_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Usage: glassformer")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["--nonsense"], "No such option"),
        (["inspect", "a", "--layer"], "requires an argument"),
        (["non\x1bsense\n"], r"'non\x1bsense\n'"),
        (["\ud800"], r"'\ud800'"),
        (["inspect", "a", "--layer", "\x1b[2J\n"], r"'\x1b[2J\n' is not a valid integer"),
        (["models", "b\x1b[2J"], "(b␛[2J)"),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"glassformer: [^\n\x1b]*\n", err)
    assert complaint in err


def failing(error: BaseException) -> click.Command:
    @click.command
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (GlassformerError("no\nluck"), 1, "no luck"),
        (UsageError("not\x1b[2J so"), 2, "not␛[2J so"),
        (OSError(28, "No space left on device"), 1, "cannot go on: [Errno 28] No space left"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (click.UsageError("no"), 2, "no"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_every_error_has_its_exit_code_and_one_line(
    error: BaseException,
    code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(inspect, "command", failing(error))
    assert run(["inspect"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip("\n").startswith(f"glassformer: {line}")
    assert err.strip("\n").count("\n") == 0


def test_an_error_of_our_own_making_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect, "command", failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        run(["inspect"])


def test_as_a_module_it_is_the_same_command(folder: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "50"}
    seen = subprocess.run(
        [*COMMAND, "inspect", f"{SENTENCE} 狗", "--model", folder, "--steps", "none"],
        capture_output=True,
        env=environment,
    )
    assert (seen.returncode, seen.stderr) == (0, b"")
    assert "狗" in seen.stdout.decode("utf-8")  # whatever the locale says
    assert max(map(len, seen.stdout.decode("utf-8").split("\n"))) > 50  # a file has 100 columns


ALL_LINKS = ("--layer", "1", "--tokens", "--heads", "all")


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", " ".join(["dog"] * 40), "--format", "text", *ALL_LINKS),
        ("inspect", " ".join(["dog"] * 40), "--format", "json", *ALL_LINKS),
        ("inspect", "--help"),
        ("--help",),
    ],
)
def test_a_reader_that_has_gone_is_no_error(folder: str, arguments: tuple[str, ...]) -> None:
    """As in `glassformer inspect … | head -1` under `set -o pipefail`."""
    model = () if "--help" in arguments else ("--model", folder)
    process = subprocess.Popen(
        [*COMMAND, *arguments, *model], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), complaint) == (0, b"")
