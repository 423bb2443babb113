"""How far a list of texts has come is told to whoever asks, and drawn where somebody sees it."""

import sys

import pytest
from models_for_tests import SENTENCE, TAGS, translator_config, write_folder

from glassformer.library import Glassformer, load


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Glassformer:
    folder = tmp_path_factory.mktemp("models") / "one"
    return load(write_folder(folder, translator_config(tags=TAGS[:1])))


class Told:
    def __init__(self) -> None:
        self.total: int | None = None
        self.done: list[tuple[int, int]] = []

    def begin(self, total: int | None) -> None:
        self.total = total

    def advance(self, done: int, number: int) -> None:
        self.done.append((done, number))


def test_each_trace_is_told(model: Glassformer) -> None:
    told = Told()
    assert len(model.inspect([SENTENCE, "dog", "food"], progress=told)) == 3
    assert told.total == 3
    assert told.done == [(1, 1), (2, 2), (3, 3)]


def test_a_bar_is_drawn_where_it_is_seen(
    model: Glassformer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model.inspect([SENTENCE, "dog"], progress=True)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    model.inspect([SENTENCE, "dog"], progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "tracing" in err
