"""The panel that opens a cell: what it shows, where its operands lead, and how it is left."""

import dataclasses
import functools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from cells_for_tests import with_map
from models_for_tests import SENTENCE, loaded, translator_config
from page_for_tests import Opener
from playwright.sync_api import Page, Route, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.inspection.page.manifest import page_data
from glassformer.inspection.trace import Trace
from glassformer.requests.inspection import InspectRequest
from glassformer.views import PageData

SERVER = "http://127.0.0.1:9"
LAYER = "encoder.layers.1.self_attention"


@functools.cache
def trace() -> Trace:
    return loaded(translator_config(), seed=3).inspect(SENTENCE, to="fr", target="a dog ate")


@functools.cache
def data(with_weights: bool) -> PageData:
    return page_data(trace(), InspectRequest(text=SENTENCE, to="fr"), with_weights=with_weights)


@functools.cache
def document(with_weights: bool = True) -> str:
    return document_of(data(with_weights))


def cell(name: str, *at: int) -> str:
    return f"explain={name}&at={','.join(map(str, at))}"


def shown(page: Page) -> tuple[float | None, float | None]:
    """The numbers of the panel: recomputed, and in the trace."""
    found = page.locator(".cell-result dd[data-value]")
    values = [one.get_attribute("data-value") for one in found.all()]
    first, second = (float(one) if one else None for one in values)
    return first, second


def check(page: Page, name: str, at: tuple[int, ...]) -> None:
    """The panel shows this cell, and what `explain` says of it."""
    expect(page.locator(".cell-name")).to_have_text(f"{name}[{', '.join(map(str, at))}]")
    explained = trace().explain(name, at)
    recomputed, traced = shown(page)
    assert recomputed == pytest.approx(explained.recomputed, rel=1e-9, abs=1e-12)
    assert traced == explained.value
    expect(page.locator(".cell-equal")).to_contain_text("✓")


def follow(page: Page, text: str) -> None:
    """Go down to an operand."""
    page.locator(".cell-body .cell-link", has_text=text).first.click()


def test_operands_lead_from_the_weights_down_to_the_input(page_of: Opener) -> None:
    page = page_of(document(), query=cell(f"{LAYER}.weights", 1, 5, 2))
    check(page, f"{LAYER}.weights", (1, 5, 2))
    place = page.locator(".cell-place")
    for said in ("encoder", "layer 2", "head 2", "(token 6)", "(token 3)"):
        expect(place).to_contain_text(said)
    follow(page, "scaled scores [1, 5, 2]")
    check(page, f"{LAYER}.scaled_scores", (1, 5, 2))
    follow(page, "scores [1, 5, 2]")
    check(page, f"{LAYER}.scores", (1, 5, 2))
    expect(page.locator(".cell-count")).to_contain_text("7 of 7 terms")
    page.locator(".cell-rows tbody tr").nth(3).locator(".cell-link").first.click()
    check(page, f"{LAYER}.query", (1, 5, 3))
    page.wait_for_url(re.compile(r"[?&]at=1(,|%2C)5(,|%2C)3\b"))
    expect(page.locator(".cell-count")).to_contain_text("12 of 14 terms")
    page.locator(".cell-rows tbody tr").nth(4).locator(".cell-link").first.click()
    check(page, "encoder.layers.0", (5, 4))
    page.locator(".cell-trail .cell-link").nth(1).click()
    check(page, f"{LAYER}.scaled_scores", (1, 5, 2))
    page.locator(".cell-back").click()
    check(page, f"{LAYER}.weights", (1, 5, 2))
    expect(page.locator(".cell-trail")).to_be_empty()


