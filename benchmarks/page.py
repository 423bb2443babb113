"""Claims: `inspect --format html` takes at most 1 s more than the text report; its file (12 words,
one target, the model in the box) is at most 3 MB and shows its first picture within 1 s of opening;
going to another layer at 128 tokens answers within 100 ms.

    python benchmarks/page.py [--rounds 7] [--tokens 12 128 512]

The page is opened from disk in headless Chromium (playwright, Debian's chromium), each time in a
window of its own. A step is a click on the next layer, which loads the numbers of that layer: the
first frame painted after it, and the one after the last change that it made anywhere in the page.
Prints medians. Other work on the machine multiplies all of these times.
"""

import argparse
import contextlib
import io
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from glassformer import cli

TWELVE = "a big dog ate all the food because it was very hungry"
MORE = "and the small cat slept on a warm chair near the old door of our house"
NEXT_LAYER = "#layer .stepper > button:last-child"
STEPS = 4
QUIET = 250
"""Milliseconds without a change after which a step is taken as answered."""

FIRST_PICTURE = """
new MutationObserver((_, observer) => {
  if (!document.querySelector(".link, canvas")) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.first = performance.now(); }));
}).observe(document, {subtree: true, childList: true});
"""

STEP = """
([button, quiet]) => new Promise((resolve) => {
  const begin = performance.now();
  let first = 0, last = begin, timer = 0;
  const painted = () => {
    clearTimeout(timer);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      last = performance.now();
      first ||= last;
      clearTimeout(timer);
      timer = setTimeout(() => {
        observer.disconnect();
        resolve([first - begin, last - begin]);
      }, quiet);
    }));
  };
  const observer = new MutationObserver(painted);
  const all = {subtree: true, childList: true, attributes: true, characterData: true};
  observer.observe(document, all);
  button.click();
  painted();
})
"""


def sentence_of(tokens: int) -> str:
    """Common words, most of which are one token; the end token is the last."""
    words = TWELVE.split()
    while len(words) < tokens - 1:
        words += MORE.split()
    return " ".join(words[: max(12, tokens - 1)])


def seconds(*arguments: str) -> float:
    """How long a command takes in this process."""
    begin = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        code = cli.run(["inspect", *arguments, "--quiet", "--force", "--language", "en"])
    if code:
        raise SystemExit(f"inspect {arguments}: exit code {code}")
    return time.perf_counter() - begin


def opened(browser: Browser, path: Path) -> tuple[Page, float]:
    """A window with this page, and the milliseconds until its first picture was painted."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(FIRST_PICTURE)
    page.goto(f"{path.as_uri()}?layer=1")
    page.wait_for_function("() => window.first", timeout=120_000)
    return page, float(page.evaluate("window.first"))


def steps(page: Page) -> list[tuple[float, float]]:
    """Milliseconds until the first and the last answer to each of a few steps."""
    page.wait_for_timeout(500)
    times = []
    for _ in range(STEPS):
        button = page.locator(NEXT_LAYER).first
        button.scroll_into_view_if_needed()
        first, last = page.evaluate(STEP, [button.element_handle(), QUIET])
        times.append((float(first), float(last)))
    return times


def measured(browser: Browser, tokens: int, rounds: int, folder: Path) -> dict[str, float]:
    """All that is said of a sentence of so many tokens."""
    text, path = sentence_of(tokens), folder / f"{tokens}.html"
    page_arguments = (text, "--to", "fr", "--output", str(path))
    report = statistics.median(seconds(text, "--to", "fr") for _ in range(rounds))
    made = statistics.median(seconds(*page_arguments) for _ in range(rounds))
    first: list[float] = []
    stepped: list[tuple[float, float]] = []
    for _ in range(rounds):
        page, milliseconds = opened(browser, path)
        first.append(milliseconds)
        stepped += steps(page)
        page.context.close()
    return {
        "made": made - report,
        "size": path.stat().st_size / 1e6,
        "first": statistics.median(first),
        "step": statistics.median(one for one, _ in stepped),
        "all": statistics.median(one for _, one in stepped),
        "slowest": max(one for _, one in stepped),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, nargs="+", default=[12, 128, 512])
    given = parser.parse_args()
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise SystemExit("there is no chromium; Debian's package of this name brings it")
    columns = ["tokens", "html over text, s", "file, MB", "first picture, ms"]
    columns += ["step, ms", "all of it, ms", "slowest, ms"]
    print(f"| {' | '.join(columns)} |")
    print("|---|---|---|---|---|---|---|")
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        seconds(TWELVE)  # what is loaded once
        for tokens in given.tokens:
            found = measured(browser, tokens, given.rounds, Path(folder))
            print(
                f"| {tokens} | {found['made']:.2f} | {found['size']:.2f} | {found['first']:.0f} "
                f"| {found['step']:.0f} | {found['all']:.0f} | {found['slowest']:.0f} |",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
