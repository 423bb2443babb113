"""`train` as a function: what may be given, what comes back, and that it needs no command."""

import inspect
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from trainings_for_tests import Listening, arguments, changed, request, weights, write_corpus

import glassformer
from glassformer.cli import run
from glassformer.errors import ConfigError, ModelFilesError, TrainingError, UsageError
from glassformer.training import train as module
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.learning import evaluation
from glassformer.training.request import NamedModel, TrainingRequest
from glassformer.training.train import train

SHORT = changed(training={"max_updates": 2})
A, B, C = Path("a"), Path("b"), Path("c.tsv")


@pytest.fixture(autouse=True)
def sharp(monkeypatch: pytest.MonkeyPatch) -> None:
    """No encoder blurs: after two updates each does."""
    monkeypatch.setattr(evaluation, "squares_between_positions", lambda r, lengths: (1.0, 1.0))


def test_it_trains_what_the_command_trains(tmp_path: Path) -> None:
    source, target = write_corpus(tmp_path)
    folder = tmp_path / "model"
    result = glassformer.train(source, str(target), output=str(folder), settings=SHORT)
    assert isinstance(result, glassformer.TrainingResult)
    assert (result.folder, result.was_complete) == (folder, False)
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    assert result.scores == record["scores"]
    said = list(map(str, result.notes))
    assert said[0].startswith("88 of 97 pairs to train on; ")
    assert said[-1] == "the final weights are the average of the checkpoints at updates 2"
    assert glassformer.load(str(result.folder)).config.encoder.d_model == 14
    of = request(tmp_path / "by command" / "model", SHORT)
    assert run([*arguments(of), "--quiet", "--language", "zh"]) == 0
    assert weights(of.output) == weights(folder)
    cards = [(one / "card.md").read_text(encoding="utf-8")[:6] for one in (folder, of.output)]
    assert cards == ["# A tr", "# 翻译模型"]
    again = train(source, target, output=folder, settings=SHORT)
    assert again.was_complete
    assert (again.scores, again.notes) == (result.scores, ())


def test_it_starts_further_processes_from_any_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["a notebook", "--nonsense"])
    source, target = write_corpus(tmp_path)
    settings = {**SHORT, "training": {**SHORT["training"], "workers": 2}}
    environment, threads = dict(os.environ), torch.get_num_threads()
    result = train(source, target, output=tmp_path / "m", settings=settings)
    assert result.scores["targets"]["target"]["pairs"] == 9
    assert dict(os.environ) == environment
    assert torch.get_num_threads() == threads
    assert capfd.readouterr() == ("", "")


def test_a_listener_is_told_while_it_goes_on(tmp_path: Path) -> None:
    source, target = write_corpus(tmp_path)
    listening = Listening()
    result = train(source, target, output=tmp_path / "m", settings=SHORT, listener=listening)
    assert listening.said == list(map(str, result.notes))
    assert [one["update"] for one in listening.updates] == [1, 2]
    assert len(listening.measurements) == 1


def test_every_option_has_a_type_of_its_own() -> None:
    for name, parameter in inspect.signature(train).parameters.items():
        assert parameter.annotation not in (Any, inspect.Parameter.empty), name
        assert parameter.kind is not inspect.Parameter.VAR_KEYWORD


# What may be given


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ((), []),
        ("c.tsv", [PairFiles(C)]),
        (C, [PairFiles(C)]),
        (["c.tsv", Path("a")], [PairFiles(C), PairFiles(A)]),
        (PairFiles(A, B), [PairFiles(A, B)]),
        ([PairFiles(A, B, "fr"), C], [PairFiles(A, B, "fr"), PairFiles(C)]),
        (
            {"fr": "c.tsv", "de": [PairFiles(A, B), Path("a")]},
            [PairFiles(C, tag="fr"), PairFiles(A, B, "de"), PairFiles(A, tag="de")],
        ),
    ],
)
def test_ways_to_give_pairs(pairs: Any, expected: list[PairFiles]) -> None:
    assert list(module._files_of(pairs)) == expected


def test_ways_to_give_settings(tmp_path: Path) -> None:
    expected = {"training": {"max_updates": 2, "seed": 3}, "model": {"preset": "tiny"}}
    toml = tmp_path / "settings.toml"
    toml.write_text('[training]\nmax_updates = 2\nseed = 3\n[model]\npreset = "tiny"\n')
    dotted = {"training.max_updates": 2, "training.seed": 3, "model.preset": "tiny"}
    both = {"training.max_updates": 2, "training": {"seed": 3}, "model": {"preset": "tiny"}}
    for given in (toml, str(toml), expected, dotted, both):
        assert module._given(given) == expected
    assert module._given(None) == {}


def test_a_request_goes_through_json() -> None:
    of = TrainingRequest(
        pairs=(PairFiles(A, B, "fr"), PairFiles(C, tag="de")),
        output=Path("m"),
        dev=(PairFiles(C, tag="de"),),
        settings=SHORT,
        watch=("狗",),
        encoder_from=NamedModel("name", Path("folder")),
        report_to=("tensorboard",),
        device="cuda:1",
        force=True,
    )
    assert "\n" not in of.to_json()
    assert TrainingRequest.from_json(of.to_json()) == of


# What is refused, in the words of Python


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"source": "a"}, UsageError, "give both source and target, or pairs=FILE"),
        ({"settings": {"seed": 3}}, UsageError, "a setting is named with its section, as in"),
        ({"settings": {"training.sed": 3}}, ConfigError, "training has no setting 'sed'"),
        ({"model_from": "nowhere"}, ModelFilesError, "there is no model 'nowhere'"),
        ({"language": "fr"}, UsageError, "expected en or zh"),
        ({"device": "nowhere"}, UsageError, "cannot train on the device 'nowhere'"),
    ],
)
def test_what_cannot_be_asked_for(
    given: dict[str, Any], kind: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=said):
        train(output=tmp_path / "m", **given)
    assert not (tmp_path / "m").exists()


def test_a_reporter_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="no such metrics logger; there are: tensorboard"):
        module._loggers(["wandb"])
    assert module._loggers("tensorboard") == ("tensorboard",)


def test_another_training_is_refused_as_python_spells_it(tmp_path: Path) -> None:
    source, target = write_corpus(tmp_path)
    folder = tmp_path / "m"
    train(source, target, output=folder, settings=SHORT)
    with pytest.raises(TrainingError) as caught:
        train(source, target, output=folder, settings=SHORT, watch="red dog")
    assert str(caught.value) == (
        f"{folder} holds another training: watch was not given and is now ['red dog']. Give "
        "another output=FOLDER, or force=True to start over there"
    )


# Models that are named


def test_a_model_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = write_corpus(tmp_path)
    first = train(source, target, output=tmp_path / "first", settings=SHORT).folder
    asked: list[str] = []

    def find(name: str) -> Path:
        asked.append(name)
        return first

    monkeypatch.setattr("glassformer.training.request.find_model", find)
    given = {"training": SHORT["training"]}
    for name in ("model_from", "encoder_from"):
        settings = given if name == "model_from" else SHORT
        more: Any = {name: "a name"}
        train(source, target, output=tmp_path / name, settings=settings, **more)
    assert asked == ["a name", "a name"]


def test_models_are_looked_for_in_one_place() -> None:
    folder = Path(module.__file__).parent
    places = [path for path in folder.rglob("*.py") if "find_model" in path.read_text("utf-8")]
    assert [path.name for path in places] == ["request.py"]
