"""The page as a file: small, closed to the world, and what people type stays text."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tokenizers
from models_for_tests import random_model, stack, tokenizer, translator_config
from page_for_tests import Opener

from glassformer.drawing.html import Page
from glassformer.library import Glassformer, load, page
from glassformer.text.tokenizer import Tokenizer

TWELVE = "a big dog ate all the food because it was very hungry"
SENTENCE = "a dog ate the food because it was hungry"
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}
"""Names of languages that look like addresses, and are never asked for."""

SCRIPT = "</script><script>window.bad = 1</script>"
IMAGE = '<img src="x" onerror="window.bad = 2">'
HOSTILE = {
    "a script": f"a {SCRIPT} dog",
    "an image": f'{IMAGE} it\'s "quoted" & &lt;escaped&gt;',
    "the end of anything": "<!-- --> ]]> */ `${window.bad = 3}` \\u003c {n} %s",
    "control characters": "a\x01 dog\x7f \x1b[31m \u2028 \u2029 \ufeff it",
    "right to left": "שלום العالم \u202eevil\u202c it",
    "emoji and letters of several parts": "👩‍👩‍👧 e\u0301 🇫🇷 it",
    "Chinese": "狗吃了食物，因为它饿了。",
}

HOSTILE_TOKENS = {"狗": SCRIPT, "饿": IMAGE, "了": "]]>", "吃": "\u202e"}
"""What they stand for in another vocabulary."""


class Elements(HTMLParser):
    """Every element of a document with its attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def random() -> Glassformer:
    """A small model of three target languages that reads long sentences."""
    decoder = stack(num_heads=7, num_layers=2, max_positions=211, scale_embedding=False)
    config = translator_config(encoder=stack(max_positions=211), decoder=decoder)
    return Glassformer(random_model(config), Tokenizer(tokenizer()), name="random")


@pytest.fixture(scope="module")
def document(random: Glassformer) -> Page:
    """The page of the example."""
    return page(SENTENCE, model=random, to="fr", word=("it",))


def test_twelve_words_of_the_model_in_the_box_are_a_small_file() -> None:
    document = page(TWELVE, model=load(), to="fr")
    assert len(TWELVE.split()) == 12
    assert len(document.encode()) <= 3_000_000


def test_it_has_no_address_of_another_place(document: Page) -> None:
    for tag, attributes in Elements(document).found:
        for name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
            address = attributes.get(name) or ""
            assert not re.match(r"\s*(\w+:)?//", address), (tag, address)
    assert {*re.findall(r"https?://[^\s\"'`<>)]+", document)} <= NAMESPACES
    (style,) = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    assert not re.search(r"@import|url\(\s*[\"']?(?!data:|#)", style)


def test_its_policy_allows_nothing_foreign(document: Page) -> None:
    (policy,) = [
        attributes["content"] or ""
        for tag, attributes in Elements(document).found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    directives = dict(part.split(maxsplit=1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    for sources in directives.values():
        assert {*sources.split()} <= {"'none'", "'unsafe-inline'", "data:", "blob:"}
    before = document[: document.index("Content-Security-Policy")]
    assert not re.search(r"<(script|style|link|img)", before)


def test_it_opens_from_disk(document: Page, page_of: Opener, tmp_path: Path) -> None:
    document.save(tmp_path / "a page.html")
    opened = page_of(tmp_path / "a page.html")
    opened.wait_for_selector("main h2")
    assert opened.title().startswith(SENTENCE)


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_people_type_is_text(random: Glassformer, page_of: Opener, text: str) -> None:
    made = page(text, model=random, to="fr", compare=f"it {text}")
    opened = page_of(made)
    opened.wait_for_selector(".link", state="attached")
    assert opened.evaluate("window.bad") is None
    assert opened.locator("img").count() == 0
    words = random.inspect(text, to="fr").source.words
    shown = {*opened.locator(".word").all_text_contents()}
    letters = {word for word in words if word.isalnum()}
    assert letters <= {one.strip("\u2066\u2067\u2068\u2069") for one in shown}


@pytest.mark.slow
def test_what_stands_in_a_vocabulary_is_text(page_of: Opener) -> None:
    made = tokenizer().to_str()
    for word, other in HOSTILE_TOKENS.items():
        assert f'"{word}"' in made
        made = made.replace(f'"{word}"', json.dumps(other))
    changed = tokenizers.Tokenizer.from_str(made)
    hostile = Tokenizer(changed)
    model = random_model(translator_config())
    assert model.output is not None
    assert model.output.bias is not None
    for token in HOSTILE_TOKENS.values():
        model.output.bias[changed.token_to_id(token)] += 9.0
    opened = page_of(page(SENTENCE, model=Glassformer(model, hostile, name="hostile"), to="fr"))
    opened.wait_for_selector(".link", state="attached")
    opened.locator("#decoder", has_text=SCRIPT).scroll_into_view_if_needed()
    assert opened.evaluate("window.bad") is None
    assert opened.locator("img").count() == 0
