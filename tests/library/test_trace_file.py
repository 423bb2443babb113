"""The steps asked for of each line of a file: one trace a line, and nothing else in memory."""

import json
from pathlib import Path

import numpy as np
import pytest
from models_for_tests import SENTENCE, TAGS, translator_config, write_folder

import glassformer
from glassformer.cli import run

NAMES = ["encoder.layers.*.self_attention.weights", "decoder.layers.0.cross_attention.weights"]
LINES = [SENTENCE, "dog", "the food was tasty", "a dog"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("models") / "one"
    return str(write_folder(place, translator_config(tags=TAGS[:1])))


@pytest.fixture
def lines(tmp_path: Path) -> str:
    (tmp_path / "in.txt").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return str(tmp_path / "in.txt")


def test_each_line_has_its_trace(folder: str, lines: str, tmp_path: Path) -> None:
    output = tmp_path / "traces"
    named = [word for name in NAMES for word in ("--names", name)]
    command = ["inspect", lines, *named, "--output", str(output), "--model", folder, "--quiet"]
    assert run(command) == 0
    assert sorted(path.name for path in output.iterdir()) == [
        f"00000{number}.{ending}" for number in range(1, 5) for ending in ("json", "safetensors")
    ]
    model = glassformer.load(folder)
    for number, line in enumerate(LINES, start=1):
        trace = glassformer.Trace.load(output / f"00000{number}.safetensors")
        alone = model.inspect(line, names=NAMES)
        assert trace.source.text == line
        assert list(trace) == list(alone)
        for name in trace:
            np.testing.assert_allclose(trace[name], alone[name], atol=1e-5)


def test_existing_traces_are_replaced_only_with_force(
    folder: str, lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "traces"
    command = ["inspect", lines, "--names", NAMES[0], "--output", str(output), "--model", folder]
    assert run(command) == 0
    assert f"wrote {output}: traces 4" in capsys.readouterr().err
    assert run(command) == 1
    assert "has traces already: give another name, or --force" in capsys.readouterr().err
    assert run([*command, "--force"]) == 0


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["encoder.layers.*.self_attention.wights"], "weights"),
        (["encoder.layers.9.*"], "encoder.layers.9"),
    ],
)
def test_a_name_that_matches_nothing_is_answered_with_similar_ones(
    folder: str, lines: str, tmp_path: Path, names: list[str], complaint: str
) -> None:
    with pytest.raises(glassformer.GlassformerError) as caught:
        glassformer.trace_file(lines, tmp_path / "traces", names=names, model=folder)
    assert complaint in str(caught.value)
    assert not (tmp_path / "traces").exists()


def test_a_line_that_cannot_be_read_is_named(folder: str, tmp_path: Path) -> None:
    texts = ["dog", "dog " * 50]
    with pytest.raises(glassformer.GlassformerError) as caught:
        glassformer.trace_file(texts, tmp_path / "traces", names=NAMES[:1], model=folder)
    assert str(caught.value).startswith("text 2: the text has")


def test_what_was_written_says_what_it_holds(folder: str, lines: str, tmp_path: Path) -> None:
    done = glassformer.trace_file(lines, tmp_path / "traces", names=NAMES[:1], model=folder)
    assert done.texts == 4
    data = json.loads((tmp_path / "traces" / "000001.json").read_text(encoding="utf-8"))
    assert all(step["name"].endswith(".self_attention.weights") for step in data["steps"])
