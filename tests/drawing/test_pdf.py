"""PDF: lines and text that can be selected, in any script, and no image of them."""

import importlib.util
import html
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fonts_for_tests import needs_fonts
from pictures_for_tests import every_view, matrix
from views_for_tests import CHINESE, attention_view, structure_view

from glassformer.drawing import fonts
from glassformer.drawing.fonts import without_font
from glassformer.drawing.picture import Picture
from glassformer.errors import OutputError

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("typst") is None, reason="the extra pdf is not installed"
    ),
    needs_fonts,
]


def page_of(data: bytes) -> Any:
    """The one page of a PDF."""
    (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
    return page


def images_of(found: Any) -> list[str]:
    """The images in a page or form, however deep."""
    images: list[str] = []
    for name, element in (found.get("/Resources", {}).get("/XObject") or {}).items():
        inner = element.get_object()
        images += [name] if inner["/Subtype"] == "/Image" else images_of(inner)
    return images


def has_fonts(text: str) -> None:
    missing = without_font([text])
    if missing:
        pytest.skip(f"no font on this machine has {missing}")


@pytest.mark.parametrize("name", every_view())
def test_every_picture_is_lines_and_text(name: str) -> None:
    view = every_view()[name]
    picture = Picture(view)
    has_fonts("".join(CHINESE) if name == "cross" else "")
    page = page_of(picture.pdf())
    assert not images_of(page) or name == "grid"  # whose heat maps are images in the SVG, too
    title = html.unescape(picture.svg().partition("</title>")[0].rpartition(">")[2])
    read = page.extract_text().replace("\n", " ")
    assert title in read
    document = pypdf.PdfReader(io.BytesIO(picture.pdf()))
    assert document.metadata.title == title
    assert document.metadata.creation_date is None


@pytest.mark.parametrize("words", [CHINESE, ("שלום", "世界"), ("naïve", "Straße", "хлеб")])
def test_words_of_every_script_can_be_selected(words: tuple[str, ...]) -> None:
    has_fonts("".join(words) + "注意力编码器关者")
    page = page_of(Picture(attention_view(words), language="zh").pdf())
    read = page.extract_text()
    assert "注意力" in read
    assert "被关注者" in read
    for word in words:
        assert word in read or word[::-1] in read  # right to left, in the order drawn
    for font in page["/Resources"]["/Font"].values():
        assert "+" in font.get_object()["/BaseFont"], "a font that is not in the file"


def test_a_pixel_is_three_quarters_of_a_point() -> None:
    picture = Picture(structure_view())
    box = page_of(picture.pdf(width=800)).mediabox
    assert (float(box.width), float(box.left), float(box.bottom)) == (600.0, 0.0, 0.0)


def test_a_large_matrix_is_an_image_with_labels_that_are_text() -> None:
    labels = tuple(f"row{n}" for n in range(60))
    page = page_of(Picture(matrix(60, 50, row_labels=labels)).pdf())
    assert len(images_of(page)) == 1
    assert "row0" in page.extract_text()


def test_the_same_picture_is_the_same_file(tmp_path: Path) -> None:
    picture = Picture(attention_view())
    assert picture.pdf() == picture.pdf()
    picture.save(tmp_path / "a.PDF")
    assert (tmp_path / "a.PDF").read_bytes() == picture.pdf(theme="auto")
    assert picture.pdf(theme="dark") != picture.pdf(theme="light")


def test_what_no_font_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "font_files", lambda: iter([]))
    with pytest.raises(OutputError, match="no font on this machine"):
        Picture(attention_view()).pdf()


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(OutputError, match=r"pip install 'glassformer\[pdf\]'"):
        Picture(attention_view()).pdf()


def test_the_demonstration_runs(tmp_path: Path) -> None:
    path = tmp_path / "demo.pdf"
    subprocess.run([sys.executable, "-m", "glassformer.drawing.pdf", str(path)], check=True)
    assert path.read_bytes().startswith(b"%PDF-")