@pytest.mark.slow
def test_a_map_opens_cells_and_escape_leads_back_to_it(page_of: Opener) -> None:
    page = page_of(document())
    with_map(page, f"{LAYER}.scores")
    panel, field = page.locator(".cell"), page.locator(".matrix-field")
    expect(panel).to_be_hidden()
    field.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    check(page, f"{LAYER}.scores", (0, 2, 1))
    expect(panel.locator("h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(field).to_be_focused()
    assert "explain" not in page.evaluate("__glassformer.context.store.state")
    field.click(position={"x": 5, "y": 5})
    check(page, f"{LAYER}.scores", (0, 0, 0))
    page.locator(".cell-close").click()
    expect(panel).to_be_hidden()


@pytest.mark.slow
def test_terms_stand_in_order_or_the_largest_first(page_of: Opener) -> None:
    page = page_of(document(), query=cell("encoder.layers.0.feed_forward", 2, 3))
    expect(page.locator(".cell-count")).to_contain_text("12 of 17 terms")
    operands = trace().explain("encoder.layers.0.feed_forward", (2, 3)).operands
    products = np.asarray(operands["x"]) * np.asarray(operands["w"])
    rows = page.locator(".cell-rows tbody tr th")
    assert rows.all_inner_texts() == [str(i) for i in range(12)]
    page.locator(".cell-count button").click()
    expect(page.locator(".cell-count button")).to_have_attribute("aria-pressed", "true")
    wanted = sorted(range(17), key=lambda i: (-abs(products[i]), i))
    assert rows.all_inner_texts() == [str(i) for i in wanted[:12]]
    page.get_by_role("button", name="show 5 more").click()
    assert rows.all_inner_texts() == [str(i) for i in wanted]
    strip = page.locator(".cell-strip")
    strip.focus()
    page.keyboard.press("ArrowRight")
    total = (products[:2].sum(), products[1])
    said = page.locator(".cell-said").inner_text().replace("−", "-")
    assert said.startswith("i = 1: ")
    numbers = [float(one) for one in re.findall(r"-?\d[\d.e-]*", said)[1:]]
    assert numbers == pytest.approx([total[1], total[0]], rel=1e-3)


def test_a_file_without_weights_says_so_and_shows_what_it_has(page_of: Opener) -> None:
    page = page_of(document(with_weights=False), query=cell(f"{LAYER}.query", 1, 5, 3))
    missing = page.locator(".cell-missing")
    expect(missing).to_contain_text(f"{LAYER}.query.weight")
    expect(missing).to_contain_text("--with-weights")
    expect(missing).to_contain_text("glassformer serve")
    explained = trace().explain(f"{LAYER}.query", (1, 5, 3))
    assert shown(page) == (None, explained.value)
    row = page.locator(".cell-rows tbody tr").nth(4).locator("td")
    expect(row).to_have_count(1)
    x = float(row.inner_text().replace("−", "-"))
    assert x == pytest.approx(np.asarray(explained.operands["x"])[4], rel=1e-3)
    row.locator("button").click()
    check(page, "encoder.layers.0", (5, 4))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "at"),
    [("decoder.layers.1.self_attention.weights", (3, 1, 2)), ("probabilities", (1, 0))],
)
def test_masked_cells_say_so(page_of: Opener, name: str, at: tuple[int, ...]) -> None:
    page = page_of(document(), query=cell(name, *at))
    expect(page.locator(".cell-body")).to_contain_text("exactly 0")
    assert shown(page)[0] == 0.0 == trace().explain(name, at).recomputed


@pytest.mark.slow
def test_weights_are_where_the_way_down_ends(page_of: Opener) -> None:
    page = page_of(document(), query=cell(f"{LAYER}.query", 1, 5, 3))
    follow(page, "b_Q [10]")
    expect(page.locator(".cell-name")).to_have_text(f"{LAYER}.query.bias[10]")
    value = trace().parameter(f"{LAYER}.query.bias")[10]
    said = page.locator(".cell-value").inner_text().replace("−", "-")
    assert float(said) == pytest.approx(float(value), rel=1e-7)
    expect(page.locator(".cell-body")).to_contain_text("learned in training")


@pytest.mark.slow
@pytest.mark.parametrize("row", [0, 2])
def test_probabilities_without_weights_are_the_likeliest_and_the_rest(
    page_of: Opener, row: int
) -> None:
    of = data(with_weights=False).manifest["passes"][0]["predictions"][row]
    entry = of["best"][-1]["id"]
    page = page_of(document(with_weights=False), query=cell("probabilities", row, entry))
    assert shown(page) == (None, of["best"][-1]["probability"])
    rows = page.locator(".cell-likeliest tbody tr")
    expect(rows).to_have_count(len(of["best"]) + 1)
    expect(page.locator(".cell-likeliest .chosen td").first).to_have_text(str(entry))
    said = rows.last.locator("td").last.inner_text().replace("−", "-")
    assert float(said) == pytest.approx(of["rest"], rel=1e-3, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "said"),
    [
        (cell(f"{LAYER}.weights", 1, 5, 99), "there is no cell [1, 5, 99]"),
        (cell("encoder.layers.9", 0, 0), "There is no step encoder.layers.9"),
    ],
)
def test_an_address_of_no_cell_is_told(page_of: Opener, query: str, said: str) -> None:
    page = page_of(document())
    with_map(page, f"{LAYER}.scores")
    asked = parse_qs(query)
    at = [int(one) for one in asked["at"][0].split(",")]
    page.evaluate(
        "([name, at]) => __glassformer.context.openCell(name, at)", [asked["explain"][0], at]
    )
    expect(page.locator(".cell .problem")).to_contain_text(said)


