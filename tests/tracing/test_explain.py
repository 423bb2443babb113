"""Each cell of each step can be recomputed from the cells that it was made of."""

import dataclasses
import functools
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from models_for_tests import encoder_config, minilm, random_model, stack, traced, translator_config
from strategies import Case, build, cases, examples

from glassformer.errors import TraceError, UsageError
from glassformer.inspection.trace import Trace
from glassformer.tracing.arithmetic import RULES
from glassformer.tracing.explain import Explanation
from glassformer.tracing.steps import steps_of

PRECISIONS = [
    pytest.param(torch.float64, 1e-10, id="float64"),
    pytest.param(torch.float32, 2e-5, id="float32"),
]
SOURCE, TARGET = [5, 6, 7, 8, 9], [4, 9, 3, 11]


def random_cell(trace: Trace, name: str, seed: int = 0) -> tuple[int, ...]:
    random = np.random.default_rng([seed, *name.encode()])
    return tuple(int(random.integers(size)) for size in trace[name].shape)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@examples(20)
@given(case=cases())
def test_every_step_recomputes_to_what_is_in_the_trace(
    case: Case, dtype: torch.dtype, tolerance: float
) -> None:
    model = build(case.config, dtype, case.seed)
    trace = traced(model, case.source, None if case.config.decoder is None else case.target)
    for step in trace.steps():
        array = trace[step.name].astype(np.float64)
        at = random_cell(trace, step.name, case.seed)
        explained = trace.explain(step.name, at)
        assert explained.value == array[at]
        assert explained.axes == step.axes
        assert explained.formula == step.formula
        off = abs(explained.recomputed - explained.value) / max(1.0, np.abs(array).max())
        assert off <= tolerance, f"{step.name}{list(at)} is off by {off:.1e}"


EVERY_OPERATION = (
    translator_config(encoder=stack(norm="pre"), decoder=stack(num_layers=2)),
    encoder_config(encoder=stack(positions="learned", token_types=2, embedding_norm=True)),
)


@functools.cache
def all_operations() -> dict[str, tuple[Trace, list[str]]]:
    """For each operation a trace, and the steps in it that it makes."""
    found: dict[str, tuple[Trace, list[str]]] = {}
    for config in EVERY_OPERATION:
        decodes = config.decoder is not None
        trace = traced(random_model(config), SOURCE, TARGET if decodes else None)
        for step in steps_of(config, with_target=decodes):
            found.setdefault(step.operation, (trace, []))
            if found[step.operation][0] is trace:
                found[step.operation][1].append(step.name)
    return found


@pytest.mark.parametrize("operation", RULES)
def test_each_operation_can_be_explained_at_all_corners(operation: str) -> None:
    trace, names = all_operations()[operation]
    for name in names[:3]:
        array = trace[name].astype(np.float64)
        for at in {(0,) * array.ndim, tuple(size - 1 for size in array.shape)}:
            explained = trace.explain(name, at)
            allowed = 1e-5 * max(1.0, np.abs(array).max())
            assert explained.recomputed == pytest.approx(array[at], abs=allowed)


def test_there_is_a_rule_for_each_operation_and_no_other() -> None:
    assert {*all_operations()} == {*RULES}


# What is shown


def numbers_of(explained: Explanation) -> list[float]:
    """All numbers among the operands."""
    values = [np.ravel(np.asarray(value, dtype=float)) for value in explained.operands.values()]
    numbers: list[float] = np.concatenate(values).tolist()
    return numbers


PRODUCT = re.compile(r"(\(?-?[\d.e+-]+\)?)·(\(?-?[\d.e+-]+\)?)")


@pytest.mark.parametrize("operation", ["project", "linear", "join", "scores", "context"])
def test_the_products_shown_are_those_of_the_operands(operation: str) -> None:
    trace, names = all_operations()[operation]
    at = random_cell(trace, names[0])
    explained = trace.explain(names[0], at)
    left, right = map(np.asarray, [*explained.operands.values()][:2])
    shown = [[float(x.strip("()")) for x in pair] for pair in PRODUCT.findall(str(explained))]
    assert len(shown) == 3
    np.testing.assert_allclose(shown, np.stack([left, right], axis=1)[:3], rtol=1e-3)
    if len(left) > 3:
        assert f"… ({len(left)} products)" in explained.arithmetic
    bias = explained.operands.get("b", 0.0)
    assert float(left @ right) + bias == pytest.approx(explained.value, rel=1e-5, abs=1e-5)


EVALUATED = ["lookup", "sinusoid", "sum", "scale", "softmax", "choose", "layer_norm", "same"]


@pytest.mark.parametrize("operation", EVALUATED)
def test_the_line_shown_comes_to_the_value(operation: str) -> None:
    trace, names = all_operations()[operation]
    for name in names[:5]:
        at = random_cell(trace, name)
        if name == "probabilities":
            at = (1, 300)
        explained = trace.explain(name, at)
        line = re.sub(r" \(both divided .*\)| there$", "", explained.arithmetic).split(" = ")[-1]
        if operation == "same":
            line = repr(trace[line][at])
        line = line.replace("−", "-").replace("·", "*").replace("√", "math.sqrt")
        line = re.sub(r"math\.sqrt(\d+)", r"math.sqrt(\1)", line)
        line = re.sub(r"\b(sin|cos)\(", r"math.\1(", line)
        result = eval(line, {"math": math, "np": np})
        assert result == pytest.approx(explained.value, rel=5e-3, abs=5e-3), explained


