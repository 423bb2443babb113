"""training.json: what goes into it comes back, and another training is recognised by it."""

import dataclasses
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from models_for_tests import encoder_config, write_folder

import glassformer
from glassformer.config import TrainingConfig
from glassformer.errors import InputError, ModelFilesError, TrainingError
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.reporting.record import (
    RECORD,
    TrainingRecord,
    check_same,
    versions,
)
from glassformer.training.request import NamedModel, TrainingRequest, asked_for


@pytest.fixture
def request_(tmp_path: Path) -> TrainingRequest:
    for name in ("a.en", "a.de", "b.tsv", "dev.tsv"):
        (tmp_path / name).write_text(f"{name}\t{name}\n")
    return TrainingRequest(
        pairs=(
            PairFiles(tmp_path / "a.en", tmp_path / "a.de", tag="de"),
            PairFiles(tmp_path / "b.tsv", tag="fr"),
        ),
        dev=(PairFiles(tmp_path / "dev.tsv", tag="fr"),),
        output=tmp_path / "model",
        settings={"training": {"seed": 3}},
        watch=("a dog",),
    )


def asked(request: TrainingRequest) -> dict[str, Any]:
    """As it is after a way through a file."""
    again: dict[str, Any] = json.loads(json.dumps(asked_for(request)))
    return again


# The file


def test_a_record_comes_back(tmp_path: Path, request_: TrainingRequest) -> None:
    record = TrainingRecord(
        settings=TrainingConfig.from_dict({"training": {"seed": 3, "learning_rate": 1 / 3}}),
        asked=asked(request_),
        choices=[{"setting": "model.d_model", "value": 128, "reason": "as tiny"}],
        preflight={"seen": 7},
        held_out={"threshold": "00ff"},
        near_duplicates={"pairs": 7, "near": 3},
        unknown_tokens=[0.1, 0.2],
        roles={"padding": 0},
        scores={"bleu": 41.3, "targets": {"de": {}}},
        averaged=[5, 7],
    )
    record.write(tmp_path)
    assert TrainingRecord.read(tmp_path) == record
    record.scores = None
    record.write(tmp_path)
    assert TrainingRecord.read(tmp_path) == record
    assert [path.name for path in tmp_path.glob("*.json")] == [RECORD]


def test_a_record_from_before_near_duplicates_were_looked_for_is_read(tmp_path: Path) -> None:
    TrainingRecord(settings=TrainingConfig(), asked={}).write(tmp_path)
    data = json.loads((tmp_path / RECORD).read_text())
    del data["near_duplicates"]
    (tmp_path / RECORD).write_text(json.dumps(data))
    read = TrainingRecord.read(tmp_path)
    assert read is not None
    assert read.near_duplicates is None


def test_a_folder_without_a_record(tmp_path: Path) -> None:
    assert TrainingRecord.read(tmp_path) is None
    assert TrainingRecord.read(tmp_path / "nowhere") is None


def test_the_programs_that_made_it_are_named(tmp_path: Path) -> None:
    TrainingRecord(settings=TrainingConfig(), asked={}).write(tmp_path)
    data = json.loads((tmp_path / RECORD).read_text())
    assert data["versions"] == versions()
    assert versions()["torch"] == torch.__version__
    assert versions()["glassformer"] == glassformer.__version__


def _changed(**changes: Any) -> str:
    data = {
        "version": 1,
        **dataclasses.asdict(TrainingRecord(settings=TrainingConfig(), asked={})),
        "versions": {},
    }
    return json.dumps({**data, **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "{",
        "{}",
        _changed(version=2),
        _changed(more=3),
        _changed(settings=3),
        _changed(settings={"training": {"of_tomorrow": 3}}),
        _changed()[:-40],
    ],
)
def test_a_record_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(TrainingError) as caught:
        TrainingRecord.read(tmp_path)
    said = str(caught.value)
    assert said.startswith(f"cannot read {tmp_path / RECORD} (")
    assert said.endswith("): start again with another output=FOLDER, or force=True")
    assert "\n" not in said


# What was asked for


def test_data_is_known_by_its_content(request_: TrainingRequest, tmp_path: Path) -> None:
    first = asked(request_)
    assert first["train"][0]["sha256"] == [
        hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.en", "a.de")
    ]
    assert first["train"][1]["tag"] == "fr"
    moved = tmp_path / "moved.tsv"
    (tmp_path / "b.tsv").rename(moved)
    pairs = (request_.pairs[0], PairFiles(moved, tag="fr"))
    check_same(tmp_path, first, asked(dataclasses.replace(request_, pairs=pairs)))


