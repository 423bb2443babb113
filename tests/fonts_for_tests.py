"""Whether this machine can draw text at all; a bare one has no font."""

import string

import pytest

from glassformer.drawing.fonts import without_font

_MISSING = without_font([string.printable + "√÷×·→↓ᵀ₁₂—"])

needs_fonts = pytest.mark.skipif(
    bool(_MISSING),
    reason=f"no font on this machine has {' '.join(_MISSING[:5])} (Debian: fonts-dejavu-core)",
)
