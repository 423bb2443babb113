"""SVG read back: line widths, words, numbers, structure; hostile text, sizes, approved pictures.

After a change that is meant, write the approved pictures anew, look at each, and commit them:

    GLASSFORMER_UPDATE_GOLDEN=1 python -m pytest tests/drawing/test_svg.py -k approved
"""

import base64
import dataclasses
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import SENTENCE, loaded, minilm, translator_config
from pictures_for_tests import SIXTY, add_norm, every_view, flow, grid, matrix, random_attention
from svg_for_tests import NAMESPACE, NUMBER, by_class, parsed, texts
from views_for_tests import CHINESE, ENGLISH, attention_view, structure_view

from glassformer.drawing.picture import Picture
from glassformer.drawing.svg import svg
from glassformer.drawing.svg.canvas import HUES, HUES_DARK, shorten, text_width, wrapped
from glassformer.drawing.svg.raster import png_uri
from glassformer.errors import UsageError
from glassformer.inspection.attention import attention_view as traced_attention
from glassformer.inspection.flow import flow_view
from glassformer.inspection.grid import grid_view
from glassformer.inspection.matrix import matrix_view
from glassformer.views import (
    AttentionView,
    Link,
    View,
    keep_mass,
    one_for_each_head,
    printable,
)

GOLDEN = Path(__file__).parent / "golden"
THEMES = ("auto", "light", "dark")


# Attention, read back


def assert_widths_follow_weights(root: ElementTree.Element, links: tuple[Link, ...]) -> None:
    (legend,) = by_class(root, "legend")
    c = float(legend.get("data-c", "nan"))
    assert f"{c:g} " in (legend.text or "")
    found = {}
    for line in by_class(root, "link"):
        weight, width = float(line.get("data-weight", "")), float(line.get("stroke-width", ""))
        assert re.fullmatch(r"\d\.\d{6}", line.get("data-weight", ""))
        assert abs(width - c * weight) < 0.00002
        at = tuple(line.get(f"data-{name}") for name in ("part", "layer", "head", "from", "to"))
        assert at not in found
        found[at] = weight
    expected = {
        (
            link.part,
            "mean" if link.layer is None else str(link.layer),
            "mean" if link.head is None else str(link.head),
            str(link.from_),
            str(link.to),
        ): link.weight
        for link in links
    }
    assert found == pytest.approx(expected, abs=6e-7)


def test_width_is_proportional_to_weight_in_a_thousand_pictures() -> None:
    weights, widths = [], []
    for seed in range(1000):
        view = keep_mass(random_attention(seed), 0.95)
        root = ElementTree.fromstring(svg(view, "zh" if seed % 5 == 0 else "en", THEMES[seed % 3]))
        assert_widths_follow_weights(root, view.links)
        given = {(k.layer, k.head, k.from_, k.to): k.weight for k in view.links}
        for line in by_class(root, "link"):
            layer, head = (
                None if line.get(f"data-{name}") == "mean" else int(line.get(f"data-{name}", ""))
                for name in ("layer", "head")
            )
            ends = int(line.get("data-from", "")), int(line.get("data-to", ""))
            weights.append(given[layer, head, *ends])
            widths.append(float(line.get("stroke-width", "")))
    slope, intercept = np.polyfit(weights, widths, 1)
    assert len(weights) > 3000
    assert np.corrcoef(weights, widths)[0, 1] ** 2 >= 0.9999
    assert abs(intercept) < 0.05
    assert slope == pytest.approx(14.0, abs=1e-3)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("words", [6, 60])
def test_a_line_ends_at_the_words_it_names(seed: int, words: int) -> None:
    view = keep_mass(random_attention(seed, words), 0.95)
    root = parsed(svg(view))
    for panel in by_class(root, "attention"):
        assert_lines_end_at_their_words(panel)


def assert_lines_end_at_their_words(panel: ElementTree.Element) -> None:
    places = {
        (side, word.get("data-position")): (float(word.get("x", "")), float(word.get("y", "")))
        for side in ("query", "key")
        for word in by_class(panel, side)
    }
    upright = by_class(panel, "query")[0].get("text-anchor") == "end"
    for line in by_class(panel, "link"):
        x1, y1, *_, x2, y2 = (float(n) for n in NUMBER.findall(line.get("d", "")))
        for side, end, x, y in (("query", "from", x1, y1), ("key", "to", x2, y2)):
            across, down = places[side, line.get(f"data-{end}")]
            if upright:
                assert abs(y - (down - 5)) < 0.01
                assert abs(x - across) < 8
            else:
                assert abs(x - across) < 0.01
                assert abs(y - down) < 20


