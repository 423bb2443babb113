"""`average` as a function: its result, and its errors as Python spells them."""

from pathlib import Path

import pytest
import safetensors.numpy
from trainings_for_tests import changed, finish, request

import glassformer
from glassformer.errors import ModelFilesError, OutputError, UsageError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that keeps the weights of the updates 2, 4 and 5."""
    training = {"max_updates": 5, "checkpoint_every": 2, "average": 3}
    of = request(tmp_path_factory.mktemp("a") / "model", changed(training=training))
    return finish(of).folder


@pytest.mark.parametrize(("last", "updates"), [(None, (2, 4, 5)), (2, (4, 5)), (1, (5,))])
def test_it_says_what_it_has_written(
    folder: Path, tmp_path: Path, last: int | None, updates: tuple[int, ...]
) -> None:
    path = tmp_path / "mean.safetensors"
    result = glassformer.average(str(folder), last=last, output=path)
    assert (result.path, result.updates) == (path, updates)
    whole = safetensors.numpy.load_file(folder / "weights.safetensors")
    assert safetensors.numpy.load_file(path).keys() == whole.keys()
    assert (path.read_bytes() == (folder / "weights.safetensors").read_bytes()) == (last is None)


def test_what_cannot_be_averaged(folder: Path, tmp_path: Path) -> None:
    for last in (0, 4):
        with pytest.raises(UsageError, match=rf"last={last}: must be from 1 to 3, the number"):
            glassformer.average(folder, last=last)
    with pytest.raises(OutputError, match=r"force=True"):
        glassformer.average(folder)
    with pytest.raises(ModelFilesError, match="there is no folder"):
        glassformer.average(tmp_path / "nowhere")
