"""The tour: eight stops on the reader's own sentence, in both languages, of the model at hand."""

import re

import numpy as np
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, translator_config
from page_for_tests import Opener, until
from playwright.sync_api import expect

from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, page
from glassformer.requests.inspection import InspectRequest

STOPS = ["whole", "attention", "layer", "attention", "input", "layer", "layer"]
LATIN = {"softmax", "ReLU", "Glassformer", "logits", "LayerNorm", "sin", "cos", "hidden"}
"""Terms, and names in formulas."""


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


@pytest.fixture(scope="module")
def document(model: Glassformer) -> str:
    return page(SENTENCE, model=model, to="fr")


def own_words(model: Glassformer) -> set[str]:
    """What the tour quotes: the sentence, and the reason of the model's card."""
    card = model.config.shown_head
    assert card is not None
    return {*re.findall(r"\w+", f"{SENTENCE} {card.reason}")}


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_eight_stops_from_the_first_to_the_last(
    page_of: Opener, model: Glassformer, document: str, language: str
) -> None:
    page = page_of(document, width=1400, query=f"language={language}#tour-1")
    tour = page.locator(".tour")
    titles = set()
    for number, stop in enumerate([*STOPS, "decoder"], 1):
        expect(tour.locator("[aria-current=step]")).to_have_text(str(number))
        assert page.evaluate("location.hash") == f"#tour-{number}"
        titles.add(tour.locator("h2").inner_text())
        assert tour.locator(".tour-formula").count() >= 1
        assert re.search(r"glassformer/\w+/\w+\.py", tour.locator(".tour-files").inner_text())
        assert not tour.locator("details p").is_visible()
        tour.locator("summary").click()
        assert len(tour.locator("details p").inner_text()) > 40
        tour.locator("[data-keep=tour-try]").click()
        until(
            page,
            f"Math.abs(document.getElementById('{stop}').getBoundingClientRect().top - 100) < 100",
        )
        if language == "zh":
            words = re.findall(r"[A-Za-z]{3,}", spoken(tour.inner_text()))
            own = own_words(model) | {"the", "dog", "bites", "man"}
            assert {one for one in words if one not in LATIN | own} == set()
        if number < 8:
            tour.locator(".tour-next").click()
    assert len(titles) == 8
    expect(tour.locator(".tour-dot.is-seen")).to_have_count(8)
    page.go_back()
    expect(tour.locator("[aria-current=step]")).to_have_text("7")


def spoken(text: str) -> str:
    """Without source files, formulas and what the page quotes."""
    return re.sub(r"glassformer/\S+|“[^”]*”|\w*[(/=·²√]\S*", "", text)


@pytest.mark.slow
def test_keys_lead_through_it_and_out(page_of: Opener, document: str) -> None:
    page = page_of(document, width=400, touch=True)
    page.get_by_role("button", name="Tour").click()
    tour = page.locator(".tour")
    expect(tour.locator("h2")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tour.locator("[aria-current=step]")).to_have_text("2")
    page.keyboard.press("ArrowLeft")
    expect(tour.locator("[aria-current=step]")).to_have_text("1")
    page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    expect(page.get_by_role("button", name="Tour")).to_be_focused()
    assert "tour" not in page.evaluate("location.hash")


@pytest.mark.slow
def test_its_numbers_are_those_of_the_trace(
    page_of: Opener, model: Glassformer, document: str
) -> None:
    page = page_of(document, width=1400, query="layer=2&head=2&word=it#tour-2")
    expect(page.locator(".tour-body")).to_contain_text("In head 2 of layer 2,")
    said = page.locator(".tour-body").inner_text()
    found = re.search(r"In head 2 of layer 2, .* from “it” is “(\w+)”: ([0-9.]+)\.", said)
    assert found is not None
    trace = model.answer(InspectRequest(text=SENTENCE, to="fr")).trace
    assert isinstance(trace, Trace)
    weights = trace["encoder.layers.1.self_attention.weights"][1]
    source = trace.source
    of_word = np.array([-1 if one is None else one for one in source.word_of_token])
    it = source.words.index("it")
    row = weights[of_word == it].mean(0)
    sums = {index: row[of_word == index].sum() for index in range(len(source.words)) if index != it}
    largest = max(sums, key=lambda index: sums[index])
    assert (found[1], found[2]) == (source.words[largest], f"{sums[largest]:.2f}")
    first = trace.predictions[0]
    page.locator(".tour-dot").last.click()
    expect(page.locator(".tour-body")).to_contain_text(f"the probability {first.probability:.2f}")


@pytest.mark.slow
def test_an_encoder_s_tour_ends_at_r(page_of: Opener) -> None:
    page = page_of(page_of_encoder(), width=1400, query="#tour-8")
    tour = page.locator(".tour")
    expect(tour.locator("h2")).to_have_text("R, and no decoder")
    assert page.evaluate("document.querySelector('[aria-current=location]').dataset.stop") == (
        "representation"
    )


def page_of_encoder() -> str:
    return page(SENTENCE, model=loaded(encoder_config()))