def test_a_word_is_a_text_with_its_position() -> None:
    root = parsed(svg(attention_view(word=6)))
    for side in ("query", "key"):
        found = [
            (word.get("data-position"), word.text, word.tag.removeprefix(NAMESPACE))
            for word in by_class(root, side)
            if "word" in word.get("class", "").split()
        ]
        assert found == [(str(i), word, "text") for i, word in enumerate(ENGLISH)]
    strong = [word.text for word in by_class(root, "strong")]
    assert strong == ["it"]


def numbers_of(view: AttentionView) -> set[str]:
    """Every number that a picture of this view may show."""
    shown = {f"{link.weight:.2f}" for link in view.links}
    shown |= {f"{share:.2f}" for one in one_for_each_head(view) for share in one.hidden_share}
    shown |= {str(n) for at in view.heads for n in at if n is not None}
    shown |= {str(view.mean_of), f"{view.mass * 100:g}", "14", "0.1", "0.5", "1"}
    for text in (*view.queries, *view.keys, view.reason):
        shown |= set(NUMBER.findall(printable(text)))
    return shown


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(40))
def test_every_number_on_a_picture_is_in_its_view(seed: int, language: Any) -> None:
    view = keep_mass(random_attention(seed), 0.9)
    root = parsed(svg(view, language))
    found = {n for text in texts(root) for n in NUMBER.findall(text.text or "")}
    assert found <= numbers_of(view)
    panels = by_class(root, "attention")
    for panel, one in zip(panels, one_for_each_head(view), strict=True):
        shares = by_class(panel, "hidden-share")
        assert {int(share.get("data-position", "")): share.text for share in shares} == {
            query: f"({hidden:.2f})"
            for query, hidden in zip(one.shown_queries, one.hidden_share, strict=True)
        }


@pytest.mark.parametrize("special", [False, True])
def test_every_number_of_a_real_picture_is_in_the_trace(special: bool) -> None:
    trace = minilm().inspect(SENTENCE)
    view = traced_attention(trace, unit="tokens" if special else "words", special=special)
    root = parsed(Picture(view).svg())
    weights = trace["encoder.layers.3.self_attention.weights"][1]
    if not special:
        weights = weights[1:-1, 1:-1]
    for text in by_class(root, "weight"):
        assert np.abs(weights - float(text.text or "nan")).min() <= 0.005 + 1e-6
    for line in by_class(root, "link"):
        at = int(line.get("data-from", "")), int(line.get("data-to", ""))
        assert float(line.get("data-weight", "")) == pytest.approx(float(weights[at]), abs=1e-6)
    drawn = {int(t.get("data-position", "")): t.text for t in by_class(root, "hidden-share")}
    for query, share in drawn.items():
        lines = [e for e in by_class(root, "link") if e.get("data-from") == str(query)]
        seen = sum(float(line.get("data-weight", "")) for line in lines)
        assert float((share or "").strip("()")) == pytest.approx(1.0 - seen, abs=0.006)


# The mass filter


