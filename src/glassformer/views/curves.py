"""Numbers over the course of a training, as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One quantity: its name, and its (x, y) in the order of x."""

    name: str
    points: tuple[tuple[float, float], ...]
    marked: bool = False
    """Whether each point is drawn by itself too: few points, each a measurement of its own."""


@dataclass(frozen=True, kw_only=True)
class CurvesView:
    """Curves over the same x, as a rule over the updates of a training.

    `from_zero` is for quantities whose lengths are compared; without it the y axis holds what there
    is, and the note should say so.
    """

    title: str
    note: str
    x_axis: str
    y_axis: str
    curves: tuple[Curve, ...]
    from_zero: bool = True