def test_masked_cells_say_so() -> None:
    trace = traced(random_model(translator_config()), SOURCE, TARGET)
    explained = trace.explain("decoder.layers.0.self_attention.weights", at=(0, 1, 2))
    assert (explained.value, explained.recomputed) == (0.0, 0.0)
    assert "masked" in str(explained)
    assert np.asarray(explained.operands["allowed"]).tolist() == [True, True, False, False]
    explained = trace.explain("probabilities", at=(0, 0))  # padding is never generated
    assert (explained.value, explained.recomputed) == (0.0, 0.0)


def test_an_explanation_in_full() -> None:
    trace = traced(random_model(encoder_config()), SOURCE)
    explained = trace.explain("encoder.layers.2.self_attention.scaled_scores", at=(1, 4, 0))
    score = float(trace["encoder.layers.2.self_attention.scores"][1, 4, 0])
    assert 1.0 < score < 10.0
    assert str(explained) == (
        "encoder.layers.2.self_attention.scaled_scores[1, 4, 0]   "
        "(head 1, query 4, key 0, counted from 0)\n"
        "  = scores / √d_head\n"
        f"  = {score:.4g} / √7\n"
        f"  = {score / math.sqrt(7):.5g}   recomputed; in the trace: {explained.value:.5g}"
    )
    assert explained.operands == {"score": score, "d_head": 7}


def test_a_gelu_layer_names_its_own_function() -> None:
    for activation, word in (
        ("gelu", "erf"),
        ("gelu_tanh", "tanh"),
        ("silu", "exp"),
        ("relu", "max"),
    ):
        model = random_model(encoder_config(encoder=stack(activation=activation)))
        explained = traced(model, SOURCE).explain("encoder.layers.0.feed_forward.hidden", (1, 2))
        assert word in explained.arithmetic
        assert numbers_of(explained)


@pytest.mark.parametrize("operation", RULES)
def test_as_plain_data_an_explanation_has_every_operand(operation: str) -> None:
    trace, names = all_operations()[operation]
    explained = trace.explain(names[0], random_cell(trace, names[0]))
    data: dict[str, Any] = json.loads(json.dumps(explained.to_json()))
    assert data.keys() == {field.name for field in dataclasses.fields(Explanation)}
    assert data["at"] == list(explained.at)
    assert data["value"] == explained.value
    assert data["operands"].keys() == explained.operands.keys()
    for name, operand in explained.operands.items():
        np.testing.assert_array_equal(data["operands"][name], operand)


# Cells that are not there


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("encoder", ()),
        ("encoder", (0,)),
        ("encoder", (0, 0, 0)),
        ("encoder", (5, 0)),
        ("encoder", (0, 14)),
        ("encoder", (-1, 0)),
        ("encoder", (0, -14)),
        ("source.tokens", (5,)),
        ("source.tokens", (0, 0)),
        ("encoder.layers.0.self_attention.weights", (2, 0, 0)),
        ("encoder.layers.0.self_attention.weights", (0, 0, 5)),
        ("encoder.layers.0.self_attention.weights", (0, 1)),
    ],
)
def test_a_cell_that_is_not_there_is_answered_with_axes_and_sizes(
    name: str, at: tuple[int, ...]
) -> None:
    trace = traced(random_model(encoder_config()), SOURCE)
    axes, sizes = map(re.escape, (", ".join(trace_axes(trace, name)), str([*trace[name].shape])))
    with pytest.raises(
        UsageError, match=f"{axes}. of sizes {sizes}.* no cell {re.escape(str([*at]))}"
    ):
        trace.explain(name, at=at)


def trace_axes(trace: Trace, name: str) -> tuple[str, ...]:
    return next(step.axes for step in trace.steps() if step.name == name)


def test_without_its_model_a_trace_explains_what_needs_no_weights(tmp_path: Path) -> None:
    model = random_model(translator_config())
    traced(model, SOURCE, TARGET).save(tmp_path / "x.safetensors")
    alone = Trace.load(tmp_path / "x.safetensors")
    whole = Trace.load(tmp_path / "x.safetensors", model=model)
    needs_weights = {step.name for step in whole.steps() if step.parameters}
    for name in whole:
        at = random_cell(whole, name)
        if name in needs_weights:
            with pytest.raises(
                TraceError, match=r"load it with its model, Trace\.load\(path, model"
            ):
                alone.explain(name, at)
        else:
            assert alone.explain(name, at).recomputed == whole.explain(name, at).recomputed


def test_an_explanation_on_a_real_model() -> None:
    trace = minilm().inspect("a dog ate the food because it was hungry")
    explained = trace.explain("encoder.layers.3.self_attention.weights", at=(1, 7, 2))
    assert f"{explained.recomputed:.2f}" == f"{explained.value:.2f}" == "0.53"
    assert "0.52888   recomputed; in the trace: 0.52888" in str(explained)
    for step in trace.steps():
        at = random_cell(trace, step.name)
        explained = trace.explain(step.name, at)
        largest = max(1.0, np.abs(trace[step.name].astype(float)).max())
        assert explained.recomputed == pytest.approx(explained.value, abs=1e-5 * largest)
