"""PNG: its size, lines as wide in pixels as their weights, scripts, fonts that are missing."""

import builtins
import dataclasses
import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fonts_for_tests import needs_fonts
from PIL import Image
from views_for_tests import ENGLISH, attention_view, structure_view

from glassformer.drawing import fonts as module
from glassformer.drawing.fonts import font_files, font_folders, without_font
from glassformer.drawing.picture import Picture
from glassformer.drawing.png import png
from glassformer.drawing.svg import svg
from glassformer.errors import OutputError
from glassformer.views import AttentionView, Link

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("resvg_py") is None, reason="the extra png is not installed"
)

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def decoded(data: bytes) -> Pixels:
    """Rows × columns × red, green, blue, opacity of a PNG."""
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    return np.asarray(image)


def two_links(first: float, second: float) -> AttentionView:
    """Two words far apart, each with one straight line down to itself."""
    weights = (first, second)
    return AttentionView(
        part="encoder",
        unit="words",
        queries=("aaaaaaaa", "bbbbbbbb"),
        keys=("aaaaaaaa", "bbbbbbbb"),
        shown_queries=(0, 1),
        shown_keys=(0, 1),
        heads=((1, 1),),
        mean_of=1,
        choice="asked",
        reason="",
        links=tuple(
            Link(part="encoder", layer=1, head=1, from_=i, to=i, weight=weight)
            for i, weight in enumerate(weights)
        ),
        hidden_share=tuple(1.0 - weight for weight in weights),
    )


def attribute(text: str, element: str, name: str) -> float:
    return float(text.partition(f"<{element} ")[2].partition(f' {name}="')[2].partition('"')[0])


@needs_fonts
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [2.0, 3.0, 4.0])
@pytest.mark.parametrize("weights", [(1.0, 0.5), (0.25, 0.75), (0.1, 0.9)])
def test_pixels_of_a_line_match_its_weight(
    weights: tuple[float, float], scale: float, theme: Any
) -> None:
    view = two_links(*weights)
    text = svg(view, theme=theme)
    image = decoded(png(text, scale))[..., :3].astype(int)
    lines = [line for line in text.split("\n") if 'class="link ' in line]
    for line in lines:
        x1, y1 = map(float, line.partition(' d="M')[2].partition("C")[0].split())
        weight = float(line.partition('data-weight="')[2].partition('"')[0])
        y = round((y1 + 40) * scale)
        row = image[y, round((x1 - 30) * scale) : round((x1 + 30) * scale)]
        paper = row[0]
        away = np.abs(row - paper).sum(axis=1)
        width = float((away / away.max()).sum())  # an edge pixel counts as far as it is covered
        assert width == pytest.approx(14.0 * weight * scale, abs=1.0)
        whole = int((away > 0.5 * away.max()).sum())
        assert abs(whole - 14.0 * weight * scale) <= 1.5


@needs_fonts
@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0, 3.0])
def test_the_size_is_the_svg_times_the_scale(scale: float) -> None:
    picture = Picture(attention_view())
    image = decoded(picture.png(scale=scale))
    text = picture.svg(theme="light")
    width, height = attribute(text, "svg", "width"), attribute(text, "svg", "height")
    assert abs(image.shape[1] - scale * width) <= 1
    assert abs(image.shape[0] - scale * height) <= 1
    assert (image[..., 3] == 255).all()


@needs_fonts
def test_themes_are_drawn() -> None:
    picture = Picture(structure_view())
    light, dark = (decoded(picture.png(theme=theme, scale=1.0)) for theme in ("light", "dark"))
    assert light[0, 0].tolist() == [255, 255, 255, 255]
    assert max(dark[0, 0, :3]) < 60
    assert (decoded(picture.png(theme="auto", scale=1.0)) == light).all()


def drawn_word(word: str) -> Pixels:
    """The pixels of one word on a picture of three."""
    picture = Picture(attention_view(("word", word, "word"), links=()))
    text = picture.svg(theme="light")
    line = next(
        line for line in text.split("\n") if 'data-position="1"' in line and "word key" in line
    )
    x, y = (float(line.partition(f' {name}="')[2].partition('"')[0]) for name in "xy")
    image = decoded(picture.png(scale=2.0))[..., :3]
    return image[round(2 * y - 32) : round(2 * y + 12), round(2 * x - 24) : round(2 * x + 24)]


