"""`glassformer train` beside the pairs: watching, a given encoder, reports elsewhere."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from models_for_tests import PADDING, random_model, stack, tokenizer
from narrowing import present
from trainings_for_tests import Listening, arguments, changed, measurements, request, weights

import glassformer
from glassformer.cli import run
from glassformer.config import ModelConfig
from glassformer.config.settings import Given
from glassformer.inspection.watch_file import read_watch
from glassformer.pretrained.bert import BERT_NAMES
from glassformer.training.run import carry_out

FIVE_UPDATES = {"max_updates": 5, "checkpoint_every": 2, "evaluate_every": 5}
SHORT: Given = changed(training=FIVE_UPDATES)


# Watching


def test_what_was_watched_can_be_inspected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = request(tmp_path / "model", SHORT, watch=("red dog", "a big cat"))
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(4))
    assert run([*arguments(of), "--quiet"]) == 0
    record = read_watch(of.output)
    assert record.updates == (0, 1, 2, 3, 4, 5)
    model = glassformer.load(str(of.output))
    asked = ["inspect", "red dog", "--model", str(of.output), "--format", "json", "--tokens"]
    asked += ["--part", "encoder", "--layer", "1", "--head", "2", "--special"]
    links = {}
    for update in (0, 5):
        assert run([*asked, "--at-step", str(update)]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["update"] == update
        assert data["tokens"] == list(model.inspect("red dog").source.tokens)
        links[update] = {(one["from"], one["to"]): one["weight"] for one in data["links"]}
    # The average of checkpoints is another model, but the one of a single checkpoint is the same.
    assert links[0] != links[5]
    alone = request(
        tmp_path / "alone" / "model",
        changed(training={**FIVE_UPDATES, "average": 1}),
        watch=("red dog",),
    )
    assert run([*arguments(alone), "--quiet"]) == 0
    trace = glassformer.load(str(alone.output)).inspect("red dog")
    now = trace["encoder.layers.0.self_attention.weights"]
    watched = read_watch(alone.output).at(5, "red dog")["encoder.layers.0.self_attention.weights"]
    np.testing.assert_allclose(watched, now, atol=1 / 255 + 1e-6)


def test_watching_changes_nothing(tmp_path: Path) -> None:
    made = []
    for name, watch in (("a", ()), ("b", ("red dog",))):
        of = request(tmp_path / name / "model", SHORT, watch=watch)
        assert run([*arguments(of), "--quiet"]) == 0
        made.append(weights(of.output))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("watch", "code", "complaint"),
    [
        (("red dog", "red dog"), 2, "a sentence of --watch was given twice: give each once"),
        (("red dog", " "), 2, "--watch needs a sentence, but one of those given is empty"),
        (("dog " * 2000,), 1, "--watch: the text has "),
    ],
)
def test_what_cannot_be_watched_is_named(
    watch: tuple[str, ...],
    code: int,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    of = request(tmp_path / "model", SHORT, watch=watch)
    assert run([*arguments(of), "--quiet"]) == code
    assert capsys.readouterr().err.startswith(f"glassformer: {complaint}")
    of = request(tmp_path / "model", SHORT, watch=("red dog",))
    assert run([*arguments(of), "--quiet"]) == 0  # nothing of the mistake is left


# A given encoder


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    """A small random BERT, as its folder is found on the hub."""
    one = stack(
        positions="learned",
        embedding_norm=True,
        token_types=2,
        scale_embedding=False,
        activation="gelu",
        d_model=2 * 11,
        num_layers=2,
    )
    model = random_model(ModelConfig(encoder=one, padding=PADDING))
    folder = tmp_path / "bert"
    folder.mkdir()
    config = {
        "model_type": "bert",
        "vocab_size": one.vocabulary,
        "hidden_size": one.d_model,
        "num_hidden_layers": one.num_layers,
        "num_attention_heads": one.num_heads,
        "intermediate_size": one.d_ff,
        "max_position_embeddings": one.max_positions,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
        "pad_token_id": PADDING,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(tokenizer().to_str())
    weights = model.state_dict().items()
    theirs = {present(BERT_NAMES.to_theirs(name)): weight.numpy() for name, weight in weights}
    safetensors.numpy.save_file(theirs, folder / "model.safetensors")
    return folder


def with_encoder(folder: Path, bert: Path, rate: float) -> glassformer.Glassformer:
    settings = changed(training={**FIVE_UPDATES, "encoder_learning_rate": rate})
    of = request(folder / "model", settings)
    assert run([*arguments(of), "--encoder-from", str(bert), "--quiet"]) == 0
    return glassformer.load(str(of.output))


def test_a_given_encoder_stays_as_it_is(tmp_path: Path, bert: Path) -> None:
    given, model = glassformer.load(str(bert)), with_encoder(tmp_path, bert, 0.0)
    before = given.model.encoder.state_dict()
    after = model.model.encoder.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    text = "a red dog"
    np.testing.assert_array_equal(model.encode(text).vectors, given.encode(text).vectors)
    assert model.encode(text).tokens == given.encode(text).tokens
    assert model.config.stack_of("decoder").d_model == 2 * 7
    assert model.tokenizer.vocabulary != model.target_tokenizer.vocabulary
    assert isinstance(str(model.translate(text)), str)


def test_a_given_encoder_may_learn_at_its_own_rate(tmp_path: Path, bert: Path) -> None:
    before = glassformer.load(str(bert)).model.encoder.state_dict()
    moved = {}
    for rate in (1e-4, 1e-3):
        model = with_encoder(tmp_path / str(rate), bert, rate)
        after = model.model.encoder.state_dict()
        name = next(one for one in before if one.startswith("layers.1"))
        moved[rate] = float((after[name] - before[name]).abs().mean())
    assert 0.0 < moved[1e-4] < 1e-3
    assert 5.0 < moved[1e-3] / moved[1e-4] < 20.0


def test_a_given_encoder_is_part_of_what_was_asked_for(
    tmp_path: Path, bert: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_encoder(tmp_path, bert, 0.0)
    of = request(
        tmp_path / "model", changed(training={**FIVE_UPDATES, "encoder_learning_rate": 0.0})
    )
    assert run(arguments(of)) == 1
    said = capsys.readouterr().err
    assert f"--encoder-from was {bert} and is now not given" in said


# Reports elsewhere


def test_tensorboard_is_told_what_metrics_hold(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        accumulator = pytest.importorskip(
            "tensorboard.backend.event_processing.event_accumulator",
            reason="tensorboard is not installed",
        )
    of = request(tmp_path / "model", SHORT)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(4))
    assert run([*arguments(of), "--report-to", "tensorboard", "--quiet"]) == 0
    events = accumulator.EventAccumulator(str(of.output / "tensorboard"))
    events.Reload()
    told = {one.step: one.value for one in events.Scalars("train/loss")}
    written = {
        one["update"]: one["loss"] for one in measurements(of.output) if one["kind"] == "train"
    }
    assert [*told] == [3, 4, 5]  # it was asked for when two updates had been made
    for update, loss in told.items():
        assert loss == pytest.approx(written[update], rel=1e-6)
    assert [one.step for one in events.Scalars("dev/bleu")] == [5]
    again = request(tmp_path / "again" / "model", SHORT)
    assert run([*arguments(again), "--quiet"]) == 0
    assert weights(again.output) == weights(of.output)
