"""`glassformer tour`: what it writes, what it opens, what it refuses."""

import webbrowser
from pathlib import Path

import pytest
from models_for_tests import encoder_config, translator_config, write_folder

from glassformer.cli import run
from glassformer.server import serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("models") / "lesson", translator_config())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was to open."""
    addresses: list[str] = []

    def open_(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    return addresses


def test_it_writes_a_page_prints_where_and_opens_it_at_the_first_stop(
    folder: Path, tmp_path: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a dog.html"
    assert run(["tour", "a dog", "--model", str(folder), "--output", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert opened == [f"{path.as_uri()}#tour-1"]
    document = path.read_text(encoding="utf-8")
    assert '"text":"a dog","to":"fr"' in document.replace('"text": "a dog", "to"', "")
    assert run(["tour", "a dog", "--model", str(folder), "--output", str(path)]) == 1
    assert "already exists" in capsys.readouterr().err


def test_without_a_place_and_a_sentence_it_makes_a_new_file_of_the_article_s(
    folder: Path, tmp_path: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["tour", "--model", str(folder), "--no-browser", "--language", "zh"]) == 0
    path = Path(capsys.readouterr().out.strip())
    document = path.read_text(encoding="utf-8")
    path.unlink()
    path.parent.rmdir()
    assert "a dog ate the food because it was hungry" in document
    assert '<html lang="zh-Hans"' in document
    assert opened == []


def test_an_encoder_has_a_tour_too(
    tmp_path: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path / "encoder", encoder_config())
    path = tmp_path / "tour.html"
    assert run(["tour", "a dog", "--model", str(folder), "--output", str(path)]) == 0
    assert '"decoder":null' in path.read_text(encoding="utf-8")
    assert len(opened) == 1


def test_where_there_is_no_browser_it_says_what_to_open(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    path = tmp_path / "tour.html"
    assert run(["tour", "a dog", "--model", str(folder), "--output", str(path)]) == 0
    assert f"open {path.as_uri()}#tour-1 in one" in capsys.readouterr().err


def test_served_it_opens_the_sentence_at_the_server(
    folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def serve(**settings: object) -> None:
        given.update(settings)
        ready = settings["ready"]
        assert callable(ready)
        ready("http://127.0.0.1:5/")

    monkeypatch.setattr(serving, "serve", serve)
    assert run(["tour", "a dog & <b>", "--serve", "--model", str(folder), "--to", "de"]) == 0
    assert given["model"] == [str(folder)]
    assert given["port"] == 0
    assert opened == ["http://127.0.0.1:5/?text=a+dog+%26+%3Cb%3E&to=de&language=en#tour-1"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a", "dog"], "expected one sentence"),
        (["a dog", "--serve", "--output", "a.html"], "--serve writes no file: leave --output out"),
        (["a dog", "--serve", "--with-weights"], "leave --with-weights out"),
        (["a dog", "--port", "80"], "--port is for --serve"),
        (["a dog", "--output", "a.pdf"], "a page is saved as .html, but not as a.pdf"),
        (["a dog", "--output", "nowhere/a.html"], "the folder nowhere does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_model_is_loaded(
    arguments: list[str], said: str, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["tour", *arguments, "--model", "there/is/none"]) in (1, 2)
    assert said in capsys.readouterr().err
    assert opened == []


def test_a_language_that_the_model_does_not_have_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tour.html"
    arguments = ["--model", str(folder), "--to", "xx", "--output", str(path)]
    assert run(["tour", "a dog", *arguments]) == 2
    assert "xx" in capsys.readouterr().err
    assert not path.exists()
