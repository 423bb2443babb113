"""A browser for the tests of the page: nothing foreign is asked for, no message stays unheard."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from node_for_tests import WITHOUT, axe
from page_for_tests import ARGUMENTS, Opener, Windows, chromium, violations_in
from playwright.sync_api import Browser, Error, Page, sync_playwright


class Kept:
    """A browser for all tests of a process; one that has ended, whyever, is started anew.

    Playwright leaves its event loop marked as running, and so would keep the other tests of the
    process from running one of their own: it is marked only while a test has the browser.
    """

    def __init__(self, executable: str) -> None:
        self.executable = executable
        self.begin()

    def begin(self) -> None:
        asyncio._set_running_loop(None)
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(
            executable_path=self.executable, args=ARGUMENTS
        )
        self.loop = asyncio.get_running_loop()

    def wake(self) -> Browser:
        asyncio._set_running_loop(self.loop)
        try:
            self.browser.new_context().close()
        except Error:
            self.begin()
        return self.browser

    def rest(self) -> None:
        asyncio._set_running_loop(None)

    def end(self) -> None:
        asyncio._set_running_loop(self.loop)
        with contextlib.suppress(Error):
            self.browser.close()
            self.playwright.stop()
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def _kept() -> Iterator[Kept]:
    executable = chromium()
    if executable is None:
        pytest.skip("there is no chromium; Debian's package of this name brings it")
    kept = Kept(executable)
    kept.rest()
    yield kept
    kept.end()


@pytest.fixture
def browser(_kept: Kept) -> Iterator[Browser]:
    """The browser, awake."""
    yield _kept.wake()
    _kept.rest()


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
