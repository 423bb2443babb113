"""uvicorn, and how it ends; connections that are too slow are cut."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from glassformer.server.application import Application
from glassformer.training.learning.interrupts import raising_on_sigterm

HEAD_BYTES = 1 << 17
"""Size of the head of a request, whose query string may hold a long text, percent-encoded."""

HEADERS_SECONDS = 15.0
"""How long the head of a request may take to arrive, from the connection or the answer before."""

READING_SECONDS = 30.0
"""How long a client may take nothing of its answer."""

MOST_CONNECTIONS = 2048
"""Connections at the same time, most of which wait for the next request of their clients."""

STOP_SECONDS = 30
"""How long requests are still answered after Ctrl-C or SIGTERM."""


def run(
    application: Application,
    listening: socket.socket,
    address: str,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is told the address when requests are answered."""
    with _quiet(), _open_files(2 * MOST_CONNECTIONS), raising_on_sigterm():
        server_of(application, address, ready).run(sockets=[listening])


def server_of(
    application: Application, address: str, ready: Callable[[str], object] | None = None
) -> "Server":
    """uvicorn with the limits that connections have."""
    config = uvicorn.Config(
        application,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return Server(config, address, ready)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave out what uvicorn and asyncio log of clients that misbehave; faults are logged by us."""
    before = {name: logging.getLogger(name).level for name in ("uvicorn.error", "asyncio")}
    for name in before:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def _open_files(wanted: int) -> Iterator[None]:
    """Let this process have so many open files, each connection being one, where it may."""
    try:
        import resource
    except ImportError:  # on Windows, which has no such limit
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # some systems have further limits
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Server(uvicorn.Server):
    """uvicorn's server, which says when it answers."""

    def __init__(
        self, config: uvicorn.Config, address: str, ready: Callable[[str], object] | None
    ) -> None:
        super().__init__(config)
        self._address = address
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready(self._address)


class PatientProtocol(H11Protocol):
    """A connection that waits for its client, but not for ever."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._head_is_due: asyncio.TimerHandle | None = None
        self._reading_is_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the head of a request; of too many connections the newest is cut."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and see whether it completes the head of a request."""
        super().data_received(data)
        self._expect_head()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        for timer in (self._head_is_due, self._reading_is_due):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take what is sent: wait for a while."""
        super().pause_writing()
        self._reading_is_due = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does."""
        if self._reading_is_due is not None:
            self._reading_is_due.cancel()
        super().resume_writing()

    def _expect_head(self) -> None:
        """Let the time run while no request is being answered, however much arrives meanwhile."""
        waits = self.cycle is None or self.cycle.response_complete
        if not waits and self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None
        elif waits and self._head_is_due is None and not self.transport.is_closing():
            self._head_is_due = self.loop.call_later(HEADERS_SECONDS, self.transport.abort)
