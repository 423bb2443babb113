"""A view that shows itself: as a file, as text, in a notebook."""

import base64
import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fonts_for_tests import needs_fonts
from pictures_for_tests import matrix
from views_for_tests import ENGLISH, attention_view, structure_view

from glassformer.drawing.picture import Picture
from glassformer.errors import OutputError, UsageError
from glassformer.views import View, keep_mass

PICTURE = Picture(attention_view())


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.svg", b"<svg "),
        ("a.SVG", b"<svg "),
        ("a.txt", b"Attention"),
        ("a.b.svg", b"<svg "),
        ("狗.svg", b"<svg "),
    ],
)
def test_a_picture_is_saved_by_the_end_of_its_name(name: str, start: bytes, tmp_path: Path) -> None:
    PICTURE.save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    PICTURE.save(str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@needs_fonts
def test_a_png_is_saved(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="the extra png is not installed")
    PICTURE.save(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == PICTURE.png()


@pytest.mark.parametrize("name", ["a", "a.jpg", "svg", ".svg", "a.svg.gz"])
def test_other_ends_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.svg, \.png, \.pdf, \.html or \.txt"):
        PICTURE.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_replaced_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text("before")
    with pytest.raises(OutputError, match="already exists"):
        PICTURE.save(path, force=False)
    assert path.read_text() == "before"
    PICTURE.save(path)
    assert path.read_text(encoding="utf-8") == PICTURE.svg()


def test_a_picture_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.svg"
    path.write_text("before")

    def cut(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", cut)
    with pytest.raises(OutputError, match="No space left"):
        PICTURE.save(path)
    assert path.read_text() == "before"
    assert [*tmp_path.iterdir()] == [path]
    with pytest.raises(OutputError, match="does not exist"):
        PICTURE.save(tmp_path / "absent" / "a.svg")


def test_text_has_all_links_and_lines_only_the_largest() -> None:
    view = attention_view(word=6)
    picture = Picture(view, mass=0.5)
    assert all(f"{link.weight:.2f}" in picture.text() for link in view.links)
    drawn = picture.svg().count('class="link ')
    assert 0 < drawn == len(keep_mass(view, 0.5).links) < len(view.links)
    assert picture.view is view


def test_a_picture_prints_itself() -> None:
    assert str(PICTURE) == PICTURE.text()
    assert str(PICTURE) == PICTURE.text(width=100, colour=False)
    assert all(word in str(PICTURE) for word in ENGLISH)
    assert "\x1b[" in PICTURE.text(colour=True)
    assert max(map(len, PICTURE.text(width=40).split("\n"))) <= 40


@pytest.mark.parametrize("mass", [0.0, -0.5, 1.01, float("nan")])
def test_a_share_is_above_0_and_at_most_1(mass: float) -> None:
    with pytest.raises(UsageError, match="above 0 and at most 1"):
        Picture(attention_view(), mass=mass)


def test_the_layer_asked_for_is_opened() -> None:
    for surface in ("text", "svg"):
        first, third = (
            getattr(Picture(structure_view(), open_layer=layer), surface)() for layer in (1, 3)
        )
        assert first != third


# In a notebook


def image(picture: Picture[View]) -> tuple[str, ElementTree.Element]:
    """Alternative text and the picture of the one element of a notebook's cell."""
    page = picture._repr_html_()
    found = re.fullmatch(
        r'<img alt="([^"<>]*)" style="max-width:100%" '
        r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)">',
        page,
    )
    assert found is not None
    assert "<script" not in page
    return unescape(found[1]), ElementTree.fromstring(base64.b64decode(found[2]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_notebook_shows_one_image_that_says_what_it_is(language: Any) -> None:
    alt, root = image(Picture(attention_view(), language=language))
    assert alt == root[0].text
    assert alt.startswith("Attention · encoder, layer 2" if language == "en" else "注意力")


def test_markup_stays_text_in_a_notebook() -> None:
    alt, root = image(Picture(matrix(2, 2, name='"><script>alert(1)</script>&')))
    assert alt == root[0].text
    assert "<script>" in alt


def test_two_pictures_in_one_notebook_differ() -> None:
    one, other = (image(Picture(attention_view(word=word)))[1] for word in (1, 6))
    assert one.get("class") != other.get("class")
    assert {e.get("id") for e in one.iter()} & {e.get("id") for e in other.iter()} == {None}
