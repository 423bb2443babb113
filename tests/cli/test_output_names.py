"""The ending of an output's name chooses the format; what it promises is kept or refused."""

import json
from pathlib import Path

import pytest
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder

from glassformer.cli import run
from glassformer.errors import UsageError
from glassformer.outputs import format_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_folder(tmp_path_factory.mktemp("models") / "encoder", encoder_config()))


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(
        write_folder(tmp_path_factory.mktemp("models") / "one", translator_config(tags=TAGS[:1]))
    )


BEGINNINGS = {
    ".svg": b"<svg",
    ".SVG": b"<svg",
    ".png": b"\x89PNG",
    ".json": b'{"schema": "glassformer.inspect/2"',
    ".txt": b"",
    "": b"",
}


@pytest.mark.parametrize("ending", BEGINNINGS)
def test_the_ending_is_the_format(folder: str, tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"x{ending}"
    command = ["inspect", SENTENCE, "--model", folder, "--quiet", "--output", str(output)]
    assert run(command) == 0
    assert output.read_bytes().startswith(BEGINNINGS[ending])
    if ending in ("", ".txt"):
        assert "Structure" in output.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("output", "format_", "complaint"),
    [
        ("x.svg", "json", "x.svg ends in .svg, but --format json was given"),
        ("x.json", "png", "x.json ends in .json, but --format png was given"),
        ("x.doc", None, "unsupported file extension .doc"),
        ("x.jsonl", None, "unsupported file extension .jsonl"),
        ("x.svg.gz", None, "unsupported file extension .gz"),
    ],
)
def test_contradictions_and_unknown_endings_are_refused(
    folder: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    output: str,
    format_: str | None,
    complaint: str,
) -> None:
    asked = [] if format_ is None else ["--format", format_]
    path = tmp_path / output
    assert run(["inspect", SENTENCE, "--model", folder, "--output", str(path), *asked]) == 2
    assert complaint in capsys.readouterr().err
    assert not path.exists()


@pytest.mark.parametrize("ending", [".jsonl", ".fr", ".txt", ""])
def test_translations_are_json_lines_where_the_name_says_so(
    translator: str, tmp_path: Path, ending: str
) -> None:
    output = tmp_path / f"out{ending}"
    command = ["translate", "--text", SENTENCE, "--model", translator, "--quiet"]
    assert run([*command, "--output", str(output)]) == 0
    text = output.read_text(encoding="utf-8")
    if ending == ".jsonl":
        assert json.loads(text)["schema"] == "glassformer.translate/2"
    else:
        assert "schema" not in text


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.docx", "out.tmx", "out.gz"])
def test_a_name_that_promises_another_kind_of_file_is_refused(
    translator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    command = ["translate", "--text", SENTENCE, "--model", translator]
    assert run([*command, "--output", str(tmp_path / name)]) == 2
    assert "unsupported file extension" in capsys.readouterr().err


def test_a_format_of_another_name_contradicts() -> None:
    with pytest.raises(UsageError, match='but format="text" was given'):
        format_of(Path("a.jsonl"), "text", {".jsonl": "jsonl"}, default="text")
    assert format_of(Path("a.fr"), "jsonl", {".jsonl": "jsonl"}, default="text", any_ending=True)
