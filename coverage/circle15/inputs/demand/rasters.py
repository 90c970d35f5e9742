"""Read demand from count rasters: cells are split over zones by area, never resampled."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.positions import moved, on_earth, transform
from circle15.inputs.demand.age_bands import check_age_bands
from circle15.inputs.demand.apportion import apportion, apportion_groups
from circle15.inputs.demand.count_rasters import CountRaster
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.demand.points import DemandSource
from circle15.inputs.rasters.cell_shares import EMPTY_PIECE, claimed_cells, no_cells, suffixes
from circle15.inputs.rasters.grid import Grid, Tile
from circle15.study.limits import CELLS_WITH_PEOPLE
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.study.settings.records import DemandLayer


KEPT_BEYOND_M: Final = 6000.0
"""More than an hour's walk: people farther away are in the balance, but not demand points."""
_RIM_POINTS: Final = 23  # along each side of the box around the area


@dataclass
class _Populated:
    """
    The populated cells near the area, and the people farther away.

    `near` are the rows and columns of the grid whose cells become demand points; `parts` and
    `overlaps` are those of the area, in the CRS of the grid.
    """

    grid: Grid
    near: Tile
    parts: gpd.GeoDataFrame
    overlaps: gpd.GeoDataFrame
    cells: list[Ints] = field(default_factory=list)
    people: list[Floats] = field(default_factory=list)  # (cells, groups) of each tile
    pieces: list[pd.DataFrame] = field(default_factory=list)
    shared: list[pd.DataFrame] = field(default_factory=list)
    beyond: list[list[float]] = field(default_factory=list)  # sums by tile, by group
    n: int = 0

    def take(self, values: Sequence[Floats], tile: Tile) -> None:
        """Keep the populated cells of a tile near the area, and sum the people of the others."""
        near = self.near
        rows, columns = np.nonzero(np.logical_or.reduce([one > 0 for one in values]))
        row, column = rows + tile.top, columns + tile.left
        kept = (row >= near.top) & (row < near.bottom)
        kept &= (column >= near.left) & (column < near.right)
        for sums, one in zip(self.beyond, values, strict=True):
            sums.append(math.fsum(one[rows[~kept], columns[~kept]].tolist()))
        if not kept.any():
            return
        cell = row[kept] * self.grid.width + column[kept]
        self.n += len(cell)
        self.cells.append(cell)
        self.people.append(np.stack([one[rows[kept], columns[kept]] for one in values], axis=1))
        self.pieces.append(claimed_cells(self.grid, tile, self.parts, cell))
        self.shared.append(claimed_cells(self.grid, tile, self.overlaps, cell))


def read_rasters(
    prefix: str, layers: Sequence[DemandLayer], area: StudyArea, crs: CRS
) -> DemandSource:
    """
    Read people from count rasters that share one grid, tile by tile.

    The rasters of a group are summed (age and sex classes). A demand point is a cell, or the
    part of a cell in one zone; both are at the centre of the cell. Cells farther than
    `KEPT_BEYOND_M` from the area are not demand points: their people are `beyond`.

    Raises
    ------
    CrsError
        If a raster has no CRS, or coordinates outside the range of its CRS.
    InputDataError
        If a raster cannot be read, has a negative cell, an impossible number of people or more than
        one band, or holds a density that is not declared; if the grids differ; if one with
        people is given twice; or if the classes in the file names are not those of the group.
    """
    findings = [finding for layer in layers for finding in check_age_bands(layer)]
    with ExitStack() as stack:
        rasters = {
            layer.group: [CountRaster(path, layer.density, stack) for path in layer.raster]
            for layer in layers
        }
        one = next(iter(rasters.values()))[0]
        grid = one.grid
        for raster in (raster for of_group in rasters.values() for raster in of_group):
            if raster.grid != grid:
                raise InputDataError(
                    f"its grid is not that of {one.path.name}.",
                    file=raster.path,
                    mend="Give rasters with the same CRS, origin, cell size and shape.",
                )
        parts = _shapes_in(area.parts.geometry, crs, grid.crs)
        cell_m = _cell_m(grid, parts, crs, one.path)
        found = _Populated(
            grid,
            _near(grid, area, crs),
            parts,
            _shapes_in([one.shape for one in area.overlaps], crs, grid.crs),
            beyond=[[] for _ in layers],
        )
        nodata = dict.fromkeys(rasters, 0)
        for tile in one.tiles():
            sums, missing = _sum_groups(rasters, tile)
            nodata = {group: cells + missing[group] for group, cells in nodata.items()}
            found.take(sums, tile)
            if found.n > CELLS_WITH_PEOPLE.most:
                raise CELLS_WITH_PEOPLE.fault(
                    "has too many cells with people in or near the area", file=one.path
                )
    for raster in (raster for of_group in rasters.values() for raster in of_group):
        raster.refuse_undeclared()
        if raster.dust:
            detail = {"cells": f"{raster.dust:,}"}
            findings.append(Finding("NEGATIVE_DUST", "note", raster.path.name, detail=detail))
    findings += [finding for alike in rasters.values() for finding in _alike(alike)]
    demand, beyond, overlaps = _demand(prefix, layers, found, area, crs)
    files = {str(path): grid.height * grid.width for layer in layers for path in layer.raster}
    return DemandSource(
        demand, findings, nodata, cell_m, files, beyond, overlap_micro=overlaps, grid=grid
    )


