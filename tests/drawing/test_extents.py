"""Nothing covers a word or leaves the picture, by the pixels of resvg; widths of letters."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from extents_for_tests import Extents, extents_of
from fonts_for_tests import needs_fonts
from pictures_for_tests import SIXTY, every_view
from views_for_tests import CHINESE, ENGLISH, attention_view

from glassformer.drawing.fonts import font_files, without_font
from glassformer.drawing.picture import Picture
from glassformer.drawing.svg import canvas
from glassformer.drawing.svg.canvas import text_width
from glassformer.drawing.svg.widths import _CHARACTERS, em

ARABIC = ("أكل", "الكلب", "الطعام", "لأنه", "كان", "جائعا")
SENTENCES = {
    "one": ("a",),
    "nine": ENGLISH,
    "long": ("Donaudampfschifffahrtsgesellschaft", "W" * 30, "i", "Straße"),
    "arabic": ARABIC,
    "chinese": CHINESE,
    "emoji": ("I", "❤️", "👩\u200d👧", "🇫🇷", "pizza"),
    "forty": SIXTY[:40],
    "eighty-one": tuple(f"word{number}" for number in range(81)),
}
QUICK = {("nine", name) for name in every_view()} | {
    (words, name)
    for words in ("one", "long", "arabic", "emoji")
    for name in ("attention", "word", "matrix")
}

resvg = pytest.mark.skipif(
    importlib.util.find_spec("resvg_py") is None, reason="the extra png is not installed"
)


def faults(found: Extents) -> list[str]:
    """What leaves the picture, covers another text, or has a line through it."""
    width, height = found.size
    listed = []
    for number, (left, top, right, bottom) in found.boxes.items():
        text = found.texts[number]
        said = f"{text.get('class')} {text.text!r}"
        if left < 0 or top < 0 or right > width or bottom > height:
            listed.append(f"{said} leaves the picture: {(left, top, right, bottom)}")
        if text.get("transform") is not None:
            continue  # slanted labels have boxes that overlap
        at = found.inside(number)
        for other in np.unique(found.owners[at]):
            if other >= 0 and not same_place(text, found.texts[int(other)]):
                listed.append(f"{said} is covered by {found.texts[int(other)].text!r}")
        # A number may stand on thin lines, that of a step stands on its own disc.
        if (
            not {"number", "step-number"} & {*text.get("class", "").split()}
            and found.lines[at].any()
        ):
            listed.append(f"{said} has a line through it")
    return listed


def same_place(one: Any, other: Any) -> bool:
    """Whether two texts are one: a number, and the same in the colour of the paper below it."""
    return all(one.get(name) == other.get(name) for name in ("x", "y")) and one.text == other.text


def cases() -> Iterator[Any]:
    for words in SENTENCES:
        for name in every_view():
            for language in ("en", "zh"):
                quick = (words, name) in QUICK and (language == "en" or words == "nine")
                yield pytest.param(words, name, language, marks=() if quick else pytest.mark.slow)


@resvg
@needs_fonts
@pytest.mark.parametrize(("words", "name", "language"), [*cases()])
def test_no_text_is_covered_or_leaves_the_picture(words: str, name: str, language: Any) -> None:
    picture = Picture(every_view(SENTENCES[words])[name], language=language)
    missing = without_font([*SENTENCES[words], "注意力", *CHINESE])
    if missing:
        pytest.skip(f"no font on this machine has {missing}")
    found = extents_of(picture.svg(theme="light"))
    assert len(found.boxes) > 3
    assert faults(found) == []


@resvg
@needs_fonts
@pytest.mark.parametrize("width", [320.0, 700.0])
def test_nor_where_a_picture_is_laid_out_anew(width: float) -> None:
    found = extents_of(Picture(attention_view(word=6)).svg(font_size=10.0, width=width))
    assert found.size[0] == width
    assert faults(found) == []


@resvg
@needs_fonts
def test_the_faults_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas, "em", lambda character, bold: 0.2)
    words = ("Donaudampfschifffahrtsgesellschaft", "W" * 30)
    listed = " ".join(faults(extents_of(Picture(attention_view(words)).svg())))
    assert "is covered by" in listed
    assert "leaves the picture" in listed


# The widths of characters


FONTS: tuple[str, ...] = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf")
FONTS += ("NotoSansCJK-Regular.ttc", "NotoColorEmoji.ttf")
BOLD_FONTS = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "NotoSansCJK-Bold.ttc")


def advances(path: Path) -> dict[str, float]:
    """How far each character of a font goes, in shares of its size."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=2 if path.suffix == ".ttc" else 0) as font:
        metrics, units = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): metrics[name][0] / units for code, name in font.getBestCmap().items()}


@pytest.mark.parametrize("bold", [False, True])
def test_no_character_is_wider_than_it_is_taken_to_be(bold: bool) -> None:
    pytest.importorskip("fontTools", reason="the extra png is not installed")
    names = BOLD_FONTS if bold else FONTS
    fonts = [path for path in font_files() if path.name in names]
    if not fonts:
        pytest.skip(f"none of the fonts {', '.join(names)} is on this machine")
    latin = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180)) if code != 0xAD}
    known = latin | {*"狗，。：；（）“”、注意力"}
    if not bold:
        known |= {*"".join(_CHARACTERS.values())}
    for path in fonts:
        shown = known
        if "CJK" in path.name:  # whose Greek and Cyrillic nobody asks for
            shown = {one for one in known if ord(one) < 0x250 or ord(one) > 0x2000}
        if "Emoji" in path.name:
            shown = {*"👍🇫❤👩"}
        found = advances(path)
        wider = {one: found[one] for one in shown & {*found} if found[one] > em(one, bold) + 1e-6}
        assert not wider, path.name


def test_widths_of_texts() -> None:
    assert text_width("e\u0301") == text_width("é") == text_width("e")
    assert text_width("狗") == 15.0
    assert text_width("狗", 12.0) == 12.0
    assert text_width("dog", bold=True) > text_width("dog") > text_width("do")
    assert text_width("👩\u200d👧") == text_width("👩") + text_width("👧")
    assert text_width("ᚠ") > text_width("a")
