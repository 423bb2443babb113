"""Derived weights prove themselves: weights · V is what the kernel gave, or there is an error."""

import itertools
import math
from collections.abc import Callable

import pytest
import torch
from models_for_tests import encoder_config, random_model, stack, traced, translator_config
from narrowing import part_of
from torch import Tensor, nn

from glassformer.errors import TraceError
from glassformer.inspection.trace import Trace
from glassformer.model.attention import MultiHeadAttention, ScaledDotProductAttention
from glassformer.model.transformer import Transformer
from glassformer.tracing.recorder import Recorder

SOURCE, TARGET = [5, 6, 7, 8, 9], [4, 9, 3, 11]
DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.float16]

Kernel = Callable[..., Tensor]


class Lying(nn.Module):
    """A kernel that does something of its own with what the true one gives."""

    def __init__(self, true: ScaledDotProductAttention, lie: Kernel) -> None:
        super().__init__()
        self.true = true
        self.lie = lie

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        return self.lie(self.true, query, key, value, mask)


def uniform(true: Kernel, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    return value.mean(dim=2, keepdim=True).expand(*query.shape[:3], value.shape[-1])


def nothing(true: Kernel, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    return torch.zeros_like(query)


def not_a_number(true: Kernel, *given: Tensor | None) -> Tensor:
    return true(*given) * math.nan


def one_head_off(true: Kernel, *given: Tensor | None) -> Tensor:
    context = true(*given).clone()
    context[:, 1, 2] *= 1.2
    return context


def unscaled(true: Kernel, query: Tensor, *given: Tensor | None) -> Tensor:
    return true(query * math.sqrt(query.shape[-1]), *given)


def unmasked(true: Kernel, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    return true(query, key, value, None)


def make_lie(model: Transformer, name: str, lie: Kernel) -> None:
    attention = part_of(model, name, MultiHeadAttention)
    attention.register_module("attend", Lying(attention.attend, lie))


@pytest.mark.parametrize(
    ("lie", "dtype"),
    [
        *itertools.product([nothing, not_a_number], DTYPES),
        *itertools.product([uniform, one_head_off, unscaled], DTYPES[:2]),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "encoder.layers.1.self_attention",
        "decoder.layers.0.self_attention",
        "decoder.layers.1.cross_attention",
    ],
)
def test_a_kernel_that_lies_is_found_out_and_named(
    name: str, lie: Kernel, dtype: torch.dtype
) -> None:
    model = random_model(translator_config()).to(dtype)
    make_lie(model, name, lie)
    with pytest.raises(TraceError, match=f"^{name}: the derived weights · V should equal"):
        traced(model, SOURCE, TARGET)


def test_a_kernel_that_tells_the_truth_in_its_own_way_is_believed() -> None:
    model = random_model(translator_config())
    expected = traced(model, SOURCE, TARGET)
    make_lie(model, "encoder.layers.1.self_attention", lambda true, *given: true(*given))
    assert torch.equal(traced(model, SOURCE, TARGET).tensor("logits"), expected.tensor("logits"))


def test_a_kernel_that_ignores_the_mask_is_found_out() -> None:
    model = random_model(translator_config())
    make_lie(model, "decoder.layers.0.self_attention", unmasked)
    with pytest.raises(TraceError, match=r"^decoder\.layers\.0\.self_attention: "):
        traced(model, SOURCE, TARGET)


def test_a_kernel_that_begins_to_lie_after_a_first_trace_is_found_out() -> None:
    model = random_model(encoder_config())
    recorder = Recorder(model)
    recorder.record(torch.tensor([SOURCE]))
    make_lie(model, "encoder.layers.2.self_attention", uniform)
    with pytest.raises(TraceError, match=r"^encoder\.layers\.2\.self_attention: "):
        recorder.record(torch.tensor([SOURCE]))


def test_a_kernel_with_another_scale_than_configured_is_found_out() -> None:
    model = random_model(encoder_config())
    part_of(model, "encoder.layers.0.self_attention", MultiHeadAttention).attend.scale = 1.0
    with pytest.raises(TraceError, match=r"^encoder\.layers\.0\.self_attention: "):
        traced(model, SOURCE)


@pytest.mark.parametrize("name", ["query", "key", "value"])
def test_weights_that_are_no_numbers_are_found_out(name: str) -> None:
    model = random_model(encoder_config())
    model.get_parameter(f"encoder.layers.1.self_attention.{name}.weight")[0, 0] = math.nan
    with pytest.raises(TraceError, match=r"^encoder\.layers\.1\.self_attention: .* by nan"):
        traced(model, SOURCE)


def test_the_error_says_how_far_off_and_is_one_line() -> None:
    model = random_model(encoder_config())
    make_lie(model, "encoder.layers.0.self_attention", nothing)
    with pytest.raises(
        TraceError, match=r"within 1e-05, but differ by .*; .* not shown$"
    ) as caught:
        traced(model, SOURCE)
    assert "\n" not in str(caught.value)


def test_a_trace_after_an_error_is_right_again() -> None:
    model = random_model(translator_config())
    recorder = Recorder(model)
    attention = part_of(model, "encoder.layers.0.self_attention", MultiHeadAttention)
    true = attention.attend
    make_lie(model, "encoder.layers.0.self_attention", nothing)
    with pytest.raises(TraceError):
        recorder.record(torch.tensor([SOURCE]))
    attention.attend = true
    seen = recorder.record(torch.tensor([SOURCE]))
    assert torch.equal(seen["encoder"], model.encode(torch.tensor([SOURCE]))[0])
    assert "decoder" not in seen


class Shortcut(nn.Module):
    """A feed-forward network that has no hidden layer."""

    def forward(self, x: Tensor) -> Tensor:
        return x


def test_a_step_that_the_model_does_not_run_is_an_error() -> None:
    model = random_model(encoder_config())
    model.encoder.layers[1].feed_forward = Shortcut()
    with pytest.raises(
        TraceError, match=r"^encoder\.layers\.1\.feed_forward\.hidden was not recorded"
    ):
        traced(model, SOURCE)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("size", [1.0, 30.0, 1000.0])
def test_large_scores_raise_no_alarm(dtype: torch.dtype, size: float) -> None:
    model = random_model(encoder_config(encoder=stack(scale_scores=False)))
    for layer in model.encoder.layers:
        part_of(layer, "self_attention.query", nn.Linear).weight.mul_(size)
    trace = traced(model.to(dtype), SOURCE)
    largest = abs(trace["encoder.layers.0.self_attention.scores"]).max()
    assert largest > size
    check_rows(trace)


def check_rows(trace: Trace) -> None:
    for name in trace:
        if name.endswith(".weights"):
            assert abs(trace[name].sum(axis=-1) - 1.0).max() < 1e-5