def _alike(rasters: Sequence[CountRaster]) -> Iterator[Finding]:
    """
    Report rasters of one group that are copies of each other.

    Classes of age and sex may all be empty in a small area: of these only files that are equal
    byte for byte are reported. With people, no two classes are alike, however they are encoded.

    Raises
    ------
    InputDataError
        If they hold people, who would count twice.
    """
    cells: dict[bytes, Path] = {}
    for raster in rasters:
        other = cells.setdefault(raster.people_hash, raster.path)
        if other != raster.path and raster.holds_people:
            raise InputDataError(
                f"has the same people in the same cells as {other.name}; they would count twice.",
                file=raster.path,
                mend="Give each raster once; two classes that are equal by chance can be summed in "
                "one file.",
            )
    sizes = Counter(raster.path.stat().st_size for raster in rasters)
    seen: dict[bytes, Path] = {}
    for path in (raster.path for raster in rasters):
        if sizes[path.stat().st_size] == 1:
            continue
        with path.open("rb") as file:
            other = seen.setdefault(hashlib.file_digest(file, "sha256").digest(), path)
        if other != path:
            yield Finding("RASTERS_ALIKE", "warning", path.name, detail={"other": other.name})


def _shapes_in(shapes: Iterable[BaseGeometry], source: CRS, target: CRS) -> gpd.GeoDataFrame:
    """Transform shapes to the CRS of a grid with the same datum shift as for other layers."""

    def move(xy: Floats) -> Floats:
        return np.column_stack(moved(xy[:, 0], xy[:, 1], source, target))

    moved_shapes = shapely.transform(np.array(list(shapes), dtype=object), move)
    return gpd.GeoDataFrame(geometry=moved_shapes, crs=target)


def _sum_groups(
    rasters: Mapping[str, Sequence[CountRaster]], tile: Tile
) -> tuple[list[Floats], dict[str, int]]:
    """Return the summed classes of each group in a tile, and their nodata cells by group."""
    sums: list[Floats] = []
    nodata = dict.fromkeys(rasters, 0)
    for group, of_group in rasters.items():
        total = np.zeros(tile.shape)
        for raster in of_group:
            values, missing = raster.read(tile)
            nodata[group] += missing
            total += values
        sums.append(total)
    return sums, nodata


def _near(grid: Grid, area: StudyArea, crs: CRS) -> Tile:
    """Return the rows and columns whose cells become demand points."""
    whole = Tile(0, grid.height, 0, grid.width)
    if area.boundary is None:  # everything is inside
        return whole
    west, south, east, north = area.boundary.bounds
    margin = (-KEPT_BEYOND_M, -KEPT_BEYOND_M, KEPT_BEYOND_M, KEPT_BEYOND_M)
    bounds = np.add((west, south, east, north), margin)
    x, y = (np.linspace(bounds[k], bounds[k + 2], _RIM_POINTS) for k in (0, 1))
    rim_x = np.concatenate([x, x, np.full(len(y), x[0]), np.full(len(y), x[-1])])
    rim_y = np.concatenate([np.full(len(x), y[0]), np.full(len(x), y[-1]), y, y])
    across, up = moved(rim_x, rim_y, crs, grid.crs)
    bounds = np.array([across.min(), up.min(), across.max(), up.max()])
    if not np.isfinite(bounds).all():
        return whole
    west, south, east, north = bounds.tolist()  # numpy scalars would warn
    left, top = ~grid.affine * (west, north)
    right, bottom = ~grid.affine * (east, south)
    down = np.clip([math.floor(top), math.ceil(bottom)], 0, grid.height)
    across = np.clip([math.floor(left), math.ceil(right)], 0, grid.width)
    return Tile(*map(int, down), *map(int, across))


