"""The attention stop: what is drawn equals the trace, and readers point, keep, choose, let go."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, minilm, stack, translator_config
from page_for_tests import Opener
from playwright.sync_api import Locator, Page, expect
from svg_for_tests import by_class, parsed

from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load
from glassformer.library.pages import page
from glassformer.tracing.steps import attention_name

WIDEST = 14.0
SENTENCES = {
    "minilm": "The embeddings didn't cluster because it was tiny.",
    "box": "The animal didn't cross the street because it was too tired.",
    "pre-norm": SENTENCE,
}
TARGETS: dict[str, dict[str, Any]] = {
    "minilm": {},
    "box": {"to": "fr"},
    "pre-norm": {"to": "de", "target": "the dog was 饿 了"},
}
LINKS = """() => [...document.querySelectorAll("#attention .link")].map((one) => ({
  part: one.dataset.part, layer: one.dataset.layer, head: one.dataset.head,
  from: Number(one.dataset.from), to: Number(one.dataset.to), weight: one.dataset.weight,
  width: one.getAttribute("stroke-width"), seen: getComputedStyle(one).strokeWidth}))"""
WORDS = """(side) => [...document.querySelectorAll(`#attention .word.${side}`)].map((one) =>
  [Number(one.dataset.position), one.textContent])"""


@cache
def model(name: str) -> Glassformer:
    if name == "minilm":
        return minilm()
    if name == "box":
        return load()
    pre = {"encoder": stack(norm="pre"), "decoder": stack(norm="pre", num_heads=7, num_layers=2)}
    return loaded(translator_config(**pre))


@cache
def trace_of(name: str) -> Trace:
    trace: Trace = model(name).inspect(SENTENCES[name], **TARGETS[name])
    return trace


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """One page of each model, made once."""
    folder = tmp_path_factory.mktemp("attention")

    def file(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            page(SENTENCES[name], model=model(name), **TARGETS[name]).save(path)
        return path

    return file


@pytest.fixture
def stop(page_of: Opener, files: Callable[[str], Path]) -> Callable[..., Page]:
    """Opens the page of a model with these settings in its address."""

    def opened(name: str, width: int = 1400, **settings: Any) -> Page:
        window = page_of(files(name), width=width, query=urlencode(settings, doseq=True))
        drawn(window)
        return window

    return opened


def drawn(window: Page) -> None:
    window.wait_for_selector("#attention .link", state="attached")


def says(window: Page, **settings: list[str] | None) -> None:
    """Wait until the address says this; it is written a little later. None is not there."""
    for _ in range(40):
        query = parse_qs(urlsplit(window.url).query)
        if all(query.get(key) == value for key, value in settings.items()):
            return
        window.wait_for_timeout(50)
    assert {key: query.get(key) for key in settings} == settings


def word(window: Page, side: str, text: str) -> Locator:
    exactly = re.compile(f"^{re.escape(text)}$")
    return window.locator(f'#attention .word-place[data-side="{side}"]').filter(has_text=exactly)


def links(window: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.evaluate(LINKS)
    return found


def drawn_by_library(trace: Trace, settings: Mapping[str, Any]) -> dict[tuple[Any, ...], str]:
    """The links of the library's SVG: which, and how wide."""
    given = {**settings, **({"head": list(settings["head"])} if "head" in settings else {})}
    svg = trace.attention(**given).svg()
    return {
        tuple(
            link.get(f"data-{one}") for one in ("part", "layer", "head", "from", "to", "weight")
        ): (link.get("stroke-width", ""))
        for link in by_class(parsed(svg), "link")
    }


