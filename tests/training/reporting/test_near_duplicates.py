"""What report, card and notes say of near-duplicates is what was counted."""

from pathlib import Path
from typing import Any

import pytest

from glassformer.config import TrainingConfig
from glassformer.training.corpus.pairs import Pair, PairFiles
from glassformer.training.reporting.near_duplicates import (
    counted,
    notes,
    said_of,
    score_rows,
)
from glassformer.training.reporting.record import TrainingRecord

FILES = PairFiles(Path("dev.tsv"))
PAIRS = [Pair("a", "b", tag, 1, FILES) for tag in ("fr", "de", "fr", "fr", "de")]


def record(near: list[bool] | None, **asked: Any) -> TrainingRecord:
    found = None if near is None else counted(PAIRS, near)
    return TrainingRecord(settings=TrainingConfig(), asked=asked, near_duplicates=found)


def said(near: list[bool] | None) -> str:
    return " ".join(map(str, notes(record(near))))


def test_they_are_counted_for_each_target() -> None:
    found = counted(PAIRS, [True, False, True, False, True])
    assert (found["near"], found["pairs"]) == (3, 5)
    assert found["targets"] == {"fr": {"pairs": 3, "near": 2}, "de": {"pairs": 2, "near": 1}}


def test_a_note_says_how_many_there_are() -> None:
    assert said([True, False, True, False, True]).startswith("3 of the 5 dev pairs have a near")
    assert said([False] * 5).startswith("0 of the 5 dev pairs have a near")
    assert "no score will say how good the model is on others" in said([True] * 5)
    assert said(None) == ""


def test_a_page_says_how_many_there_are_and_by_which_rule() -> None:
    text = said_of(record([True, False, True, False, True]))
    assert "3 of the 5 pairs have a near-duplicate" in text
    assert "a source within one word of edit distance" in text
    assert "no score says how good the model is on others" in said_of(record([True] * 5))
    assert "is not known" in said_of(record(None))
    further = said_of(record([False] * 5, model_from="older"))
    assert "The training pairs of `older` were not compared" in further


SCORES = {"bleu": 31.0, "chrf": 48.0, "pairs": 83, "bleu_signature": "s|1"}


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ({}, None),
        ({"near_duplicates": 0, "without_near_duplicates": SCORES}, None),
        (
            {
                "near_duplicates": 60,
                "without_near_duplicates": {**SCORES, "bleu": 20.5, "pairs": 23},
            },
            (20.5, 23, "`s|1`"),
        ),
        ({"near_duplicates": 83, "without_near_duplicates": None}, ("–", 0, "–")),
    ],
)
def test_a_table_has_a_row_without_them(more: dict[str, Any], row: tuple[Any, ...] | None) -> None:
    scores = {"targets": {"fr": {**SCORES, **more}}}
    first, *others = score_rows(scores, "bleu", "pairs", "bleu_signature")
    assert first == ("`fr`", 31.0, 83, "`s|1`")
    assert others == ([] if row is None else [("… without near-duplicates", *row)])
