"""What people have made with an earlier commit still opens, and gives the same.

made_before/README.md says what it is, with which commit it was made, and how. Floating point is
not the same on every processor, so what is computed anew is compared within a tolerance, and what
is read from files exactly; benchmarks/golden.py compares two commits bit for bit on one machine.
"""

import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from made_before.make import COMMANDS, TRAIN_NUMBERS, TRAIN_REVERSED, VIEWS, WATCHED, run

import glassformer
from glassformer import Trace, views

MADE = Path(__file__).parent / "made_before"
CLOCK = {"seconds", "sentences_per_second", "tokens_per_second"}
NEAR = 1e-4
EXACT = 1e-6  # sums over numbers read from files, in whatever order a processor takes


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where all of it stands, as the working folder, to be read only."""
    monkeypatch.chdir(MADE)
    return MADE


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to work in."""
    folder = shutil.copytree(MADE, tmp_path / "copy")
    monkeypatch.chdir(folder)
    return folder


def read(path: Path) -> list[Any]:
    """JSON, or JSON lines, as a list of them."""
    return parsed(path.read_text(encoding="utf-8"), lines=path.suffix == ".jsonl")


def parsed(text: str, *, lines: bool) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()] if lines else [json.loads(text)]


def check_same(found: Any, before: Any, tolerance: float, ignored: frozenset[str]) -> None:
    """All that there was is there; what has been added since makes no difference."""
    wrong = list(differences(found, before, tolerance, CLOCK | ignored))
    assert not wrong, "\n".join(wrong[:20])


def differences(
    found: Any, before: Any, tolerance: float, ignored: frozenset[str] | set[str], at: str = ""
) -> Iterator[str]:
    match before:
        case dict() if isinstance(found, dict):
            for key in before.keys() - ignored:
                if key in found:
                    new, old = found[key], before[key]
                    if key == "schema":  # later versions of the same only add to it
                        new, old = (one.partition("/")[0] for one in (new, old))
                    yield from differences(new, old, tolerance, ignored, f"{at}.{key}")
                else:
                    yield f"{at}.{key} is gone"
        case list() if isinstance(found, list) and len(found) == len(before):
            for place, (new, old) in enumerate(zip(found, before, strict=True)):
                yield from differences(new, old, tolerance, ignored, f"{at}[{place}]")
        case float() if isinstance(found, float):
            if not math.isclose(found, before, rel_tol=tolerance, abs_tol=tolerance):
                yield f"{at} is {found}, was {before}"
        case str() if isinstance(found, str):
            if without_version(found) != without_version(before):
                yield f"{at} is {found!r}, was {before!r}"
        case _ if type(found) is not type(before) or found != before:
            yield f"{at} is {found!r}, was {before!r}"


def without_version(text: str) -> str:
    """A signature of sacreBLEU's names its own version, which may be another one here."""
    return re.sub(r"\|version:[\d.]+$", "", text)


# Trained folders and what was watched


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_said(name: str, made: Path) -> None:
    found = parsed(run(COMMANDS[name]), lines=name.endswith(".jsonl"))
    # What was watched is read. The arithmetic of `explain` is text with rounded numbers in it.
    tolerance = EXACT if "at-step" in name else NEAR
    check_same(found, read(made / "outputs" / name), tolerance, frozenset({"arithmetic"}))


@pytest.mark.parametrize("name", VIEWS)
def test_a_picture_shows_what_it_showed(name: str, made: Path) -> None:
    found = parsed(run((*VIEWS[name], "--format", "json")), lines=False)
    check_same(found, read(made / "views" / f"{name}.json"), NEAR, frozenset())


def test_a_complete_training_is_known_to_be_complete(copy: Path) -> None:
    before = contents(copy / "numbers")
    assert run(TRAIN_NUMBERS) == ""
    assert contents(copy / "numbers") == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_kept_checkpoints_are_averaged_to_the_same_weights(copy: Path) -> None:
    run(("average", "numbers", "--output", "mean.safetensors"))
    weights = (copy / "numbers" / "weights.safetensors").read_bytes()
    assert (copy / "mean.safetensors").read_bytes() == weights


def test_a_training_goes_on_from_a_trained_folder(copy: Path) -> None:
    pairs = ("--pairs", "de=pairs/de.tsv", "--pairs", "zh=pairs/zh.tsv")
    little = ("max_updates=3", "warmup=0", "batch_tokens=100", "workers=1", "threads=1")
    settings = [word for one in little for word in ("--set", f"training.{one}")]
    run(("train", *pairs, "--output", "further", "--model-from", "numbers", *settings))
    before, after = (glassformer.load(name) for name in ("numbers", "further"))
    assert after.config == before.config
    difference = after.encode(WATCHED).vectors - before.encode(WATCHED).vectors
    assert 0.0 < np.abs(difference).max() < 0.1


# An interrupted training


def check_learned_the_same(folder: Path) -> None:
    """Whether it was interrupted or not: the measurements and the weights of "finished"."""
    then = read(folder / "finished/metrics.jsonl")
    weights = safetensors.numpy.load_file(folder / "finished/weights.safetensors")
    for name in ("once", "whole"):
        check_same(read(folder / name / "metrics.jsonl"), then, 1e-3, frozenset({"gradient_norm"}))
        # All weights but one: the gradient of a key's bias is nothing but rounding, which Adam
        # makes as large as any other.
        now = safetensors.numpy.load_file(folder / name / "weights.safetensors")
        assert now.keys() == weights.keys()
        for key in [key for key in weights if not key.endswith(".key.bias")]:
            np.testing.assert_allclose(now[key], weights[key], atol=NEAR, err_msg=key)