@pytest.mark.parametrize("mass", [0.05, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("seed", range(24))
def test_the_largest_links_up_to_the_share_are_kept(seed: int, mass: float) -> None:
    view = random_attention(seed)
    kept = keep_mass(view, mass)
    total = sum(link.weight for link in view.links)
    drawn = sum(link.weight for link in kept.links)
    assert drawn >= mass * total - 1e-12
    assert drawn - min(link.weight for link in kept.links) < mass * total
    left_out = [link for link in view.links if link not in kept.links]
    assert max((k.weight for k in left_out), default=0.0) <= min(k.weight for k in kept.links)
    assert [link for link in view.links if link in kept.links] == list(kept.links)
    for query, hidden in zip(kept.shown_queries, kept.hidden_share, strict=True):
        given = sum(k.weight for k in kept.links if k.from_ == query) / len(view.heads)
        assert hidden + given == pytest.approx(1.0)
    assert kept.mass == mass


def test_links_of_no_weight_are_no_lines() -> None:
    link = Link(part="encoder", layer=1, head=1, from_=0, to=0, weight=0.0)
    view = attention_view(("a", "b"), links=(link,))
    assert keep_mass(view, 1.0).links == ()
    parsed(Picture(view).svg())


# Several heads


def test_each_head_has_a_panel_of_its_own_with_the_same_words() -> None:
    heads = tuple((1, head) for head in range(1, len(HUES) + 1))
    view = attention_view(ENGLISH[:3], heads=heads)
    root = parsed(svg(view))
    panels = by_class(root, "attention")
    assert [(panel.get("data-layer"), panel.get("data-head")) for panel in panels] == [
        ("1", str(head)) for _, head in heads
    ]
    assert [text.text for text in by_class(root, "head-name")] == [
        f"layer 1, head {head}" for _, head in heads
    ]
    corners = {(float(w.get("x", "")), float(w.get("y", ""))) for w in by_class(root, "word")}
    assert len(corners) == 2 * 3 * len(heads)
    looks = set()
    for panel, one in zip(panels, one_for_each_head(view), strict=True):
        assert [text.text for text in by_class(panel, "word")] == [*ENGLISH[:3]] * 2
        lines = by_class(panel, "link")
        assert len(lines) == len(one.links) == 9
        assert {line.get("data-head") for line in lines} == {panel.get("data-head")}
        (look,) = {line.get("class") for line in lines}
        looks.add(look)
        assert not any(line.get("stroke-dasharray") for line in lines)
    assert len(looks) == len({*HUES}) == len({*HUES_DARK}) == len(heads)
    assert_widths_follow_weights(root, view.links)


def test_of_each_head_the_hidden_share_is_its_own() -> None:
    view = keep_mass(attention_view(ENGLISH[:4], heads=((1, 1), (1, 2), (2, 3))), 0.6)
    for one in one_for_each_head(view):
        for query, hidden in zip(one.shown_queries, one.hidden_share, strict=True):
            given = sum(link.weight for link in one.links if link.from_ == query)
            assert hidden + given == pytest.approx(1.0)
    means = np.mean([one.hidden_share for one in one_for_each_head(view)], axis=0)
    assert means == pytest.approx(view.hidden_share)


def test_more_heads_than_can_be_told_apart_are_refused() -> None:
    heads = tuple((1, head) for head in range(1, 10))
    with pytest.raises(UsageError, match=r"8 heads apart, but 9 .*grid"):
        svg(attention_view(ENGLISH[:3], heads=heads))


def test_more_lines_than_can_be_seen_are_refused() -> None:
    words = tuple(map(str, range(90)))
    with pytest.raises(UsageError, match=r"8000 .*8100.*word=WORD.*grid.*matrix"):
        svg(attention_view(words))
    assert Picture(attention_view(words), mass=0.5).svg()


@pytest.mark.parametrize(
    ("language", "cross", "own"),
    [
        (
            "en",
            ("target (query)", "source (key)"),
            ("attends (query)", "is attended to (key)"),
        ),
        ("zh", ("目标（query）", "源（key）"), ("关注者（query）", "被关注者（key）")),
    ],
)
@pytest.mark.parametrize("words", [ENGLISH, SIXTY])
def test_rows_say_what_they_are(
    language: Any, cross: tuple[str, str], own: tuple[str, str], words: tuple[str, ...]
) -> None:
    view = attention_view(words, keys=CHINESE, part="cross")
    root = parsed(svg(view, language))
    shown = [text.text for text in texts(root)]
    assert all(shown.count(label) == 1 for label in cross)
    assert not set(own) & set(shown)
    assert [t.text for t in by_class(root, "word") if "query" in t.get("class", "")] == [*words]
    assert [t.text for t in by_class(root, "word") if "key" in t.get("class", "")] == [*CHINESE]
    notes = " ".join(line.text or "" for line in by_class(root, "note"))
    assert ("predicts the one after it" if language == "en" else "预测") in notes
    shown = [text.text for text in texts(parsed(svg(attention_view(words, word=0), language)))]
    assert all(shown.count(label) == 1 for label in own)


def test_a_real_cross_attention_has_two_rows() -> None:
    trace = loaded(translator_config(tags=())).inspect(SENTENCE, target="a dog was hungry")
    root = parsed(Picture(traced_attention(trace, part="cross")).svg())
    words = by_class(root, "word")
    rows = [[t.text for t in words if side in t.get("class", "")] for side in ("query", "key")]
    assert rows == [["a", "dog", "was", "hungry"], SENTENCE.split()]


REASON = "finds the antecedent of “it” among two candidates in 61 % of 126 sentences"


def card_note_of(root: ElementTree.Element) -> str:
    notes = " ".join(line.text or "" for line in by_class(root, "note"))
    return notes[notes.lower().index("the head that") :]


@pytest.mark.parametrize("word", [6, None, 1])
def test_the_card_says_why_under_pictures_of_the_word_that_it_is_about(word: int | None) -> None:
    reason = f"{REASON} " * 3
    root = parsed(svg(attention_view(word=word, choice="card", reason=reason.strip())))
    which = "The head that the model card recommends"
    assert card_note_of(root) == (f"{which}: {reason.strip()}." if word == 6 else f"{which}.")
    lowest = max(float(text.get("y", "")) for text in by_class(root, "word"))
    for line in by_class(root, "note"):
        assert float(line.get("y", "")) > lowest
        assert 24 + text_width(line.text or "", 12.0) <= float(root.get("width", "")) - 20


def test_a_reason_that_quotes_no_word_stands_under_every_picture() -> None:
    for word in (None, 1):
        root = parsed(svg(attention_view(word=word, choice="card", reason="the best aligned")))
        assert card_note_of(root).endswith("recommends: the best aligned.")


# What other views show


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", every_view())
def test_every_picture_is_whole(name: str, language: Any, theme: Any) -> None:
    text = Picture(every_view()[name], language=language).svg(theme=theme)
    root = parsed(text)
    assert ("prefers-color-scheme" in text) == (theme == "auto")
    chinese = any(re.search(r"[\u4e00-\u9fff]", t.text or "") for t in texts(root))
    assert chinese or language == "en"


def test_a_small_matrix_shows_its_values() -> None:
    view = matrix(3, 4)
    root = parsed(svg(view))
    cells = by_class(root, "cell")
    assert {
        (int(c.get("data-row", "")), int(c.get("data-column", ""))): c.get("data-value")
        for c in cells
    } == {(r, c): f"{view.values[r][c]:.6g}" for r in range(3) for c in range(4)}
    shown = [text.text for text in by_class(root, "value")]
    assert shown == [f"{value:.2f}" for row in view.values for value in row]
    scale = [text.text for text in by_class(root, "scale-value")]
    assert scale == [f"{-view.largest:.4g}", f"{view.largest:.4g}"]
    assert [text.text for text in by_class(root, "row")] == [*view.row_labels]
    assert [text.text for text in by_class(root, "column")] == [*view.column_labels]


@pytest.mark.parametrize(
    ("size", "digits"), [(1e-3, 3), (1.0, 2), (300.0, 1), (1e4, 0), (9.0, 2), (0.0, 0)]
)
def test_values_fit_their_cells(size: float, digits: int) -> None:
    view = matrix(4, 4, size=size)
    root = parsed(svg(view))
    for text, value in zip(by_class(root, "value"), np.ravel(view.values), strict=True):
        assert text.text == f"{value:.{digits}f}"
        assert text_width(text.text, 11.0) < 50


def test_whole_numbers_are_shown_as_they_are() -> None:
    view = matrix(3, 1, values=((101.0,), (30521.0,), (7.0,)), largest=30521.0, smallest=7.0,
                  column_axis="", column_labels=())  # fmt: skip
    shown = [text.text for text in texts(parsed(svg(view)))]
    assert {"101", "30521", "7", "token ↓"} <= {*shown}


def test_colours_of_a_matrix_say_sign_and_size() -> None:
    view = matrix(1, 4, values=((-2.0, 0.0, 1.0, 2.0),), smallest=-2.0, largest=2.0)
    cells = by_class(parsed(svg(view)), "cell")
    assert [float(cell.get("fill-opacity", "")) for cell in cells] == pytest.approx(
        [1.0, 0.0, 0.5, 1.0], abs=0.003
    )
    below, _, *above = (cell.get("fill") for cell in cells)
    assert len({*above}) == 1
    assert below not in above


def pixels(uri: str) -> np.ndarray[Any, Any]:
    """The pixels of an image of ours, whose rows have no filter."""
    data = base64.b64decode(uri.partition(",")[2])
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    start = data.index(b"IDAT") + 4
    lines = zlib.decompress(data[start : data.index(b"IEND")])
    rows = np.frombuffer(lines, np.uint8).reshape(height, 1 + 4 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 4)


def test_many_cells_are_one_image_with_a_pixel_for_each() -> None:
    view = matrix(60, 50)
    root = parsed(svg(view))
    (image,) = root.iter(f"{NAMESPACE}image")
    found = pixels(image.get("href", ""))
    values = np.array(view.values)
    assert found.shape == (60, 50, 4)
    assert np.abs(found[..., 3] / 255.0 - np.abs(values) / view.largest).max() < 0.003
    assert (found[..., 0][values > 0.0] == 36).all()
    assert (found[..., 0][values < 0.0] == 194).all()


def test_the_small_image_comes_back() -> None:
    drawn = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    assert (pixels(png_uri(drawn)) == drawn).all()


@pytest.mark.parametrize("words", [1, 5, 62, 63, 130])
def test_a_grid_has_all_heads_and_their_largest_weights(words: int) -> None:
    view = grid(tuple(f"w{n}" for n in range(words)))
    root = parsed(svg(view))
    largest = by_class(root, "largest")
    assert [(t.get("data-layer"), t.get("data-head"), t.text) for t in largest] == [
        (str(cell.layer), str(cell.head), f"{cell.largest:.2f}") for cell in view.cells
    ]
    for image, cell in zip(root.iter(f"{NAMESPACE}image"), view.cells, strict=True):
        assert float(image.get("width", "")) == float(image.get("height", "")) >= 62.0
        opacity = pixels(image.get("href", ""))[..., 3]
        dots = -(-words // -(-words // 62))
        times = opacity.shape[0] // dots
        assert (opacity == opacity[::times, ::times].repeat(times, 0).repeat(times, 1)).all()
        opacity = opacity[::times, ::times]
        assert opacity.shape == (dots, dots)
        assert opacity.max() == round(cell.largest * 255)
        if words <= 62:
            assert np.abs(opacity / 255.0 - np.array(cell.weights)).max() < 0.003
    assert len(by_class(root, "card")) == 1
    note = " ".join(text.text or "" for text in by_class(root, "note"))
    assert ("One dot is" in note) == (words > 62)
    assert "Framed: the head that the model card recommends." in note
    assert "Framed" not in svg(dataclasses.replace(view, card=None))


def test_a_flow_shows_the_numbers_of_its_panels() -> None:
    view = flow(ENGLISH)
    root = parsed(svg(view))
    expected = [
        f"{value:.2f}"
        for column in view.columns
        for panel in column.panels
        for value in np.ravel(panel.matrix.values)
    ]
    assert [text.text for text in by_class(root, "value")] == expected
    assert [text.text for text in by_class(root, "operation")] == ["Q Kᵀ", "weights · V"]
    assert [text.text for text in by_class(root, "panel")] == ["Q", "K", "scores", "Z"]
    chinese = parsed(svg(view, "zh"))
    assert [text.text for text in by_class(chinese, "panel")] == ["Q", "K", "得分", "Z"]


@pytest.mark.parametrize("words", [("a",), ENGLISH, tuple(f"w{n}" for n in range(40))])
def test_a_whole_flow_is_a_slide_from_x_to_z(words: tuple[str, ...]) -> None:
    root = parsed(svg(flow(words, whole=True)))
    assert float(root.get("width", "")) * 9 == pytest.approx(
        float(root.get("height", "")) * 16, abs=16
    )
    assert [text.text for text in by_class(root, "panel")] == [
        "x", "W_Q", "b_Q", "Q", "W_K", "b_K", "K", "W_V", "b_V", "V",
        "scores", "scaled scores", "weights", "Z",
    ]  # fmt: skip
    assert [text.text for text in by_class(root, "step-number")] == ["1", "2", "3", "4"]
    assert [text.text for text in by_class(root, "operation")] == [
        "Q Kᵀ", "÷ √32", "softmax", "weights · V",
    ]  # fmt: skip
    assert [text.text for text in by_class(root, "step")] == [
        "x W_Q + b_Q", "x W_K + b_K", "x W_V + b_V",
    ]  # fmt: skip
    assert len(by_class(root, "followed")) == len(("x", "Q", "scores", "scaled", "weights", "Z"))


@pytest.mark.parametrize(("rows", "columns"), [(14, 10_000), (3000, 3), (700, 900), (1, 1)])
def test_no_matrix_is_larger_than_a_page(rows: int, columns: int) -> None:
    view = matrix(rows, columns)
    root = parsed(svg(view))
    assert float(root.get("width", "")) <= 1300
    assert float(root.get("height", "")) <= 1400
    note = " ".join(t.text or "" for t in texts(root) if "left out" in (t.text or ""))
    assert (f"of {rows} rows" in note) == (rows > 550)
    assert (f"of {columns} columns" in note) == (columns > 550)
    shown = [int(text.text or "") for text in by_class(root, "column")]
    if columns > 550:
        sizes = np.abs(np.array(view.values)).max(axis=0)
        assert set(shown) == {*np.argsort(-sizes)[:24].tolist()}
        assert shown == sorted(shown)


def test_attention_has_one_scale_whatever_its_largest_weight() -> None:
    view = matrix(2, 2, values=((0.1, 0.2), (0.2, 0.1)), smallest=0.1, largest=0.2, full=1.0)
    root = parsed(svg(view))
    assert [text.text for text in by_class(root, "scale-value")] == ["0", "1"]
    opacity = [float(cell.get("fill-opacity", "")) for cell in by_class(root, "cell")]
    assert opacity == pytest.approx([0.1, 0.2, 0.2, 0.1], abs=0.003)


def test_means_and_deviations_stand_beside_their_rows() -> None:
    view = add_norm(ENGLISH)
    root = parsed(svg(view))
    expected = [
        f"{value:.3f}"
        for measured in view.panels
        for numbers in (measured.means, measured.deviations)
        for value in numbers
    ]
    assert [text.text for text in by_class(root, "measure")] == expected
    assert [text.text for text in by_class(root, "sign")] == ["+", "="]


@pytest.mark.parametrize("opened", [1, 3, 6, 99])
@pytest.mark.parametrize("layers", [1, 2, 6, 12])
def test_a_structure_is_bottom_to_top_with_one_layer_opened(layers: int, opened: int) -> None:
    view = structure_view(target=13, num_layers=layers)
    root = parsed(svg(view, open_layer=opened))
    assert len(by_class(root, "residual")) == 2 + 3
    assert len(by_class(root, "opened")) == 2
    shown = {t.text: float(t.get("y", "")) for t in texts(root)}
    assert shown["tokens"] > shown["X, embedding"] > shown["multi-head self-attention"]
    assert shown["multi-head self-attention"] > shown["R, the representation"] or layers == 1
    assert f"layer {min(opened, layers)}" in shown
    name = "encoder, 1 layer" if layers == 1 else f"encoder, {layers} layers, all built alike"
    assert name in shown
    for text in texts(root):
        for number in NUMBER.findall(text.text or ""):
            assert int(number) in {8, 11, 13, 512, 2048, 37_000, 64, layers, *range(1, layers + 1)}


ANY_MODEL = st.fixed_dictionaries(
    {
        "norm": st.sampled_from(["post", "pre", "none"]),
        "positions": st.sampled_from(["sinusoidal", "sinusoidal_halves", "learned", "none"]),
        "activation": st.sampled_from(["relu", "gelu_tanh"]),
        "embedding_norm": st.booleans(),
        "num_layers": st.sampled_from([1, 2, 6, 48]),
        "d_model": st.sampled_from([512, 65_536]),
    }
)


def tip(arrow: ElementTree.Element) -> tuple[float, float]:
    """Where a way ends, a few pixels before the head of its arrow."""
    way = arrow.get("d", "")
    across, down = re.findall(r"[MH](-?[\d.]+)", way)[-1], re.findall(r"V(-?[\d.]+)", way)[-1]
    return float(across), float(down)


@given(changes=ANY_MODEL, opened=st.integers(1, 9))
def test_the_representation_enters_every_layer_of_the_decoder(
    changes: dict[str, Any], opened: int
) -> None:
    root = parsed(svg(structure_view(target=13, **changes), open_layer=opened))
    boxes = [
        (float(b.get("x", "")), float(b.get("y", "")), float(b.get("height", "")))
        for b in by_class(root, "box")
    ]
    decoder = max(x for x, _, _ in boxes if sum(x == other for other, _, _ in boxes) > 3)
    named = {
        (t.text or "", float(t.get("x", ""))): float(t.get("y", ""))
        for t in texts(root)
        if float(t.get("x", "")) > decoder
    }
    texts_of_layers = [text for text, x in named if text.startswith("layer") and x == decoder + 12]
    ways = [tip(way) for way in by_class(root, "memory")]
    assert len(ways) == len(texts_of_layers) + 1  # each closed one, and the opened one
    for x, y in ways:
        assert decoder - 10 <= x < decoder
        (inside,) = [box for box in boxes if box[0] == decoder and box[1] <= y <= box[1] + box[2]]
        (first,) = [text for (text, at), line in named.items()
                    if at == decoder + 12 and inside[1] < line <= inside[1] + 30
                    and (text.startswith("layer") or "cross-attention" in text)]  # fmt: skip
        assert first


@given(changes=ANY_MODEL)
def test_positions_are_added_from_the_side(changes: dict[str, Any]) -> None:
    view = structure_view(target=13, **changes)
    root = parsed(svg(view))
    sums = 0 if changes["positions"] == "none" else 2
    assert len(by_class(root, "plus")) == len(by_class(root, "added")) == sums
    assert not by_class(parsed(svg(structure_view(num_layers=2))), "memory")


@pytest.mark.parametrize("language", ["en", "zh"])
@given(changes=ANY_MODEL, opened=st.integers(1, 9))
def test_no_text_of_a_structure_is_cut_off_or_leaves_its_box(
    language: Any, changes: dict[str, Any], opened: int
) -> None:
    root = parsed(svg(structure_view(target=13, **changes), language, open_layer=opened))
    boxes = [[float(b.get(k, "")) for k in ("x", "y", "width", "height")]
             for b in by_class(root, "box")]  # fmt: skip
    for text in texts(root):
        assert "…" not in (text.text or "")
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        size = 12.0 if "small" in text.get("class", "") else 15.0
        width = text_width(text.text or "", size)
        for left, top, wide, high in boxes:
            if left <= x <= left + wide and top < y < top + high:
                start = x - width if text.get("text-anchor") == "end" else x
                assert left <= start
                assert start + width <= left + wide


# Any text, any size


@pytest.mark.parametrize("name", every_view())
@given(words=st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=4))
def test_any_text_gives_well_formed_xml(name: str, words: list[str]) -> None:
    root = ElementTree.fromstring(Picture(every_view((*words,))[name]).svg())
    if name == "attention":
        shown = ["".join(t.itertext()) for t in by_class(root, "word")]
        assert shown == [*map(printable, words)] * 2


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\"&amp;'", "\"&amp;'"),
        ("]]>", "]]>"),
        ("\x00\x1b[31m\x7f", "␀␛[31m␡"),
        ("\u202eevil\u2066", "[U+202E]evil[U+2066]"),
        ("\ufffe\uffff", "[U+FFFE][U+FFFF]"),
        ("\ud83d", "[U+D83D]"),
        ("שלום", "שלום"),
        ("狗", "狗"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("w" * 60, "w" * 60),
        ("M" * 60, "M" * 60),
    ],
)
@pytest.mark.parametrize("others", [(), SIXTY])
def test_a_word_is_shown_whole(word: str, shown: str, others: tuple[str, ...]) -> None:
    root = parsed(svg(attention_view((word, *others), word=0)))
    first = [t for t in by_class(root, "word") if t.get("data-position") == "0"]
    assert [t.text for t in first] == [shown, shown]
    for text in first:
        width, x = text_width(shown), float(text.get("x", ""))
        before = {"middle": width / 2, "end": width, "start": 0.0}[text.get("text-anchor", "start")]
        assert x - before >= 0.0
        assert x - before + width <= float(root.get("width", ""))


