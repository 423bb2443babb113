"""A request is the same whichever surface it comes from, and what does not fit is named."""

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.decoding.settings import SearchConfig
from glassformer.errors import UsageError
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request

SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(),
    "to": st.sampled_from(["fr", "中文"]),
    "beam_size": st.integers(1, 9),
    "truncate": st.booleans(),
    "layer": st.integers(1, 12),
    "part": st.lists(st.sampled_from(["encoder", "cross"]), min_size=1, max_size=2).map(tuple),
    "word": st.lists(st.text(min_size=1), min_size=1, max_size=3).map(tuple),
    "unit": st.sampled_from(["words", "tokens"]),
    "min_weight": st.floats(0, 1, allow_subnormal=False),
    "mass": st.floats(0.01, 1),
    "align": st.sampled_from(["input", "output"]),
    "steps": st.sampled_from(["opened", "all", "none"]),
}


@given(st.fixed_dictionaries({}, optional=SETTINGS))
def test_a_query_string_says_what_keywords_say(settings: dict[str, Any]) -> None:
    asked = read_request(InspectRequest, settings)
    assert asked == InspectRequest(**settings)
    query = urlencode(settings, doseq=True)
    assert read_request(InspectRequest, parse_qs(query, keep_blank_values=True)) == asked
    as_json = {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
    assert read_request(InspectRequest, as_json) == asked


def test_indices_are_one_word_of_a_query_string() -> None:
    asked = read_request(InspectRequest, {"explain": ["encoder"], "at": ["3,5"]})
    assert asked.at == (3, 5)
    assert read_request(InspectRequest, {"explain": "encoder", "at": [3, 5]}) == asked


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"lyer": 4}, "there is no setting 'lyer'; did you mean layer?"),
        ({"zzz": 4}, "there is no setting 'zzz'; there are align, animate, at"),
        ({"layer": "four"}, "layer must be an integer, but is 'four'"),
        ({"layer": True}, "layer must be an integer"),
        ({"layer": [1, 2]}, "layer must be one value"),
        ({"layer": 0}, "layer counts from 1, but is 0"),
        ({"layer": 1, "head": "1,x"}, "head must be an integer, but is 'x'"),
        ({"truncate": "perhaps"}, "truncate must be true or false"),
        ({"mass": "much"}, "mass must be a number"),
        ({"mass": 0}, "mass must be above 0"),
        ({"min_weight": 2}, "min_weight must be from 0 to 1"),
        ({"text": b"bytes"}, "text must be text"),
        ({"view": "cube"}, "view must be one of attention, grid, matrix, flow, "),
        ({"heads": "best"}, "heads must be one of card, mean, largest, all"),
        ({"head": 3}, "a head needs its layer: give both layer=L and head=H"),
        ({"layer": 1, "head": 3, "heads": "mean"}, 'heads="mean" and head=3 exclude each other'),
        ({"layer": 1, "heads": "card"}, 'heads="card" names its layer itself'),
        ({"special": True}, 'with tokens (unit="tokens")'),
        ({"explain": "encoder"}, "explain=NAME and at=INDICES belong together"),
        ({"history": True, "view": "grid"}, "history belongs to the whole report"),
        ({"view": "matrix"}, 'view="matrix" and tensor=NAME belong together'),
        ({"view": "grid", "word": "it"}, 'view="grid" has no use for word="it"'),
        ({"view": "grid", "part": ["encoder", "cross"]}, "a picture shows one part"),
        ({"tensor": "encoder", "layer": 1}, 'view="matrix" has no use for layer=1'),
        ({"at_step": 3, "history": True}, "leave history=True out"),
        ({"at_step": 3, "view": "flow", "layer": 1}, 'there are view="attention" and view'),
        ({"at_step": -1}, "at_step must be at least 0"),
        ({"beam_size": 0}, "beam_size counts from 1"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_request(InspectRequest, given)
    assert complaint in str(caught.value)


def test_none_is_not_given() -> None:
    assert read_request(InspectRequest, {"layer": None, "word": None}) == InspectRequest()


def test_the_keywords_are_those_of_the_request() -> None:
    fields = {name for name in InspectRequest.__dataclass_fields__ if name != "text"}
    assert set(InspectOptions.__annotations__) == fields


def test_other_requests_are_read_likewise() -> None:
    assert read_request(SearchConfig, {"beam_size": "2", "temperature": "0.5"}) == SearchConfig(
        beam_size=2, temperature=0.5
    )
