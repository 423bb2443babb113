"""The report and the card: every number in them is one of the training's own records."""

import json
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import TAGS, translator_config, write_folder

import glassformer
from glassformer.config import TrainingConfig
from glassformer.config.training import settings_of
from glassformer.errors import TrainingError
from glassformer.training.reporting.curves import (
    learning_rate_curve,
    loss_curves,
    read_metrics,
    score_curves,
)
from glassformer.training.reporting.markdown import block, code, table
from glassformer.training.reporting.near_duplicates import RULE
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.reporting.report import duration, write_report

UPDATES = 1300
HASH = "475a76d53ba0424d9ace17150eb2f8a738553ba2666c02860390bfe6ed6bb79f"
SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0"


def trained(update: int) -> dict[str, Any]:
    return {
        "kind": "train",
        "update": update,
        "epoch": update // 100,
        "loss": 1.5 + 7.0 * math.exp(-update / 200),
        "smoothed_loss": 9.0,
        "perplexity": None,
        "learning_rate": 1e-3 * min(update / 250, math.sqrt(250 / update)),
        "gradient_norm": 1.0,
        "target_tokens": 997 * update,
        "seconds": 2.5 * update,
        "tokens_per_second": 398.8,
    }


def scores(level: float, targets: tuple[str, ...]) -> dict[str, Any]:
    each = {
        name: {
            "bleu": level + n,
            "chrf": level + 17.0 + n,
            "bleu_signature": SIGNATURE,
            "chrf_signature": "nrefs:1|nc:6",
            "pairs": 83,
        }
        for n, name in enumerate(targets)
    }
    return {
        "loss": 6.0 - level / 10,
        "perplexity": math.exp(6.0 - level / 10),
        "bleu": level,
        "chrf": level + 17.0,
        "targets": each,
        "samples": [
            {"source": "a ```b | <i>", "reference": "le *chat*", "translation": "un\x1b chien"}
        ],
    }


def measured(update: int, targets: tuple[str, ...] = ("fr", "de")) -> dict[str, Any]:
    return {"kind": "dev", "update": update, **scores(update / 50, targets)}


def course(targets: tuple[str, ...] = ("fr", "de")) -> list[dict[str, Any]]:
    records = []
    for update in range(1, UPDATES + 1):
        if update <= 20 or update % 20 == 0:
            records.append(trained(update))
        if update % 130 == 0:
            records.append(measured(update, targets))
    return records


def write_metrics(folder: Path, records: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "metrics.jsonl").write_text(lines, encoding="utf-8")


