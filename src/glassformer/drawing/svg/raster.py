"""A small PNG inside a picture, for matrices with more cells than rectangles can be drawn."""

import base64
import struct
import zlib

import numpy as np
from jaxtyping import UInt8


def png_uri(pixels: UInt8[np.ndarray, "rows columns 4"]) -> str:
    """Red, green, blue and opacity as a data URI; one pixel a cell."""
    rows, columns, _ = pixels.shape
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
