"""Where the texts and lines of a picture really are, pixel by pixel, as resvg draws them."""

import copy
import io
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from glassformer.drawing.fonts import font_folders

NAMESPACE = "{http://www.w3.org/2000/svg}"
AROUND = 80
"""Pixels around the picture, so that what leaves it is seen."""


@dataclass(frozen=True)
class Extents:
    """The pixels of a picture, and of each of its texts the box around them."""

    size: tuple[float, float]
    texts: dict[int, ElementTree.Element]
    boxes: dict[int, tuple[int, int, int, int]]
    """Left, top, right, bottom of each text, in pixels of the picture."""
    owners: np.ndarray
    """Of each pixel the number of the text that it belongs to, or -1."""
    lines: np.ndarray
    """Whether a line goes through a pixel."""

    def inside(self, number: int) -> tuple[slice, slice]:
        """The rows and columns of a text's box in `owners` and `lines`."""
        left, top, right, bottom = self.boxes[number]
        return slice(top + AROUND, bottom + AROUND), slice(left + AROUND, right + AROUND)


def extents_of(svg: str) -> Extents:
    """Draw a picture twice: its texts alone, each in a colour of its own, and its lines alone."""
    ElementTree.register_namespace("", NAMESPACE[1:-1])
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    texts: dict[int, ElementTree.Element] = {}
    for number, text in enumerate(root.iter(f"{NAMESPACE}text")):
        texts[number] = text
    pixels = _drawn(_only(root, {"text"}), width, height)
    codes = pixels[..., 0].astype(int) << 16 | pixels[..., 1].astype(int) << 8 | pixels[..., 2]
    colours = np.array([_colour(number) for number in texts])
    order = np.argsort(colours)
    places = np.searchsorted(colours[order], codes).clip(max=len(texts) - 1)
    exact = (pixels[..., 3] == 255) & (colours[order][places] == codes)
    owners = np.where(exact, order[places], -1)
    rows, columns = np.nonzero(owners >= 0)
    found = owners[rows, columns]
    boxes = {}
    for number in np.unique(found):
        r, c = rows[found == number] - AROUND, columns[found == number] - AROUND
        boxes[int(number)] = (int(c.min()), int(r.min()), int(c.max()) + 1, int(r.max()) + 1)
    lines = _drawn(_only(root, {"path", "line"}), width, height)[..., 3] > 60
    return Extents((width, height), texts, boxes, owners, lines)


def _only(root: ElementTree.Element, kept: set[str]) -> ElementTree.Element:
    """The picture with elements of these kinds alone; texts in colours that count them."""
    root = copy.deepcopy(root)
    for number, text in enumerate(root.iter(f"{NAMESPACE}text")):
        for part in text.iter():  # with a paler beginning, perhaps
            own = f"{part.get('style')};" if part.get("style") else ""
            part.set("style", f"{own}fill:#{_colour(number):06x};stroke:none;opacity:1")
    for parent in list(root.iter()):
        for child in list(parent):
            kind = child.tag.removeprefix(NAMESPACE)
            if kind in {"text", "path", "line", "rect", "image"} and kind not in kept:
                parent.remove(child)
    return root


def _colour(number: int) -> int:
    """A colour for each text, far from those of others: where two are mixed, none comes out."""
    return (number + 1) * 0x9E3779 % 0x1000000


def _drawn(root: ElementTree.Element, width: float, height: float) -> np.ndarray:
    import resvg_py

    left, top, across, down = map(float, root.get("viewBox", "").split())
    unit = across / width
    box = (left - AROUND * unit, top - AROUND * unit, across + 2 * AROUND * unit)
    root.set("viewBox", " ".join(map(str, (*box, down + 2 * AROUND * unit))))
    root.set("width", str(width + 2 * AROUND))
    root.set("height", str(height + 2 * AROUND))
    options: Any = {"text_rendering": "optimize_speed"}
    data = resvg_py.svg_to_bytes(
        svg_string=ElementTree.tostring(root, encoding="unicode"),
        font_dirs=[str(folder) for folder in font_folders()],
        **options,
    )
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