def test_what_depends_on_text_leaves_room_for_it() -> None:
    for name, view in every_view(("w" * 60, "ﷺ", *ENGLISH)).items():
        for language in ("en", "zh"):
            root = parsed(Picture(view, language=language).svg())
            for text in texts(root):
                size = 12.0 if "small" in text.get("class", "") else 11.0
                end = float(text.get("x", "")) + text_width(text.text or "", size)
                if text.get("text-anchor") is None and text.get("transform") is None:
                    assert end <= float(root.get("width", "")), (name, text.text)


@pytest.mark.parametrize(
    ("view", "most"),
    [
        (lambda: attention_view(SIXTY), 1_500_000),
        (lambda: attention_view(("a",)), 5_000),
        (lambda: attention_view(), 40_000),
        (lambda: grid(tuple(f"w{n}" for n in range(512)), 2, 2), 60_000),
        (lambda: matrix(512, 512), 1_000_000),
        (lambda: matrix(512, 384), 1_000_000),
        (lambda: matrix(40, 40), 600_000),
        (lambda: flow(tuple(f"w{n}" for n in range(40))), 1_500_000),
        (lambda: structure_view(target=13), 30_000),
    ],
)
def test_files_keep_to_the_sizes_in_the_docs(view: Callable[[], View], most: int) -> None:
    text = Picture(view(), mass=1.0).svg()
    assert len(text.encode()) < most
    parsed(text)


