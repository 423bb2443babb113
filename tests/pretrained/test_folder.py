"""Model folders: written and read back, and every way in which one can be broken."""

import errno
import json
import os
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors
import safetensors.torch
import strategies
import torch
from hypothesis import given
from hypothesis import strategies as st

from glassformer.config import ModelConfig, StackConfig
from glassformer.errors import (
    ConfigError,
    GlassformerError,
    ModelFilesError,
    OutputError,
    WeightsError,
)
from glassformer.model.transformer import Transformer
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.folder import read_model, write_model
from glassformer.pretrained.marian import MARIAN

DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.float16]


def complaint(kind: type[GlassformerError], folder: Path) -> str:
    """The message of an error of exactly this kind: one line that names the file."""
    with pytest.raises(GlassformerError) as caught:
        read_model(folder)
    assert type(caught.value) is kind
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    return message


def small_config() -> ModelConfig:
    stack = StackConfig(
        vocabulary=19, d_model=6, num_heads=2, d_ff=7, num_layers=2, max_positions=13
    )
    return ModelConfig(encoder=stack, decoder=stack, output_bias=True, padding=0, start=1, end=2)


@pytest.fixture
def our_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    write_model(folder, strategies.build(small_config(), torch.float32), "{}")
    return folder


@pytest.fixture(params=["ours", "theirs"])
def weights_file(request: pytest.FixtureRequest, our_folder: Path, bert_folder: Path) -> Path:
    """The weights of a small folder of ours, and of a small one of Hugging Face's."""
    if request.param == "ours":
        return our_folder / "weights.safetensors"
    return bert_folder / "model.safetensors"


# There and back


@strategies.examples(40)
@given(case=strategies.cases(), dtype=st.sampled_from(DTYPES))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, case: strategies.Case, dtype: torch.dtype
) -> None:
    model = strategies.build(case.config, dtype, case.seed)
    folder = tmp_path_factory.mktemp("models") / "new" / "folder"
    write_model(folder, model, '{"a": "tokenizer"}')
    again = read_model(folder, dtype)
    assert again.config == case.config
    assert not again.training
    assert not any(weight.requires_grad for weight in again.parameters())
    expected, given = model.state_dict(), again.state_dict()
    assert given.keys() == expected.keys()
    for name, weight in expected.items():
        assert given[name].dtype == dtype
        assert given[name].shape == weight.shape
        assert torch.equal(given[name], weight), name
    tied = [n for n, _ in model.named_parameters()]
    assert [n for n, _ in again.named_parameters()] == tied  # what was one tensor is one again
    assert (folder / "tokenizer.json").read_text() == '{"a": "tokenizer"}'


@given(case=strategies.cases())
def test_the_weights_file_is_the_same_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, case: strategies.Case
) -> None:
    folder = tmp_path_factory.mktemp("models")
    model = strategies.build(case.config, torch.float32, case.seed)
    write_model(folder / "a", model, "")
    write_model(folder / "b", read_model(folder / "a"), "")
    write_model(folder / "b", model, "")  # over what is there
    data = (folder / "a" / "weights.safetensors").read_bytes()
    assert (folder / "b" / "weights.safetensors").read_bytes() == data
    assert (folder / "b" / "config.json").read_bytes() == (
        folder / "a" / "config.json"
    ).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    assert len(header.pop("__metadata__", {})) <= 1
    unique = dict(model.named_parameters())
    assert header.keys() == unique.keys()  # tied weights once
    assert len(data) == 8 + length + 4 * sum(weight.numel() for weight in unique.values())
    assert list(header) == sorted(header)
    assert str(folder) not in data[8 : 8 + length].decode()


def test_tied_weights_are_one_tensor_after_reading(our_folder: Path) -> None:
    model = read_model(our_folder)
    assert model.decoder is not None
    assert model.output is not None
    table = model.encoder.embedding.tokens.weight
    assert model.decoder.embedding.tokens.weight is table
    assert model.output.weight is table


def test_reading_draws_no_random_numbers(our_folder: Path) -> None:
    state = torch.random.get_rng_state()
    read_model(our_folder)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_weights_are_read_in_the_precision_asked_for(our_folder: Path) -> None:
    expected = dict(read_model(our_folder).named_parameters())
    for dtype in DTYPES:
        for name, weight in read_model(our_folder, dtype).named_parameters():
            assert torch.equal(weight, expected[name].to(dtype))


