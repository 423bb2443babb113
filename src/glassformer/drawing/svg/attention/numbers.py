"""The weights of the strongest lines in numbers, each beside its line.

A number never stands on its own line, on a word or on another number. Where it cannot but stand on
the thin lines of others, the same text in the colour of the paper lies below it.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool, Float

from glassformer.drawing.svg.attention.placing import NUMBER, Box, Plan
from glassformer.drawing.svg.canvas import Canvas, text_width
from glassformer.views import Link

NUMBERED = 12
"""So many lines, the strongest, carry their number where there is room for it."""

LEAST = 0.005
"""Smaller weights would be 0.00."""

_HEIGHT = 9.0
"""Pixels from the baseline of a number to the top of its digits, and a little."""
_CLEAR = 2.5
"""Pixels between a number and its line."""
_APART = 6.0
"""Pixels: of two numbers that are closer than this, it is hard to tell which line is whose."""
_THICK = 3.0
"""Pixels: on another's line that is as thick as this, a number would be taken for that line's."""
_WAY = np.linspace(0.0, 1.0, 49)
_PLACES = (38, 35, 41, 32, 29, 26, 23, 20, 17, 14, 11, 8)
"""Of these points of the way, those where a number may stand; the first that is free is best."""


def _weight_of(link: Link) -> str:
    return f"{link.weight:.2f}"


def draw_numbers(
    canvas: Canvas,
    links: Sequence[Link],
    plan: Plan,
    c: float,
    x: float,
    y: float,
    *,
    number_of: Callable[[Link], str] = _weight_of,
) -> None:
    """Write the numbers of the strongest lines of a panel whose corner is at x, y."""
    links = sorted(links, key=lambda link: -link.weight)
    strongest = [link for link in links[:NUMBERED] if link.weight >= LEAST]
    if not strongest:
        return
    lines = _Lines(links, plan, c)
    words, numbers = plan.boxes(), list[Box]()
    for at, link in enumerate(strongest):
        text = number_of(link)
        box = lines.free_place(at, text_width(text, NUMBER), words, numbers, plan)
        if box is None:
            continue
        numbers.append(box)
        left, _, right, bottom = box
        middle = x + (left + right) / 2, y + bottom - 0.5
        if lines.passing(box).any():
            canvas.text(
                *middle, text, class_="number-below", text_anchor="middle", aria_hidden="true"
            )
        canvas.text(*middle, text, class_="number weight", text_anchor="middle")


class _Lines:
    """All lines of a panel as points along their way."""

    def __init__(self, links: list[Link], plan: Plan, c: float) -> None:
        corners = np.array([plan.curve(link) for link in links])
        t = _WAY[:, None]
        parts = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        self.points: Float[np.ndarray, "lines points 2"] = sum(
            part * corners[:, None, n] for n, part in enumerate(parts)
        )
        self.half: Float[np.ndarray, " lines"] = np.array([c * link.weight / 2 for link in links])

    def free_place(
        self, line: int, width: float, words: list[Box], numbers: list[Box], plan: Plan
    ) -> Box | None:
        """A box beside this line and as far from all else as there is; None where all is full."""
        best, least = None, np.inf
        for order, place in enumerate(_PLACES):
            x, y = map(float, self.points[line, place])
            dx, dy = map(float, self.points[line, place + 1] - self.points[line, place - 1])
            length = math.hypot(dx, dy)
            for side in (1.0, -1.0):
                nx, ny = side * dy / length, -side * dx / length
                away = float(self.half[line]) + _CLEAR + abs(nx) * width / 2 + abs(ny) * _HEIGHT / 2
                across, down = x + nx * away, y + ny * away
                box = (
                    across - width / 2, down - _HEIGHT / 2, across + width / 2, down + _HEIGHT / 2,
                )  # fmt: skip
                if (
                    box[0] < 0.0
                    or box[2] > plan.width
                    or any(_meet(box, other) for other in (*words, *numbers))
                ):
                    continue
                covered = self.passing(box)
                if covered[line] or (self.half[covered] * 2 >= _THICK).any():
                    continue
                cost = order + 8.0 * covered.sum()
                cost += 4.0 * self.passing(_larger(box, _CLEAR)).sum()
                cost += 5.0 * sum(_meet(_larger(box, _APART), other) for other in numbers)
                if cost < least:
                    best, least = box, cost
        return best

    def passing(self, box: Box) -> Bool[np.ndarray, " lines"]:
        """Which lines go through a box."""
        left, top, right, bottom = box
        x, y = self.points[..., 0], self.points[..., 1]
        reach = self.half[:, None] + 0.5
        inside = (x > left - reach) & (x < right + reach) & (y > top - reach) & (y < bottom + reach)
        passing: Bool[np.ndarray, " lines"] = np.asarray(inside.any(axis=1))
        return passing


def _larger(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] + 3.0 and b[0] < a[2] + 3.0 and a[1] < b[3] + 2.0 and b[1] < a[3] + 2.0
