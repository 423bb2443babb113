"""Requests that wait at the same time, computed together in a thread.

While the thread computes, requests gather in a queue. It takes the one that has waited longest, and
with it all that may share its batch: those with an equal key. Nobody waits for company, so a lone
request is answered as fast as without batching.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from glassformer.errors import GlassformerError

Check: TypeAlias = Callable[[], None]
"""Called between steps of a computation; raises `AbandonedError` when nobody waits any more."""


class AbandonedError(Exception):
    """Nobody waits for this result any more."""


class BusyError(Exception):
    """Too many requests wait already."""


@dataclass(eq=False, kw_only=True)
class Job:
    """What a request wants computed: one result for each of its items.

    Jobs with equal keys may share a batch; None keeps a job on its own. `compute` is given the
    items of all of them, and `finish` makes the answer of a job from its own results.
    """

    key: Hashable | None
    items: Sequence[Any]
    compute: Callable[[Sequence[Any], Check], Sequence[Any]]
    finish: Callable[[Sequence[Any]], Any]
    deadline: float
    """When nobody will wait any more, by `time.monotonic`."""
    future: "Future[Any]" = field(default_factory=Future)
    started: bool = False
    abandoned: bool = False

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits."""
        return not self.abandoned and time.monotonic() < self.deadline

    def abandon(self) -> None:
        """Nobody waits any more: leave it out, or stop where all of its batch are abandoned."""
        self.abandoned = True
        self.future.cancel()


class Worker:
    """A thread that computes jobs, those that wait together in one batch."""

    def __init__(
        self,
        name: str,
        *,
        most_waiting: int,
        most_items: int,
        observe: Callable[[int], object] = lambda items: None,
    ) -> None:
        self._most_waiting = most_waiting
        self._most_items = most_items
        self._observe = observe
        self._waiting: deque[Job] = deque()
        self._condition = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name=f"glassformer-{name}", daemon=True)

    def start(self) -> None:
        """Begin to compute."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Abandon what waits, and wait so long for what is being computed."""
        with self._condition:
            self._stopping = True
            for job in self._waiting:
                job.abandon()
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join(seconds)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @property
    def is_alive(self) -> bool:
        """Whether it computes what is given to it."""
        return self._thread.is_alive()

    def submit(self, job: Job) -> None:
        """Let a job wait for its turn.

        Raises:
            BusyError: when too many wait already.
        """
        with self._condition:
            if self._stopping or len(self._waiting) >= self._most_waiting:
                raise BusyError
            self._waiting.append(job)
            self._condition.notify()

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._stopping:
                    self._condition.wait()
                if self._stopping:
                    return
                batch = self._next_batch()
            if batch:
                self._run(batch)

    def _next_batch(self) -> list[Job]:
        """The job that has waited longest, and all that may share its batch."""
        first, *others = self._waiting
        batch, left, items = [first], [], len(first.items)
        for job in others:
            shares = first.key is not None and job.key == first.key
            if shares and items + len(job.items) <= self._most_items:
                batch.append(job)
                items += len(job.items)
            else:
                left.append(job)
        self._waiting = deque(left)
        return [job for job in batch if job.wanted and job.future.set_running_or_notify_cancel()]

    def _run(self, batch: list[Job]) -> None:
        for job in batch:
            job.started = True
        self._observe(sum(len(job.items) for job in batch))

        def check() -> None:
            if not any(job.wanted for job in batch):
                raise AbandonedError

        try:
            items = [item for job in batch for item in job.items]
            results = iter(batch[0].compute(items, check))
        except AbandonedError as error:
            self._fail(batch, error)
        except Exception as error:
            self._one_by_one(batch, error)
        else:
            for job in batch:
                own = [next(results) for _ in job.items]
                try:
                    job.future.set_result(job.finish(own))
                except Exception as error:
                    self._fail([job], error)

    def _one_by_one(self, batch: list[Job], error: Exception) -> None:
        """What failed together is computed alone, so that each gets its own answer or error."""
        if len(batch) > 1:
            for job in batch:
                self._run([job])
            return
        self._fail(batch, error)

    def _fail(self, batch: list[Job], error: Exception) -> None:
        if isinstance(error, GlassformerError):
            error = error.with_traceback(None)  # whose frames hold tensors
        for job in batch:
            job.future.set_exception(error)
