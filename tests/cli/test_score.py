"""`glassformer score`: log-probabilities of given targets, and which of several is likelier."""

import functools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder
from schemas_for_tests import check

from glassformer.cli import run
from glassformer.decoding.scoring import ScoredTarget, Scorer
from glassformer.library import load, loading

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.score/2"
SOURCES = [SENTENCE, "dog", "", "the food", "狗 饿 了"]
TARGETS = ["the dog", "it was tasty", "", "", "a dog ate"]
OTHERS = ["dog", "a", "", "é", "a dog ate the food"]


@pytest.fixture(autouse=True)
def _each_model_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", load_once)


load_once = functools.cache(loading.load)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    place = tmp_path_factory.mktemp("models")
    configs = {"one": translator_config(tags=TAGS[:1]), "encoder": encoder_config()}
    return {name: str(write_folder(place / name, config)) for name, config in configs.items()}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the texts, as files of lines and of columns."""
    monkeypatch.chdir(tmp_path)
    for name, lines in (("source", SOURCES), ("target", TARGETS), ("other", OTHERS)):
        write(name, lines)
    rows = zip(SOURCES, TARGETS, OTHERS, strict=True)
    write(
        "rows.tsv", ["\t".join(row).strip("\t") if not any(row) else "\t".join(row) for row in rows]
    )
    return tmp_path


def write(name: str, lines: list[str]) -> None:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def on(capsys: pytest.CaptureFixture[str], folders: dict[str, str]) -> Run:
    def on(*arguments: str, name: str = "one") -> tuple[int, str, str]:
        code = run(["score", "--model", folders[name], *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return on


def expected(folders: dict[str, str], targets: list[str]) -> list[ScoredTarget]:
    scorer = Scorer(load(folders["one"]).translator)
    return list(scorer.score_stream(zip(SOURCES, targets, strict=True)))


@pytest.mark.parametrize("arguments", [
    ["source", "target"],
    ["--pairs", "rows.tsv"],
    ["source", "target", "--batch-size", "1"],
    ["source", "target", "--batch-tokens", "7"],
])  # fmt: skip
def test_each_pair_has_its_score(on: Run, folders: dict[str, str], arguments: list[str]) -> None:
    code, out, err = on(*arguments)
    assert code == 0
    rows = [[float(number) for number in line.split("\t")] for line in out.split("\n")[:-1]]
    wanted = expected(folders, TARGETS)
    for row, one in zip(rows, wanted, strict=True):
        assert row == pytest.approx([one.score, one.per_token], abs=1e-4)
    assert rows[2] == [0.0, 0.0]
    assert rows[3][0] == rows[3][1] < 0.0
    total, tokens = sum(one.score for one in wanted), sum(len(one.token_scores) for one in wanted)
    assert err == (
        f"pairs 5, tokens {tokens}: log-probability {total:.4f}, per token {total / tokens:.4f}, "
        f"perplexity {math.exp(-total / tokens):.2f}\n"
    )


@pytest.mark.parametrize(
    "arguments", [["source", "target", "other"], ["--pairs", "rows.tsv", "--contrastive"]]
)
def test_the_likeliest_of_several_is_named(
    on: Run, folders: dict[str, str], arguments: list[str]
) -> None:
    code, out, err = on(*arguments)
    assert code == 0
    both = zip(expected(folders, TARGETS), expected(folders, OTHERS), strict=True)
    wins = []
    for line, (first, second) in zip(out.split("\n"), both, strict=False):
        likeliest, *scores = line.split("\t")
        if len(scores) == 2:  # an empty line of columns has but one target
            assert list(map(float, scores)) == pytest.approx([first.score, second.score], abs=1e-4)
        wins.append(1 if first.score >= second.score else 2)
        assert int(likeliest) == wins[-1]
    assert {*wins} == {1, 2}
    for column in (1, 2):
        count = wins.count(column)
        said = f"target {column} is the likeliest of its line: {count} of 5 ({20 * count}.0 %)"
        assert said in err
    assert "-inf" in out.split("\n")[3]
    assert "never generates, not among these: 1" in err


@pytest.mark.parametrize("arguments", [["source", "other"], ["source", "target", "other"]])
def test_json_lines_keep_to_the_schema(
    on: Run, folders: dict[str, str], arguments: list[str]
) -> None:
    code, out, _ = on(*arguments, "--format", "jsonl")
    assert code == 0
    wanted = expected(folders, OTHERS)
    records: list[dict[str, Any]] = []
    for number, line in enumerate(out.split("\n")[:-1], start=1):
        record = json.loads(line, parse_constant=pytest.fail)
        check(record, SCHEMA)
        assert record["line"] == number
        assert len(record["targets"]) == len(arguments) - 1
        records.append(record)
    last = [record["targets"][-1] for record in records]
    assert [tuple(one["tokens"]) for one in last] == [one.tokens for one in wanted]
    assert last[0]["score"] == pytest.approx(wanted[0].score, abs=1e-4)
    assert last[0]["perplexity"] == pytest.approx(wanted[0].perplexity, rel=1e-3)
    assert last[0]["token_scores"] == pytest.approx(wanted[0].token_scores, abs=1e-4)
    assert (last[3]["score"], last[3]["score_per_token"], last[3]["perplexity"]) == (None,) * 3
    assert last[3]["token_scores"].count(None) == 2


def test_what_cannot_be_scored_names_its_line(on: Run) -> None:
    long = " ".join("a" * 37)
    write("long", ["a", "a", "", long, "a"])
    code, out, err = on("source", "long")
    assert (code, out) == (1, "")
    assert err.startswith("glassformer: source and long, line 4: the target has 37 tokens, but ")
    _, _, err = on("source", "target", "long")
    assert err.startswith("glassformer: source and target and long, line 4, target 2: the target")
    assert on("source", "long", "--truncate")[0] == 0
    write("blank", ["", "a", "", "a", "a"])
    assert "blank and target, line 1: the text is blank" in on("blank", "target")[2]


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["source"], 2, "give SOURCE and TARGET, or --pairs FILE.tsv"),
        ([], 2, "give SOURCE and TARGET"),
        (["source", "target", "--pairs", "rows.tsv"], 2, "not both"),
        (["source", "target", "--contrastive"], 2, "--contrastive is for --pairs"),
        (["-", "-"], 2, "stdin (-) can stand for only one of the files"),
        (["source", "nowhere"], 1, "cannot read nowhere"),
        (["source", "target", "--batch-size", "2", "--batch-tokens", "3"], 2, "exclude"),
        (["source", "target", "--to", "xx"], 2, "but not to 'xx'"),
        (["--pairs", "target"], 1, "target, line 1 has no tab"),
    ],
)
def test_what_makes_no_sense(on: Run, arguments: list[str], code: int, complaint: str) -> None:
    got, out, err = on(*arguments)
    assert (got, out) == (code, "")
    assert complaint in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("lines", [["a"] * 4, ["a"] * 7])
def test_files_have_to_have_as_many_lines(on: Run, lines: list[str]) -> None:
    write("source", ["a"] * 5)
    write("target", lines)
    code, _, err = on("source", "target")
    assert code == 1
    assert f"source has 5 lines, but target has {len(lines)}: parallel files" in err


def test_an_encoder_cannot_score(on: Run) -> None:
    code, out, err = on("source", "target", name="encoder")
    assert (code, out) == (2, "")
    assert "without a decoder" in err


def test_speaks_chinese_or_nothing(on: Run) -> None:
    assert on("source", "target", "--language", "zh")[2].startswith("句对 5，词元 ")
    assert on("source", "target", "--quiet")[2] == ""
