"""The cells in which the people of a study live."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.planning.gaps.street_links import StreetLinks
from circle15.planning.lattice import Lattice, cell_keys, cells_around, touching_cells
from circle15.results.once import once
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    import numpy.typing as npt
    from pyproj import CRS

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class Cells:
    """
    The cells in which people live inside the area.

    Attributes
    ----------
    of_home : int64, shape (homes,)
        Cell of each demand point; -1 if it is not counted or has no position.
    home : int64, shape (cells,)
        Row in the demand table of one home in each cell.
    x_m, y_m : float64, shape (cells,)
        Position of that home, study CRS; for a raster the cell centre.
    row, column : int64, shape (cells,)
        Position of each cell in `lattice`.
    """

    of_home: Ints
    home: Ints
    x_m: Floats
    y_m: Floats
    row: Ints
    column: Ints
    lattice: Lattice

    @cached_property
    def touching(self) -> tuple[Ints, Ints]:
        """Pairs of cells that touch at an edge or a corner."""
        return touching_cells(self.row, self.column)

    @property
    def place(self) -> Floats:
        """Positions of the cells, metres, shape (cells, 2)."""
        return np.column_stack([self.x_m, self.y_m])

    def street_links(self, network: WalkNetwork) -> StreetLinks:
        """Find the streets in and beside the cells."""
        at = self.lattice.cells_at(network.x_m, network.y_m, network.crs)
        node, beside = cells_around(self.row, self.column, *at)
        return StreetLinks(network.u, network.v, len(network.x_m), node, beside)

    def middles(self, cell: Ints, area: Ints, people: Ints) -> Ints:
        """Return, for each area, its cell nearest to the weighted centre of its people."""
        place = self.place[cell]
        total = np.bincount(area, people)
        middle = np.column_stack([np.bincount(area, people * one) / total for one in place.T])
        distance = np.hypot(*(place - middle[area]).T)
        least = np.full(len(total), np.inf)
        np.minimum.at(least, area, distance)
        there = np.flatnonzero(distance == least[area])[::-1]
        nearest = np.empty(len(total), np.int64)
        nearest[area[there]] = cell[there]  # reversed, so that the first of equally near cells wins
        return nearest


def gathered(
    x_m: Floats, y_m: Floats, counted: Bools, crs: CRS, lattice: Lattice | None
) -> Cells | None:
    """
    Assign homes to cells; None if no counted home has a position.

    Parameters
    ----------
    x_m, y_m : float64, shape (homes,)
        Metres in `crs`; NaN where a position is missing.
    counted : bool, shape (homes,)
        Homes to assign.
    crs
        CRS of the positions.
    lattice
        Cells of a raster; None for squares sized by the spacing of the homes.
    """
    placed = np.flatnonzero(np.isfinite(x_m) & counted)
    if not len(placed):
        return None
    x, y = x_m[placed], y_m[placed]
    if lattice is None:
        lattice = Lattice.of_squares(np.column_stack([x, y]), crs)
    row, column = lattice.cells_at(x, y, crs)
    _, first, cell = np.unique(cell_keys(row, column), return_index=True, return_inverse=True)
    of_home = np.full(len(x_m), -1, np.int64)
    of_home[placed] = cell
    return Cells(of_home, placed[first], x[first], y[first], row[first], column[first], lattice)


@once
def inhabited_cells(result: StudyResult) -> Cells | None:
    """Assign the homes inside the area to cells; None if none of them has a position."""
    demand, raster = result.demand, result.population.grid
    lattice = None if raster is None else Lattice(raster.crs, raster.affine)
    x, y = demand[c.X_M].to_numpy(float), demand[c.Y_M].to_numpy(float)
    return gathered(x, y, demand[c.IN_AREA].to_numpy(bool), result.crs, lattice)


@once
def street_links(result: StudyResult) -> StreetLinks | None:
    """Find the streets in and beside the inhabited cells; None without cells."""
    cells = inhabited_cells(result)
    return None if cells is None else cells.street_links(result.network)


def edge_of_homes(result: StudyResult, homes: Ints) -> Ints:
    """Return the edge of the usual streets that some demand points join; -1 for none."""
    return edges_of_ids(result.network, result.demand[c.EDGE_ID].to_numpy(dtype=object)[homes])


def edges_of_ids(network: WalkNetwork, ids: npt.NDArray[np.object_]) -> Ints:
    """Return the edges that have some ids; -1 where there is no id, or no edge has it."""
    ways = {int(one.partition(":")[0]) for one in set(ids.tolist()) if isinstance(one, str)}
    among = np.flatnonzero(np.isin(network.way_id, list(ways)))
    found = pd.Index(network.ids_of(among), dtype=object).get_indexer(pd.Index(ids, dtype=object))
    return np.append(among, -1)[found]  # of which -1 is the last


def zone_names(result: StudyResult, homes: Ints) -> list[tuple[str, ...]]:
    """Return subdistrict and community name of demand points; empty text where there is none."""
    parts = []
    for layer, key in (
        (result.area.streets, c.STREET_ID),
        (result.area.communities, c.COMMUNITY_ID),
    ):
        names = dict(zip(layer[c.ZONE_ID], layer[c.NAME], strict=True))
        ids = result.demand[key].to_numpy(dtype=object)[homes]
        parts.append([names.get(one) or "" for one in ids])
    return list(zip(*parts, strict=True))