def test_config_json_is_for_people_too(our_folder: Path) -> None:
    text = (our_folder / "config.json").read_text()
    data = json.loads(text)
    assert data["glassformer"] == 1
    assert text.endswith("}\n")
    assert len(text.splitlines()) > 20


def test_the_files_written_are_for_everybody(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write_model(tmp_path / "model", strategies.build(small_config()), "{}")
    finally:
        os.umask(old)
    files = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "model").iterdir()
    }
    assert files == dict.fromkeys(["config.json", "tokenizer.json", "weights.safetensors"], 0o644)


def test_weights_are_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a folder whose writing was interrupted says that it is unfinished."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("safetensors.torch.save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_model(tmp_path, strategies.build(small_config()), "{}")
    assert {path.name for path in tmp_path.iterdir()} <= {"config.json", "tokenizer.json"}
    with pytest.raises(ModelFilesError):
        read_model(tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = strategies.build(small_config())
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(OutputError, match=str(folder)):
            write_model(folder, model, "{}")

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_model(tmp_path / "folder", model, "{}")
    assert not (tmp_path / "folder" / "weights.safetensors").exists()


# Nothing is unpickled


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(self.path), "w"))


def as_pickle(bomb: Bomb, path: Path, protocol: int) -> None:
    path.write_bytes(pickle.dumps(bomb, protocol=protocol))


