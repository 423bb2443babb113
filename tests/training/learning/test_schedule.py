"""The learning rate of each update."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.config import TrainingConfig
from glassformer.training.learning.schedule import learning_rate

PEAK, WARMUP, UPDATES = 0.007, 13, 101


def config(**training: Any) -> TrainingConfig:
    settings = {"learning_rate": PEAK, "warmup": WARMUP, "max_updates": UPDATES}
    return TrainingConfig.from_dict({"training": {**settings, **training}})


@pytest.mark.parametrize("schedule", ["inverse_sqrt", "cosine", "constant"])
def test_the_rate_rises_evenly_to_its_peak_at_the_end_of_the_warm_up(schedule: str) -> None:
    rates = [learning_rate(config(schedule=schedule), update) for update in range(WARMUP + 1)]
    assert rates == pytest.approx([PEAK * update / WARMUP for update in range(WARMUP + 1)])
    assert rates[0] == 0.0
    assert rates[WARMUP] == PEAK


def test_inverse_square_root_is_that_of_the_article() -> None:
    """Section 5.3: d_model^-0.5 · min(step^-0.5, step · warmup^-1.5), here by its peak."""
    d_model, warmup = 512, 4000
    peak = (d_model * warmup) ** -0.5
    ours = config(schedule="inverse_sqrt", learning_rate=peak, warmup=warmup, max_updates=10**6)
    for step in (1, 7, 3999, 4000, 4001, 16_000, 100_000):
        theirs = d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)
        assert learning_rate(ours, step) == pytest.approx(theirs)
    assert learning_rate(ours, 4 * warmup) == pytest.approx(peak / 2)


def test_cosine_ends_where_it_is_told() -> None:
    ours = config(schedule="cosine", final_learning_rate=0.001)
    middle = (WARMUP + UPDATES) // 2
    assert learning_rate(ours, middle) == pytest.approx((PEAK + 0.001) / 2)
    assert learning_rate(ours, UPDATES) == pytest.approx(0.001)
    assert learning_rate(ours, UPDATES + 7) == pytest.approx(0.001)
    assert learning_rate(config(schedule="cosine"), UPDATES) == pytest.approx(0.0, abs=1e-12)


def test_constant_stays() -> None:
    ours = config(schedule="constant")
    assert {learning_rate(ours, update) for update in range(WARMUP, 2 * UPDATES)} == {PEAK}


@given(
    st.sampled_from(["inverse_sqrt", "cosine", "constant"]),
    st.integers(0, 50),
    st.integers(1, 200),
    st.floats(0.0, 1e-3),
)
def test_the_rate_rises_then_falls_and_is_always_a_number(
    schedule: str, warmup: int, updates: int, final: float
) -> None:
    ours = config(schedule=schedule, warmup=warmup, max_updates=updates, final_learning_rate=final)
    rates = [learning_rate(ours, update) for update in range(1, updates + 20)]
    assert all(math.isfinite(rate) and 0.0 <= rate <= PEAK * (1 + 1e-12) for rate in rates)
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    if 1 <= warmup <= updates:
        assert max(rates) == pytest.approx(PEAK)
        assert rates[0] > 0.0
