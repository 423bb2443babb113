"""The shell of the page: ways to its stops, the address, languages, themes, and what goes wrong."""

import re

import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, translator_config
from page_for_tests import Opener, Windows, until
from playwright.sync_api import Browser, Page, expect

from glassformer.library import Glassformer, page

STOPS = [
    "whole",
    "sentence",
    "compare",
    "input",
    "layer",
    "attention",
    "representation",
    "decoder",
    "learning",
]

LATIN = {
    "d_model",
    "softmax",
    "logits",
    "ReLU",
    "LayerNorm",
    "Transformer",
    "Glassformer",
    "English",
    "random",
}
"""Terms and names that Chinese has no other word for."""

VISIBLE_TEXT = """(where) => [...document.querySelectorAll(where)].flatMap((root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("code, .formula, script, style, [lang=en], .translation")) continue;
    if (parent.checkVisibility()) found.push(walker.currentNode.textContent);
  }
  return found;
})"""


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


@pytest.fixture(scope="module")
def document(model: Glassformer) -> str:
    return page(SENTENCE, model=model, to="fr")


def english_in(page: Page, where: str) -> list[str]:
    """What is written in Latin letters and is no term, formula or text of the user's."""
    own = {word.lower() for word in re.findall(r"\w+", SENTENCE)}
    said = page.evaluate(VISIBLE_TEXT, where)
    return [
        text
        for text in said
        for word in re.findall(r"[A-Za-z_]{2,}", text)
        if word not in LATIN and word.lower() not in own
    ]


def wait_until_in_sight(page: Page, stop: str) -> None:
    """At the top of the window, to which it is held while other stops are still drawn."""
    until(
        page, f"Math.abs(document.getElementById('{stop}').getBoundingClientRect().top - 100) < 100"
    )


