"""Check the outline of a place from a server, and make the area around it to download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import split

from circle15.errors import InputDataError
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84, choose_crs
from circle15.network.downloads.answer_faults import UnusableError, not_readable, shown
from circle15.network.downloads.osm_elements import position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.network.downloads.download_limits import DownloadLimits

_SIMPLIFY_M: Final = 50.0
"""The outline in a query may be this much wider; a query with every bend is slow."""
_AT_ONCE_POINTS: Final = 2_000
_FIRST_STEP_M: Final = 2.0
_STEP_SIMPLIFY_M: Final = 3.0  # 15 steps to 50 km
_COARSE, _FINE = 4, 16  # segments of a quarter circle, accurate to 2 % or 0.1 %
_FINE_FROM_M: Final = 100.0
_QUERY_M: Final = 50_000.0
"""Width of the largest area of one query."""
_NORTH, _SOUTH = 84, -80  # where UTM ends
_POINTS_OF_RING = 4
_PIECES_AT_ONCE: Final = 64
_NEAR_A_PIECE: Final = 100
"""Most pieces, on average, whose boxes meet the box of one."""
_NEIGHBOURS: Final = 3  # itself, the one before and the one after
_MEETINGS: Final = 20_000
"""Most meetings, two for each crossing: a repair of some seconds."""


def outline_of(geometry: dict[str, Any], limits: DownloadLimits) -> BaseGeometry:
    """
    Return the outline of a place in degrees, from a GeoJSON polygon or multipolygon.

    An outline that crosses or touches itself, as simplified ones do, is repaired: parts with an
    area are kept, and parts that overlap are joined.

    Raises
    ------
    UnusableError
        If it has no area, crosses itself too often, or crosses the 180th meridian or a pole.
    InputDataError
        If it is larger than can be downloaded.
    """
    parts = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        parts = [parts]
    polygons = [_polygon(part) for part in _list(parts)]
    outline: BaseGeometry = (
        polygons[0] if geometry["type"] == "Polygon" else shapely.MultiPolygon(polygons)
    )
    n_points = shapely.get_num_coordinates(outline)
    if n_points > limits.outline_points:
        raise UnusableError(
            f"the outline has {n_points:,} points, more than the limit of {limits.outline_points:,}"
        )
    west, south, east, north = outline.bounds
    around = 2 * (east - west + north - south)
    if outline.length > limits.outline_winding * around:
        raise UnusableError(
            f"the outline is over {limits.outline_winding} times as long as the box around it"
        )
    if not outline.is_valid:
        outline = _repaired(outline)
        west, south, east, north = outline.bounds
    span = max(east - west, north - south)
    if span > limits.span_of_any_place_deg or south < _SOUTH or north > _NORTH:
        raise UnusableError(
            f"the outline goes from {west:g}, {south:g} to {east:g}, {north:g}: "
            "across the 180th meridian, a pole, or too far for a place"
        )
    if span > limits.span_deg:
        raise InputDataError(
            f"the place is {span:.0f} degrees wide, and at most {limits.span_deg:g} can be "
            "downloaded.",
            mend="Name a district or town, or give a file of the streets as [network] file.",
        )
    return outline


def _repaired(outline: BaseGeometry) -> BaseGeometry:
    """Return the polygons of an outline that is not valid."""
    if _meets_itself_often(outline):
        raise _no_outline("it crosses itself too often")
    whole = shapely.make_valid(outline, method="structure", keep_collapsed=False)
    parts = [one for one in shapely.get_parts(whole) if one.geom_type == "Polygon" and one.area]
    if not parts:
        raise _no_outline("it has no area")
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _meets_itself_often(outline: BaseGeometry) -> bool:
    """Return whether so many pieces of an outline meet that a repair would take too long."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(outline)), return_index=True
    )
    pieces = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[ring[:-1] == ring[1:]])
    tree = shapely.STRtree(pieces)
    n_near = n_met = 0
    for start in range(0, len(pieces), _PIECES_AT_ONCE):
        some = pieces[start : start + _PIECES_AT_ONCE]
        n_near += tree.query(some).shape[1]
        if n_near > _NEAR_A_PIECE * (len(pieces) + _PIECES_AT_ONCE):
            return True
        n_met += tree.query(some, predicate="intersects").shape[1]
        if n_met > _NEIGHBOURS * len(pieces) + _MEETINGS:
            return True
    return False


def _polygon(rings: object) -> shapely.Polygon:
    shell, *holes = (_ring(ring) for ring in _list(rings))
    return shapely.Polygon(shell, holes)


