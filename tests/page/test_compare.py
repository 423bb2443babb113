"""The page's second sentence: what it shows is `trace.difference`'s and `trace.compare`'s."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from models_for_tests import SENTENCE, loaded, translator_config
from page_for_tests import Opener, Theme
from playwright.sync_api import Page, expect

from glassformer.config import Part
from glassformer.drawing.html.bundle import modules
from glassformer.inspection.alignment import aligned
from glassformer.inspection.trace import Trace
from glassformer.library.pages import page
from glassformer.views import as_plain

TASTY = "a dog ate food because it was really tasty"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = loaded(translator_config())
    path = tmp_path_factory.mktemp("compare") / "two.html"
    path.write_text(page(SENTENCE, model=model, compare=TASTY, to="fr"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    model = loaded(translator_config())
    return [model.inspect(text, to="fr") for text in (SENTENCE, TASTY)]


def links(window: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = window.eval_on_selector_all(
        "#compare .link",
        "all => all.map(one => ({...one.dataset, width: one.getAttribute('stroke-width')}))",
    )
    return found


@pytest.mark.parametrize(
    ("part", "difference"),
    [
        ("encoder", False),
        pytest.param("encoder", True, marks=pytest.mark.slow),
        pytest.param("cross", False, marks=pytest.mark.slow),
        pytest.param("cross", True, marks=pytest.mark.slow),
    ],
)
def test_lines_are_those_of_the_comparison(
    page_of: Opener, two: Path, traces: list[Trace], part: Part, difference: bool
) -> None:
    query = f"layer=2&head=2&part={part}" + ("&difference=true" if difference else "")
    window = page_of(two, query=query)
    expect(window.locator("#compare .compare-heads button").first).to_be_visible()
    view = traces[0].compare(traces[1], part=part, layer=2, head=2).view.with_largest(None)
    found = links(window)
    c = float(window.locator("#compare .legend").get_attribute("data-c") or 0)
    if difference:
        ours = {("difference", it.from_, it.to): it.difference for it in view.differences}
    else:
        ours = {
            (name, link.from_, link.to): link.weight
            for name, side in zip(("left", "right"), view.sides, strict=True)
            for link in side.links
        }
    shown = {
        (it["side"], int(it["from"]), int(it["to"])): float(it.get("weight") or it["difference"])
        for it in found
    }
    assert shown == pytest.approx(ours, abs=1e-6)
    for it in found:
        assert float(it["width"]) == pytest.approx(
            c * abs(float(it.get("weight") or it["difference"])), abs=1e-4
        )


def test_what_moved_is_the_difference_of_the_traces(
    page_of: Opener, two: Path, traces: list[Trace]
) -> None:
    found = traces[0].difference(traces[1])
    window = page_of(two)
    rows = window.eval_on_selector_all(
        "#compare .compare-vector[data-cosine]",
        "all => all.map(({dataset: it}) => [+it.left, +it.right, +it.cosine])",
    )
    assert rows == [[it.left, it.right, it.cosine] for it in found.most_moved]
    words = window.eval_on_selector_all(
        "#compare .compare-word",
        "all => all.map(one => [one.dataset.side, +one.dataset.position, one.dataset.kind])",
    )
    pairs = [
        [side, at, it.kind]
        for it in found.source_pairs
        for side, at in (("left", it.left), ("right", it.right))
        if at is not None
    ]
    assert words == pairs
    texts = window.locator("#compare .compare-translation[lang=fr]")
    (translation,) = found.translations
    assert texts.all_text_contents() == list(translation.texts)
    changed = [it for it in translation.pairs if it.kind != "matched"]
    marked = texts.locator("mark").count()
    assert marked == sum(2 - (it.left, it.right).count(None) for it in changed)
    said = window.locator("#compare tr[data-row] .figure").all_text_contents()
    numbers = [
        text
        for one in found.next
        for n, token in enumerate(one.tokens)
        for text in (*(f"{p:.3f}" for p in token.probabilities), "" if n else f"{one.distance:.3f}")
    ]
    assert said == numbers


def test_the_word_looked_at_is_one_on_both_sides(page_of: Opener, two: Path) -> None:
    window = page_of(two, query="layer=2&head=2&mass=1")
    window.locator("#compare .compare-word", has_text="hungry").click()
    expect(window.locator("#compare .compared .word.looked[data-of=queries]")).to_have_text(
        ["hungry", "tasty"]
    )
    assert {it["from"] for it in links(window) if it["side"] == "right"} == {
        str(TASTY.split().index("tasty"))
    }
    window.locator("#compare .compare-word", has_text="really").click()
    expect(window.locator("#compare .compared .word.looked[data-of=queries]")).to_have_text(
        ["really"]
    )
    assert {it["side"] for it in links(window)} == {"right"}


@pytest.mark.slow
def test_of_one_sentence_it_is_said_how_to_compare(page_of: Opener, tmp_path: Path) -> None:
    model = loaded(translator_config())
    path = tmp_path / "one.html"
    path.write_text(page("it's", model=model), encoding="utf-8")
    typed = page_of(path).locator("#compare code").text_content()
    options = "--compare 'another sentence' --format html --output page.html"
    assert typed == f"glassformer inspect {options} 'it'\"'\"'s'"
    path.write_text(page("--it", model=model), encoding="utf-8")
    assert page_of(path).locator("#compare code").text_content() == (
        f"glassformer inspect {options} -- --it"
    )


@pytest.mark.slow
def test_words_are_aligned_as_in_the_library(page_of: Opener) -> None:
    drawn = random.Random(5)
    cases = [
        [[drawn.choice("abcde\u00e9") for _ in range(drawn.randrange(9))] for _ in range(2)]
        for _ in range(300)
    ]
    cases.append([["e\u0301"], ["\u00e9"]])
    source = modules()["alignment.js"].replace("export function", "function")
    window = page_of("<!doctype html><title>A page</title>")
    found = window.evaluate(
        f"cases => {{ {source}; return cases.map(([left, right]) => aligned(left, right)); }}",
        cases,
    )
    assert found == [as_plain(aligned(left, right)) for left, right in cases]


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 400)])
def test_all_can_use_the_comparison(
    page_of: Opener, violations: Callable[[Page], list[str]], two: Path, theme: Theme, width: int
) -> None:
    window = page_of(two, theme=theme, width=width, query="theme=auto&layer=2&head=2&word=it")
    expect(window.locator("#compare .compare-heads button").first).to_be_visible()
    window.locator(".export > button").click()
    others = "main > section:not(#compare), .frame > :not(main)"
    window.evaluate("all => document.querySelectorAll(all).forEach(one => one.remove())", others)
    assert violations(window) == []
    assert window.evaluate("document.documentElement.scrollWidth") == width