def a_record(**changes: Any) -> TrainingRecord:
    settings = TrainingConfig.from_dict(
        {"training": {"max_updates": UPDATES, "seed": 41}, "model": {"dropout": 0.3}}
    )
    described = {"tag": "fr", "files": ["/home/someone/my|corpus.tsv"], "sha256": [HASH]}
    fields: dict[str, Any] = {
        "settings": settings,
        "asked": {
            "settings": {"training": {"max_updates": UPDATES, "seed": 41}},
            "train": [described],
            "dev": [],
            "watch": [],
            "encoder_from": None,
            "device": "cpu",
        },
        "choices": [{"setting": "model.dropout", "value": 0.3, "reason": "few words"}],
        "preflight": {
            "seen": 1009,
            "kept": 907,
            "held_out": 83,
            "dropped": {"empty side": {"pairs": 19, "first": "my|corpus.tsv:7"}},
            "source": {"words": 7919, "characters": 40009},
            "target": {"words": 8009, "characters": 41011},
            "dev_sources": 0,
        },
        "held_out": {"rule": "by hash", "threshold": "1be8", "sources": 83, "pairs": 83},
        "scores": {**scores(31.25, ("fr", "de")), "beam_size": 4},
        "averaged": [1170, 1300],
    }
    return TrainingRecord(**{**fields, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_folder(tmp_path / "model", translator_config(tags=TAGS[:2]))
    write_metrics(folder, course())
    a_record().write(folder)
    return folder


# The curves


def test_the_loss_is_the_mean_of_what_was_recorded_in_each_stretch() -> None:
    training, dev = loss_curves(course()).curves
    assert dev.points == tuple((u, 6.0 - u / 500) for u in range(130, UPDATES + 1, 130))
    assert dev.marked
    first = [trained(update) for update in range(1, 14)]  # 1,300 updates in 100 stretches
    assert training.points[0] == pytest.approx((7.0, sum(r["loss"] for r in first) / 13))
    assert training.points[-1] == pytest.approx((1300.0, trained(1300)["loss"]))
    assert len(training.points) <= 100
    assert "means over every 13 updates" in loss_curves(course()).note


def test_scores_are_those_of_each_target() -> None:
    curves = score_curves(course()).curves
    assert [curve.name for curve in curves] == ["BLEU fr", "chrF fr", "BLEU de", "chrF de"]
    assert curves[3].points[-1] == (1300.0, 26.0 + 17.0 + 1.0)
    assert "83 pairs" in score_curves(course()).note
    (bleu, chrf) = score_curves(course(("target",))).curves
    assert (bleu.name, chrf.name) == ("BLEU", "chrF")


def test_of_many_targets_the_means_are_drawn() -> None:
    curves = score_curves(course(tuple("abcde"))).curves
    assert [curve.name for curve in curves] == ["BLEU, mean of all", "chrF, mean of all"]
    assert curves[0].points[-1] == (1300.0, 26.0)


def test_the_learning_rate_keeps_its_peak_and_its_end() -> None:
    records = [trained(update) for update in range(1, 5000)]
    (rate,) = learning_rate_curve(records).curves
    assert len(rate.points) <= 503
    peak = max(record["learning_rate"] for record in records)
    assert peak in [y for _, y in rate.points]
    assert rate.points[-1] == (4999.0, records[-1]["learning_rate"])
    assert set(rate.points) <= {(r["update"], r["learning_rate"]) for r in records}


def test_what_is_no_number_is_left_out() -> None:
    records = [trained(1), {**trained(2), "loss": math.nan}, {**measured(2), "loss": math.inf}]
    training, dev = loss_curves(records).curves
    assert [x for x, _ in training.points] == [1.0]
    assert dev.points == ()


# The report


def test_a_report_holds_what_the_training_recorded(folder: Path) -> None:
    write_report(folder)
    text = (folder / "report" / "report.md").read_text(encoding="utf-8")
    for fact in (
        "beam size 4. Loss 2.8750 per token (perplexity 17.73)",
        "| `fr` | 31.25 | 48.25 | 83 |",
        "| `de` | 32.25 | 49.25 | 83 |",
        f"- BLEU: `{SIGNATURE}`",
        "- chrF: `nrefs:1|nc:6`",
        "1,300 updates of at most 1,300, in epoch 14",
        "1,296,100 target tokens in 54 min 10 s of updates, 399 a second",
        "lowest dev loss 3.4000 at update 1,300",
        "the average of the checkpoints at updates 1,170, 1,300",
        "| `training.seed` | `41` | given | random seed",
        "| `model.dropout` | `0.3` | chosen: few words | dropout rate",
        "| `training.beta_1` | `0.9` | default | Adam β₁",
        f"| training set | `fr` | `my\\|corpus.tsv` | `{HASH}` |",
        "907 of 1,009 pairs were trained on; 7,919 words on the source side, 8,009",
        "| empty side | 19 | `my\\|corpus.tsv:7` |",
        "83 pairs were held out as dev set: by hash `1be8`",
        "random seed 41, on `cpu`",
        "glassformer 0.",
        "torch 2.",
        "source       a ```b | <i>",
        "translation  un␛ chien",
    ):
        assert fact in text, fact
    assert "/home/someone" not in text
    for name, _ in settings_of(TrainingConfig()):
        assert f"| `{name}` |" in text
    assert "````text" in text  # a fence that the text inside cannot close


def test_a_report_shows_its_pictures(folder: Path) -> None:
    write_report(folder)
    text = (folder / "report" / "report.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[a-z ]+\]\((\w+\.svg)\)", text)
    assert pictures == ["loss.svg", "scores.svg", "learning_rate.svg"]
    for name in pictures:
        root = ElementTree.parse(folder / "report" / name).getroot()
        assert root.tag.endswith("svg")
    assert sorted(path.name for path in (folder / "report").iterdir()) == sorted(
        [*pictures, "report.md"]
    )


def test_marks_of_the_drawn_scores_are_those_of_the_metrics(folder: Path) -> None:
    write_report(folder)
    root = ElementTree.parse(folder / "report" / "scores.svg").getroot()
    read = {
        (mark.get("data-name"), float(mark.get("data-x", "nan"))): float(mark.get("data-y", "nan"))
        for mark in root.iter()
        if mark.get("data-y")
    }
    dev = [record for record in read_metrics(folder) if record["kind"] == "dev"]
    assert len(read) == 4 * len(dev)
    for record in dev:
        for target, each in record["targets"].items():
            assert read[f"BLEU {target}", record["update"]] == pytest.approx(each["bleu"], rel=1e-5)
            assert read[f"chrF {target}", record["update"]] == pytest.approx(each["chrf"], rel=1e-5)


def test_equal_records_give_equal_reports(folder: Path) -> None:
    reports = []
    for _ in range(2):
        write_report(folder)
        paths = [*sorted((folder / "report").iterdir()), folder / "card.md"]
        reports.append([path.read_bytes() for path in paths])
    assert reports[0] == reports[1]


def test_an_unfinished_training_has_a_report_and_no_card(folder: Path) -> None:
    a_record(scores=None, averaged=None).write(folder)
    write_report(folder)
    text = (folder / "report" / "report.md").read_text(encoding="utf-8")
    assert "not complete yet" in text
    assert "Translations of the dev set, at update 1,300" in text
    assert not (folder / "card.md").exists()


@pytest.mark.parametrize("records", [[], [trained(1)], [measured(3)]])
def test_a_training_that_has_just_begun_has_a_report(
    folder: Path, records: list[dict[str, Any]]
) -> None:
    write_metrics(folder, records)
    a_record(scores=None, averaged=None, held_out=None, unknown_tokens=[0.01, 0.0]).write(folder)
    write_report(folder)
    text = (folder / "report" / "report.md").read_text(encoding="utf-8")
    assert ("loss.svg" in text) == bool(records)
    assert "1.00% of the source, 0.00% of the target" in text


def test_a_folder_of_no_training_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        TrainingError, match=r"is not the folder of a training: it has no training\."
    ):
        write_report(tmp_path)


@pytest.mark.parametrize(
    "line", ["nothing", "3", "{}", '{"kind": "x", "update": 3}', '{"kind": "dev", "update": "3"}']
)
def test_a_damaged_line_is_told_with_its_number(folder: Path, line: str) -> None:
    path = folder / "metrics.jsonl"
    first = json.dumps(trained(1))
    path.write_text(f"{first}\n{line}\n{first}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"metrics\.jsonl:2 is not a valid measurement"):
        write_report(folder)


def test_a_last_line_that_was_not_written_whole_is_left_out(folder: Path) -> None:
    text = json.dumps(trained(1))
    (folder / "metrics.jsonl").write_text(f"{text}\n{text[:40]}", encoding="utf-8")
    assert read_metrics(folder) == [trained(1)]


# The card


def test_a_card_says_what_the_model_is_and_is_not(folder: Path) -> None:
    write_report(folder)
    text = (folder / "card.md").read_text(encoding="utf-8")
    for fact in (
        "| encoder | 3 | 2 | 14 | 17 |",
        "| decoder | 2 | 7 | 14 | 19 |",
        "Target languages: `fr`, `de`.",
        "907 sentence pairs (7,919 source words, 8,009 target words)",
        f"`my\\|corpus.tsv` | `{HASH}` |",
        "| `fr` | 31.25 | 48.25 | 83 | `nrefs:1\\|case",
        "held out of the training text itself",
        "random seed 41.",
        'glassformer.load("path/to/this/folder")',
        "to='fr'",
        "](report/report.md)",
    ):
        assert fact in text, fact
    assert "/home/someone" not in text
    assert "a little too good" not in text


def test_the_example_of_a_card_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_report(folder)
    text = (folder / "card.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    example = example.replace("path/to/this/folder", str(folder)).replace("…", "a dog")
    exec(compile(example, "card.md", "exec"), {})
    expected = glassformer.load(folder).translate("a dog", to="fr").text
    assert capsys.readouterr().out == f"{expected}\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held_out": None}, "on a dev set that was given for this purpose"),
        (
            {"settings": TrainingConfig.from_dict({"training": {"patience": 3}})},
            "a little too good",
        ),
    ],
)
def test_a_card_is_honest_about_its_scores(folder: Path, change: dict[str, Any], said: str) -> None:
    a_record(**change).write(folder)
    write_report(folder)
    assert said in (folder / "card.md").read_text(encoding="utf-8")