def as_zip(bomb: Bomb, path: Path, protocol: int) -> None:
    """What torch.save writes."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(bomb, protocol=protocol))


@pytest.mark.parametrize("write", [as_pickle, as_zip])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_under_the_name_of_safetensors(
    weights_file: Path,
    tmp_path: Path,
    write: Callable[[Bomb, Path, int], None],
    protocol: int,
    request: pytest.FixtureRequest,
) -> None:
    write(Bomb(tmp_path / "exploded"), weights_file, protocol)
    request.getfixturevalue("no_pickle")
    message = complaint(ModelFilesError, weights_file.parent)
    assert str(weights_file) in message
    assert "is a pickled PyTorch file" in message
    assert not (tmp_path / "exploded").exists()


def test_pickled_weights_beside_are_not_touched(
    bert_folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    as_zip(Bomb(tmp_path / "exploded"), bert_folder / "pytorch_model.bin", 2)
    request.getfixturevalue("no_pickle")
    read_model(bert_folder)
    (bert_folder / "model.safetensors").unlink()
    assert "pytorch_model.bin" in complaint(ModelFilesError, bert_folder)
    assert not (tmp_path / "exploded").exists()


def test_reading_and_writing_pickle_nothing(tmp_path: Path, no_pickle: None) -> None:
    write_model(tmp_path, strategies.build(small_config()), "{}")
    read_model(tmp_path)


# Broken weights files


@strategies.examples(40)
@given(fraction=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_of_ours(
    tmp_path_factory: pytest.TempPathFactory, fraction: float
) -> None:
    folder = tmp_path_factory.mktemp("truncated")
    write_model(folder, strategies.build(small_config(), torch.float32), "{}")
    path = folder / "weights.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * fraction)])
    message = complaint(ModelFilesError, folder)
    assert str(path) in message
    assert "not a complete safetensors file" in message


def test_truncated_files(weights_file: Path) -> None:
    data = weights_file.read_bytes()
    header = 8 + struct.unpack("<Q", data[:8])[0]
    for size in (0, 1, 2, 7, 8, 9, 100, header - 1, header, header + 1, len(data) - 1):
        weights_file.write_bytes(data[:size])
        message = complaint(ModelFilesError, weights_file.parent)
        assert "not a complete safetensors file" in message
    weights_file.write_bytes(data + b"\x00")
    complaint(ModelFilesError, weights_file.parent)
    weights_file.write_bytes(data)
    read_model(weights_file.parent)


@pytest.mark.parametrize("length", [0x280, 0x480, 0x580, 0x4B50])
def test_a_truncated_file_is_not_taken_for_a_pickle(weights_file: Path, length: int) -> None:
    """The length of its header may begin like a pickle (0x80 0x02) or like a zip (PK)."""
    start = struct.pack("<Q", length) + b'{"a":'
    assert start[:2] in (b"\x80\x02", b"\x80\x04", b"\x80\x05", b"PK")
    for size in (2, 8, 9, len(start)):
        weights_file.write_bytes(start[:size])
        assert "not a complete safetensors file" in complaint(ModelFilesError, weights_file.parent)


@pytest.mark.parametrize("length", [0, 1, 7, 10**6, 10**8, 10**9, 2**31, 2**63, 2**64 - 1])
def test_absurd_lengths_of_the_header(weights_file: Path, length: int) -> None:
    data = weights_file.read_bytes()
    weights_file.write_bytes(struct.pack("<Q", length) + data[8:])
    complaint(ModelFilesError, weights_file.parent)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xff",
        b"[" * 10_000,
        b'{"a": 1}',
        b'{"__metadata__": {"a": 1}}',
        b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4000000]}}',
        b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}',
        b'{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}',
        b'{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}',
        b'{"a": {"dtype": "P32", "shape": [1], "data_offsets": [0, 4]}}',
        b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},'
        b' "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
    ],
)
def test_absurd_headers(weights_file: Path, header: bytes) -> None:
    weights_file.write_bytes(struct.pack("<Q", len(header)) + header + b"\x00" * 4)
    complaint(ModelFilesError, weights_file.parent)


@strategies.examples(100)
@given(place=st.integers(0, 1500), bit=st.integers(0, 7))
def test_a_damaged_header_never_gives_another_model(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    model = strategies.build(small_config(), torch.float32)
    write_model(folder, model, "{}")
    path = folder / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)
    try:
        again = read_model(folder)
    except ModelFilesError:
        return
    for name, weight in model.named_parameters():
        assert torch.equal(again.get_parameter(name), weight)


# Weights that do not fit


def change(path: Path, **changes: torch.Tensor | None) -> None:
    """Replace, add or (with None) take away weights, whose dots are written as `__`."""
    weights = safetensors.torch.load_file(path)
    for name, weight in changes.items():
        weights.pop(name.replace("__", "."), None)
        if weight is not None:
            weights[name.replace("__", ".")] = weight
    safetensors.torch.save_file(weights, path)


def test_missing_weights_are_listed(our_folder: Path) -> None:
    path = our_folder / "weights.safetensors"
    change(path, encoder__layers__1__feed_forward__expand__bias=None, output__bias=None)
    message = complaint(WeightsError, our_folder)
    assert str(path) in message
    assert "lacks" in message
    assert "encoder.layers.1.feed_forward.expand.bias, output.bias" in message


def test_missing_weights_of_theirs_are_listed(bert_folder: Path) -> None:
    change(bert_folder / "model.safetensors", embeddings__LayerNorm__bias=None)
    assert "encoder.embedding.norm.bias" in complaint(WeightsError, bert_folder)


def test_unexpected_weights_are_listed(weights_file: Path) -> None:
    change(weights_file, adapter__weight=torch.ones(2), zebra=torch.ones(1))
    message = complaint(WeightsError, weights_file.parent)
    assert str(weights_file) in message
    assert "does not have: adapter.weight, zebra" in message


def test_long_lists_end_with_a_number(our_folder: Path) -> None:
    extra = {f"extra{i:02}": torch.ones(1) for i in range(11)}
    change(our_folder / "weights.safetensors", **extra)
    message = complaint(WeightsError, our_folder)
    assert "extra07 and 3 more" in message
    assert "extra08" not in message
    safetensors.torch.save_file({}, our_folder / "weights.safetensors")
    assert "more" in complaint(WeightsError, our_folder)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("encoder.layers.0.self_attention.query.weight", (6, 7)),
        ("encoder.layers.0.feed_forward.expand.weight", (6, 7)),  # the two sides swapped
        ("encoder.embedding.tokens.weight", (18, 6)),
        ("encoder.embedding.tokens.weight", (19, 6, 1)),
        ("encoder.layers.0.add_norm_1.norm.weight", (1, 6)),
        ("encoder.layers.0.add_norm_1.norm.bias", ()),
        ("output.bias", (19, 1)),
        ("output.bias", (2, 19)),
        ("decoder.layers.1.cross_attention.value.bias", (0,)),
    ],
)
def test_weights_of_another_shape(our_folder: Path, name: str, shape: tuple[int, ...]) -> None:
    path = our_folder / "weights.safetensors"
    expected = list(safetensors.torch.load_file(path)[name].shape)
    change(path, **{name: torch.ones(shape)})
    message = complaint(WeightsError, our_folder)
    assert str(path) in message
    assert f"{name} (expected {expected}, got {list(shape)})" in message


@pytest.mark.parametrize(
    "dtype", [torch.int8, torch.int64, torch.uint8, torch.bool, torch.complex64]
)
def test_weights_that_are_no_real_numbers(our_folder: Path, dtype: torch.dtype) -> None:
    name = "encoder.layers.0.self_attention.query.bias"
    try:
        change(our_folder / "weights.safetensors", **{name: torch.ones(6, dtype=dtype)})
    except KeyError:
        pytest.skip(f"this version of safetensors cannot write {dtype}")
    message = complaint(WeightsError, our_folder)
    assert name in message
    assert str(dtype) in message


def test_copies_of_a_tied_weight_must_agree(our_folder: Path) -> None:
    path = our_folder / "weights.safetensors"
    table = safetensors.torch.load_file(path)["encoder.embedding.tokens.weight"].clone()
    change(path, output__weight=table.clone(), decoder__embedding__tokens__weight=table.clone())
    assert torch.equal(read_model(our_folder).encoder.embedding.tokens.weight, table)
    change(path, output__weight=table + 1e-6)
    message = complaint(WeightsError, our_folder)
    assert str(path) in message
    assert "output.weight is tied to encoder.embedding.tokens.weight" in message
    change(path, output__weight=table[:, :5].clone())  # a copy of another shape is none either
    complaint(WeightsError, our_folder)


def test_a_tied_weight_may_stand_under_any_of_its_names(our_folder: Path) -> None:
    path = our_folder / "weights.safetensors"
    table = safetensors.torch.load_file(path)["encoder.embedding.tokens.weight"].clone()
    change(path, encoder__embedding__tokens__weight=None, output__weight=table)
    assert torch.equal(read_model(our_folder).encoder.embedding.tokens.weight, table)


# A config.json that is broken, or tells of another model than the weights


def set_config(folder: Path, change: dict[str, Any]) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    for key, value in change.items():
        *outer, last = key.split(".")
        place = config
        for name in outer:
            place = place[name]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    path.write_text(json.dumps(config))


@pytest.mark.parametrize(
    "changes",
    [
        {"encoder.num_layers": 1},
        {"encoder.num_layers": 3},
        {"decoder.num_layers": 1},
        {"encoder.d_ff": 5},
        {"encoder.vocabulary": 20, "decoder.vocabulary": 20},
        {"encoder.d_model": 8, "decoder.d_model": 8},
        {"decoder": None, "output_bias": False},
        {"output_bias": False},
        {"tie_embeddings": False},
        {"encoder.positions": "learned"},
        {"encoder.norm": "pre"},
        {"encoder.norm": "none"},
        {"encoder.embedding_norm": True},
        {"encoder.token_types": 2},
    ],
    ids=str,
)
def test_a_config_of_another_model(our_folder: Path, changes: dict[str, Any]) -> None:
    set_config(our_folder, changes)
    assert str(our_folder / "weights.safetensors") in complaint(WeightsError, our_folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"num_hidden_layers": 1},
        {"num_hidden_layers": 3},
        {"hidden_size": 24},
        {"vocab_size": 42},
        {"intermediate_size": 22},
        {"max_position_embeddings": 30},
        {"type_vocab_size": 1},
        {"type_vocab_size": 0},
        {"model_type": "roberta"} | {"pad_token_id": 1, "max_position_embeddings": 28},
        {"model_type": "distilbert"} | {"dim": 21, "n_heads": 3, "hidden_dim": 23, "n_layers": 2},
    ],
    ids=str,
)
def test_a_config_of_another_model_of_theirs(bert_folder: Path, changes: dict[str, Any]) -> None:
    set_config(bert_folder, changes)
    assert str(bert_folder / "model.safetensors") in complaint(WeightsError, bert_folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"encoder.num_heads": 4}, "d_model must be divisible by num_heads"),
        ({"encoder.d_model": 0}, "d_model must be at least 1"),
        ({"encoder.num_layers": 10**6}, "num_layers must be at most"),
        ({"encoder.activation": "mish"}, "'mish'"),
        ({"encoder.colour": "blue"}, "no setting 'colour'"),
        ({"encoder.vocabulary": ...}, "lacks the required setting 'vocabulary'"),
        ({"encoder": ...}, "lacks the required setting 'encoder'"),
        ({"encoder": None}, "encoder"),
        ({"encoder": []}, "encoder"),
        ({"decoder": {}}, "vocabulary"),
        ({"encoder.vocabulary": 17}, "equal vocabulary"),
        ({"padding": 19}, "padding"),
        ({"padding": "0"}, "padding"),
        ({"tags": {"fr": "de"}}, "tags"),
        ({"tags": [["fr", 3]]}, "tags"),
        ({"end": 0}, "end token"),
        ({"encoder.norm_epsilon": float("nan")}, "norm_epsilon"),
        ({"shown_head": {"part": "encoder", "layer": 9, "head": 1, "reason": ""}}, "1 and 2"),
        ({"shown_head": 3}, "shown_head"),
    ],
    ids=str,
)
def test_a_config_that_contradicts_itself(
    our_folder: Path, change: dict[str, Any], reason: str
) -> None:
    set_config(our_folder, change)
    message = complaint(ConfigError, our_folder)
    assert str(our_folder / "config.json") in message
    assert reason in message


HOSTILE: list[Any] = [None, True, -1, 0, 0.5, "1", "é", [], [1], {}, {"a": 1}, float("inf")]
HOSTILE += [10**9, 10**12, 10**18, 2**63, 10**30, 10**400]


@strategies.examples(150)
@given(data=st.data())
@pytest.mark.parametrize("kind", ["ours", "bert", "roberta", "distilbert", "marian"])
def test_no_value_in_a_config_does_worse_than_an_error(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    """Sizes that no machine has, text for numbers, lists for text: each is one of our errors."""
    config = json.loads(json.dumps(HOSTILE_BASES[kind]))
    places = [config, *(value for value in config.values() if isinstance(value, dict))]
    place = data.draw(st.sampled_from(places))
    key = data.draw(st.sampled_from(sorted(place)))
    place[key] = data.draw(st.sampled_from(HOSTILE))
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "config.json").write_text(json.dumps(config))
    for name in ("weights.safetensors", "model.safetensors"):
        safetensors.torch.save_file({"nothing": torch.zeros(1)}, folder / name)
    with pytest.raises((ConfigError, ModelFilesError)) as caught:
        read_model(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


BERT = {
    "model_type": "bert",
    "vocab_size": 43,
    "hidden_size": 33,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 23,
    "max_position_embeddings": 29,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
    "pad_token_id": 1,
    "hidden_dropout_prob": 0.1,
    "embedding_size": 33,
    "is_decoder": False,
    "position_embedding_type": "absolute",
}

HOSTILE_BASES: dict[str, dict[str, Any]] = {
    "ours": {
        "glassformer": 1,
        **small_config().to_dict(),
        "tags": {"fr": 3},
        "suppressed": [4],
        "shown_head": {"part": "encoder", "layer": 1, "head": 1, "reason": "drawn"},
    },
    "bert": BERT,
    "roberta": {**BERT, "model_type": "roberta"},
    "distilbert": {
        "model_type": "distilbert",
        "vocab_size": 43,
        "dim": 33,
        "n_layers": 2,
        "n_heads": 3,
        "hidden_dim": 23,
        "max_position_embeddings": 29,
        "activation": "gelu",
        "pad_token_id": 0,
        "attention_dropout": 0.1,
    },
    "marian": {
        "model_type": "marian",
        "vocab_size": 43,
        "decoder_vocab_size": 43,
        "d_model": 42,
        "encoder_layers": 2,
        "encoder_attention_heads": 3,
        "encoder_ffn_dim": 23,
        "decoder_layers": 2,
        "decoder_attention_heads": 7,
        "decoder_ffn_dim": 31,
        "max_position_embeddings": 29,
        "pad_token_id": 36,
        "eos_token_id": 2,
        "decoder_start_token_id": 36,
        "activation_function": "swish",
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": True,
        "dropout": 0.1,
    },
}


@pytest.mark.parametrize("kind", HOSTILE_BASES)
def test_the_configs_that_are_broken_above_are_good(kind: str) -> None:
    """Otherwise the test of hostile values would show nothing."""
    config = HOSTILE_BASES[kind]
    if kind == "ours":
        ModelConfig.from_dict({k: v for k, v in config.items() if k != "glassformer"})
    else:
        Transformer(FAMILIES.get(kind, MARIAN).config(config))


def test_what_is_no_folder(tmp_path: Path) -> None:
    complaint(ModelFilesError, tmp_path / "missing")
    (tmp_path / "file").touch()
    complaint(ModelFilesError, tmp_path / "file")


def test_a_folder_whose_training_is_unfinished(our_folder: Path) -> None:
    (our_folder / "weights.safetensors").unlink()
    message = complaint(ModelFilesError, our_folder)
    assert "is incomplete" in message
    assert f'and output="{our_folder}"' in message
