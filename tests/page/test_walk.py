"""From the first stop to the last, in both languages and all widths: nothing is left undrawn, no
message is heard, and everybody can use it."""

import re
from collections.abc import Callable, Iterator

import pytest
from models_for_tests import SENTENCE
from page_for_tests import Language, Opener, Theme
from playwright.sync_api import Page as Window

import glassformer
from glassformer.drawing.html import Page
from glassformer.library import Glassformer, load

pytestmark = pytest.mark.slow

STOPS = ["whole", "sentence", "compare", "input", "layer", "attention", "representation"]
STOPS += ["decoder", "learning"]


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return load()


@pytest.fixture(scope="module")
def compared(model: Glassformer) -> Page:
    return glassformer.page(SENTENCE, model=model, to="fr", compare=OTHER, word=("it",))


OTHER = SENTENCE.replace("hungry", "tasty")
NAMES = [SENTENCE, OTHER, "Definite Pronoun Resolution"]
TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const within = walker.currentNode.parentElement;
    if (within.closest("code, script, style, [lang=fr], [lang=de]")) continue;
    if (within.checkVisibility()) found.push(walker.currentNode.textContent);
  }
  return found;
}"""


def english_left(window: Window) -> list[str]:
    """What is seen that has three words of English one after the other, and is no name."""
    found = []
    for text in window.evaluate(TEXTS):
        rest = text
        for name in NAMES:
            rest = rest.replace(name, "")
        if re.search(r"(?:[A-Za-z]+,? ){2}[A-Za-z]+", rest):
            found.append(text)
    return found


def walked(window: Window) -> Iterator[str]:
    """Each stop, when it is in sight and drawn."""
    for stop in STOPS:
        window.locator(f"section#{stop}").scroll_into_view_if_needed()
        height = window.evaluate("id => document.getElementById(id).offsetHeight", stop)
        for y in range(0, height + 1, 600):  # what is drawn when it comes into sight
            window.evaluate(
                "([id, y]) => window.scrollTo(0, document.getElementById(id).offsetTop + y)",
                [stop, y],
            )
            window.wait_for_timeout(60)
        yield stop


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1600, "light", "en"), (400, "dark", "zh"), (1000, "dark", "en"), (400, "light", "en")],
)
def test_every_stop_is_drawn_and_all_can_use_it(
    compared: Page,
    page_of: Opener,
    violations: Callable[[Window], list[str]],
    width: int,
    theme: Theme,
    language: Language,
) -> None:
    window = page_of(compared, width=width, theme=theme, query=f"language={language}")
    for stop in walked(window):
        section = window.locator(f"section#{stop}")
        assert section.locator("h2").first.inner_text().strip()
        assert not "".join(section.locator(".problem").all_inner_texts()).strip(), stop
        assert len(section.inner_text()) > 80, stop
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert bool(english_left(window)) is (language == "en")
    assert not violations(window)


def test_an_encoder_alone_has_its_stops_too(page_of: Opener) -> None:
    model = load("all-MiniLM-L6-v2")
    window = page_of(glassformer.page(SENTENCE, model=model, layer=4, head=(2,)))
    for stop in walked(window):
        problems = window.locator(f"section#{stop} .problem").all_inner_texts()
        assert not "".join(problems).strip(), stop
