"""`/api/inspect`: the report of a text, or the one picture or number of it that is asked for."""

from starlette.responses import Response
from starlette.routing import Route

from glassformer.errors import Setting, UsageError
from glassformer.inspection.report import Report
from glassformer.library import Glassformer
from glassformer.library.comparing import compare
from glassformer.requests.inspection import InspectRequest
from glassformer.server.endpoint import Endpoint
from glassformer.server.problems import RefusedError, as_json, encoded
from glassformer.server.reading import Given, check_beam
from glassformer.server.service import Service


def routes(service: Service) -> list[Route]:
    """The routes of this file."""
    return [Route("/api/inspect", Endpoint(service, inspect))]


async def inspect(service: Service, given: Given) -> Response:
    """What `glassformer inspect --format json` prints; the model by the name that it has here."""
    request = given.read(InspectRequest)
    check_beam(service.limits, beam_size=request.beam_size)
    name, model = service.named(given.model)
    other = model
    if request.compare_model is not None:
        _, other = service.named(request.compare_model)

    def computed() -> bytes:
        data = answer(request, model, other).to_json()
        if "model" in data:
            data["model"] = name
        if "models" in data:
            data["models"] = [service.names.get(one, one) for one in data["models"]]
        content = encoded(data)
        if len(content) > service.limits.report_bytes:
            raise RefusedError(
                413,
                UsageError(
                    "the answer would have {size} bytes, and {most} are the most: give less text, "
                    "or select some of it with {settings:name}",
                    size=len(content),
                    most=service.limits.report_bytes,
                    settings=tuple(map(Setting, ("head", "word", "min_weight"))),
                ),
            )
        return content

    return as_json(await service.traced(given, computed))


def answer(request: InspectRequest, model: Glassformer, other: Glassformer) -> Report:
    """The report of a request; `other` stands on the right where models are compared."""
    if request.compares:
        return compare(request, model, other)
    return model.answer(request)
