"""`/health`, `/metrics`, `/api/models`, `/api/openapi.json`: what this server is and does."""

from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from glassformer.errors import ServerError
from glassformer.library import Glassformer
from glassformer.library.description import described
from glassformer.server.endpoint import Endpoint
from glassformer.server.openapi import document
from glassformer.server.problems import RefusedError, json_response
from glassformer.server.reading import Given
from glassformer.server.service import Service


def routes(service: Service) -> list[Route]:
    """The routes of this file, which are answered however many others are."""
    return [
        Route(path, Endpoint(service, answer, methods=("GET",), limited=False))
        for path, answer in (
            ("/health", health),
            ("/metrics", metrics),
            ("/api/models", models),
            ("/api/openapi.json", openapi),
        )
    ]


async def health(service: Service, given: Given) -> Response:
    """Whether requests are answered.

    Raises:
        RefusedError: when a thread that computes is gone.
    """
    if not (service.batches.is_alive and service.traces.is_alive):
        raise RefusedError(503, ServerError("this server computes nothing any more: restart it"))
    return json_response({"status": "ok"})


async def metrics(service: Service, given: Given) -> Response:
    """Counters for Prometheus."""
    gauges = {
        "glassformer_requests_in_flight": (
            "Requests to the API that are being answered.",
            service.metrics.in_flight,
        ),
        "glassformer_batches_waiting": (
            "Requests that wait for a batch.",
            service.batches.waiting,
        ),
        "glassformer_traces_waiting": ("Requests that wait for a trace.", service.traces.waiting),
        "glassformer_page_bytes": ("Bytes of page data that are kept.", service.pages.size),
    }
    return PlainTextResponse(
        service.metrics.text(gauges),
        media_type="text/plain; version=0.0.4",
        headers={"Cache-Control": "no-store"},
    )


async def models(service: Service, given: Given) -> Response:
    """The models that requests can name; the first is meant where they name none."""
    return json_response({"models": [_about(*one) for one in service.models.items()]})


def _about(name: str, model: Glassformer) -> dict[str, Any]:
    config = model.config
    return {
        "name": name,
        "about": described(model.model),
        "targets": [tag for tag, _ in config.tags],
        "translates": config.decoder is not None,
        "max_tokens": config.encoder.max_positions,
        "config": config.to_dict(),
    }


async def openapi(service: Service, given: Given) -> Response:
    """What can be asked, as an OpenAPI document."""
    return json_response(document())