def same_torch(version: str) -> bool:
    """Whether a release of torch, whatever it was built for, is the one that is here."""
    return version.partition("+")[0] == torch.__version__.partition("+")[0]


def test_an_interrupted_training_goes_on(copy: Path) -> None:
    for name in ("once", "twice"):
        shutil.copytree("interrupted", name)
        run((*TRAIN_REVERSED, "--output", name))
    run((*TRAIN_REVERSED, "--output", "whole"))
    once, twice = ((copy / name / "weights.safetensors").read_bytes() for name in ("once", "twice"))
    assert once == twice

    # It is the same training still …
    began, ended = (read(copy / name / "training.json")[0] for name in ("interrupted", "once"))
    decided = ("settings", "asked", "choices", "preflight", "held_out", "roles", "unknown_tokens")
    check_same(ended, {name: began[name] for name in decided}, 0.0, frozenset())
    assert ended["averaged"] == [20, 24]
    # … whose measurements stay as they were, and the others come to what they came to then …
    begun, measured = (
        (copy / name / "metrics.jsonl").read_bytes() for name in ("interrupted", "once")
    )
    assert measured.startswith(begun)
    assert begun.count(b'"train"') == 11
    if same_torch(began["versions"]["torch"]):  # another one rounds otherwise, and that grows
        check_learned_the_same(copy)
    # What was watched before it was interrupted is there, and what came after.
    at_step = ("inspect", "--model", "once", "--at-step", "9", "--word", "green")
    (found,) = parsed(run((*at_step, "--format", "json")), lines=False)
    (before,) = read(copy / "outputs/at-step-interrupted.json")
    check_same(found, before, EXACT, frozenset({"model", "updates"}))
    assert found["updates"][: len(before["updates"])] == before["updates"]
    assert found["updates"][-1] == 24


def test_an_interrupted_training_is_no_model_yet(made: Path) -> None:
    with pytest.raises(glassformer.GlassformerError, match="train"):
        glassformer.load("interrupted")


# Saved traces


@pytest.mark.parametrize("name", ["translation", "encoder"])
def test_a_saved_trace_holds_the_same_numbers_and_facts(
    name: str, made: Path, tmp_path: Path
) -> None:
    path = made / "traces" / f"{name}.safetensors"
    trace, (data,) = Trace.load(path), read(path.with_suffix(".json"))
    tensors = safetensors.numpy.load_file(path)
    assert list(trace) == [step["name"] for step in data["steps"]]
    assert {*trace} == {*tensors}
    for step, before in zip(trace.steps(), data["steps"], strict=True):
        numbers = trace[step.name]
        assert numbers.dtype == tensors[step.name].dtype
        assert numbers.tobytes() == tensors[step.name].tobytes()
        found = [list(step.shape), step.formula, list(step.parents)]
        assert found == [before[key] for key in ("shape", "formula", "parents")]
    assert trace.model_name == data["model"]
    assert (trace.source.text, list(trace.source.tokens)) == (
        data["source"]["text"],
        data["source"]["tokens"],
    )
    assert trace.to == data["to"]
    assert trace.translations == data["translations"]
    assert views.as_plain(trace.predictions) == data["predictions"]
    assert views.as_plain(trace.history) == data["history"]
    if name == "translation":
        assert trace.target is not None
        assert list(trace.target.tokens) == data["target"]["tokens"]
        assert len(trace.predictions) == len(trace.target.tokens)
        assert trace.history is not None
    trace.save(tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


PICTURES: dict[str, Callable[[Trace], Any]] = {
    "attention": lambda trace: trace.attention(word="seven"),
    "attention-cross": lambda trace: trace.attention(part="cross", heads="all"),
    "grid": lambda trace: trace.grid(part="decoder", unit="tokens"),
    "matrix": lambda trace: trace.matrix("encoder"),
    "matrix-head": lambda trace: trace.matrix("decoder.layers.0.self_attention.weights", 2),
    "flow": lambda trace: trace.flow(layer=2, head=1),
    "structure": lambda trace: trace.structure(),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_saved_trace_shows_the_same_pictures(name: str, made: Path) -> None:
    trace = Trace.load("traces/translation.safetensors")
    found = as_json(PICTURES[name](trace).view)
    check_same([found], read(made / "views" / f"{name}.json"), EXACT, frozenset())


def as_json(view: views.View) -> Any:
    return json.loads(json.dumps(views.to_json(view)))


@pytest.mark.parametrize(
    ("file", "step", "cell"),
    [
        ("explain", "decoder.layers.0.cross_attention.weights", (1, 2, 0)),
        ("explain-parameters", "encoder.layers.1.feed_forward", (2, 5)),
    ],
)
def test_a_saved_trace_explains_the_same(
    file: str, step: str, cell: tuple[int, ...], made: Path
) -> None:
    model = glassformer.load("numbers").model
    found = Trace.load("traces/translation.safetensors", model=model).explain(step, cell).to_json()
    check_same([found], read(made / "outputs" / f"{file}.json"), EXACT, frozenset())


def test_the_model_gives_the_numbers_of_its_saved_trace(made: Path) -> None:
    before = Trace.load("traces/translation.safetensors")
    now = glassformer.load("numbers").inspect(WATCHED, to="de", history=True)
    for name in before:
        np.testing.assert_allclose(now[name], before[name], rtol=NEAR, atol=NEAR, err_msg=name)


# Data of pictures


@pytest.mark.parametrize("name", VIEWS)
def test_the_data_of_a_picture_is_read(name: str, made: Path) -> None:
    (before,) = read(made / "views" / f"{name}.json")
    check_same(as_json(views.from_json(before)), before, 0.0, frozenset())
