"""Windows of a browser for the tests of the page, in which no message stays unheard."""

import shutil
import time
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OWN = {"file", "data", "blob", "about"}
"""Schemes that lead to no other machine."""
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # What is asked for in spite of all is not found, whatever asks for it and how.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
]

Theme = Literal["light", "dark"]
Language = Literal["en", "zh"]


def chromium() -> str | None:
    """Debian's; a browser that playwright fetched is not looked for."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def is_own(address: str) -> bool:
    """Whether this leads to no other machine."""
    parts = urlsplit(address)
    return parts.scheme in OWN or (parts.hostname or "") in LOOPBACK


class Opener(Protocol):
    """Opens a document (text), a file (path) or an address on this machine, in a new window."""

    def __call__(
        self,
        document: str | Path,
        *,
        width: int = 1000,
        height: int = 800,
        theme: Theme = "light",
        language: Language = "en",
        query: str = "",
        moves: bool = False,
        touch: bool = False,
    ) -> Page:
        """`moves` lets motion be, `touch` is a phone; `language` is the browser's."""
        ...


class Windows:
    """Those of one test, each apart from the others; `heard` is all that should not have been:
    messages on a console, errors of scripts, requests to other hosts."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.heard: list[str] = []
        self._browser = browser
        self._folder = folder
        self._contexts: list[BrowserContext] = []

    def open(
        self,
        document: str | Path,
        *,
        width: int = 1000,
        height: int = 800,
        theme: Theme = "light",
        language: Language = "en",
        query: str = "",
        moves: bool = False,
        touch: bool = False,
    ) -> Page:
        """As `Opener` says."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=LOCALES[language],
            reduced_motion="no-preference" if moves else "reduce",
            has_touch=touch,
        )
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("console", self._hear_message)
        context.on("weberror", lambda error: self.heard.append(f"an error: {error.error}"))
        context.on("request", self._hear_request)
        if isinstance(document, str) and not document.startswith(("http://", "https://")):
            written = self._folder / f"page-{len(self._contexts)}.html"
            written.write_text(document, encoding="utf-8")
            document = written
        address = document.as_uri() if isinstance(document, Path) else document
        page = context.new_page()
        page.goto(address + (f"?{query}" if query else ""))
        return page

    def close(self) -> None:
        """All of them; what a page says until then is heard."""
        for context in self._contexts:
            context.close()

    def _hear_message(self, message: ConsoleMessage) -> None:
        self.heard.append(f"{message.type}: {message.text}")

    def _hear_request(self, request: Request) -> None:
        if not is_own(request.url):
            self.heard.append(f"a request to another host: {request.url}")


def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait for an expression of JavaScript to become true, which a page's policy does not keep from
    being asked here, but from within."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not true within {seconds} s: {expression}"
        page.wait_for_timeout(20)


def violations_in(page: Page, axe: str) -> list[str]:
    """What axe-core, of which `axe` is the source, finds in a page as it stands, a line each."""
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
