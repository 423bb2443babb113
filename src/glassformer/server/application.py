"""The application: who may ask, what every answer carries, and the routes.

Other programs' protocols stand beside `/api` as files of `routes/` of their own, each with its list
of routes and its own way to tell errors.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glassformer.errors import UsageError
from glassformer.library import Glassformer
from glassformer.server.access import Access
from glassformer.server.endpoint import unexpected
from glassformer.server.limits import Limits
from glassformer.server.problems import RefusedError, problem
from glassformer.server.reading import language_of
from glassformer.server.routes import page, status, texts, traces
from glassformer.server.service import Service

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every answer carries: nothing foreign is loaded by it, and no other page takes it in."""


_GONE = 499
"""Counted as the status of a request whose client went before the answer."""


def application(
    models: Mapping[str, Glassformer],
    *,
    access: Access | None = None,
    limits: Limits | None = None,
) -> "Application":
    """The ASGI application that serves these models, by the names that requests give them.

    The first model is meant where a request names none.
    """
    service = Service(models, limits or Limits())
    routes = [route for part in (status, texts, traces, page) for route in part.routes(service)]
    return Application(service, routes, access or Access())


class Application:
    """An ASGI application; `service` has what its routes share."""

    def __init__(self, service: Service, routes: Sequence[Route], access: Access) -> None:
        self.service = service
        self.routes = routes
        self._paths = {route.endpoint: route.path for route in routes}
        self._access = access
        self._router: ASGIApp = Router(
            routes, redirect_slashes=False, default=_not_found, lifespan=self._lifespan
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: object) -> AsyncIterator[None]:
        self.service.start()
        try:
            yield
        finally:
            await self.service.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens, and count it."""
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        begun, answered = time.monotonic(), 0

        async def guarded(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            try:
                await send(message)
            except Exception:  # of the connection: what its client sent made no sense after all
                answered = _GONE

        request = Request(scope)
        try:
            try:
                self._access.check(request)
            except RefusedError as error:
                answer = problem(
                    error.error,
                    language_of(request),
                    status=error.status,
                    headers=error.headers,
                )
                await answer(scope, receive, guarded)
            else:
                await self._router(scope, receive, guarded)
        except Exception as error:
            failed = unexpected(error, "en")
            if not answered:  # half an answer cannot be taken back; uvicorn cuts the connection
                await failed(scope, receive, guarded)
        finally:
            path = self._paths.get(scope.get("endpoint", _not_found), "other")
            seconds = time.monotonic() - begun
            self.service.metrics.answered(path, answered or _GONE, seconds)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Say where there is something; what else a client opens, such as a web socket, is closed."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
        return
    error = UsageError(
        "there is nothing at this address; {place} lists what can be asked",
        place="/api/openapi.json",
    )
    answer = problem(error, language_of(Request(scope)), status=404)
    await answer(scope, receive, send)
