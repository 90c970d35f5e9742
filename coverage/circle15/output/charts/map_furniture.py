"""Scale bar and north arrow of drawn maps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circle15.output.charts.picture_canvas import Canvas


def draw_scale(canvas: Canvas, *, ink: int, ground: int) -> tuple[int, tuple[int, int, int]]:
    """Draw a scale bar, at most a quarter of the width; return its length (m) and place (px)."""
    frame = canvas.frame
    metres = round_length(frame.width * frame.pixel_m / 4)
    length = round(metres / frame.pixel_m)
    left, top = 30, frame.height - 34
    canvas.box(left - 16, top - 34, length + 32, 62, ground)
    canvas.box(left, top, length, 10, ink)
    canvas.box(left + 2, top + 2, max(length // 2 - 2, 0), 6, ground)
    return metres, (left, top, length)


def round_length(longest_m: float) -> int:
    """
    Return the largest of 1, 2, 5, 10, 20, … metres not above the given length; at least 1.

    Examples
    --------
    >>> round_length(2260), round_length(730), round_length(0.4)
    (2000, 500, 1)
    """
    if longest_m < 1:
        return 1
    power = int(10 ** math.floor(math.log10(longest_m)))
    return max(step * power for step in (1, 2, 5) if step * power <= longest_m)


def draw_north(canvas: Canvas, *, ink: int, ground: int) -> None:
    """Draw a north arrow with the letter N below it."""
    top, middle = 26, canvas.frame.width - 44
    canvas.box(middle - 24, top - 10, 48, 96, ground)
    canvas.polygon([(middle, top), (middle + 15, top + 44), (middle - 15, top + 44)], ink)
    letter, foot = top + 52, top + 74
    canvas.box(middle - 9, letter, 4, 22, ink)
    canvas.box(middle + 6, letter, 4, 22, ink)
    slanting = [(middle - 9, letter), (middle - 5, letter), (middle + 10, foot), (middle + 6, foot)]
    canvas.polygon(slanting, ink)
