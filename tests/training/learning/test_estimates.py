"""What is said of a training beforehand, against a model that was really built."""

import pytest
import torch

from glassformer.config import ModelConfig, StackConfig, TrainingConfig
from glassformer.model.transformer import Transformer
from glassformer.training.learning.estimates import memory_of, parameters_of, seconds_of


def model(vocabulary: int, d_model: int, *, tied: bool) -> ModelConfig:
    def stack(layers: int) -> StackConfig:
        return StackConfig(
            vocabulary=vocabulary, d_model=d_model, num_heads=4, d_ff=2 * d_model, num_layers=layers
        )

    return ModelConfig(
        encoder=stack(3), decoder=stack(2), tie_embeddings=tied, start=1, end=2, padding=0
    )


def settings(**training: object) -> TrainingConfig:
    data = {"max_updates": 100, "batch_tokens": 4096, "micro_batch_tokens": 2048, **training}
    return TrainingConfig.from_dict({"training": data})


@pytest.mark.parametrize("tied", [True, False])
def test_weights_are_counted_and_tied_ones_once(tied: bool) -> None:
    config = model(1009, 64, tied=tied)
    built = sum(weight.numel() for weight in Transformer(config).parameters())
    assert parameters_of(config) == built


def test_more_of_anything_needs_more_memory() -> None:
    def memory(vocabulary: int = 1009, d_model: int = 64, **training: object) -> int:
        config = settings(**training)
        return memory_of(model(vocabulary, d_model, tied=True), config, torch.device("cpu"))

    small = memory()
    assert memory(d_model=128) > small
    assert memory(vocabulary=50021) > small
    assert memory(micro_batch_tokens=4096) > small
    assert memory(ema=0.9) > small
    assert memory(consistency=1.0) == memory(micro_batch_tokens=4096)


def test_time_grows_with_the_updates_and_shrinks_with_the_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("glassformer.training.learning.estimates._speed", lambda device: 1e11)
    cpu, config = torch.device("cpu"), model(1009, 64, tied=True)
    once = seconds_of(config, settings(), cpu, 1)
    assert seconds_of(config, settings(max_updates=300), cpu, 1) == pytest.approx(3 * once)
    assert seconds_of(config, settings(), cpu, 2) == pytest.approx(once / 2)
    assert seconds_of(config, settings(consistency=1.0), cpu, 1) > 1.5 * once


def test_the_speed_of_this_machine_is_measured_and_its_threads_are_left_alone() -> None:
    threads = torch.get_num_threads()
    assert 0.0 < seconds_of(model(101, 8, tied=True), settings(), torch.device("cpu"), 1) < 1e6
    assert torch.get_num_threads() == threads
