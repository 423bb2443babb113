"""A browser for the tests of the page: nothing foreign is asked for, no message stays unheard."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from node_for_tests import WITHOUT, axe
from page_for_tests import ARGUMENTS, Opener, Windows, chromium, violations_in
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="session")
def _browser() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    executable = chromium()
    if executable is None:
        pytest.skip("there is no chromium; Debian's package of this name brings it")
    started = sync_playwright().start()
    browser = started.chromium.launch(executable_path=executable, args=ARGUMENTS)
    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    yield browser, loop
    asyncio._set_running_loop(loop)
    browser.close()
    started.stop()
    asyncio._set_running_loop(None)


@pytest.fixture
def browser(_browser: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """One for all tests of a process.

    Playwright leaves its event loop marked as running, and so would keep the other tests of the
    process from running one of their own: it is marked only while a test has the browser.
    """
    browser, loop = _browser
    asyncio._set_running_loop(loop)
    yield browser
    asyncio._set_running_loop(None)


@pytest.fixture
def page_of(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens pages. The test fails at its end for whatever they said on a console, for each error
    of a script and each request to another host."""
    windows = Windows(browser, tmp_path)
    yield windows.open
    windows.close()
    assert not windows.heard, "\n".join(windows.heard)


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """What axe-core finds in a page as it stands: nothing, where all can use it."""
    source = axe()
    if source is None:
        pytest.skip(f"axe-core: {WITHOUT}")
    return partial(violations_in, axe=source)
