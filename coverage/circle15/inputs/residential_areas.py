"""Residential land and buildings, whose covered area is reported beside the covered people."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.errors import InputDataError, StudyError, clause
from circle15.inputs.area.study_area import SLIVER_M2, assign_points, read_polygons
from circle15.inputs.demand.buildings import read_buildings
from circle15.inputs.near_shapes import require_few_near
from circle15.inputs.shapes import polygons_of
from circle15.inputs.table_sources import choose_rows
from circle15.inputs.tables.conditions import HOW_TO_WRITE
from circle15.study.limits import LAND_PIECES
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.buildings import Buildings
    from circle15.inputs.shapes import Shapes
    from circle15.study.settings.output_tables import CoverageBasis, LandLayer

LAND_CELL_M: Final = 50.0
"""Land is judged in pieces at most so wide and high, metres."""
_FINER: Final = 4
"""So many times smaller is each lattice than the one before."""


@dataclass(frozen=True)
class AreasAtPoints:
    """
    Areas that are judged where a point in each lies.

    Attributes
    ----------
    x_m, y_m : float64, shape (n,)
        A point inside each piece of land or building within the boundary, study CRS, metres.
    micro_m2 : int64, each of shape (n,)
        Areas in millionths of a square metre: `land`, or `footprint` and `floor_area`.
    outside_m2
        The same outside the boundary; 0 without a boundary.
    file
        Name of the file.
    """

    x_m: Floats
    y_m: Floats
    micro_m2: dict[str, Ints]
    outside_m2: dict[str, float]
    file: str


@dataclass(frozen=True)
class ResidentialAreas:
    """Land and buildings of a study, each None where the study names none; rows by file."""

    land: AreasAtPoints | None = None
    buildings: AreasAtPoints | None = None
    findings: Sequence[Finding] = ()
    files: dict[str, int] = field(default_factory=dict)


def read_residential_areas(
    basis: CoverageBasis, study_file: Path, area: StudyArea, crs: CRS, buildings: Buildings | None
) -> ResidentialAreas:
    """
    Read the layers of `[coverage_basis]`.

    Parameters
    ----------
    basis
        That table of `study_file`, which messages name.
    buildings
        The buildings over which people are spread; they count where the table names none.

    Raises
    ------
    InputDataError
        If a layer cannot be used, or lies wholly outside the boundary.
    """
    land = None
    findings: list[Finding] = []
    files: dict[str, int] = {}
    if basis.land is not None:
        land, rows, of_land = _land(basis.land, study_file, area, crs)
        findings += of_land
        files[str(basis.land.file)] = rows
    if basis.buildings is not None:
        own = basis.buildings
        buildings, of_buildings = read_buildings(
            own.file,
            crs,
            sheet=own.sheet,
            residential=own.residential,
            unknown_use=own.unknown_use,
            datum=own.datum,
        )
        findings += of_buildings
        files[str(own.file)] = buildings.n_read
    lived_in = None if buildings is None else _inside(buildings, area)
    return ResidentialAreas(land, lived_in, findings, files)


def _inside(buildings: Buildings, area: StudyArea) -> AreasAtPoints:
    inside = assign_points(area, buildings.x_m, buildings.y_m)[c.IN_AREA].to_numpy(bool)
    _require_any(inside, buildings.file)
    areas = {"footprint": buildings.footprint_m2, "floor_area": buildings.floor_area_m2}
    return AreasAtPoints(
        buildings.x_m[inside],
        buildings.y_m[inside],
        {key: _micro(of[inside]) for key, of in areas.items()},
        {key: math.fsum(of[~inside]) for key, of in areas.items()},
        buildings.file,
    )


def _land(
    layer: LandLayer, study_file: Path, area: StudyArea, crs: CRS
) -> tuple[AreasAtPoints, int, list[Finding]]:
    """Return the land in pieces, the number of polygons in the file, and findings."""
    table, shapes, findings = read_polygons(layer.file, crs, sheet=layer.sheet, datum=layer.datum)
    if layer.where is not None:
        try:
            chosen = choose_rows(table, layer.where)
        except ValueError as error:
            raise StudyError(
                f"{layer.where!r}: {clause(error)}.",
                file=study_file,
                column="coverage_basis.land.where",
                mend=HOW_TO_WRITE,
            ) from None
        kept = np.isin(table.rows, chosen.rows)
        if not kept.any():
            found = f"no row matches {layer.where}."
            raise InputDataError(found, file=layer.file, mend="Correct `where`.")
        if not kept.all():
            detail = {"rows": str(int((~kept).sum())), "where": layer.where}
            findings.append(Finding("ROWS_LEFT_OUT", "note", table.file.name, detail=detail))
        shapes = shapes[kept]
    require_few_near(shapes, "polygons of land", layer.file)
    every = shapely.union_all(shapes)
    twice_m2 = math.fsum(shapely.area(shapes)) - every.area
    if twice_m2 > SLIVER_M2:
        whole = Decimal(f"{twice_m2:.0f}")
        detail = {"area_m2": f"{twice_m2:,.0f}"}
        code = "LAND_OVERLAPS"
        findings.append(Finding(code, "warning", table.file.name, None, None, None, whole, detail))
    inside = every if area.boundary is None else shapely.intersection(every, area.boundary)
    _require_few_pieces(inside, layer)
    pieces = pieces_of(inside)
    _require_any(shapely.area(pieces) > 0, table.file.name)
    inner = shapely.point_on_surface(pieces)
    found_land = AreasAtPoints(
        np.round(shapely.get_x(inner), 3),
        np.round(shapely.get_y(inner), 3),
        {"land": _micro(shapely.area(pieces))},
        {"land": max(every.area - inside.area, 0.0)},
        table.file.name,
    )
    return found_land, len(table.rows), findings


def _require_few_pieces(land: BaseGeometry, layer: LandLayer) -> None:
    """Refuse land that would be judged in too many pieces."""
    most = land.area / LAND_CELL_M**2 + land.length / LAND_CELL_M
    if most > LAND_PIECES.most:
        found = f"has land of {land.area / 1e6:,.0f} km² and an outline of {land.length / 1e3:,.0f}"
        raise LAND_PIECES.fault(f"{found} km, about {most:,.0f} pieces", file=layer.file)


def _require_any(inside: Bools, file: str) -> None:
    """Refuse a layer of which nothing lies within the boundary."""
    if not inside.any():
        mend = "Name the layer of this area, and check its CRS."
        raise InputDataError("lies wholly outside the boundary.", file=file, mend=mend)


def _micro(areas_m2: Floats) -> Ints:
    return np.floor(areas_m2 * c.MICRO + 0.5).astype(np.int64)


def pieces_of(shape: BaseGeometry, cell_m: float = LAND_CELL_M) -> Shapes:
    """
    Cut polygons along a square lattice through (0, 0), and part what does not hang together.

    Parameters
    ----------
    cell_m
        Side of its cells, metres.

    Returns
    -------
    Polygons within one cell each, together as large as the shape.
    """
    pieces = shapely.get_parts(polygons_of(shape))
    if not len(pieces):
        return pieces
    west, south, east, north = shapely.bounds(pieces).T
    wide = float(np.maximum(east - west, north - south).max())
    # Large cells first, so that no cut has to look at a whole city.
    steps = max(math.ceil(math.log(wide / cell_m, _FINER)), 0)
    for step in range(steps, -1, -1):
        pieces = _cut(pieces, cell_m * _FINER**step)
    return pieces


def _cut(pieces: Shapes, side: float) -> Shapes:
    """Cut polygons along the lines of a lattice."""
    west, south, east, north = (shapely.bounds(pieces) / side).T
    column, row = np.floor(west).astype(np.int64), np.floor(south).astype(np.int64)
    wide = np.maximum(np.ceil(east).astype(np.int64) - column, 1)
    high = np.maximum(np.ceil(north).astype(np.int64) - row, 1)
    whole = wide * high == 1
    many = np.flatnonzero(~whole)
    count = (wide * high)[many]
    owner = np.repeat(many, count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    x = (column[owner] + place % wide[owner]) * side
    y = (row[owner] + place // wide[owner]) * side
    cut = shapely.intersection(pieces[owner], shapely.box(x, y, x + side, y + side))
    # Where a polygon touches a line of the lattice, points and lines are left over.
    parts = shapely.get_parts(shapely.get_parts(cut))
    found: Shapes = np.r_[pieces[whole], parts[shapely.get_dimensions(parts) == 2]]
    kept: Shapes = found[shapely.area(found) > 0]
    return kept
