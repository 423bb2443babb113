"""What is recorded of a model while it learns: rounding, the file, and how it is read back."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import (
    SENTENCE,
    TAGS,
    random_model,
    tokenizer,
    translator_config,
    write_folder,
)

from glassformer.errors import ModelFilesError, TraceError, UsageError
from glassformer.inspection.watch_file import FILE, read_watch, write_watch
from glassformer.inspection.watched import LEVELS, quantised
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting.watch import Watch
from glassformer.views import AttentionView, GridView, Moment, from_json, to_json

OTHER = "the food was tasty"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without weights in which two sentences were watched at updates 0, 3 and 7."""
    folder = write_folder(tmp_path_factory.mktemp("watched"), translator_config())
    (folder / "weights.safetensors").unlink()
    model, text = random_model(translator_config()), Tokenizer(tokenizer())
    watch = Watch(folder, [SENTENCE, OTHER], model, text, text, [tag for tag, _ in TAGS], 7)
    for update in (0, 3, 7):
        watch(update)
        for weight in model.parameters():
            weight.mul_(0.9)
    return folder


# Rounding


@given(
    st.lists(st.floats(0.0, 1e4), min_size=1, max_size=13).filter(lambda row: sum(row) > 1e-3),
    st.integers(1, 3),
)
def test_rounded_rows_sum_to_one_and_are_near(row: list[float], rows: int) -> None:
    weights = np.tile(np.array(row) / sum(row), (1, 2, rows, 1)).astype(np.float32)
    rounded = quantised(weights)
    assert rounded.dtype == np.uint8
    assert (rounded.sum(axis=-1, dtype=int) == LEVELS).all()
    assert np.abs(rounded / LEVELS - weights).max() < 1 / LEVELS + 1e-6
    assert (rounded[weights == 0.0] == 0).all()


def test_what_is_one_of_the_steps_already_stays_as_it_is() -> None:
    whole = np.array([[[0, 255, 0], [85, 85, 85], [254, 1, 0]]], dtype=np.uint8)
    np.testing.assert_array_equal(quantised(whole.astype(np.float32) / LEVELS), whole)


# The record


def test_a_record_comes_back_as_it_was_written(recorded: Path, tmp_path: Path) -> None:
    record = read_watch(recorded)
    assert record.updates == (0, 3, 7)
    assert [sentence.text for sentence in record.sentences] == [SENTENCE, OTHER]
    assert record.tags == ("fr", "de", "zh")
    assert record.max_updates == 7
    assert record.config == translator_config()
    write_watch(tmp_path, record)
    assert (tmp_path / FILE).read_bytes() == (recorded / FILE).read_bytes()


def test_there_is_one_key_of_metadata_and_no_time_or_path(recorded: Path) -> None:
    with safetensors.safe_open(recorded / FILE, framework="numpy") as file:
        metadata = file.metadata()
    assert [*metadata] == ["watch"]
    assert str(recorded) not in metadata["watch"]
    assert json.loads(metadata["watch"])["levels"] == LEVELS


def test_weights_are_those_of_the_file_and_nothing_else(recorded: Path) -> None:
    watched = read_watch(recorded).at(3, SENTENCE, "de")
    numbers = safetensors.numpy.load_file(recorded / FILE)
    for layer in range(3):
        weights = watched[f"encoder.layers.{layer}.self_attention.weights"]
        assert weights.dtype == np.float32
        np.testing.assert_array_equal(
            np.round(weights * LEVELS), numbers["00000003.00.encoder"][layer]
        )
    cross = watched["decoder.layers.1.cross_attention.weights"]
    np.testing.assert_array_equal(np.round(cross * LEVELS), numbers["00000003.00.1.cross"][1])
    assert watched.target is not None
    assert cross.shape == (7, len(watched.target.tokens), len(watched.source.tokens))
    with pytest.raises(TraceError, match=r"encoder\.layers\.0\.self_attention\.query.*recorded"):
        watched["encoder.layers.0.self_attention.query"]


def test_the_moment_given_is_the_last_one_up_to_the_update(recorded: Path) -> None:
    record = read_watch(recorded)

    def update(asked: int) -> Any:
        moment = record.at(asked, OTHER).moment
        return None if moment is None else moment.update

    assert [update(asked) for asked in (0, 2, 3, 6, 7, 1000)] == [0, 0, 3, 3, 7, 7]


