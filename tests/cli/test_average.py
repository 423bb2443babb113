"""`glassformer average`: the mean of what a training has kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from trainings_for_tests import Listening, arguments, changed, request

import glassformer
from glassformer.cli import run
from glassformer.training.run import carry_out

SETTINGS = changed(training={"max_updates": 7, "checkpoint_every": 2, "average": 3})

Average = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that keeps the weights of the updates 4, 6 and 7."""
    of = request(tmp_path_factory.mktemp("complete") / "model", SETTINGS)
    assert run([*arguments(of), "--quiet"]) == 0
    return of.output


@pytest.fixture
def folder(complete: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(complete, tmp_path / "model"))


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    """A folder that keeps the weights of the updates 2 and 4, of a training that goes on."""
    of = request(tmp_path / "unfinished", SETTINGS)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(6))
    return of.output


@pytest.fixture
def average(capsys: pytest.CaptureFixture[str]) -> Average:
    def average(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run(["average", *map(str, words)])
        out, err = capsys.readouterr()
        assert out == ""
        return code, err

    return average


def mean(folder: Path, *updates: int) -> dict[str, np.ndarray]:
    """The mean, computed anew."""
    files = [
        safetensors.numpy.load_file(folder / "checkpoints" / f"weights-{update:08}.safetensors")
        for update in updates
    ]
    return {
        name: np.mean([file[name].astype(np.float64) for file in files], axis=0).astype(np.float32)
        for name in files[0]
    }


def check(path: Path, expected: dict[str, np.ndarray]) -> None:
    found = safetensors.numpy.load_file(path)
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_array_equal(found[name], tensor)


def test_the_mean_of_all_that_is_kept(folder: Path, average: Average, tmp_path: Path) -> None:
    path = tmp_path / "mean.safetensors"
    code, said = average(folder, "--output", path)
    assert (code, said) == (0, f"wrote {path}: the mean of the weights of the updates 4, 6, 7\n")
    check(path, mean(folder, 4, 6, 7))
    assert path.read_bytes() == (folder / "weights.safetensors").read_bytes()  # as training did


def test_tied_weights_stand_there_once(folder: Path, average: Average, tmp_path: Path) -> None:
    path = tmp_path / "mean.safetensors"
    assert average(folder, "--output", path, "--quiet") == (0, "")
    names = [*safetensors.numpy.load_file(path)]
    model = glassformer.load(str(folder)).model
    assert sorted(names) == sorted(name for name, _ in model.named_parameters())
    tied = {name for name, _ in model.named_parameters(remove_duplicate=False)} - {*names}
    assert len(tied) == 2  # the tables of source, target and output are one


def test_the_last_ones_replace_the_weights_of_the_folder(folder: Path, average: Average) -> None:
    weights = folder / "weights.safetensors"
    before = weights.read_bytes()
    code, said = average(folder, "--last", 2)
    assert code == 1
    assert said == (
        f"glassformer: {weights} already exists: give another name, or --force to overwrite it\n"
    )
    assert weights.read_bytes() == before
    assert average(folder, "--last", 2, "--force", "--language", "zh") == (
        0,
        f"已写入 {weights}：第 6、7 步权重的平均\n",
    )
    check(weights, mean(folder, 6, 7))
    assert glassformer.load(str(folder)).encode("red dog").vectors.shape == (3, 2 * 7)


def test_more_than_are_kept_cannot_be_averaged(folder: Path, average: Average) -> None:
    assert average(folder, "--last", 4) == (
        2,
        f"glassformer: --last 4: must be from 1 to 3, the number of checkpoints in {folder}\n",
    )


def test_an_unfinished_training_is_averaged_elsewhere_only(
    unfinished: Path, average: Average, tmp_path: Path
) -> None:
    for words in ((), ("--force",)):
        assert average(unfinished, *words) == (
            1,
            f"glassformer: {unfinished} is still being trained, and its weights would make it look "
            "complete: give --output FILE\n",
        )
    assert not (unfinished / "weights.safetensors").exists()
    path = tmp_path / "mean.safetensors"
    assert average(unfinished, "--output", path)[0] == 0
    check(path, mean(unfinished, 2, 4))
    assert average(unfinished, "--output", path)[0] == 1  # it exists
    assert average(unfinished, "--output", path, "--force")[0] == 0


def test_a_folder_without_checkpoints_is_named(
    folder: Path, average: Average, tmp_path: Path
) -> None:
    assert average(tmp_path / "nowhere") == (
        1,
        f"glassformer: there is no folder {tmp_path / 'nowhere'}\n",
    )
    shutil.rmtree(folder / "checkpoints")
    assert average(folder) == (
        1,
        f"glassformer: {folder / 'checkpoints'} holds no checkpoints: expected the folder of "
        "a training\n",
    )


def test_checkpoints_of_another_model_have_no_mean(folder: Path, average: Average) -> None:
    path = folder / "checkpoints" / "weights-00000006.safetensors"
    tensors = safetensors.numpy.load_file(path)
    name = next(iter(tensors))
    safetensors.numpy.save_file({**tensors, name: tensors[name][:1].copy()}, path)
    code, said = average(folder, "--output", folder / "mean.safetensors")
    assert code == 1
    assert said.startswith(f"glassformer: {path} has other weights than ")
    path.write_bytes(b"no weights")
    code, said = average(folder, "--output", folder / "mean.safetensors")
    assert code == 1
    assert said.startswith(f"glassformer: cannot read {path}: ")
    assert not (folder / "mean.safetensors").exists()
