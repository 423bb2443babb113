"""Every step of the model equals the same step of an independent float64 version."""

import dataclasses
from functools import partial
from typing import Any

import numpy as np
import oracle
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from strategies import Case, build, cases, examples, weights_of
from torch import Tensor, nn

from glassformer.model.attention import ScaledDotProductAttention, attention_weights
from glassformer.model.transformer import Transformer

Steps = dict[str, NDArray[Any]]

PRECISIONS = [
    pytest.param(torch.float64, 1e-10, id="float64"),
    pytest.param(torch.float32, 1e-5, id="float32"),
]
OUTPUTS = {
    "encoder", "decoder", "embedding", "tokens", "positions", "token_types", "self_attention",
    "cross_attention", "feed_forward", "add_norm_1", "add_norm_2", "add_norm_3",
}  # fmt: skip


def observe(
    model: Transformer,
    source: list[int],
    target: list[int] | None,
    type_ids: list[int] | None = None,
) -> Steps:
    """What ordinary forward hooks on the named modules see, under the names of a trace."""
    steps: Steps = {}

    def keep(name: str, value: Tensor) -> None:
        steps[name] = value.detach().squeeze(0).numpy()

    def hook(name: str, module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        parent, _, part = name.rpartition(".")
        if part == "attend":
            query, key, _, mask = inputs
            for step, seen in zip(("query", "key", "value", "mask"), inputs, strict=True):
                if seen is not None:
                    keep(f"{parent}.{step}", seen)
            assert isinstance(module, ScaledDotProductAttention)
            derived = attention_weights(query, key, mask, module.scale)
            for step, seen in derived._asdict().items():
                keep(f"{parent}.{step}", seen)
            keep(f"{parent}.context", output)
        elif part == "norm" and parent in ("encoder", "decoder"):
            keep(name, output)
        elif part == "norm" and parent.endswith("embedding"):
            keep(f"{parent}.sum", *inputs)
        elif part == "norm":
            stack = getattr(model.config, name.split(".")[0])
            keep(*((f"{parent}.sum", *inputs) if stack.norm == "post" else (name, output)))
        elif part == "contract":
            keep(f"{parent}.hidden", *inputs)
        elif name == "output":
            keep("logits", output)
            keep("probabilities", model.probabilities(output))
        elif part in OUTPUTS or parent.endswith("layers"):
            keep(name, output)

    hooks = [
        module.register_forward_hook(partial(hook, name))
        for name, module in model.named_modules()
        if not isinstance(module, nn.Identity) and type(module).__name__ != "Absent"
    ]
    types = None if type_ids is None else torch.tensor([type_ids])
    if target is None:
        model.encode(torch.tensor([source]), type_ids=types)
    else:
        model(torch.tensor([source]), torch.tensor([target]), type_ids=types)
    for handle in hooks:
        handle.remove()
    return steps


def assert_same_steps(observed: Steps, expected: Steps, tolerance: float) -> None:
    assert observed.keys() == expected.keys()
    for name, value in expected.items():
        assert observed[name].shape == value.shape, name
        largest = max(1.0, np.abs(value).max())
        error = np.abs(observed[name].astype(np.float64) - value).max() / largest
        assert error <= tolerance, f"{name} is off by {error:.1e}"


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@examples(60)
@given(case=cases())
def test_every_step_equals_the_oracle(case: Case, dtype: torch.dtype, tolerance: float) -> None:
    model = build(case.config, dtype, case.seed)
    target = None if case.config.decoder is None else case.target
    expected = oracle.run(case.config, weights_of(model), case.source, target)
    assert_same_steps(observe(model, case.source, target), expected, tolerance)


@examples(10)
@given(case=cases(), data=st.data())
def test_every_step_of_typed_tokens_equals_the_oracle(case: Case, data: st.DataObject) -> None:
    encoder = dataclasses.replace(case.config.encoder, token_types=3)
    config = dataclasses.replace(case.config, encoder=encoder)
    model = build(config, seed=case.seed)
    size = len(case.source)
    type_ids = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    target = None if config.decoder is None else case.target
    expected = oracle.run(config, weights_of(model), case.source, target, type_ids)
    assert_same_steps(observe(model, case.source, target, type_ids), expected, 1e-10)


@given(case=cases(decoder=True), limit=st.integers(1, 19))
def test_greedy_with_a_cache_equals_greedy_by_recomputation(case: Case, limit: int) -> None:
    model = build(case.config, seed=case.seed)
    memory = model.encode(torch.tensor([case.source]))
    cache = model.new_cache()
    target = case.target[:1]
    while len(target) <= limit and (len(target) == 1 or target[-1] != case.config.end):
        logits = model.decode(torch.tensor([target[-1:]]), memory, None, cache)
        target.append(int(model.probabilities(logits)[0, -1].argmax()))
    expected = oracle.greedy(case.config, weights_of(model), case.source, case.target[0], limit)
    assert target[1:] == expected
