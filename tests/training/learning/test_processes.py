"""Several processes: the same losses as one, the same bits however they were started."""

import dataclasses
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch._C._distributed_c10d import HashStore
from trainings_for_tests import (
    COMMAND,
    Listening,
    arguments,
    changed,
    finish,
    measurements,
    request,
    weights,
)

from glassformer.errors import TrainingError
from glassformer.training.learning.processes import Alone, _agreed_name, started_together
from glassformer.training.request import TrainingRequest
from glassformer.training.run import carry_out

UPDATES = {"max_updates": 20, "evaluate_every": 20, "checkpoint_every": 6}
TWO = changed(training={**UPDATES, "workers": 2})
TORCHRUN = [*COMMAND[:3], "-m", "torch.distributed.run"]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training by two processes that nothing has stopped."""
    of = request(tmp_path_factory.mktemp("two") / "model", TWO)
    finish(of)
    return of.output


def losses(folder: Path) -> list[float]:
    return [one["loss"] for one in measurements(folder) if one["kind"] == "train"]


def children() -> list[int]:
    """The processes that this one has started and that have not ended."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(one) for one in found if not ended(int(one))]


def ended(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2]
    except OSError:
        return True
    return status.startswith("Z")


@contextmanager
def soon(seconds: float = 60.0) -> Iterator[Callable[[], bool]]:
    """For `while not …` loops that must come to an end."""
    end = time.monotonic() + seconds

    def late() -> bool:
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)
        return True

    yield late


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="processes are found in /proc"
)


# The same numbers


def test_the_first_losses_are_those_of_one_process(two: Path, tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training=UPDATES))
    finish(of)
    assert len(losses(of.output)) == 20
    np.testing.assert_allclose(losses(two), losses(of.output), rtol=1e-5)


def test_torchrun_gives_the_same_bits(two: Path, tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training=UPDATES))
    words = ["--standalone", "--nproc-per-node", "2", "-m", "glassformer", *arguments(of)]
    seen = subprocess.run(
        [*TORCHRUN, *words], capture_output=True, encoding="utf-8", check=False, timeout=200
    )
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout == ""
    assert seen.stderr.count("wrote ") == 1  # one process speaks
    assert losses(of.output) == losses(two)
    assert weights(of.output) == weights(two)


def test_two_processes_go_on_exactly(two: Path, tmp_path: Path) -> None:
    of = request(tmp_path / "model", TWO)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(8))
    assert not started_together()
    finish(of)
    assert weights(of.output) == weights(two)
    assert measurements(of.output) == measurements(two)


# When something goes wrong


class KillingOthers(Listening):
    """Kills the other process after an update."""

    def updated(self, record: dict[str, Any]) -> None:
        super().updated(record)
        if record["update"] == 7:
            for process in children():
                os.kill(process, signal.SIGKILL)


@needs_proc
def test_a_process_that_has_gone_is_named(tmp_path: Path) -> None:
    of = request(tmp_path / "model", TWO)
    message = "^another process of this training has ended .*: run the same training again"
    with pytest.raises(TrainingError, match=message):
        carry_out(of, KillingOthers())
    assert children() == []


def test_what_the_other_process_said_last_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = request(tmp_path / "model", TWO)
    nowhere = dataclasses.replace(of, device="nowhere").to_json()
    monkeypatch.setattr(TrainingRequest, "to_json", lambda request: nowhere)
    environment = dict(os.environ)
    message = (
        "its last output: process 1: cannot train on the device 'nowhere': Expected one of cpu"
    )
    with pytest.raises(TrainingError, match=message):
        carry_out(of, Listening())
    assert dict(os.environ) == environment
    assert not started_together()


@needs_proc
@pytest.mark.parametrize("moment", [0.0, 0.5])
def test_no_process_outlives_the_first(moment: float, tmp_path: Path) -> None:
    of = request(tmp_path / "model", TWO)
    first = subprocess.Popen([*COMMAND, *arguments(of), "--quiet"])
    listed = Path(f"/proc/{first.pid}/task/{first.pid}/children")
    with soon() as late:
        while not (others := listed.read_text().split()):
            assert late()
        time.sleep(moment)
        first.kill()
        first.wait()
        while not all(ended(int(other)) for other in others):
            assert late()
    assert not (of.output / "weights.safetensors").exists()


