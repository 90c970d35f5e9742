"""Read people and facilities from files into frames, as in a study."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import area_within
from circle15.inputs.crs.points import locate
from circle15.inputs.crs.positions import WGS84, choose_crs, require_place, transform
from circle15.inputs.demand.population import read_population
from circle15.inputs.facilities.facility_table import read_facilities as facilities_of
from circle15.inputs.files.named_files import source_of
from circle15.inputs.files.own_files import RASTERS
from circle15.inputs.frames import area_in, require_layer, require_word
from circle15.inputs.rasters.raster_files import opened_raster
from circle15.inputs.shapes import points_at
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.column_kinds import typed
from circle15.study.settings.records import (
    GROUPS,
    Demand,
    DemandLayer,
    Density,
    FacilityLayer,
)
from circle15.study.settings.words import Datum
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.findings import in_words, noted
from circle15.workflow.frames.settings import NO_STUDY, exact, require_in_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.inputs.demand.balance import Balance
    from circle15.study.database_tables import Source
    from circle15.workflow.frames.settings import Number

_MERCATOR: Final = CRS.from_epsg(3857)
_NOT_OF_A_FRAME: Final = (c.X_M, c.Y_M, c.OPEN_AT_PLAN, c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID)
"""Columns of the facility table that have a meaning only within a study."""


@dataclass(frozen=True)
class _Points:
    """A table of points: its file, and the settings that locate its points."""

    file: Source
    sheet: str | None
    columns: Mapping[str, str]
    crs: str | None
    datum: str | None
    kind: str


def read_demand(
    file: Path | str | Sequence[Path | str],
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    *,
    group: str = "p60",
    value: str | Sequence[str] = (),
    calibrate_to: Number | None = None,
    density: Density | None = None,
    columns: Mapping[str, str] | None = None,
    file_crs: str | None = None,
    datum: Datum | None = None,
    sheet: str | None = None,
    crs: str = "auto",
) -> gpd.GeoDataFrame:
    """
    Read people from count rasters, or from a table or layer of points or cells.

    Parameters
    ----------
    file
        A count raster, or several on the same grid, which are summed; or one table (csv, xlsx, …),
        layer (gpkg, geojson, …) or database table.
    boundary
        Polygons in any CRS; only people inside are returned, a cell on the border in proportion
        to its area. None for all people.
    group
        Demand group of the counts: `total`, `p60`, `p65`, `p70`, `p80`, `p0_3` or `households`.
    value
        Column of people in a table, or several, which are summed.
    calibrate_to
        Known total inside the boundary to which the counts are scaled; None for no scaling.
    density
        Unit of a density raster (`km2`, `ha`, `m2`), or `count`; None refuses a raster that is
        labelled as a density.
    columns
        Headings of a table: `id`, `lon` and `lat`, or `x_m` and `y_m`; None recognises usual ones.
    file_crs
        CRS of the x and y columns of a table.
    datum
        `wgs84`, `cgcs2000`, `gcj02` or `bd09`; None takes longitude and latitude as WGS 84.
    sheet
        Worksheet of a workbook, or layer of a file that holds several.
    crs
        Projected CRS of the homes in metres, such as `EPSG:4549`; `auto` chooses as a study does,
        by the centre of the boundary, else of the people.

    Returns
    -------
    A home per row, sorted by `demand_id`: `demand_id`, `persons` (exact to the sixth decimal) and
    `geometry` (point; null for a row without a position, which is kept only without a boundary).
    `attrs["findings"]` lists what could not be used as it is, `attrs["balance"]` the number of
    people read, inside and outside.

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If the file cannot be used, or holds negative or unreadable numbers of people.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> boundary = gpd.read_file("data/sample/boundary.geojson")
    >>> homes = c15.read_demand("data/sample/population_p60.tif", boundary, calibrate_to=230_300)
    >>> round(float(homes["persons"].sum()), 6), homes.crs.to_string()
    (230300.0, 'EPSG:4549')
    """
    require_word("group", group, GROUPS)
    if density is not None:
        require_word("density", density, get_args(Density))
    files = [file] if isinstance(file, Path | str) else list(file)
    sources = [source_of(one) for one in files]
    if not sources:
        raise InputDataError("is empty.", file="file", mend="Pass a raster or a table.")
    rasters = tuple(one for one in sources if isinstance(one, Path) and _is_raster(one))
    headings = dict(columns or {})
    wrong = set(headings) - {"id", "lon", "lat", "x_m", "y_m"}
    if wrong:
        raise InputDataError(
            f"{sorted(wrong)[0]!r} is not known.",
            file="columns",
            mend="Use id, lon, lat, x_m, y_m.",
        )
    if (rasters and len(rasters) < len(sources)) or (not rasters and len(sources) > 1):
        raise InputDataError(
            "are not all rasters.", file="file", mend="Pass one table, or only rasters."
        )
    layer = DemandLayer(
        group,
        raster=rasters,
        density=density,
        points=None if rasters else sources[0],
        value=(value,) if isinstance(value, str) else tuple(value),
        calibrate_to=None if calibrate_to is None else exact("calibrate_to", calibrate_to),
        datum=_known_datum(datum),
        crs=file_crs,
        sheet=sheet,
        id=headings.get("id"),
        lon=headings.get("lon"),
        lat=headings.get("lat"),
        x=headings.get("x_m"),
        y=headings.get("y_m"),
    )
    if not rasters and not layer.value:
        raise InputDataError("is required.", file="value", mend="Name the column of people.")
    demand = Demand((layer,), group=group)
    require_in_range(replace(NO_STUDY, demand=demand))
    with noted() as others:
        metric = _crs_of_people(crs, layer, boundary)
        outline = None if boundary is None else area_in(boundary, metric, "boundary")
        found = read_population(demand, area_within(outline, metric), metric)
    inside = found.demand[found.demand[c.IN_AREA].to_numpy(bool)].reset_index(drop=True)
    persons = inside[c.weight_column(group)].to_numpy() / c.MICRO
    table = typed(pd.DataFrame({c.DEMAND_ID: inside[c.DEMAND_ID], c.PERSONS: persons}))
    frame = _placed(table, inside, metric)
    frame.attrs["findings"] = in_words([*found.findings, *others])
    frame.attrs["balance"] = _balance(found.balances[0])
    return frame


def read_facilities(
    file: Path | str,
    *,
    category: str | None = None,
    category_column: str | None = None,
    columns: Mapping[str, str] | None = None,
    where: str | None = None,
    as_of: dt.date | None = None,
    position_unsure: bool = False,
    entrances: Path | str | None = None,
    file_crs: str | None = None,
    datum: Datum | None = None,
    sheet: str | None = None,
    crs: str = "auto",
) -> gpd.GeoDataFrame:
    """
    Read facilities from a table, a layer, or a database table.

    Parameters
    ----------
    file
        csv, xlsx, gpkg, geojson, shp, parquet, …, or the address of a table in a PostGIS database.
    category
        Category of all rows, such as `home_care_station`.
    category_column
        Column with the category of each row; several categories in one value give several rows.
    columns
        Heading by field, such as `{"name": "设施名称", "beds": "床位数"}`; None recognises usual
        headings.
    where
        Condition that selects rows, such as `beds > 0`; None for all rows.
    as_of
        Date at which a facility must be open to count as open; None for today.
    position_unsure
        Whether all positions in the file are unsure.
    entrances
        Points with the `facility_id` of their facility; a facility without a position is placed
        at its first entrance.
    file_crs
        CRS of the x and y columns of a table.
    datum
        `wgs84`, `cgcs2000`, `gcj02` or `bd09`; None takes longitude and latitude as WGS 84.
    sheet
        Worksheet of a workbook, or layer of a file that holds several.
    crs
        Projected CRS of the facilities in metres, such as `EPSG:4549`; `auto` chooses by their
        centre.

    Returns
    -------
    A row per facility and category, sorted by id: `facility_id` (generated from the row's content
    if it has none), `category`, `name`, `status`, `opened`, `open`, `position_unsure`,
    `floor_area_m2` and `beds`, `nursing_beds`, `meals_per_day`, `places` (Decimal; None if unknown,
    never 0), `zone_id`, `site_id`, `duplicate_of` (a duplicate never counts as open),
    `approximate`, `file`, `row`, and `geometry` (point; null without a usable position).
    `attrs["findings"]` lists what could not be used as it is.

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If the file cannot be used, or two sites of a category have the same id.
    StudyError
        If a category is unknown, or none is given.

    Examples
    --------
    >>> import circle15 as c15
    >>> import datetime as dt
    >>> stations = c15.read_facilities(
    ...     "data/sample/stations.xlsx", category="home_care_station", as_of=dt.date(2025, 12, 31))
    >>> stations.crs.to_string(), int(stations["open"].sum()), int(stations.geometry.isna().sum())
    ('EPSG:4549', 158, 1)
    """
    source = source_of(file)
    layer = FacilityLayer(
        source,
        where=where,
        category=category,
        category_column=category_column,
        sheet=sheet,
        datum=_known_datum(datum),
        crs=file_crs,
        entrances=None if entrances is None else source_of(entrances),
        position_unsure=position_unsure,
        columns=dict(columns or {}),
    )
    today = dt.datetime.now().astimezone().date()
    study = replace(
        NO_STUDY, file=Path("read_facilities"), facilities=(layer,), as_of=as_of or today
    )
    with noted() as others:
        points = _Points(source, sheet, layer.columns, file_crs, layer.datum, "facility")
        metric = _crs_of_points(crs, points)
        found = facilities_of(study, area_within(None, metric), metric)
    kept = [name for name in found.table if name not in _NOT_OF_A_FRAME]
    frame = _placed(found.table[kept], found.table, metric)
    frame.attrs["findings"] = in_words([*found.findings, *others])
    return frame


def _placed(table: pd.DataFrame, places: pd.DataFrame, crs: CRS) -> gpd.GeoDataFrame:
    """Turn a table into a point layer; the geometry is null without a position."""
    x, y = places[c.X_M].to_numpy(np.float64), places[c.Y_M].to_numpy(np.float64)
    points = points_at(x, y)
    points[~np.isfinite(x)] = None
    return gpd.GeoDataFrame(table, geometry=points, crs=crs)


def _balance(balance: Balance) -> dict[str, Any]:
    """Return the balance as plain values, in persons."""
    told = asdict(balance)
    people = {
        key: number / c.MICRO
        for key, number in told.items()
        if key in {"inside", "outside", "unplaced", "raw_inside", "raw_outside"}
    }
    return people | {key: told[key] for key in ("nodata_cells", "calibration_factor")}


def _is_raster(file: Path) -> bool:
    return file.suffix.lower() in RASTERS


def _known_datum(datum: Datum | None) -> Datum | None:
    if datum is not None:
        require_word("datum", datum, get_args(Datum))
    return datum


def _crs_of_people(
    wanted: str, layer: DemandLayer, boundary: gpd.GeoDataFrame | gpd.GeoSeries | None
) -> CRS:
    """Choose the CRS for people by the boundary, else by the raster or the points."""
    if boundary is not None:
        area = area_in(require_layer(boundary, "boundary"), WGS84, "boundary")
        west, south, east, north = shapely.bounds(area).tolist()
        corners = [(west, south), (west, north), (east, south), (east, north)]
        middle = (west + east) / 2, (south + north) / 2
        return choose_crs(wanted, *middle, Path("boundary"), corners=corners)
    if layer.points is not None:
        pairs = (("id", layer.id), ("lon", layer.lon), ("lat", layer.lat), ("x_m", layer.x))
        named = {k: v for k, v in (*pairs, ("y_m", layer.y)) if v is not None}
        points = _Points(layer.points, layer.sheet, named, layer.crs, layer.datum, "demand")
        return _crs_of_points(wanted, points)
    raster = layer.raster[0]
    with opened_raster(raster) as source:
        box, given = source.bounds, CRS.from_user_input(source.crs) if source.crs else WGS84
    x, y = np.array([(box.left + box.right) / 2]), np.array([(box.bottom + box.top) / 2])
    return _around(wanted, x, y, given, raster)


def _crs_of_points(wanted: str, points: _Points) -> CRS:
    """Choose the CRS for the points of a table by their median position."""
    table = read_table(points.file, sheet=points.sheet)
    found = find_columns(table, points.kind, dict(points.columns))
    place = locate(table, found, _MERCATOR, layer_crs=points.crs, datum=points.datum).given
    return _around(wanted, place.x, place.y, place.source, points.file)


def _around(wanted: str, x: Any, y: Any, given: CRS, file: Source) -> CRS:
    """Choose the CRS by the median of positions; by 120° E, 31° N if there is none."""
    placed = np.isfinite(x) & np.isfinite(y)
    if not placed.any():
        return choose_crs(wanted, 120.0, 31.0, file)
    middle = np.array([np.median(x[placed])]), np.array([np.median(y[placed])])
    lon, lat = transform(*middle, given, WGS84)
    return choose_crs(wanted, *require_place(float(lon[0]), float(lat[0]), file), file)
