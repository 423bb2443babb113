"""PDF, made from the SVG by typst (extra `pdf`): lines as lines, text as text that can be selected.

`python -m glassformer.drawing.pdf FILE.pdf` writes a demonstration.
"""

import sys
from pathlib import Path
from typing import Any

from glassformer.drawing.fonts import check_fonts, font_folders
from glassformer.errors import OutputError

_INSTALL = "pip install 'glassformer[pdf]'"

_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#image("picture.svg", alt: sys.inputs.title)
"""
"""One page, as large as the picture: a pixel is 0.75 points, as in CSS."""


def pdf(svg: str, title: str = "") -> bytes:
    """The picture as a PDF file's bytes; the fonts are in it.

    Raises:
        OutputError: when the extra is missing, or no font on this machine has a character of it.
    """
    try:
        import typst
    except ImportError as error:
        raise OutputError("to draw PDF, typst is needed: {how}", how=_INSTALL) from error
    check_fonts(svg)
    files: Any = {"main.typ": _PAGE.encode(), "picture.svg": svg.encode()}
    data: bytes = typst.compile(
        files,
        font_paths=[str(folder) for folder in font_folders()],
        sys_inputs={"title": title},
    )
    return data


if __name__ == "__main__":
    from glassformer.drawing.svg.__main__ import demo

    if len(sys.argv) != 2:
        sys.exit("usage: python -m glassformer.drawing.pdf FILE.pdf")
    Path(sys.argv[1]).write_bytes(pdf(demo()))