def needs(*characters: str) -> None:
    missing = without_font(characters)
    if missing:
        pytest.skip(f"no font on this machine has {' '.join(missing)}")


def test_chinese_is_drawn() -> None:
    needs("狗饿")
    dog, hungry = drawn_word("狗"), drawn_word("饿")
    assert (dog < 128).any()
    assert (dog != hungry).any()  # the box of a missing glyph would be the same twice


def test_emoji_are_drawn_in_colour() -> None:
    needs("👍🐶")
    thumb, dog = drawn_word("👍"), drawn_word("🐶")
    assert (thumb != dog).any()
    spread = thumb.astype(int).max(axis=2) - thumb.astype(int).min(axis=2)
    assert spread.max() > 60


@pytest.mark.parametrize("word", ["שלום", "طعام", "␛[31m", "[U+202E]", "wörd"])
def test_other_scripts_are_drawn(word: str) -> None:
    needs(word)
    assert (drawn_word(word) < 128).any()


@pytest.mark.parametrize(
    ("word", "named", "advice"),
    [
        ("狗", "狗 (U+72D7)", "fonts-noto-cjk"),
        ("👍", "👍 (U+1F44D)", "fonts-noto-color-emoji"),
        ("☃", "☃ (U+2603)", "fonts-noto-color-emoji"),
        ("ש", "ש (U+05E9)", "fonts-noto-core"),
    ],
)
def test_a_missing_font_is_named(
    word: str, named: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "font_files", lambda: iter([Path("latin")]))
    monkeypatch.setattr(module, "_characters_of", lambda path: frozenset(range(0x250)) | {0x2192})
    view = attention_view(("dog", word))
    with pytest.raises(OutputError) as caught:
        Picture(view, mass=0.5).png()
    for part in (named, advice, "SVG"):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_missing_characters_are_not_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "font_files", lambda: iter([]))
    with pytest.raises(OutputError) as caught:
        Picture(attention_view()).png()
    assert str(caught.value).count("U+") == 5


def test_characters_without_a_look_need_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "font_files", lambda: iter([]))
    assert without_font(["\u200d \u00a0\ufe0f\u0301"]) == []
    assert without_font(["ba", "ab"]) == ["a", "b"]


def test_damaged_fonts_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "empty.otf").write_bytes(b"")
    (tmp_path / "cut.ttc").write_bytes(b"ttcf\x00\x01\x00\x00\x00\x00\x00\x05")
    (tmp_path / "other.txt").write_bytes(b"")
    monkeypatch.setattr(module, "font_folders", lambda: [tmp_path])
    assert [path.name for path in font_files()] == ["empty.otf", "broken.ttf", "cut.ttc"]
    assert without_font(["a"]) == ["a"]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_fonts_are_looked_for_where_the_system_has_them(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {
        "linux": (".fonts", "data/fonts"),
        "darwin": ("Library/Fonts",),
        "win32": ("Fonts", "Microsoft/Windows/Fonts"),
    }[platform]
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("WINDIR", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert {tmp_path / folder for folder in folders} <= {*font_folders()}


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without_resvg(name: str, *rest: Any, **more: Any) -> Any:
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_resvg)
    with pytest.raises(OutputError, match=r"pip install 'glassformer\[png\]'"):
        Picture(attention_view()).png()


def test_what_is_hidden_from_the_picture_needs_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("狗")
    view = dataclasses.replace(attention_view(), queries=(*ENGLISH, "\U00012345"))
    assert Picture(view).png(scale=0.5).startswith(b"\x89PNG")


@needs_fonts
def test_the_demonstration_runs(tmp_path: Path) -> None:
    path = tmp_path / "demo.png"
    subprocess.run([sys.executable, "-m", "glassformer.drawing.png", str(path)], check=True)
    assert decoded(path.read_bytes()).shape[2] == 4