def pictures() -> Iterator[tuple[str, dict[str, Any]]]:
    """Models and settings whose pictures are read back."""
    yield "minilm", {}
    yield "minilm", {"layer": 3, "head": (1, 10, 4)}
    yield "minilm", {"unit": "tokens", "special": True, "layer": 6, "head": (12,)}
    yield "minilm", {"word": ["it"], "heads": "largest"}
    yield "box", {"heads": "mean"}
    yield "box", {"part": "decoder", "layer": 2, "unit": "tokens", "special": True}
    yield "box", {"part": "cross", "layer": 3, "head": (2,), "mass": 0.8}
    yield "box", {"part": "cross", "unit": "tokens", "align": "output", "layer": 3, "head": (4, 1)}
    yield "pre-norm", {"word": ["dog", "hungry"], "min_weight": 0.05}
    yield "pre-norm", {"part": "cross", "layer": 1}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "settings"), list(pictures()))
def test_every_line_is_the_weight_of_the_trace_and_of_the_svg(
    stop: Callable[..., Page], name: str, settings: dict[str, Any]
) -> None:
    trace = trace_of(name)
    window = stop(name, **settings)
    seen = links(window)
    library = drawn_by_library(trace, settings)
    keys = ("part", "layer", "head", "from", "to", "weight")
    read = [tuple(str(link[key]) for key in keys) for link in seen]
    assert len(read) == len(set(read))
    assert dict(zip(read, (link["width"] for link in seen), strict=True)) == library
    for link in seen:
        # Both are rounded to a millionth.
        assert float(link["width"]) == pytest.approx(WIDEST * float(link["weight"]), abs=8e-6)
        assert float(link["seen"].removesuffix("px")) == pytest.approx(
            float(link["width"]), abs=1e-4
        )
        assert link["part"] == settings.get("part", "encoder")
    if settings.get("unit") == "tokens" and "head" in settings:
        for link in seen:
            step = f"{attention_name(link['part'], int(link['layer']) - 1)}.weights"
            number = trace[step][int(link["head"]) - 1, link["from"], link["to"]]
            assert float(link["weight"]) == pytest.approx(float(number), abs=5.1e-7)
    view = trace.attention(**settings).view
    assert window.evaluate(WORDS, "key") == [[at, view.keys[at]] for at in view.shown_keys]
    scale = window.locator("#attention .line-scale")
    assert scale.get_attribute("data-c") == f"{WIDEST:g}"
    expect(scale).to_contain_text(f"line width = {WIDEST:g} px × weight")


@pytest.mark.slow
def test_a_word_is_previewed_kept_joined_and_let_go(stop: Callable[..., Page]) -> None:
    window = stop("minilm")
    every = len(links(window))
    word(window, "query", "it").hover()
    expect(window.locator("#attention .word-place.looked-at")).to_have_text(["it"])
    assert {link["from"] for link in links(window)} == {7}
    says(window, word=None)
    window.locator("h2").first.hover()
    expect(window.locator("#attention .word-place.looked-at")).to_have_count(0)
    assert len(links(window)) == every

    word(window, "query", "it").click()
    says(window, word=["it"])
    window.locator("h2").first.hover()
    window.wait_for_timeout(150)
    assert {link["from"] for link in links(window)} == {7}
    word(window, "query", "tiny").click(modifiers=["Shift"])
    says(window, word=["it", "tiny"])
    window.locator("h2").first.hover()
    expect(window.locator("#attention .word-place.looked-at")).to_have_text(["it", "tiny"])
    assert {link["from"] for link in links(window)} == {7, 9}
    window.keyboard.press("Escape")
    says(window, word=None)
    expect(window.locator("#attention .word-place.looked-at")).to_have_count(0)

    word(window, "key", "tiny").hover()
    expect(window.locator("#attention .word-place.looked-at")).to_have_count(1)
    assert {link["to"] for link in links(window)} == {9}