def test_texts_are_measured_and_cut() -> None:
    assert text_width("") == 0.0
    assert text_width("e\u0301") == text_width("e")
    assert text_width("狗") > text_width("M") > text_width("a") > text_width("i")
    assert shorten("a dog ate", 1000.0) == "a dog ate"
    assert shorten("a dog ate", 40.0).endswith("…")
    assert text_width(shorten("a dog ate", 40.0)) <= 40.0
    assert wrapped("a dog ate the food", 60.0) == ["a dog", "ate the", "food"]
    assert wrapped("", 60.0) == []
    chinese = "只画出权重最大的连线，合计占图中注意力的 95%。模型卡片推荐的头：“（一）is right”"
    lines = wrapped(chinese, 100.0, 12.0)
    assert "".join(lines).replace(" ", "") == chinese.replace(" ", "")
    assert all(text_width(line, 12.0) <= 100.0 for line in lines)
    assert not any(line[0] in "，。：”）" for line in lines)


# Side by side


def test_two_pictures_on_one_page_keep_apart() -> None:
    light, dark = (svg(attention_view(), theme=theme) for theme in ("light", "dark"))
    roots = [parsed(text) for text in (light, dark)]
    scopes = [root.get("class", "") for root in roots]
    assert scopes[0] != scopes[1]
    for root, scope in zip(roots, scopes, strict=True):
        style = re.sub(r"@media[^{]*{(.*)}$", r"\1", root[2].text or "")
        selectors = [rule.partition("{")[0] for rule in style.split("}") if rule.strip()]
        assert len(selectors) > 10
        assert all(selector.startswith(f".{scope}") for selector in selectors)
    ids = [element.get("id") for root in roots for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids) == 4
    assert svg(attention_view()) == svg(attention_view())
    assert len({parsed(svg(view)).get("class") for view in every_view().values()}) == len(
        every_view()
    )


