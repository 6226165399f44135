"""Indexed PNG images, written for speed."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.compiled import kernel

LEVEL: Final = 1  # zlib: a third of the time of the default, a tenth more bytes


@kernel()
def _filter_rows(packed):  # type: ignore[no-untyped-def]  # numba infers the types
    """Put the filter byte before each row: `Up` for a row like the one above, else `None`."""
    height, width = packed.shape
    out = np.zeros((height, width + 1), np.uint8)
    for row in range(height):
        same = row > 0
        for k in range(width):
            if not same:
                break
            same = packed[row, k] == packed[row - 1, k]
        if same:
            out[row, 0] = 2
        else:
            out[row, 1:] = packed[row]
    return out


def write_png(image: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Encode an indexed image.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width)
        Positions in the palette; the width is even.
    palette : ndarray of uint8, shape (colours, 4)
        Red, green, blue, opacity; up to 16 colours take half the bytes.

    Returns
    -------
    bytes
        A PNG file (ISO/IEC 15948).
    """
    height, width = image.shape
    depth = 4 if len(palette) <= 16 else 8
    packed = (image[:, ::2] << 4) | image[:, 1::2] if depth == 4 else image
    data = zlib.compress(_filter_rows(packed), LEVEL)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", data),
        (b"IEND", b""),
    )
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in chunks:
        parts += [struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(kind + body))]
    return b"".join(parts)
