"""The page as people see it: makes the screenshots of these pages.

    python docs/screens.py [--into FOLDER] [NAME …]

Each is taken in headless Chromium (playwright, Debian's chromium) from a file that
`glassformer inspect --format html` made of the article's sentence with the model in the box, into
docs/images/page/ unless told otherwise. `python docs/remake.py screens` does the same and notes the
weights.
"""

import argparse
import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from glassformer.cli import run

IMAGES = Path(__file__).parent / "images" / "page"
SENTENCE = "a dog ate the food because it was hungry"
TASTY = "a dog ate the food because it was tasty"
COLOURS = 128
"""In the palette of an image: few colours, a third of the size, and no difference to the eye."""


@dataclass(frozen=True)
class Shown:
    """One screenshot."""

    name: str
    stop: str
    """The part of the page that is at the top of the window."""
    query: str = "word=it"
    language: Literal["en", "zh"] = "en"
    theme: Literal["light", "dark"] = "light"
    width: int = 1200
    height: int = 760
    down: int = 0
    """Pixels that it is scrolled down from the top of that part."""

    @property
    def to(self) -> str:
        """The target language: Chinese for those who read it."""
        return "zh" if self.language == "zh" else "fr"


SCREENS = (
    Shown("whole", "whole", height=1040),
    Shown("whole.zh", "whole", language="zh", height=1040),
    Shown("attention", "attention", down=170),
    Shown("attention.zh", "attention", language="zh", down=170),
    Shown("layer", "layer", "word=it&layer=4&head=1", height=900, down=420),
    Shown(
        "layer.zh",
        "layer",
        "word=it&layer=4&head=1",
        language="zh",
        theme="dark",
        height=900,
        down=420,
    ),
    Shown("decoder", "decoder"),
    Shown("learning", "learning"),
    Shown("phone", "attention", width=400, height=800, down=640, theme="dark"),
)


def write_page(path: Path, language: str, to: str) -> None:
    """Make the file that is looked at, by its command."""
    about = ["--to", to, "--compare", TASTY, "--language", language]
    code = run(["inspect", SENTENCE, *about, "--quiet", "--force", "--output", str(path)])
    if code:
        raise SystemExit(f"inspect {SENTENCE!r}: exit code {code}")


def take(browser: Browser, one: Shown, source: Path, path: Path) -> None:
    """Take one screenshot of this file."""
    context = browser.new_context(
        viewport={"width": one.width, "height": one.height},
        color_scheme=one.theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"{one.name}: {error}"))
    page.goto(f"{source.as_uri()}?{one.query}#{one.stop}")
    page.wait_for_selector(f"#{one.stop} h2")
    page.wait_for_timeout(700)  # the numbers of this stop are loaded when it is looked at
    page.evaluate("stop => document.getElementById(stop).scrollIntoView()", one.stop)
    page.evaluate("down => scrollBy(0, down)", one.down)
    page.wait_for_timeout(300)
    image = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    small = image.convert("RGB").quantize(
        COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )  # which keeps what is rare, as the accent is
    path.parent.mkdir(parents=True, exist_ok=True)
    small.save(path, optimize=True)


def main(into: Path = IMAGES, only: list[str] | None = None) -> list[Path]:
    """Take all of them, or those named; gives the files."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise SystemExit("there is no chromium; Debian's package of this name brings it")
    asked = [one for one in SCREENS if not only or one.name in only]
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for one in asked:
            source = Path(folder) / f"{one.language}.html"
            if not source.exists():
                write_page(source, one.language, one.to)
            take(browser, one, source, into / f"{one.name}.png")
        browser.close()
    return [into / f"{one.name}.png" for one in asked]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="take these only")
    parser.add_argument("--into", type=Path, default=IMAGES, metavar="FOLDER")
    given = parser.parse_args()
    main(given.into, given.names)
