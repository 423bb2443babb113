"""The mean of several checkpoints."""

from pathlib import Path

import pytest
import safetensors
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present
from torch import Tensor
from training.tiny import model_config, new_model

from glassformer.errors import ModelFilesError, UsageError
from glassformer.training.learning.averaging import mean_of
from glassformer.training.learning.checkpoint import weights_path, write_weights


def written(folder: Path, *files: dict[str, Tensor]) -> list[Path]:
    paths = [folder / f"{number}.safetensors" for number in range(len(files))]
    for path, tensors in zip(paths, files, strict=True):
        safetensors.torch.save_file(tensors, path)
    return paths


@given(st.integers(1, 7), st.integers(0, 100))
def test_the_mean_is_that_of_float64(
    tmp_path_factory: pytest.TempPathFactory, count: int, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    files = [{"w": torch.randn(5, 7, generator=generator)} for _ in range(count)]
    paths = written(tmp_path_factory.mktemp("average"), *files)
    expected = torch.stack([one["w"].double() for one in files]).mean(0).float()
    found = mean_of(paths)["w"]
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, expected, rtol=1e-7, atol=1e-8)


def test_the_mean_of_one_is_itself_bit_for_bit(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {"w": torch.randn(101)})
    for paths in ([path], [path] * 3, [path] * 10):
        assert torch.equal(mean_of(paths)["w"], safetensors.torch.load_file(path)["w"])


def test_tied_weights_count_once(tmp_path: Path) -> None:
    models = [new_model(seed=seed) for seed in (1, 2, 3)]
    for number, model in enumerate(models):
        write_weights(tmp_path, number, dict(model.named_parameters()))
    mean = mean_of([weights_path(tmp_path, number) for number in range(3)])
    assert mean.keys() == dict(models[0].named_parameters()).keys()
    table = (
        torch.stack([present(m.output).weight.detach().double() for m in models]).mean(0).float()
    )
    averaged = new_model(model_config())
    averaged.load_state_dict(mean, strict=False)
    for weight in (
        present(averaged.output).weight,
        averaged.encoder.embedding.tokens.weight,
        present(averaged.decoder).embedding.tokens.weight,
    ):
        torch.testing.assert_close(weight.detach(), table, rtol=1e-7, atol=1e-8)
    for name, weight in averaged.named_parameters():
        several = torch.stack([dict(m.named_parameters())[name].detach() for m in models])
        torch.testing.assert_close(weight.detach(), several.mean(0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.bool])
def test_whole_numbers_are_never_averaged(tmp_path: Path, dtype: torch.dtype) -> None:
    same = torch.tensor([0, 1, 3, 7]).to(dtype)
    files = [{"w": torch.full((3,), float(n)), "positions": same.clone()} for n in range(3)]
    found = mean_of(written(tmp_path, *files))
    assert found["positions"].dtype == dtype
    assert torch.equal(found["positions"], same)
    assert found["w"].tolist() == [1.0, 1.0, 1.0]
    files[2]["positions"][0] = 1
    paths = written(tmp_path, *files)
    with pytest.raises(ModelFilesError) as caught:
        mean_of(paths)
    assert str(caught.value) == (
        f"{paths[2]}: positions holds integers that differ from those of {paths[0]}, "
        "which cannot be averaged"
    )


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_number_format_stays(tmp_path: Path, dtype: torch.dtype) -> None:
    """60,000 twice is more than float16 can hold; its mean is not."""
    files = [{"w": torch.tensor([60_000.0, 1.0], dtype=dtype)} for _ in range(3)]
    found = mean_of(written(tmp_path, *files))["w"]
    assert found.dtype == dtype
    assert torch.equal(found, files[0]["w"])


@pytest.mark.parametrize(
    "other", [{"v": torch.ones(3)}, {"w": torch.ones(3), "v": torch.ones(3)}, {"w": torch.ones(2)}]
)
def test_other_weights_are_refused(tmp_path: Path, other: dict[str, Tensor]) -> None:
    paths = written(tmp_path, {"w": torch.ones(3)}, other)
    with pytest.raises(
        ModelFilesError, match=r"has other weights than .*: they cannot be averaged"
    ):
        mean_of(paths)
    with pytest.raises(ModelFilesError, match="has other weights than"):
        mean_of(paths[::-1])


def test_files_that_are_missing_or_cut_off(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs at least one checkpoint"):
        mean_of([])
    (path,) = written(tmp_path, {"w": torch.ones(101)})
    missing = tmp_path / "nowhere.safetensors"
    with pytest.raises(ModelFilesError, match=r"cannot read .*nowhere.safetensors: "):
        mean_of([path, missing])
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ModelFilesError, match=r"cannot read .*0.safetensors: "):
        mean_of([path])


def test_the_files_stay_as_they_are(tmp_path: Path) -> None:
    paths = written(tmp_path, {"w": torch.ones(3)}, {"w": torch.zeros(3)})
    before = [path.read_bytes() for path in paths]
    mean_of(paths)["w"].fill_(7.0)
    assert [path.read_bytes() for path in paths] == before
