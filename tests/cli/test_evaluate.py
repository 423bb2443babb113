"""`glassformer evaluate`: scores of a model's or of given translations, and their comparison."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sacrebleu
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder
from schemas_for_tests import check

from glassformer.cli import run
from glassformer.library import load, loading

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.evaluate/2"
SOURCES = [SENTENCE, "dog", "", "the food", "狗 饿 了"]
REFERENCES = ["the dog ate it all up", "dog", "", "the food was tasty", "a dog was hungry"]
GOOD = ["the dog ate it all", "dog", "", "the food was tasty", "a dog was hungry"]
BAD = ["the dog", "", "", "food tasty", "dog hungry was"]


@pytest.fixture(autouse=True)
def _each_model_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", load_once)


load_once = functools.cache(loading.load)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    place = tmp_path_factory.mktemp("models")
    configs = {
        "three": translator_config(),
        "one": translator_config(tags=TAGS[:1]),
        "encoder": encoder_config(),
    }
    return {name: str(write_folder(place / name, config)) for name, config in configs.items()}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the texts, as files of lines and of columns."""
    monkeypatch.chdir(tmp_path)
    texts = {"source": SOURCES, "reference": REFERENCES, "good": GOOD, "bad": BAD}
    for name, lines in texts.items():
        write(name, lines)
    write("pairs.tsv", [f"{a}\t{b}\tx" for a, b in zip(SOURCES, REFERENCES, strict=True)])
    return tmp_path


