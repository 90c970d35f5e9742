"""A canvas of palette colours on which shapes of the study CRS are drawn, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints

    Bytes = npt.NDArray[np.uint8]

Shape = Literal["disc", "square", "diamond", "triangle"]
SHAPES: tuple[Shape, ...] = ("disc", "square", "diamond", "triangle")

_MOST_CELL_PX = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A rectangle of the study CRS, seen in square pixels.

    Attributes
    ----------
    west_m, north_m
        Its upper left corner.
    pixel_m
        Side of a pixel.
    """

    west_m: float
    north_m: float
    pixel_m: float
    width: int
    height: int

    @classmethod
    def around(
        cls, bounds: Sequence[float], *, longest_px: int, aspect: tuple[float, float]
    ) -> Frame:
        """
        Frame west, south, east, north with a margin.

        Parameters
        ----------
        longest_px
            Pixels of the longer side.
        aspect
            Least and greatest width ÷ height: the shorter side is stretched to it.

        Examples
        --------
        >>> Frame.around((0, 0, 100, 50), longest_px=106, aspect=(0.5, 1))
        Frame(west_m=-3.0, north_m=78.0, pixel_m=1.0, width=106, height=106)
        """
        west, south, east, north = bounds
        margin = max(east - west, north - south, 1.0) * 0.03
        width, height = east - west + 2 * margin, north - south + 2 * margin
        wide = max(width, height * aspect[0])
        high = max(height, wide / aspect[1])
        pixel_m = max(wide, high) / longest_px
        return cls(
            (west + east - wide) / 2, (south + north + high) / 2, pixel_m,
            max(1, round(wide / pixel_m)), max(1, round(high / pixel_m)),
        )  # fmt: skip

    def place(self, positions: Floats) -> Floats:
        """
        Return columns and rows of positions, as fractions of pixels from the upper left.

        Both have the shape (n, 2).
        """
        corner = np.array([self.west_m, self.north_m])
        return np.asarray((positions - corner) / (self.pixel_m, -self.pixel_m))

    @property
    def box(self) -> shapely.Polygon:
        """The rectangle as a shape."""
        east = self.west_m + self.width * self.pixel_m
        south = self.north_m - self.height * self.pixel_m
        return shapely.box(self.west_m, south, east, self.north_m)


class Canvas:
    """
    Pixels of a frame, each the number of a colour; what is drawn later covers what was before.

    Attributes
    ----------
    pixels : uint8, shape (height, width)
        North row first.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.pixels: Bytes = np.zeros((frame.height, frame.width), np.uint8)

    def area(self, shape: BaseGeometry | None) -> Bools:
        """Pixels whose middle lies in a shape; none in a missing or empty one."""
        if shape is None or shape.is_empty:
            return np.zeros(self.pixels.shape, bool)
        frame = self.frame
        transform = from_origin(frame.west_m, frame.north_m, frame.pixel_m, frame.pixel_m)
        burnt: Bytes = rasterize(
            [(shape, 1)], out_shape=self.pixels.shape, transform=transform, dtype="uint8"
        )
        return burnt.astype(bool)

    def outline(self, shapes: Any, colour: int, *, width_px: int) -> None:
        """Draw the rims of an array of polygons, holes included."""
        rings = shapely.get_rings(shapely.get_parts(shapes))
        places, ring = shapely.get_coordinates(rings, return_index=True)
        along = ring[1:] == ring[:-1]
        self.lines(places[:-1][along], places[1:][along], colour, width_px=width_px)

    def lines(self, starts: Floats, ends: Floats, colour: int, *, width_px: int) -> None:
        """Draw straight lines between positions of shape (n, 2), dot by dot."""
        start, end = self.frame.place(starts), self.frame.place(ends)
        size = (self.frame.width, self.frame.height)
        seen = ((np.maximum(start, end) >= 0) & (np.minimum(start, end) <= size)).all(axis=1)
        start, step = start[seen], (end - start)[seen]
        dots = np.ceil(np.abs(step).max(axis=1, initial=0)).astype(np.int64) + 1
        line = np.repeat(np.arange(len(dots)), dots)
        number = np.arange(len(line)) - (np.cumsum(dots) - dots)[line]
        part = number / np.maximum(dots - 1, 1)[line]
        column, row = np.floor(start[line] + part[:, None] * step[line]).astype(np.int64).T
        reach = range(-((width_px - 1) // 2), width_px // 2 + 1)
        for down in reach:
            for beside in reach:
                self._dots(column + beside, row + down, colour)

    def paint(self, where: Bools, colour: int) -> None:
        """Give pixels a colour."""
        self.pixels[where] = colour

    def cells(self, places: Floats, colours: Bytes, *, size_m: tuple[float, float]) -> None:
        """
        Fill a rectangle around each position; neighbours of a grid touch without a seam.

        Parameters
        ----------
        places : float64, shape (n, 2)
            Middles of the cells.
        size_m
            Width and height; drawn with 2 to 64 pixels.
        """
        size = np.clip(np.array(size_m) / self.frame.pixel_m, 2.0, _MOST_CELL_PX)
        middle = self.frame.place(places)
        first = np.floor(middle - size / 2 + 0.5).astype(np.int64)
        last = np.floor(middle + size / 2 + 0.5).astype(np.int64)
        across, down = (last - first).max(axis=0, initial=0).tolist()
        for step in np.ndindex(across, down):
            kept = (first + step < last).all(axis=1)
            column, row = (first[kept] + step).T
            self._dots(column, row, colours[kept])

    def marks(self, places: Floats, shape: Shape, *, radius_px: int, colour: int, rim: int) -> None:
        """Draw a mark with a rim at each position of shape (n, 2)."""
        column, row = np.floor(self.frame.place(places)).astype(np.int64).T
        for radius, ink in ((radius_px + 2, rim), (radius_px, colour)):
            for down, right in _stamp(shape, radius):
                self._dots(column + right, row + down, ink)

    def box(self, left: int, top: int, width: int, height: int, colour: int) -> None:
        """Fill a rectangle of pixels."""
        self.pixels[max(top, 0) : top + height, max(left, 0) : left + width] = colour

    def _dots(self, column: Ints, row: Ints, colour: Bytes | int) -> None:
        height, width = self.pixels.shape
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        kept = colour if isinstance(colour, int) else colour[inside]
        self.pixels[row[inside], column[inside]] = kept


def _stamp(shape: Shape, radius: int) -> list[tuple[int, int]]:
    """List the pixels of a mark, as rows and columns from its middle."""
    reach = range(-radius, radius + 1)
    places = [(down, right) for down in reach for right in reach]
    if shape == "disc":
        return [(d, r) for d, r in places if d**2 + r**2 <= (radius + 0.3) ** 2]
    if shape == "square":
        return [(d, r) for d, r in places if max(abs(d), abs(r)) <= 0.86 * radius]
    if shape == "diamond":
        return [(d, r) for d, r in places if abs(d) + abs(r) <= 1.2 * radius]
    return [(d, r) for d, r in places if 2 * abs(r) <= d + radius]
