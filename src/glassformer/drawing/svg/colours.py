"""Colours: of lines, and of cells, where a number's size is how full its colour is.

Dashes and numbers say the same without them. `okabe-ito` are the eight of Okabe and Ito (2008),
which readers of any colour vision can tell apart; the palest come last. Greys are for print.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from glassformer.drawing.paper import Palette, current

HUES = ("#0b6fb8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#be185d", "#0f766e", "#4b5563")
"""Colours that stand apart on white and, lightened, on black; dashes tell the same."""
HUES_DARK = ("#6cb6f0", "#f6935c", "#5fd08b", "#c79bf2", "#e3b84a", "#f28bb5", "#54c9bd", "#b6bec9")


@dataclass(frozen=True)
class Colours:
    """What a palette says of lines (on light and on dark paper) and of the cells of a matrix."""

    light: tuple[str, ...]
    dark: tuple[str, ...]
    low: tuple[int, int, int]
    """Full colour of negative numbers, as red, green and blue; it is seen on light and on dark."""
    high: tuple[int, int, int]
    """Full colour of positive numbers; equal to `low` where there is but one ink."""
    of_text: bool = True
    """Whether numbers can be read that are written in the colours of lines."""

    def css(self, *, dark: bool) -> str:
        """The rules of lines and of the numbers that belong to them."""
        rules = ""
        for index, hue in enumerate(self.dark if dark else self.light):
            rules += f"path.h{index}{{stroke:{hue}}}\nline.h{index}{{stroke:{hue}}}\n"
            if self.of_text:
                rules += f"text.h{index}{{fill:{hue}}}\n"
        return rules


_OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_GREYS = ("#111111", "#6b6b6b", "#3d3d3d", "#868686", "#2a2a2a", "#777777", "#525252", "#8f8f8f")

PALETTES: dict[Palette, Colours] = {
    "default": Colours(HUES, HUES_DARK, low=(194, 65, 12), high=(36, 116, 200)),
    "okabe-ito": Colours(
        (*_OKABE_ITO, "#000000", "#f0e442"),
        (*_OKABE_ITO, "#f0f0f0", "#f0e442"),
        low=(213, 94, 0),
        high=(0, 114, 178),
        of_text=False,
    ),
    "grey": Colours(_GREYS, _GREYS, low=(0, 0, 0), high=(0, 0, 0), of_text=False),
}


def shade(
    values: Float[np.ndarray, "*cells"], largest: float, *, signed: bool = False
) -> UInt8[np.ndarray, "*cells 4"]:
    """The colour of each value: none at 0, full at ±largest; the sign is in the hue.

    With but one ink, numbers that may be negative (`signed`) go from none at -largest through half
    at 0 to full at largest.
    """
    colours = PALETTES[current().palette]
    share = np.clip(values / largest, -1.0, 1.0) if largest else np.zeros_like(values)
    opacity = (share + 1.0) / 2.0 if zero_has_ink(signed=signed) else np.abs(share)
    hue = np.where(share[..., None] < 0.0, colours.low, colours.high)
    pixels = np.concatenate([hue, np.round(opacity[..., None] * 255.0)], axis=-1)
    return pixels.astype(np.uint8)


def css(value: float, largest: float, *, signed: bool = False) -> tuple[str, str]:
    """Colour and opacity of one cell."""
    red, green, blue, opacity = shade(np.array(value), largest, signed=signed).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}", f"{opacity / 255:.3f}"


def zero_has_ink(*, signed: bool) -> bool:
    """Whether a cell of 0 has half of the one ink rather than none."""
    colours = PALETTES[current().palette]
    return signed and colours.low == colours.high


def white_is_read(opacity: float) -> bool:
    """Whether a number in a cell with so much of its colour is read better in white."""
    return opacity > (0.55 if current().palette == "grey" else 0.8)
