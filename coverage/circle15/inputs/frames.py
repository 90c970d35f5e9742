"""Frames that callers pass in: points, areas, ids and people, checked as files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.moved_shapes import all_on_earth, project
from circle15.inputs.crs.positions import (
    WGS84,
    choose_crs,
    on_earth,
    require_crs,
    require_place,
    transform,
)
from circle15.inputs.shapes import is_polygonal, polygons_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints

_SHOWN: Final = 5
_MOST_PEOPLE: Final = 1e10
"""Of one row: more people than exist, and few enough for sums of micro-persons."""


def require_word(name: str, value: object, known: Sequence[str]) -> None:
    """
    Refuse a value that a parameter cannot have.

    Examples
    --------
    >>> require_word("walls", "prefers", ("prefer", "stop", "ignore"))
    Traceback (most recent call last):
    ...
    circle15.errors.InputDataError: walls: 'prefers' is not known. Use prefer, stop or ignore.
    """
    if value not in known:
        *first, last = known
        words = f"{', '.join(first)} or {last}" if first else last
        raise InputDataError(f"{value!r} is not known.", file=name, mend=f"Use {words}.")


def points_in(
    points: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS, what: str
) -> tuple[Floats, Floats]:
    """
    Transform points of a caller to the CRS of a network.

    Parameters
    ----------
    points
        Points in any CRS, shape (n,); a geometry may be null or empty.
    crs
        CRS of the network, metres.
    what
        Name of the parameter, for messages.

    Returns
    -------
    x and y in metres, rounded to the millimetre, shape (n,); NaN where there is no geometry.

    Raises
    ------
    CrsError
        If the points have no CRS, or lie outside its area of use.
    InputDataError
        If there is no geometry, or one is not a point.
    """
    shapes, source = _geometry(points, what)
    kinds = shapely.get_type_id(shapes)
    other = (kinds >= 0) & (kinds != shapely.GeometryType.POINT) & ~shapely.is_empty(shapes)
    if other.any():
        found = sorted({one.geom_type for one in shapes[other]})
        mend = "Give points"
        if is_polygonal(shapes[other][0]):
            mend += f", as {what}.set_geometry({what}.representative_point())"
        raise InputDataError(
            f"{_rows(other, points.index)} hold {' and '.join(found)}.", file=what, mend=f"{mend}."
        )
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    require_known_place(x, y, source, Path(what))
    x_m, y_m = transform(x, y, source, crs)
    lost = np.isfinite(x) & np.isfinite(y) & ~on_earth(x_m, y_m)
    if lost.any():
        raise InputDataError(
            f"{_rows(lost, points.index)} have coordinates that {source.name} does not have.",
            file=what,
            mend="Set the CRS that the points were made in.",
        )
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    return np.where(placed, x_m, np.nan), np.where(placed, y_m, np.nan)


def shapes_in(layer: gpd.GeoDataFrame, crs: CRS, what: str) -> list[BaseGeometry | None]:
    """
    Transform polygons or points of a caller to a metric CRS, invalid ones made valid.

    Returns
    -------
    A shape per row; None where there is no geometry.

    Raises
    ------
    CrsError
        If the layer has no CRS, or lies outside its area of use.
    InputDataError
        If it has no geometry, or coordinates that its CRS does not have.
    """
    shapes, source = _geometry(layer, what)
    x, y = shapely.get_coordinates(shapes).T
    require_known_place(x, y, source, Path(what))
    moved = project(shapes, source, crs)
    if not all_on_earth(moved).all():
        raise InputDataError(
            f"has coordinates that {source.name} does not have.",
            file=what,
            mend="Set the CRS that the shapes were made in.",
        )
    invalid = ~shapely.is_valid(moved) & ~shapely.is_missing(moved)
    moved[invalid] = [polygons_of(one) for one in shapely.make_valid(moved[invalid])]
    return [None if one is None or one.is_empty else one for one in moved]


def area_in(area: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS, what: str) -> BaseGeometry:
    """
    Transform polygons of a caller to the CRS of a network, as the one area that they cover.

    Raises
    ------
    CrsError
        If the polygons have no CRS, or lie outside its area of use.
    InputDataError
        If there is no geometry, the frame is empty, or it holds anything but polygons.
    """
    shapes, source = _geometry(area, what)
    wrong = np.array([one is None or one.is_empty or not is_polygonal(one) for one in shapes], bool)
    if wrong.any() or not len(shapes):
        found = f"{_rows(wrong, area.index)} hold no polygon" if len(shapes) else "is empty"
        raise InputDataError(f"{found}.", file=what, mend="Give polygons.")
    x, y = shapely.get_coordinates(shapes).T
    require_known_place(x, y, source, Path(what))
    moved = project(shapes, source, crs)
    if not all_on_earth(moved).all():
        raise InputDataError(
            f"has coordinates that {source.name} does not have.",
            file=what,
            mend="Set the CRS that the polygons were made in.",
        )
    invalid = ~shapely.is_valid(moved)
    moved[invalid] = [polygons_of(one) for one in shapely.make_valid(moved[invalid])]
    return shapely.union_all(moved)


def metric_crs(layer: gpd.GeoDataFrame, what: str) -> CRS:
    """
    Return the CRS of a layer where it is metric, else the one that a study there would use.

    WGS 84 for a layer without CRS or positions: it has nothing to measure, or its own message.
    """
    bounds: Floats = require_layer(layer, what).total_bounds
    crs = layer.crs
    if crs is None or not np.isfinite(bounds).all():
        return WGS84
    if crs.is_projected and crs.axis_info[0].unit_name == "metre":
        return crs
    x, y, east, north = bounds
    lon, lat = transform(np.array([(x + east) / 2]), np.array([(y + north) / 2]), crs, WGS84)
    return choose_crs("auto", *require_place(float(lon[0]), float(lat[0]), Path(what)), Path(what))


def ids_of(frame: pd.DataFrame, column: str, what: str) -> list[str]:
    """
    Return the row ids of a frame as text: from a column where there is one, else from its index.

    Raises
    ------
    InputDataError
        If an id is missing.
    """
    labels = frame[column] if column in frame else frame.index.to_series()
    lost = labels.isna().to_numpy(bool)
    if lost.any():
        place = f"column '{column}'" if column in frame else "the index"
        raise InputDataError(
            f"{place} is null in {_rows(lost, frame.index)}.",
            file=what,
            mend="Give each row an id.",
        )
    return [str(one) for one in labels]


def require_once(labels: Sequence[Any], what: str, mend: str) -> None:
    """Refuse labels that occur twice."""
    again = pd.Index(labels).duplicated()
    if again.any():
        twice = list(dict.fromkeys(one for one, more in zip(labels, again, strict=True) if more))
        shown = ", ".join(repr(one) for one in twice[:_SHOWN])
        raise InputDataError(
            f"{len(twice):,} ids occur in several rows (first: {shown}).", file=what, mend=mend
        )


def numbers_of(values: pd.Series, what: str, mend: str) -> Floats:
    """
    Read numbers that are 0 or more; null is NaN.

    Raises
    ------
    InputDataError
        If a value is negative, infinite or not a number.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    for wrong, found in (
        (np.isnan(numbers) & values.notna().to_numpy(), "not a number in"),
        (np.isinf(numbers), "infinite in"),
        (numbers < 0, "negative in"),
    ):
        if wrong.any():
            raise InputDataError(f"is {found} {_rows(wrong, values.index)}.", file=what, mend=mend)
    return numbers


