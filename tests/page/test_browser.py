"""What the tests of the page rest on: their windows hear whatever should not be."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from page_for_tests import Opener, Windows, is_own
from playwright.sync_api import Browser, Page

DOCUMENT = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>{}</main>'


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ("", []),
        ("console.log('a', 1)", ["log: a 1"]),
        ("throw new TypeError('no')", ["an error: no"]),
        ("Promise.reject(new Error('late'))", ["an error: late"]),
    ],
)
def test_messages_and_errors_are_heard(
    browser: Browser, tmp_path: Path, script: str, heard: list[str]
) -> None:
    windows = Windows(browser, tmp_path)
    windows.open(DOCUMENT.format(f"<script>{script}</script>")).wait_for_timeout(20)
    windows.close()
    assert windows.heard == heard


@pytest.mark.parametrize("address", ["http://example.org/a.png", "http://192.0.2.7/a.png"])
def test_a_request_to_another_host_is_heard_and_leads_nowhere(
    browser: Browser, tmp_path: Path, address: str
) -> None:
    windows = Windows(browser, tmp_path)
    windows.open(DOCUMENT.format(f'<img alt="" src="{address}">')).wait_for_load_state()
    windows.close()
    assert windows.heard == [
        f"a request to another host: {address}",
        "error: Failed to load resource: net::ERR_NAME_NOT_RESOLVED",
    ]


def test_a_window_is_as_asked(page_of: Opener) -> None:
    page = page_of(DOCUMENT, width=400, theme="dark", language="zh", query="layer=2")
    assert page.evaluate("innerWidth") == 400
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("location.search") == "?layer=2"
    for query in ("(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"):
        assert page.evaluate(f"matchMedia('{query}').matches")


@pytest.mark.slow
def test_what_keeps_people_out_is_found(
    page_of: Opener, violations: Callable[[Page], list[str]]
) -> None:
    assert violations(page_of(DOCUMENT)) == []
    (found,) = violations(page_of(DOCUMENT.format("<button></button>")))
    assert found.startswith("button-name: Buttons must have discernible text: <button>")


@pytest.mark.usefixtures("_kept")
def test_a_loop_of_ones_own_runs_beside_the_browser() -> None:
    async def five() -> int:
        await asyncio.sleep(0)
        return 5

    assert asyncio.run(five()) == 5


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("file:///a.html", True),
        ("data:text/plain,a", True),
        ("http://127.0.0.1:80/a", True),
        ("http://[::1]:80/a", True),
        ("http://127.0.0.1.example.org/a", False),
        ("ws://example.org/", False),
    ],
)
def test_own_addresses_are_told_from_others(address: str, own: bool) -> None:
    assert is_own(address) == own
