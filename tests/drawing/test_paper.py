"""The paper of a picture: font size, width, palette, caption, from Python and the command line."""

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures_for_tests import every_view, flow, matrix
from views_for_tests import ENGLISH, attention_view

from glassformer.drawing.paper import PLAIN, Paper, current, drawing_on
from glassformer.drawing.picture import Picture
from glassformer.drawing.svg import svg
from glassformer.drawing.svg.colours import PALETTES, shade
from glassformer.errors import UsageError

VIEWS = every_view()
named = pytest.mark.parametrize("name", VIEWS)


def size_of(text: str) -> tuple[float, float, list[float]]:
    """Width and height as shown, and the view box."""
    root = ElementTree.fromstring(text)
    box = [float(number) for number in root.get("viewBox", "").split()]
    return float(root.get("width", "")), float(root.get("height", "")), box


def by_class(text: str, name: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(text)
    return [element for element in root.iter() if name in element.get("class", "").split()]


@named
def test_plain_paper_changes_nothing(name: str) -> None:
    plain = Picture(VIEWS[name]).svg()
    width, height, box = size_of(plain)
    assert box == [0.0, 0.0, width, height]
    assert Picture(VIEWS[name]).svg(caption=True, palette="default", width=None) == plain


@named
@pytest.mark.parametrize("font_size", [7.5, 30.0])
def test_the_font_size_scales_the_whole_picture(name: str, font_size: float) -> None:
    plain, scaled = Picture(VIEWS[name]).svg(), Picture(VIEWS[name]).svg(font_size=font_size)
    width, height, box = size_of(plain)
    assert size_of(scaled) == (width * font_size / 15, height * font_size / 15, box)
    plain, scaled = (re.sub(r"<svg .*", "", text) for text in (plain, scaled))
    # The legend says how wide lines are as they come out.
    widths = [re.findall(r"= ([\d.]+) px ×", text) for text in (plain, scaled)]
    assert widths[1] == [f"{float(one) * font_size / 15:.3g}" for one in widths[0]]
    plain, scaled = (re.sub(r"= [\d.]+ px ×", "", text) for text in (plain, scaled))
    pattern = r"\bg[0-9a-f]{10}"  # a name made of the content
    assert re.sub(pattern, "", scaled) == re.sub(pattern, "", plain)


@named
@pytest.mark.parametrize("width", [400.0, 1600.0])
def test_a_width_alone_scales_the_whole_picture(name: str, width: float) -> None:
    plain = size_of(Picture(VIEWS[name]).svg())
    found = size_of(Picture(VIEWS[name]).svg(width=width))
    assert found[0] == width
    assert found[1] == pytest.approx(plain[1] * width / plain[0], abs=0.001)
    assert found[2] == plain[2]


@named
def test_font_size_and_width_together_leave_room_on_both_sides(name: str) -> None:
    plain = size_of(Picture(VIEWS[name]).svg())
    wide = 3.0 * plain[0]
    width, height, box = size_of(Picture(VIEWS[name]).svg(font_size=30.0, width=wide))
    assert (width, height) == (wide, 2.0 * plain[1])
    assert box == [-plain[0] / 4, 0.0, 1.5 * plain[0], plain[1]]
    text = Picture(VIEWS[name]).svg(font_size=30.0, width=wide)
    (paper,) = by_class(text, "paper")
    assert float(paper.get("x", "")) == box[0]
    assert float(paper.get("width", "")) == box[2]


def test_what_does_not_fit_is_refused_with_the_width_that_it_needs() -> None:
    picture = Picture(flow(ENGLISH))
    with pytest.raises(
        UsageError, match=r"font_size=20\.0 .* (\d+) pixels wide.*width=300"
    ) as caught:
        picture.svg(font_size=20, width=300)
    needed = re.findall(r" (\d+) pixels wide", str(caught.value))[0]
    assert picture.svg(font_size=20, width=float(needed))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"font_size": 0}, r"font_size must be from 4 to 200 pixels, but is 0"),
        ({"font_size": -3}, "font_size"),
        ({"font_size": float("nan")}, "font_size"),
        ({"width": 99}, r"width must be from 100 to 10000 pixels"),
        ({"width": float("inf")}, "width"),
        ({"width": "wide"}, r"width must be a number, but is 'wide'"),
        ({"palette": "pink"}, r"palette must be one of .*okabe-ito.*but is 'pink'"),
        ({"caption": "perhaps"}, r"caption must be true or false"),
        ({"fontsize": 12}, r"no setting 'fontsize'; did you mean font_size"),
    ],
)
def test_nonsense_is_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Picture(attention_view()).svg(**given)


