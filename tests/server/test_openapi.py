"""The document says what there is, and what it says is so."""

import dataclasses
from typing import Any

import jsonschema
import pytest
from models_for_tests import SENTENCE
from server_for_tests import Client

from glassformer.requests.inspection import InspectRequest
from glassformer.server.openapi import document
from glassformer.server.requested import EncodeRequest, ScoreRequest, TranslateRequest

ASKED: dict[str, dict[str, Any]] = {
    "/api/inspect": {"text": SENTENCE, "to": "fr", "head": [1], "layer": 2},
    "/api/encode": {"text": [SENTENCE], "normalize": True},
    "/api/translate": {"text": SENTENCE, "to": "fr", "n_best": 2},
    "/api/score": {"source": SENTENCE, "target": "the dog", "to": "fr"},
    "/api/page": {"text": SENTENCE, "to": "fr"},
    "/api/page/block": {"text": SENTENCE, "to": "fr", "name": "encoder.embedding"},
}
"""Settings to ask with at each address that takes some."""


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that can be used on its own."""
    return {"components": document()["components"], **schema}


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, item in document()["paths"].items() for method in item]


def test_every_address_is_documented_and_every_document_has_its_address(client: Client) -> None:
    routes = {route.path for route in client.application.routes}
    pages = {"/", "/assets/page.js", "/assets/page.css", "/favicon.ico"}
    assert routes - pages == {*document()["paths"]}


def test_it_has_what_openapi_asks_for(client: Client) -> None:
    found = client.get("/api/openapi.json").json()
    assert found["openapi"].startswith("3.1.")
    assert {"title", "version"} <= found["info"].keys()
    ids = []
    for path, item in found["paths"].items():
        assert path.startswith("/")
        assert item.keys() <= {"get", "post"}
        for operation in item.values():
            ids.append(operation["operationId"])
            assert operation["summary"]
            assert "200" in operation["responses"]
            for parameter in operation.get("parameters", ()):
                assert parameter["in"] == "query"
                jsonschema.Draft202012Validator.check_schema(parameter["schema"])
    assert len({*ids}) == len(ids)
    for schema in found["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def references(data: Any) -> list[str]:
    if isinstance(data, dict):
        own = [data["$ref"]] if "$ref" in data else []
        return own + [one for value in data.values() for one in references(value)]
    if isinstance(data, list):
        return [one for value in data for one in references(value)]
    return []


def test_every_reference_leads_somewhere() -> None:
    found = references(document())
    assert found
    for one in found:
        place: Any = document()
        for part in one.removeprefix("#/").split("/"):
            place = place[part]


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_documented_address_answers_as_documented(
    client: Client, path: str, method: str
) -> None:
    operation = document()["paths"][path][method]
    settings = ASKED.get(path, {})
    if method == "post":
        (content,) = operation["requestBody"]["content"].values()
        jsonschema.validate(settings, resolved(content["schema"]))
    else:
        known = {one["name"] for one in operation.get("parameters", ())}
        assert settings.keys() <= known
    ask = client.post if method == "post" else client.get
    response = ask(path, **settings)
    assert response.status_code == 200, response.text
    (kind,) = operation["responses"]["200"]["content"]
    assert response.headers["content-type"].startswith(kind)
    if kind == "application/json":
        schema = operation["responses"]["200"]["content"][kind]["schema"]
        jsonschema.validate(response.json(), resolved(schema))


def test_problems_are_as_documented(client: Client) -> None:
    schema = resolved(document()["components"]["schemas"]["Problem"])
    for response in (client.get("/api/translate"), client.get("/x"), client.ask("PUT", "/health")):
        jsonschema.validate(response.json(), schema)
        assert str(response.status_code) in {*document()["components"]["responses"], "405"}


@pytest.mark.parametrize("kind", [InspectRequest, EncodeRequest, TranslateRequest, ScoreRequest])
def test_every_setting_has_its_description(kind: type[Any]) -> None:
    path = {
        InspectRequest: "/api/inspect",
        EncodeRequest: "/api/encode",
        TranslateRequest: "/api/translate",
        ScoreRequest: "/api/score",
    }[kind]
    body = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    found = body["schema"]["properties"]
    assert {*found} == {one.name for one in dataclasses.fields(kind)} | {"model", "language"}
    for name, schema in found.items():
        assert schema["description"], name
