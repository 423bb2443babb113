"""Data-parallel training: each process computes its share of every update, all stay equal.

Started by torchrun, or by `train` itself on one machine (`training.workers`). The flat gradient is
summed in the order of the parameters, whatever order the backward pass went in.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from glassformer.errors import TrainingError
from glassformer.messages import Message
from glassformer.training.learning.interrupts import holding_signals, ignore_signals

_PATIENCE = timedelta(hours=6)
"""Rank 0 evaluates alone while the others wait."""

_STARTED = "GLASSFORMER_STARTED_BY_ANOTHER"


class Alone:
    """A training by one process."""

    rank = 0
    size = 1

    def sum(self, tensor: Tensor) -> None:
        """Sum a tensor over all processes, in place."""

    def share(self, thing: Any) -> Any:
        """What rank 0 has, for all."""
        return thing

    def close(self) -> None:
        """Leave the group."""


class Group(Alone):
    """One process among several, with RANK, WORLD_SIZE and an address in its environment."""

    def __init__(self, device: torch.device, environment: Mapping[str, str] = os.environ) -> None:
        backend = "nccl" if device.type == "cuda" else "gloo"
        self.rank, self.size = int(environment["RANK"]), int(environment["WORLD_SIZE"])
        dist.init_process_group(
            backend,
            store=_store(self.rank, self.size, environment),
            rank=self.rank,
            world_size=self.size,
            timeout=_PATIENCE,
        )
        self._device = device

    def sum(self, tensor: Tensor) -> None:
        """Sum a tensor over all processes, in place.

        Raises:
            TrainingError: when another process has ended.
        """
        try:
            dist.all_reduce(tensor)
        except RuntimeError as error:
            raise _lost(str(error)) from error

    def share(self, thing: Any) -> Any:
        """What rank 0 has, for all: plain data, sent as JSON."""
        text = json.dumps(thing).encode() if self.rank == 0 else b""
        try:
            length = torch.tensor([len(text)], device=self._device)
            dist.broadcast(length, 0)
            data = torch.zeros(int(length), dtype=torch.uint8)
            if self.rank == 0:
                data = torch.frombuffer(bytearray(text), dtype=torch.uint8)
            data = data.to(self._device)
            dist.broadcast(data, 0)
        except RuntimeError as error:
            raise _lost(str(error)) from error
        return json.loads(bytes(data.cpu().tolist()))

    def close(self) -> None:
        """Leave the group."""
        dist.destroy_process_group()


def _store(rank: int, size: int, environment: Mapping[str, str]) -> Any:
    """Where processes find each other; the first one keeps it, or torchrun does.

    torchrun keeps one over all its restarts, and what processes have left there that are dead by
    now would lead others to them. So the living agree on a name that is new.
    """
    of_torchrun = environment.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    store = dist.TCPStore(  # type: ignore[attr-defined]
        environment["MASTER_ADDR"],
        int(environment["MASTER_PORT"]),
        is_master=rank == 0 and not of_torchrun,
        timeout=_PATIENCE,
        wait_for_workers=False,
    )
    if not of_torchrun:
        return store
    name = _agreed_name(store, rank, size)
    return dist.PrefixStore(name, store)  # type: ignore[attr-defined]


def _agreed_name(store: Any, rank: int, size: int) -> str:
    """A name made of those that all living processes have given themselves."""

    def look(key: str) -> str:
        return str(store.get(key).decode()) if store.check([key]) else ""

    own, others = uuid.uuid4().hex, range(1, size)
    store.set(f"name of {rank}", own)
    while True:
        if rank == 0:
            store.set("name", own + "".join(look(f"name of {other}") for other in others))
        name = look("name")
        if own in name:
            store.set(f"seen by {rank}", name)
        if rank == 0 and all(look(f"seen by {other}") == name for other in others):
            store.set("agreed", name)
        if own in name and look("agreed") == name:
            return name
        time.sleep(0.02)


class ProcessLostError(TrainingError):
    """Another process of the training has ended."""


def _lost(said: str | Message) -> ProcessLostError:
    return ProcessLostError(
        "another process of this training has ended ({reason}): run the same training again to "
        "resume from the last checkpoint",
        reason=said.partition("\n")[0] if isinstance(said, str) else said,
    )


def started_together() -> bool:
    """Whether torchrun or `Workers` has started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


class Workers:
    """The other processes of a training on this machine, which end when the first one does.

    Each is `python -m module`, told by a line on its stdin what to do; the end of stdin is the
    first one's. They find modules where this process does.
    """

    def __init__(self, module: str, task: str, size: int, threads: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        common = {
            "WORLD_SIZE": str(size),
            "LOCAL_WORLD_SIZE": str(size),
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }
        self.environment = {**common, "RANK": "0"}
        """What the first process joins the others with."""
        for_all = {
            **os.environ,
            **common,
            "OMP_NUM_THREADS": str(threads),
            "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
            _STARTED: "",
        }
        self._said = [tempfile.TemporaryFile() for _ in range(1, size)]  # noqa: SIM115
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            with holding_signals():
                for rank, said in enumerate(self._said, start=1):
                    process = subprocess.Popen(
                        [sys.executable, "-P", "-m", module],
                        env={**for_all, "RANK": str(rank), "LOCAL_RANK": str(rank)},
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=said,
                    )
                    self._processes.append(process)
            for process in self._processes:
                assert process.stdin is not None
                with contextlib.suppress(BrokenPipeError):  # it has ended, which `wait` will find
                    process.stdin.write(f"{task}\n".encode())
                    process.stdin.flush()
        except BaseException:
            self.close()
            raise

    def wait(self) -> None:
        """Wait until all are about to join; joining itself would wait for hours.

        Raises:
            ProcessLostError: when one has ended before.
        """
        for process in self._processes:
            assert process.stdout is not None
            if not process.stdout.read(1):
                raise _lost(Message("before the first update"))

    def last_lines(self) -> tuple[Message, ...]:
        """The last line that each other process wrote, once the first one has lost them."""
        found: list[Message] = []
        for rank, (process, said) in enumerate(zip(self._processes, self._said, strict=True), 1):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().split("\n")
            if lines[-1]:
                found.append(Message("process {rank}: {line}", {"rank": rank, "line": lines[-1]}))
        return tuple(found)

    def close(self) -> None:
        """End those that are not done."""
        for process in self._processes:
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for said in self._said:
            said.close()


def task_of_worker() -> str:
    """In a process that `Workers` has started: its task. From then on it ends with the first one.

    Whatever ends the first process, `kill -9` too, ends the pipe that it holds.
    """
    ignore_signals()
    task = sys.stdin.readline()
    threading.Thread(target=_end_with_input, daemon=True).start()
    return task


def announce_ready() -> None:
    """In a process that `Workers` has started: say that it is about to join the others."""
    if _STARTED in os.environ:
        os.write(1, b".")


def _end_with_input() -> None:
    os.read(0, 1)
    os._exit(1)
