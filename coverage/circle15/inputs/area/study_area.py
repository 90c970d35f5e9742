"""The study area: boundary, subdistricts and communities, cut into parts without overlaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crossing_limits import require_mendable
from circle15.inputs.crs.among_streets import layer_of, require_among_streets
from circle15.inputs.crs.datum_shifts import require_known_shapes
from circle15.inputs.crs.datums import SHIFTED, require_china
from circle15.inputs.crs.moved_shapes import all_on_earth, project
from circle15.inputs.crs.positions import WGS84, require_crs, transform
from circle15.inputs.formats.layer_limits import bytes_of
from circle15.inputs.formats.layers import BROKEN
from circle15.inputs.near_shapes import pairs_that_meet, require_few_near
from circle15.inputs.shapes import is_polygonal, points_at, polygons_of
from circle15.inputs.table_sources import named_column, read_column, read_table
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.columns_read import record
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import unit_of
from circle15.inputs.tables.values import HOUSEHOLDS, clean, parse_count, parse_id
from circle15.study.limits import AREA_ZONES
from circle15.study.settings.records import Area
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.table_sources import Table
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import ZoneLayer

SLIVER_M2 = 1.0
"""Smaller overlaps and remainders are due to rounding and are not reported."""


@dataclass(frozen=True)
class Overlap:
    """Overlap of two zones of a layer, which counts for the first."""

    file: str
    first: str
    second: str
    shape: BaseGeometry


@dataclass(frozen=True)
class StudyArea:
    """
    The area for which results are reported.

    Attributes
    ----------
    boundary
        Polygon in the study CRS; None where everything is inside.
    streets, communities
        Subdistricts (街道) and communities: columns `zone_id`, `name`, `geometry`; communities also
        `street_id` (of the subdistrict, None where not given) and `households` (object, Decimal or
        None). Empty where the study names none.
    parts
        Parts of the area without overlaps: `street_id`, `community_id`, `geometry`; ids are None in
        a part outside all zones.
    findings
        Findings: repaired geometries, subdistrict codes and households that cannot be read.
    source
        The settings that name the layers.
    files
        Features read per file.
    overlaps
        Overlaps of zones of more than `SLIVER_M2`.
    """

    boundary: BaseGeometry | None
    streets: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    parts: gpd.GeoDataFrame
    findings: Sequence[Finding]
    source: Area = field(default_factory=Area)
    files: dict[str, int] = field(default_factory=dict)
    overlaps: list[Overlap] = field(default_factory=list)


def read_polygons(
    path: Source, crs: CRS, *, sheet: str | None = None, datum: str | None = None
) -> tuple[Table, npt.NDArray[np.object_], list[Finding]]:
    """
    Read a layer of polygons into the study CRS; repair invalid ones and report them.

    Every vertex is converted from `datum`; None for a layer whose CRS defines its datum.

    Returns
    -------
    The table, the polygon of each row, and findings about the layer.

    Raises
    ------
    CrsError
        If the layer has no CRS, coordinates outside the range of its CRS, or a datum that is not
        used where it lies.
    InputDataError
        If it has no geometry, or a feature is not a polygon or covers no area.
    """
    table = read_table(path, sheet=sheet)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=path, mend="Give a layer of polygons.")
    source = require_crs(table.crs, path)
    shapes = table.geometry.to_numpy()
    faults = Faults(path)
    for row, shape in zip(table.rows, shapes, strict=True):
        if shape is None or shape.is_empty or not is_polygonal(shape):
            found, mend = _no_polygon(shape, table, row)
            faults.add(found, row=row, mend=mend)
    faults.stop()
    require_datum_of(table, source, datum)
    x, y = shapely.get_coordinates(shapes).T
    require_among_streets(layer_of(path, x, y, source))
    shapes = project(shapes, source, crs, datum)
    for i in np.flatnonzero(~all_on_earth(shapes)):
        raise impossible(table, table.rows[i])
    require_mendable(shapes, path)
    findings = list(table.findings)
    for i in np.flatnonzero(~shapely.is_valid(shapes)):
        findings.append(geometry_mended(shapes[i], table, table.rows[i]))
        shapes[i] = polygons_of(shapely.make_valid(shapes[i]))
    for i in np.flatnonzero(shapely.area(shapes) == 0):
        faults.add("covers no area", row=table.rows[i], mend="Fix its vertices.")
    faults.stop()
    return table, shapes, findings


def _no_polygon(shape: BaseGeometry | None, table: Table, row: int) -> tuple[str, str]:
    """Return what a row holds instead of a polygon, and how to fix it."""
    for finding in table.findings:
        if finding.code == BROKEN and finding.row == row:
            return (
                f"holds a geometry that cannot be read ({finding.detail['reason']})",
                "Redraw it.",
            )
    kind = "nothing" if shape is None or shape.is_empty else shape.geom_type
    return f"holds {kind}", "Give polygons."


def require_datum_of(table: Table, source: CRS, datum: str | None) -> None:
    """Raise CrsError if the shapes of a table lie outside the area of their CRS or datum."""
    require_known_shapes(table, source)
    if datum in SHIFTED and table.geometry is not None:
        x, y = shapely.get_coordinates(table.geometry.to_numpy()).T
        require_china(*transform(x, y, source, WGS84), datum, table.file)


def impossible(table: Table, row: int) -> CrsError:
    """Return the error for a shape with coordinates outside the range of its CRS."""
    name = "its CRS" if table.crs is None else table.crs.name
    return CrsError(
        f"has coordinates that {name} does not have.",
        file=table.file,
        row=row,
        mend="Assign the CRS that the layer was made in.",
    )


def geometry_mended(shape: BaseGeometry, table: Table, row: int) -> Finding:
    """Return the finding for an invalid geometry that is repaired, with the reason."""
    detail = {"reason": shapely.is_valid_reason(shape)}
    return Finding("GEOMETRY_MENDED", "warning", table.file.name, row, detail=detail)


def read_outline(
    path: Source, crs: CRS, *, sheet: str | None = None
) -> tuple[BaseGeometry, list[Finding]]:
    """Read a layer of polygons as one area, their union; see `read_polygons`."""
    _, shapes, findings = read_polygons(path, crs, sheet=sheet)
    return shapely.union_all(shapes), findings


def read_area(area: Area, crs: CRS) -> StudyArea:
    """
    Read the boundary, subdistricts and communities of a study into its CRS.

    Raises
    ------
    InputDataError
        If a layer lacks a column, an id is missing or occurs twice, or if there are very many
        zones or very many lie over each other.
    """
    findings: list[Finding] = []
    files: dict[str, int] = {}
    boundary = None
    if area.boundary is not None:
        table, shapes, findings = read_polygons(
            area.boundary, crs, sheet=area.boundary_sheet, datum=area.datum
        )
        boundary = shapely.union_all(shapes)
        files[str(area.boundary)] = len(table.rows)
    both = (
        _read_zones(area.streets, area.datum, crs, kind=None),
        _read_zones(area.communities, area.datum, crs, kind="communities"),
    )
    _require_few_zones(both)
    for own in both:
        findings += own.findings
        files |= own.files
    (streets, overlaps), (communities, more) = (_without_overlaps(own) for own in both)
    communities, unknown = _by_place_where_unknown(communities, streets, area)
    findings += unknown
    overlaps += more
    if area.communities is not None:
        shapes, others = communities.geometry.to_numpy(), streets.geometry.to_numpy()
        what = "communities and subdistricts"
        require_few_near(shapes, what, area.communities.file, others=others)
    parts = _cut(boundary, streets, communities, crs)
    return StudyArea(boundary, streets, communities, parts, findings, area, files, overlaps)


def area_within(boundary: BaseGeometry | None, crs: CRS) -> StudyArea:
    """Return the area of a boundary (study CRS, None for everywhere) without zones."""
    nothing = _read_zones(None, None, crs, kind=None).frame
    return StudyArea(boundary, nothing, nothing, _cut(boundary, nothing, nothing, crs), [])


@dataclass(frozen=True)
class _Zones:
    """The zones of a layer by id, empty without a layer; findings; features per file."""

    frame: gpd.GeoDataFrame
    file: Source | None = None
    findings: Sequence[Finding] = ()
    files: dict[str, int] = field(default_factory=dict)


def _read_zones(
    layer: ZoneLayer | None, datum: str | None, crs: CRS, *, kind: str | None
) -> _Zones:
    names = [c.ZONE_ID, c.NAME, c.STREET_ID, "households"]
    if layer is None:
        return _Zones(typed(gpd.GeoDataFrame({k: [] for k in names}, geometry=[], crs=crs)))
    table, shapes, findings = read_polygons(layer.file, crs, sheet=layer.sheet, datum=datum)
    columns = {
        field: named_column(table, wanted, field=field)
        for field in ("id", "name", "street", "households")
        if (wanted := getattr(layer, field)) is not None
    }
    record(table, {}, kind=kind)
    ids = [parse_id(cell) for cell in table.column(columns["id"])]
    require_unique(ids, table, columns["id"])
    households = columns.get("households")
    unit = unit_of(households)
    counts, unreadable = read_column(
        table, households, lambda cell: parse_count(cell, HOUSEHOLDS, unit)
    )
    frame = gpd.GeoDataFrame(
        {
            c.ZONE_ID: ids,
            c.NAME: [clean(cell) or "" for cell in table.column(columns["name"])],
            c.STREET_ID: [parse_id(cell) for cell in table.column(columns.get("street"))],
            "households": counts,
        },
        geometry=shapes,
        crs=crs,
    )
    sorted_by_id = typed(frame.sort_values(c.ZONE_ID, ignore_index=True))
    files = {str(layer.file): len(table.rows)}
    return _Zones(sorted_by_id, layer.file, [*findings, *unreadable], files)


def _require_few_zones(layers: Sequence[_Zones]) -> None:
    """Refuse more zones than files of their size may hold; tables of databases may hold any."""
    files = [one.file for one in layers if one.file is not None]
    paths = {file for file in files if isinstance(file, Path)}
    many, size = sum(len(one.frame) for one in layers), sum(map(bytes_of, paths))
    if len(paths) == len(set(files)) and many > AREA_ZONES.of(size):
        found = f"makes {many:,} subdistricts and communities"
        raise AREA_ZONES.fault(found, file=files[-1], size=size)


def require_unique(ids: list[str | None], table: Table, column: str) -> None:
    """Raise InputDataError where a zone has no id, or the same id as another."""
    seen: dict[str, int] = {}
    faults, mend = Faults(table.file), "Give each zone its own id."
    for key, row in zip(ids, table.rows, strict=True):
        if key is None:
            faults.add("has no id", row=row, column=column, mend=mend)
        elif key in seen:
            found = f"the id {key!r} is also in row {seen[key]}"
            faults.add(found, row=row, column=column, mend=mend)
        else:
            seen[key] = row
    faults.stop()


def _without_overlaps(zones: _Zones) -> tuple[gpd.GeoDataFrame, list[Overlap]]:
    """Assign overlaps of zones to the zone whose id comes first, and list them."""
    frame, file = zones.frame, zones.file
    overlaps: list[Overlap] = []
    if file is None:
        return frame, overlaps
    shapes = frame.geometry.to_numpy().copy()
    ids = frame[c.ZONE_ID].tolist()
    require_few_near(shapes, "zones", file)
    pairs = (zip(*some, strict=True) for some in pairs_that_meet(shapes.copy()))
    for a, b in chain.from_iterable(pairs):
        shared = polygons_of(shapely.intersection(shapes[a], shapes[b]))
        if shapely.is_empty(shared):
            continue
        first_id, second_id = ids[a], ids[b]
        if shapely.area(shared) > SLIVER_M2:
            overlaps.append(Overlap(file.name, first_id, second_id, shared))
        shapes[b] = polygons_of(shapely.difference(shapes[b], shapes[a]))
        if shapely.is_empty(shapes[b]):
            raise InputDataError(
                f"the zone {second_id!r} has no area of its own beside {first_id!r}.",
                file=file,
                mend="Take one of them out, or mend their borders.",
            )
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs)), overlaps


def _by_place_where_unknown(
    communities: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, area: Area
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Drop unknown subdistrict codes of communities, so that the map decides; report them."""
    if streets.empty or area.communities is None:
        return communities, []
    findings: list[Finding] = []
    unknown = communities[c.STREET_ID].notna() & ~communities[c.STREET_ID].isin(streets[c.ZONE_ID])
    for row in np.flatnonzero(unknown.to_numpy()):
        detail = {"community": communities[c.ZONE_ID][row], "value": communities[c.STREET_ID][row]}
        file, column = area.communities.file.name, area.communities.street
        findings.append(Finding("UNKNOWN_STREET", "warning", file, column=column, detail=detail))
    told = zip(communities[c.STREET_ID], unknown, strict=True)
    known = pd.Series([None if wrong else k for k, wrong in told], dtype=object)
    return communities.assign(**{c.STREET_ID: known}), findings


