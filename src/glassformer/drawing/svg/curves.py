"""Curves over the course of a training: axes with round numbers, each curve named where it ends.

Curves differ in dash as well as colour. What was measured now and then is marked point by point.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from glassformer.drawing.svg.canvas import DASHES, HUES, MARGIN, Canvas, number, text_width, wrapped
from glassformer.errors import UsageError
from glassformer.views import Curve, CurvesView

WIDTH, HEIGHT = 640.0, 300.0
"""Pixels of the area that the curves are drawn in."""
LINE = 16.0
"""Pixels from one line of small text to the next."""
MARK = 5.0
"""Pixels of the square that marks a measurement."""
MOST_MARKS = 100
"""More of them than this would touch."""


def curves_svg(view: CurvesView, theme: str = "auto") -> str:
    """The curves as an SVG document.

    Raises:
        UsageError: when there is no point to draw, or more curves than can be told apart.
    """
    points = [point for curve in view.curves for point in curve.points]
    if not points:
        raise UsageError(
            "{title}: there is nothing to draw, since no curve has a point", title=view.title
        )
    if len(view.curves) > len(HUES):
        raise UsageError(
            "one picture tells {most} curves apart, but {given} were given",
            most=len(HUES),
            given=len(view.curves),
        )
    names = [f"{curve.name} {shown(curve.points[-1][1])}" for curve in view.curves if curve.points]
    canvas = Canvas(view.title, "; ".join(f"{view.y_axis}, last: {name}" for name in names))
    top = canvas.heading()
    for line in wrapped(view.note, WIDTH, 12.0):
        top += LINE + 2
        canvas.text(MARGIN, top, line, class_="quiet small note")
        canvas.reach(MARGIN + text_width(line, 12.0), top)
    top += 44
    x_ticks = ticks([0.0, *(x for x, _ in points)], least=1.0)  # there is no half of an update
    lowest = [0.0] if view.from_zero else []  # lengths can be compared only from 0 on
    y_ticks = ticks([*lowest, *(y for _, y in points)])
    left = MARGIN + max(text_width(_label(tick), 12.0) for tick in y_ticks) + 10
    plan = _Plan(left, top, (x_ticks[0], x_ticks[-1]), (y_ticks[0], y_ticks[-1]))
    _axes(canvas, view, plan, x_ticks, y_ticks)
    canvas.open(class_="curves")
    for index, curve in enumerate(view.curves):
        _curve(canvas, curve, plan, index)
    canvas.close()
    _names(canvas, view.curves, plan)
    return canvas.svg(theme)


def ticks(values: Sequence[float], least: float = 0.0, most: int = 7) -> list[float]:
    """Round numbers, evenly and at least so far apart, the outer of which enclose the values."""
    lowest, highest = min(values), max(values)
    if lowest == highest:
        lowest, highest = min(lowest, 0.0), max(highest, 0.0) or 1.0
    rough = max(least, (highest - lowest) / (most - 1))
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10, 20) if size * power >= rough * 0.999)
    first = math.floor(lowest / step + 1e-9)
    last = max(first + 1, math.ceil(highest / step - 1e-9))
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(n * step, digits) for n in range(first, last + 1)]


def shown(value: float) -> str:
    """A measurement for people: three digits of it, or all those before the point."""
    return f"{value:#.3g}".rstrip(".") if abs(value) < 100 else f"{value:,.1f}"


def _label(tick: float) -> str:
    """A tick, which is round: thousands apart, no more digits than it has."""
    return f"{tick:,.0f}" if tick == round(tick) and abs(tick) < 1e9 else f"{tick:.6g}"


@dataclass(frozen=True)
class _Plan:
    """The area of the curves on the paper, and what its sides stand for."""

    left: float
    top: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        """Where a value stands from left to right."""
        low, high = self.x_range
        return self.left + WIDTH * (value - low) / (high - low)

    def y(self, value: float) -> float:
        """Where a value stands from top to bottom."""
        low, high = self.y_range
        return self.top + HEIGHT * (1.0 - (value - low) / (high - low))


def _axes(
    canvas: Canvas,
    view: CurvesView,
    plan: _Plan,
    x_ticks: Sequence[float],
    y_ticks: Sequence[float],
) -> None:
    right, bottom = plan.left + WIDTH, plan.top + HEIGHT
    canvas.text(MARGIN, plan.top - 16, view.y_axis, class_="quiet small axis")
    for tick in y_ticks:
        y = plan.y(tick)
        faint = None if tick == y_ticks[0] else "0.25"
        canvas.add("line", class_="line", x1=plan.left, y1=y, x2=right, y2=y, stroke_opacity=faint)
        canvas.text(
            plan.left - 8, y + 4, _label(tick), class_="quiet small y-tick", text_anchor="end"
        )
    for tick in x_ticks:
        x = plan.x(tick)
        canvas.add("line", class_="line", x1=x, y1=bottom, x2=x, y2=bottom + 5)
        canvas.text(x, bottom + 20, _label(tick), class_="quiet small x-tick", text_anchor="middle")
    canvas.text(right, bottom + 40, view.x_axis, class_="quiet small axis", text_anchor="end")
    canvas.reach(right, bottom + 42)


def _curve(canvas: Canvas, curve: Curve, plan: _Plan, index: int) -> None:
    places = [(plan.x(x), plan.y(y)) for x, y in curve.points]
    if len(places) > 1:
        canvas.titled(
            "path",
            curve.name,
            class_=f"line curve h{index}",
            d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in places),
            stroke_width="2",
            stroke_dasharray=DASHES[index] or None,
            stroke_linejoin="round",
            data_name=curve.name,
        )
    if (curve.marked and len(places) <= MOST_MARKS) or len(places) == 1:
        for (x, y), (value_x, value_y) in zip(places, curve.points, strict=True):
            canvas.titled(
                "path",
                f"{curve.name}: {value_x:g}, {value_y:.6g}",
                class_=f"mark h{index}",
                d=f"M{number(x - MARK / 2)} {number(y)}h{number(MARK)}",
                stroke_width=number(MARK),
                data_name=curve.name,
                data_x=f"{value_x:.6g}",
                data_y=f"{value_y:.6g}",
            )


def _names(canvas: Canvas, curves: Sequence[Curve], plan: _Plan) -> None:
    """Each curve's name and last value, with a sample of its line, level with its end."""
    ends = [(plan.y(curve.points[-1][1]), i) for i, curve in enumerate(curves) if curve.points]
    x = plan.left + WIDTH + 14
    for y, index in _apart(sorted(ends), plan.top, plan.top + HEIGHT):
        curve = curves[index]
        canvas.add(
            "line",
            class_=f"sample h{index}",
            x1=x,
            y1=y,
            x2=x + 34,
            y2=y,
            stroke_width="2",
            stroke_dasharray=DASHES[index] or None,
        )
        text = f"{curve.name} {shown(curve.points[-1][1])}"
        canvas.text(x + 42, y + 4, text, class_=f"small name h{index}")
        canvas.reach(x + 42 + text_width(text, 12.0), y)


def _apart(ends: Sequence[tuple[float, int]], top: float, bottom: float) -> list[tuple[float, int]]:
    """The same from top to bottom, moved as little as keeps lines of text off each other."""
    placed: list[tuple[float, int]] = []
    for y, index in ends:
        placed.append((max(y, placed[-1][0] + LINE) if placed else max(y, top), index))
    lowest = bottom
    for place in range(len(placed) - 1, -1, -1):
        y, index = placed[place]
        placed[place] = (min(y, lowest), index)
        lowest = placed[place][0] - LINE
    return placed