@pytest.mark.slow
def test_the_keyboard_reaches_every_word(stop: Callable[..., Page]) -> None:
    window = stop("minilm")
    row = window.locator('#attention .word-place[data-side="query"]')
    expect(window.locator('#attention .word-place[tabindex="0"]')).to_have_count(2)
    row.first.focus()
    reached = []
    for _ in range(row.count()):
        reached.append(window.evaluate("Number(document.activeElement.dataset.at)"))
        window.keyboard.press("ArrowRight")
    assert reached == [*range(row.count())]
    window.keyboard.press("Home")
    window.keyboard.press("ArrowRight")
    expect(window.locator("#attention .word-place.looked-at")).to_have_text(["embeddings"])
    window.keyboard.press("Enter")
    says(window, word=["embeddings"])
    window.keyboard.press("ArrowDown")
    assert window.evaluate("document.activeElement.dataset.side") == "key"
    window.keyboard.press("Escape")
    says(window, word=None)


@pytest.mark.slow
def test_a_line_says_its_weight_and_opens_its_arithmetic(stop: Callable[..., Page]) -> None:
    window = stop("minilm", word="it")
    strongest = window.locator("#attention .reach path").first
    strongest.hover()
    said = window.locator("#attention .line-said")
    first = links(window)[0]
    view = trace_of("minilm").attention(word="it").view
    names = f"{view.queries[first['from']]} → {view.keys[first['to']]}"
    expect(said).to_contain_text(f"{names} {float(first['weight']):.4g}")
    expect(said).to_contain_text("layer 4, head 2")
    strongest.click()
    assert trace_of("minilm").source.word_of_token.count(first["to"]) == 1
    says(window, explain=["encoder.layers.3.self_attention.weights"])
    expect(window.locator("#attention .composition")).to_have_count(0)


@pytest.mark.slow
def test_a_weight_of_several_tokens_shows_what_it_is_made_of(stop: Callable[..., Page]) -> None:
    window = stop("minilm", word="embeddings", layer=1, head=1, mass=1)
    source = trace_of("minilm").source
    tokens = [at for at, of in enumerate(source.word_of_token) if of == 1]
    assert len(tokens) > 1
    order = [link["to"] for link in links(window)]
    window.locator("#attention .reach path").nth(order.index(1)).dispatch_event("click")
    cells = window.locator("#attention .composition [data-cell]")
    expect(cells).to_have_count(len(tokens) ** 2)
    weights = trace_of("minilm")["encoder.layers.0.self_attention.weights"][0]
    for cell in cells.all():
        at = tuple(map(int, (cell.get_attribute("data-cell") or "").split(",")))
        assert float(cell.inner_text()) == pytest.approx(float(weights[at[1:]]), rel=1e-3)
    cells.nth(1).click()
    says(window, explain=["encoder.layers.0.self_attention.weights"])
    says(window, at=[f"0,{tokens[0]},{tokens[1]}"])


@pytest.mark.slow
def test_heads_are_chosen_added_and_shown_alone_in_the_grid(stop: Callable[..., Page]) -> None:
    window = stop("minilm")
    grid = window.locator("#attention .head-grid")
    grid.scroll_into_view_if_needed()
    expect(grid.locator(".head[data-said]")).to_have_count(72)
    library = trace_of("minilm").grid().view
    read = grid.locator(".head").evaluate_all(
        "all => all.map((one) => [one.dataset.layer, one.dataset.head, one.dataset.largest])"
    )
    assert {tuple(one) for one in read} == {
        (str(cell.layer), str(cell.head), f"{cell.largest:.6f}") for cell in library.cells
    }
    expect(grid.locator(".on-card")).to_have_attribute("data-layer", "4")

    def head(layer: int, number: int) -> Locator:
        return grid.locator(f'.head[data-layer="{layer}"][data-head="{number}"]')

    head(2, 9).click()
    says(window, layer=["2"], head=["9"])
    head(2, 3).click(modifiers=["Shift"])
    says(window, head=["9", "3"])
    expect(window.locator("#attention .head-chip")).to_have_count(2)
    assert {link["head"] for link in links(window)} == {"9", "3"}
    pressed = grid.locator('.head[aria-pressed="true"]')
    expect(pressed).to_have_count(2)
    window.locator("#attention .head-chip").nth(1).get_by_role("button", name="solo").click()
    says(window, head=["3"])
    head(2, 3).press("ArrowUp")
    window.keyboard.press("ArrowRight")
    window.keyboard.press("Enter")
    says(window, layer=["3"], head=["4"])
    head(5, 7).dblclick()
    says(window, layer=["5"], head=["7"])
    grid.locator('.head-mean[data-layer="6"]').click()
    says(window, layer=["6"])
    says(window, head=None)
    assert {link["head"] for link in links(window)} == {"mean"}
    window.locator("#attention").get_by_role("button", name="of the model card").click()
    says(window, layer=None)


