"""PNG, rasterised from the SVG by resvg (extra `png`).

`python -m glassformer.drawing.png FILE.png` writes a demonstration.
"""

import sys
from pathlib import Path

from glassformer.drawing.fonts import check_fonts, font_folders
from glassformer.errors import OutputError

SCALE = 2.0
"""Pixels of the PNG for each of the SVG, where no width was asked for."""

_INSTALL = "pip install 'glassformer[png]'"


def png(svg: str, scale: float = SCALE) -> bytes:
    """The picture as a PNG file's bytes, `scale` times as large as the SVG.

    Raises:
        OutputError: when the extra is missing, or no font on this machine has a character of it.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise OutputError("drawing PNG needs resvg: {how}", how=_INSTALL) from error
    check_fonts(svg)
    data: bytes = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=scale, font_dirs=[str(folder) for folder in font_folders()]
    )
    return data


if __name__ == "__main__":
    from glassformer.drawing.svg.__main__ import demo

    if len(sys.argv) != 2:
        sys.exit("usage: python -m glassformer.drawing.png FILE.png")
    Path(sys.argv[1]).write_bytes(png(demo()))
