"""Many cells as one picture: a palette PNG whose pixels lie on the web map's Mercator grid."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]


def palette_png(pixels: Bytes, palette: Sequence[tuple[int, int, int, int]]) -> bytes:
    """
    Write a PNG of at most 16 palette colours, the same bytes for the same pixels.

    Parameters
    ----------
    pixels : uint8, shape (height, width)
        Index into the palette.
    palette
        Red, green, blue and opacity of each colour, 0–255.
    """
    height, width = pixels.shape
    even = np.pad(pixels, ((0, 0), (0, width % 2)))
    rows = np.zeros((height, 1 + even.shape[1] // 2), np.uint8)  # first its filter: 0, none
    rows[:, 1:] = even[:, ::2] << 4 | even[:, 1::2]
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(value for colour in palette for value in colour[:3])),
        (b"tRNS", bytes(colour[3] for colour in palette)),
        # Level 9 takes ten times as long as level 6 and saves 4 %.
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    )
    png = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks:
        checksum = zlib.crc32(name + content)
        png += struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
    return png
