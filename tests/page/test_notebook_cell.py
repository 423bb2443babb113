"""A page in a notebook: alone in its frame, and a picture where there is no frame."""

import re

from page_for_tests import Opener

from glassformer.drawing.html.notebook import in_cell

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300">'
    '<rect width="900" height="300" fill="#f00"/></svg>'
)
DOCUMENT = """<!doctype html><html lang="en"><title>A page</title><style>
body { background: #fff; color-scheme: light dark }
@media (prefers-color-scheme: dark) { body { background: #000 } }
</style><h1>A &quot;page&quot;</h1><script>
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
