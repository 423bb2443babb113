"""Curves read back from the SVG: axes, values, names; what cannot be drawn is refused."""

import itertools
import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.drawing.svg.canvas import DASHES, HUES, HUES_DARK
from glassformer.drawing.svg.curves import HEIGHT, MOST_MARKS, WIDTH, curves_svg, shown, ticks
from glassformer.errors import UsageError
from glassformer.views import Curve, CurvesView

NAMESPACE = "{http://www.w3.org/2000/svg}"
FALLING = Curve(
    name="training", points=tuple((7.0 * i, 1.5 + 7.0 * math.exp(-i / 13)) for i in range(53))
)
MEASURED = Curve(
    name="dev set",
    points=tuple((91.0 * i, 2.0 + 5.0 * math.exp(-i / 2)) for i in range(1, 5)),
    marked=True,
)


def view(*curves: Curve, **changes: Any) -> CurvesView:
    fields: dict[str, Any] = {
        "title": "Loss",
        "note": "of a training",
        "x_axis": "updates",
        "y_axis": "loss",
    }
    return CurvesView(**{**fields, "curves": curves or (FALLING, MEASURED), **changes})


def drawn(view: CurvesView, theme: str = "auto") -> ElementTree.Element:
    return ElementTree.fromstring(curves_svg(view, theme))


def by_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def scale(root: ElementTree.Element, axis: str) -> tuple[list[float], list[float]]:
    """Where the ticks of an axis stand, and what they say."""
    found = by_class(root, f"{axis}-tick")
    places = [float(text.get(axis, "nan")) for text in found]
    if axis == "y":
        places = [place - 4 for place in places]  # of the baseline of small text
    return places, [float((text.text or "").replace(",", "")) for text in found]


def value_at(root: ElementTree.Element, axis: str, place: float) -> float:
    """What a place on the paper means, by the ticks alone."""
    places, values = scale(root, axis)
    share = (place - places[0]) / (places[-1] - places[0])
    return values[0] + share * (values[-1] - values[0])


def test_every_point_can_be_read_off_the_axes() -> None:
    root = drawn(view())
    for curve, path in zip((FALLING, MEASURED), by_class(root, "curve"), strict=True):
        assert path.get("data-name") == curve.name
        pairs = re.findall(r"([\d.]+) ([\d.]+)", path.get("d", ""))
        assert len(pairs) == len(curve.points)
        for (x, y), point in zip(pairs, curve.points, strict=True):
            read = value_at(root, "x", float(x)), value_at(root, "y", float(y))
            assert read == pytest.approx(point, abs=0.01)


def test_measurements_are_marked_with_their_values() -> None:
    marks = by_class(drawn(view()), "mark")
    read = [tuple(float(m.get(key, "nan")) for key in ("data-x", "data-y")) for m in marks]
    assert read == [pytest.approx(point, rel=1e-5) for point in MEASURED.points]
    many = Curve(
        name="x", points=tuple((float(i), 1.0) for i in range(MOST_MARKS + 1)), marked=True
    )
    assert by_class(drawn(view(many)), "mark") == []


def test_a_single_point_is_marked() -> None:
    root = drawn(view(Curve(name="dev set", points=((60.0, 5.5),))))
    assert len(by_class(root, "mark")) == 1
    assert by_class(root, "curve") == []


def test_axes_begin_at_zero_and_enclose_everything() -> None:
    root = drawn(view(MEASURED))
    for axis, points in zip("xy", zip(*MEASURED.points, strict=True), strict=True):
        values = scale(root, axis)[1]
        assert values[0] == 0.0
        assert values[-1] >= max(points)
    texts = [text.text for text in by_class(root, "axis")]
    assert texts == ["loss", "updates"]


def test_curves_are_named_where_they_end_and_differ_in_more_than_colour() -> None:
    curves = [
        Curve(name=f"curve {n}", points=((0.0, 1.0), (10.0, 5.0 + n / 100))) for n in range(8)
    ]
    root = drawn(view(*curves))
    names = by_class(root, "name")
    assert {text.text for text in names} == {f"curve {n} {5 + n / 100:.2f}" for n in range(8)}
    heights = sorted(float(text.get("y", "nan")) for text in names)
    assert all(after - before >= 15.9 for before, after in itertools.pairwise(heights))
    assert heights[-1] - heights[0] < HEIGHT
    dashes = [path.get("stroke-dasharray") or "" for path in by_class(root, "curve")]
    assert dashes == list(DASHES)
    for text, sample in zip(names, by_class(root, "sample"), strict=True):
        number = int((text.text or "").split()[1])
        assert (sample.get("stroke-dasharray") or "") == DASHES[number]
        assert f"h{number}" in (text.get("class") or "").split()


def test_nothing_stands_outside_of_the_picture() -> None:
    root = drawn(view(title="A long title " * 5, note="A note that takes several lines. " * 9))
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert width > WIDTH
    for text in root.iter(f"{NAMESPACE}text"):
        assert 0.0 <= float(text.get("x", "nan")) <= width
        assert 0.0 <= float(text.get("y", "nan")) <= height


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_there_is_a_light_and_a_dark_theme(theme: str) -> None:
    svg = curves_svg(view(), theme)
    assert (HUES_DARK[0] in svg) == (theme != "light")
    assert HUES[0] in svg
    assert ("prefers-color-scheme" in svg) == (theme == "auto")


def test_hostile_text_stays_text() -> None:
    root = drawn(view(Curve(name="<b>&\x1b", points=((1.0, 1.0), (2.0, 2.0))), title="<x>"))
    assert by_class(root, "name")[0].text == "<b>&␛ 2.00"


@pytest.mark.parametrize("curves", [(), (Curve(name="x", points=()),)])
def test_a_picture_without_points_is_refused(curves: tuple[Curve, ...]) -> None:
    with pytest.raises(UsageError, match="Loss: there is nothing to draw"):
        curves_svg(view(curves=curves))


def test_more_curves_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(UsageError, match="tells 8 curves apart, but 9"):
        curves_svg(view(*[MEASURED] * 9))


@given(
    st.lists(st.floats(-1e6, 1e9), min_size=1, max_size=5),
    st.sampled_from([0.0, 1.0]),
)
def test_ticks_are_round_even_and_enclose(values: list[float], least: float) -> None:
    found = ticks(values, least)
    step = found[1] - found[0]
    assert 2 <= len(found) <= 9
    assert step >= least * 0.999
    slack = 1e-6 * max(step, *map(abs, values))
    assert found[0] <= min(values) + slack
    assert found[-1] >= max(values) - slack
    for before, after in itertools.pairwise(found):
        assert after - before == pytest.approx(step, rel=1e-6)
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - size) for size in (1, 2, 2.5, 5, 10)) < 1e-6


def test_numbers_are_short() -> None:
    assert [shown(x) for x in (1.6, 0.000884, 39.46, 123456.7, 0.0)] == [
        "1.60",
        "0.000884",
        "39.5",
        "123,456.7",
        "0.00",
    ]
