"""JSON as it is written, errors without paths, and the language that a browser likes."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import (
    GlassformerError,
    InputError,
    ModelFilesError,
    OutputError,
    Setting,
    TraceError,
    UsageError,
)
from glassformer.messages import OneOf
from glassformer.server.problems import encoded, in_query, language_accepted, problem, status_of

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def without_infinity(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {key: without_infinity(value) for key, value in data.items()}
    return list(map(without_infinity, data)) if isinstance(data, list) else data


@given(PLAIN, st.integers(1, 200))
def test_data_is_written_bit_by_bit_as_json_would_be_at_once(data: Any, times: int) -> None:
    for one in (data, [data] * times, {"a": [[data] * times], "b": {"c": data}}):
        expected = json.dumps(without_infinity(one), ensure_ascii=False)
        assert encoded(one) == expected.encode(errors="backslashreplace")


def test_a_lone_surrogate_is_written_as_json_writes_it() -> None:
    assert json.loads(encoded({"a": "\ud800狗"})) == {"a": "\ud800狗"}


def test_an_error_says_nothing_of_where_files_lie() -> None:
    inner = ModelFilesError("{folder} is gone", folder=Path("/home/eve/models/lesson"))
    error = inner.at("/home/eve/models/lesson")
    told = problem(error, "en", names={"/home/eve/models/lesson": "mine"})
    assert b"eve" not in told.body
    assert json.loads(bytes(told.body))["error"]["message"] == "mine: lesson is gone"
    assert told.status_code == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("a"), 400),
        (InputError("a"), 422),
        (TraceError("a"), 422),
        (ModelFilesError("a"), 404),
        (OutputError("a"), 500),
    ],
)
def test_every_kind_of_error_has_its_status(error: GlassformerError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (Setting("layer"), "layer="),
        (Setting("layer", 4), "layer=4"),
        (Setting("special", True), "special=true"),
        (Setting("at", (1, 7, 2)), "at=1,7,2"),
        (Setting("heads", OneOf(("mean", "all"))), "heads=mean|all"),
        (Setting("tensor", "NAME"), "tensor=NAME"),
    ],
)
def test_a_setting_is_spelled_as_in_a_query_string(setting: Setting, said: str) -> None:
    assert in_query(setting) == said


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-TW, en;q=0.9", "zh"),
        ("en, zh", "en"),
        ("fr, zh;q=0.2, en;q=0.1", "zh"),
        ("zh;q=0.2, en;q=0.3", "en"),
        ("zh;q=0, fr", "en"),
        ("zh;q=x;;, ;,", "en"),
        ("ZH-hans ; q=0.5", "zh"),
        ("zhx, *", "en"),
    ],
)
def test_the_language_is_the_one_of_ours_that_is_liked_most(header: str, language: str) -> None:
    assert language_accepted(header) == language
