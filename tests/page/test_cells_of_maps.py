"""Heat maps: their colours, numbers and labels, and what stands for many cells at once."""

from typing import Any

import numpy as np
import pytest
from cells_for_tests import with_modules
from page_for_tests import Opener
from playwright.sync_api import Page, expect

from glassformer.drawing.html.bundle import style
from glassformer.drawing.svg.colours import shade

DOCUMENT = f"<!doctype html><title>A page</title><style>{style()}</style><div id='root'></div>"

DRAW = """maps => {
  const { matrix } = window.__glassformer;
  const root = document.getElementById("root");
  const context = { root, openCell: (...cell) => { window.opened = cell; } };
  const drawn = [];
  for (const map of maps) {
    const made = { length: map.values === "made" ? map.rows * map.columns : 0 };
    if (made.length) map.values = Array.from(made, (_, i) => i * 7919 % 1009 - 504);
    if (map.relates) {
      map.relates = (at) => [{ map: drawn[0], row: at }];
    }
    drawn.push(matrix.heatMap(context, { label: "a map", ...map }));
  }
  root.append(...drawn);
}"""


def drawn(page_of: Opener, *maps: dict[str, Any], width: int = 1000) -> Page:
    page = page_of(DOCUMENT, width=width)
    with_modules(page, "matrix.js")
    page.evaluate(DRAW, list(maps))
    return page


def test_colours_are_those_of_the_pictures(page_of: Opener) -> None:
    values = np.linspace(-2.5, 2.5, 41)
    page = drawn(page_of, {"values": values.tolist(), "rows": 1, "columns": 41, "scale": 2})
    found = page.evaluate("vs => vs.map(v => __glassformer.matrix.shade(v, 2))", values.tolist())
    np.testing.assert_array_equal(found, shade(values, 2.0))
    pixels = page.evaluate(
        "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 41, 1).data]"
    )
    opacity = np.reshape(pixels, (41, 4))[:, 3]
    np.testing.assert_array_equal(opacity, shade(values, 2.0)[:, 3])


def test_of_more_cells_than_pixels_the_largest_of_each_block_is_shown(page_of: Opener) -> None:
    values = (np.arange(600 * 1200) * 7919 % 1009).reshape(600, 1200) - 504.0
    page = drawn(page_of, {"values": "made", "rows": 600, "columns": 1200})
    expect(page.locator(".matrix-note")).to_contain_text("block of 2 × 3 cells")
    blocks = np.abs(values.reshape(300, 2, 400, 3)).max(axis=(1, 3))
    opacity = page.evaluate(
        "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 400, 300).data]"
        ".filter((_, i) => i % 4 === 3 && (i - 3) % 388 === 0)"
    )
    wanted = shade(blocks, 504.0)[..., 3].ravel()[::97]
    np.testing.assert_array_equal(opacity, wanted)
    page.locator("canvas").hover(position={"x": 10, "y": 21})
    said = page.locator(".matrix-value").inner_text().rpartition(": ")[2].replace("−", "-")
    at = page.evaluate("document.querySelector('canvas').getBoundingClientRect().height") / 300
    assert abs(float(said)) == pytest.approx(blocks[int(21 / at), 10], rel=1e-3)


@pytest.mark.slow
def test_a_map_says_what_is_looked_at(page_of: Opener) -> None:
    rows, columns = ["a", "שלום"], ["x", "y", "z"]
    page = drawn(
        page_of,
        {"values": [1, 2, 3, -4, 5, 6], "rows": 2, "columns": 3, "legend": True}
        | {"rowLabels": rows, "columnLabels": columns, "followed": 1},
    )
    expect(page.locator(".matrix-numbers span")).to_have_text(
        ["1.00", "2.00", "3.00", "−4.00", "5.00", "6.00"]
    )
    expect(page.locator(".matrix-legend")).to_have_text("−606")
    expect(page.locator(".matrix-rows .followed")).to_have_text("שלום")
    page.locator(".matrix-field").focus()
    value = page.locator(".matrix-value")
    expect(value).to_have_text("\u2068שלום\u2069 · \u2068x\u2069: −4")
    for key in ("ArrowUp", "End"):
        page.keyboard.press(key)
    expect(value).to_have_text("\u2068a\u2069 · \u2068z\u2069: 3")
    page.keyboard.press("ArrowRight")
    expect(value).to_have_text("\u2068a\u2069 · \u2068z\u2069: 3")
    page.locator(".matrix-toggle").click()
    expect(page.locator("table.numbers tbody tr").nth(1)).to_have_text("שלום−456")
    page.locator(".matrix-toggle").click()
    expect(page.locator("table.numbers")).to_have_count(0)


@pytest.mark.slow
def test_column_labels_stand_upright_where_cells_are_narrow_and_are_left_out_where_more_so(
    page_of: Opener,
) -> None:
    def of(columns: int) -> dict[str, Any]:
        labels = ["long label"] * columns
        return {"values": [1.0] * columns, "rows": 1, "columns": columns, "columnLabels": labels}

    page = drawn(page_of, of(2) | {"columnLabels": ["a", "b"]}, of(20), of(200))
    maps = page.locator(".matrix")
    kinds = [one.locator(".matrix-columns").count() for one in maps.all()]
    assert kinds == [1, 1, 0]
    expect(maps.nth(0).locator(".upright")).to_have_count(0)
    expect(maps.nth(1).locator(".upright")).to_have_count(1)


@pytest.mark.slow
def test_what_a_cell_was_made_of_is_framed_in_other_maps(page_of: Opener) -> None:
    of = {"values": [1, 2, 3, 4], "rows": 2, "columns": 2}
    page = drawn(page_of, of, of | {"relates": [0]})
    frame = page.locator(".matrix").first.locator(".matrix-related")
    expect(frame).to_be_hidden()
    page.locator("canvas").nth(1).hover(position={"x": 5, "y": 30})
    expect(frame).to_be_visible()
    height = page.locator("canvas").first.bounding_box()
    box = frame.bounding_box()
    assert height is not None
    assert box is not None
    assert box["y"] == pytest.approx(height["y"] + height["height"] / 2, abs=1)
    assert box["width"] == pytest.approx(height["width"], abs=1)
    page.mouse.move(900, 700)
    expect(frame).to_be_hidden()
