"""What a page is made of: the numbers of a trace, bit for bit, and what is said of them."""

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, stack, translator_config
from narrowing import present

from glassformer.errors import UsageError
from glassformer.inspection.page.blocks import Packer
from glassformer.inspection.page.learning import learning_of, record_of
from glassformer.inspection.page.manifest import page_data, texts_of
from glassformer.inspection.page.passes import OVER_VOCABULARY
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load, page
from glassformer.library.pages import page_data as of_library
from glassformer.requests.inspection import InspectRequest
from glassformer.views import PageData

MODELS = {
    "post-norm": translator_config(),
    "pre-norm": translator_config(encoder=stack(norm="pre"), tags=(), start=1),
    "BERT's parts": encoder_config(
        encoder=stack(positions="learned", embedding_norm=True, token_types=2, activation="gelu")
    ),
}


@pytest.fixture(scope="module", params=MODELS)
def trace(request: pytest.FixtureRequest) -> Trace:
    model = loaded(MODELS[request.param])
    to = "fr" if model.config.tags else None
    return model.inspect(SENTENCE, to=to)


@pytest.fixture(scope="module")
def box() -> Glassformer:
    return load()


def unpacked(data: PageData, entries: Mapping[str, Any], name: str) -> np.ndarray[Any, Any]:
    """An array of a page, read as docs/page.md says, by none of the code that wrote it."""
    entry = entries[name]
    if "same" in entry:
        return unpacked(data, entries, entry["same"])
    kind = np.dtype(entry["dtype"]).newbyteorder("<")
    if "sum" in entry:
        first, *others = (unpacked(data, entries, one) for one in entry["sum"])
        for other in others:
            first = (first + other).astype(kind)
        return first
    inflated = zlib.decompress(data.block(entry["block"]), -15)
    count = math.prod(entry["shape"])
    start = entry["offset"]
    planes = np.frombuffer(inflated[start : start + count * kind.itemsize], np.uint8)
    joined = planes.reshape(kind.itemsize, count).T.tobytes()
    return np.frombuffer(joined, kind).reshape(entry["shape"])


def data_of(trace: Trace, **options: Any) -> PageData:
    return page_data(trace, InspectRequest(text=trace.source.text), **options)


@pytest.mark.parametrize("with_weights", [False, True])
def test_every_number_is_that_of_the_trace(trace: Trace, with_weights: bool) -> None:
    data = data_of(trace, with_weights=with_weights)
    (of,) = data.manifest["passes"]
    wanted = {step.name for step in trace.steps() if step.role not in OVER_VOCABULARY}
    kinds = ("vector", "matrix") if with_weights else ("vector",)
    weights = {name for name, one in trace.parameters.items() if one.kind in kinds}
    tables = {name for name, one in trace.parameters.items() if one.kind == "table"}
    assert {*of["arrays"]} == wanted | weights | tables
    for name in wanted:
        assert np.array_equal(unpacked(data, of["arrays"], name), trace[name]), name
    for name in weights:
        assert np.array_equal(unpacked(data, of["arrays"], name), trace.parameter(name)), name
    for name in tables:
        rows = unpacked(data, of["arrays"], name)
        for position, row in enumerate(rows):
            at = trace.explain(trace.parameters[name].step.name, (position, 0)).operands
            entry = at["E[token, feature]"] if "E[token, feature]" in at else at["entry"]
            assert row[0] == entry, name
        assert len(rows) == len(trace[trace.parameters[name].step.name])


def test_what_follows_from_other_numbers_is_not_stored_twice(trace: Trace) -> None:
    (of,) = data_of(trace).manifest["passes"]
    sums = [step for step in of["steps"] if step["operation"] == "sum" and len(step["parents"]) > 1]
    assert sums
    stored = [one for one in sums if "block" in of["arrays"][one["name"]]]
    assert len(stored) < len(sums)
    last = f"encoder.layers.{trace.config.encoder.num_layers - 1}"
    assert "same" in of["arrays"][last]


def test_a_sum_that_is_not_exact_is_stored() -> None:
    x, y = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    packer = Packer()
    packer.add("x", lambda: x, "block")
    packer.add("y", lambda: y, "block")
    packer.add("sum", lambda: x + y, "block", ("x", "y"))
    packer.add("other", lambda: np.nextafter(x + y, np.float32(1)), "block", ("x", "y"))
    assert packer.entries["sum"]["sum"] == ["x", "y"]
    assert packer.entries["other"]["offset"] == 16


