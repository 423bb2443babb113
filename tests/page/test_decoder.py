"""The decoder in the page: candidates, attention and search are those of the trace."""

import re

import numpy as np
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, translator_config
from page_for_tests import Opener
from playwright.sync_api import Page, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer
from glassformer.library.pages import page_data
from glassformer.requests.inspection import InspectRequest
from glassformer.requests.reading import read_request

ENGLISH = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


def document(model: Glassformer, language: str = "en", **asked: str) -> str:
    request = read_request(InspectRequest, {"text": SENTENCE, **asked})
    return document_of(page_data(request, model), language="zh" if language == "zh" else "en")


@pytest.fixture(scope="module")
def trace(model: Glassformer) -> Trace:
    trace = model.answer(InspectRequest(text=SENTENCE, to="fr", history=True)).trace
    assert isinstance(trace, Trace)
    return trace


def in_sight(page: Page, where: str) -> None:
    """Scroll there: a part is drawn when it comes near the window."""
    page.locator(f"#decoder {where}").first.evaluate("one => one.scrollIntoView()")


def values(page: Page, where: str, kind: str) -> list[float]:
    """The numbers that elements carry."""
    in_sight(page, ".what-comes")
    found = page.locator(f"#decoder {where}")
    found.first.wait_for()
    return [float(one) for one in found.evaluate_all(f"all => all.map(one => one.dataset.{kind})")]


def test_a_row_as_arrow_keys_reach_it(page_of: Opener, model: Glassformer, trace: Trace) -> None:
    page = page_of(document(model, to="fr"), query="part=cross&layer=2&head=3")
    page.locator("#decoder .step-token.current").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    row, target = 2, trace.target
    assert target is not None
    expect(page).to_have_url(re.compile("position=3"))
    current = page.locator("#decoder .step-token.current")
    expect(current).to_be_focused()
    prediction = trace.predictions[row]
    expect(current).to_have_text(prediction.token or "")

    shown = values(page, ".candidates .gauge", "value")
    assert shown == [one.probability for one in prediction.best]
    (rest,) = values(page, ".rest .gauge:last-child", "value")
    assert rest == pytest.approx(1 - sum(shown), abs=1e-6)  # float32
    assert f"rank {prediction.rank}," in (page.locator(".what-comes p").first.text_content() or "")

    expect(page.locator("#decoder .cross-row .strip-token").first).to_be_visible()
    for where, part in (("cross", "cross"), ("self", "self")):
        weights = trace[f"decoder.layers.1.{part}_attention.weights"][2, row]
        shown = values(page, f".{where}-row .strip-token", "weight")
        np.testing.assert_allclose(shown, weights, atol=5e-7)
    expect(page.locator("#decoder .self-row .masked")).to_have_count(len(target.tokens) - row - 1)


@pytest.mark.slow
def test_the_mean_of_all_heads(page_of: Opener, model: Glassformer, trace: Trace) -> None:
    page = page_of(document(model, to="fr"))
    shown = values(page, ".cross-row .strip-token", "weight")
    heads = [trace[f"decoder.layers.{k}.cross_attention.weights"][:, 0] for k in range(2)]
    np.testing.assert_allclose(shown, np.mean(heads, axis=(0, 1)), atol=1e-6)
    page.get_by_label("Head of the decoder").select_option("5")  # of the last layer
    expect(page.get_by_label("Layer of the decoder")).to_have_value("2")
    expect(page).to_have_url(re.compile("part=cross&layer=2&head=5"))


@pytest.mark.slow
def test_the_search(page_of: Opener, model: Glassformer, trace: Trace) -> None:
    page = page_of(document(model, to="fr"), query="position=2")
    assert trace.history is not None
    assert trace.target_as_predicted is not None
    steps = trace.history.steps
    outputs = trace.target_as_predicted.tokens
    assert values(page, ".considered", "score") == [one.score for step in steps for one in step]
    path = [one.score for step in steps for one in step if one.tokens == outputs[: len(one.tokens)]]
    assert values(page, ".considered.chosen", "score") == path
    rows = page.locator("#decoder .step-table tbody tr")
    expect(rows).to_have_count(len(steps[1]))
    for row, one in zip(rows.all(), steps[1], strict=True):
        assert (row.text_content() or "").endswith(one.fate)
    page.locator("#decoder .step-number").last.click()
    expect(page).to_have_url(re.compile(f"position={len(steps)}"))


@pytest.mark.slow
def test_in_chinese_nothing_is_left_in_english(page_of: Opener, model: Glassformer) -> None:
    page = page_of(document(model, "zh", to="fr"))
    in_sight(page, ".what-comes")
    expect(page.locator("#decoder .cross-row")).to_be_visible()
    page.evaluate(
        "document.querySelectorAll('#decoder :is(.gauge-name, .step-token, .strip-text, bdi, td,"
        " .considered, mark, table.numbers)').forEach(one => one.remove())"
    )
    said = page.locator("#decoder").inner_text()
    said = re.sub(r"“[^”]*”", "", said)
    assert ENGLISH.findall(said) == []


def test_where_there_is_no_decoder_one_sentence_says_so(page_of: Opener) -> None:
    page = page_of(document(loaded(encoder_config())))
    expect(page.locator("#decoder p")).to_have_text(
        "This model has no decoder: what it makes of a sentence is R."
    )
    expect(page.locator("#decoder > *")).to_have_count(2)


@pytest.mark.slow
def test_a_given_target_has_no_search(page_of: Opener, model: Glassformer) -> None:
    page = page_of(document(model, to="fr", target="狗吃了"))
    expect(page.locator("#decoder .search p")).to_have_text(
        "There was no search: the target was given."
    )
    expect(page.locator("#decoder .step-token").last).to_have_text("</s>")
