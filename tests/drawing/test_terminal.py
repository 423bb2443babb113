"""Whatever is drawn fits, is printable, says the same in colour, and shows only given numbers."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import RenderableType
from views_for_tests import (
    CHINESE,
    ENGLISH,
    STRANGE,
    attention_view,
    representation_view,
    step,
    step_views,
    structure_view,
)

from glassformer.drawing import terminal
from glassformer.drawing.picture import Picture
from glassformer.views import printable

WIDTHS = (40, 80, 130)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
DECIMAL = re.compile(r"(?<![\d.])\d\.\d\d(?!\d)")
SIXTY = tuple(f"w{number}" for number in range(60))

words = st.lists(
    st.sampled_from(
        [*ENGLISH, *CHINESE, *STRANGE, "Donaudampfschifffahrtsgesellschaft", "ｗｉｄｅ"]
    ),
    min_size=1,
    max_size=12,
)
languages = st.sampled_from(["en", "zh"])


def render(drawing: RenderableType, width: int) -> str:
    """The drawing as plain text, checked to fit, to be printable and to need no colour."""
    text = terminal.render(drawing, width=width)
    for line in text.split("\n"):
        assert cell_len(line) <= width, f"{cell_len(line)} cells in {line!r}"
        assert line == line.rstrip(" ")
    for character in text:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    assert text.endswith("\n")
    coloured = ANSI.sub("", terminal.render(drawing, width=width, colour=True))
    assert "\n".join(line.rstrip(" ") for line in coloured.split("\n")) == text
    return text


# Everything fits


@pytest.mark.parametrize("width", WIDTHS)
@given(words=words, language=languages, data=st.data())
def test_attention_fits(words: list[str], width: int, language: Any, data: st.DataObject) -> None:
    word = data.draw(st.none() | st.integers(0, len(words) - 1))
    heads = data.draw(
        st.sampled_from([((1, 1),), ((None, None),), ((2, None),), ((1, 1), (1, 2), (12, 12))])
    )
    part = data.draw(st.sampled_from(["encoder", "decoder", "cross"]))
    choice = data.draw(st.sampled_from(["asked", "card", "largest", "mean"]))
    view = attention_view(words, word=word, heads=heads, part=part, choice=choice, reason="r " * 60)
    text = render(terminal.Attention(view, language), width)
    assert {*DECIMAL.findall(text)} <= shown_numbers(view)


@pytest.mark.parametrize("width", WIDTHS)
@given(words=words, language=languages)
def test_a_representation_fits(words: list[str], width: int, language: Any) -> None:
    text = render(terminal.Representation(representation_view(words), language), width)
    assert len(text.split("\n")) >= len(words) + 2


@pytest.mark.parametrize("width", WIDTHS)
@given(language=languages, data=st.data())
def test_a_structure_fits(width: int, language: Any, data: st.DataObject) -> None:
    changes = {
        "norm": data.draw(st.sampled_from(["post", "pre", "none"])),
        "positions": data.draw(
            st.sampled_from(["sinusoidal", "sinusoidal_halves", "learned", "none"])
        ),
        "activation": data.draw(st.sampled_from(["relu", "gelu", "gelu_tanh", "silu"])),
        "embedding_norm": data.draw(st.booleans()),
        "num_layers": data.draw(st.sampled_from([1, 2, 6, 12, 48])),
    }
    view = structure_view(data.draw(st.sampled_from([None, 13])), **changes)
    opened = data.draw(st.integers(1, 48))
    lines = render(terminal.Structure(view, language, opened), width).split("\n")
    boxes = [line for line in lines if line.startswith((" │", " ┌", " └"))]
    corners = {
        cell_len(line[: line.index(end) + 1]) for line in boxes for end in "┐┘" if end in line
    }
    assert len(corners) == 1  # all boxes end in one column


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_steps_fit(width: int, language: Any) -> None:
    views = [*step_views(), step("x" * 70, (10**6, 10**6), "y" * 200, (1, 2, 3), 1, 2)]
    render(terminal.Steps(step_views(), language), width)
    render(terminal.Steps(views, language), width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("word", [None, 7])
def test_sixty_words_fit(width: int, word: int | None) -> None:
    view = attention_view(SIXTY, word=word)
    text = render(terminal.Attention(view), width)
    assert ("strongest links of each" in text) == (word is None)
    assert all(f"w{number}" in text for number in range(60))
    assert {*DECIMAL.findall(text)} <= shown_numbers(view)
    render(terminal.Representation(representation_view(SIXTY)), width)


# Only numbers of the view


def shown_numbers(view: Any) -> set[str]:
    return {f"{share:.2f}" for share in [*(x.weight for x in view.links), *view.hidden_share]}


@pytest.mark.parametrize("width", [100, 130])
@given(words=words)
def test_each_number_of_a_matrix_stands_in_its_row_and_column(words: list[str], width: int) -> None:
    words = [*words, "end"]  # a single word is drawn as bars
    view = attention_view(words)
    lines = render(terminal.Attention(view), width).split("\n")
    start = lines.index("row attends to column") + 2
    rows = [DECIMAL.findall(line) for line in lines[start : start + len(words)]]
    weights = {(link.from_, link.to): f"{link.weight:.2f}" for link in view.links}
    assert rows == [
        [*(weights[q, k] for k in range(len(words))), "0.10"] for q in range(len(words))
    ]
    ends = {cell_len(line) for line in lines[start - 1 : start + len(words)]}
    assert len(ends) == 1  # wide and zero-width characters leave the columns straight


@pytest.mark.parametrize("width", WIDTHS)
@given(words=words, data=st.data())
def test_bars_are_as_long_as_their_weights(
    words: list[str], width: int, data: st.DataObject
) -> None:
    word = data.draw(st.integers(0, len(words) - 1))
    weights = data.draw(st.lists(st.floats(0.0, 1.0), min_size=len(words), max_size=len(words)))
    view = attention_view(words, word=word)
    links = tuple(
        type(link)(**{**vars(link), "weight": weight})
        for link, weight in zip(view.links, weights, strict=True)
    )
    view = type(view)(**{**vars(view), "links": links})
    lines = render(terminal.Attention(view), width).split("\n")
    rows = lines[-len(words) - 2 : -1]
    bars = [re.search(r"  (\d\.\d\d)(?:  ([█▉▊▋▌▍▎▏]*))?$", row) for row in rows]
    numbers = [*weights, 0.1]
    start = {cell_len(rows[i][: bar.start(1)]) for i, bar in enumerate(bars) if bar}
    assert len(start) == 1  # the numbers stand below each other
    room = width - start.pop() - 6
    for bar, weight in zip(bars, numbers, strict=True):
        assert bar is not None
        assert bar[1] == f"{weight:.2f}"
        eighths = sum(
            {"█": 8, "▉": 7, "▊": 6, "▋": 5, "▌": 4, "▍": 3, "▎": 2, "▏": 1}[c]
            for c in bar[2] or ""
        )
        assert abs(eighths - weight * room * 8) <= 0.5


def test_a_weight_that_is_left_out_stays_empty() -> None:
    view = attention_view(("dog", "cat"))
    view = type(view)(**{**vars(view), "links": view.links[1:]})
    lines = render(terminal.Attention(view), 80).split("\n")
    first = next(line for line in lines if line.startswith("dog"))
    assert DECIMAL.findall(first) == [f"{view.links[0].weight:.2f}", "0.10"]


@given(
    numbers=st.lists(st.floats(-1e12, 1e12) | st.integers(-99_999, 99_999), min_size=3, max_size=3)
)
def test_numbers_of_steps_and_of_r_are_rounded_and_nothing_else(numbers: list[float | int]) -> None:
    view = step("encoder", (1, 3), "R", tuple(numbers), numbers[0], numbers[2])
    line = render(terminal.Steps([view]), 130).split("\n")[2]
    given = [*numbers, numbers[0], numbers[2]]
    printed = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]\d+)?", line.split("  R ")[1])
    assert len(printed) == 5
    for text, value in zip(printed, given, strict=True):
        assert_rounded(text, value)


@given(numbers=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=16))
def test_numbers_of_r_are_rounded_and_nothing_else(numbers: list[float]) -> None:
    view = representation_view(("R",))
    view = type(view)(tokens=("R",), shape=(1, len(numbers)), vectors=(tuple(numbers),))
    line = render(terminal.Representation(view), 140).split("\n")[1]
    printed = line.split()[1:]
    assert len(printed) == len(numbers)
    for text, value in zip(printed, numbers, strict=True):
        assert_rounded(text, value)


def assert_rounded(text: str, value: float) -> None:
    """The text is the value, rounded at its last digit."""
    digits, _, exponent = text.partition("e")
    last = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    assert abs(float(text) - value) <= 0.5001 * last, f"{text} for {value}"
    assert len(text) <= 7


# Text that could harm a terminal


def test_control_characters_become_their_pictures() -> None:
    text = render(terminal.Attention(attention_view(STRANGE)), 130)
    assert "a␛[31m" in text
    assert "␡" in text
    assert "\u202e" not in text
    assert "[U+202E]god" in text
    assert "שלום" in text
    assert "e\u0301te" in text


@given(st.text())
def test_printable_text_has_no_invisible_control(text: str) -> None:
    seen = printable(text)
    for character in seen:
        category = unicodedata.category(character)
        assert character in "\u200c\u200d" or category not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    if seen == text:
        return
    assert printable(seen) == seen


def test_rich_markup_in_words_is_text() -> None:
    view = attention_view(("[bold]", "[/]", ":smile:", "[link=http://x]"), word=0)
    text = render(terminal.Attention(view), 80)
    for word in view.queries:
        assert word in text


# Languages


@pytest.mark.parametrize("views", [step_views(), [*reversed(step_views())]])
def test_chinese_pictures_have_chinese_headings(views: Sequence[Any]) -> None:
    for drawing in (
        terminal.Steps(views, "zh"),
        terminal.Attention(attention_view(), "zh"),
        terminal.Representation(representation_view(), "zh"),
        terminal.Structure(structure_view(13), "zh"),
    ):
        heading = render(drawing, 130).split("\n")[0]
        assert any("CJK" in unicodedata.name(character, "") for character in heading)


# Surfaces


def test_a_picture_draws_its_view_in_both_languages() -> None:
    view = attention_view(word=2)
    assert Picture(view).text(width=60) == terminal.render(terminal.Attention(view), width=60)
    assert Picture(view, language="zh").text(width=60) == terminal.render(
        terminal.Attention(view, "zh"), width=60
    )
    assert str(Picture(view)) == Picture(view).text(width=100)


def test_a_demonstration_runs_as_its_file_says_and_without_torch() -> None:
    code = (
        "import runpy, sys; runpy.run_module('glassformer.drawing.terminal', run_name='__main__');"
        "assert 'torch' not in sys.modules"
    )
    command = [sys.executable, "-X", "utf8", "-W", "ignore", "-c", code]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "Structure" in shown.stdout
    assert "Attention" in shown.stdout
    assert all(cell_len(line) <= 100 for line in shown.stdout.split("\n"))
    assert shown.stderr == ""