def test_the_manifest_is_json_and_says_what_each_step_is(trace: Trace) -> None:
    manifest = json.loads(json.dumps(data_of(trace).manifest, allow_nan=False))
    (of,) = manifest["passes"]
    assert [step["name"] for step in of["steps"]] == [*trace]
    for step in of["steps"]:
        assert step["shape"] == list(trace[step["name"]].shape)
        assert step["parents"] == list(trace.step(step["name"]).parents)


def test_the_files_that_compute_the_steps_are_there(trace: Trace) -> None:
    from pathlib import Path

    import glassformer

    package = Path(glassformer.__file__).parent
    (of,) = data_of(trace).manifest["passes"]
    missing = {one["file"] for one in of["steps"] if not (package / one["file"]).is_file()}
    assert not missing


def test_rows_over_the_vocabulary_are_the_likeliest_and_the_rest(box: Glassformer) -> None:
    trace = box.inspect(SENTENCE, to="fr")
    (of,) = data_of(trace).manifest["passes"]
    for row, one in enumerate(of["predictions"]):
        probabilities = trace["probabilities"][row].astype(np.float64)
        ids = [likely["id"] for likely in one["best"]]
        assert len(ids) == 50
        assert one["rest"] == pytest.approx(np.delete(probabilities, ids).sum(), abs=1e-6)


def test_the_search_s_history_is_all_there(box: Glassformer) -> None:
    trace = box.inspect(SENTENCE, to="fr", history=True)
    (of,) = data_of(trace).manifest["passes"]
    before: list[tuple[str, ...]] = []
    for given, step in zip(of["history"], present(trace.history).steps, strict=True):
        found = [
            (*(() if one["after"] is None else before[one["after"]]), one["token"]) for one in given
        ]
        assert found == [one.tokens for one in step]
        assert [(one["score"], one["fate"]) for one in given] == [(x.score, x.fate) for x in step]
        before = found


def test_formulas_reasons_and_notes_are_in_chinese_too(box: Glassformer) -> None:
    trace = box.inspect("Der Hund 狗", to="fr")
    chinese = texts_of([trace])["zh"]
    assert {step.formula for step in trace.steps()} <= {*chinese}
    assert present(box.config.shown_head).reason in chinese
    assert {str(note) for note in trace.notes} <= {*chinese}


def test_a_second_sentence_is_a_second_pass(box: Glassformer) -> None:
    other = SENTENCE.replace("hungry", "tasty")
    data = of_library(InspectRequest(text=SENTENCE, compare=other, to="fr"), box)
    left, right = data.manifest["passes"]
    assert (left["source"]["text"], right["source"]["text"]) == (SENTENCE, other)
    trace = box.inspect(other, to="fr")
    name = "encoder.layers.3.self_attention.weights"
    assert np.array_equal(unpacked(data, right["arrays"], name), trace[name])
    assert all(one.get("block", "right/").startswith("right/") for one in right["arrays"].values())


def test_what_was_recorded_during_training_is_there(box: Glassformer) -> None:
    data = of_library(InspectRequest(text=SENTENCE, to="fr"), box)
    watch = data.manifest["watch"]
    assert watch["updates"][0]["update"] == 0
    last = watch["updates"][-1]
    number = len(watch["updates"]) - 1
    weights = unpacked(data, last["arrays"], f"watch.{number}.encoder")
    assert (weights.sum(axis=-1) == watch["levels"]).all()
    assert of_library(InspectRequest(text="a dog", to="fr"), box).manifest["watch"] is None


def test_of_the_training_the_same_target_is_shown_or_none(box: Glassformer) -> None:
    record = present(record_of(box.name))
    german, _ = learning_of(record, SENTENCE, "de")
    assert german["to"] == "de"
    assert german["updates"][-1]["target"]["tokens"][0] == "<2de>"
    for to in (None, "xx"):
        encoder_only, _ = learning_of(record, SENTENCE, to)
        assert encoder_only["to"] is None
        assert encoder_only["updates"][-1]["target"] is None
        assert [*encoder_only["updates"][0]["arrays"]] == ["watch.0.encoder"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"view": "grid"}, "no use for view"),
        ({"contrast": "Un chien."}, "no use for contrast"),
        ({"layer": 9, "head": 1}, "9"),
        ({"word": "cat"}, "cat"),
        ({"explain": "encoder", "at": (99, 0)}, "no cell"),
    ],
)
def test_what_a_page_cannot_show_is_refused(
    box: Glassformer, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        page(SENTENCE, model=box, **options)
    with pytest.raises(UsageError, match="text is needed"):
        page(model=box)
