"""Learning in the page: what was recorded is what is shown; it plays, and says where nothing is."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models_for_tests import (
    SENTENCE,
    TAGS,
    loaded,
    random_model,
    tokenizer,
    translator_config,
    write_folder,
)
from page_for_tests import Opener
from playwright.sync_api import Page, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.page.manifest import page_data
from glassformer.inspection.trace import Trace
from glassformer.inspection.watch_file import read_watch
from glassformer.inspection.watched import WatchRecord
from glassformer.requests.inspection import InspectRequest
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting.watch import Watch
from glassformer.views import PageData

UPDATES = (0, 1, 3, 7)
LINKS = "all => all.map(one => [one.dataset.from, one.dataset.to, one.dataset.weight].map(Number))"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> WatchRecord:
    folder = write_folder(tmp_path_factory.mktemp("watched"), translator_config())
    model, text = random_model(translator_config()), Tokenizer(tokenizer())
    watch = Watch(folder, [SENTENCE], model, text, text, [tag for tag, _ in TAGS], UPDATES[-1])
    for update in UPDATES:
        watch(update)
        for weight in model.parameters():
            weight.mul_(0.8)
    return read_watch(folder)


@pytest.fixture(scope="module")
def trace() -> Trace:
    return loaded(translator_config()).inspect(SENTENCE, to="de")


def data(trace: Trace, record: WatchRecord | None) -> PageData:
    return page_data(trace, InspectRequest(text=SENTENCE, to="de"), record=record)


def learning(page: Page) -> Any:
    """The stop, in sight."""
    stop = page.locator("#learning")
    stop.evaluate("one => one.scrollIntoView()")
    return stop


def test_a_moment_is_as_it_was_recorded(page_of: Opener, trace: Trace, record: WatchRecord) -> None:
    page = page_of(document_of(data(trace, record)), query="at_step=2&layer=3&head=2&mass=1")
    stop = learning(page)
    expect(stop.locator("output.slider-value")).to_have_text("update 1 of 7")
    moment = record.at(2, to="de")
    for tag, translation in moment.translations.items():
        shown = stop.locator(f'.translation-then[data-to="{tag}"]')
        expect(shown).to_have_attribute("data-text", translation["text"])
    links = moment.attention(layer=3, head=2).view.links
    stop.locator(".link").first.wait_for()
    shown = {(f, t): weight for f, t, weight in stop.locator(".link").evaluate_all(LINKS)}
    wanted = {(one.from_, one.to): one.weight for one in links if one.weight > 0}
    assert shown.keys() >= wanted.keys()
    np.testing.assert_allclose([shown[at] for at in wanted], [*wanted.values()], atol=1e-6)

    before = record.at(0, to="de").attention(layer=3, head=2).view.links
    most = max(
        zip(links, before, strict=True), key=lambda pair: abs(pair[0].weight - pair[1].weight)
    )
    words = trace.source.words
    said = f"{words[most[0].from_]} → {words[most[0].to]}: {most[1].weight:.2f} → "
    expect(stop.locator(".most-changed li").first).to_have_text(f"{said}{most[0].weight:.2f}")


@pytest.mark.slow
def test_it_plays_by_the_clock_and_pauses(
    page_of: Opener, trace: Trace, record: WatchRecord
) -> None:
    page = page_of(document_of(data(trace, record)))
    page.clock.install()
    stop = learning(page)
    slider = stop.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "update 7 of 7")  # it does not play yet
    stop.get_by_role("button", name="Play").click()
    expect(slider).to_have_value("0")
    page.clock.run_for(700)
    expect(slider).to_have_value("1")
    expect(page).to_have_url(re.compile("at_step=1"))
    stop.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    expect(slider).to_have_value("1")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "update 3 of 7")
    stop.get_by_role("button", name="Play").click()
    page.clock.run_for(5000)
    expect(slider).to_have_value("3")
    expect(stop.get_by_role("button", name="Play")).to_be_visible()
    expect(page).not_to_have_url(re.compile("at_step"))


@pytest.mark.slow
def test_in_chinese_nothing_is_left_in_english(
    page_of: Opener, trace: Trace, record: WatchRecord
) -> None:
    stop = learning(page_of(document_of(data(trace, record), language="zh"), query="at_step=1"))
    stop.locator(".link").first.wait_for()
    stop.evaluate(
        "one => one.querySelectorAll('.marked-strip, svg, .most-changed')"
        ".forEach(text => text.remove())"
    )
    assert re.findall("[A-Za-z]{4,}", stop.inner_text()) == []


@pytest.mark.slow
def test_it_says_where_nothing_was_recorded(
    page_of: Opener, trace: Trace, record: WatchRecord
) -> None:
    page = page_of(document_of(data(trace, None)))
    assert "No sentence was watched" in learning(page).inner_text()
    other = loaded(translator_config()).inspect("the food was tasty", to="de")
    page = page_of(document_of(data(other, record)))
    said = learning(page).inner_text()
    assert "This sentence was not watched" in said
    assert SENTENCE in said


def test_a_sentence_whose_attention_was_never_a_number(
    tmp_path: Path, trace: Trace, record: WatchRecord
) -> None:
    model, text = random_model(translator_config()), Tokenizer(tokenizer())
    for weight in model.parameters():
        weight.fill_(float("nan"))
    folder = write_folder(tmp_path, translator_config())
    Watch(folder, [SENTENCE], model, text, text, [tag for tag, _ in TAGS], 7)(5)
    watch = data(trace, read_watch(folder)).manifest["watch"]
    assert (watch["updates"], watch["left_out"]) == ([], [5])
    manifest = data(trace, record).manifest
    assert manifest["watch"]["left_out"] == []
    assert manifest["watched_sentences"] == [SENTENCE]
    assert manifest["watch"]["to"] == "de"
