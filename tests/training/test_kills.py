"""Real trainings that are killed, again and again; what comes out is what always would have."""

import json
import os
import random
import signal
import socket
import subprocess
import time
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

from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.run import carry_out

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc"),
]

KILLS = 20
TORCHRUN = [*COMMAND[:3], "-m", "torch.distributed.run"]
REAL = changed(
    model={"d_model": 64, "num_heads": 4, "d_ff": 128, "encoder_layers": 2, "decoder_layers": 2},
    training={
        "max_updates": 1000,
        "batch_tokens": 1200,
        "micro_batch_tokens": 300,
        "learning_rate": 0.003,
        "warmup": 100,
        "checkpoint_every": 29,
        "evaluate_every": 290,
        "average": 5,
        "ema": 0.99,
        "workers": 2,
    },
)
LONG_ENOUGH = {"max_updates": 400, "checkpoint_every": 30, "evaluate_every": 200}


def update_of(folder: Path) -> int:
    """The last update that has been written down."""
    try:
        lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").split("\n")
        return int(json.loads(lines[-2])["update"])
    except (OSError, LookupError, ValueError):
        return 0


def wait_until(folder: Path, update: int, process: "subprocess.Popen[Any]") -> None:
    while update_of(folder) < update:
        assert process.poll() is None, f"it ended at update {update_of(folder)}"
        time.sleep(0.01)


def check_same(folder: Path, whole: Path) -> None:
    assert weights(folder) == weights(whole)
    assert measurements(folder) == measurements(whole)


def test_a_training_that_is_killed_at_20_moments(tmp_path: Path) -> None:
    corpus = PairFiles(*write_corpus(tmp_path, 2003))
    whole = request(tmp_path / "whole", REAL, pairs=(corpus,))
    of = request(tmp_path / "killed", REAL, pairs=(corpus,))
    chance = random.Random(5)
    moments: list[tuple[int, float]] = [
        *((0, chance.uniform(0.0, 5.0)) for _ in range(5)),  # while it starts and prepares
        *((chance.randrange(1, 980), chance.uniform(0.0, 0.5)) for _ in range(KILLS - 5)),
    ]
    for update, seconds in sorted(moments):
        process = subprocess.Popen([*COMMAND, *arguments(of), "--quiet"], start_new_session=True)
        try:
            wait_until(of.output, update, process)
            time.sleep(seconds)
            assert process.poll() is None
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert not (of.output / "weights.safetensors").exists()
    for one in (whole, of):
        subprocess.run([*COMMAND, *arguments(one), "--quiet"], check=True)
    check_same(of.output, whole.output)


# torchrun


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training by two processes that nothing has stopped."""
    settings = changed(training={**LONG_ENOUGH, "workers": 2})
    of = request(tmp_path_factory.mktemp("two") / "model", settings)
    finish(of)
    return of.output


def test_torchrun_begins_anew_when_a_process_dies(two: Path, tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training=LONG_ENOUGH))
    words = ["--standalone", "--nproc-per-node", "2", "--max-restarts", "2"]
    words += ["--monitor-interval", "0.1", "-m", "glassformer", *arguments(of), "--quiet"]
    agent = subprocess.Popen([*TORCHRUN, *words], stderr=subprocess.DEVNULL)
    for rank, update in ((1, 60), (0, 200)):
        wait_until(of.output, update, agent)
        os.kill(process_of(agent.pid, rank), signal.SIGKILL)
        time.sleep(1.0)  # until the agent has seen it
    assert agent.wait(timeout=200) == 0
    check_same(of.output, two)


def process_of(agent: int, rank: int) -> int:
    """The process that an agent has started with this rank."""
    for child in Path(f"/proc/{agent}/task/{agent}/children").read_text().split():
        if f"\0RANK={rank}\0".encode() in Path(f"/proc/{child}/environ").read_bytes():
            return int(child)
    raise AssertionError(f"there is no rank {rank}")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_two_agents_train_like_one(two: Path, tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training=LONG_ENOUGH))
    port = str(free_port())
    agents = [
        subprocess.Popen(
            [
                *TORCHRUN,
                *("--nnodes", "2", "--nproc-per-node", "1", "--node-rank", str(rank)),
                *("--master-addr", "127.0.0.1", "--master-port", port),
                *("-m", "glassformer", *arguments(of), "--quiet"),
            ]
        )
        for rank in (0, 1)
    ]
    assert [agent.wait(timeout=200) for agent in agents] == [0, 0]
    check_same(of.output, two)


# More processes


def test_three_processes_go_on_exactly(tmp_path: Path) -> None:
    three = {"max_updates": 40, "checkpoint_every": 7, "evaluate_every": 20, "workers": 3}
    whole = request(tmp_path / "whole" / "model", changed(training=three))
    finish(whole)
    of = request(tmp_path / "stopped" / "model", changed(training=three))
    for update in (5, 17, 29):
        with pytest.raises(KeyboardInterrupt):
            carry_out(of, Listening(update))
    finish(of)
    check_same(of.output, whole.output)
