"""Text in an exact number of terminal cells, whatever its characters take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from glassformer.drawing.cells import crop, left, number, right, shape_text

texts = st.text(st.sampled_from("ab狗饿é\u0301👍…ｗ "), max_size=12)


@given(text=texts, width=st.integers(2, 20))
def test_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(left(text, width)) == width
    assert cell_len(right(text, width)) == width
    assert cell_len(crop(text, width)) <= width


@given(text=texts, width=st.integers(2, 20))
def test_text_that_fits_stays_whole_and_other_text_says_so(text: str, width: int) -> None:
    if cell_len(text) <= width:
        assert crop(text, width) == text
        assert left(text, width).startswith(text)
    else:
        assert crop(text, width).endswith("…")
        assert text.startswith(crop(text, width)[:-1].rstrip(" "))
    if cell_len(text) < width:
        assert right(text, width).endswith(text)
    else:
        assert right(text, width).startswith(" ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, " 0.000"),
        (-0.0, "-0.000"),
        (0.5288, " 0.529"),
        (-1.25, "-1.250"),
        (12.345, " 12.35"),
        (-123.45, "-123.5"),
        (1234.5, " 1234"),
        (9.9999, " 10.000"),
        (12345.0, " 1e+04"),
        (0.00012, " 1e-04"),
        (-3e-9, "-3e-09"),
        (30521, " 30521"),
        (-3, "-3"),
        (float("nan"), " nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_number_in_few_cells(value: float, text: str) -> None:
    assert number(value) == text


def test_a_shape_reads_as_people_write_it() -> None:
    assert shape_text((12, 11, 13)) == "12 × 11 × 13"
    assert shape_text((7,)) == "7"
