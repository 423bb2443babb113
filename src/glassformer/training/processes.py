"""One training by several processes: each computes its share of every update, all stay equal.

Started by torchrun, or by `train` itself on one machine (`training.workers`). The flat gradient is
summed in the order of the parameters, whatever order the backward pass went in.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Self

import torch
import torch.distributed as dist
from torch import Tensor

from glassformer.errors import TrainingError

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
    """One process among several that were started with RANK, WORLD_SIZE and an address."""

    def __init__(self, device: torch.device) -> None:
        backend = "nccl" if device.type == "cuda" else "gloo"
        self.rank, self.size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        dist.init_process_group(
            backend,
            store=_store(self.rank, self.size),
            rank=self.rank,
            world_size=self.size,
            timeout=_PATIENCE,
        )
        self._device = device

    def sum(self, tensor: Tensor) -> None:
        """Sum a tensor over all processes, in place.

        Raises:
            TrainingError: when another process has gone.
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


def _store(rank: int, size: int) -> Any:
    """Where processes find each other; the first one keeps it, or torchrun does.

    torchrun keeps one over all its restarts, and what processes have left there that are dead by
    now would lead others to them. So the living agree on a name that is new.
    """
    of_torchrun = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    store = dist.TCPStore(  # type: ignore[attr-defined]
        os.environ["MASTER_ADDR"],
        int(os.environ["MASTER_PORT"]),
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
    """Another process of the training has gone."""


def _lost(said: str) -> ProcessLostError:
    reason = said.partition("\n")[0]
    return ProcessLostError(
        f"another process of this training has gone ({reason}); run the same command to go on "
        "from the last checkpoint"
    )


def started_together() -> bool:
    """Whether torchrun (or `Workers`) started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


class Workers:
    """The other processes of a training on this machine, which end when the first one does."""

    def __init__(self, arguments: Sequence[str], size: int, threads: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        common = {
            "WORLD_SIZE": str(size),
            "LOCAL_WORLD_SIZE": str(size),
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
            "OMP_NUM_THREADS": str(threads),
        }
        os.environ.update(common, RANK="0", LOCAL_RANK="0")
        self._said = [tempfile.TemporaryFile() for _ in range(1, size)]  # noqa: SIM115
        try:
            with _deaf_to_ctrl_c():  # the first process tells the others
                self._processes = [
                    subprocess.Popen(
                        [sys.executable, "-m", "glassformer", *arguments],
                        env={
                            **os.environ,
                            _STARTED: "",
                            "RANK": f"{rank}",
                            "LOCAL_RANK": f"{rank}",
                        },
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=said,
                    )
                    for rank, said in enumerate(self._said, start=1)
                ]
        except KeyboardInterrupt:
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
                raise _lost("one has ended before it began")

    def last_words(self) -> str:
        """What the other processes said last, when the first one has lost them."""
        found = []
        for rank, (process, said) in enumerate(zip(self._processes, self._said, strict=True), 1):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().split("\n")
            found += [f"process {rank}: {lines[-1]}"] if lines[-1] else []
        return "; ".join(found)

    def close(self) -> None:
        """End those that are not done."""
        for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE"):
            os.environ.pop(name, None)
        for process in self._processes:
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for said in self._said:
            said.close()


def report_for_work() -> None:
    """In a process that `Workers` has started: say that it is there; end when the first one does.

    Whatever ends the first process, `kill -9` too, ends the pipe that it holds.
    """
    if _STARTED in os.environ:
        threading.Thread(target=_end_with_input, daemon=True).start()
        os.write(1, b".")


def _end_with_input() -> None:
    os.read(0, 1)
    os._exit(1)


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started herein never hears Ctrl-C; who starts it hears it afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    blocked = None
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


class Interrupt:
    """Ctrl-C as a request, so that the update at hand can be finished and saved.

    The second Ctrl-C interrupts at once. In processes that are not the first it is ignored: the
    first one tells them.
    """

    def __init__(self, rank: int) -> None:
        self.asked = False
        self._rank = rank
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # others get no signals
            self._before = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, *_: object) -> None:
        if self.asked and self._rank == 0:
            raise KeyboardInterrupt
        self.asked = True