def test_a_card_of_one_target_and_a_given_encoder(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", translator_config(tags=()))
    record = a_record()
    record.asked["encoder_from"] = "all-MiniLM-L6-v2"
    record.write(folder)
    write_report(folder)
    text = (folder / "card.md").read_text(encoding="utf-8")
    assert "Its encoder was initialized from `all-MiniLM-L6-v2`." in text
    assert "One target language, whose name was not given." in text
    assert 'model.translate("…"))' in text


def without_names(text: str) -> str:
    """A page without what is no sentence: code, links, names, numbers, and rows of tables."""
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", text, flags=re.DOTALL)
    return re.sub(r"Attention Is All You Need|^\| .*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"held_out": None, "near_duplicates": {"rule": RULE, "pairs": 9, "near": 4, "targets": {}}},
        {"near_duplicates": {"rule": RULE, "pairs": 9, "near": 9, "targets": {}}},
        {"settings": TrainingConfig.from_dict({"training": {"patience": 3}})},
    ],
)
def test_a_card_is_chinese_where_that_is_asked_for(folder: Path, change: dict[str, Any]) -> None:
    record = a_record(**change)
    record.asked.update(encoder_from="all-MiniLM-L6-v2", model_from="other")
    record.write(folder)
    write_report(folder)
    report = (folder / "report" / "report.md").read_bytes()
    write_report(folder, "zh")
    text = (folder / "card.md").read_text(encoding="utf-8")
    assert not re.findall(r"[A-Za-z]{2,} [a-z]{2,}", without_names(text))
    for line in (
        "# 翻译模型",
        "| 编码器 | 3 | 2 | 14 | 17 |",
        "| 训练集 | `fr` | `my\\|corpus.tsv`",
        "目标语言：`fr`、`de`。",
        "从`other` 的权重（微调）开始训练，随机种子为",
        "其编码器用 `all-MiniLM-L6-v2` 初始化。",
    ):
        assert line in text, line
    assert (folder / "report" / "report.md").read_bytes() == report


# Markdown


@given(st.text(alphabet="a` |\n\\*<", max_size=12))
def test_any_text_stays_inside_its_code(text: str) -> None:
    inside = code(text)
    if text:
        fence = re.match("`+", inside)
        assert fence is not None
        assert inside.endswith(fence[0])
        assert "\n" not in inside
        runs = re.findall("`+", inside)
        assert runs.count(fence[0]) == 2
    lines = block([text]).split("\n")
    assert lines[0].removesuffix("text") == lines[-2]
    assert not any(line.startswith(lines[-2]) for line in lines[1:-2])


def test_a_table_keeps_its_columns() -> None:
    assert table(("a", "b"), [("x|y", 3)]) == "| a | b |\n| --- | --- |\n| x\\|y | 3 |\n"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (83.0, "83 s"), (725.0, "12 min 5 s"), (11220.0, "3 h 7 min")],
)
def test_times_are_for_people(seconds: float, said: str) -> None:
    assert duration(seconds) == said
