"""The page, its script and style, and its data: `/`, `/assets`, `/api/page`, `/api/page/block`."""

import asyncio
from collections.abc import Callable, Hashable

from starlette.responses import Response
from starlette.routing import Route

from glassformer.drawing.html import shell as document
from glassformer.drawing.html.bundle import script as bundled
from glassformer.drawing.html.bundle import style as styled
from glassformer.errors import Setting, UsageError
from glassformer.library.pages import page_data
from glassformer.requests.inspection import InspectRequest
from glassformer.requests.reading import read_request
from glassformer.server.endpoint import Endpoint
from glassformer.server.pages import Data, Kept
from glassformer.server.problems import RefusedError, as_json, encoded
from glassformer.server.reading import Given, check_beam
from glassformer.server.service import Service


def routes(service: Service) -> list[Route]:
    """The routes of this file."""
    return [
        Route("/", Endpoint(service, shell, methods=("GET",), limited=False)),
        Route("/assets/page.js", Endpoint(service, script, methods=("GET",), limited=False)),
        Route("/assets/page.css", Endpoint(service, style, methods=("GET",), limited=False)),
        Route("/favicon.ico", Endpoint(service, icon, methods=("GET",), limited=False)),
        Route("/api/page", Endpoint(service, manifest)),
        Route("/api/page/block", Endpoint(service, block, methods=("GET",))),
    ]


async def shell(service: Service, given: Given) -> Response:
    """The document that the page's script fills; what is asked for stays in its address."""
    return _asset(document(language=given.language), "text/html")


async def script(service: Service, given: Given) -> Response:
    """The page's script."""
    return _asset(bundled(), "text/javascript")


async def style(service: Service, given: Given) -> Response:
    """The page's style."""
    return _asset(styled(), "text/css")


async def icon(service: Service, given: Given) -> Response:
    """No picture, which browsers ask for all the same and would complain of."""
    return Response(status_code=204, headers={"Cache-Control": "max-age=86400"})


def _asset(content: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})


async def manifest(service: Service, given: Given) -> Response:
    """What is said of all numbers of a page."""
    request = given.read(InspectRequest)
    name, kept, _ = await _kept(service, given, request)
    data = kept.data.manifest
    passes = [{**one, "model": service.names.get(one["model"], name)} for one in data["passes"]]
    of_server = {"home": "serve", "models": [*service.models], "model": name, "passes": passes}
    return as_json(await asyncio.to_thread(encoded, {**data, **of_server}))


async def block(service: Service, given: Given) -> Response:
    """The numbers of a block, deflated as in a file."""
    asked = given.settings.get("name")
    (asked,) = asked if isinstance(asked, list) and len(asked) == 1 else (asked,)
    if not isinstance(asked, str):
        raise UsageError("{setting:name} is needed", setting=Setting("name"))
    others = {key: value for key, value in given.settings.items() if key != "name"}
    request = read_request(InspectRequest, others)
    _, kept, key = await _kept(service, given, request)
    make = _made(kept.data, asked)
    content = await service.pages.block(key, kept, asked, lambda: service.traced(given, make))
    return Response(
        content, media_type="application/octet-stream", headers={"Cache-Control": "no-store"}
    )


def _made(data: Data, name: str) -> Callable[[], bytes]:
    def make() -> bytes:
        try:
            return data.block(name)
        except KeyError:
            raise RefusedError(
                404,
                UsageError(
                    "there is no block {name!r} of this page: its manifest names those that there "
                    "are",
                    name=name,
                ),
            ) from None

    return make


async def _kept(
    service: Service, given: Given, request: InspectRequest
) -> tuple[str, Kept, Hashable]:
    """Page data of a request, with the name of its model and the key under which it is kept."""
    check_beam(service.limits, beam_size=request.beam_size)
    name, model = service.named(given.model)
    key = (name, request)
    kept = await service.pages.page(
        key, lambda: service.traced(given, lambda: page_data(request, model))
    )
    return name, kept, key
