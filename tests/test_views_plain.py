"""Views as plain data: whole and equal after JSON, and damage is told rather than drawn."""

import copy
import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_for_tests import every_view, matrix, random_attention

from glassformer.errors import InputError
from glassformer.views import MatrixView, View, from_json, keep_mass, to_json

KIND_OF = {
    "word": "attention",
    "heads": "attention",
    "cross": "attention",
    "whole flow": "flow",
    "difference": "comparison",
}
"""Of views that are not called by their kind."""


def again(view: View) -> View:
    return from_json(json.loads(json.dumps(to_json(view))))


@pytest.mark.parametrize("name", every_view())
def test_a_view_comes_back_from_json(name: str) -> None:
    view = every_view()[name]
    assert again(view) == view
    assert type(again(view)) is type(view)


@pytest.mark.parametrize("seed", range(20))
def test_attention_of_any_heads_comes_back(seed: int) -> None:
    view = keep_mass(random_attention(seed), 0.9)
    assert again(view) == view


@pytest.mark.parametrize("name", every_view())
@given(words=st.lists(st.text(max_size=9), min_size=1, max_size=4))
def test_any_text_comes_back_from_json(name: str, words: list[str]) -> None:
    view = every_view((*words,))[name]
    assert again(view) == view


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(values=st.lists(NUMBERS, min_size=1), text=st.text())
def test_any_number_comes_back_from_json(values: list[float], text: str) -> None:
    view = matrix(1, 1, name=text, values=((*values,),), smallest=min(values), largest=max(values))
    assert again(view) == view


def test_the_data_names_its_schema_and_kind() -> None:
    for name, view in every_view().items():
        kind = KIND_OF.get(name, name)
        data = to_json(view)
        assert (data["schema"], data["view"]) == ("glassformer.view/2", kind)
    link = to_json(every_view()["attention"])["links"][0]
    assert [*link] == ["part", "layer", "head", "from", "to", "weight"]
    assert isinstance(to_json(every_view()["matrix"])["values"], list)


def test_what_a_later_version_adds_is_ignored() -> None:
    view = every_view()["attention"]
    data = {**to_json(view), "colour": "red"}
    data["links"] = [{**link, "measure": "norms"} for link in data["links"]]
    assert from_json(data) == view
    assert from_json({**to_json(view), "schema": "glassformer.view/1"}) == view


def test_whole_numbers_become_the_numbers_that_they_are() -> None:
    view = every_view()["matrix"]
    data = json.loads(json.dumps(to_json(view)))
    data["largest"] = 2  # as JavaScript writes 2.0
    read = from_json(data)
    assert isinstance(read, MatrixView)
    assert type(read.largest) is float


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "glassformer.view/3"}, "glassformer.view/2"),
        ({"schema": None}, "schema None"),
        (
            {"view": "cube"},
            "attention, grid, matrix, flow, positions, multi-head, add-norm, structure",
        ),
        ({"view": ["attention"]}, "kinds"),
        ({"queries": "a dog"}, "damaged"),
        ({"queries": 3}, "damaged"),
        ({"queries": ["a", 3]}, "damaged"),
        ({"part": "middle"}, "damaged"),
        ({"unit": None}, "damaged"),
        ({"mean_of": "1"}, "damaged"),
        ({"mean_of": True}, "damaged"),
        ({"mean_of": 1.5}, "damaged"),
        ({"mass": "all"}, "damaged"),
        ({"mass": None}, "damaged"),
        ({"moment": 3}, "damaged"),
        ({"moment": {"update": 3}}, "damaged"),
        ({"heads": [[1, 2, 3]]}, "damaged"),
        ({"heads": [[1]]}, "damaged"),
        ({"heads": [["1", 2]]}, "damaged"),
        ({"links": [3]}, "damaged"),
        ({"links": [{}]}, "damaged"),
        ({"links": {"0": {}}}, "damaged"),
        ({"hidden_share": None}, "damaged"),
    ],
)
def test_damaged_data_is_told(change: dict[str, Any], said: str) -> None:
    data = {**to_json(every_view()["attention"]), **change}
    with pytest.raises(InputError, match=said) as caught:
        from_json(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", every_view())
def test_whatever_is_missing_is_told(name: str) -> None:
    view = every_view()[name]
    whole = to_json(view)
    optional = {f.name for f in dataclasses.fields(view) if f.default is not dataclasses.MISSING}
    for key in whole:
        if key not in optional:
            with pytest.raises(InputError):
                from_json({other: value for other, value in whole.items() if other != key})


@pytest.mark.parametrize("name", every_view())
def test_no_number_may_become_a_text(name: str) -> None:
    whole = json.loads(json.dumps(to_json(every_view()[name])))
    for path in list(numbers(whole))[:40]:
        damaged = copy.deepcopy(whole)
        place = damaged
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = "much"
        with pytest.raises(InputError):
            from_json(damaged)


def numbers(data: Any) -> Any:
    """The ways to all numbers in JSON data."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from ((key, *rest) for rest in numbers(value))
        elif isinstance(value, int | float):
            yield (key,)


def test_views_cannot_be_changed() -> None:
    for view in every_view().values():
        field = dataclasses.fields(view)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(view, field, None)
