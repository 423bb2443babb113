"""The JSON schemas of docs/formats.md, as published and closed as our own output keeps them."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

FORMATS = Path(__file__).parents[1] / "docs" / "formats.md"


def schema(title: str) -> dict[str, Any]:
    """The schema of that title, as it is published."""
    text = FORMATS.read_text(encoding="utf-8")
    (found,) = re.findall(rf"<!-- schema: {title} -->\n```json\n(.*?)```", text, flags=re.DOTALL)
    published: dict[str, Any] = json.loads(found)
    return published


def check(data: Any, title: str) -> None:
    """Our own output keeps to the schema and has no key that is not in it."""
    jsonschema.validate(data, _closed(schema(title)), jsonschema.Draft202012Validator)
    assert data["schema"] == title


def _closed(part: Any) -> Any:
    """The same schema, in which every object with named properties has no others."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(value) for key, value in part.items()}
    if isinstance(part.get("properties"), dict) and part.get("type") is not None:
        closed.setdefault("additionalProperties", False)
    return closed
