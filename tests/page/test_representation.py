"""R in the page: its numbers, the words' cosines, and how it forms, held against numpy."""

import re

import numpy as np
import pytest
from models_for_tests import SENTENCE, loaded, stack, translator_config
from page_for_tests import Opener
from playwright.sync_api import Page, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.page.manifest import page_data
from glassformer.inspection.trace import Trace
from glassformer.requests.inspection import InspectRequest

MODELS = {
    "post-norm": translator_config(),
    "pre-norm": translator_config(encoder=stack(norm="pre")),
}
BARS = "bars => bars.map(one => [one.textContent, Number(one.dataset.value)])"


@pytest.fixture(scope="module", params=MODELS)
def trace(request: pytest.FixtureRequest) -> Trace:
    return loaded(MODELS[request.param]).inspect(SENTENCE, to="fr")


@pytest.fixture(scope="module")
def document(trace: Trace) -> str:
    return document_of(page_data(trace, InspectRequest(text=SENTENCE, to="fr")))


def words_after(trace: Trace, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The mean of each word's vectors, of length 1."""
    rows = trace[name].astype(np.float64)
    of = trace.source.word_of_token
    means = np.stack(
        [
            np.mean([rows[t] for t, word in enumerate(of) if word == number], axis=0)
            for number in range(len(trace.source.words))
        ]
    )
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    found = means / np.linalg.norm(means, axis=1, keepdims=True)
    return found


def in_sight(page: Page, where: str) -> None:
    """Scroll there: a part is drawn when it comes near the window."""
    page.locator(f"#representation {where}").first.evaluate("one => one.scrollIntoView()")


def bars(page: Page, where: str) -> list[tuple[str, float]]:
    """Names and values of the bars."""
    found = page.locator(f"#representation {where} .gauge")
    in_sight(page, where)
    found.first.wait_for()
    return [(name.rstrip("−.0123456789"), value) for name, value in found.evaluate_all(BARS)]


def test_the_nearest_words_are_those_of_numpy(page_of: Opener, trace: Trace, document: str) -> None:
    page = page_of(document, query="word=dog")
    words, vectors = trace.source.words, words_after(trace, "encoder")
    dog = words.index("dog")
    cosines = vectors @ vectors[dog]
    order = [place for place in np.argsort(-cosines, kind="stable") if place != dog]
    found = bars(page, ".r-near")
    assert [name for name, _ in found] == [words[place] for place in order[: len(found)]]
    np.testing.assert_allclose([value for _, value in found], cosines[order[: len(found)]], 1e-12)
    page.locator("#representation .word-button", has_text="hungry").click()
    in_sight(page, ".r-near")
    expect(page.locator("#representation h4").first).to_have_text("Nearest to “hungry”")
    page.keyboard.press("Escape")
    expect(page.locator("#representation .word-button[aria-pressed=true]")).to_have_count(0)


@pytest.mark.slow
def test_r_forms_through_the_layers(page_of: Opener, trace: Trace, document: str) -> None:
    page = page_of(document)
    final = words_after(trace, "encoder")
    stages = ["encoder.embedding", *(f"encoder.layers.{k}" for k in range(3))]
    if trace.config.encoder.norm == "pre":
        stages.append("encoder")
    in_sight(page, ".r-forming")
    slider = page.get_by_role("slider", name="After which layer")
    assert slider.get_attribute("max") == str(len(stages) - 1)
    slider.focus()
    page.keyboard.press("Home")
    for name in stages:
        cosines = (words_after(trace, name) * final).sum(axis=1)
        page.wait_for_function(
            "value => Math.abs(document.querySelector('#representation .r-forming .gauge')"
            "?.dataset.value - value) < 1e-12",
            arg=cosines[0],
        )
        values = [value for _, value in bars(page, ".r-forming")]
        np.testing.assert_allclose(values, cosines, rtol=1e-12)
        page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(re.compile("after_layer"))  # R is where it begins


@pytest.mark.slow
def test_r_as_numbers(page_of: Opener, trace: Trace, document: str) -> None:
    page = page_of(document)
    in_sight(page, ".r-vectors")
    page.locator("#representation .r-vectors .matrix-toggle").click()
    shown = page.locator("#representation .r-vectors tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    numbers = [[float(cell.replace("−", "-")) for cell in row] for row in shown]
    np.testing.assert_allclose(numbers, trace["encoder"], rtol=5e-4)
