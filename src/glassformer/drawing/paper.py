"""The paper that a picture is drawn on: the size of its text, its width, its colours, its caption.

A renderer need not know of it: the canvas asks for the `current` paper when it is made.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

from glassformer.errors import Setting, UsageError

Theme: TypeAlias = Literal["auto", "light", "dark"]
Palette: TypeAlias = Literal["default", "okabe-ito", "grey"]

SIZES = {"font_size": (4.0, 200.0), "width": (100.0, 10_000.0)}
"""Pixels, from and to: what lies outside can only be a slip."""


class PaperOptions(TypedDict, total=False):
    """The settings of a `Paper`, as keywords."""

    font_size: float | None
    width: float | None
    palette: Palette
    caption: bool


@dataclass(frozen=True, kw_only=True)
class Paper:
    """How a picture is to come out. Pixels are those of the SVG, or of the PNG.

    Raises:
        UsageError: when a size can only be a slip.
    """

    font_size: float | None = None
    """Pixels of a word; titles, notes and all lengths go with it. None: 15, or as `width` says."""
    width: float | None = None
    """Pixels of the whole picture. Without `font_size` it is enlarged or reduced to that; with it,
    it is laid out anew in this width, or refused where it needs more."""
    palette: Palette = "default"
    """Colours: "okabe-ito" for colour-blind readers, "grey" for print, on white paper."""
    caption: bool = True
    """Whether notes and the sentences of legends are drawn; the scale always is."""

    def __post_init__(self) -> None:
        for name, (least, most) in SIZES.items():
            given = getattr(self, name)
            if given is not None and not (math.isfinite(given) and least <= given <= most):
                raise UsageError(
                    "{setting:name} must be from {least} to {most} pixels, but is {given}",
                    setting=Setting(name),
                    least=f"{least:g}",
                    most=f"{most:g}",
                    given=given,
                )

    def laid_out_in(self, font_size: float) -> float:
        """How wide a picture may be in pixels of a layout whose words have this size."""
        if self.width is None or self.font_size is None:
            return math.inf
        return self.width * font_size / self.font_size

    def scale(self, font_size: float, width: float) -> float:
        """How many pixels one of the layout becomes, with words of this size, this wide."""
        if self.font_size is not None:
            return self.font_size / font_size
        return 1.0 if self.width is None else self.width / width


PLAIN = Paper()
"""As large as a picture is laid out, in our colours, with all that it says."""

_PAPER = ContextVar("paper", default=PLAIN)


def current() -> Paper:
    """The paper that is being drawn on."""
    return _PAPER.get()


@contextmanager
def drawing_on(paper: Paper) -> Iterator[None]:
    """Whatever is drawn meanwhile, in this thread, is drawn on this paper."""
    token = _PAPER.set(paper)
    try:
        yield
    finally:
        _PAPER.reset(token)
