"""What the routes share: the models, the limits, the threads that compute, the counters."""

import asyncio
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from glassformer.errors import ServerError, UsageError
from glassformer.library import Glassformer
from glassformer.messages import Setting
from glassformer.server.limits import Limits
from glassformer.server.metrics import Metrics
from glassformer.server.pages import Pages
from glassformer.server.problems import RefusedError
from glassformer.server.reading import Given
from glassformer.server.worker import AbandonedError, BusyError, Check, Job, Worker

_STOP_SECONDS = 10.0
"""How long a computation may go on when the server has stopped."""


class Service:
    """Models by the names that requests give them; the first one is meant where none is named.

    There are two threads, so that a trace of a long sentence holds up no translation: one for what
    is computed in batches, and one that traces.
    """

    def __init__(self, models: Mapping[str, Glassformer], limits: Limits) -> None:
        self.models = dict(models)
        self.names = {model.name: name for name, model in models.items()}
        """What models are called here, by the folder or name that they were loaded by."""
        self.limits = limits
        self.metrics = Metrics()
        most, texts = limits.max_concurrency, limits.texts
        observe = self.metrics.batches.observe
        self.batches = Worker("batches", most_waiting=most, most_items=texts, observe=observe)
        self.traces = Worker("traces", most_waiting=most, most_items=1)
        self.pages = Pages(limits.page_bytes)

    def start(self) -> None:
        """Begin to compute."""
        self.batches.start()
        self.traces.start()

    async def stop(self) -> None:
        """Give up what waits; what is being computed may end within a few seconds."""
        for worker in (self.batches, self.traces):
            await asyncio.to_thread(worker.stop, _STOP_SECONDS)

    def named(self, name: str | None) -> tuple[str, Glassformer]:
        """A model with its name.

        Raises:
            RefusedError: when none of that name is served.
        """
        if name is None:
            name = next(iter(self.models))
        if name not in self.models:
            raise RefusedError(
                404,
                UsageError(
                    "there is no model {given!r} on this server; there are {known} "
                    "({setting:name})",
                    given=name,
                    known=tuple(self.models),
                    setting=Setting("model"),
                ),
            )
        return name, self.models[name]

    async def batched(
        self,
        given: Given,
        items: Sequence[Any],
        compute: Callable[[Sequence[Any], Check], Sequence[Any]],
        finish: Callable[[Sequence[Any]], bytes],
        *,
        key: Hashable | None,
    ) -> bytes:
        """An answer computed together with others of an equal key.

        Raises:
            RefusedError: when too many wait, or it is not there in time.
            GlassformerError: what the computation raises.
        """
        job = Job(key=key, items=items, compute=compute, finish=finish, deadline=given.deadline)
        return bytes(await self._result(self.batches, job))

    async def traced(self, given: Given, compute: Callable[[], Any]) -> Any:
        """What is computed alone, in the thread of the traces.

        Raises:
            RefusedError, GlassformerError: as `batched`.
        """
        job = Job(
            key=None,
            items=(None,),
            compute=lambda items, check: [compute()],
            finish=lambda results: results[0],
            deadline=given.deadline,
        )
        return await self._result(self.traces, job)

    async def _result(self, worker: Worker, job: Job) -> Any:
        try:
            worker.submit(job)
        except BusyError:
            raise self.busy() from None
        try:
            async with asyncio.timeout(max(0.0, job.deadline - time.monotonic())):
                return await asyncio.wrap_future(job.future)
        except (TimeoutError, AbandonedError, asyncio.CancelledError) as error:
            job.abandon()
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise  # whoever asked has gone; otherwise the thread that computes has stopped
            if not job.started:
                raise self.busy() from None
            raise RefusedError(
                504,
                ServerError(
                    "the answer was not there within {seconds} seconds: give less text, or a "
                    "smaller beam",
                    seconds=self.limits.time_limit,
                ),
            ) from None

    def busy(self) -> RefusedError:
        """That too many ask at the same time."""
        return RefusedError(
            503,
            ServerError("this server is busy: try again in a moment"),
            {"Retry-After": "1"},
        )