def test_the_first_target_is_meant_unless_another_is_named(recorded: Path) -> None:
    record = read_watch(recorded)
    assert (record.at(0, OTHER).to, record.at(0, OTHER, "zh").to) == ("fr", "zh")
    watched = record.at(0, OTHER, "zh")
    assert watched.target is not None
    assert watched.target.text == watched.translations["zh"]["text"]
    assert [*watched.translations] == ["fr", "de", "zh"]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ((0, "a dog"), f'"a dog" was not watched.*"{SENTENCE}"; "{OTHER}"'),
        ((0,), "several sentences were watched"),
        ((0, OTHER, "nl"), "fr, de, zh; there is no 'nl'"),
    ],
)
def test_a_request_for_what_was_not_watched_is_refused(
    recorded: Path, request_: Any, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_watch(recorded).at(*request_)


def test_pictures_say_when_they_were_recorded_and_how_exactly(recorded: Path) -> None:
    watched = read_watch(recorded).at(0, SENTENCE)
    attention = watched.attention(layer=1, head=2, word="it")
    moment = Moment(update=0, levels=255)
    assert isinstance(attention.view, AttentionView)
    assert attention.view.moment == moment
    grid = watched.grid(part="cross")
    assert isinstance(grid.view, GridView)
    assert grid.view.moment == moment
    for picture in (attention, grid):
        assert from_json(json.loads(json.dumps(to_json(picture.view)))) == picture.view
        for text in (picture.svg(), picture.text()):
            assert "at update 0 of the training" in text
            assert "in steps of 1/255" in text


def test_links_are_sums_of_recorded_weights(recorded: Path) -> None:
    watched = read_watch(recorded).at(0, SENTENCE)
    view = watched.attention(layer=2, head=1, word="it").view
    assert isinstance(view, AttentionView)
    row = watched["encoder.layers.1.self_attention.weights"][0, 7]  # "because" is two tokens
    words = [*row[:5], row[5] + row[6], *row[7:9], row[9] + row[10]]
    np.testing.assert_allclose([link.weight for link in view.links], words, atol=1e-7)
    assert view.hidden_share[0] == pytest.approx(float(row[11]), abs=1e-6)


# Files that are not as they should be


def test_a_folder_in_which_nothing_was_watched(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", translator_config())
    with pytest.raises(TraceError, match=r"has no watch\.safetensors.*watch=SENTENCE"):
        read_watch(folder)
    with pytest.raises(ModelFilesError, match=r"no config\.json"):
        read_watch(tmp_path)


def damaged(recorded: Path, folder: Path, change: Any) -> Path:
    """A copy whose metadata and tensors went through `change`."""
    shutil.copytree(recorded, folder)
    with safetensors.safe_open(folder / FILE, framework="numpy") as file:
        data = json.loads(file.metadata()["watch"])
    tensors = safetensors.numpy.load_file(folder / FILE)
    change(data, tensors)
    safetensors.numpy.save_file(tensors, folder / FILE, {"watch": json.dumps(data)})
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda data, tensors: data.update(schema="glassformer.watch/2"),
        lambda data, tensors: data.update(levels=127),
        lambda data, tensors: data.pop("tags"),
        lambda data, tensors: tensors.pop("00000000.00.encoder"),
        lambda data, tensors: tensors.update({"00000000.00.encoder": np.zeros((3, 2, 5, 5), "u1")}),
        lambda data, tensors: data["sentences"][0]["tokens"].pop(),
        lambda data, tensors: data["entries"][0].update(sentence=2),
    ],
)
def test_a_damaged_record_is_told(recorded: Path, tmp_path: Path, change: Any) -> None:
    folder = damaged(recorded, tmp_path / "model", change)
    with pytest.raises(TraceError, match="damaged or of another version") as caught:
        read_watch(folder)
    assert "\n" not in str(caught.value)


def test_a_truncated_record_is_told(recorded: Path, tmp_path: Path) -> None:
    shutil.copytree(recorded, tmp_path / "model")
    path = tmp_path / "model" / FILE
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(TraceError, match="damaged"):
        read_watch(tmp_path / "model")
