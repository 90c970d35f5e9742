"""Which labels of a drawn map can be shown without covering each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Place = tuple[str, float, float]
    Box = tuple[float, float, float, float]


def apart(labels: Iterable[Place], *, size_px: int, width: int) -> Iterator[Place]:
    """
    Yield those of the labels that neither overlap an earlier one nor leave the picture sideways.

    Parameters
    ----------
    labels
        Text, and the pixel at its middle and foot, the most important first.
    size_px
        Size of the type.
    width
        Width of the picture, pixels.
    """
    taken: list[Box] = []
    for text, x, y in labels:
        half = _width(text, size_px) / 2
        box = (x - half, y - size_px, x + half, y + size_px / 2)
        inside = box[0] >= 0 and box[2] <= width
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            yield text, x, y


def _width(text: str, size_px: int) -> float:
    """Estimate the width of a text in pixels: Chinese characters are square, others 0.56 wide."""
    return size_px * sum(1.0 if ord(one) > 0x2E7F else 0.56 for one in text)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
