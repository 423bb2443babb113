"""Ctrl-C and SIGTERM as requests: the update at hand is finished and saved before the end."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any, Self


class Terminated(SystemExit):
    """SIGTERM asked for an end, as Slurm and containers do. The same training goes on later.

    Where nobody catches it the program ends with exit code 143, as by the signal itself.
    """

    exit_code = 128 + signal.SIGTERM

    def __init__(self) -> None:
        super().__init__(self.exit_code)


@contextlib.contextmanager
def raising_on_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `Terminated`, as Ctrl-C raises KeyboardInterrupt, so that all is closed.

    Who handles or ignores the signal already goes on to do so. Only the main thread gets signals.
    """
    if not _in_main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def end(*_: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextlib.contextmanager
def ignoring_requests() -> Iterator[None]:
    """Ignore both, which processes started meanwhile inherit."""
    before = {}
    if _in_main_thread():
        before = {number: signal.signal(number, signal.SIG_IGN) for number in _REQUESTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Interrupt:
    """Whether Ctrl-C or SIGTERM has asked for an end, while updates are made.

    A second Ctrl-C interrupts at once, but in processes that are not the first it is ignored: the
    first one tells them. SIGTERM may well come twice, from Slurm and from torchrun.
    """

    def __init__(self, rank: int) -> None:
        self.asked = False
        self.terminated = False
        """Whether it was SIGTERM."""
        self._rank = rank
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if _in_main_thread():
            self._before = {number: signal.signal(number, self._hear) for number in _REQUESTS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, _: object) -> None:
        if number == signal.SIGTERM:
            self.terminated = True
        elif self.asked and self._rank == 0:
            raise KeyboardInterrupt
        self.asked = True


_REQUESTS = (signal.SIGINT, signal.SIGTERM)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