def _cut(
    boundary: BaseGeometry | None,
    streets: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Cut the area into parts: communities, subdistricts outside communities, and the rest."""
    rows: list[tuple[str | None, str | None, BaseGeometry]] = []

    def within(shape: BaseGeometry) -> BaseGeometry:
        return shape if boundary is None else polygons_of(shapely.intersection(shape, boundary))

    taken, claimed = communities.geometry.to_numpy(), streets.geometry.to_numpy()
    street_ids = streets[c.ZONE_ID].tolist()
    tree_of_taken, tree_of_claimed = shapely.STRtree(taken), shapely.STRtree(claimed)
    for zone_id, own_street, shape in zip(
        communities[c.ZONE_ID], communities[c.STREET_ID], communities.geometry, strict=True
    ):
        piece = within(shape)
        if own_street is not None or streets.empty:
            rows.append((own_street, zone_id, piece))
            continue
        met = np.sort(tree_of_claimed.query(piece, "intersects"))
        rows += [
            (street_ids[k], zone_id, polygons_of(shapely.intersection(piece, claimed[k])))
            for k in met
        ]
        rows.append((None, zone_id, _without(piece, claimed[met])))
    for street_id, street in zip(street_ids, claimed, strict=True):
        met = np.sort(tree_of_taken.query(street, "intersects"))
        rows.append((street_id, None, _without(within(street), taken[met])))
    if boundary is not None:
        all_taken = polygons_of(shapely.union_all(taken))
        rows.append((None, None, _without(boundary, np.array([all_taken, *claimed], object))))
    kept = [row for row in rows if shapely.area(row[2]) > 0]
    parts = gpd.GeoDataFrame(
        pd.DataFrame(
            [row[:2] for row in kept], columns=[c.STREET_ID, c.COMMUNITY_ID], dtype=object
        ),
        geometry=[row[2] for row in kept],
        crs=crs,
    )
    return typed(parts)


def _without(shape: BaseGeometry, others: npt.NDArray[np.object_]) -> BaseGeometry:
    """Return the polygons of a shape that none of the others covers."""
    return polygons_of(shapely.difference(shape, shapely.union_all(others)))


def assign_points(
    area: StudyArea, x_m: npt.NDArray[np.float64], y_m: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """
    Find the zones of points; a point on a shared border belongs to the first zone by id.

    Returns
    -------
    Columns `in_area`, `street_id`, `community_id`, a row per point. A point without a position
    (NaN) is in the area only if there is no boundary.
    """
    points = points_at(x_m, y_m)
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    result = pd.DataFrame(
        {c.STREET_ID: None, c.COMMUNITY_ID: None}, index=range(len(points)), dtype=object
    )
    inside = np.ones(len(points), np.bool_)
    if area.boundary is not None:
        shapely.prepare(area.boundary)
        inside = placed & shapely.intersects(area.boundary, points)
    result.insert(0, c.IN_AREA, inside)
    index = np.flatnonzero(inside & placed)
    parts = area.parts
    point, part = shapely.STRtree(parts.geometry.to_numpy()).query(points[index], "intersects")
    keys = parts[[c.COMMUNITY_ID, c.STREET_ID]].fillna("\uffff").astype(str).to_numpy()
    order = np.lexsort((keys[part, 1], keys[part, 0], point)) if len(point) else point
    point, part = point[order], part[order]
    first = np.r_[True, point[1:] != point[:-1]][: len(point)]
    where = index[point[first]]
    for name in (c.STREET_ID, c.COMMUNITY_ID):
        result.loc[where, name] = parts[name].to_numpy()[part[first]]
    return typed(result)