def test_settings_may_be_text_as_in_a_query_string() -> None:
    picture = Picture(attention_view())
    given: Any = {"width": "640", "caption": "false"}
    assert picture.svg(**given) == picture.svg(width=640, caption=False)


@named
@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_caption_there_are_no_notes_but_the_scale(name: str, language: Any) -> None:
    whole, bare = (Picture(VIEWS[name], language=language).svg(caption=c) for c in (True, False))
    assert not by_class(bare, "note")
    for kept in ("title", "word", "link", "legend", "sample", "scale", "scale-value", "cell"):
        assert len(by_class(bare, kept)) == len(by_class(whole, kept))


@pytest.mark.parametrize("palette", PALETTES)
def test_the_lines_of_a_palette_all_differ(palette: Any) -> None:
    heads = tuple((1, head) for head in range(1, 9))
    view = attention_view(ENGLISH[:3], heads=heads)
    text = Picture(view).svg(palette=palette, theme="light")
    style = ElementTree.fromstring(text)[2].text or ""
    hues = re.findall(r"path\.h\d\{stroke:(#\w+)\}", style)
    assert hues == [*PALETTES[palette].light]
    assert len({*hues}) == 8


def test_grey_has_no_colour_and_is_on_white_paper() -> None:
    for view in VIEWS.values():
        text = Picture(view).svg(palette="grey")
        assert "prefers-color-scheme" not in text
        for name in ("cell", "scale"):
            for element in by_class(text, name):
                assert element.get("fill") == "#000000"
    for hue in PALETTES["grey"].light:
        assert len({hue[1:3], hue[3:5], hue[5:7]}) == 1
    with pytest.raises(UsageError, match=r'palette="grey" is for print.*leave theme="dark" out'):
        Picture(attention_view()).svg(palette="grey", theme="dark")


def test_one_ink_tells_negative_numbers_from_positive_ones() -> None:
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    with drawing_on(Paper(palette="grey")):
        signed = shade(values, 2.0, signed=True)[:, 3] / 255.0
        assert np.abs(signed - [0.0, 0.25, 0.5, 0.75, 1.0]).max() < 0.003
        assert (shade(values[2:], 2.0)[:, 3] == [0, 128, 255]).all()
    drawn = Picture(matrix(3, 4))
    assert "the middle grey is 0" in drawn.svg(palette="grey")
    assert "none is 0" in drawn.svg()
    with drawing_on(Paper(palette="okabe-ito")):
        assert {tuple(pixel[:3]) for pixel in shade(values, 2.0)} == {(213, 94, 0), (0, 114, 178)}


def test_the_paper_is_put_back_whatever_happens() -> None:
    with pytest.raises(UsageError), drawing_on(Paper(caption=False)):
        svg(attention_view(ENGLISH, heads=tuple((1, head) for head in range(1, 99))))
    assert current() is PLAIN
    assert svg(attention_view(), paper=Paper(width=400)) != svg(attention_view())


def test_text_has_no_paper(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match=r"width is for pictures, and \.txt is none"):
        Picture(attention_view()).save(tmp_path / "a.txt", width=400)
    Picture(attention_view()).save(tmp_path / "a.svg", width=400, palette="grey")
    assert size_of((tmp_path / "a.svg").read_text(encoding="utf-8"))[0] == 400.0