def test_the_map_leads_to_stops_and_the_address_leads_back(page_of: Opener, document: str) -> None:
    page = page_of(document, width=1300, moves=True)
    expect(page.locator("main > section")).to_have_count(len(STOPS))
    assert page.title() == f"{SENTENCE} · Glassformer"
    assert page.evaluate("[...document.querySelectorAll('h1')].length") == 1
    page.get_by_label("encoder layer 2", exact=True).first.click()
    expect(page.locator("#layer-title")).to_be_focused()
    wait_until_in_sight(page, "layer")
    assert page.evaluate("location.hash") == "#layer"
    until(page, "location.search.includes('layer=2')")
    page.locator(".map-stops a[data-stop=representation]").click()
    assert page.evaluate("location.hash") == "#representation"
    wait_until_in_sight(page, "representation")
    page.go_back()
    until(page, "location.hash === '#layer'")
    until(page, "document.querySelector('[data-stop=layer]').ariaCurrent")
    page.go_back()
    until(page, "location.hash === ''")
    assert "layer=2" not in page.evaluate("location.search")

    again = page_of(document, width=400, query="layer=2#layer", touch=True)
    until(again, "document.querySelector('.map-strip select').value === 'layer'")
    wait_until_in_sight(again, "layer")
    assert again.locator(".map-box.is-chosen").get_attribute("aria-label") == "encoder layer 2"
    assert again.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_language_and_theme_change_without_a_new_page(page_of: Opener, document: str) -> None:
    page = page_of(document, width=1300, query="layer=2&word=it")
    page.evaluate("window.stays = 1")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#whole-title")).to_have_text("整体结构")
    expect(page.get_by_role("button", name="English")).to_be_focused()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    where = ".skip, .brand, .map, .opening, #whole, #sentence, footer"
    assert english_in(page, where) == []
    page.get_by_label("颜色主题").select_option("dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 29)"
    until(page, "location.search.includes('theme=dark')")
    query = page.evaluate("location.search")
    for setting in ("language=zh", "layer=2", "word=it"):
        assert setting in query
    page.get_by_role("button", name="English").click()
    expect(page.locator("#whole-title")).to_have_text("The whole")
    assert page.evaluate("window.stays") == 1


@pytest.mark.slow
def test_the_whole_is_that_of_the_model(page_of: Opener, model: Glassformer, document: str) -> None:
    page = page_of(document, width=1300, query="layer=1")
    config = model.config
    assert config.decoder is not None
    for side, layers in (
        ("encoder", config.encoder.num_layers),
        ("decoder", config.decoder.num_layers),
    ):
        stack = page.locator(f".stack[data-side={side}]")
        assert stack.locator(".closed").count() == layers - 1
        assert stack.locator(".opened").count() == 1
    # R goes into every decoder layer.
    assert page.locator(".way-line.memory").count() == config.decoder.num_layers
    assert page.locator(".stack[data-side=encoder] .joins").count() == 2
    assert page.locator(".stack[data-side=decoder] .joins").count() == 3
    page.locator(".stack[data-side=encoder] .closed").last.click()
    until(page, "location.hash === '#layer'")
    until(page, f"location.search.includes('layer={config.encoder.num_layers}')")


@pytest.mark.slow
def test_an_encoder_has_no_decoder_to_show(page_of: Opener) -> None:
    page = page_of(page_of_encoder(), width=1300)
    expect(page.locator(".stack")).to_have_count(1)
    assert "no decoder" in page.locator("#whole").inner_text()
    assert "without a decoder" in page.locator("#sentence").inner_text()


def page_of_encoder() -> str:
    return page(SENTENCE, model=loaded(encoder_config()))


@pytest.mark.slow
def test_what_an_address_asks_in_vain_is_said(page_of: Opener, document: str) -> None:
    page = page_of(document, query="text=another&layer=99&theme=pink&word=it&<b>=1")
    said = page.locator(".opening").inner_text()
    assert "were left out: theme, <b>" in said
    assert "do not fit this sentence and were left out: layer" in said
    assert "another (text), which takes a server" in said
    expect(page.locator("h1")).to_have_text(SENTENCE)
    assert page.locator("#sentence textarea").count() == 0


BROKEN = {
    "JSON": (r'"schema":"glassformer.page/1"', '"schema":', "description of its numbers"),
    "version": (r"glassformer\.page/1\"", 'glassformer.page/9"', "of version glassformer.page/9"),
    "manifest": (r'id="glassformer-page"', 'id="x"', "description of its numbers"),
    "end": (r"(?s)<script type=\"module\">.*", "", "when the file is incomplete"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_says_so(page_of: Opener, document: str, what: str) -> None:
    pattern, replacement, said = BROKEN[what]
    broken, count = re.subn(pattern, lambda _: replacement, document, count=1)
    assert count == 1
    page = page_of(broken)
    expect(page.locator("#glassformer")).to_contain_text(said)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "replacement", "said"),
    [
        (r'data-block="encoder.layers.0"', 'data-block="gone"', "are missing in this file"),
        (r'(data-block="encoder.layers.0">)[^<]{40}', r"\1", "are damaged"),
        (r'(data-block="encoder.layers.0">)', r"\1!!", "are damaged"),
        (
            "<head>",
            "<head><script>delete window.DecompressionStream</script>",
            "it has no DecompressionStream",
        ),
    ],
)
def test_numbers_that_are_broken_are_missed_where_they_are_looked_at(
    browser: Browser, tmp_path: object, document: str, pattern: str, replacement: str, said: str
) -> None:
    broken, count = re.subn(pattern, replacement, document, count=1)
    assert count == 1
    windows = Windows(browser, tmp_path)  # type: ignore[arg-type]  # what it hears is no matter
    page = windows.open(broken, query="layer=1#attention")
    expect(page.locator(".problem").first).to_contain_text(said)
    assert page.locator("#whole .box").count() > 0
    windows.close()


@pytest.mark.slow
def test_an_error_in_a_stop_stays_there(page_of: Opener, document: str) -> None:
    broken, count = re.subn(r'"stacks":\[', '"stacks":null,"x":[', document, count=1)
    assert count == 1
    page = page_of(broken)
    expect(page.locator("#whole .problem")).to_contain_text("a fault of Glassformer")
    expect(page.locator("#whole-title")).to_have_text("The whole")
    expect(page.locator("#sentence dl")).to_be_visible()
