"""One address: settings in, an answer or an error as JSON out."""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from glassformer.catalogue import Language
from glassformer.errors import GlassformerError, ServerError, UsageError
from glassformer.server.problems import RefusedError, problem
from glassformer.server.reading import Given, language_of, read
from glassformer.server.service import Service

Answer: TypeAlias = Callable[[Service, Given], Awaitable[Response]]
"""What an address does: an answer for settings."""

_FRAMES = 8
"""How far back a fault is followed in the log."""

_logger = logging.getLogger("glassformer.server")


class Endpoint:
    """An ASGI application for one address, which answers these methods, and HEAD as GET."""

    def __init__(
        self,
        service: Service,
        answer: Answer,
        *,
        methods: tuple[str, ...] = ("GET", "POST"),
        limited: bool = True,
    ) -> None:
        self._service = service
        self._answer = answer
        self._methods = methods
        self._limited = limited

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; nobody is answered who has gone meanwhile."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        except RefusedError as error:
            response = problem(
                error.error,
                language_of(request),
                status=error.status,
                headers=error.headers,
                names=self._service.names,
            )
        except GlassformerError as error:
            response = problem(error, language_of(request), names=self._service.names)
        except Exception as error:
            response = unexpected(error, language_of(request))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        if method not in self._methods:
            raise RefusedError(
                405,
                UsageError(
                    "this address answers {methods}, but not {given}",
                    methods=self._methods,
                    given=request.method,
                ),
                {"Allow": ", ".join(self._methods)},
            )
        if not self._limited:
            return await self._answer(self._service, await read(request, self._service.limits))
        metrics = self._service.metrics
        if metrics.in_flight >= self._service.limits.max_concurrency:
            raise self._service.busy()
        metrics.in_flight += 1
        try:
            given = await read(request, self._service.limits)
            return await self._while_connected(request, given)
        finally:
            metrics.in_flight -= 1

    async def _while_connected(self, request: Request, given: Given) -> Response:
        """The answer, given up when whoever asked has gone.

        Raises:
            ClientDisconnect: when so.
        """
        answer = asyncio.ensure_future(self._answer(self._service, given))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            raise ClientDisconnect
        finally:
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Wait until whoever asked has gone; the body has been read by then."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def unexpected(error: Exception, language: Language) -> Response:
    """A fault of ours: where it is goes to the log under a number, what was asked does not."""
    number = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " ← ".join(f"{one.filename}:{one.lineno} {one.name}" for one in reversed(frames))
    _logger.error("fault %s: %s at %s", number, type(error).__name__, places)
    return problem(
        ServerError(
            "this server failed to answer; its log says where, under {number}", number=number
        ),
        language,
        status=500,
    )