def _cell_m(grid: Grid, parts: gpd.GeoDataFrame, crs: CRS, file: Path) -> float:
    """Return the larger side of a cell in the middle of the area's parts (or raster), metres."""
    row, column = grid.height // 2, grid.width // 2
    if len(parts):
        bounds = parts.total_bounds
        west, south, east, north = bounds.tolist()  # numpy scalars would warn of infinity
        across, down = ~grid.affine * ((west + east) / 2, (south + north) / 2)
        if math.isfinite(across) and math.isfinite(
            down
        ):  # else the area is outside the raster's CRS
            column = int(np.clip(across, 0, grid.width - 1))
            row = int(np.clip(down, 0, grid.height - 1))
    corners = [grid.affine * (column + i, row + j) for i, j in ((0, 0), (1, 0), (0, 1))]
    across, up = np.array(corners).T
    x, y = transform(across, up, grid.crs, crs)
    if not on_earth(x, y).all():
        raise CrsError(
            f"has coordinates that {grid.crs.name} does not have.",
            file=file,
            mend="Assign the CRS that the raster was made in.",
        )
    return float(max(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])))


def _pieces(found: _Populated, cells: Ints, area: StudyArea) -> pd.DataFrame:
    """
    Cut the populated cells by the parts of the area; the rest is part -1.

    Columns `cell` (index in `cells`), `fraction`, `part`, `in_area`, `street_id`, `community_id`;
    the fractions of a cell sum to 1. A piece outside all parts is outside the area, or inside
    without a zone if there is no boundary.
    """
    claimed = pd.concat([*found.pieces, no_cells()], ignore_index=True)
    claimed["cell"] = np.searchsorted(cells, claimed["cell"].to_numpy())
    total = np.bincount(claimed["cell"], weights=claimed["fraction"], minlength=len(cells))
    rest = 1.0 - total
    free = np.flatnonzero(rest > EMPTY_PIECE)
    remainder = pd.DataFrame({"cell": free, "fraction": rest[free], "part": -1})
    pieces = pd.concat([claimed, remainder], ignore_index=True)
    for name in (c.STREET_ID, c.COMMUNITY_ID):
        ids = np.array([*area.parts[name], None], dtype=object)  # part -1 has no zone
        pieces[name] = pd.Series(ids[pieces["part"].to_numpy()], dtype=object)
    pieces[c.IN_AREA] = (pieces["part"] >= 0) | (area.boundary is None)
    return pieces.sort_values(["cell", "part"], ignore_index=True)


def _demand(
    prefix: str, layers: Sequence[DemandLayer], found: _Populated, area: StudyArea, crs: CRS
) -> tuple[pd.DataFrame, dict[str, int], dict[str, list[int]]]:
    """
    Return a demand point per piece of a cell with people.

    Also return, by group, the micro-persons beyond the demand points and in each overlap.
    """
    grid = found.grid
    cells = np.concatenate([*found.cells, np.zeros(0, np.int64)])
    order = np.argsort(cells)
    values = np.concatenate([*found.people, np.zeros((0, len(layers)))])[order]
    cells = cells[order]
    pieces = _pieces(found, cells, area)
    place = pieces["cell"].to_numpy()
    frame = pieces[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]].copy()
    people = np.zeros(len(pieces), bool)
    beyond, overlaps = {}, {}
    shared = pd.concat([*found.shared, no_cells()], ignore_index=True)
    shared_cell = np.searchsorted(cells, shared["cell"])
    for k, layer in enumerate(layers):
        near = math.fsum(values[:, k])
        everybody = math.fsum([*values[:, k], *found.beyond[k]])
        refuse_too_many(everybody, layer.raster[0])
        total = math.floor(near * c.MICRO + 0.5)
        beyond[layer.group] = math.floor(everybody * c.MICRO + 0.5) - total
        micro = apportion(values[:, k], total)
        weight = apportion_groups(pieces["fraction"].to_numpy(), place, micro)
        frame[c.weight_column(layer.group)] = weight
        people |= weight > 0
        in_overlap = np.bincount(
            shared["part"], shared["fraction"] * micro[shared_cell], minlength=len(area.overlaps)
        )
        overlaps[layer.group] = np.rint(in_overlap).astype(np.int64).tolist()
    row, column = np.divmod(cells[place], grid.width)
    several = np.bincount(place, minlength=len(cells))[place] > 1
    suffix = suffixes(pieces)
    ids = [
        f"{prefix}R{r}C{k}{s if more else ''}"
        for r, k, s, more in zip(row, column, suffix, several, strict=True)
    ]
    frame.insert(0, c.DEMAND_ID, ids)
    x, y = transform(*grid.centres(cells[place]), grid.crs, crs)
    frame.insert(1, c.X_M, x)
    frame.insert(2, c.Y_M, y)
    return frame[people].reset_index(drop=True), beyond, overlaps
