"""Which grid cells, or fractions of cells, lie in which shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.rasters.cell_fractions import cell_fractions
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.arrays import Floats, Ints
    from circle15.inputs.rasters.grid import Grid, Tile


# Zones are drawn to some millimetres, and borders of neighbours differ by as much: a smaller part
# of a cell than this (100 cm² of a hectare) is ignored, whether it lies in a zone or in none.
EMPTY_PIECE = 1e-6


def claimed_cells(grid: Grid, tile: Tile, parts: gpd.GeoDataFrame, cells: Ints) -> pd.DataFrame:
    """
    Fractions of the populated cells of a tile that lie in the parts of the area.

    Columns `cell` (of the grid), `fraction` and `part`.
    """
    if not len(parts):
        return no_cells()
    height, width = tile.shape
    west, north = grid.affine * (tile.left, tile.top)
    east, south = grid.affine * (tile.right, tile.bottom)
    touching = np.sort(parts.sindex.query(shapely.box(west, south, east, north)))
    if not len(touching):
        return no_cells()
    wanted = np.zeros((height, width), bool)
    row, column = np.divmod(cells, grid.width)
    wanted[row - tile.top, column - tile.left] = True
    found: list[tuple[Ints, Floats]] = []
    for shape in parts.geometry.iloc[touching]:
        window, fractions = cell_fractions(shape, grid.affine, tile)
        down, across = np.nonzero(wanted[window] & (fractions > EMPTY_PIECE))
        row = down + window[0].start + tile.top
        cell = row * grid.width + across + window[1].start + tile.left
        found.append((cell, fractions[down, across]))
    cell, fraction = (np.concatenate(column) for column in zip(*found, strict=True))
    part = np.repeat(touching, [len(cell) for cell, _ in found])
    return pd.DataFrame({"cell": cell, "fraction": fraction, "part": part})


def no_cells() -> pd.DataFrame:
    """Return the table of `claimed_cells` without rows."""
    none = np.zeros(0, np.int64)
    return pd.DataFrame({"cell": none, "fraction": np.zeros(0), "part": none})


def suffixes(pieces: pd.DataFrame) -> list[str]:
    """Name the pieces of a cell or polygon that is split among zones."""

    def name(inside: bool, street: str | None, community: str | None) -> str:  # noqa: FBT001 - a row
        zone = "/".join(filter(None, (street, community)))
        return f"@{zone}" if zone else ("@inside" if inside else "@outside")

    return [
        name(*row)
        for row in pieces[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]].itertuples(
            index=False, name=None
        )
    ]
