"""What can be asked, as an OpenAPI document, made from the frozen requests themselves.

A setting's type, default and description are those of its field; its description is the text below
the field in the source.
"""

import ast
import dataclasses
import functools
import inspect
import textwrap
import types
import typing
from typing import Any, Literal

from glassformer.catalogue import LANGUAGES
from glassformer.requests.inspection import InspectRequest
from glassformer.server.requested import EncodeRequest, ScoreRequest, TranslateRequest
from glassformer.version import __version__

_PRIMITIVE = {str: "string", int: "integer", float: "number", bool: "boolean"}

_NUMBERS = {"type": "array", "items": {"type": ["number", "null"]}}
_STRINGS = {"type": "array", "items": {"type": "string"}}
_NOTES = {"type": "array", "items": {"$ref": "#/components/schemas/Note"}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties]}


_TRANSLATION = {
    "text": {"type": "string"},
    "score": {"type": "number"},
    "penalized_score": {"type": "number"},
    "tokens": _STRINGS,
    "token_scores": _NUMBERS,
}

SCHEMAS: dict[str, Any] = {
    "Note": _object(id={"type": "string"}, fields={"type": "object"}, text={"type": "string"}),
    "Problem": _object(
        error=_object(
            message={"type": "string", "description": "In the language of the request."},
            id={"type": "string", "description": "In English, its fields open."},
            fields={"type": "object"},
            setting={"type": ["string", "null"], "description": "The setting that is wrong."},
        )
    ),
    "Encoding": _object(
        text={"type": "string"},
        pair={"type": ["string", "null"]},
        tokens=_STRINGS,
        words=_STRINGS,
        word_of_token={"type": "array", "items": {"type": ["integer", "null"]}},
        shape={"type": "array", "items": {"type": "integer"}},
        vectors={"type": "array", "description": "tokens × d_model, or d_model where pooled"},
        notes=_NOTES,
    ),
    "Translation": _object(
        **_TRANSLATION,
        notes=_NOTES,
        alternatives={"type": "array", "items": _object(**_TRANSLATION)},
    ),
    "Score": _object(
        score={"type": ["number", "null"], "description": "null is −∞"},
        score_per_token={"type": ["number", "null"]},
        perplexity={"type": ["number", "null"]},
        tokens=_STRINGS,
        token_scores=_NUMBERS,
        notes=_NOTES,
    ),
    "Model": _object(
        name={"type": "string"},
        about={"type": "string"},
        targets=_STRINGS,
        translates={"type": "boolean"},
        max_tokens={"type": "integer"},
        config={"type": "object"},
    ),
}


def _results(key: str, of: str) -> dict[str, Any]:
    return _object(
        model={"type": "string"},
        engine={"type": "string"},
        edits={"type": "array"},
        **{key: {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}},
    )


_BLOCK = {
    "name": "name",
    "in": "query",
    "required": True,
    "schema": {"type": "string"},
    "description": "The block, by its name in the manifest.",
}

_ASKED: dict[str, tuple[type, dict[str, Any]]] = {
    "/api/inspect": (InspectRequest, {"type": "object"}),
    "/api/encode": (EncodeRequest, _results("encodings", "Encoding")),
    "/api/translate": (TranslateRequest, _results("translations", "Translation")),
    "/api/score": (ScoreRequest, _results("scores", "Score")),
    "/api/page": (InspectRequest, {"type": "object"}),
}
"""What can be asked with settings, and the JSON that answers it."""

_TOLD: dict[str, tuple[str, str, dict[str, Any]]] = {
    "/api/models": (
        "The models that requests can name",
        "application/json",
        _object(models={"type": "array", "items": {"$ref": "#/components/schemas/Model"}}),
    ),
    "/api/openapi.json": ("This document", "application/json", {"type": "object"}),
    "/health": (
        "Whether requests are answered",
        "application/json",
        _object(status={"const": "ok"}),
    ),
    "/metrics": ("Counters for Prometheus", "text/plain", {"type": "string"}),
}
"""What can be asked without settings: what it is, and the type and schema of its answer."""

_ABOUT = {
    "/api/page": "The manifest of the page about a text, as docs/page.md describes it.",
    "/api/inspect": "The report of a text, or the one picture or number of it that is asked for.",
}