@pytest.mark.slow
def test_a_server_is_asked_for_what_the_page_does_not_hold(page_of: Opener) -> None:
    served = dataclasses.replace(
        data(with_weights=False), manifest={**data(with_weights=False).manifest, "home": "serve"}
    )
    asked: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        asked.append(query)
        at = tuple(map(int, query["at"][0].split(",")))
        explained = trace().explain(query["explain"][0], at)
        route.fulfill(json=explained.to_json())

    own = re.sub("<meta http-equiv=.Content-Security-Policy.*", "", document_of(served))
    page = page_of("<!doctype html><title>A page</title>")
    page.route(f"{SERVER}/", lambda route: route.fulfill(body=own, content_type="text/html"))
    page.route(f"{SERVER}/api/inspect?*", answer)
    page.goto(f"{SERVER}/")
    with_map(page, f"{LAYER}.scores")
    for name, at in ((f"{LAYER}.query", (1, 5, 3)), ("logits", (1, 4)), ("probabilities", (1, 2))):
        page.evaluate("([name, at]) => __glassformer.context.openCell(name, at)", [name, at])
        check(page, name, at)
    assert [one["explain"][0] for one in asked] == [f"{LAYER}.query", "logits", "probabilities"]
    assert {one["text"][0] for one in asked} == {SENTENCE}
    assert {one["to"][0] for one in asked} == {"fr"}


@pytest.mark.slow
def test_joined_heads_are_said_to_be_so(page_of: Opener) -> None:
    page = page_of(document(), query=cell(LAYER, 3, 2))
    expect(page.locator(".cell-sources code").first).to_have_text("[0…1, 3, i]")
    page.locator(".cell-rows tbody tr").nth(9).locator(".cell-link").first.click()
    check(page, f"{LAYER}.context", (1, 3, 2))


@pytest.mark.slow
def test_cells_of_the_second_sentence_are_opened_and_found_again(page_of: Opener) -> None:
    other = loaded(translator_config(), seed=3).inspect("the dog was tasty", to="fr", target="a")
    both = page_data(trace(), InspectRequest(text=SENTENCE), compared=other, with_weights=True)
    page = page_of(document_of(both), query=cell(f"right/{LAYER}.query", 1, 2, 3))
    explained = other.explain(f"{LAYER}.query", (1, 2, 3))
    recomputed, traced = shown(page)
    assert recomputed == pytest.approx(explained.recomputed, rel=1e-9)
    assert traced == explained.value
    page.locator(".cell-rows tbody tr").nth(4).locator(".cell-link").first.click()
    expect(page.locator(".cell-name")).to_have_text("encoder.layers.0[2, 4]")
    assert shown(page)[1] == other["encoder.layers.0"][2, 4]
    page.wait_for_url(re.compile(r"explain=right(/|%2F)encoder\.layers\.0&"))


@pytest.mark.slow
def test_what_was_opened_is_seen_above_the_panel_on_a_phone(page_of: Opener) -> None:
    page = page_of(document(), width=400)
    with_map(page, f"{LAYER}.scores")
    page.evaluate("document.querySelector('main').prepend(document.createElement('p'))")
    page.evaluate("document.querySelector('main p').style.height = '600px'")
    page.locator(".matrix-field").click(position={"x": 5, "y": 5})
    expect(page.locator(".cell-equal")).to_be_visible()
    panel = page.locator(".cell").bounding_box()
    field = page.locator(".matrix-field").bounding_box()
    assert panel is not None
    assert field is not None
    assert 0 <= field["y"] < field["y"] + 100 < panel["y"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(400, "dark", "zh"), (400, "light", "en"), (1600, "dark", "en"), (1600, "light", "zh")],
)
def test_all_can_use_the_map_and_the_panel(
    page_of: Opener, violations: Callable[[Page], list[str]], width: int, theme: Any, language: Any
) -> None:
    page = page_of(document(), width=width, theme=theme, language=language)
    with_map(page, f"{LAYER}.scores", language)
    page.locator(".matrix-toggle").click()
    page.locator(".matrix-field").click(position={"x": 5, "y": 5})
    expect(page.locator(".cell-equal")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if language == "zh":
        words = page.locator(".cell").inner_text()
        assert "recomputed" not in words
        assert "重新算出" in words
