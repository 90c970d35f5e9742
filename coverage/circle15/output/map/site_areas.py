"""Service areas of single facilities as data for the map's script."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from circle15.output.map.geometry import encode_polygons

if TYPE_CHECKING:
    from circle15.inputs.crs.degrees import Polygons
    from circle15.results.records import StudyResult

_TOLERANCE_SHARE = 0.22
"""Tolerance for simplifying outlines, as a share of their raster cell size: 10 m in a city."""


def site_outlines(result: StudyResult) -> list[list[Polygons]]:
    """Encode the service areas of each place of `site_areas`, in order of its keys, by cutoff."""
    areas = result.site_areas.areas
    tolerance = result.served_cell_m * _TOLERANCE_SHARE
    shapes = list(chain.from_iterable(areas.values()))
    flat = iter(encode_polygons(shapes, result.crs, tolerance_m=tolerance))
    return [[next(flat) for _ in own] for own in areas.values()]


def outline_of_rows(result: StudyResult) -> dict[int, int]:
    """Return the index in `site_outlines` by row of the facility table."""
    number = {place: k for k, place in enumerate(result.site_areas.areas)}
    return {row: number[place] for row, place in result.site_areas.place.items()}
