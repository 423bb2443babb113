"""Checkpoints: what is read is what was written, bit for bit, and damage is never read."""

import dataclasses
import errno
import math
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import OutputError, TrainingError
from glassformer.training.learning.checkpoint import (
    STATE,
    Progress,
    keep_only,
    kept_weights,
    read_state,
    weights_path,
    write_state,
    write_weights,
)

PROGRESS = Progress(update=7, epoch=2, metrics_bytes=101, best_loss=1 / 3, dev_scores={"5": 0.1})


def tensors(seed: int = 1) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    odd = torch.tensor([0.0, -0.0, math.inf, -math.inf, 1e-45, 3.4e38])
    return {
        "weights": torch.cat([torch.randn(101, generator=generator), odd]),
        "adam.mean": torch.randn(107, generator=generator),
    }


# The state


@given(
    st.builds(
        Progress,
        update=st.integers(0, 10**9),
        seconds=st.floats(0.0, 1e9),
        best_loss=st.none() | st.floats(allow_nan=False),
        loss_scale=st.floats(1.0, 1e9),
        dev_scores=st.dictionaries(st.integers(0, 10**6).map(str), st.floats(allow_nan=False)),
    )
)
def test_a_state_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, progress: Progress
) -> None:
    folder = tmp_path_factory.mktemp("checkpoints")
    written = tensors()
    write_state(folder, written, progress)
    found = read_state(folder)
    assert found is not None
    assert found[1] == progress
    assert found[0].keys() == written.keys()
    for name, tensor in written.items():
        assert torch.equal(found[0][name].view(torch.int32), tensor.view(torch.int32))


def test_equal_states_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        backwards = dict(reversed(tensors().items()))
        write_state(tmp_path / name, tensors() if name == "one" else backwards, PROGRESS)
    assert (tmp_path / "one" / STATE).read_bytes() == (tmp_path / "other" / STATE).read_bytes()


def test_a_training_that_has_no_checkpoint_yet(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    assert read_state(tmp_path / "nowhere") is None


def test_a_state_replaces_the_one_before(tmp_path: Path) -> None:
    write_state(tmp_path, tensors(1), PROGRESS)
    write_state(tmp_path, tensors(2), dataclasses.replace(PROGRESS, update=8))
    found = read_state(tmp_path)
    assert found is not None
    assert found[1].update == 8
    assert torch.equal(found[0]["weights"], tensors(2)["weights"])
    assert [path.name for path in tmp_path.iterdir()] == [STATE]


@pytest.mark.parametrize("length", [0, 3, 8, 100, -1])
def test_a_state_that_is_cut_off_is_refused(tmp_path: Path, length: int) -> None:
    write_state(tmp_path, tensors(), PROGRESS)
    path = tmp_path / STATE
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(TrainingError) as caught:
        read_state(tmp_path)
    assert str(caught.value).startswith(f"{path} is damaged (")
    assert "remove the folder and start again" in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    write_weights(tmp_path, 3, tensors())
    weights_path(tmp_path, 3).rename(tmp_path / STATE)
    with pytest.raises(TrainingError, match="is damaged"):
        read_state(tmp_path)


def test_a_full_disk_leaves_the_state_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_state(tmp_path, tensors(), PROGRESS)
    before = (tmp_path / STATE).read_bytes()

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:53])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"state.safetensors: No space left on device"):
        write_state(tmp_path, tensors(2), PROGRESS)
    with pytest.raises(OutputError, match="No space left on device"):
        write_weights(tmp_path, 3, tensors())
    assert (tmp_path / STATE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [STATE]


# The weights that are kept


def test_weights_are_kept_by_update(tmp_path: Path) -> None:
    for update in (13, 5, 100_000_000, 7):
        write_weights(tmp_path, update, tensors(update))
    write_state(tmp_path, tensors(), PROGRESS)
    (tmp_path / "weights-best.safetensors").write_bytes(b"of someone else")
    assert list(kept_weights(tmp_path)) == [5, 7, 13, 100_000_000]
    assert kept_weights(tmp_path)[7] == weights_path(tmp_path, 7)
    assert weights_path(tmp_path, 7).name == "weights-00000007.safetensors"


@pytest.mark.parametrize("wanted", [{5, 13}, set(), {5, 7, 13, 99}])
def test_only_what_is_wanted_stays(tmp_path: Path, wanted: set[int]) -> None:
    for update in (5, 7, 13):
        write_weights(tmp_path, update, tensors())
    write_state(tmp_path, tensors(), PROGRESS)
    (tmp_path / ".weights-00000017.safetensors.71.partial").write_bytes(b"of a killed process")
    (tmp_path / "notes.txt").write_text("of a person")
    keep_only(tmp_path, wanted)
    assert set(kept_weights(tmp_path)) == wanted & {5, 7, 13}
    others = {path.name for path in tmp_path.iterdir() if not path.name.startswith("weights-")}
    assert others == {STATE, "notes.txt"}
    keep_only(tmp_path, wanted)  # twice is no error


def test_every_number_of_the_progress_survives(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        field.name: 3 + place for place, field in enumerate(dataclasses.fields(Progress))
    }
    values |= {"seconds": 0.1 + 0.2, "best_loss": 1 / 3, "loss_scale": 2.0**20}
    progress = Progress(**{**values, "dev_scores": {"7": 0.1, "11": 1e-300}})
    write_state(tmp_path, tensors(), progress)
    found = read_state(tmp_path)
    assert found is not None
    assert found[1] == progress