@needs_proc
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_signals_reach_processes_that_have_just_begun(
    number: signal.Signals, code: int, said: str, tmp_path: Path
) -> None:
    of = request(tmp_path / "model", TWO)
    first = subprocess.Popen(
        [*COMMAND, *arguments(of), "--quiet"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    with soon() as late:
        while not Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text():
            assert late()
    os.killpg(first.pid, number)
    assert first.communicate(timeout=60)[1].strip() == f"glassformer: {said}"
    assert first.returncode == code
    with pytest.raises(ProcessLookupError):
        os.killpg(first.pid, 0)


LONG = {"max_updates": 100_000, "evaluate_every": 100_000, "checkpoint_every": 100_000}


def wait_for_updates(folder: Path, process: "subprocess.Popen[Any]") -> None:
    """Until some updates have been written down."""
    with soon() as late:
        while not (folder / "metrics.jsonl").exists() or not measurements(folder):
            assert process.poll() is None
            assert late()


@needs_proc
@pytest.mark.parametrize("to", [pytest.param("the first", marks=pytest.mark.slow), "all"])
def test_sigterm_saves_a_training_by_several_processes(to: str, tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training={**LONG, "workers": 2}))
    first = subprocess.Popen(
        [*COMMAND, *arguments(of), "--quiet"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    wait_for_updates(of.output, first)
    (os.kill if to == "the first" else os.killpg)(first.pid, signal.SIGTERM)
    assert first.communicate(timeout=60)[1] == "glassformer: terminated\n"
    assert first.returncode == 143
    assert (of.output / "checkpoints" / "state.safetensors").exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(first.pid, 0)


@pytest.mark.slow
def test_sigterm_saves_under_torchrun(tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training=LONG))
    words = ["--standalone", "--nproc-per-node", "2", "-m", "glassformer", *arguments(of)]
    agent = subprocess.Popen([*TORCHRUN, *words, "--quiet"], stderr=subprocess.DEVNULL)
    wait_for_updates(of.output, agent)
    agent.terminate()
    assert agent.wait(timeout=60) != 0
    assert (of.output / "checkpoints" / "state.safetensors").exists()


def test_under_torchrun_each_process_says_what_is_so(tmp_path: Path) -> None:
    of = request(tmp_path / "model", TWO)
    of.pairs[0].source.write_text("")
    words = ["--standalone", "--nproc-per-node", "2", "-m", "glassformer", *arguments(of)]
    seen = subprocess.run(
        [*TORCHRUN, *words], capture_output=True, encoding="utf-8", check=False, timeout=200
    )
    said = [line for line in seen.stderr.splitlines() if line.startswith("glassformer: ")]
    assert sorted(said) == [
        f"glassformer: {of.pairs[0].source} is empty: expected one sentence per line",
        "glassformer: the first process of this training could not start; its own message says why",
    ]


# One process


def test_alone_is_a_group_of_one() -> None:
    group = Alone()
    tensor = torch.arange(5.0)
    group.sum(tensor)
    assert tensor.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    thing = {"a": [1, None]}
    assert group.share(thing) is thing
    assert (group.rank, group.size) == (0, 1)


# Finding each other


def test_those_that_live_agree_on_a_name_that_no_one_had() -> None:
    store = HashStore()  # as torchrun's, it lives on when processes die
    names = set()
    with ThreadPoolExecutor(3) as pool:
        for delays in ((0.0, 0.1, 0.2), (0.2, 0.0, 0.1), (0.1, 0.2, 0.0)):

            def join(rank: int, delay: float) -> str:
                time.sleep(delay)
                return _agreed_name(store, rank, 3)

            agreed = set(pool.map(join, range(3), delays))
            assert len(agreed) == 1
            names |= agreed
            dead = uuid.uuid4().hex  # one that had come back and died before the others knew
            store.set("name of 1", dead)
            store.set("seen by 1", next(iter(agreed)) + dead)
    assert len(names) == 3
