"""The cells in which the people of a study live, and their outlines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features

from circle15.inputs.crs.degrees import SCALE, lon_lat, place_keys
from circle15.results.cell_grid import CellPicture, lay_out_cells, lay_out_squares, spacing_m
from circle15.results.once import once
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.inputs.crs.degrees import Polygons
    from circle15.results.records import StudyResult


SQUARE_M = 100.0
"""Homes that are no cells of a grid are gathered in squares of at least this size."""
MOST_APART_M = 600.0
"""Homes further apart than this are no neighbours."""
_LOOSE = 1.1
_REACH_M = 2000.0


@dataclass(frozen=True)
class Cells:
    """
    The cells in which the people of a study live, inside the area.

    Attributes
    ----------
    of_home : int64, shape (homes,)
        Cell of each demand point; -1 for one that is not counted or has no position.
    lon, lat : float64, shape (cells,)
        Middles of the cells of a grid, else a home of each cell, degrees.
    home : int64, shape (cells,)
        Row in the demand table of a home of each cell.
    picture
        Where the cells lie.
    """

    of_home: Ints
    lon: Floats
    lat: Floats
    home: Ints
    picture: CellPicture

    @cached_property
    def lines(self) -> tuple[Ints, Ints]:
        """Longitude and latitude × 10⁵ of the lines between the columns and rows of pixels."""
        height, width = self.picture.cell.shape
        south, west, north, east = self.picture.bounds
        # Rows are equally high in Mercator's projection, not in degrees.
        top, bottom = (np.arcsinh(np.tan(np.radians(v))) for v in (north, south))
        lat = np.degrees(np.arctan(np.sinh(np.linspace(top, bottom, height + 1))))
        lon = np.linspace(west, east, width + 1)
        return np.round(lon * SCALE).astype(np.int64), np.round(lat * SCALE).astype(np.int64)

    def outlines(self, rank: Ints, shown: int) -> list[Polygons]:
        """Outlines of the areas of the first ranks, written as `map_geometry` does."""
        ranks = np.append(np.where(rank <= shown, rank, 0), 0).astype(np.int16)[self.picture.cell]
        found: list[Polygons] = [[] for _ in range(shown)]
        columns, rows = self.lines
        pieces = rasterio.features.shapes(ranks, mask=ranks > 0, connectivity=8)
        for piece, value in pieces:
            polygon = []
            for ring in piece["coordinates"]:
                corner = np.array(ring, np.int64)
                place = np.column_stack([columns[corner[:, 0]], rows[corner[:, 1]]])
                place[1:] -= place[:-1].copy()
                polygon.append(place.ravel().tolist())
            found[int(value) - 1].append(polygon)
        return found

    def middles(self, cell: Ints, area: Ints, people: Ints) -> Ints:
        """Of the cells of each area the one nearest to the middle of its people."""
        place = np.column_stack([self.lon[cell], self.lat[cell]])
        total = np.bincount(area, people)
        middle = np.column_stack([np.bincount(area, people * one) / total for one in place.T])
        off = (place - middle[area]) * [np.cos(np.radians(self.lat[0])), 1.0]
        distance = np.hypot(*off.T)
        least = np.full(len(total), np.inf)
        np.minimum.at(least, area, distance)
        there = np.flatnonzero(distance == least[area])[::-1]
        nearest = np.empty(len(total), np.int64)
        nearest[area[there]] = cell[there]  # of cells as near the first, which comes last here
        return nearest


@once
def inhabited_cells(result: StudyResult) -> Cells | None:
    """Gather the homes inside the area in cells; None where nobody stands at a known position."""
    demand = result.demand
    x, y = demand[c.X_M].to_numpy(float), demand[c.Y_M].to_numpy(float)
    placed = np.isfinite(x) & demand[c.IN_AREA].to_numpy(bool)
    if not placed.any():
        return None
    lon, lat = lon_lat(x[placed], y[placed], result.crs)
    cell_m = result.population.cell_m
    if cell_m is None:
        picture, cell = lay_out_squares(lon, lat, size_m=square_m(np.column_stack([x, y])[placed]))
        first = np.unique(cell, return_index=True)[1]
    else:
        _, first, cell = np.unique(place_keys(lon, lat), return_index=True, return_inverse=True)
        laid_out = lay_out_cells(lon[first], lat[first], cell_m=cell_m)
        assert laid_out is not None
        picture = laid_out
    of_home = np.full(len(demand), -1, np.int64)
    of_home[placed] = cell.ravel()
    return Cells(of_home, lon[first], lat[first], np.flatnonzero(placed)[first], picture)


def square_m(places: Floats) -> float:
    """
    Choose the size of squares so that neighbouring homes stand in the same or in touching ones.

    Parameters
    ----------
    places : float64, shape (n, 2)
        Homes, metres, at least one; often the middles of hexagons or blocks.
    """
    apart_m = _LOOSE * min(spacing_m(places, reach_m=_REACH_M, lonely_m=0.0))
    return apart_m if SQUARE_M < apart_m <= MOST_APART_M else SQUARE_M


def zone_names(result: StudyResult, homes: Ints) -> list[tuple[str, ...]]:
    """Names of the street and the community of some demand points; empty where there is none."""
    parts = []
    for layer, key in (
        (result.area.streets, c.STREET_ID),
        (result.area.communities, c.COMMUNITY_ID),
    ):
        names = dict(zip(layer[c.ZONE_ID], layer[c.NAME], strict=True))
        ids = result.demand[key].to_numpy(dtype=object)[homes]
        parts.append([names.get(one) or "" for one in ids])
    return list(zip(*parts, strict=True))
