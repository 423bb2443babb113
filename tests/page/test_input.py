"""The input in the page: tokens, ids, X, P and their sum are the trace's."""

import numpy as np
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, stack, translator_config
from page_for_tests import Opener
from playwright.sync_api import Page, expect

from glassformer.drawing.html import page_of as document_of
from glassformer.library import Glassformer
from glassformer.library.pages import page_data
from glassformer.requests.inspection import InspectRequest


def opened(page_of: Opener, model: Glassformer, request: InspectRequest) -> Page:
    page = page_of(document_of(page_data(request, model)))
    page.locator("#input .input-sum").scroll_into_view_if_needed()
    expect(page.locator("#input .undrawn")).to_have_count(0)
    return page


def texts(page: Page, where: str) -> list[str]:
    return page.locator(f"#input {where}").all_text_contents()


def value(page: Page, symbol: str, right: int) -> float:
    matrix = page.locator(f"#input .step-matrix[data-symbol='{symbol}']").first
    matrix.locator(".matrix-field").focus()
    for _ in range(right):
        page.keyboard.press("ArrowRight")
    said = matrix.locator(".matrix-value").text_content() or ""
    return float(said.rpartition(":")[2].replace("−", "-"))


def test_tokens_ids_and_the_sum_of_both_sides(page_of: Opener) -> None:
    model = loaded(translator_config())
    request = InspectRequest(text=SENTENCE + " 😀", to="fr", word=("because",))
    trace = model.answer(request).trace
    page = opened(page_of, model, request)
    assert texts(page, ".token") == list(trace.source.tokens)
    assert list(map(int, texts(page, ".id"))) == trace["source.tokens"].tolist()
    special = page.locator("#input .token.special").all_text_contents()
    assert special == ["</s>"]
    because = trace.source.words.index("because")
    pieces = trace.source.word_of_token.count(because)
    assert pieces > 1
    cell = page.locator(f"#input td[data-word='{because}']")
    expect(cell).to_have_attribute("colspan", str(pieces))
    expect(page.locator("#input .token.followed")).to_have_count(pieces)
    row = trace.source.word_of_token.index(because)
    names = {"X": "tokens", "P": "positions"}
    for symbol, name in names.items():
        shown = trace[f"encoder.embedding.{name}"][row, 3]
        assert value(page, symbol, 3) == float(f"{shown:.4g}")
    assert value(page, "X + P", 3) == float(f"{trace['encoder.embedding'][row, 3]:.4g}")
    for wave in page.locator("#input .wave").all():
        feature = int(wave.get_attribute("data-feature") or "")
        shown = trace["encoder.embedding.positions"][row, feature]
        text = wave.locator("button").text_content() or ""
        said = float(text.rpartition(":")[2].replace("−", "-"))
        np.testing.assert_allclose(said, shown, rtol=5.1e-4, atol=1e-9)
    assert trace.target is not None
    page.locator("#input .side-choice button").nth(1).click()
    expect(page.locator("#input .token").first).to_have_text(trace.target.tokens[0])
    expect(page.locator("#input .input-sum")).to_contain_text("does not multiply")
    page.locator("#input td[data-word] button").first.click()
    expect(page.locator("#input td[data-word='0']")).to_have_class("followed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "symbols", "said"),
    [
        ({"positions": "none"}, ["X"], "This model has no positions"),
        ({"positions": "learned"}, ["X", "P", "X + P"], "P is learned"),
        (
            {"positions": "sinusoidal_halves", "token_types": 2, "embedding_norm": True},
            ["X", "P", "T", "X + P + T", "LayerNorm(X + P + T)"],
            "cosines in the second",
        ),
    ],
)
def test_other_positions_are_said(
    page_of: Opener, changes: dict[str, object], symbols: list[str], said: str
) -> None:
    model = loaded(encoder_config(encoder=stack(**changes)))
    page = opened(page_of, model, InspectRequest(text="dog"))
    found = page.locator("#input .step-matrix")
    assert found.evaluate_all("all => all.map(one => one.dataset.symbol)") == symbols
    expect(page.locator("#input [data-positions]")).to_contain_text(said)
