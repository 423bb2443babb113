"""Comparisons and animations read back: widths, signs, words opposite each other, moments."""

import dataclasses
import re
from xml.etree import ElementTree

import pytest
from pictures_for_tests import animation, comparison
from views_for_tests import CHINESE, ENGLISH, attention_view

from glassformer.drawing import terminal
from glassformer.drawing.picture import Picture
from glassformer.drawing.svg import svg
from glassformer.errors import UsageError
from glassformer.views import AnimationView, ComparisonView

TASTY = (*ENGLISH[:-1], "tasty")
LONGER = ("the", "big", *ENGLISH[1:5], "quickly", *ENGLISH[5:-1], "tasty")
ARABIC = ("أكل", "الكلب", "الطعام", "لأنه", "جائع")
C = 14.0


def by_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def drawn(view: ComparisonView | AnimationView, language: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(svg(view, "zh" if language == "zh" else "en"))


@pytest.mark.parametrize("right", [TASTY, LONGER, CHINESE])
def test_both_sides_have_their_own_links_on_one_scale(right: tuple[str, ...]) -> None:
    view = comparison(ENGLISH, right).with_largest(0.95)
    root = drawn(view)
    (legend,) = by_class(root, "legend")
    assert float(legend.get("data-c", "")) == C
    for name, side in zip(("left", "right"), view.sides, strict=True):
        lines = [line for line in by_class(root, "link") if line.get("data-side") == name]
        found = {
            (int(line.get("data-from", "")), int(line.get("data-to", ""))): line for line in lines
        }
        assert len(found) == len(lines) == len(side.links)
        for link in side.links:
            line = found[link.from_, link.to]
            assert float(line.get("data-weight", "")) == pytest.approx(link.weight, abs=6e-7)
            assert float(line.get("stroke-width", "")) == pytest.approx(C * link.weight, abs=2e-5)
            assert line.get("data-layer") == str(side.heads[0][0])


@pytest.mark.parametrize("right", [TASTY, LONGER, CHINESE])
def test_words_stand_opposite_their_counterparts(right: tuple[str, ...]) -> None:
    view = comparison(ENGLISH, right)
    for side in ("query", "key"):
        places: dict[str, dict[int, ElementTree.Element]] = {}
        for group in by_class(drawn(view), "side"):
            words = {int(word.get("data-position", "")): word for word in by_class(group, side)}
            places[group.get("data-side", "")] = words
        heights = []
        for pair in view.queries if side == "query" else view.keys:
            ours = None if pair.left is None else places["left"][pair.left]
            theirs = None if pair.right is None else places["right"][pair.right]
            both = [word for word in (ours, theirs) if word is not None]
            assert len({word.get("y") for word in both}) == 1
            heights.append(float(both[0].get("y", "")))
            for word in both:
                classes = word.get("class", "").split()
                assert word.get("data-kind") == pair.kind
                assert ("strong" in classes) == (pair.kind == "replaced")
                lone = pair.kind in ("left", "right")
                assert word.get("text-decoration") == ("underline" if lone else None)
        assert heights == sorted(heights)
        assert len(set(heights)) == len(heights)


@pytest.mark.parametrize("right", [TASTY, LONGER])
def test_a_difference_has_its_size_as_width_and_its_sign_in_three_ways(
    right: tuple[str, ...],
) -> None:
    view = comparison(ENGLISH, right, "difference").with_largest(0.95)
    root = drawn(view)
    lines = by_class(root, "link")
    assert len(lines) == len(view.differences)
    given = {(one.from_, one.to): one for one in view.differences}
    for line in lines:
        one = given[int(line.get("data-from", "")), int(line.get("data-to", ""))]
        assert line.get("data-side") == "difference"
        found = {
            name: float(line.get(f"data-{name}", "")) for name in ("left", "right", "difference")
        }
        assert found == pytest.approx(
            {"left": one.left, "right": one.right, "difference": one.difference}, abs=6e-7
        )
        assert found["difference"] == pytest.approx(found["right"] - found["left"], abs=1e-6 + 1e-9)
        width = float(line.get("stroke-width", ""))
        assert width == pytest.approx(C * abs(one.difference), abs=2e-5)
        assert (line.get("stroke-dasharray") is None) == (one.difference >= 0.0)
        assert ("h0" in line.get("class", "").split()) == (one.difference >= 0.0)
    numbers = [text.text or "" for text in by_class(root, "weight")]
    assert numbers
    assert all(re.fullmatch(r"[+−]\d\.\d\d", number) for number in numbers)
    assert {float(number.replace("−", "-")) for number in numbers} <= {
        round(one.difference, 2) for one in view.differences
    }
    signs = [text.text or "" for text in by_class(root, "sign")]
    assert [sign.split()[0] for sign in signs] == ["solid,", "dashed,"]
    of = [text.text for text in by_class(root, "sign-of")]
    sentences = [f"· {' '.join(words)}" for words in (right, ENGLISH)]
    assert of == ["layer 3, head 1", sentences[0], "layer 2, head 3", sentences[1]]


@pytest.mark.parametrize("shows", ["sides", "difference"])
@pytest.mark.parametrize("right", [TASTY, LONGER, CHINESE, ARABIC])
def test_nothing_leaves_the_paper(right: tuple[str, ...], shows: str) -> None:
    view = comparison(ENGLISH, right, "sides" if shows == "sides" else "difference")
    for language in ("en", "zh"):
        root = drawn(view, language)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0.0 <= float(text.get("x", "")) <= width
            assert 0.0 <= float(text.get("y", "")) <= height
        for line in by_class(root, "link"):
            ends = [float(n) for n in re.findall(r"-?[\d.]+", line.get("d", ""))]
            assert 0.0 <= min(ends[::2]) <= max(ends[::2]) <= width
            assert 0.0 <= min(ends[1::2]) <= max(ends[1::2]) <= height


def test_a_sentence_from_right_to_left_runs_so() -> None:
    root = drawn(comparison(ARABIC, (*ARABIC[:-1], "لذيذ")))
    for side in by_class(root, "side"):
        ends = [float(by_class(side, name)[0].get("x", "")) for name in ("query", "key")]
        assert ends[0] > ends[1]


def test_what_the_sides_differ_in_stands_above_them() -> None:
    def names(view: ComparisonView, language: str = "en") -> list[str | None]:
        return [text.text for text in by_class(drawn(view, language), "side-name")]

    view = comparison(ENGLISH, TASTY)
    found = names(view)
    assert found[::2] == ["layer 2, head 3", "layer 3, head 1"]
    for said, words in zip(found[1::2], (ENGLISH, TASTY), strict=True):
        assert f"· {' '.join(words)}".startswith((said or "").rstrip("…"))
        assert len(said or "") > 20
    model = comparison(ENGLISH, ENGLISH, differs=("model",), models=("one", "other"))
    assert names(model, "zh") == ["one", "· 第 2 层第 3 头", "other", "· 第 3 层第 1 头"]


def test_a_word_asked_for_stands_out() -> None:
    left, right = (attention_view(words, word=6) for words in (ENGLISH, TASTY))
    view = dataclasses.replace(comparison(ENGLISH, TASTY), left=left, right=right)
    for side in by_class(drawn(view), "side"):
        classes = [word.get("class", "").split() for word in by_class(side, "query")]
        assert [at for at, one in enumerate(classes) if "strong" in one] == [6, 8]
        assert ["quiet" in one for one in classes] == [True] * 6 + [False, True, False]


@pytest.mark.parametrize("shows", ["sides", "difference"])
def test_too_many_lines_are_refused(shows: str) -> None:
    many = tuple(f"word{number}" for number in range(100))
    view = comparison(many, many, "sides" if shows == "sides" else "difference")
    with pytest.raises(UsageError, match="up to 8000 of them, but here are 10000"):
        svg(view)
    assert len(Picture(view).svg()) < 2_000_000  # without being told, the strongest few of each


# Moments


@pytest.mark.parametrize("moments", [2, 5])
def test_an_animation_shows_each_moment_in_its_turn(moments: int) -> None:
    view = animation(ENGLISH, moments).with_largest(0.95)
    text = svg(view)
    root = ElementTree.fromstring(text)
    groups = by_class(root, "moment")
    assert [group.get("data-update") for group in groups] == [
        str(frame.moment.update) for frame in view.frames if frame.moment
    ]
    assert [group.get("visibility") for group in groups] == ["hidden"] * (moments - 1) + [None]
    whole = 0.6 * (moments - 1) + 3.0
    for number, (group, frame) in enumerate(zip(groups, view.frames, strict=True)):
        found = {
            (int(line.get("data-from", "")), int(line.get("data-to", ""))): line
            for line in by_class(group, "link")
        }
        assert len(found) == len(frame.links)
        for link in frame.links:
            line = found[link.from_, link.to]
            assert float(line.get("data-weight", "")) == pytest.approx(link.weight, abs=6e-7)
            assert float(line.get("stroke-width", "")) == pytest.approx(C * link.weight, abs=2e-5)
        movement = re.fullmatch(
            r"animation:(\w+)(-last)? ([\d.]+)s step-end (-[\d.]+)s infinite",
            group.get("style", ""),
        )
        assert movement is not None
        assert (movement[2] is not None) == (number == moments - 1)
        assert float(movement[3]) == pytest.approx(whole)
        assert float(movement[4]) == pytest.approx(0.6 * number - whole)
    assert text.count("@keyframes") == 2
    assert text.index("prefers-reduced-motion:no-preference") < text.index("@keyframes")
    assert "<script" not in text
    assert "<animate" not in text


def test_words_of_an_animation_stand_once() -> None:
    root = drawn(animation(ENGLISH, 4))
    assert len(by_class(root, "word")) == 2 * len(ENGLISH)
    assert len(by_class(root, "hidden-share")) == 4 * len(ENGLISH)


# In the terminal


def test_a_comparison_is_a_table_of_the_links_of_both() -> None:
    view = comparison(ENGLISH, TASTY)
    text = terminal.render(terminal.draw(view), width=100)
    assert "left: layer 2, head 3 · a dog ate the food because it was hungry" in text
    assert text.count("\n  hungry → tasty\n") == 1
    assert "the 24 largest of 81 differences" in text
    largest = max(view.differences, key=lambda one: abs(one.difference))
    (row,) = (
        line
        for line in text.splitlines()
        if re.search(rf" {largest.left:.3f} +{largest.right:.3f} ", line)
        and f"{largest.difference:+.3f}".replace("-", "−") in line
    )
    assert row.split()[0] == ENGLISH[view.queries[largest.from_].left or 0]
    lone = terminal.render(terminal.draw(comparison(ENGLISH, LONGER), "zh"), width=60)
    assert "quickly（仅右侧）" in lone
    assert all(len(line) <= 60 for line in lone.splitlines())


def test_an_animation_is_a_line_for_each_moment() -> None:
    view = animation(ENGLISH, 3)
    lines = terminal.render(terminal.draw(view), width=200).splitlines()
    found = [line for line in lines if line.startswith("update ")]
    assert len(found) == 3
    for line, frame in zip(found, view.frames, strict=True):
        best = max(frame.links, key=lambda link: link.weight)
        assert f"{frame.queries[best.from_]} → {frame.keys[best.to]} {best.weight:.2f}" in line
