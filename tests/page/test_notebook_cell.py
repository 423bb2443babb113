"""A page in a notebook: alone in its frame, and a picture where there is no frame."""

import os
import re
from html import escape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from page_for_tests import Opener, Theme

from glassformer.drawing.html.notebook import in_cell

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300">'
    '<rect width="900" height="300" fill="#f00"/></svg>'
)
DOCUMENT = """<!doctype html><html lang="en"><head><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'; base-uri 'none'">
<style>
body { background: #fff; color-scheme: light dark }
@media (prefers-color-scheme: dark) { body { background: #000 } }
</style></head><h1>A &quot;page&quot;</h1><a href="#end">To the end</a>
<p style="height: 2000px"></p><p id="end">The end</p><script>
window.seen = 1;
document.querySelector("h1").dataset.ran = "yes";
let kept = "no";
try { kept = String(localStorage.length) } catch { }
document.querySelector("h1").dataset.kept = kept;
</script>"""


def test_the_frame_covers_the_picture(page_of: Opener) -> None:
    page = page_of(f"<!doctype html><body>{in_cell(DOCUMENT, SVG, '<b>')}")
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").text_content() == 'A "page"'
    inner, outer = page.locator("img").bounding_box(), page.locator("iframe").bounding_box()
    assert inner is not None
    assert outer is not None
    assert inner["x"] >= outer["x"]
    assert inner["y"] >= outer["y"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    middle = (inner["x"] + inner["width"] / 2, inner["y"] + inner["height"] / 2)
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", middle) == "IFRAME"


def test_without_frames_the_picture_stands_there(page_of: Opener) -> None:
    """As JupyterLab leaves it: sanitize-html drops the frame with all that is in it."""
    cell = re.sub(r"<iframe .*?</iframe>", "", in_cell(DOCUMENT, SVG, "<b>"), flags=re.DOTALL)
    cell = cell.replace("grid-area:1/1;", "")
    page = page_of(f"<!doctype html><body>{cell}")
    box = page.locator("img").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (900, 300)
    assert page.locator("img").get_attribute("alt") == "<b>"


CELLS = """import glassformer
model = glassformer.load()
trace = model.inspect("a dog ate the food because it was hungry", to="fr")
---
trace.html()
---
model.inspect("the cat was tired").html(language="zh")"""

EMPTY = "data:text/javascript,"
"""In place of libraries of the exporter, which no page of ours needs."""

VSCODE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src https: http: data:; font-src https:; connect-src https:; child-src https: data:"
)
"""The policy of the frame in which VS Code shows the outputs of a notebook."""


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    """Two pages in one notebook, which was run."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.split("\n---\n")]
    made = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(made, timeout=120, kernel_name="python3").execute(
        env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    found: nbformat.NotebookNode = made
    return found


def outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """What its cells show, as HTML."""
    return [out.data["text/html"] for cell in notebook.cells for out in cell.outputs]


def test_links_within_the_page_stay_in_its_frame(page_of: Opener) -> None:
    page = page_of(f"<!doctype html><body>{in_cell(DOCUMENT, SVG, 'A page')}")
    page.frame_locator("iframe").locator("a").click()
    inner = page.frames[1]
    assert inner.url == "about:srcdoc#end"
    assert inner.evaluate("scrollY") > 1000


@pytest.mark.slow
def test_what_a_cell_keeps_beside_the_page_is_short(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells[1:]:
        (out,) = cell.outputs
        assert {*out.data} == {"text/html", "text/plain"}
        assert len(out.data["text/plain"]) < 200


@pytest.mark.slow
def test_two_pages_in_one_notebook_keep_apart(
    notebook: nbformat.NotebookNode, page_of: Opener, tmp_path: Path
) -> None:
    exporter = HTMLExporter(require_js_url=EMPTY, mathjax_url=EMPTY, mermaid_js_url=EMPTY)
    body, _ = exporter.from_notebook_node(notebook)
    page = page_of(body, width=1200)
    names = page.evaluate("Object.keys(window)")
    first, second = (page.frame_locator("iframe").nth(number) for number in range(2))
    for frame in (first, second):
        frame.locator("main h2").first.wait_for()
    assert first.locator("html").get_attribute("lang") == "en"
    assert second.locator("html").get_attribute("lang") == "zh-Hans"
    second.locator(".link").first.wait_for(state="attached")
    before = second.locator("body").inner_text()
    first.locator("#attention .word", has_text="dog").first.click()
    first.locator("#attention svg [aria-pressed=true]").first.wait_for()
    page.wait_for_timeout(100)
    assert second.locator("body").inner_text() == before
    assert page.evaluate("Object.keys(window)") == names


@pytest.mark.slow
@pytest.mark.parametrize("home", ["colab", "vscode"])
def test_it_works_in_frames_of_other_homes(
    notebook: nbformat.NotebookNode, page_of: Opener, home: str
) -> None:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(VSCODE)}">'
    output = f"<!doctype html>{policy if home == 'vscode' else ''}<body>{outputs(notebook)[0]}"
    page = page_of(
        f'<!doctype html><iframe sandbox="allow-scripts" width="900" height="900" '
        f'srcdoc="{escape(output)}"></iframe>'
    )
    frame = page.frame_locator("iframe").frame_locator("iframe")
    frame.locator("#attention .word", has_text="dog").first.dispatch_event("click")
    frame.locator("#attention svg [aria-pressed=true]").first.wait_for(state="attached")
    assert frame.locator(".problem:visible").count() == 0


@pytest.mark.slow
def test_its_colours_are_those_that_the_reader_prefers(
    notebook: nbformat.NotebookNode, page_of: Opener
) -> None:
    page = page_of(f"<!doctype html><body>{outputs(notebook)[0]}")
    body = page.frame_locator("iframe").locator("body")

    def paper(theme: Theme) -> int:
        page.emulate_media(color_scheme=theme)
        colour: str = body.evaluate("one => getComputedStyle(one).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    light, dark = paper("light"), paper("dark")
    assert light > 3 * 200
    assert dark < 3 * 60


@pytest.mark.slow
def test_where_it_is_not_trusted_a_picture_of_the_same_stands_there(
    notebook: nbformat.NotebookNode, page_of: Opener
) -> None:
    """As JupyterLab leaves it: sanitize-html drops the frame with all that is in it."""
    left = re.sub(r"<iframe .*?</iframe>", "", outputs(notebook)[0], flags=re.DOTALL)
    assert "<script" not in left
    page = page_of(f"<!doctype html><body>{left.replace('grid-area:1/1;', '')}")
    picture = page.locator("img")
    assert picture.evaluate("one => one.complete && one.naturalWidth") > 300
    assert "a dog ate the food" in (picture.get_attribute("alt") or "")
