"""Chart rows as pictures without text, for Word, which sets labels and numbers itself."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE: Final = (1040, 36)
"""Width and height of a strip, pixels: about 280 dpi when printed 93 mm wide."""

SIGN: Final = (48, 26)
"""Width and height of a legend symbol, pixels."""

TICKS: Final = tuple(f"{25 * k}%" for k in range(5))
_FINER: Final = 4
"""Supersampling factor, so that round and diagonal shapes have smooth edges."""

_STEP: Final = 12 * _FINER
"""Spacing of hatching lines and of dots, supersampled pixels."""


class StripDrawing:
    """A white strip on which shapes are drawn; coordinates are pixels of the finished picture."""

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        self.size = size
        self.image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), "#ffffff")
        self.draw = ImageDraw.Draw(self.image)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle; one without width or height is not drawn."""
        x0, y0, x1, y1 = _finer(left, top, right, bottom)
        if x1 > x0 and y1 > y0:
            self.draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=colour)

    def hatch(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Draw diagonal hatching over a rectangle."""
        self._over(_finer(left, top, right, bottom), _slanted(self.image.size, colour))

    def dots(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Draw small dots over a rectangle."""
        self._over(_finer(left, top, right, bottom), _dotted(self.image.size, colour))

    def line(self, x: float, colour: str) -> None:
        """Draw a vertical line, 1 pixel wide, over the whole height."""
        self.box(x - 0.5, 0, x + 0.5, self.size[1], colour)

    def disc(self, x: float, y: float, radius: float, *, fill: str, rim: str) -> None:
        """Draw a filled circle with an outline."""
        around = _finer(x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(around, fill=fill, outline=rim, width=_STEP // 3)

    def path(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Draw a line through points, 4 pixels wide."""
        at = [(round(x * _FINER), round(y * _FINER)) for x, y in points]
        self.draw.line(at, fill=colour, width=4 * _FINER, joint="curve")

    def png(self) -> bytes:
        """Return the strip as PNG bytes; the same drawing gives the same bytes."""
        made = io.BytesIO()
        self.image.reduce(_FINER).save(made, "PNG")
        return made.getvalue()

    def _over(self, area: tuple[int, int, int, int], pattern: Image.Image) -> None:
        if area[2] > area[0]:
            part = pattern.crop(area)
            self.image.paste(part, area[:2], part)


def _finer(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    return (
        round(left * _FINER),
        round(top * _FINER),
        round(right * _FINER),
        round(bottom * _FINER),
    )


@lru_cache(maxsize=8)
def _slanted(size: tuple[int, int], colour: str) -> Image.Image:
    pattern = Image.new("RGBA", size)
    draw = ImageDraw.Draw(pattern)
    width, height = size
    for start in range(-height, width, _STEP):
        draw.line((start, height, start + height, 0), fill=colour, width=_STEP // 7)
    return pattern


@lru_cache(maxsize=8)
def _dotted(size: tuple[int, int], colour: str) -> Image.Image:
    pattern = Image.new("RGBA", size)
    draw = ImageDraw.Draw(pattern)
    radius = _STEP // 6
    for x in range(_STEP // 2, size[0], _STEP):
        for y in range(_STEP // 2, size[1], _STEP):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return pattern
