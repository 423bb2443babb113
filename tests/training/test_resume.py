"""A training that was stopped, however, becomes bit for bit the one that never was."""

import errno
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from trainings_for_tests import (
    COMMAND,
    Listening,
    arguments,
    changed,
    finish,
    measurements,
    request,
    weights,
    write_corpus,
)

from glassformer.cli import run
from glassformer.config.settings import Given
from glassformer.errors import OutputError
from glassformer.training import preparation
from glassformer.training import run as run_module
from glassformer.training.corpus.near_duplicates import NearDuplicates
from glassformer.training.learning.checkpoint import read_state
from glassformer.training.learning.interrupts import Terminated, raising_on_sigterm
from glassformer.training.learning.trainer import Trainer
from glassformer.training.request import TrainingRequest
from glassformer.training.run import carry_out

VARIANTS: dict[str, Given] = {
    "last": changed(),
    "best": changed(training={"average_of": "best", "learning_rate": 0.2}),
    "ema": changed(training={"average_of": "ema", "ema": 0.9}),
    "patience": changed(training={"patience": 2, "learning_rate": 0.2, "max_updates": 100}),
    "cosine": changed(
        training={"schedule": "cosine", "micro_batch_tokens": 120, "weight_decay": 0.1}
    ),
    "subwords": changed(text={"tokenizer": "bpe", "vocabulary": 300}),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a training that nothing has stopped, made when first asked for."""
    made: dict[str, Path] = {}

    def whole(variant: str) -> Path:
        if variant not in made:
            made[variant] = tmp_path_factory.mktemp(variant) / "model"
            finish(request(made[variant], VARIANTS[variant]))
        return made[variant]

    return whole


def check_same(folder: Path, whole: Path) -> None:
    """The weights are the same bytes, and no measurement is lost or there twice."""
    assert weights(folder) == weights(whole)
    assert measurements(folder) == measurements(whole)
    updates = [one["update"] for one in measurements(folder) if one["kind"] == "train"]
    assert updates[:20] == [*range(1, len(updates[:20]) + 1)]
    left = {path.name for path in (folder / "checkpoints").iterdir()}
    assert left == {path.name for path in (whole / "checkpoints").iterdir()}


def stop(of: TrainingRequest, listening: Listening) -> Listening:
    """Train until the listener stops it."""
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, listening)
    assert not (of.output / "weights.safetensors").exists()
    return listening


# Stopped from one moment to the next


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_training_goes_on_from_its_last_checkpoint(
    variant: str, whole: Callable[[str], Path], tmp_path: Path
) -> None:
    of = request(tmp_path / "model", VARIANTS[variant])
    for update, checkpoint in ((1, 0), (3, 0), (4, 0), (6, 3), (8, 3), (12, 6), (14, 9)):
        assert stop(of, Listening(update)).began_after == checkpoint
    finish(of)
    check_same(of.output, whole(variant))


def test_the_variants_are_trainings_of_their_own(whole: Callable[[str], Path]) -> None:
    assert len({weights(whole(variant)) for variant in VARIANTS}) == len(VARIANTS)
    evaluated = [one for one in measurements(whole("patience")) if one["kind"] == "dev"]
    assert 3 <= len(evaluated) < 16
    assert "weights-00000017.safetensors" in os.listdir(whole("last") / "checkpoints")


# Ctrl-C


class PressingCtrlC(Listening):
    """Presses Ctrl-C after some updates, or sends another signal."""

    def __init__(self, *updates: int, sending: signal.Signals = signal.SIGINT) -> None:
        super().__init__()
        self._presses = updates
        self._signal = sending

    def updated(self, record: dict[str, Any]) -> None:
        super().updated(record)
        for _ in range(self._presses.count(record["update"])):
            os.kill(os.getpid(), self._signal)


def test_ctrl_c_saves_before_it_ends(whole: Callable[[str], Path], tmp_path: Path) -> None:
    of = request(tmp_path / "model")
    stopped = stop(of, PressingCtrlC(7))
    assert stopped.updates[-1]["update"] == 8  # the one that was begun
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    again = stop(of, PressingCtrlC(9))
    assert again.began_after == 8
    assert again.updates[0]["update"] == 9
    finish(of)
    check_same(of.output, whole("last"))


def test_ctrl_c_twice_ends_at_once(whole: Callable[[str], Path], tmp_path: Path) -> None:
    of = request(tmp_path / "model")
    stopped = stop(of, PressingCtrlC(7, 7))
    assert stopped.updates[-1]["update"] == 7
    after = Listening(7)
    stop(of, after)
    assert after.began_after == 6
    finish(of)
    check_same(of.output, whole("last"))


def test_the_command_says_that_it_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of = request(tmp_path / "model", changed(training={"max_updates": 4, "checkpoint_every": 9}))
    logged: list[int] = []

    def log(trainer: Any, record: dict[str, Any]) -> None:
        logged.append(record["update"])
        if record["update"] == 2 and len(logged) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("glassformer.training.learning.trainer.Trainer._log", log)
    assert run(arguments(of)) == 130
    assert capsys.readouterr().err.endswith("glassformer: interrupted\n")
    assert logged == [1, 2, 3]
    assert run([*arguments(of), "--language", "zh"]) == 0
    assert "从第 3 步之后继续，共 4 步" in capsys.readouterr().err
    assert logged == [1, 2, 3, 4, 4]  # an update and a measurement
    assert (of.output / "weights.safetensors").exists()


# SIGTERM


def test_sigterm_saves_before_it_ends(whole: Callable[[str], Path], tmp_path: Path) -> None:
    of = request(tmp_path / "model")
    stopping = PressingCtrlC(7, 7, sending=signal.SIGTERM)  # twice, as by Slurm and torchrun
    with pytest.raises(Terminated) as caught:
        carry_out(of, stopping)
    assert caught.value.code == 143
    assert stopping.updates[-1]["update"] == 8  # the one that was begun
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert not (of.output / "weights.safetensors").exists()
    again = Listening(9)
    stop(of, again)
    assert again.began_after == 8
    finish(of)
    check_same(of.output, whole("last"))


@pytest.mark.parametrize("place", ["prepare", "_finish"])
def test_sigterm_ends_at_once_where_no_updates_are_made(
    place: str, whole: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = request(tmp_path / "model")

    def terminated(*arguments: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("it goes on")

    room = preparation if place == "prepare" else run_module
    with monkeypatch.context() as patch:
        patch.setattr(room, place, terminated)
        with pytest.raises(Terminated):
            carry_out(of, Listening())
    finish(of)
    check_same(of.output, whole("last"))


def test_who_handles_sigterm_already_goes_on_to(tmp_path: Path) -> None:
    heard: list[int] = []

    def hear(number: int, _: object) -> None:
        heard.append(number)

    signal.signal(signal.SIGTERM, hear)
    try:
        with raising_on_sigterm():
            os.kill(os.getpid(), signal.SIGTERM)
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is hear
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def test_a_training_in_another_thread_leaves_signals_alone(tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training={"max_updates": 2}))
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(finish, of).result().was_complete
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_the_command_says_that_it_was_terminated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of = request(tmp_path / "model")
    log = Trainer._log

    def terminated(trainer: Trainer, record: dict[str, Any]) -> None:
        log(trainer, record)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Trainer, "_log", terminated)
    assert run([*arguments(of), "--quiet"]) == 143
    assert capsys.readouterr().err == "glassformer: terminated\n"
    found = read_state(of.output / "checkpoints")
    assert found is not None
    assert found[1].update == 2


# A full disk


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Let the disk be full at the n-th file of a name, half of which is written before."""

    def fill(name: str, place: int) -> None:
        write_bytes, seen = Path.write_bytes, []

        def written(path: Path, data: bytes) -> int:
            if name in path.name:
                seen.append(path)
                if len(seen) == place:
                    write_bytes(path, data[: len(data) // 2])
                    raise OSError(errno.ENOSPC, "No space left on device")
            return write_bytes(path, data)

        monkeypatch.setattr(Path, "write_bytes", written)

    return fill


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("state", 1),
        ("state", 2),
        ("weights-00000003", 1),
        ("weights-00000009", 1),
        (".weights.safetensors", 1),
    ],
)
def test_a_full_disk_loses_no_checkpoint(
    name: str,
    place: int,
    whole: Callable[[str], Path],
    full: Callable[[str, int], None],
    tmp_path: Path,
) -> None:
    of = request(tmp_path / "model")
    full(name, place)
    with pytest.raises(OutputError, match=f"^cannot write .*{name}.*: No space left on device$"):
        finish(of)
    assert not (of.output / "weights.safetensors").exists()
    finish(of)
    check_same(of.output, whole("last"))


def test_a_disk_that_is_full_while_measurements_are_written(
    whole: Callable[[str], Path], tmp_path: Path
) -> None:
    of = request(tmp_path / "model", changed(training={"checkpoint_every": 100}))
    script = (
        "import resource, sys\n"
        "from glassformer.cli import run\n"
        "from glassformer.training.learning import trainer\n"
        "restore = trainer.Trainer._restore\n"
        "def limited(self):\n"
        "    restore(self)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "trainer.Trainer._restore = limited\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    seen = subprocess.run(
        [*COMMAND[:3], "-c", script, *arguments(of), "--quiet"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # One line of ours; a process whose coverage is measured has more to complain of.
    assert seen.stderr.splitlines()[0] == (
        f"glassformer: cannot write {of.output / 'metrics.jsonl'}: File too large"
    )
    assert seen.returncode == 1
    assert (of.output / "metrics.jsonl").stat().st_size == 1000  # in the middle of a line
    finish(of)
    updates = [one["update"] for one in measurements(of.output) if one["kind"] == "train"]
    assert updates == [*range(1, 18)]


# kill -9


def test_a_killed_training_goes_on(whole: Callable[[str], Path], tmp_path: Path) -> None:
    of = request(tmp_path / "model")
    process = subprocess.Popen(
        [*COMMAND, *arguments(of), "--quiet"], stderr=subprocess.PIPE, encoding="utf-8"
    )
    state = of.output / "checkpoints" / "state.safetensors"
    try:
        while process.poll() is None and not state.exists():
            time.sleep(0.001)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (of.output / "weights.safetensors").exists()
    finish(of)
    check_same(of.output, whole("last"))


def test_what_a_killed_preparation_left_is_made_again(
    whole: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = request(tmp_path / "model")
    for place in ("write_examples", "_write_dev", "_write_texts", "_estimate"):
        with monkeypatch.context() as patch:
            patch.setattr(f"glassformer.training.preparation.{place}", interrupted)
            stop(of, Listening())
        assert not (of.output / "training.json").exists()
    finish(of)
    check_same(of.output, whole("last"))


def interrupted(*arguments: Any, **options: Any) -> None:
    raise KeyboardInterrupt


def test_near_duplicates_are_looked_for_once_and_told_again(
    whole: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, expected = request(tmp_path / "model"), whole("last")
    told = [line for line in stop(of, Listening(4)).said if "near-duplicate" in line]
    monkeypatch.setattr(NearDuplicates, "look_at", interrupted)
    goes_on = Listening()
    carry_out(of, goes_on)
    assert [line for line in goes_on.said if "near-duplicate" in line] == told
    assert len(told) == 1
    check_same(of.output, expected)
    record = json.loads((of.output / "training.json").read_text(encoding="utf-8"))
    scores = record["scores"]["targets"]["target"]
    assert scores["near_duplicates"] == record["near_duplicates"]["near"] > 0


def test_the_place_and_names_of_the_corpus_do_not_matter(
    whole: Callable[[str], Path], tmp_path: Path
) -> None:
    of = request(tmp_path / "model")
    stop(of, Listening(8))
    moved = tmp_path / "elsewhere"
    of.output.rename(tmp_path / "renamed")
    write_corpus(moved)
    finish(request(tmp_path / "renamed", pairs=request(moved / "model").pairs))
    check_same(tmp_path / "renamed", whole("last"))
