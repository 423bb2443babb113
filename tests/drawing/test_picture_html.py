"""A picture as an HTML document: the same SVG, nothing to load, nothing that runs."""

import re
from pathlib import Path

import pytest
from models_for_tests import SENTENCE, loaded, translator_config

from glassformer.drawing.picture import Picture
from glassformer.errors import UsageError
from glassformer.views import AttentionView


@pytest.fixture(scope="module")
def picture() -> Picture[AttentionView]:
    return loaded(translator_config()).inspect(SENTENCE).attention()


def test_it_has_the_picture_as_it_is_and_nothing_from_elsewhere(
    picture: Picture[AttentionView],
) -> None:
    page = picture.html(theme="dark")
    assert picture.svg(theme="dark") in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="', page)
    assert "color-scheme:dark" in page
    assert page.startswith("<!doctype html>")


def test_its_language_is_said() -> None:
    trace = loaded(translator_config()).inspect(SENTENCE)
    assert '<html lang="zh-Hans"' in trace.attention(language="zh").html()
    assert '<html lang="en"' in trace.attention().html()


def test_it_is_saved_by_its_extension(picture: Picture[AttentionView], tmp_path: Path) -> None:
    picture.save(tmp_path / "it.html", caption=False)
    written = (tmp_path / "it.html").read_text(encoding="utf-8")
    assert written == picture.html(caption=False)
    with pytest.raises(UsageError, match="html"):
        picture.save(tmp_path / "it.gif")
    with pytest.raises(UsageError, match=r"saved as \.html"):
        picture.html().save(tmp_path / "it.svg")
