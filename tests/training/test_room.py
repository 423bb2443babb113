"""Room on the disk: what a training takes is known before it begins, and compared with what is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from trainings_for_tests import Listening, changed, request

from glassformer.errors import GlassformerWarning, OutputError
from glassformer.messages import Caution
from glassformer.pretrained.folder import read_model_config
from glassformer.training import checking
from glassformer.training.checking import check_room
from glassformer.training.learning.estimates import disk_of
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.run import carry_out
from glassformer.training.train import train

SETTINGS = changed(
    model={"d_model": 32, "d_ff": 64}, training={"max_updates": 9, "checkpoint_every": 2}
)


class Usage(NamedTuple):
    free: int


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the disk have so many bytes free."""
    return lambda count: monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(count))


class Measuring(Listening):
    """Looks how much the checkpoints take."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.most = 0
        self._folder = folder

    def updated(self, record: dict[str, Any]) -> None:
        super().updated(record)
        files = (self._folder / "checkpoints").glob("*.safetensors")
        self.most = max(self.most, sum(path.stat().st_size for path in files))


@pytest.mark.parametrize("ema", [0.0, 0.9])
def test_the_estimate_is_about_what_a_training_takes(ema: float, tmp_path: Path) -> None:
    training = {**SETTINGS["training"], "ema": ema}
    of = request(tmp_path / "model", {**SETTINGS, "training": training})
    measuring = Measuring(of.output)
    carry_out(of, measuring)
    record = TrainingRecord.read(of.output)
    assert record is not None
    estimated = disk_of(read_model_config(of.output), record.settings)
    # While a state is written, the one before is still there, and one more file of weights.
    assert measuring.most < estimated < 2.5 * measuring.most


def test_a_training_without_room_is_refused_and_goes_on_with_room(
    tmp_path: Path, free: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = request(tmp_path / "model", SETTINGS)
    with monkeypatch.context():
        free(100_000)
        with pytest.raises(OutputError) as caught:
            carry_out(of, Listening())
    said = str(caught.value)
    assert said.startswith("the checkpoints of this training need 0.")
    assert f" MB more in {of.output}, but the disk has only 0.1 MB: free some space, " in said
    assert said.endswith(
        "give another output=FOLDER, or keep fewer checkpoints (training.average=1)"
    )
    assert not list((of.output / "checkpoints").glob("*.safetensors"))
    free(10**9)
    listening = Listening()
    assert not carry_out(of, listening).was_complete
    assert not [line for line in listening.said if "disk" in line and "weights;" not in line]


def test_a_training_with_little_room_is_warned_of(
    tmp_path: Path, free: Callable[[int], None]
) -> None:
    of = request(tmp_path / "model", changed(training={"max_updates": 3}))
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(2))
    record = TrainingRecord.read(of.output)
    assert record is not None
    needed = disk_of(read_model_config(of.output), record.settings)
    free(needed - 1)
    with pytest.raises(OutputError, match="fewer checkpoints"):
        list(check_room(of, record.settings))
    free(2 * needed)
    assert list(check_room(of, record.settings)) == []
    free(2 * needed - 1)
    (caution,) = check_room(of, record.settings)
    assert isinstance(caution, Caution)
    (files,) = of.pairs
    assert files.target is not None
    with pytest.warns(GlassformerWarning, match="the checkpoints of this training need"):
        result = train(files.source, files.target, output=of.output, settings=of.settings)
    assert caution in result.notes


def test_what_is_there_already_is_not_asked_for_again(
    tmp_path: Path, free: Callable[[int], None]
) -> None:
    of = request(tmp_path / "model", SETTINGS)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(7))
    record = TrainingRecord.read(of.output)
    assert record is not None
    needed = disk_of(read_model_config(of.output), record.settings)
    there = sum(path.stat().st_size for path in (of.output / "checkpoints").glob("*.safetensors"))
    assert there > needed // 3
    free(needed - there)
    list(check_room(of, record.settings))  # a note, and no error


def test_text_that_has_no_room_is_refused_before_it_is_read(
    tmp_path: Path, free: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = request(tmp_path / "new" / "model", SETTINGS)
    monkeypatch.setattr("glassformer.training.preparation.read_pairs", None)
    free(1000)
    with pytest.raises(OutputError, match=r"the pairs need at least 0\.0 MB in .*another output="):
        carry_out(of, Listening())
    assert not of.output.exists()


def test_sizes_are_said_in_units_that_show_them() -> None:
    assert [str(checking._size(size)) for size in (1_234_567, 2 * 10**9)] == ["1.2 MB", "2.0 GB"]