def write(name: str, lines: list[str]) -> None:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(["evaluate", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


@pytest.fixture
def report(command: Run) -> Callable[..., dict[str, Any]]:
    """The one object that --format json prints, which keeps to the schema."""

    def report(*arguments: str) -> dict[str, Any]:
        code, out, err = command(*arguments, "--format", "json", "--bootstrap", "29")
        assert (code, err) == (0, "")
        data: dict[str, Any] = json.loads(out, parse_constant=pytest.fail)
        check(data, SCHEMA)
        return data

    return report


@pytest.mark.parametrize("texts", [["source", "reference"], ["--pairs", "pairs.tsv"]])
def test_a_model_is_measured_by_its_translations(
    report: Callable[..., dict[str, Any]], folders: dict[str, str], texts: list[str]
) -> None:
    data = report(*texts, "--model", folders["one"], "--beam-size", "2")
    translations = [one.text for one in load(folders["one"]).translate(SOURCES, beam_size=2)]
    expected = sacrebleu.corpus_chrf(translations, [REFERENCES]).score
    assert data["scores"]["chrf"]["score"] == pytest.approx(expected)
    assert data["scores"]["ter"]["score"] > 0.0
    assert (data["pairs"], data["to"], data["search"]["beam_size"]) == (5, "fr", 2)
    assert data["sentences_per_second"] == pytest.approx(5 / data["seconds"])
    assert data["against"] is None


def test_given_translations_need_no_model(
    report: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load", pytest.fail)
    data = report("source", "reference", "good", "--hypotheses", "good")
    assert data["scores"]["bleu"]["score"] == pytest.approx(100.0)
    assert "nrefs:2|bs:29|" in data["scores"]["bleu"]["signature"]
    assert (data["name"], data["references"]) == ("good", 2)
    assert (data["search"], data["seconds"], data["to"]) == (None, None, None)


def test_two_translations_are_compared(report: Callable[..., dict[str, Any]]) -> None:
    data = report("source", "reference", "--hypotheses", "good", "--against", "bad")
    alone = report("source", "reference", "--hypotheses", "bad")
    for name in ("bleu", "chrf", "ter"):
        ours, theirs = data["scores"][name], data["scores"][name]["against"]
        assert theirs["score"] == alone["scores"][name]["score"]
        assert theirs["difference"] == pytest.approx(ours["score"] - theirs["score"])
    assert data["against"] == "bad"


def test_two_models_are_compared(
    report: Callable[..., dict[str, Any]], folders: dict[str, str]
) -> None:
    models = ["--model", folders["one"], "--against-model", folders["three"]]
    data = report("source", "reference", *models, "--to", "fr")
    for score in data["scores"].values():
        assert (score["against"]["difference"], score["against"]["p"]) == (0.0, 1.0)
    assert data["against"] == folders["three"]


@pytest.mark.parametrize(
    ("arguments", "tokenize"),
    [([], "13a"), (["--to", "zh"], "zh"), (["--to", "zh", "--tokenize", "char"], "char")],
)
def test_bleu_is_cut_as_is_usual_for_the_language(
    report: Callable[..., dict[str, Any]], arguments: list[str], tokenize: str
) -> None:
    data = report("source", "reference", "--hypotheses", "good", *arguments)
    assert f"|tok:{tokenize}|" in data["scores"]["bleu"]["signature"]


def test_people_see_scores_signatures_and_speed(command: Run, folders: dict[str, str]) -> None:
    arguments = ["source", "reference", "--model", folders["one"], "--against", "bad"]
    code, out, err = command(*arguments, "--bootstrap", "31")
    assert (code, err) == (0, "")
    for shown in (
        f"{folders['one']}, 5 sentences\nBLEU  ",
        "\nchrF  ",
        "\nTER   ",
        "\n      nrefs:1|bs:31|",
        "bad ",
        "difference ",
        ", p = ",
        "95 % confidence interval from 31 bootstrap resamples",
        "sentences/s (beam size 4, loading not counted)",
    ):
        assert shown in out
    code, out, _ = command("source", "reference", "--hypotheses", "good", "--bootstrap", "0")
    assert (code, "μ" in out, "sentences/s" in out) == (0, False, False)
    code, out, _ = command(*arguments, "--bootstrap", "2", "--language", "zh")
    assert "每秒" in out


def test_translations_can_be_kept(command: Run, folders: dict[str, str]) -> None:
    arguments = ["source", "reference", "--model", folders["one"], "--bootstrap", "0"]
    arguments += ["--save-translations", "out.txt"]
    code, _, err = command(*arguments)
    assert (code, err) == (0, "wrote out.txt\n")
    wanted = [one.text for one in load(folders["one"]).translate(SOURCES)]
    assert Path("out.txt").read_text(encoding="utf-8").split("\n") == [*wanted, ""]
    code, _, err = command(*arguments)
    assert (code, "out.txt already exists" in err) == (1, True)
    assert command(*arguments, "--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["source"], 2, "give SOURCE and REFERENCE, or --pairs FILE.tsv"),
        (["source", "nowhere"], 1, "cannot read nowhere"),
        (["source", "reference", "--hypotheses", "h", "--model", "m"], 2, "leave --model and"),
        (["source", "reference", "--against", "bad", "--against-model", "m"], 2, "exclude"),
        (["source", "reference", "--against", "bad", "--bootstrap", "0"], 2, "2 or more"),
        (["source", "reference", "--bootstrap", "1"], 2, "one resample has no interval"),
        (["source", "reference", "--hypotheses", "short"], 1, "short has 1 lines, but source has"),
        (["source", "short"], 1, "source has 5 lines, but short has 1: parallel files"),
        (["empty", "empty"], 1, "empty and empty is empty"),
        (["source", "reference", "--tokenize", "no"], 2, "Invalid value for '--tokenize'"),
    ],
)
def test_what_makes_no_sense(command: Run, arguments: list[str], code: int, complaint: str) -> None:
    write("short", ["a"])
    write("empty", [])
    got, out, err = command(*arguments)
    assert (got, out) == (code, "")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_model_that_does_not_translate(command: Run, folders: dict[str, str]) -> None:
    code, out, err = command("source", "reference", "--model", folders["encoder"])
    assert (code, out) == (2, "")
    assert "without a decoder" in err
    code, out, err = command("source", "reference", "--model", folders["three"])
    assert (code, "fr, de, zh: choose the t" in err) == (2, True)
    write("source", ["dog", "a " * 50, "", "dog", "dog"])
    code, _, err = command("source", "reference", "--model", folders["one"])
    assert code == 1
    assert err.startswith("glassformer: source, line 2: the text has ")