def _ring(points: object) -> list[tuple[float, float]]:
    ring = []
    for point in _list(points):
        lon, lat = (*_list(point), None)[:2]
        found = position(lon, lat)
        if found is None:
            raise _no_outline(f"{shown(lon)}, {shown(lat)} is not a point")
        ring.append(found)
    if len(ring) < _POINTS_OF_RING or ring[0] != ring[-1]:
        raise _no_outline("a ring is not closed")
    return ring


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _no_outline(f"{shown(value)} where coordinates belong" if value else "it is empty")
    return value


def _no_outline(why: str) -> UnusableError:
    return not_readable(f"the outline is not valid: {why}")


def surroundings(outline: BaseGeometry, reach_m: float) -> BaseGeometry:
    """
    Buffer an outline in degrees by a distance, without holes and small bends; in degrees.

    The result holds every point within `reach_m`, and none beyond `reach_m` + 100 m.
    """
    middle = outline.centroid
    metric = choose_crs("auto", middle.x, middle.y, Path())
    wide = _widened(project(outline, WGS84, metric), reach_m + _SIMPLIFY_M)
    rims = [shapely.Polygon(part.exterior) for part in shapely.get_parts(wide)]
    return project(shapely.union_all(rims), metric, WGS84)


def _widened(shape: BaseGeometry, by_m: float) -> BaseGeometry:
    """
    Buffer a shape and drop its small bends; the result is accurate to `_SIMPLIFY_M`.

    Buffering a shape with many bends at once takes time by the square of their number. In steps,
    each twice as wide as the one before, bends are dropped as soon as they no longer matter.
    """
    if shapely.get_num_coordinates(shape) <= _AT_ONCE_POINTS:
        return shape.buffer(by_m).simplify(_SIMPLIFY_M)
    step_m = _FIRST_STEP_M
    while by_m > 0:
        now_m = by_m if by_m < 2 * step_m else step_m
        rounding = _COARSE if now_m < _FINE_FROM_M else _FINE
        shape = shape.buffer(now_m, quad_segs=rounding)
        shape = shape.simplify(min(now_m / 2, _STEP_SIMPLIFY_M))
        by_m -= now_m
        step_m *= 2
    return shape


def rings_to_ask(area: BaseGeometry, *, wider_m: float = 0.0) -> Iterator[str]:
    """
    Yield the rings of an area in the form of Overpass, each of an area of at most 50 km × 50 km.

    Several parts are asked for as one, with the area between them.

    Parameters
    ----------
    area
        Polygon or several, in degrees.
    wider_m
        Metres by which the area is buffered first.

    Yields
    ------
    Latitude and longitude of each corner in turn, separated by blanks.
    """
    flat, crs = _in_utm(area)
    if wider_m:
        area = _in_degrees(flat.buffer(wider_m), crs)
        flat, crs = _in_utm(area)
    if flat.geom_type != "Polygon" or flat.area > _QUERY_M**2:
        flat = flat.convex_hull
    pieces = [flat] if flat.area <= _QUERY_M**2 else _squares(flat)
    for piece in pieces:
        corners = shapely.get_coordinates(shapely.get_exterior_ring(_in_degrees(piece, crs)))
        yield " ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in corners)


def _squares(shape: BaseGeometry) -> list[BaseGeometry]:
    """Cut a convex shape into squares of the width of one query."""
    west, south, east, north = shape.bounds
    n_x, n_y = (max(3, int(np.ceil(w / _QUERY_M)) + 1) for w in (east - west, north - south))
    xs, ys = np.linspace(west, east, n_x), np.linspace(south, north, n_y)
    cuts = [shapely.LineString([(x, south), (x, north)]) for x in xs]
    cuts += [shapely.LineString([(west, y), (east, y)]) for y in ys]
    pieces = [shape]
    for cut in cuts:
        pieces = [
            part
            for piece in pieces
            for part in (split(piece, cut).geoms if piece.intersects(cut) else [piece])
        ]
    return pieces


def _in_utm(shape: BaseGeometry) -> tuple[BaseGeometry, CRS]:
    series = gpd.GeoSeries([shape], crs=WGS84)
    crs = series.estimate_utm_crs()
    return series.to_crs(crs).iloc[0], crs


def _in_degrees(shape: BaseGeometry, crs: CRS) -> BaseGeometry:
    return gpd.GeoSeries([shape], crs=crs).to_crs(WGS84).iloc[0]
