"""A trace that was saved is the same when it is read, and what is no trace is refused."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given
from models_for_tests import (
    SENTENCE,
    encoder_config,
    loaded,
    numbered,
    random_model,
    traced,
    translator_config,
)
from strategies import Case, build, cases, examples

from glassformer.config import ModelConfig
from glassformer.errors import OutputError, TraceError
from glassformer.inspection.trace import Trace
from glassformer.model.transformer import Transformer
from glassformer.tracing.recorder import Recorder


def assert_same(left: Trace, right: Trace) -> None:
    assert [*left] == [*right]
    assert left.steps() == right.steps()
    for name in left:
        assert left.tensor(name).dtype == right.tensor(name).dtype
        assert torch.equal(left.tensor(name), right.tensor(name)), name
    for field in ("config", "source", "target", "model_name", "to", "translations"):
        assert getattr(left, field) == getattr(right, field), field


@examples(8)
@given(case=cases())
def test_any_trace_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    target = None if case.config.decoder is None else case.target
    trace = traced(build(case.config, torch.float32, case.seed), case.source, target)
    path = tmp_path_factory.mktemp("trace") / "x.safetensors"
    trace.save(path)
    assert_same(Trace.load(path), trace)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16], ids=str)
def test_precision_is_kept(tmp_path: Path, dtype: torch.dtype) -> None:
    trace = traced(random_model(encoder_config()).to(dtype), [5, 6, 7])
    trace.save(tmp_path / "x.safetensors")
    assert_same(Trace.load(str(tmp_path / "x.safetensors")), trace)
    assert Trace.load(tmp_path / "x.safetensors").tensor("encoder").dtype == dtype


def test_a_translation_comes_back_with_its_words(tmp_path: Path) -> None:
    model = loaded(translator_config())
    trace = model.inspect(f"{SENTENCE}, 狗饿了 \u202e!", to="zh")
    trace.save(tmp_path / "x.safetensors")
    again = Trace.load(tmp_path / "x.safetensors", model=model.model)
    assert_same(again, trace)
    assert again.target is not None
    assert again.translations["zh"]["text"] == again.target.text
    assert (
        again.attention(part="cross", layer=1).view == trace.attention(part="cross", layer=1).view
    )
    cells = [one.explain("logits", at=(1, 5)) for one in (again, trace)]
    assert cells[0].recomputed == cells[1].recomputed


def test_the_files_hold_every_step_for_other_programs(tmp_path: Path) -> None:
    trace = loaded(encoder_config()).inspect(SENTENCE)
    trace.save(tmp_path / "x.safetensors")
    tensors = safetensors.torch.load_file(tmp_path / "x.safetensors")
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert data["schema"] == "glassformer.trace/1"
    assert {*tensors} == {*trace} == {step["name"] for step in data["steps"]}
    for step in data["steps"]:
        assert [*tensors[step["name"]].shape] == step["shape"]
        assert step["formula"]
    assert data["source"]["words"] == SENTENCE.split()
    assert data["target"] is None
    digest = hashlib.sha256((tmp_path / "x.safetensors").read_bytes()).hexdigest()
    assert data["sha256"] == digest


# Some steps only

SOME = ["encoder.layers.*.self_attention.weights", "decoder"]


def partial(model: Transformer, names: list[str] = SOME) -> Trace:
    source, target = [5, 6, 7], [4, 9]
    tensors = Recorder(model).record(torch.tensor([source]), torch.tensor([target]), names=names)
    return Trace(
        tensors, config=model.config, source=numbered(source), target=numbered(target), model=model
    )


def test_a_trace_of_some_steps_has_these_and_says_so_of_others() -> None:
    model = random_model(translator_config())
    trace, whole = partial(model), traced(model, [5, 6, 7], [4, 9])
    kept = [f"encoder.layers.{layer}.self_attention.weights" for layer in range(3)] + ["decoder"]
    assert [*trace] == kept
    assert len(trace) == len(trace.steps()) == 4
    assert repr(trace) == f"<Trace of '5 6 7' by : 4 of {len(whole)} steps>"
    assert "logits" not in trace
    for asked in (trace.__getitem__, trace.tensor, lambda name: trace.explain(name, at=(0, 0))):
        with pytest.raises(TraceError, match=r"logits was not kept .* 4 of .*names=\[.logits.\]"):
            asked("logits")
    with pytest.raises(TraceError, match=r"no step 'logit' .*did you mean logits"):
        trace["logit"]
    with pytest.raises(TraceError, match=r"scaled_scores was not kept"):
        trace.explain(kept[0], at=(0, 0, 0))
    assert trace.attention(layer=2).view == whole.attention(layer=2).view


def test_one_layer_alone_can_be_shown() -> None:
    model = random_model(translator_config())
    trace = partial(model, ["encoder.layers.1.self_attention.weights"])
    whole = traced(model, [5, 6, 7], [4, 9])
    assert trace.attention().view == whole.attention().view  # the card's head is in that layer
    with pytest.raises(
        TraceError, match=r"encoder\.layers\.0\.self_attention\.weights was not kept"
    ):
        trace.attention(layer=1)


def test_a_trace_of_some_steps_comes_back_as_it_was(tmp_path: Path) -> None:
    trace = partial(random_model(translator_config()))
    trace.save(tmp_path / "x.safetensors")
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert data["schema"] == "glassformer.trace/2"
    assert [step["name"] for step in data["steps"]] == [*trace]
    again = Trace.load(tmp_path / "x.safetensors")
    assert_same(again, trace)
    with pytest.raises(TraceError, match="encoder was not kept"):
        again["encoder"]


@pytest.mark.parametrize(
    "steps",
    [
        ...,
        None,
        [],
        ["decoder"],
        [{"name": "decoder"}],
        [{"name": name} for name in ("decoder", "surprise")],
        [{"name": ["decoder"]}],
    ],
)
def test_a_list_of_other_steps_is_refused(tmp_path: Path, steps: object) -> None:
    partial(random_model(translator_config())).save(tmp_path / "x.safetensors")
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    put(data, "steps", steps)
    (tmp_path / "x.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TraceError, match=r"is damaged|does not hold what its \.json says"):
        Trace.load(tmp_path / "x.safetensors")


def test_a_step_that_the_configuration_has_not_is_refused(tmp_path: Path) -> None:
    partial(random_model(translator_config())).save(tmp_path / "x.safetensors")
    tensors = safetensors.torch.load_file(tmp_path / "x.safetensors")
    numbers = safetensors.torch.save({**tensors, "surprise": torch.zeros(2)})
    (tmp_path / "x.safetensors").write_bytes(numbers)
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    data["sha256"] = hashlib.sha256(numbers).hexdigest()
    data["steps"].append({"name": "surprise"})
    (tmp_path / "x.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TraceError, match="surprise is missing, unexpected"):
        Trace.load(tmp_path / "x.safetensors")


# Places


def test_nothing_is_left_behind_but_the_two_files(tmp_path: Path) -> None:
    trace = traced(random_model(encoder_config()), [5, 6, 7])
    trace.save(tmp_path / "x.safetensors")
    trace.save(tmp_path / "x.safetensors")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.json", "x.safetensors"]


@pytest.mark.parametrize("there", ["x.json", "x.safetensors"])
def test_without_force_no_file_is_replaced(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    trace = traced(random_model(encoder_config()), [5, 6, 7])
    with pytest.raises(OutputError, match=f"{there} already exists"):
        trace.save(tmp_path / "x.safetensors", force=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["x", "x.json", "x.npz", "nowhere/x.safetensors"])
def test_a_place_that_will_not_do_is_refused(tmp_path: Path, name: str) -> None:
    trace = traced(random_model(encoder_config()), [5, 6, 7])
    with pytest.raises(
        OutputError, match=r"is saved as \.safetensors|the folder .* does not exist"
    ):
        trace.save(tmp_path / name)
    assert not [*tmp_path.iterdir()]


# What is no trace


def save_one(folder: Path, source: list[int], config: ModelConfig, seed: int = 1) -> Path:
    target = [4, 9, 3] if config.decoder is not None else None
    folder.mkdir(parents=True, exist_ok=True)
    traced(random_model(config, seed), source, target).save(folder / "x.safetensors")
    return folder / "x.safetensors"


def beside(path: Path) -> Path:
    return path.with_suffix(".json")


@pytest.mark.parametrize("missing", [".json", ".safetensors"])
def test_half_a_trace_is_refused(tmp_path: Path, missing: str) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    path.with_suffix(missing).unlink()
    with pytest.raises(TraceError, match="no readable trace"):
        Trace.load(path)


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def pickle_it(path: Path) -> None:
    torch.save({"encoder": torch.zeros(3)}, path)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip_a_byte, cut_short, pickle_it, empty])
def test_damaged_numbers_are_refused(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    damage(path)
    with pytest.raises(TraceError) as caught:
        Trace.load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "not JSON", '{"schema": "glassformer.trace/3"}', "[" * 200_000, "\0"],
)
def test_a_json_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    beside(path).write_text(text, encoding="utf-8")
    with pytest.raises(TraceError, match=r"no readable trace|is no trace of schema"):
        Trace.load(path)


def test_a_json_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    beside(path).write_bytes(b'{"schema": "\xff\xfe"}')
    with pytest.raises(TraceError, match="no readable trace"):
        Trace.load(path)


@pytest.mark.parametrize(("source", "seed"), [([5, 6, 8], 1), ([5, 6, 7], 2), ([5, 6, 7, 8], 1)])
def test_numbers_and_json_of_two_traces_are_refused(
    tmp_path: Path, source: list[int], seed: int
) -> None:
    path = save_one(tmp_path / "a", [5, 6, 7], encoder_config())
    other = save_one(tmp_path / "b", source, encoder_config(), seed)
    path.write_bytes(other.read_bytes())
    with pytest.raises(TraceError, match="do not belong to the same trace"):
        Trace.load(path)


def put(data: dict[str, Any], place: str, value: object) -> None:
    *way, last = place.split("/")
    for key in way:
        data = data[key]
    if value is ...:
        del data[last]
    else:
        data[last] = value


HOSTILE = {
    "no config": ("config", ...),
    "a config of text": ("config", "x"),
    "an impossible config": ("config/encoder/num_heads", 3),
    "an unknown setting": ("config/surprise", 1),
    "a model too deep to be": ("config/encoder/num_layers", 10**9),
    "fewer layers": ("config/encoder/num_layers", 2),
    "more layers": ("config/encoder/num_layers", 4),
    "other positions": ("config/encoder/positions", "none"),
    "other heads": ("config/encoder/num_heads", 7),
    "another norm": ("config/encoder/norm", "pre"),
    "a small vocabulary": ("config/encoder/vocabulary", 6),
    "no source": ("source", ...),
    "a source of nothing": ("source", None),
    "a source of text": ("source", "a dog"),
    "a source too short": ("source/tokens", ["5", "6"]),
    "a source of numbers": ("source/tokens", [5, 6, 7]),
    "tokens of no list": ("source/tokens", 3),
    "a text of no text": ("source/text", None),
    "words out of reach": ("source/word_of_token", [0, 1, 3]),
    "words that are none": ("source/word_of_token", [0, 1, "2"]),
    "words before the first": ("source/word_of_token", [0, 1, -1]),
    "a second text of no text": ("source/pair", 3),
    "types for other tokens": ("source/type_ids", [0]),
    "types that the model lacks": ("source/type_ids", [0, 1, 0]),
    "types that are none": ("source/type_ids", [0, "0", 0]),
    "a target without a decoder": (
        "target",
        {"text": "x", "tokens": ["x"], "special": [False], "words": [], "word_of_token": [None]},
    ),
    "no translations": ("translations", ...),
    "translations of no kind": ("translations", 3),
    "translations of letters": ("translations", ["abc"]),
    "no model name": ("model", ...),
}


@pytest.mark.parametrize(("place", "value"), HOSTILE.values(), ids=HOSTILE)
def test_a_json_that_was_tampered_with_is_refused(
    tmp_path: Path, place: str, value: object
) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    data = json.loads(beside(path).read_text(encoding="utf-8"))
    put(data, place, value)
    beside(path).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TraceError) as caught:
        Trace.load(path)
    assert "\n" not in str(caught.value)


def more_heads(tensors: dict[str, torch.Tensor]) -> None:
    name = "encoder.layers.0.self_attention.weights"
    tensors[name] = tensors[name].repeat(2, 1, 1)


def fewer_keys(tensors: dict[str, torch.Tensor]) -> None:
    name = "encoder.layers.0.self_attention.weights"
    tensors[name] = tensors[name][:, :, :2].contiguous()


def whole_numbers(tensors: dict[str, torch.Tensor]) -> None:
    tensors["encoder"] = tensors["encoder"].to(torch.int32)


def ids_of_another_vocabulary(tensors: dict[str, torch.Tensor]) -> None:
    tensors["source.tokens"] += 1000


def a_step_too_many(tensors: dict[str, torch.Tensor]) -> None:
    tensors["surprise"] = torch.zeros(2)


def a_step_too_few(tensors: dict[str, torch.Tensor]) -> None:
    del tensors["encoder.layers.1.feed_forward"]


@pytest.mark.parametrize(
    "tamper",
    [
        more_heads,
        fewer_keys,
        whole_numbers,
        ids_of_another_vocabulary,
        a_step_too_many,
        a_step_too_few,
    ],
)
def test_numbers_that_do_not_fit_the_configuration_are_refused(
    tmp_path: Path, tamper: Callable[[dict[str, torch.Tensor]], None]
) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    tensors = safetensors.torch.load_file(path)
    tamper(tensors)
    numbers = safetensors.torch.save(tensors)
    path.write_bytes(numbers)
    data = json.loads(beside(path).read_text(encoding="utf-8"))
    data["sha256"] = hashlib.sha256(numbers).hexdigest()
    for step in data["steps"]:
        step["shape"] = [*tensors.get(step["name"], torch.zeros(1)).shape]
    beside(path).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TraceError, match=r"does not hold what its \.json says"):
        Trace.load(path)


def test_a_trace_is_not_explained_with_another_kind_of_model(tmp_path: Path) -> None:
    path = save_one(tmp_path, [5, 6, 7], encoder_config())
    with pytest.raises(TraceError, match="recorded with a model of another configuration"):
        Trace.load(path, model=random_model(translator_config()))


def test_stacks_that_are_alike_on_both_sides_are_told_apart(tmp_path: Path) -> None:
    config = ModelConfig.preset("tiny", vocabulary=23, start=1, end=2)
    trace = traced(Transformer(config).eval(), [5, 6, 7, 8, 9], [1, 4, 3])
    trace.save(tmp_path / "x.safetensors")
    again = Trace.load(tmp_path / "x.safetensors")
    assert again["decoder.layers.3.cross_attention.weights"].shape == (4, 3, 5)
    np.testing.assert_array_equal(again["decoder"], trace["decoder"])
    assert again.target == numbered([1, 4, 3])
