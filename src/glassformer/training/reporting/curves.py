"""Training curves: loss, scores and learning rate, from `metrics.jsonl`."""

import json
import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from glassformer.errors import TrainingError
from glassformer.messages import Message
from glassformer.training.learning.metrics import METRICS
from glassformer.views import Curve, CurvesView

Measurements = Sequence[dict[str, Any]]

_STRETCHES = 100
"""Losses of single updates are noisy; so many means are drawn instead."""
_MOST_POINTS = 500
_MOST_TARGETS = 4
"""Of more targets than this the means over all are drawn."""


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """All measurements of a training, in their order; none where there is no file.

    Raises:
        TrainingError: when a line is not a valid measurement.
    """
    path = folder / METRICS
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError("cannot read {path}: {reason}", path=path, reason=str(error)) from error
    measurements = []
    whole = text.rpartition("\n")[0]  # what comes after the last line's end was not written whole
    for number, line in enumerate(whole.split("\n") if whole else [], start=1):
        try:
            measurement = json.loads(line)
            known = measurement["kind"] in ("train", "dev")
            if not known or type(measurement["update"]) is not int:
                raise ValueError(Message("kind must be train or dev, and update an integer"))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                "{path}:{line} is not a valid measurement ({reason}): "
                "the line was changed or damaged",
                path=path,
                line=number,
                reason=error.args[0] if error.args else type(error).__name__,
            ) from error
        measurements.append(measurement)
    return measurements


def loss_curves(measurements: Measurements) -> CurvesView:
    """The loss of training, smoothed, and that on the dev set."""
    train = _points(measurements, "train", "loss")
    width = math.ceil(train[-1][0] / _STRETCHES) if train else 1
    means = []
    for _, stretch in groupby(train, key=lambda point: (point[0] - 1) // width):
        points = list(stretch)
        means.append(tuple(sum(values) / len(points) for values in zip(*points, strict=True)))
    note = (
        "Cross-entropy in nats per target token, without label smoothing; with dropout in "
        "training, without on the dev set."
    )
    if width > 1:
        note += f" Training: means over every {width} updates."
    return CurvesView(
        title="Loss",
        note=note,
        x_axis="updates",
        y_axis="loss",
        curves=(
            Curve(name="training", points=tuple((x, y) for x, y in means)),
            Curve(name="dev set", points=_points(measurements, "dev", "loss"), marked=True),
        ),
    )


def score_curves(measurements: Measurements) -> CurvesView:
    """BLEU and chrF on the dev set, of each target."""
    dev = [measurement for measurement in measurements if measurement["kind"] == "dev"]
    targets = list(dict.fromkeys(name for measurement in dev for name in measurement["targets"]))
    pairs = max(
        (one["pairs"] for measurement in dev for one in measurement["targets"].values()), default=0
    )
    measures = (("BLEU", "bleu"), ("chrF", "chrf"))
    curves = []
    if len(targets) > _MOST_TARGETS:
        for name, key in measures:
            points = _points(measurements, "dev", key)
            curves.append(Curve(name=f"{name}, mean of all", points=points, marked=True))
    else:
        for target in targets:
            for name, key in measures:
                points = tuple(
                    (float(measurement["update"]), float(measurement["targets"][target][key]))
                    for measurement in dev
                    if target in measurement["targets"]
                )
                label = f"{name} {target}" if len(targets) > 1 else name
                curves.append(Curve(name=label, points=points, marked=True))
    return CurvesView(
        title="Scores on the dev set",
        note=f"BLEU and chrF, from 0 to 100, of the greedy translations of {pairs:,} pairs.",
        x_axis="updates",
        y_axis="score",
        curves=tuple(curves),
    )


def learning_rate_curve(measurements: Measurements) -> CurvesView:
    """The learning rate of the updates."""
    points = _points(measurements, "train", "learning_rate")
    every = math.ceil(len(points) / _MOST_POINTS) or 1
    peak = max((rate for _, rate in points), default=0.0)
    kept = tuple(
        point
        for index, point in enumerate(points)
        if index % every == 0 or index == len(points) - 1 or point[1] == peak
    )
    return CurvesView(
        title="Learning rate",
        note="The optimizer's step size, before Adam adapts it to each weight.",
        x_axis="updates",
        y_axis="learning rate",
        curves=(Curve(name="rate", points=kept),),
    )


def _points(measurements: Measurements, kind: str, key: str) -> tuple[tuple[float, float], ...]:
    """One quantity over the updates, as points; NaN and infinity are left out."""
    of_kind = (measurement for measurement in measurements if measurement["kind"] == kind)
    points = ((float(measurement["update"]), float(measurement[key])) for measurement in of_kind)
    return tuple((x, y) for x, y in points if math.isfinite(y))
