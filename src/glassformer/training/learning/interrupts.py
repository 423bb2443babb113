"""Ctrl-C and SIGTERM: the current update is finished and saved before the training ends."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any, Self


class Terminated(SystemExit):
    """SIGTERM asked for an end, as Slurm and containers do. The training can be resumed later.

    Where nobody catches it the program ends with exit code 143, as by the signal itself.
    """

    exit_code = 128 + signal.SIGTERM

    def __init__(self) -> None:
        super().__init__(self.exit_code)


@contextlib.contextmanager
def raising_on_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `Terminated`, as Ctrl-C raises KeyboardInterrupt, so that all is closed.

    Whoever handles or ignores the signal already still does. Only the main thread gets signals.
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
def holding_signals() -> Iterator[None]:
    """Let both wait until the end of the block; processes started in it begin by `ignore_signals`.

    Nothing is lost, and no such process gets a signal before it can ignore it.
    """
    held: list[int] = []
    blocking = hasattr(signal, "pthread_sigmask")  # not on Windows; started processes inherit it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS) if blocking else None
    handlers: dict[signal.Signals, Any] = {}
    if _in_main_thread():  # other threads of the process may still get them
        handlers = {
            number: signal.signal(number, lambda number, _: held.append(number))
            for number in _SIGNALS
        }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for received in dict.fromkeys(held):
            signal.raise_signal(received)


def ignore_signals() -> None:
    """In a process that was started while signals were held: only the first process gets them."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


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
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if number == signal.SIGTERM:
            self.terminated = True
        elif self.asked and self._rank == 0:
            raise KeyboardInterrupt
        self.asked = True


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
