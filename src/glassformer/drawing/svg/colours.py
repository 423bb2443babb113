"""From a number to a colour: white through blue for weights, orange – white – blue for the rest."""

import numpy as np
from jaxtyping import Float, UInt8

LOW = np.array([194, 65, 12])
HIGH = np.array([11, 84, 148])


def shade(values: Float[np.ndarray, "*cells"], largest: float) -> UInt8[np.ndarray, "*cells 4"]:
    """The colour of each value: none at 0, full at ±largest; the sign is in the hue."""
    share = np.clip(np.abs(values) / largest, 0.0, 1.0)[..., None] if largest else values[..., None]
    colour = np.where(values[..., None] < 0.0, LOW, HIGH) * np.ones(share.shape)
    opacity = np.round(share * 255.0)
    return np.concatenate([colour, opacity], axis=-1).astype(np.uint8)


def css(value: float, largest: float) -> tuple[str, str]:
    """Colour and opacity of one cell."""
    red, green, blue, opacity = shade(np.array(value), largest).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}", f"{opacity / 255:.3f}"
