"""The page from a server: any sentence, its settings kept, its errors in words."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_for_tests import Opener, Windows
from playwright.sync_api import Browser, Page, expect
from server_for_tests import models

from glassformer.server.application import application
from glassformer.server.running import server_of
from glassformer.server.serving import address_of, bound

EXAMPLE = "a dog ate the food because it was hungry"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of a real server in another thread."""
    listening = bound("127.0.0.1", 0)
    begun = threading.Event()
    server = server_of(
        application(models()), address_of("127.0.0.1", listening), lambda _: begun.set()
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    assert begun.wait(20)
    yield address_of("127.0.0.1", listening)
    server.should_exit = True
    thread.join(20)
    listening.close()


def ask(page: Page, text: str) -> None:
    page.locator("#sentence textarea").fill(text)
    page.locator("#sentence textarea").press("Enter")


def query(page: Page) -> str:
    return str(page.evaluate("location.search"))


def test_a_sentence_is_asked_for_and_the_way_back_leads_to_the_last(
    page_of: Opener, address: str
) -> None:
    page = page_of(address)
    expect(page.locator("h1")).to_have_text(EXAMPLE)
    assert "to=fr" in query(page)
    page.locator("[data-stop=sentence]").click()
    ask(page, "it was <b>hungry</b>")
    expect(page.locator("h1")).to_have_text("it was <b>hungry</b>")
    expect(page.locator("#sentence textarea")).to_be_focused()
    assert "to=fr" in query(page)
    assert page.evaluate("location.hash") == "#sentence"
    page.get_by_label("Model", exact=True).select_option("encoder")
    expect(page.get_by_label("Target language")).to_be_hidden()
    page.get_by_role("button", name="Compute").click()
    expect(page.locator(".opening")).to_contain_text("Read by encoder")
    assert "to=" not in query(page)
    page.go_back()
    expect(page.locator(".opening")).to_contain_text("Read by translator")
    expect(page.locator("h1")).to_have_text("it was <b>hungry</b>")
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_have_text(EXAMPLE)


@pytest.mark.slow
def test_settings_that_still_fit_are_kept(page_of: Opener, address: str) -> None:
    page = page_of(address, query="text=a+dog+ate&to=de&layer=2&word=ate&language=zh")
    expect(page.locator("h1")).to_have_text("a dog ate")
    ask(page, "a dog was hungry")
    expect(page.locator("h1")).to_have_text("a dog was hungry")
    for setting in ("to=de", "layer=2", "language=zh"):
        assert setting in query(page)
    assert "word=" not in query(page)


@pytest.mark.slow
def test_refusals_are_said_in_words_and_what_is_shown_stays(
    browser: Browser, tmp_path: Path, address: str
) -> None:
    windows = Windows(browser, tmp_path)
    page = windows.open(address, query="text=a+dog&to=fr")
    expect(page.locator("h1")).to_have_text("a dog")
    ask(page, "dog " * 4000)
    expect(page.locator("#sentence .problem")).to_be_visible()
    expect(page.locator("h1")).to_have_text("a dog")
    assert "text=a+dog&" in query(page) + "&"
    ask(page, "it was hungry")
    expect(page.locator("h1")).to_have_text("it was hungry")

    other = windows.open(address, query="text=a+dog&model=another")
    expect(other.locator(".problem")).to_contain_text("there is no model 'another'")
    other.get_by_role("button", name=EXAMPLE).click()
    expect(other.locator("h1")).to_have_text(EXAMPLE)
    windows.close()
    assert all("Failed to load resource" in one for one in windows.heard)


@pytest.mark.slow
def test_a_second_sentence_is_compared_and_taken_away(page_of: Opener, address: str) -> None:
    page = page_of(address)
    box = page.get_by_label("The second sentence")
    expect(box).to_have_value(EXAMPLE)
    box.fill(EXAMPLE.replace("hungry", "tasty"))
    box.press("Enter")
    expect(page.locator("#compare .compare-word.replaced")).to_have_text(["hungry", "tasty"])
    assert "compare=a+dog" in query(page)
    page.get_by_label("The second sentence").fill("it <i>was</i> tasty")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("#compare .compare-word[data-side=right]").nth(1)).to_have_text("<")
    page.get_by_role("button", name="Without it").click()
    expect(page.locator("#compare .compare-word")).to_have_count(0)
    assert "compare=" not in query(page)
