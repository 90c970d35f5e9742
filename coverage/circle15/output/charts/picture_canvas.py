"""A raster canvas with a palette, on which geometries of the study CRS are drawn."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints

    Bytes = npt.NDArray[np.uint8]

Shape = Literal["disc", "square", "diamond", "triangle", "star"]
SHAPES: tuple[Shape, ...] = ("disc", "square", "diamond", "triangle")
"""Shapes of existing sites."""

_MOST_CELL_PX = 64
_FINER = 2
"""Supersampling factor: drawn this much larger, then reduced."""


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The extent of a picture in the study CRS, with square pixels.

    Attributes
    ----------
    west_m, north_m
        Upper left corner.
    pixel_m
        Side of a pixel, metres.
    width, height
        Size in pixels.
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
        Return a frame around west, south, east, north (metres) with a margin of 3 %.

        Parameters
        ----------
        longest_px
            Pixels of the longer side.
        aspect
            Smallest and largest width ÷ height; the shorter side is extended to fit.

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
            (west + east - wide) / 2,
            (south + north + high) / 2,
            pixel_m,
            max(1, round(wide / pixel_m)),
            max(1, round(high / pixel_m)),
        )

    def place(self, positions: Floats) -> Floats:
        """
        Convert positions (x, y) in metres to pixels (column, row) from the upper left corner.

        Input and output are float64, shape (n, 2).
        """
        corner = np.array([self.west_m, self.north_m])
        return np.asarray((positions - corner) / (self.pixel_m, -self.pixel_m))

    @property
    def box(self) -> shapely.Polygon:
        """The extent as a polygon in the study CRS."""
        east = self.west_m + self.width * self.pixel_m
        south = self.north_m - self.height * self.pixel_m
        return shapely.box(self.west_m, south, east, self.north_m)


class Canvas:
    """
    A picture of a frame in palette colours; later drawing covers earlier drawing.

    It is drawn at twice the resolution and reduced, so that lines and marks have smooth edges.
    Geometries and `places` are in metres of the study CRS, all else in pixels of the frame.

    Parameters
    ----------
    colours
        The palette as `#rrggbb`; methods take a colour as its index, and 0 is the background.
    """

    def __init__(self, frame: Frame, colours: Sequence[str]) -> None:
        self.frame = frame
        self.image = Image.new("P", (frame.width * _FINER, frame.height * _FINER), 0)
        self.image.putpalette([part for one in colours for part in bytes.fromhex(one[1:])])
        self.draw = ImageDraw.Draw(self.image)

    def fill(self, shape: BaseGeometry | None, colour: int) -> None:
        """Fill the polygons of a geometry, leaving holes; None or empty draws nothing."""
        if shape is None or shape.is_empty:
            return
        mask = Image.new("1", self.image.size)
        draw = ImageDraw.Draw(mask)
        polygons: Any = shapely.get_parts(shape)
        # Largest first: a polygon inside another one's hole must be drawn after that hole.
        for polygon in polygons[np.argsort(-shapely.area(polygons), kind="stable")]:
            draw.polygon(self._places(polygon.exterior), fill=1)
            for hole in polygon.interiors:
                draw.polygon(self._places(hole), fill=0)
        self.image.paste(colour, mask=mask)

    def outline(self, shape: BaseGeometry, colour: int, *, width_px: int) -> None:
        """Draw the rings of a polygon or multipolygon, holes included."""
        self.lines(shapely.get_rings(shapely.get_parts(shape)), colour, width_px=width_px)

    def lines(self, lines: Any, colour: int, *, width_px: int) -> None:
        """Draw an array of lines given in the study CRS."""
        width = width_px * _FINER
        margin_m = width * self.frame.pixel_m
        seen = shapely.clip_by_rect(lines, *shapely.buffer(self.frame.box, margin_m).bounds)
        drawn = shapely.get_parts(seen[~shapely.is_empty(seen)])
        xy, line = shapely.get_coordinates(drawn, return_index=True)
        places = [*map(tuple, self._fine(xy).tolist())]
        ends = np.searchsorted(line, np.arange(len(drawn) + 1)).tolist()
        for begin, end in pairwise(ends):
            self.draw.line(places[begin:end], fill=colour, width=width, joint="curve")

    def cells(self, places: Floats, colours: Bytes, *, size_m: tuple[float, float]) -> None:
        """
        Fill a rectangle around each position; adjacent raster cells touch without a seam.

        Parameters
        ----------
        places : float64, shape (n, 2)
            Cell centres, metres.
        colours : uint8, shape (n,)
            Palette index of each cell.
        size_m
            Width and height of a cell; each is drawn with 2 to 64 pixels.
        """
        size = np.clip(np.array(size_m) / self.frame.pixel_m, 2.0, _MOST_CELL_PX)
        middle = self.frame.place(places)
        # Round to whole pixels, as the spacing of cell centres is never exactly regular.
        first = np.floor(middle - size / 2 + 0.5).astype(np.int64) * _FINER
        last = np.floor(middle + size / 2 + 0.5).astype(np.int64) * _FINER - 1
        corners = np.column_stack([first, last]).tolist()
        for (left, top, right, bottom), colour in zip(corners, colours.tolist(), strict=True):
            self.draw.rectangle((left, top, right, bottom), fill=colour)

    def hatch(self, ground: int, colour: int) -> None:
        """Draw diagonal hatching in `colour` over every pixel of the colour `ground`."""
        pixels = np.asarray(self.image)
        row, column = (np.arange(size, dtype=np.uint16) // _FINER for size in pixels.shape)
        slanting = (row[:, None] + column[None, :]) % 5 == 0
        self.image.paste(colour, mask=Image.fromarray((pixels == ground) & slanting))

    def marks(self, places: Floats, shape: Shape, *, radius_px: int, colour: int, rim: int) -> None:
        """Draw a marker with an outline at each position; `places` has the shape (n, 2)."""
        for radius, ink in ((radius_px + 2, rim), (radius_px, colour)):
            for x, y in self.frame.place(places).tolist():
                self._mark(shape, x, y, radius, ink)

    def _mark(self, shape: Shape, x: float, y: float, radius: float, colour: int) -> None:
        match shape:
            case "disc":
                corners = _fine(x - radius, y - radius), _fine(x + radius, y + radius)
                self.draw.ellipse(corners, fill=colour)
            case "square":
                side = 1.72 * radius
                self.box(x - side / 2, y - side / 2, side, side, colour)
            case "diamond":
                reach = 1.2 * radius
                diamond = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
                self.polygon(diamond, colour)
            case "triangle":
                foot = y + radius
                self.polygon([(x, y - radius), (x + radius, foot), (x - radius, foot)], colour)
            case "star":
                turns = [(math.pi * k / 5, radius * (0.45 if k % 2 else 1.0)) for k in range(10)]
                star = [(x + reach * math.sin(a), y - reach * math.cos(a)) for a, reach in turns]
                self.polygon(star, colour)

    def box(self, left: float, top: float, width: float, height: float, colour: int) -> None:
        """Fill a rectangle given in pixels."""
        x0, y0, x1, y1 = (round(one * _FINER) for one in (left, top, left + width, top + height))
        if x1 > x0 and y1 > y0:
            self.draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=colour)

    def letters(self, text: str, x: float, y: float, *, size_px: int, colour: int) -> None:
        """Write Latin letters and digits, in the font that Pillow has, around a point in pixels."""
        font = ImageFont.load_default(size_px * _FINER)
        self.draw.text((x * _FINER, y * _FINER), text, fill=colour, font=font, anchor="mm")

    def polygon(self, corners: Sequence[tuple[float, float]], colour: int) -> None:
        """Fill a polygon given in pixels."""
        self.draw.polygon([_fine(x, y) for x, y in corners], fill=colour)

    def png(self) -> bytes:
        """Return the picture as PNG bytes; the same drawing gives the same bytes."""
        made = io.BytesIO()
        _in_few_colours(self.image.convert("RGB").reduce(_FINER)).save(made, "PNG")
        return made.getvalue()

    def _places(self, line: BaseGeometry) -> list[tuple[float, float]]:
        return [*map(tuple, self._fine(shapely.get_coordinates(line)).tolist())]

    def _fine(self, positions: Floats) -> Floats:
        """Convert positions in metres to supersampled pixels, as `_fine`."""
        return self.frame.place(positions) * _FINER - 0.5


def _fine(x: float, y: float) -> tuple[float, float]:
    """Convert frame pixels to supersampled pixels, whose centres are at whole numbers."""
    return x * _FINER - 0.5, y * _FINER - 0.5


def _in_few_colours(image: Image.Image) -> Image.Image:
    """
    Reduce a picture to its 256 most frequent colours; other colours become the nearest of them.

    The drawing colours themselves are kept; only rare blends at smoothed edges change, invisibly.
    """
    counted = image.getcolors(image.width * image.height) or []
    counts, colours = (np.array(one) for one in zip(*counted, strict=True))
    order = np.argsort(_packed(colours))
    counts, colours = counts[order], colours[order]
    kept = colours[np.argsort(-counts, kind="stable")[:256]]
    apart = ((colours[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2)
    nearest = apart.argmin(axis=1).astype(np.uint8)
    pixels = _packed(np.asarray(image).astype(np.int32))
    made = Image.fromarray(nearest[np.searchsorted(_packed(colours), pixels)])
    made.putpalette(kept.astype(np.uint8).tobytes())
    return made


def _packed(colours: Ints) -> Ints:
    """Pack red, green and blue (last axis) into one integer per colour."""
    return np.asarray(colours[..., 0] << 16 | colours[..., 1] << 8 | colours[..., 2])
