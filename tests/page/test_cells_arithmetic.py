"""Every cell that the page recomputes, against `explain` and against the trace."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from cells_for_tests import cells_of, with_modules
from models_for_tests import (
    SENTENCE,
    encoder_config,
    loaded,
    minilm,
    random_model,
    stack,
    traced,
    translator_config,
)
from page_for_tests import Opener

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.page.manifest import page_data
from glassformer.inspection.trace import Trace
from glassformer.library import load
from glassformer.requests.inspection import InspectRequest
from glassformer.tracing.arithmetic import RULES

SOURCE, TARGET = [5, 6, 7, 8, 9], [4, 9, 3, 11]

RECOMPUTE = """async cells => {
  const { arithmetic, data, explained } = window.__glassformer;
  const manifest = JSON.parse(document.getElementById("glassformer-page").textContent);
  const [pass] = new data.PageData(manifest, data.blocksIn(document)).passes;
  const found = [];
  for (const [name, at] of cells) {
    const { found: one, traced } = await explained.explained(pass, name, at);
    const allowed = arithmetic.TOLERANCE * arithmetic.largestOperand(one);
    found.push({ value: one.value, missing: one.missing, traced, allowed });
  }
  return found;
}"""


def translated(**changes: object) -> Trace:
    return traced(random_model(translator_config(**changes)), SOURCE, TARGET)


def encoded(**changes: object) -> Trace:
    return traced(random_model(encoder_config(encoder=stack(**changes))), SOURCE)


SMALL: dict[str, Callable[[], Trace]] = {
    "post-norm": translated,
    "pre-norm": lambda: translated(
        encoder=stack(norm="pre"), decoder=stack(num_layers=2, norm="pre", scale_scores=False)
    ),
    "no norm, halves": lambda: encoded(norm="none", positions="sinusoidal_halves"),
    "gelu, learned": lambda: encoded(
        activation="gelu", positions="learned", token_types=2, embedding_norm=True
    ),
    "gelu_tanh": lambda: encoded(activation="gelu_tanh", scale_embedding=False),
    "silu, no positions": lambda: encoded(activation="silu", positions="none"),
    "a sentence": lambda: loaded(translator_config(), seed=3).inspect(SENTENCE, to="fr"),
}
LARGE: dict[str, Callable[[], Trace]] = {
    "box": lambda: load().inspect(SENTENCE, to="fr"),
    "minilm": lambda: minilm().inspect("a dog ate the food", pair="it was hungry"),
}


FAST = ("gelu, learned",)


@pytest.mark.parametrize(
    "model",
    [
        name if name in FAST else pytest.param(name, marks=pytest.mark.slow)
        for name in (*SMALL, *LARGE)
    ],
)
def test_each_step_is_recomputed_as_explain_does(page_of: Opener, model: str) -> None:
    trace = {**SMALL, **LARGE}[model]()
    data = page_data(trace, InspectRequest(text=trace.source.text), with_weights=True)
    page = page_of(document_of(data))
    with_modules(page, "data.js", "explained.js")
    count = 2 if model in LARGE else 4
    cells = [(name, at) for name in trace for at in cells_of(trace, name, count)]
    found = page.evaluate(RECOMPUTE, cells)
    for (name, at), cell in zip(cells, found, strict=True):
        explained = trace.explain(name, at)
        assert cell["missing"] == []
        # From logits that the page recomputed, where `explain` takes those of the trace.
        close = 1e-5 if name == "probabilities" else 1e-9
        size = max(abs(explained.recomputed), largest_of(explained.operands))
        assert abs(cell["value"] - explained.recomputed) <= close * size, (name, at)
        if cell["traced"] is None:
            assert name in ("logits", "probabilities")
        else:
            assert cell["traced"] == explained.value
            assert abs(cell["value"] - explained.value) <= cell["allowed"], (name, at)
            of = [trace[parent] for parent in trace.step(name).parents]
            most = max([size, *(float(np.abs(one).max()) for one in of)])
            assert cell["allowed"] <= 1.001e-5 * most, (name, at)


def largest_of(operands: object) -> float:
    assert isinstance(operands, dict)
    return max(float(np.abs(np.asarray(one, dtype=float)).max()) for one in operands.values())


def test_each_operation_has_its_rule(page_of: Opener) -> None:
    page = page_of("<!doctype html><title>A page</title>")
    with_modules(page, "arithmetic.js")
    assert set(page.evaluate("Object.keys(__glassformer.arithmetic.RULES)")) == {*RULES}


def test_the_error_function_is_that_of_python(page_of: Opener) -> None:
    page = page_of("<!doctype html><title>A page</title>")
    with_modules(page, "activations.js")
    xs = [0.0, 1e-300, 1e-8, *np.linspace(-7, 7, 281).tolist()]
    ys = page.evaluate("xs => xs.map(__glassformer.activations.erf)", xs)
    np.testing.assert_allclose(ys, [math.erf(x) for x in xs], rtol=4e-15)
