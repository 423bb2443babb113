"""The page's modules as one script, and the words that they say."""

import pytest

from glassformer.catalogue.chinese import CHINESE
from glassformer.drawing.html.bundle import modules, script, style
from glassformer.drawing.html.words import sentences

LONGEST_FILE = 400


@pytest.mark.parametrize("name", modules())
def test_a_module_is_short_and_says_its_sentences_in_both_languages(name: str) -> None:
    source = modules()[name]
    assert len(source.splitlines()) <= LONGEST_FILE
    assert not [one for one in sentences(source) if one not in CHINESE]
    assert source.count("phrase(") - source.count("function phrase(") == len(sentences(source))


def test_the_bundle_can_stand_in_a_document() -> None:
    assert "</script" not in script().lower()
    assert "<!--" not in script()
    assert "</style" not in style().lower()
    assert "http" not in style()
