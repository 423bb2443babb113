"""What `import glassformer` gives: the names promised, when they are used, and what they do."""

import importlib
import inspect
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_overloads

import numpy as np
import pytest
import torch
from models_for_tests import SENTENCE, minilm

import glassformer

PROMISED = [
    "AverageResult",
    "EncodedFile",
    "Encoding",
    "Evaluation",
    "Explanation",
    "Glassformer",
    "GlassformerError",
    "GlassformerWarning",
    "InspectRequest",
    "KnownModel",
    "ModelConfig",
    "Note",
    "PairFiles",
    "Report",
    "ScoredFile",
    "ScoredTarget",
    "ShownHead",
    "StackConfig",
    "Trace",
    "TracedFile",
    "TrainingResult",
    "Transformer",
    "TranslatedFile",
    "Translation",
    "average",
    "encode_file",
    "evaluate",
    "load",
    "models",
    "page",
    "report",
    "score_file",
    "serve",
    "trace_file",
    "train",
    "translate_file",
]


def functions_of(name: str) -> Iterator[Callable[..., object]]:
    """The function of this name, or what the class of this name can be asked to do."""
    value = getattr(glassformer, name)
    members = {name: value}
    if inspect.isclass(value):
        public = [it for it in dir(value) if it == "__init__" or not it.startswith("_")]
        members = {it: inspect.getattr_static(value, it) for it in public}
    for member in members.values():
        function = getattr(member, "__func__", member)  # a class method's
        if inspect.isfunction(function) and function.__module__.startswith("glassformer."):
            yield function
            yield from get_overloads(function)


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, encoding="utf-8"
    )


def test_the_names_are_those_promised() -> None:
    assert glassformer.__all__ == PROMISED
    assert dir(glassformer) == sorted([*PROMISED, "__version__"])


@pytest.mark.parametrize("name", PROMISED)
def test_a_name_is_what_its_room_calls_so(name: str) -> None:
    value = getattr(glassformer, name)
    assert value.__name__ == name
    assert getattr(importlib.import_module(value.__module__), name) is value
    assert value.__doc__


@pytest.mark.parametrize("name", PROMISED)
def test_every_parameter_says_what_may_be_given(name: str) -> None:
    """None is `Any`, `**options` least of all, so that an editor can complete and check a call."""
    for function in functions_of(name):
        for parameter in inspect.signature(function).parameters.values():
            if parameter.name not in ("self", "cls"):
                said = f"{function.__qualname__}: {parameter}"
                assert parameter.annotation not in (Any, "Any", parameter.empty), said


def test_a_class_is_asked_about_its_methods_and_their_overloads() -> None:
    found = Counter(function.__qualname__ for function in functions_of("Glassformer"))
    assert found["Glassformer.translate"] == found["Glassformer.inspect"] == 3
    assert found["LoadedModel.__init__"] == 1
    assert {"RecordedPass.explain", "AttentionPictures.attention", "RecordedPass.load"} <= {
        function.__qualname__ for function in functions_of("Trace")
    }


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'glassformer' has no attribute 'Encoder'"):
        glassformer.Encoder  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Encoder'"):
        from glassformer import Encoder  # noqa: F401


def test_importing_the_package_imports_no_torch() -> None:
    seen = python(
        "import sys, glassformer\n"
        "dir(glassformer), glassformer.__version__, glassformer.ModelConfig\n"
        "glassformer.GlassformerError\n"
        "assert not {'torch', 'numpy', 'click', 'rich'} & {*sys.modules}\n"
        "glassformer.load\n"
        "assert 'torch' in sys.modules\n"
    )
    assert seen.returncode == 0, seen.stderr


def test_a_star_import_brings_exactly_the_names() -> None:
    seen = python("from glassformer import *\nprint(sorted(x for x in dir() if x[0] != '_'))")
    assert seen.stdout.strip() == str(sorted(PROMISED)), seen.stderr


def test_the_example_of_the_design_runs(tmp_path: Path) -> None:
    model = glassformer.load(minilm().name)
    r = model.encode(SENTENCE)
    assert r.words == tuple(SENTENCE.split())
    assert r.tokens == ("[CLS]", *r.words, "[SEP]")
    assert r.vectors.shape == (11, 384)
    assert r.vectors.dtype == np.float32

    trace = model.inspect(SENTENCE)
    weights = trace["encoder.layers.3.self_attention.weights"]
    assert weights.shape == (12, 11, 11)
    assert weights.dtype == np.float32
    tensor = trace.tensor("encoder.layers.3.self_attention.weights")
    assert isinstance(tensor, torch.Tensor)
    np.testing.assert_array_equal(tensor.numpy(), weights)
    np.testing.assert_allclose(trace["encoder"], r.vectors, atol=1e-5)

    explanation = trace.explain("encoder.layers.3.self_attention.weights", at=(1, 7, 2))
    assert isinstance(explanation, glassformer.Explanation)
    assert explanation.value == weights[1, 7, 2]
    assert explanation.recomputed == pytest.approx(0.53, abs=0.005)

    picture = trace.attention(layer=4, head=2, word="it")
    weight = {picture.view.keys[x.to]: x.weight for x in picture.view.links}["dog"]
    assert weight == pytest.approx(weights[1, 7, 2])
    assert "0.53" in str(picture)

    trace.save(tmp_path / "dog.safetensors")
    again = glassformer.Trace.load(tmp_path / "dog.safetensors", model=model.model)
    assert again.explain("encoder", at=(0, 0)).value == trace["encoder"][0, 0]
    with pytest.raises(glassformer.GlassformerError, match="cannot translate"):
        model.translate(SENTENCE, to="fr")


def test_a_model_can_be_made_from_a_configuration() -> None:
    config = glassformer.ModelConfig.preset("tiny", vocabulary=23, start=1, end=2)
    model = glassformer.Transformer(config).eval()
    with torch.no_grad():
        logits = model(torch.tensor([[5, 6, 7]]), torch.tensor([[1, 4]]))
    assert logits.shape == (1, 2, 23)
