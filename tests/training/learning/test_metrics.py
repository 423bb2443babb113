"""Measurements: every update stands there once, also when the training goes on from before."""

import errno
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from glassformer.errors import OutputError
from glassformer.training.learning import metrics as module
from glassformer.training.learning.metrics import METRICS, Metrics


def record(update: int, **more: Any) -> dict[str, Any]:
    return {"kind": "train", "update": update, "loss": 1 / (update + 1), **more}


def read(folder: Path) -> list[dict[str, Any]]:
    text = (folder / METRICS).read_text(encoding="utf-8")
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n") if line]


def test_each_measurement_is_a_line_at_once(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path, [], update=0, length=0)
    metrics.add(record(1, samples=[{"source": "狗", "translation": "a\u2028b"}]))
    (first,) = read(tmp_path)  # before it is closed
    assert first == record(1, samples=[{"source": "狗", "translation": "a\u2028b"}])
    assert "狗" in (tmp_path / METRICS).read_text(encoding="utf-8")
    assert metrics.length == (tmp_path / METRICS).stat().st_size
    metrics.close()


def test_a_lost_stretch_is_cut_off(tmp_path: Path) -> None:
    first = Metrics(tmp_path, [], update=0, length=0)
    for update in (1, 2, 3):
        first.add(record(update))
    at_checkpoint = first.length
    for update in (4, 5):
        first.add(record(update))
    with (tmp_path / METRICS).open("a") as file:
        file.write('{"kind": "tra')  # cut off by kill -9
    second = Metrics(tmp_path, [], update=3, length=at_checkpoint)
    assert [one["update"] for one in read(tmp_path)] == [1, 2, 3]
    assert second.length == at_checkpoint
    second.add(record(4))
    assert [one["update"] for one in read(tmp_path)] == [1, 2, 3, 4]
    assert second.length == (tmp_path / METRICS).stat().st_size
    first.close()
    second.close()


def test_a_new_training_begins_with_nothing(tmp_path: Path) -> None:
    (tmp_path / METRICS).write_text("of before\n")
    Metrics(tmp_path, [], update=0, length=0).close()
    assert read(tmp_path) == []


def test_measurements_that_were_removed_are_not_made_up(tmp_path: Path) -> None:
    """A person may delete the file: what is written afterwards has to be readable."""
    metrics = Metrics(tmp_path, [], update=3, length=1009)
    metrics.add(record(4))
    metrics.close()
    assert read(tmp_path) == [record(4)]


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*metrics.jsonl: No such file"):
        Metrics(tmp_path / "nowhere", [], update=0, length=0)
    metrics = Metrics(tmp_path, [], update=0, length=0)

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file, metrics._file = metrics._file, Full()  # type: ignore[assignment]
    with pytest.raises(OutputError, match=r"cannot write .*: No space left on device"):
        metrics.add(record(1))
    file.close()


# Other reporters


def test_every_reporter_is_told_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    class Teller:
        def __init__(self, folder: Path, update: int) -> None:
            told.append((folder, update))

        def add(self, record: dict[str, Any]) -> None:
            told.append(record)

        def close(self) -> None:
            told.append("closed")

    monkeypatch.setitem(module.LOGGERS, "teller", Teller)
    metrics = Metrics(tmp_path, ["teller", "teller"], update=7, length=0)
    metrics.add(record(8))
    metrics.close()
    assert told == [*[(tmp_path, 7)] * 2, *[record(8)] * 2, *["closed"] * 2]


@pytest.mark.filterwarnings("ignore")  # of tensorboard's own
def test_tensorboard_hides_what_was_lost(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    dev = {"kind": "dev", "update": 4, "bleu": 3.5, "targets": {"de": {"bleu": 1}}, "samples": []}
    first = Metrics(tmp_path, ["tensorboard"], update=0, length=0)
    for update in (1, 2, 3, 4, 5):
        first.add(record(update, note="no number"))
    first.add(dev)
    first.close()
    second = Metrics(tmp_path, ["tensorboard"], update=3, length=0)
    second.add(record(4, loss=0.75))
    second.close()
    found = accumulator.EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    losses = [(event.step, event.value) for event in found.Scalars("train/loss")]
    assert losses == [(1, 0.5), (2, pytest.approx(1 / 3)), (3, 0.25), (4, 0.75)]
    assert sorted(found.Tags()["scalars"]) == ["dev/bleu", "train/loss"]
    assert found.Scalars("dev/bleu") == []  # it was measured at update 4, which was lost


def test_what_is_no_number_is_null_since_json_has_no_infinity(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path, [], update=0, length=0)
    metrics.add({"kind": "train", "update": 1, "loss": math.inf, "gradient_norm": math.nan})
    metrics.close()
    (line,) = (tmp_path / METRICS).read_text(encoding="utf-8").splitlines()
    record = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert record == {"kind": "train", "update": 1, "loss": None, "gradient_norm": None}
