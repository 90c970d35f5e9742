"""Split the people of polygons, such as hexagons with counts, over zones by area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.crossing_limits import require_mendable
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.demand.apportion import apportion_groups
from circle15.inputs.rasters.cell_shares import suffixes
from circle15.inputs.shapes import is_polygonal, polygons_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.table_sources import Table

    Shapes = npt.NDArray[np.object_]

_EMPTY_PIECE = 1e-9  # share of a polygon's area that is due to rounding of borders


def polygons_in(table: Table, source: CRS | None, datum: str | None, crs: CRS) -> Shapes:
    """Return the repaired polygons of a table in the study CRS; None for rows of other shapes."""
    shapes = np.full(len(table.rows), None, dtype=object)
    if table.geometry is None or source is None:
        return shapes
    own = table.geometry.to_numpy()
    wide = np.array([is_polygonal(shape) and not shape.is_empty for shape in own], np.bool_)
    if wide.any():
        known = require_crs(source, table.file)
        require_mendable(own[wide], table.file)
        moved = project(shapely.make_valid(own[wide]), known, crs, datum)
        shapes[wide] = [polygons_of(shape) for shape in moved]
    return shapes


def width_m(shapes: Shapes) -> float | None:
    """Larger side of the box around the median polygon, metres; None without polygons."""
    wide = shapes[~shapely.is_missing(shapes)]
    if not len(wide):
        return None
    west, south, east, north = shapely.bounds(wide).T
    return float(np.median(np.maximum(east - west, north - south)))


def split_over_zones(
    demand: pd.DataFrame, shapes: Shapes, area: StudyArea, groups: Sequence[str]
) -> pd.DataFrame:
    """
    Split the people of each polygon over the parts of the area, by area fraction.

    Parameters
    ----------
    demand
        Demand points with their whole weights, a row for each shape.
    shapes
        Polygons in the study CRS; None for a row that is a point.
    area
        The study area with its parts.
    groups
        Groups whose weights are split.

    Returns
    -------
    The rows of points unchanged, and a row for each piece of a polygon, at a point inside it; the
    pieces of a polygon sum to its people exactly. A piece outside all parts is outside the area,
    or inside without a zone if there is no boundary.
    """
    wide = np.flatnonzero([shape is not None and shape.area > 0 for shape in shapes])
    rows = [piece for k in wide for piece in _pieces(int(k), shapes[k], area)]
    if not rows:
        return demand
    owner = np.array([row[0] for row in rows], np.int64)
    pieces = demand.iloc[owner].reset_index(drop=True)
    inner = shapely.point_on_surface(np.array([row[2] for row in rows], dtype=object))
    pieces[c.X_M], pieces[c.Y_M] = (
        np.round(shapely.get_x(inner), 3),
        np.round(shapely.get_y(inner), 3),
    )
    parts = area.parts
    number = np.array([row[1] for row in rows], np.int64)
    for name in (c.STREET_ID, c.COMMUNITY_ID):
        ids = np.array([*parts[name], None], dtype=object)  # part -1 has no zone
        pieces[name] = pd.Series(ids[number], dtype=object)
    pieces[c.IN_AREA] = (number >= 0) | (area.boundary is None)
    share = shapely.area(np.array([row[2] for row in rows], dtype=object))
    place = np.searchsorted(wide, owner)
    for group in groups:
        column = c.weight_column(group)
        total = demand[column].to_numpy()[wide]
        pieces[column] = apportion_groups(share, place, total)
    several = np.bincount(place)[place] > 1
    named = zip(pieces[c.DEMAND_ID], suffixes(pieces), several, strict=True)
    pieces[c.DEMAND_ID] = [f"{key}{zone if more else ''}" for key, zone, more in named]
    points = demand.drop(index=demand.index[wide])
    return pd.concat([points, pieces], ignore_index=True)


def _pieces(k: int, shape: BaseGeometry, area: StudyArea) -> list[tuple[int, int, BaseGeometry]]:
    """Cut a polygon by the parts of the area; the rest is part -1."""
    shapes = area.parts.geometry.to_numpy()
    near = np.sort(area.parts.sindex.query(shape, "intersects"))
    cut = [(k, int(i), polygons_of(shapely.intersection(shape, shapes[i]))) for i in near]
    rest = (
        shape
        if not len(near)
        else polygons_of(shapely.difference(shape, shapely.union_all(shapes[near])))
    )
    cut.append((k, -1, rest))
    return [one for one in cut if shapely.area(one[2]) > _EMPTY_PIECE * shapely.area(shape)]
