"""Sizes of the paper that a map is printed on; what offers them to choose loads nothing that draws."""

from typing import Final

PAPER_SIZES_MM: Final = {
    "a4": (297, 210),
    "a4-portrait": (210, 297),
    "a3": (420, 297),
    "a3-portrait": (297, 420),
}
"""Name → width and height [mm]: lying unless it is said to stand upright (ISO 216)."""

PRINT_SUFFIXES: Final = ("pdf", "png")
"""Endings of the files that a map is printed to."""
