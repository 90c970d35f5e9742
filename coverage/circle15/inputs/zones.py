"""The study area: boundary, streets and communities, cut into parts that do not overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.positions import require_crs, transform
from circle15.inputs.tables import read_table
from circle15.inputs.values import clean, parse_count, parse_id
from circle15.study import columns as c
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.inputs.tables import Table
    from circle15.study.config import Area, ZoneLayer

SLIVER_M2 = 1.0
"""Overlaps and remainders smaller than this come from rounding and are not reported."""


@dataclass(frozen=True)
class StudyArea:
    """
    Where results are reported.

    Attributes
    ----------
    boundary
        Polygon in the study CRS; None where everybody is inside.
    streets, communities
        Columns `zone_id`, `name`, `geometry`; communities also `street_id` (None where not
        given) and `households` (object, Decimal or None). Empty where the study names none.
    parts
        Parts of the area that do not overlap: `street_id`, `community_id`, `geometry`; ids are
        None in a part that no zone claims.
    issues
        Geometry that was mended, zones that overlap, households that cannot be read.
    """

    boundary: shapely.Geometry | None
    streets: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    parts: gpd.GeoDataFrame
    issues: list[Issue]


def read_polygons(
    path: Path, crs: CRS, issues: list[Issue]
) -> tuple[Table, npt.NDArray[np.object_]]:
    """
    Read a layer of polygons into the study CRS; mend invalid ones and list them.

    Raises
    ------
    CrsError
        If the layer has no CRS.
    InputDataError
        If it has no geometry, or a feature is no polygon.
    """
    table = read_table(path)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=path, mend="Give a layer of polygons.")
    source = require_crs(table.crs, path)
    shapes = table.geometry.to_numpy()
    for row, shape in zip(table.rows, shapes, strict=True):
        if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
            kind = "nothing" if shape is None or shape.is_empty else shape.geom_type
            raise InputDataError(f"holds {kind}.", file=path, row=row, mend="Give polygons.")
    shapes = shapely.transform(
        shapely.force_2d(shapes), lambda x, y: transform(x, y, source, crs), interleaved=False
    )
    for i in np.flatnonzero(~shapely.is_valid(shapes)):
        issues.append(
            Issue(
                "GEOMETRY_MENDED",
                "warning",
                path.name,
                table.rows[i],
                detail={"reason": shapely.is_valid_reason(shapes[i])},
            )
        )
        shapes[i] = _polygonal(shapely.make_valid(shapes[i]))
    return table, shapes


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry; points and lines that mending leaves have no area."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts)


def read_area(area: Area, crs: CRS) -> StudyArea:
    """
    Read boundary, streets and communities.

    Raises
    ------
    InputDataError
        If a layer lacks a column, an id is missing or occurs twice.
    """
    issues: list[Issue] = []
    boundary = None
    if area.boundary is not None:
        boundary = shapely.union_all(read_polygons(area.boundary, crs, issues)[1])
    streets = _read_zones(area.streets, crs, issues)
    communities = _read_zones(area.communities, crs, issues)
    parts = _cut(boundary, streets, communities, crs)
    return StudyArea(boundary, streets, communities, parts, issues)


def _read_zones(layer: ZoneLayer | None, crs: CRS, issues: list[Issue]) -> gpd.GeoDataFrame:
    names = [c.ZONE_ID, c.NAME, c.STREET_ID, "households"]
    if layer is None:
        return gpd.GeoDataFrame({k: [] for k in names}, geometry=[], crs=crs)
    table, shapes = read_polygons(layer.file, crs, issues)
    for column in (layer.id, layer.name, layer.street, layer.households):
        if column is not None and column not in table.cells.columns:
            raise InputDataError(
                "there is no such column.",
                file=layer.file,
                column=column,
                mend=f"Columns: {', '.join(map(str, table.cells.columns))}.",
            )
    ids = [parse_id(cell) for cell in table.column(layer.id)]
    _require_unique(ids, table, layer.id)
    frame = gpd.GeoDataFrame(
        {
            c.ZONE_ID: ids,
            c.NAME: [clean(cell) or "" for cell in table.column(layer.name)],
            c.STREET_ID: [parse_id(cell) for cell in table.column(layer.street)],
            "households": _households(table, layer.households, issues),
        },
        geometry=shapes,
        crs=crs,
    )
    return _without_overlaps(frame.sort_values(c.ZONE_ID, ignore_index=True), table, issues)


def _require_unique(ids: list[str | None], table: Table, column: str) -> None:
    seen: dict[str, int] = {}
    for key, row in zip(ids, table.rows, strict=True):
        if key is None:
            raise InputDataError("has no id.", file=table.file, row=row, column=column)
        if key in seen:
            raise InputDataError(
                f"the id {key!r} stands in row {seen[key]} too.",
                file=table.file,
                row=row,
                column=column,
                mend="Give each zone its own id.",
            )
        seen[key] = row


def _households(table: Table, column: str | None, issues: list[Issue]) -> list[object]:
    counts: list[object] = []
    for cell, row in zip(table.column(column), table.rows, strict=True):
        try:
            counts.append(parse_count(cell))
        except ValueError:
            issues.append(
                Issue(
                    "UNREADABLE",
                    "warning",
                    table.file.name,
                    row,
                    column,
                    detail={"value": str(cell)},
                )
            )
            counts.append(None)
    return counts


def _without_overlaps(
    frame: gpd.GeoDataFrame, table: Table, issues: list[Issue]
) -> gpd.GeoDataFrame:
    """Give what two zones claim to the one whose id comes first, and list it."""
    shapes = frame.geometry.to_numpy().copy()
    first, second = shapely.STRtree(shapes).query(shapes, "intersects")
    for a, b in sorted((int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b):
        shared = shapely.area(shapely.intersection(shapes[a], shapes[b]))
        if shared == 0:
            continue
        if shared > SLIVER_M2:
            issues.append(
                Issue(
                    "ZONES_OVERLAP",
                    "warning",
                    table.file.name,
                    detail={
                        "first": frame[c.ZONE_ID][a],
                        "second": frame[c.ZONE_ID][b],
                        "area_m2": f"{shared:.0f}",
                    },
                )
            )
        shapes[b] = _polygonal(shapely.difference(shapes[b], shapes[a]))
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))


def _cut(
    boundary: shapely.Geometry | None,
    streets: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Cut the area into parts: communities first, streets where no community is, the rest."""
    rows: list[tuple[str | None, str | None, shapely.Geometry]] = []

    def within(shape: shapely.Geometry) -> shapely.Geometry:
        return shape if boundary is None else _polygonal(shapely.intersection(shape, boundary))

    taken = _polygonal(shapely.union_all(communities.geometry.to_numpy()))
    for community in communities.itertuples():
        own_street = getattr(community, c.STREET_ID)
        piece = within(community.geometry)
        if own_street is not None or streets.empty:
            rows.append((own_street, community.zone_id, piece))
            continue
        for street in streets[streets.intersects(piece)].itertuples():
            rows.append(
                (
                    street.zone_id,
                    community.zone_id,
                    _polygonal(shapely.intersection(piece, street.geometry)),
                )
            )
        outside = shapely.difference(piece, shapely.union_all(streets.geometry.to_numpy()))
        rows.append((None, community.zone_id, _polygonal(outside)))
    for street in streets.itertuples():
        rows.append(
            (street.zone_id, None, _polygonal(shapely.difference(within(street.geometry), taken)))
        )
    if boundary is not None:
        claimed = shapely.union_all([taken, *streets.geometry.to_numpy()])
        rows.append((None, None, _polygonal(shapely.difference(boundary, claimed))))
    kept = [row for row in rows if shapely.area(row[2]) > 0]
    return gpd.GeoDataFrame(
        pd.DataFrame(
            [row[:2] for row in kept], columns=[c.STREET_ID, c.COMMUNITY_ID], dtype=object
        ),
        geometry=[row[2] for row in kept],
        crs=crs,
    )


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
    points = shapely.points(x_m, y_m)
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    result = pd.DataFrame(
        {c.STREET_ID: None, c.COMMUNITY_ID: None}, index=range(len(points)), dtype=object
    )
    if area.boundary is None:
        inside = np.ones(len(points), bool)
    else:
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
    return result
