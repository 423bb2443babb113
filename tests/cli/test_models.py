"""`glassformer models`: what can be loaded here."""

import json
from pathlib import Path

import pytest
from models_for_tests import minilm

from glassformer.cli import run
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.files import PACKAGED

FIND = "glassformer.library.listing.find_packaged"


def test_what_is_installed_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    minilm()
    assert run(["models"]) == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == len(PACKAGED)
    for line, start in zip(
        out.splitlines(),
        ("en-fr-de-zh  English to French", "all-MiniLM-L6-v2  English sentence encoder"),
        strict=True,
    ):
        assert line.startswith(start)
        assert line.endswith("[installed]")
    assert all(family in err for family in (*FAMILIES, "marian"))
    assert err.count("\n") == 1


def test_what_is_not_installed_is_listed_with_its_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FIND, lambda model: None)
    assert run(["models", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert "[not installed: pip install 'glassformer[minilm]']" in out
    assert err == ""


@pytest.mark.parametrize("folder", [Path("/somewhere"), None])
def test_as_json_it_is_one_object_a_line(
    folder: Path | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FIND, lambda model: folder)
    assert run(["models", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    entries = [json.loads(line) for line in out.splitlines()]
    assert [entry["name"] for entry in entries] == [model.name for model in PACKAGED]
    for entry in entries:
        assert {*entry} == {"name", "about", "installed", "folder", "install"}
        assert entry["installed"] == (folder is not None)
        assert entry["folder"] == (None if folder is None else "/somewhere")
        assert entry["install"].startswith("pip install ")


@pytest.mark.parametrize(("found", "word"), [(Path("/x"), "可用"), (None, "未安装")])
def test_chinese_texts_for_chinese_readers(
    found: Path | None,
    word: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FIND, lambda model: found)
    assert run(["models", "--language", "zh"]) == 0
    out, err = capsys.readouterr()
    assert word in out
    assert "installed" not in out
    assert err.startswith("此外：")


def test_a_model_that_is_listed_can_be_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    minilm()
    assert run(["models", "--format", "json"]) == 0
    for line in capsys.readouterr().out.splitlines():
        entry = json.loads(line)
        if entry["installed"]:
            assert (Path(entry["folder"]) / "config.json").is_file()
            assert run(["inspect", "dog", "--model", entry["name"], "--steps", "none"]) == 0
