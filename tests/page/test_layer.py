"""One layer in the page: every number shown is the trace's, for models built in different ways."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, minilm, stack, translator_config
from page_for_tests import Opener
from playwright.sync_api import Locator, Page, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load
from glassformer.library.pages import page_data
from glassformer.requests.inspection import InspectRequest
from glassformer.requests.reading import read_request

ENGLISH = re.compile(r"[A-Za-z]{4,}")
FOLLOWED = 6
"""The row of "it" in SENTENCE, without a token before it."""

SCROLL_TO_UNDRAWN = """stop => {
  const part = document.querySelector(`#${stop} .undrawn`);
  part?.scrollIntoView();
  return part !== null;
}"""


def pre_norm() -> Glassformer:
    small = stack(norm="pre", activation="gelu")
    return loaded(translator_config(encoder=small))


def document(model: Glassformer, language: str = "en", **asked: str) -> str:
    request = read_request(InspectRequest, {"text": SENTENCE, **asked})
    return document_of(page_data(request, model), language="zh" if language == "zh" else "en")


def trace_of(model: Glassformer) -> Trace:
    trace = model.answer(InspectRequest(text=SENTENCE)).trace
    assert isinstance(trace, Trace)
    return trace


def as_number(text: str) -> float:
    return float(text.replace("−", "-"))


def rounded(value: float) -> float:
    """As the page writes it: four significant digits."""
    return float(f"{value:.4g}")


def block(page: Page, kind: str, number: int = 0) -> Locator:
    found = page.locator(f"#layer .layer-block[data-kind={kind}]").nth(number)
    found.scroll_into_view_if_needed()
    expect(found.locator(".undrawn")).to_have_count(0)
    return found


def value_in(within: Locator, symbol: str, right: int = 0) -> float:
    """What a matrix says of the row followed, so many columns to the right of its first."""
    field = within.locator(f".step-matrix[data-symbol='{symbol}'] .matrix-field").first
    field.focus()
    for _ in range(right):
        field.press("ArrowRight")
    figure = within.locator(f".step-matrix[data-symbol='{symbol}'] .matrix-value").first
    said = figure.text_content() or ""
    return as_number(said.rpartition(":")[2])


def step(page: Page, number: int) -> Locator:
    found = page.locator(f"#layer .numbered-step[data-step='{number}']")
    found.scroll_into_view_if_needed()
    expect(found.locator(".undrawn")).to_have_count(0)
    return found


def table(within: Locator, rows: str = "tbody tr") -> list[list[str]]:
    within.locator(rows).first.wait_for()
    found: list[list[str]] = within.locator(rows).evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    return found


def check_attention(page: Page, trace: Trace, layer: int, head: int, row: int) -> None:
    name = f"encoder.layers.{layer - 1}.self_attention"
    for number, symbol, role in (
        (0, "Q", "query"),
        (0, "K", "key"),
        (0, "V", "value"),
        (1, "scores", "scores"),
        (2, "scaled scores", "scaled_scores"),
        (3, "weights", "weights"),
        (4, "Z", "context"),
    ):
        shown = value_in(step(page, number), symbol, right=2)
        assert shown == rounded(trace[f"{name}.{role}"][head - 1, row, 2]), symbol
    numbers = step(page, 3).locator("tbody tr")
    keys = [int(key) for key in numbers.evaluate_all("all => all.map(one => one.dataset.key)")]
    for key, cells in zip(keys, table(step(page, 3)), strict=True):
        of = head - 1, row, key
        assert as_number(cells[0]) == rounded(trace[f"{name}.scores"][of])
        assert as_number(cells[1]) == rounded(trace[f"{name}.scaled_scores"][of])
        assert as_number(cells[2]) == pytest.approx(trace[f"{name}.weights"][of], abs=5.1e-5)


def check_norm(within: Locator, trace: Trace, before: str, after: str) -> None:
    """Mean and spread of each row, before and after."""
    wanted = []
    for name in (before, after):
        numbers = trace[name].astype(np.float64)
        wanted += [numbers.mean(axis=1), numbers.std(axis=1)]
    shown = [
        [as_number(cells[column]) for column in (0, 1, 3, 4)]
        for cells in table(within.locator(".measures"))
    ]
    np.testing.assert_allclose(shown, np.stack(wanted, axis=1), atol=5.1e-4)


def check_firing(within: Locator, trace: Trace, name: str, row: int) -> None:
    """How many hidden units are above 0, and which are the largest."""
    hidden = trace[name]
    assert [int(cells[0]) for cells in table(within.locator(".firing"))] == [
        int(count) for count in (hidden > 0).sum(axis=1)
    ]
    units = within.locator(".strongest li").evaluate_all("all => all.map(one => one.dataset.unit)")
    largest = np.sort(hidden[row])[::-1][: len(units)]
    np.testing.assert_array_equal(hidden[row][[int(unit) for unit in units]], largest)


def test_each_step_of_a_pre_norm_layer_is_the_trace_s(page_of: Opener) -> None:
    model = pre_norm()
    trace = trace_of(model)
    page = page_of(document(model), query="layer=3&head=2&word=dog")
    row = trace.source.word_of_token.index(trace.source.words.index("dog"))
    kinds = page.locator("#layer .layer-block").evaluate_all("all => all.map(o => o.dataset.kind)")
    assert kinds == ["norm", "attention", "add_norm", "norm", "feed_forward", "add_norm", "output"]
    check_attention(page, trace, 3, 2, row)
    layer = "encoder.layers.2"
    check_norm(block(page, "norm"), trace, "encoder.layers.1", f"{layer}.add_norm_1.norm")
    check_norm(block(page, "norm", 1), trace, f"{layer}.add_norm_1", f"{layer}.add_norm_2.norm")
    check_firing(block(page, "feed_forward"), trace, f"{layer}.feed_forward.hidden", row)
    assert value_in(block(page, "add_norm", 1), "sum", 3) == rounded(
        trace[f"{layer}.add_norm_2"][row, 3]
    )
    assert value_in(block(page, "output"), "output") == rounded(trace[layer][row, 0])


def test_layer_and_head_are_chosen_by_keys_and_buttons(page_of: Opener) -> None:
    model = pre_norm()
    trace = trace_of(model)
    page = page_of(document(model))
    reason = page.locator("#layer .head-reason")
    expect(reason).to_have_text("Head 1 is the one that the model card recommends: for the test")
    layers = page.locator("#layer [role=radiogroup]").first
    expect(layers.locator("[aria-checked=true]")).to_have_text("2")
    layers.locator("[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    expect(layers.locator("[aria-checked=true]")).to_be_focused()
    expect(layers.locator("[aria-checked=true]")).to_have_text("3")
    page.wait_for_url(re.compile(r"[?&]layer=3\b"))
    expect(reason).to_have_text("Head 1 is shown: the model card names none in this layer.")
    name = "encoder.layers.2.self_attention.context"
    page.locator("#layer .joined").scroll_into_view_if_needed()
    page.locator("#layer .all-heads button[data-again=head-2]").press("Enter")
    expect(page.locator("#layer .all-heads button[data-again=head-2]")).to_be_focused()
    expect(reason).to_have_text("Head 2 was chosen.")
    last = len(trace.source.words) - 1
    row = trace.source.word_of_token.index(trace.source.words.index("it"))
    assert value_in(step(page, 4), "Z") == rounded(trace[name][1, row, 0])
    page.locator("#layer .word-choice button").nth(last).click()
    row = trace.source.word_of_token.index(last)
    expect(step(page, 4).locator("p.faint")).to_contain_text(trace.source.tokens[row])
    assert value_in(step(page, 4), "Z") == rounded(trace[name][1, row, 0])


@pytest.mark.slow
def test_the_steps_come_one_by_one(page_of: Opener) -> None:
    page = page_of(document(loaded(encoder_config())), moves=True)
    buttons = page.locator("#layer .flow-buttons button")
    step(page, 0)
    buttons.nth(2).click()
    expect(page.locator("#layer .numbered-step.to-come")).to_have_count(4)
    expect(page.locator("#layer .flow-at")).to_have_text("First Q, K and V")
    expect(page.locator("#layer .moving").first).to_be_attached()
    buttons.nth(2).click()
    expect(page.locator("#layer [aria-current=step]")).to_have_attribute("data-step", "1")
    expect(page.locator("#layer .moving")).to_have_count(0)
    buttons.nth(3).click()
    expect(page.locator("#layer .numbered-step.to-come")).to_have_count(0)


def test_a_layer_without_norm_and_one_token_has_its_parts(page_of: Opener) -> None:
    model = loaded(encoder_config(encoder=stack(norm="none", scale_scores=False)))
    page = page_of(document(model, text="a"))
    kinds = page.locator("#layer .layer-block").evaluate_all("all => all.map(o => o.dataset.kind)")
    assert kinds == ["attention", "add_norm", "feed_forward", "add_norm", "output"]
    expect(step(page, 2)).to_contain_text("not divided in this model")
    expect(page.locator("#layer .measures")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("model", [load, minilm], ids=["box", "MiniLM"])
def test_each_step_of_a_real_model_is_the_trace_s(
    page_of: Opener, model: Callable[[], Glassformer]
) -> None:
    real = model()
    trace = trace_of(real)
    card = trace.config.shown_head
    assert card is not None
    page = page_of(document(real))
    row = trace.source.word_of_token.index(FOLLOWED)
    check_attention(page, trace, card.layer, card.head, row)
    layer = f"encoder.layers.{card.layer - 1}"
    for number in (1, 2):
        name = f"{layer}.add_norm_{number}"
        check_norm(block(page, "add_norm", number - 1), trace, f"{name}.sum", name)
    check_firing(block(page, "feed_forward"), trace, f"{layer}.feed_forward.hidden", row)
    within = block(page, "attention")
    output = within.locator(".joined")
    output.scroll_into_view_if_needed()
    assert value_in(output, "output", 5) == rounded(trace[f"{layer}.self_attention"][row, 5])


@pytest.mark.slow
def test_input_and_layer_are_chinese_for_chinese_readers(page_of: Opener) -> None:
    page = page_of(document(loaded(translator_config()), "zh", to="fr"), language="zh")
    for stop in ("input", "layer"):
        while page.evaluate(SCROLL_TO_UNDRAWN, stop):
            page.wait_for_timeout(30)
        spoken = page.locator(f"#{stop}").evaluate(
            """stop => {
              const copy = stop.cloneNode(true);
              const names = "bdi, code, pre, .formula, .head-reason, .step-shape";
              for (const name of copy.querySelectorAll(names)) name.remove();
              return copy.textContent;
            }"""
        )
        words = set(ENGLISH.findall(spoken)) - {"softmax", "LayerNorm", "ReLU", "concat"}
        assert words - {"model", "head"} == set(), words