_STATUS = {
    "400": "A setting that makes no sense",
    "401": "The token is missing or wrong",
    "403": "Asked by a page of another origin",
    "404": "No such model",
    "408": "The request came too slowly",
    "413": "More than the limits of the server",
    "415": "A body that is not JSON",
    "421": "A host that the server does not answer for",
    "422": "A text that cannot be read, or a step that there is not",
    "503": "Too many requests at the same time: try again after Retry-After",
    "504": "The answer was not there in time",
}


@functools.cache
def document() -> dict[str, Any]:
    """The whole document."""
    paths = {path: _asked(path, kind, schema) for path, (kind, schema) in _ASKED.items()}
    paths["/api/page/block"] = _block()
    paths |= {path: _told(path, *told) for path, told in _TOLD.items()}
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Glassformer",
            "version": __version__,
            "description": "The Transformer with glass walls: every number on the way can be seen.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {
                status: {"description": about, "content": problem}
                for status, about in _STATUS.items()
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{}, {"bearer": []}, {"basic": []}],
    }


def _asked(path: str, kind: type, schema: dict[str, Any]) -> dict[str, Any]:
    """The address that answers a request, by its query string or by JSON."""
    settings = properties_of(kind)
    required = [one.name for one in dataclasses.fields(kind) if _is_required(one)]
    about = _ABOUT.get(path) or inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    common = {
        "summary": about,
        "responses": _responses("application/json", schema),
    }
    name = path.rpartition("/")[2]
    body = {"type": "object", "properties": settings, "required": required}
    return {
        "get": {
            "operationId": f"{name}_by_query",
            **common,
            "parameters": _parameters(settings, required),
        },
        "post": {
            "operationId": name,
            **common,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": body | {"additionalProperties": False}}},
            },
        },
    }


def _block() -> dict[str, Any]:
    settings = properties_of(InspectRequest)
    return {
        "get": {
            "operationId": "block",
            "summary": "A block of numbers of that page, deflated, as docs/page.md describes it.",
            "parameters": [*_parameters(settings, []), _BLOCK],
            "responses": _responses("application/octet-stream", {"type": "string"}),
        }
    }


def _told(path: str, about: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    name = path.rpartition("/")[2].removesuffix(".json")
    return {"get": {"operationId": name, "summary": about, "responses": _responses(kind, schema)}}


def _responses(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    problems = {status: {"$ref": f"#/components/responses/{status}"} for status in _STATUS}
    return {"200": {"description": "The answer", "content": {kind: {"schema": schema}}}, **problems}


def _parameters(settings: dict[str, Any], required: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema.get("description", ""),
            "schema": _one_kind(schema),
        }
        for name, schema in settings.items()
    ]


def _one_kind(schema: dict[str, Any]) -> dict[str, Any]:
    """In a query string a setting that takes several values is a list, be it of one."""
    kept = {key: value for key, value in schema.items() if key not in ("description", "anyOf")}
    return kept | (schema["anyOf"][1] if "anyOf" in schema else {})


def properties_of(kind: type) -> dict[str, Any]:
    """A schema for each setting of a request, and for those that every request has."""
    hints = typing.get_type_hints(kind)
    said = descriptions_of(kind)
    found = {}
    for one in dataclasses.fields(kind):
        schema = schema_of(hints[one.name])
        if one.default not in (dataclasses.MISSING, None, ()):
            schema["default"] = one.default
        if one.name in said:
            schema["description"] = said[one.name]
        found[one.name] = schema
    return found | {
        "model": {
            "type": "string",
            "description": "One of the models served, by its name; the first where none is named.",
        },
        "language": {
            "enum": [*LANGUAGES],
            "description": "Language of error messages; otherwise that of Accept-Language.",
        },
    }


def schema_of(hint: Any) -> dict[str, Any]:
    """The JSON schema of a type; what takes several values takes one as well."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (one for one in arguments if one is not types.NoneType)
        return schema_of(inner)
    if origin is tuple:
        one = schema_of(arguments[0])
        return {"anyOf": [one, {"type": "array", "items": one}]}
    if origin is Literal:
        return {"enum": [*arguments]}
    return {"type": _PRIMITIVE[hint]}


def _is_required(one: "dataclasses.Field[Any]") -> bool:
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


@functools.cache
def descriptions_of(kind: type) -> dict[str, str]:
    """The text below each field of a dataclass in its source; nothing where there is no source."""
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):
        return {}
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                found[name] = " ".join(said.split("\n\n")[0].split())
    return found
