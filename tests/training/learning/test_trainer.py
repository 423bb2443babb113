"""The training loop: what goes wrong is named, and what is kept can be gone on with."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from trainings_for_tests import (
    Listening,
    arguments,
    backwards,
    changed,
    finish,
    lines,
    measurements,
    options,
    request,
    weights,
    write,
)

import glassformer
from glassformer.cli import run
from glassformer.config.settings import Given
from glassformer.errors import TrainingError
from glassformer.training.corpus.batching import Batching
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.learning.learner import Learner
from glassformer.training.request import TrainingRequest
from glassformer.training.run import carry_out


def made(folder: Path, **training: Any) -> TrainingRequest:
    """A request that a test may change the settings of."""
    return request(folder / "model", changed(training=training))


# Divergence


def test_a_rate_that_is_far_too_high_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = made(tmp_path, learning_rate=1e6, warmup=0, clip_norm=0.0, checkpoint_every=1)
    assert run([*arguments(of), "--quiet"]) == 1
    said = capsys.readouterr().err
    found = re.fullmatch(
        r"glassformer: the training diverged at update (\d+): (.*); the last good checkpoint "
        r"\(update (\d+)\) stays in (.*)\. Start again \(--force, or another --output FOLDER\) "
        r"with a training\.learning_rate below 1000000\.0, a training\.warmup above 0 "
        r"or gradient clipping \(training\.clip_norm\)\n",
        said,
    )
    assert found, said
    diverged, why, kept, folder = found.groups()
    assert int(kept) == int(diverged) - 1
    assert "the loss" in why
    assert folder == str(of.output / "checkpoints")
    assert not (of.output / "weights.safetensors").exists()
    state = safetensors.numpy.load_file(of.output / "checkpoints" / "state.safetensors")
    assert np.isfinite(state["weights"]).all()
    assert run([*arguments(of), "--quiet"]) == 1  # from the checkpoint it goes the same way
    assert capsys.readouterr().err.startswith(said[: said.index(why)])


class Breaking(Listening):
    """Makes the weights no numbers after an update."""

    def __init__(self, update: int, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._update = update
        self._models: list[Any] = []
        create = Learner.__init__

        def remember(learner: Learner, model: Any, config: Any) -> None:
            self._models.append(model)
            create(learner, model, config)

        monkeypatch.setattr(Learner, "__init__", remember)

    def updated(self, record: dict[str, Any]) -> None:
        super().updated(record)
        if record["update"] == self._update:
            with torch.no_grad():
                next(self._models[-1].parameters()).fill_(torch.nan)


def test_weights_that_are_no_numbers_stop_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = made(tmp_path)
    breaking = Breaking(7, monkeypatch)
    message = (
        r"^the training diverged at update 8: the loss or its gradient became NaN or infinite; the "
        r"last good checkpoint \(update 6\) stays in .*a training\.learning_rate below 0\.01, "
        r"a training\.warmup above 5 or a training\.clip_norm below 1\.0$"
    )
    with pytest.raises(TrainingError, match=message):
        carry_out(of, breaking)
    listening = Listening(8)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, listening)
    assert listening.began_after == 6


def test_before_the_first_checkpoint_there_is_nothing_to_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrainingError, match=r"checkpoint \(none yet\) stays"):
        carry_out(made(tmp_path), Breaking(1, monkeypatch))


# Memory


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to"),
        MemoryError(),
    ],
    ids=["GPU", "CPU", "Python"],
)
def test_memory_that_runs_out_is_named_with_a_budget(
    error: Exception,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    of = made(tmp_path)
    learn, shapes = Learner.learn, []

    def limited(learner: Learner, batch: Any, scale: float) -> Any:
        shapes.append((*batch.source.shape, batch.inputs.shape[1]))
        if len(shapes) == 5:
            raise error
        return learn(learner, batch, scale)

    monkeypatch.setattr(Learner, "learn", limited)
    assert run([*arguments(of), "--quiet"]) == 1
    pairs, source, target = shapes[-1]
    tokens = pairs * max(source, target)
    assert 1 < tokens <= 40
    assert capsys.readouterr().err == (
        f"glassformer: out of memory at a micro-batch of {pairs} pairs with up to {source} source "
        f"and {target} target tokens ({tokens} tokens, padding included): start again with --set "
        f"training.micro_batch_tokens={tokens // 2}, which leaves the batch size of an update as "
        "it is\n"
    )


def test_another_error_stays_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(Learner, "learn", fail)
    with pytest.raises(RuntimeError, match="something else"):
        finish(made(tmp_path))


# What is measured and kept


def test_the_last_or_best_checkpoints_are_averaged(tmp_path: Path) -> None:
    settings: dict[str, tuple[dict[str, Any], set[int]]] = {
        "last": ({"average": 3}, {12, 15, 17}),
        "all": ({"average": 100}, {3, 6, 9, 12, 15, 17}),
        "one": ({"average": 1, "checkpoint_every": 100}, {17}),
        "best": ({"average_of": "best", "learning_rate": 0.5, "evaluate_every": 3}, set()),
    }
    for name, (training, updates) in settings.items():
        of = made(tmp_path / name, **training)
        finish(of)
        if name == "best":
            scores = {
                one["update"]: one["loss"]
                for one in measurements(of.output)
                if (one["kind"] == "dev" and one["update"] % 3 == 0) or one["update"] == 17
            }
            updates = set(sorted(scores, key=scores.__getitem__)[:2])
            assert updates != {15, 17}  # or this would test nothing
        kept = {
            int(path.stem.partition("-")[2])
            for path in (of.output / "checkpoints").glob("weights-*.safetensors")
        }
        assert kept == updates
        files = [
            safetensors.numpy.load_file(
                of.output / "checkpoints" / f"weights-{update:08}.safetensors"
            )
            for update in sorted(updates)
        ]
        whole = safetensors.numpy.load_file(of.output / "weights.safetensors")
        assert whole.keys() == files[0].keys()
        for tensor in whole:
            mean = np.mean([file[tensor].astype(np.float64) for file in files], axis=0)
            np.testing.assert_array_equal(whole[tensor], mean.astype(np.float32))


def test_what_the_listener_hears_is_what_is_written(tmp_path: Path) -> None:
    of, listening = made(tmp_path), Listening()
    outcome = carry_out(of, listening)
    written = measurements(of.output)
    heard = [one for one in written if one["kind"] == "train"]
    assert [one["update"] for one in listening.updates] == [*range(1, 18)]
    assert [one["loss"] for one in listening.updates] == [one["loss"] for one in heard]
    dev = [one for one in written if one["kind"] == "dev"]
    assert [one["update"] for one in dev] == [6, 12, 17]
    assert [one["loss"] for one in listening.measurements] == [one["loss"] for one in dev]
    assert not outcome.was_complete
    assert outcome.scores["beam_size"] == 2
    assert carry_out(of, Listening()).scores == outcome.scores


def test_the_seed_is_where_all_chance_comes_from(tmp_path: Path) -> None:
    folders: list[Path] = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        of = made(tmp_path / name, seed=seed, max_updates=3)
        torch.manual_seed(len(folders))
        finish(of)
        folders.append(of.output)
    assert weights(folders[0]) == weights(folders[1])
    assert weights(folders[0]) != weights(folders[2])


# Several target languages


def test_one_model_translates_to_each_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = lines(43, seed=7)
    expected = {"fr": [line.upper() for line in sources], "de": backwards(sources)}
    words: list[str] = []
    for tag, targets in expected.items():
        rows = [f"{a}\t{b}" for a, b in zip(sources, targets, strict=True)]
        words += ["--pairs", f"{tag}={write(tmp_path / f'{tag}.tsv', rows[3:])}"]
        words += ["--dev", f"{tag}={write(tmp_path / f'dev.{tag}.tsv', rows[:3])}"]
    settings: Given = changed(model=LEARNS_BY_HEART, training=OVER_AND_OVER)
    first: set[int] = set()
    learn = Learner.learn

    def watched(learner: Learner, batch: Any, scale: float) -> Any:
        first.update(batch.inputs[:, 0].tolist())
        return learn(learner, batch, scale)

    monkeypatch.setattr(Learner, "learn", watched)
    output = str(tmp_path / "model")
    assert run(["train", *words, "--output", output, *options(settings), "--quiet"]) == 0
    model = glassformer.load(output)
    tags = dict(model.config.tags)
    assert list(tags) == ["fr", "de"]
    assert first == set(tags.values())
    assert set(tags.values()) <= set(model.config.never_generated)
    for tag, targets in expected.items():
        found = [str(one) for one in model.translate(sources[3:], to=tag)]
        assert sum(map(str.__eq__, found, targets[3:])) >= 35
    traces = [model.inspect(sources[5], to=tag) for tag in tags]
    assert [trace.target.tokens[0] for trace in traces if trace.target] == ["<2fr>", "<2de>"]
    np.testing.assert_array_equal(traces[0]["encoder"], traces[1]["encoder"])
    assert (traces[0]["decoder"][0] != traces[1]["decoder"][0]).any()


LEARNS_BY_HEART = {
    "d_model": 32,
    "d_ff": 64,
    "dropout": 0.0,
    "attention_dropout": 0.0,
    "activation_dropout": 0.0,
}
OVER_AND_OVER = {
    "max_updates": 260,
    "batch_tokens": 400,
    "micro_batch_tokens": 400,
    "learning_rate": 0.01,
    "warmup": 30,
    "label_smoothing": 0.0,
    "schedule": "cosine",
    "average": 1,
    "evaluate_every": 260,
    "checkpoint_every": 260,
}


# Several targets


@pytest.mark.parametrize(("balance", "share"), [(1.0, 1.0), (0.5, 2.0), (0.0, 4.0)])
def test_pairs_of_a_small_target_come_as_often_as_they_are_balanced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, balance: float, share: float
) -> None:
    files = []
    for seed, (tag, count) in enumerate((("nl", 60), ("de", 15))):
        sentences = lines(count, seed)
        source = write(tmp_path / f"{tag}.source", sentences)
        target = write(tmp_path / f"{tag}.target", backwards(sentences))
        files.append(PairFiles(source, target, tag=tag))
    dev = PairFiles(
        write(tmp_path / "dev.source", ["dog"]), write(tmp_path / "dev.target", ["cat"]), tag="de"
    )
    drawn: list[np.ndarray] = []
    cut = Batching._cut

    def remember(batching: Batching, pool: Any) -> Any:
        drawn.append(pool)
        return cut(batching, pool)

    monkeypatch.setattr(Batching, "_cut", remember)
    settings = changed(text={"balance": balance}, training={"max_updates": 1})
    of = request(tmp_path / "model", settings, pairs=tuple(files), dev=(dev,))
    carry_out(of, Listening())
    often = np.bincount(np.bincount(drawn[0], minlength=75))
    assert len(drawn[0]) == 60 + 15 * share
    assert often.tolist() == ([0, 75] if share == 1.0 else [0, 60, *[0] * int(share - 2), 15])