def luminance(colour: str) -> float:
    digits = colour * 2 if len(colour) == 3 else colour
    red, green, blue = (
        (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
        for c in (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("theme", "hues"), [("light", HUES), ("dark", HUES_DARK)])
def test_texts_and_lines_stand_out_from_the_paper(theme: str, hues: tuple[str, ...]) -> None:
    style = parsed(svg(attention_view(), theme=theme))[2].text or ""
    last = dict(re.findall(r"\.g\w+ ([.\w]+){(?:fill|stroke):#(\w+)", style))
    paper = luminance(last[".paper"])
    asked = [(last["text"], 7.0), (last[".quiet"], 4.5), *((hue[1:], 3.0) for hue in hues)]
    for colour, least in asked:
        low, high = sorted((paper, luminance(colour)))
        assert (high + 0.05) / (low + 0.05) >= least, colour


# Approved pictures


def approved() -> dict[str, Callable[[], Picture[View]]]:
    """The article's sentence as MiniLM reads it."""
    trace = minilm().inspect(SENTENCE)
    weights = "encoder.layers.3.self_attention.weights"
    return {
        "attention-it": lambda: Picture(traced_attention(trace, word="it")),
        "attention-it-zh": lambda: Picture(traced_attention(trace, word="it"), language="zh"),
        "attention-all": lambda: Picture(traced_attention(trace)),
        "grid": lambda: Picture(grid_view(trace)),
        "matrix": lambda: Picture(matrix_view(trace, weights, 2)),
        "flow": lambda: Picture(flow_view(trace)),
        "multi-head": lambda: trace.multi_head(),
        "positions": lambda: trace.positions(),
        "add-norm-zh": lambda: trace.add_norm(language="zh"),
        "structure": lambda: trace.structure(open_layer=4),
    }


APPROVED = (
    "attention-it", "attention-it-zh", "attention-all", "grid", "matrix", "flow",
    "multi-head", "positions", "add-norm-zh", "structure",
)  # fmt: skip
IMAGE = re.compile(r"data:image/png;base64,[^\"]+")
DECIMAL = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def canonical(text: str) -> str:
    """Without what hangs on the last digits: the name of the styles, the order of equal lines."""
    scope = re.search(r'class="(g[0-9a-f]{10})"', text)
    assert scope is not None
    lines = text.replace(scope[1], "SCOPE").split("\n")
    links = sorted(
        (line for line in lines if 'class="link ' in line),
        key=lambda line: re.findall(r' data-(?:layer|head|from|to)="(\w+)"', line),
    )
    return "\n".join(links + [line for line in lines if 'class="link ' not in line])


def assert_alike(found: str, golden: str) -> None:
    """Equal but for numbers that differ by no more than machines do, and colours by one."""
    images = [IMAGE.findall(text) for text in (found, golden)]
    for image, expected in zip(*images, strict=True):
        assert np.abs(pixels(image).astype(int) - pixels(expected)).max() <= 1
    found, golden = (canonical(IMAGE.sub("IMAGE", text)) for text in (found, golden))
    for line, expected_line in zip(found.split("\n"), golden.split("\n"), strict=True):
        assert DECIMAL.sub("#", line) == DECIMAL.sub("#", expected_line)
        for number, expected_number in zip(
            DECIMAL.findall(line), DECIMAL.findall(expected_line), strict=True
        ):
            last = 10.0 ** -len(expected_number.partition(".")[2].partition("e")[0])
            assert float(number) == pytest.approx(
                float(expected_number), rel=1e-4, abs=max(1.01 * last, 1e-4)
            ), expected_line


@pytest.mark.parametrize("name", APPROVED)
def test_a_picture_is_as_it_was_approved(name: str) -> None:
    text = approved()[name]().svg()
    path = GOLDEN / f"{name}.svg"
    if os.environ.get("GLASSFORMER_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    parsed(text)
    assert_alike(text, path.read_text(encoding="utf-8"))


def test_there_is_no_approved_picture_without_a_test() -> None:
    assert {path.stem for path in GOLDEN.glob("*.svg")} == {*APPROVED}


def test_the_picture_of_it_shows_dog_and_then_food() -> None:
    root = parsed(approved()["attention-it"]().svg())
    weights = {
        ENGLISH[int(line.get("data-to", ""))]: float(line.get("data-weight", ""))
        for line in by_class(root, "link")
    }
    assert max(weights, key=lambda word: weights[word]) == "dog"
    assert 0.5 < weights["dog"] < 0.56
    assert weights["food"] < 0.1


def test_a_difference_in_an_approved_picture_is_noticed() -> None:
    text = Picture(attention_view()).svg()
    assert_alike(text, text)
    view = attention_view()
    links = (dataclasses.replace(view.links[0], weight=view.links[0].weight + 0.01),)
    other = dataclasses.replace(view, links=(*links, *view.links[1:]))
    with pytest.raises(AssertionError):
        assert_alike(Picture(other).svg(), text)


def test_the_demonstration_runs() -> None:
    command = [sys.executable, "-m", "glassformer.drawing.svg"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    root = parsed(done.stdout)
    assert len(by_class(root, "link")) >= 4
    assert unescape(root[0].text or "").startswith("Attention")