def people_of(frame: pd.DataFrame, column: str, what: str) -> Ints:
    """
    Read people of a frame as whole micro-persons, rounded half up.

    Raises
    ------
    InputDataError
        If there is no such column, or a value is missing, negative or not a number.
    """
    if column not in frame:
        raise InputDataError(
            "is not among the columns.",
            file=what,
            column=column,
            mend=f"Name the column of people. Columns: {', '.join(map(str, frame.columns))}.",
        )
    persons = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    for wrong, found in (
        (~np.isfinite(persons), "not a number in"),
        (persons < 0, "negative in"),
        (persons > _MOST_PEOPLE, "more people than exist in"),
    ):
        if wrong.any():
            raise InputDataError(
                f"is {found} {_rows(wrong, frame.index)}.",
                file=what,
                column=column,
                mend="Give 0 where there are no residents, or leave the row out.",
            )
    return np.floor(persons * c.MICRO + 0.5).astype(np.int64)


def flags_of(frame: pd.DataFrame, column: str, what: str, *, default: bool) -> Bools:
    """
    Read a column of True and False; where there is none, all rows are as the default.

    Raises
    ------
    InputDataError
        If a value is null or neither.
    """
    if column not in frame:
        return np.full(len(frame), default)
    told = frame[column]
    wrong = ~told.isin([True, False]).to_numpy(bool) | told.isna().to_numpy(bool)
    if wrong.any():
        raise InputDataError(
            f"is neither True nor False in {_rows(wrong, frame.index)}.",
            file=what,
            column=column,
            mend="Give True or False.",
        )
    return told.to_numpy().astype(np.bool_)


def require_layer(layer: Any, what: str) -> Any:
    """
    Return a layer as it is.

    Raises
    ------
    InputDataError
        If it has no geometries.
    """
    if not isinstance(layer, gpd.GeoDataFrame | gpd.GeoSeries):
        raise InputDataError(
            f"is a {type(layer).__name__}.", file=what, mend="Give a GeoDataFrame with a CRS."
        )
    if isinstance(layer, gpd.GeoDataFrame) and layer.active_geometry_name is None:
        raise InputDataError("has no column of geometry.", file=what, mend="Call set_geometry.")
    return layer


def _geometry(layer: Any, what: str) -> tuple[Any, CRS]:
    """Geometries of a layer and its CRS."""
    layer = require_layer(layer, what)
    return layer.geometry.to_numpy(), require_crs(layer.crs, Path(what))


def _rows(wrong: Bools, index: pd.Index) -> str:
    """Count the rows that are wrong and name the first."""
    labels = ", ".join(repr(one) for one in index[wrong][:_SHOWN].tolist())
    return f"{int(wrong.sum()):,} of {len(index):,} rows (first: {labels})"
