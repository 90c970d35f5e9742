"""Which cells of a grid, or which fractions of them, lie in which shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.arrays import Ints
    from circle15.inputs.rasters.grid import Grid, Tile


# exactextract gives fractions in single precision: those of a cell that zones share sum to 1 only
# to about 10⁻⁷ per zone, and less than this is rounding, not a piece of the cell.
EMPTY_PIECE = 1e-6


def claimed_cells(grid: Grid, tile: Tile, parts: gpd.GeoDataFrame, cells: Ints) -> pd.DataFrame:
    """
    Which fraction of which populated cell of a tile lies in which part of the area.

    Columns `cell` (of the grid), `fraction` and `part`.
    """
    if not len(parts):
        return no_cells()
    height, width = tile.shape
    # NumPyRasterSource takes the outline of the grid; its cells are numbered row by row.
    west, north = grid.affine * (tile.left, tile.top)
    east, south = grid.affine * (tile.right, tile.bottom)
    source = NumPyRasterSource(
        np.zeros((height, width), np.int8),
        *(west, south, east, north),
        srs_wkt=grid.crs.to_wkt(),
    )
    touching = np.sort(parts.sindex.query(shapely.box(west, south, east, north)))
    if not len(touching):
        return no_cells()
    wanted = np.zeros(height * width, bool)
    row, column = np.divmod(cells, grid.width)
    wanted[(row - tile.top) * width + column - tile.left] = True
    found = exact_extract(source, parts.iloc[touching], ["cell_id", "coverage"], output="pandas")
    rows = [no_cells()]
    for part, ids, fractions in zip(touching, found["cell_id"], found["coverage"], strict=True):
        keep = wanted[ids] & (fractions > EMPTY_PIECE)
        down, across = np.divmod(np.asarray(ids[keep], np.int64), width)
        cell = (down + tile.top) * grid.width + across + tile.left
        fraction = np.asarray(fractions[keep], np.float64)
        rows.append(pd.DataFrame({"cell": cell, "fraction": fraction, "part": part}))
    return pd.concat(rows, ignore_index=True)


def no_cells() -> pd.DataFrame:
    """Return the table of `claimed_cells` without a row."""
    none = np.zeros(0, np.int64)
    return pd.DataFrame({"cell": none, "fraction": np.zeros(0), "part": none})


def suffixes(pieces: pd.DataFrame) -> list[str]:
    """Name the pieces of a cell or polygon that is split over zones."""

    def name(inside: bool, street: str | None, community: str | None) -> str:  # noqa: FBT001 - a row
        zone = "/".join(filter(None, (street, community)))
        return f"@{zone}" if zone else ("@inside" if inside else "@outside")

    return [
        name(*row)
        for row in pieces[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]].itertuples(
            index=False, name=None
        )
    ]
