"""Demand from count rasters: a cell is split over zones by area fraction, never resampled."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import rasterio
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.transform import Affine

from circle15.errors import CrsError, InputDataError
from circle15.inputs.apportion import apportion, apportion_groups
from circle15.inputs.demand_points import DemandSource, refuse_too_many
from circle15.inputs.positions import on_earth, require_crs, transform
from circle15.study import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from circle15.inputs.zones import StudyArea
    from circle15.study.config import DemandLayer

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

# exactextract gives fractions in single precision: those of a cell that zones share sum to 1 only
# to about 10⁻⁷ per zone, and less than this is rounding, not a piece of the cell.
_EMPTY_PIECE = 1e-6


def read_rasters(
    prefix: str, layers: Sequence[DemandLayer], area: StudyArea, crs: CRS
) -> DemandSource:
    """
    Read people from count rasters that share one grid.

    The rasters of a group are summed (age and sex classes). A demand point is a cell, or the
    part of a cell in one zone; both stand at the centre of the cell.

    Raises
    ------
    CrsError
        If a raster has no CRS, or coordinates that its CRS does not have.
    InputDataError
        If a raster cannot be read, has a negative cell, more people than there are or more than
        one band, or if the grids differ.
    """
    first = layers[0].raster[0]
    grid, profile = None, None
    counts: dict[str, Floats] = {}
    nodata: dict[str, int] = {}
    files: dict[str, int] = {}
    for layer in layers:
        for path in layer.raster:
            values, missing, profile = _read(path)
            if grid is None:
                grid = profile
            if profile != grid:
                raise InputDataError(
                    f"its grid is not that of {first.name}.",
                    file=path,
                    mend="Give rasters with the same CRS, origin, cell size and shape.",
                )
            files[str(path)] = values.size
            nodata[layer.group] = nodata.get(layer.group, 0) + missing
            counts[layer.group] = counts.get(layer.group, 0.0) + values
    assert grid is not None
    for layer in layers:
        refuse_too_many(float(counts[layer.group].sum()), layer.raster[0])
    pieces = _pieces(grid, area.parts, has_boundary=area.boundary is not None)
    demand = _demand(prefix, counts, pieces, grid, crs)
    return DemandSource(demand, [], nodata, _cell_m(grid, area, crs, first), files)


class _Grid:
    """Place and shape of a raster."""

    def __init__(self, source: Any, crs: CRS) -> None:
        self.crs = crs
        self.affine = source.transform
        self.height, self.width = source.shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Grid) and self._key == other._key

    @property
    def _key(self) -> tuple[CRS, Any, int, int]:
        return self.crs, self.affine, self.height, self.width

    __hash__ = None  # type: ignore[assignment]  # grids are compared, never collected

    def centres(self, cell: Ints) -> tuple[Floats, Floats]:
        row, column = np.divmod(cell, self.width)
        x, y = self.affine * (column + 0.5, row + 0.5)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # is refused with its own message
        return rasterio.open(path)


def _read(path: Path) -> tuple[Floats, int, _Grid]:
    """Read counts with 0 for nodata; return them, the number of nodata cells and the grid."""
    try:
        with _open(path) as source:
            if source.count != 1:
                raise InputDataError(f"has {source.count} bands.", file=path, mend="Give one band.")
            if source.crs is None:
                raise CrsError(
                    "the raster has no coordinate reference system.",
                    file=path,
                    mend="Assign the one it was made in.",
                )
            if source.transform.is_identity:
                raise InputDataError(
                    "the raster has no place (geotransform).", file=path, mend="Export it again."
                )
            band = source.read(1, masked=True)
            grid = _Grid(source, require_crs(CRS.from_wkt(source.crs.to_wkt()), path))
            if grid.affine.b or grid.affine.d or grid.affine.a <= 0:
                raise InputDataError(
                    "its grid is turned or mirrored.",
                    file=path,
                    mend="Warp it to lines from west to east.",
                )
            if grid.affine.e > 0:  # lines from south to north: the same cells, turned over
                band = band[::-1]
                grid.affine *= Affine(1, 0, 0, 0, -1, grid.height)
    except (RasterioIOError, RasterioError) as error:
        raise InputDataError(f"cannot be read as a raster ({error}).", file=path) from None
    missing = np.ma.getmaskarray(band) | ~np.isfinite(band.data)
    values = np.where(missing, 0.0, band.data).astype(np.float64)
    if (values < 0).any():
        row, column = np.argwhere(values < 0)[0]
        raise InputDataError(
            f"{int((values < 0).sum())} cells are negative and not declared nodata (the first: "
            f"line {row + 1}, column {column + 1}, value {values[row, column]:g}).",
            file=path,
            mend="Declare the nodata value.",
        )
    refuse_too_many(float(values.max(initial=0.0)), path)  # one by one: their sum is a number
    return values, int(missing.sum()), grid


def _cell_m(grid: _Grid, area: StudyArea, crs: CRS, file: Path) -> float:
    """Larger side of a cell in the middle of the area, metres; without one, of the raster."""
    row, column = grid.height // 2, grid.width // 2
    if len(area.parts):
        west, south, east, north = area.parts.to_crs(grid.crs).total_bounds
        across, down = ~grid.affine * ((west + east) / 2, (south + north) / 2)
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


def _pieces(grid: _Grid, parts: gpd.GeoDataFrame, *, has_boundary: bool) -> pd.DataFrame:
    """
    Which fraction of which cell lies in which part of the area.

    Columns `cell`, `fraction`, `in_area`, `street_id`, `community_id`; the fractions of a cell
    sum to 1. What no part claims is outside, or inside without a zone if there is no boundary.
    """
    rows = []
    if len(parts):
        # NumPyRasterSource takes the outline of the grid; its cells are numbered row by row.
        west, north = grid.affine * (0, 0)
        east, south = grid.affine * (grid.width, grid.height)
        source = NumPyRasterSource(
            np.zeros((grid.height, grid.width), np.int8),
            *(west, south, east, north),
            srs_wkt=grid.crs.to_wkt(),
        )
        moved = parts.to_crs(grid.crs)
        found = exact_extract(source, moved, ["cell_id", "coverage"], output="pandas")
        rows = [
            pd.DataFrame({"cell": cells, "fraction": fractions, "part": part})
            for part, (cells, fractions) in enumerate(
                zip(found["cell_id"], found["coverage"], strict=True)
            )
        ]
    claimed = (
        pd.concat(rows, ignore_index=True)
        if rows
        else pd.DataFrame({"cell": [], "fraction": [], "part": []})
    )
    claimed = claimed.astype({"cell": np.int64, "fraction": np.float64, "part": np.int64})
    claimed = claimed[claimed["fraction"] > _EMPTY_PIECE]
    total = np.bincount(
        claimed["cell"], weights=claimed["fraction"], minlength=grid.height * grid.width
    )
    rest = 1.0 - total
    free = np.flatnonzero(rest > _EMPTY_PIECE)
    remainder = pd.DataFrame({"cell": free, "fraction": rest[free], "part": -1})
    pieces = pd.concat([claimed, remainder], ignore_index=True)
    for name in (c.STREET_ID, c.COMMUNITY_ID):
        ids = np.array([*parts[name], None], dtype=object)  # part -1 has no zone
        pieces[name] = pd.Series(ids[pieces["part"].to_numpy()], dtype=object)
    pieces[c.IN_AREA] = (pieces["part"] >= 0) | (not has_boundary)
    return pieces


def _demand(
    prefix: str, counts: dict[str, Floats], pieces: pd.DataFrame, grid: _Grid, crs: CRS
) -> pd.DataFrame:
    """Give each piece of a cell its micro-persons; pieces without anybody are left out."""
    pieces = pieces.sort_values(["cell", "part"], ignore_index=True)
    cell = pieces["cell"].to_numpy()
    frame = pieces[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]].copy()
    people = np.zeros(len(pieces), bool)
    for group, values in counts.items():
        flat = values.ravel()
        total = math.floor(math.fsum(flat) * c.MICRO + 0.5)
        micro = apportion(flat, total) if total else np.zeros(len(flat), np.int64)
        weight = apportion_groups(pieces["fraction"].to_numpy(), cell, micro)
        frame[c.weight_column(group)] = weight
        people |= weight > 0
    row, column = np.divmod(cell, grid.width)
    several = np.bincount(cell, minlength=grid.height * grid.width)[cell] > 1
    suffix = _suffixes(pieces)
    ids = [
        f"{prefix}R{r}C{k}{s if more else ''}"
        for r, k, s, more in zip(row, column, suffix, several, strict=True)
    ]
    frame.insert(0, c.DEMAND_ID, ids)
    x, y = transform(*grid.centres(cell), grid.crs, crs)
    frame.insert(1, c.X_M, x)
    frame.insert(2, c.Y_M, y)
    return frame[people].reset_index(drop=True)


def _suffixes(pieces: pd.DataFrame) -> list[str]:
    """Name the pieces of a cell that is split over zones."""

    def name(inside: bool, street: str | None, community: str | None) -> str:  # noqa: FBT001 - a row
        zone = "/".join(filter(None, (street, community)))
        return f"@{zone}" if zone else ("@inside" if inside else "@outside")

    return [
        name(*row)
        for row in pieces[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]].itertuples(
            index=False, name=None
        )
    ]
