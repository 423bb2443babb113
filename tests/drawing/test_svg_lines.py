"""Where numbers, words and lines of attention stand, what is left out, and the grid's axes."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures_for_tests import SIXTY, grid, random_attention
from svg_for_tests import NAMESPACE, NUMBER, by_class, parsed, texts
from views_for_tests import CHINESE, ENGLISH, attention_view

from glassformer.catalogue import Language
from glassformer.drawing.picture import Picture
from glassformer.drawing.svg import svg
from glassformer.drawing.svg.canvas import text_width
from glassformer.views import AttentionView, keep_mass, keep_readable

ARABIC = ("الكلب", "أكل", "الطعام", "لأنه", "كان", "جائعا", ".")
HEBREW = ("הכלב", "אכל", "את", "האוכל", "!")


# Where the numbers, the words and the lines stand


def curve(line: ElementTree.Element) -> np.ndarray[Any, Any]:
    """A hundred points of a line on its way."""
    corners = np.array([float(n) for n in NUMBER.findall(line.get("d", ""))]).reshape(4, 2)
    t = np.linspace(0.0, 1.0, 101)[:, None]
    a, b, c, d = corners
    points: np.ndarray[Any, Any] = (
        (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    )
    return points


def box(text: ElementTree.Element, size: float) -> tuple[float, float, float, float]:
    """What a text covers, as the canvas estimates it: the middle, half the width, the height."""
    shown = "".join(text.itertext())
    width, x, y = text_width(shown, size), float(text.get("x", "")), float(text.get("y", ""))
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")]
    return left, y - 0.72 * size, left + width, y


def meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


PANELS: dict[str, Callable[[], AttentionView]] = {
    "all": lambda: keep_mass(attention_view(), 0.95),
    "it": lambda: attention_view(word=6),
    "heads": lambda: keep_mass(attention_view(heads=((1, 1), (1, 2), (4, 2))), 0.9),
    "columns": lambda: keep_readable(attention_view(SIXTY)),
    "right to left": lambda: keep_mass(attention_view(ARABIC), 0.95),
    "one": lambda: attention_view(("it",)),
    "chinese": lambda: attention_view(CHINESE, word=8),
    "random": lambda: keep_mass(random_attention(5, 12), 0.95),
}


@pytest.mark.parametrize("name", PANELS)
def test_a_number_stands_beside_its_line_and_on_no_word_or_number(name: str) -> None:
    root = parsed(svg(PANELS[name]()))
    for panel in by_class(root, "attention"):
        lines = by_class(panel, "link")
        numbers = [(text, box(text, 11.0)) for text in by_class(panel, "weight")]
        others = [box(text, 15.0) for text in by_class(panel, "word")]
        others += [box(text, 11.0) for text in by_class(panel, "hidden-share")]
        assert numbers
        for text, (left, top, right, bottom) in numbers:
            of = [x for x in lines if f"{float(x.get('data-weight', '')):.2f}" == text.text]
            assert of, f"{text.text} is no line's"
            gaps, least = [], np.inf
            for line in of:
                x, y = curve(line).T
                across = np.maximum(0.0, np.maximum(left - x, x - right))
                down = np.maximum(0.0, np.maximum(top - y, y - bottom))
                gaps.append(np.hypot(across, down).min() - float(line.get("stroke-width", "")) / 2)
                least = min(least, gaps[-1] if gaps[-1] > 0.0 else np.inf)
            assert least < 12.0, f"{text.text} is far from its line"
            assert not any(meet((left, top, right, bottom), other) for other in others)
        for index, (_, one) in enumerate(numbers):
            assert not any(meet(one, other) for _, other in numbers[:index])


def test_a_number_on_lines_of_others_has_the_same_below_it_for_the_eye_alone() -> None:
    root = parsed(svg(keep_mass(attention_view(), 0.95)))
    below = by_class(root, "number-below")
    above = [(t.get("x"), t.get("y"), t.text) for t in by_class(root, "weight")]
    assert below
    for text in below:
        assert text.get("aria-hidden") == "true"
        assert above.count((text.get("x"), text.get("y"), text.text)) == 1
    assert "paint-order" not in svg(attention_view())
    assert by_class(parsed(svg(attention_view(word=6, links=attention_view(word=6).links[:1]))),
                    "number-below") == []  # fmt: skip


@pytest.mark.parametrize("words", [ARABIC, HEBREW, ENGLISH, CHINESE, ("1", "2", "3")])
def test_a_row_runs_as_its_words_are_written(words: tuple[str, ...]) -> None:
    root = parsed(svg(attention_view(words)))
    for side in ("query", "key"):
        places = [(int(w.get("data-position", "")), float(w.get("x", ""))) for w in
                  by_class(root, side)]  # fmt: skip
        assert [position for position, _ in places] == list(range(len(words)))
        along = [x for _, x in places]
        assert along == sorted(along, reverse=words in (ARABIC, HEBREW))
        assert [w.text for w in by_class(root, side)] == [*words]


def test_each_row_runs_its_own_way_and_columns_are_mirrored() -> None:
    root = parsed(svg(attention_view(ARABIC, keys=ENGLISH, part="cross")))
    queries, keys = ([float(w.get("x", "")) for w in by_class(root, s)] for s in ("query", "key"))
    assert queries == sorted(queries, reverse=True)
    assert keys == sorted(keys)
    root = parsed(svg(keep_readable(attention_view(ARABIC * 9))))
    query, key = (by_class(root, side)[0] for side in ("query", "key"))
    assert (query.get("text-anchor"), key.get("text-anchor")) == ("start", "end")
    assert float(query.get("x", "")) > float(key.get("x", ""))
    for line in by_class(root, "link"):
        start, *_, end = curve(line)
        assert start[0] > end[0]


def test_the_mark_of_a_space_is_pale() -> None:
    root = parsed(svg(attention_view(("a", "▁dog", "▁", "at▁e"), unit="tokens")))
    words = by_class(root, "word")
    assert ["".join(word.itertext()) for word in words] == ["a", "▁dog", "▁", "at▁e"] * 2
    marks = [part for word in words for part in word]
    assert len(marks) == 6
    assert {(mark.tag, mark.text, mark.get("class")) for mark in marks} == {
        (f"{NAMESPACE}tspan", "▁", "quiet")
    }


@pytest.mark.parametrize(
    ("words", "wide"), [(("a", "狗"), True), (("a", "👍"), False), (ENGLISH, False)]
)
def test_one_font_for_a_block_of_words(words: tuple[str, ...], wide: bool) -> None:
    root = parsed(svg(attention_view(words)))
    assert not any("font-family" in (text.get("style") or "") for text in texts(root))
    families = re.findall(r"font-family:([^,}]+)", root[2].text or "")
    assert families == (["'Noto Sans CJK SC'"] if wide else ["system-ui"])


@pytest.mark.parametrize("words", [("it",), ENGLISH, ARABIC, SIXTY, ("w" * 60, "a")])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_is_as_wide_as_what_is_on_it(words: tuple[str, ...], language: Any) -> None:
    root = parsed(svg(keep_readable(attention_view(words, choice="card", reason="so " * 99)),
                      language))  # fmt: skip
    sizes = {"title": 17.0, "small": 12.0, "number": 11.0}
    ends = [
        box(text, next((s for name, s in sizes.items() if name in text.get("class", "")), 15.0))
        for text in texts(root)
    ]
    left, right = min(one[0] for one in ends), max(one[2] for one in ends)
    assert 0.0 <= left <= 40.0
    assert right <= float(root.get("width", "")) - 20.0
    assert right >= float(root.get("width", "")) - 80.0


# What is drawn of long sentences


@pytest.mark.parametrize("words", [25, 26, 81])
@pytest.mark.parametrize("unit", ["words", "tokens"])
def test_of_many_words_the_strongest_three_are_drawn_and_which_share_that_is(
    words: int, unit: Any
) -> None:
    names = tuple(f"w{n}" for n in range(words))
    view = attention_view(names, heads=((1, 1), (1, 2)), unit=unit)
    root = parsed(Picture(view).svg())
    drawn = by_class(root, "link")
    note = " ".join(line.text or "" for line in by_class(root, "note"))
    if words == 25:
        assert "Lines drawn: the largest, 95 % of the attention" in note
        assert len(drawn) > 6 * words
        return
    assert len(drawn) == 2 * 3 * words
    share = sum(float(x.get("data-weight", "")) for x in drawn) / sum(x.weight for x in view.links)
    unit = unit.removesuffix("s")
    assert f"the 3 strongest of each {unit}, {100 * share:.0f} % of the attention" in note
    for at in view.heads:
        for query in (0, 13, words - 1):
            of = [x for x in view.links if (x.layer, x.head, x.from_) == (*at, query)]
            best = sorted((x.weight for x in of), reverse=True)[:3]
            found = [
                float(x.get("data-weight", ""))
                for x in drawn
                if (x.get("data-head"), x.get("data-from")) == (str(at[1]), str(query))
            ]
            assert sorted(found, reverse=True) == pytest.approx(best, abs=1e-6)
    for panel in by_class(root, "attention"):
        seen = dict.fromkeys(range(words), 0.0)
        for line in by_class(panel, "link"):
            seen[int(line.get("data-from", ""))] += float(line.get("data-weight", ""))
        for text in by_class(panel, "hidden-share"):
            hidden = float((text.text or "").strip("()"))
            assert hidden == pytest.approx(
                1.0 - seen[int(text.get("data-position", ""))], abs=0.006
            )


def test_a_share_that_was_asked_for_is_drawn_of_many_words_too() -> None:
    view = attention_view(SIXTY)
    assert len(keep_mass(view, 0.5).links) == Picture(view, mass=0.5).svg().count('class="link ')
    one = attention_view(SIXTY, word=3)
    assert len(keep_mass(one, 0.95).links) == Picture(one).svg().count('class="link ')


# The grid


@pytest.mark.parametrize(("words", "heads"), [(1, 3), (9, 3), (9, 12), (12, 12), (40, 3), (512, 2)])
def test_a_grid_has_words_on_its_outer_edges_or_their_numbers(words: int, heads: int) -> None:
    names = ("a", "▁dog", "w" * 40, *(f"w{n}" for n in range(words)))[:words]
    root = parsed(svg(grid(names, 2, heads)))
    edges = by_class(root, "axis")
    lowest = max(float(image.get("y", "")) for image in root.iter(f"{NAMESPACE}image"))
    for text in edges:
        if "key" in text.get("class", ""):
            assert float(text.get("y", "")) > lowest
    assert float(root.get("width", "")) < 1500.0
    note = " ".join(text.text or "" for text in by_class(root, "note"))
    fits = words <= 9
    assert ("Words are numbered from 1." in note) != fits
    shown = {(int(t.get("data-position", "")), "".join(t.itertext())) for t in edges}
    if fits:
        assert len(edges) == words * (2 + heads)
        assert all(label == names[at] or label.endswith("…") for at, label in shown)
    else:
        assert {label for _, label in shown} == {str(at + 1) for at, _ in shown}
        assert (0, "1") in shown
        for side in ("query", "key"):
            along = [
                float(t.get("y" if side == "query" else "x", "")) for t in by_class(root, side)
            ]
            gaps = np.abs(np.subtract.outer(along, along))
            assert gaps[gaps > 0.01].min() >= 9.0, side


def test_a_square_that_is_empty_says_where_its_attention_goes() -> None:
    view = grid(ENGLISH)
    nothing = tuple(tuple(0.0004 for _ in ENGLISH) for _ in ENGLISH)
    little = tuple(tuple(0.004 for _ in ENGLISH) for _ in ENGLISH)
    empty, faint = (dataclasses.replace(view.cells[0], weights=w) for w in (nothing, little))
    both: tuple[tuple[Language, str], ...] = (
        ("en", "all to special tokens"),
        ("zh", "注意力 全部给 特殊词元"),
    )
    for language, said in both:
        root = parsed(svg(dataclasses.replace(view, cells=(empty, *view.cells[1:])), language))
        (square,) = [head for head in by_class(root, "head") if by_class(head, "empty")]
        assert (square.get("data-layer"), square.get("data-head")) == ("1", "1")
        assert " ".join(text.text or "" for text in by_class(square, "empty")) == said
    assert not by_class(parsed(svg(dataclasses.replace(view, cells=(faint, *view.cells[1:])))),
                        "empty")  # fmt: skip
