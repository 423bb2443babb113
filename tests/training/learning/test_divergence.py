"""When a training may take a step, and when it has to stop."""

import math

import pytest

from glassformer.config import TrainingConfig
from glassformer.training.learning.checkpoint import Progress
from glassformer.training.learning.divergence import DivergedError, DivergenceDetector

VOCABULARY = 53
GUESSING = math.log(VOCABULARY)


def stability(*, scaled: bool = False) -> DivergenceDetector:
    config = TrainingConfig.from_dict(
        {"training": {"learning_rate": 0.7, "warmup": 11, "clip_norm": 0.5}}
    )
    return DivergenceDetector(config, VOCABULARY, scaled=scaled)


def test_a_falling_loss_is_fine_for_ever() -> None:
    watched, progress = stability(), Progress()
    assert all(watched.may_step(1.0, GUESSING * 0.99**n, progress) for n in range(500))
    assert watched.loss_scale(progress) == 1.0


@pytest.mark.parametrize(("length", "loss"), [(math.nan, 1.0), (math.inf, 1.0), (1.0, math.nan)])
def test_what_is_no_number_stops_the_training(length: float, loss: float) -> None:
    with pytest.raises(DivergedError, match="became NaN or infinite"):
        stability().may_step(length, loss, Progress())


def test_one_bad_update_is_survived_and_a_lasting_explosion_is_not() -> None:
    watched, progress = stability(), Progress()
    for _ in range(50):
        watched.may_step(1.0, GUESSING / 2.0, progress)
    assert watched.may_step(1.0, 20.0 * GUESSING, progress)
    with pytest.raises(DivergedError, match=r"has grown to .*that of a uniform guess is 3\.97"):
        all(watched.may_step(1.0, 20.0 * GUESSING, progress) for _ in range(50))


def test_float16_tries_a_smaller_scale_before_it_gives_up() -> None:
    watched, progress = stability(scaled=True), Progress(loss_scale=4.0, steps_since_overflow=7)
    assert watched.loss_scale(progress) == 4.0
    assert not watched.may_step(math.inf, 1.0, progress)
    assert not watched.may_step(math.nan, 1.0, progress)
    assert (progress.loss_scale, progress.steps_since_overflow) == (1.0, 0)
    with pytest.raises(DivergedError):
        watched.may_step(math.inf, 1.0, progress)


def test_float16_tries_a_larger_scale_after_two_thousand_calm_steps() -> None:
    watched, progress = stability(scaled=True), Progress(loss_scale=8.0)
    for _ in range(1999):
        watched.may_step(1.0, 1.0, progress)
    assert progress.loss_scale == 8.0
    watched.may_step(1.0, 1.0, progress)
    assert progress.loss_scale == 16.0


def test_the_advice_says_what_the_settings_are_now() -> None:
    assert str(stability().advice()) == (
        "a training.learning_rate below 0.7, a training.warmup above 11 or a training.clip_norm "
        "below 0.5"
    )