def test_what_the_weights_do_not_depend_on_may_change(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    other = dataclasses.replace(
        request_, force=True, report_to=("tensorboard",), output=tmp_path / "elsewhere"
    )
    assert asked(request_) == asked(other)


def test_a_missing_file_is_named(request_: TrainingRequest, tmp_path: Path) -> None:
    (tmp_path / "dev.tsv").unlink()
    with pytest.raises(InputError, match=r"cannot read .*dev.tsv: No such file"):
        asked_for(request_)


def refusal(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> str:
    with pytest.raises(TrainingError) as caught:
        check_same(folder, before, now)
    said = str(caught.value)
    assert said.startswith(f"{folder} holds another training: ")
    assert said.endswith(". Give another output=FOLDER, or force=True to start over there")
    return said[len(f"{folder} holds another training: ") : said.index(". Give another")]


def test_the_same_request_goes_on(request_: TrainingRequest, tmp_path: Path) -> None:
    check_same(tmp_path, asked(request_), asked(request_))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"settings": {"training": {"seed": 5}}},
            "training.seed was 3 and is now 5",
        ),
        ({"settings": {}}, "training.seed was 3 and is now not given"),
        (
            {"settings": {"training": {"seed": 3}, "model": {"preset": "tiny"}}},
            "model.preset was not given and is now 'tiny'",
        ),
        ({"dev": ()}, "files of the dev pairs: 1 before, 0 now"),
        ({"watch": ()}, "watch was ['a dog'] and is now not given"),
        ({"device": "cuda"}, "device was cpu and is now cuda"),
    ],
)
def test_each_difference_is_named(
    request_: TrainingRequest, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    now = asked(dataclasses.replace(request_, **change))
    assert refusal(tmp_path, asked(request_), now) == said


def test_changed_data_is_named_by_its_files(request_: TrainingRequest, tmp_path: Path) -> None:
    before = asked(request_)
    (tmp_path / "b.tsv").write_text("b.tsv\tother\n")
    assert refusal(tmp_path, before, asked(request_)) == (
        f"the training pairs changed ({tmp_path / 'b.tsv'})"
    )
    (tmp_path / "dev.tsv").write_bytes(gzip.compress(b"dev.tsv\tdev.tsv\n"))
    said = refusal(tmp_path, before, asked(request_))
    assert f"the dev pairs changed ({tmp_path / 'dev.tsv'})" in said
    assert said.count("; ") == 1


def test_another_encoder_is_another_training(request_: TrainingRequest, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    write_folder(folder, encoder_config())
    now = asked(dataclasses.replace(request_, encoder_from=NamedModel.find(str(folder))))
    said = refusal(tmp_path, asked(request_), now)
    assert said == f"encoder_from was not given and is now {folder}"
    write_folder(folder, encoder_config(), seed=2)
    changed = asked(dataclasses.replace(request_, encoder_from=NamedModel.find(str(folder))))
    assert refusal(tmp_path, now, changed) == f"the weights of {folder} changed"
    with pytest.raises(ModelFilesError, match="there is no model 'nowhere'"):
        NamedModel.find("nowhere")


def test_another_tag_or_order_is_another_training(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    before = asked(request_)
    renamed = (request_.pairs[0], dataclasses.replace(request_.pairs[1], tag="nl"))
    now = asked(dataclasses.replace(request_, pairs=renamed))
    assert "the training pairs changed" in refusal(tmp_path, before, now)
    now = asked(dataclasses.replace(request_, pairs=request_.pairs[::-1]))
    assert refusal(tmp_path, before, now) == "the training pairs are in another order"


def test_all_differences_are_named_together(request_: TrainingRequest, tmp_path: Path) -> None:
    now = asked(
        dataclasses.replace(request_, device="cuda", watch=(), settings={"dev": {"samples": 7}})
    )
    said = refusal(tmp_path, asked(request_), now).split("; ")
    assert said == [
        "training.seed was 3 and is now not given",
        "dev.samples was not given and is now 7",
        "watch was ['a dog'] and is now not given",
        "device was cpu and is now cuda",
    ]
