"""A trace has every step of the model and nothing else, with its numbers, and changes nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import oracle
import pytest
import torch
from hypothesis import given
from models_for_tests import (
    SENTENCE,
    encoder_config,
    loaded,
    numbered,
    random_model,
    stack,
    traced,
    translator_config,
)
from narrowing import part_of
from strategies import Case, build, cases, examples, weights_of
from torch import nn

from glassformer.errors import TraceError
from glassformer.inspection.trace import Trace
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.transformer import Transformer
from glassformer.tracing.recorder import Recorder

PRECISIONS = [
    pytest.param(torch.float64, 1e-10, id="float64"),
    pytest.param(torch.float32, 1e-5, id="float32"),
]
HALF = [pytest.param(torch.bfloat16, id="bfloat16"), pytest.param(torch.float16, id="float16")]


def target_of(case: Case) -> list[int] | None:
    return None if case.config.decoder is None else case.target


# Every step, by name


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@examples(25)
@given(case=cases())
def test_every_step_is_there_and_equals_the_oracle(
    case: Case, dtype: torch.dtype, tolerance: float
) -> None:
    model = build(case.config, dtype, case.seed)
    trace = traced(model, case.source, target_of(case))
    expected = oracle.run(case.config, weights_of(model), case.source, target_of(case))
    assert {*trace} - {"source.tokens", "target.tokens"} == {*expected}
    assert trace["source.tokens"].tolist() == case.source
    if "target.tokens" in trace:
        assert trace["target.tokens"].tolist() == case.target
    for name, value in expected.items():
        given = trace[name]
        assert given.shape == value.shape, name
        error = np.abs(given.astype(np.float64) - value).max() / max(1.0, np.abs(value).max())
        assert error <= tolerance, f"{name} is off by {error:.1e}"


@examples(12)
@given(case=cases())
def test_the_listed_steps_are_those_that_can_be_read(case: Case) -> None:
    trace = traced(build(case.config, seed=case.seed), case.source, target_of(case))
    seen: set[str] = set()
    for step in trace.steps():
        assert trace[step.name].shape == step.shape == tuple(trace.tensor(step.name).shape)
        assert len(step.shape) == len(step.axes)
        assert {*step.parents} <= seen, f"{step.name} comes before what it is made from"
        for parameter in step.parameters:
            assert np.isfinite(trace.parameter(parameter)).all()
        seen.add(step.name)
    assert [step.name for step in trace.steps()] == [*trace]
    assert len(trace) == len(seen)


@examples(12)
@given(case=cases())
def test_weights_are_shares_and_masked_ones_exactly_0(case: Case) -> None:
    trace = traced(build(case.config, torch.float32, case.seed), case.source, target_of(case))
    for name in trace:
        if name.endswith(".weights"):
            assert (trace[name] >= 0.0).all(), name
            np.testing.assert_allclose(trace[name].sum(axis=-1), 1.0, atol=1e-6, err_msg=name)
            if name.startswith("decoder") and ".self_" in name:
                above = np.triu(np.ones(trace[name].shape[1:], dtype=bool), k=1)
                assert (trace[name][:, above] == 0.0).all(), name
                assert (trace[name][:, ~above] > 0.0).all(), name


def test_a_base_model_has_all_rows_of_the_article() -> None:
    config = translator_config(
        encoder=stack(), decoder=stack(), output_bias=False
    )  # sinusoids, post-norm, ReLU, tied: as in the paper, but small
    trace = traced(random_model(config), [5, 6, 7, 8], [4, 9, 3])
    parts = [".query", ".key", ".value", ".scores", ".scaled_scores", ".weights", ".context", ""]
    layer = [f"self_attention{part}" for part in parts]
    feed = ["feed_forward.hidden", "feed_forward"]
    encoder = [*layer, "add_norm_1.sum", "add_norm_1", *feed, "add_norm_2.sum", "add_norm_2"]
    decoder = [*layer, "self_attention.mask", "add_norm_1.sum", "add_norm_1"]
    decoder += [f"cross_attention{part}" for part in parts]
    decoder += ["add_norm_2.sum", "add_norm_2", *feed, "add_norm_3.sum", "add_norm_3"]
    expected = {"source.tokens", "target.tokens", "logits", "probabilities"}
    for side, inside in (("encoder", encoder), ("decoder", decoder)):
        expected |= {side, f"{side}.embedding", f"{side}.embedding.tokens"}
        expected |= {f"{side}.embedding.positions"}
        for k in range(3):
            expected |= {f"{side}.layers.{k}", *(f"{side}.layers.{k}.{name}" for name in inside)}
    assert {*trace} == expected


def test_a_trace_of_the_encoder_alone_has_no_decoder() -> None:
    trace = traced(random_model(translator_config()), [5, 6, 7])
    assert not [name for name in trace if name.startswith(("decoder", "target", "logits"))]
    with pytest.raises(TraceError, match="no step 'decoder'"):
        trace["decoder"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("encoder.layers.0.self_attention.weight", "encoder.layers.0.self_attention.weights"),
        ("encoder.layer.0", "encoder.layers.0"),
        ("sources.tokens", "source.tokens"),
    ],
)
def test_an_unknown_step_is_answered_with_near_names(asked: str, near: str) -> None:
    trace = traced(random_model(encoder_config()), [5, 6, 7])
    with pytest.raises(TraceError, match=f"no step {asked!r} .*{near}"):
        trace[asked]
    with pytest.raises(TraceError, match=near):
        trace.tensor(asked)
    with pytest.raises(TraceError, match=near):
        trace.explain(asked, at=(0, 0))
    assert asked not in trace
    assert near in trace


def test_a_name_like_no_other_is_answered_without_a_guess() -> None:
    trace = traced(random_model(encoder_config()), [5, 6, 7])
    with pytest.raises(TraceError, match=r"no step '!' in this trace$"):
        trace["!"]


# Precision


@pytest.mark.parametrize("dtype", HALF)
def test_half_precision_models_can_be_traced(dtype: torch.dtype) -> None:
    model = random_model(translator_config()).to(dtype)
    trace = traced(model, [5, 6, 7, 8], [4, 9, 3])
    assert trace.tensor("encoder").dtype == dtype
    assert trace["encoder"].dtype == np.float32
    assert trace["source.tokens"].dtype == np.int64
    assert trace["decoder.layers.0.self_attention.mask"].dtype == np.bool_
    assert torch.equal(trace.tensor("encoder"), model.encode(torch.tensor([[5, 6, 7, 8]]))[0])
    weights = trace["decoder.layers.1.cross_attention.weights"]
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, atol=1e-5)
    recomputed = trace.explain("encoder.layers.0.self_attention.context", at=(1, 2, 3)).recomputed
    assert recomputed == pytest.approx(
        trace["encoder.layers.0.self_attention.context"][1, 2, 3], abs=0.05
    )


def test_a_float64_model_is_traced_in_float64() -> None:
    trace = traced(random_model(encoder_config()).double(), [5, 6, 7])
    assert trace["encoder"].dtype == np.float64
    assert trace["encoder.layers.0.self_attention.weights"].dtype == np.float64
    assert trace.parameter("encoder.embedding.tokens.weight").dtype == np.float64


# A trace observes


@examples(12)
@given(case=cases())
def test_a_traced_pass_gives_bit_for_bit_the_untraced_output(case: Case) -> None:
    model = build(case.config, torch.float32, case.seed)
    source = torch.tensor([case.source])
    with torch.no_grad():
        memory = model.encode(source)
        logits = None if model.decoder is None else model(source, torch.tensor([case.target]))
    trace = traced(model, case.source, target_of(case))
    assert torch.equal(trace.tensor("encoder"), memory[0])
    if logits is not None:
        assert torch.equal(trace.tensor("logits"), logits[0])
        assert torch.equal(trace.tensor("probabilities"), model.probabilities(logits)[0])


@examples(12)
@given(case=cases())
def test_nothing_of_a_trace_stays_in_the_model(case: Case) -> None:
    model = build(case.config, torch.float32, case.seed).train()
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    generator = torch.get_rng_state()
    trace = traced(model, case.source, target_of(case))
    assert all(module.training for module in model.modules())
    assert not any(hooks(model))
    assert all(weight.grad is None for weight in model.parameters())
    assert torch.equal(torch.get_rng_state(), generator), "dropout was drawn"
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
    again = traced(model.eval(), case.source, target_of(case))  # as the model works when in use
    assert torch.equal(trace.tensor("encoder"), again.tensor("encoder"))


def hooks(model: nn.Module) -> Iterator[object]:
    for module in model.modules():
        yield from (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks)


def test_a_trace_of_a_model_that_learns_needs_no_graph() -> None:
    model = random_model(encoder_config()).requires_grad_(True)
    trace = traced(model, [5, 6, 7])
    assert not trace.tensor("encoder").requires_grad
    model.encode(torch.tensor([[5, 6, 7]])).sum().backward()
    assert part_of(model, EXPAND, nn.Linear).weight.grad is not None


def test_several_threads_can_trace_one_model() -> None:
    model = loaded(translator_config())
    words = SENTENCE.split()
    sentences = [" ".join(words[: 2 + n % 5]) for n in range(10)]
    alone = loaded(translator_config())
    expected = {text: alone.inspect(text, to="fr") for text in {*sentences}}
    with ThreadPoolExecutor(4) as threads:
        traces = list(threads.map(lambda text: model.inspect(text, to="fr"), sentences))
    for text, trace in zip(sentences, traces, strict=True):
        assert trace.source.text == text
        for name in expected[text]:
            np.testing.assert_array_equal(trace[name], expected[text][name], err_msg=name)
    assert not any(hooks(model.model))


# A trace shows the model as it is now, and stays what it was


def trace_with(recorder: Recorder, model: Transformer) -> Trace:
    tensors = recorder.record(torch.tensor([[5, 6, 7, 8]]))
    return Trace(tensors, config=model.config, source=numbered([5, 6, 7, 8]), model=model)


def learned(**changes: object) -> Transformer:
    """A model whose positions and token types are tables."""
    return random_model(
        encoder_config(encoder=stack(positions="learned", token_types=2, **changes))
    )


class Doubled(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2.0 * super().forward(x)


def change_in_place(model: Transformer) -> None:
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.5)


EXPAND = "encoder.layers.0.feed_forward.expand"


def change_data(model: Transformer) -> None:
    linear = part_of(model, EXPAND, nn.Linear)
    linear.weight.data = linear.weight.data + 1.0


def change_parameter(model: Transformer) -> None:
    linear = part_of(model, EXPAND, nn.Linear)
    linear.weight = nn.Parameter(linear.weight + 1.0, requires_grad=False)


def change_precision(model: Transformer) -> None:
    model.to(torch.float64)


def change_module(model: Transformer) -> None:
    attention = part_of(model, "encoder.layers.0.self_attention", MultiHeadAttention)
    old = attention.output
    new = Doubled(old.in_features, old.out_features)
    new.weight, new.bias = old.weight, old.bias  # the very same tensors
    attention.output = new


def change_by_hook(model: Transformer) -> None:
    feed_forward = model.get_submodule("encoder.layers.1.feed_forward")
    feed_forward.register_forward_hook(lambda *seen: 0.0 * seen[-1])


CHANGES = [
    change_in_place, change_data, change_parameter, change_precision, change_module, change_by_hook,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_trace_sees_what_was_changed(change: Callable[[Transformer], None]) -> None:
    model = learned()
    recorder = Recorder(model)
    before = trace_with(recorder, model).tensor("encoder")
    change(model)
    after = trace_with(recorder, model)
    assert torch.equal(after.tensor("encoder"), model.encode(torch.tensor([[5, 6, 7, 8]]))[0])
    assert not torch.equal(after.tensor("encoder").float(), before)


def test_weights_loaded_later_are_seen() -> None:
    model, other = random_model(encoder_config(), 1), random_model(encoder_config(), 2)
    recorder = Recorder(model)
    trace_with(recorder, model)
    model.load_state_dict(other.state_dict())
    expected = other.encode(torch.tensor([[5, 6, 7, 8]]))[0]
    assert torch.equal(trace_with(recorder, model).tensor("encoder"), expected)
    model.load_state_dict(random_model(encoder_config(), 3).state_dict(), assign=True)
    expected = random_model(encoder_config(), 3).encode(torch.tensor([[5, 6, 7, 8]]))[0]
    assert torch.equal(trace_with(recorder, model).tensor("encoder"), expected)


def test_an_earlier_trace_stays_as_it_was() -> None:
    model = learned(embedding_norm=True)
    trace = trace_with(Recorder(model), model)
    before = {name: trace[name].copy() for name in trace}
    change_in_place(model)
    for name in trace:
        np.testing.assert_array_equal(trace[name], before[name], err_msg=name)


def test_what_is_read_can_not_change_the_trace_or_the_model() -> None:
    model = learned()
    trace = trace_with(Recorder(model), model)
    weights = {name: weight.clone() for name, weight in model.state_dict().items()}
    before = {name: trace[name].copy() for name in trace}
    for name in trace:
        with pytest.raises(ValueError, match="read-only"):
            trace[name][...] = 0
        trace.tensor(name).zero_()
    for name in weights:
        with pytest.raises(ValueError, match="read-only"):
            trace.parameter(name)[...] = 0
    for name in trace:
        np.testing.assert_array_equal(trace[name], before[name], err_msg=name)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, weights[name]), name


def test_a_trace_says_what_it_is() -> None:
    trace = traced(random_model(encoder_config()), [5, 6], model_name="small")
    assert repr(trace) == f"<Trace of '5 6' by small: {len(trace)} steps>"
