"""The decoder's side of `glassformer inspect`: rows, candidates, another target, the search."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from models_for_tests import SENTENCE, encoder_config, translator_config, write_folder
from rich.cells import cell_len
from schemas_for_tests import check

from glassformer.cli import run
from glassformer.views import AttentionView, from_json

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.inspect/2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_folder(tmp_path_factory.mktemp("model") / "three", translator_config()))


@pytest.fixture
def inspect(folder: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command on the sentence: exit status, what it printed, what it complained of."""

    def inspect(*arguments: str, model: str = folder) -> tuple[int, str, str]:
        code = run(["inspect", SENTENCE, "--model", model, "--quiet", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return inspect


@pytest.fixture
def data_of(inspect: Any) -> Any:
    """The same as JSON that keeps to the schema."""

    def data_of(*arguments: str) -> dict[str, Any]:
        code, out, err = inspect("--format", "json", *arguments)
        assert (code, err) == (0, "")
        data: dict[str, Any] = json.loads(out, parse_constant=pytest.fail)
        check(data, SCHEMA)
        return data

    return data_of


def test_predictions_are_listed(inspect: Any, data_of: Any) -> None:
    data = data_of("--to", "zh")
    predictions = data["predictions"]
    assert [one["input"] for one in predictions] == data["target_tokens"]
    assert [one["token"] for one in predictions] == [*data["target_tokens"][1:], "</s>"]
    assert sum(one["score"] for one in predictions) == pytest.approx(data["score"], abs=1e-4)
    assert data["align"] == "input"
    assert "history" not in data
    assert "contrast" not in data
    out = inspect("--to", "zh")[1]
    table = out.partition("Predictions\n")[2].split("\n")
    for one, line in zip(predictions, table[2:], strict=False):
        assert re.match(rf"{re.escape(one['input'])} +{re.escape(one['token'])} +", line)
        assert f" {one['probability']:.2f} " in line
        best = one["best"][0]
        assert f"{best['token']} {best['probability']:.2f}" in line


def test_rows_may_stand_under_what_they_predict(inspect: Any, data_of: Any) -> None:
    options = ("--part", "cross", "--tokens", "--special", "--layer", "2", "--head", "7")
    read, predicted = data_of(*options), data_of(*options, "--align", "output")
    assert read["links"] == predicted["links"]
    assert (read["align"], predicted["align"]) == ("input", "output")
    code, out, _ = inspect(*options, "--align", "output", "--steps", "none")
    assert code == 0
    assert "a row stands under the token that it predicts" in out
    assert "</s>" in out.partition("row attends to column")[2]
    assert "each predicts the one after it" not in out
    out = inspect("--align", "output", "--language", "zh")[1]
    assert "每行归于它所预测的词元" in out
    words = data_of("--align", "output", "--to", "zh", "--word", "iii", "--part", "cross")
    before = data_of("--to", "zh", "--word", "iii", "--part", "cross")
    assert {x["from"] for x in words["links"]} == {x["from"] for x in before["links"]}
    assert words["links"] != before["links"]


def test_a_picture_says_to_which_token_a_row_belongs(inspect: Any) -> None:
    code, out, _ = inspect("--part", "cross", "--align", "output", "--format", "svg")
    assert code == 0
    assert "A row stands under the token that it predicts" in out
    out = inspect("--view", "attention", "--part", "cross", "--align", "output", "--format", "json")
    view = from_json(json.loads(out[1]))
    assert isinstance(view, AttentionView)
    assert view.align == "output"


def test_two_targets_are_compared(inspect: Any, data_of: Any) -> None:
    options = ("--target", "the dog ate", "--contrast", "the dog was tasty")
    data = data_of(*options)
    contrast = data["contrast"]
    assert contrast["parts_at"] == 2
    assert contrast["first"]["text"] == data["translation"] == "the dog ate"
    assert contrast["first"]["scores"] == [one["score"] for one in data["predictions"]]
    difference = contrast["first"]["scores"][2] - contrast["second"]["scores"][2]
    assert contrast["difference"]["at_parting"] == difference
    code, out, _ = inspect(*options)
    assert code == 0
    assert "tokens in common: 2;" in out
    assert re.search(
        rf"where they part, ▁ate \(.*\) or ▁was \(.*\): {re.escape(f'{difference:+.2f}')}, ", out
    )
    assert f"in all: {contrast['difference']['in_all']:+.2f}" in out
    assert "对比" in inspect(*options, "--language", "zh")[1]


def test_the_models_own_translation_is_compared_too(data_of: Any) -> None:
    data = data_of("--contrast", "dog", "--to", "de")
    assert data["contrast"]["first"]["text"] == data["translations"]["de"]["text"]


def test_what_is_impossible_is_called_so(inspect: Any, data_of: Any) -> None:
    options = ("--target", "dog 👍", "--contrast", "dog a")
    assert data_of(*options)["contrast"]["difference"]["in_all"] is None
    assert "in all: one of them is impossible" in inspect(*options)[1]


def test_the_search_is_told(inspect: Any, data_of: Any) -> None:
    data = data_of("--history", "--beam-size", "3", "--to", "zh")
    assert len(data["history"][0]) == 6
    ended = [one for step in data["history"] for one in step if one["fate"] == "ended"]
    own = next(one for one in ended if one["tokens"][:-1] == data["translations"]["zh"]["tokens"])
    assert own["score"] == pytest.approx(data["score"])
    code, out, _ = inspect("--history", "--beam-size", "3", "--to", "zh")
    assert code == 0
    told = out.partition("What the search considered\n")[2].rstrip("\n").split("\n")[1:]
    assert len(told) == sum(map(len, data["history"]))
    assert f"■ {own['score']:8.2f}  {' '.join(own['tokens'])}" in "\n".join(told)


def test_a_beam_of_one_is_greedy(data_of: Any) -> None:
    data = data_of("--beam-size", "1", "--to", "de")
    assert {one["rank"] for one in data["predictions"]} == {1}


def test_every_line_fits(inspect: Any) -> None:
    out = inspect("--history", "--contrast", "dog 狗 👍 \x1b[31m\u202e", "--align", "output")[1]
    table = out.partition("Predictions\n")[2].partition("\n\n")[0]
    assert all(cell_len(line) <= 100 for line in table.split("\n"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", out)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--history", "--target", "dog"], "no translation was searched for"),
        (["--align", "output", "--part", "encoder"], "--align is about rows of the decoder"),
        (["--align", "output", "--word", "dog"], "--align is about rows of the decoder"),
        (["--contrast", "dog", "--target", "dog"], '"dog" and "dog" have the same tokens'),
        (["--contrast", "dog", "--format", "svg"], "--contrast belongs to the whole report"),
        (["--history", "--view", "grid"], "--history belongs to the whole report"),
        (["--view", "grid", "--align", "output"], "--view grid has no use for --align"),
        (["--contrast", "dog", "--to", "tlh"], "this model translates to fr, de, zh"),
    ],
)
def test_what_makes_no_sense(inspect: Any, arguments: list[str], complaint: str) -> None:
    code, out, err = inspect(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err


@pytest.mark.parametrize("option", [["--contrast", "dog"], ["--history"], ["--align", "output"]])
def test_an_encoder_has_no_such_side(inspect: Any, tmp_path: Path, option: list[str]) -> None:
    folder = str(write_folder(tmp_path / "encoder", encoder_config()))
    code, out, err = inspect(*option, model=folder)
    assert (code, out) == (2, "")
    assert err.startswith("glassformer: ")
