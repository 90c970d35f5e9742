"""The layer `gap_areas` of `results.gpkg`: neighbouring cells whose people lack a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle15.inputs.crs.degrees import SCALE
from circle15.inputs.crs.positions import WGS84, moved
from circle15.output.text.wording import place_text, printable
from circle15.results.gap_cells import zone_names
from circle15.results.gaps import gap_homes, gap_place, headline_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.inputs.crs.degrees import Polygons
    from circle15.results.records import StudyResult


def gap_area_rows(result: StudyResult) -> tuple[dict[str, list[Any]], list[Any]]:
    """
    List the gap areas of the headline at the circle's cutoff, as report and map have them.

    Returns
    -------
    Columns and outlines in the study CRS, worst first: `rank`, `place` (names of the zones in its
    middle, empty without), `persons` in the gap, `cells`, `median_s` (least time within which half
    of these people reach the farthest service they lack; null beyond 60 minutes), and for each
    required service `lacks_<category>`, the persons who lack it. Empty where nobody is in a gap.
    """
    keys = ("rank", "place", "persons", "cells", "median_s")
    homes = gap_homes(result)
    found = None if homes is None else headline_areas(result, homes)
    if homes is None or found is None:
        return {name: [] for name in keys}, []
    columns: dict[str, list[Any]] = {name: [] for name in keys}
    columns |= {f"lacks_{category}": [] for category in homes.categories}
    sizes = np.bincount(found.rank, minlength=len(found.persons) + 1)
    where = zone_names(result, found.cells.home[found.middles])
    for number, names in enumerate(where, 1):
        place = gap_place(homes, found.of_home == number)
        columns["rank"].append(number)
        columns["place"].append(printable(place_text(names)))
        columns["persons"].append(place.people / c.MICRO)
        columns["cells"].append(int(sizes[number]))
        columns["median_s"].append(place.time_ms / 1000 if np.isfinite(place.time_ms) else None)
        for category in homes.categories:
            columns[f"lacks_{category}"].append(place.lacking[category] / c.MICRO)
    outlines = found.cells.outlines(found.rank, len(found.persons))
    return columns, [_shape(polygons, result.crs) for polygons in outlines]


def _shape(polygons: Polygons, crs: CRS) -> Any:
    """Put an outline of the map into the study CRS; cells that touch at a corner stay apart."""
    parts = []
    for polygon in polygons:
        rings = []
        for flat in polygon:
            place = np.cumsum(np.array(flat, np.int64).reshape(-1, 2), axis=0) / SCALE
            rings.append(np.column_stack(moved(place[:, 0], place[:, 1], WGS84, crs)))
        parts.append(shapely.make_valid(shapely.Polygon(rings[0], rings[1:])))
    return shapely.union_all(parts)