@pytest.mark.slow
def test_controls_and_address_say_the_same(stop: Callable[..., Page]) -> None:
    window = stop("box", part="cross", layer=3, head=[2, 4], word="tired", theme="light")
    expect(window.locator('#attention [data-value="cross"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    assert len({link["to"] for link in links(window)}) == 1, "the lines to a word of the source"
    before = links(window)
    window.locator("#attention").get_by_role("button", name="decoder", exact=True).click()
    window.locator("#attention").get_by_role("button", name="cross-attention").click()
    says(window, part=["cross"], layer=["3"], head=["2", "4"], word=["tired"])
    window.reload()
    drawn(window)
    assert links(window) == before
    window.locator('#attention [data-value="tokens"]').click()
    expect(window.locator('#attention [data-value="tokens"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    says(window, unit=["tokens"])
    window.locator("#attention").get_by_label("Attention drawn").fill("0.5")
    says(window, mass=["0.5"])
    assert len(links(window)) < len(before)
    window.locator("#attention").get_by_role("button", name="Back to the readable ones").click()
    says(window, mass=None)


@pytest.mark.slow
def test_all_is_said_anew_in_another_language(stop: Callable[..., Page]) -> None:
    window = stop("minilm", word="it")
    before = links(window)
    window.get_by_role("button", name="中文").click()
    expect(window.locator("#attention .what")).to_contain_text("编码器 · 第 4 层第 2 头")
    drawn(window)
    assert links(window) == before
    window.set_viewport_size({"width": 420, "height": 800})
    expect(window.locator('#attention .word.query[text-anchor="end"]')).to_have_count(11)
    assert links(window) == before


@pytest.mark.slow
def test_what_is_not_there_is_said_and_the_rest_is_shown(stop: Callable[..., Page]) -> None:
    window = stop("box", part="cross", layer=5, word="</s>")
    problem = window.locator("#attention .problem")
    expect(problem).to_contain_text("layers 1 to 3; there is no layer 5")
    expect(problem).to_contain_text('there is no word "</s>" in the sentence')
    assert {link["layer"] for link in links(window)} == {"mean"}


@pytest.mark.slow
def test_all_can_be_read_in_a_narrow_window_and_by_all(
    stop: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    window = stop(
        "box", width=400, part="cross", layer=3, head=[1, 2], word="animal", language="zh"
    )
    wide = window.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400
    window.locator("#attention .link-table summary").click()
    rows = window.locator("#attention .link-table tbody tr")
    expect(rows).to_have_count(len(links(window)))
    found = violations(window)
    assert [one for one in found if not one.startswith("page-has-heading-one")] == []


@pytest.mark.slow
def test_of_many_words_a_heat_map_is_drawn(page_of: Opener, tmp_path: Path) -> None:
    path = tmp_path / "long.html"
    encoder = loaded(encoder_config(encoder=stack(max_positions=200)))
    page("a dog ate the food " * 30, model=encoder).save(path)
    window = page_of(path)
    window.wait_for_selector("#attention .matrix canvas")
    assert links(window) == []
    expect(window.locator("#attention .notes")).to_contain_text("Of more than 128 words")
