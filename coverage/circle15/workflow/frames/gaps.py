"""Gap areas of a coverage table: contiguous cells with people in the gap."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from circle15.access.states import State
from circle15.errors import InputDataError
from circle15.inputs.demand.count_rasters import CountRaster
from circle15.inputs.frames import metric_crs, people_of, points_in, require_once
from circle15.inputs.tables.column_kinds import typed
from circle15.network.snapping import snap_to_network
from circle15.planning.gaps.gap_areas import gap_areas as ranked
from circle15.planning.lattice import Lattice
from circle15.results.gaps.gap_cells import gathered
from circle15.results.gaps.gap_places import medians_ms
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.covering import judged_groups
from circle15.workflow.frames.settings import exact, walk_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats
    from circle15.network.walk_network import WalkNetwork
    from circle15.workflow.frames.settings import Number


def gap_areas(
    coverage: pd.DataFrame,
    homes: gpd.GeoDataFrame,
    *,
    category: str | None = None,
    cutoff_min: int | None = None,
    persons: str = c.PERSONS,
    raster: Path | str | None = None,
    network: WalkNetwork | None = None,
    max_snap_m: Number = 200,
    circle_m: Number | None = None,
) -> gpd.GeoDataFrame:
    """
    Join touching cells with people in the gap into areas, ranked by their people.

    Parameters
    ----------
    coverage
        From `coverage`, at one speed.
    homes
        The homes that were judged: points in any CRS, matched by index.
    category
        The category that is lacking, or `any` or `all`; None if the coverage has only one.
    cutoff_min
        A cutoff of the coverage; None for its longest.
    persons
        Column of `homes` with the people of each, 0 or more, never null.
    raster
        Raster whose cells are joined: the one from which the homes were read. None for squares of
        100 m or more, sized by the spacing of the homes.
    network
        The streets: cells are then joined only if streets in or beside cells in the gap connect
        them. None to join all that touch.
    max_snap_m
        Longest straight leg from a home to the streets, metres, inclusive.
    circle_m
        Radius of a service circle, metres, such as 900 for 15 minutes at 1 m/s: larger areas are
        split until each fits into one. None to split none. A run uses both.

    Returns
    -------
    An area per row in the CRS of the homes, most people first: `rank` (1 has most people),
    `persons` in the gap, `homes` with such people, `time_s` (within which half of the people reach
    the nearest site; null beyond 60 minutes, and for `any` and `all`) and `geometry` (its cells).
    Persons sum to those of `count_people`, except homes without a geometry.

    Raises
    ------
    CrsError
        If the homes have no CRS, or lie outside its area of use.
    InputDataError
        If the coverage has several categories and none is given, lacks the one given, or does not
        match the homes; if `circle_m` is not greater than 0.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> place = gpd.points_from_xy([500010, 500110, 500910], [3490010, 3490010, 3490010])
    >>> homes = gpd.GeoDataFrame({"persons": [2, 3, 9]}, geometry=place, crs="EPSG:4549")
    >>> judged = pd.DataFrame(
    ...     {"category": "medical", "speed_m_s": 1.0, "cutoff_min": 15, "state": "gap",
    ...      "time_s": [950.0, 1000.0, None]})
    >>> c15.gap_areas(judged, homes)[["rank", "persons", "homes", "time_s"]]
       rank  persons  homes  time_s
    0     1      9.0      1     NaN
    1     2      5.0      2  1000.0
    """
    radius_m = None if circle_m is None else float(exact("circle_m", circle_m))
    if radius_m is not None and radius_m <= 0:
        raise InputDataError(f"is {circle_m}.", file="circle_m", mend="It must be greater than 0.")
    weight = people_of(homes, persons, "homes")
    require_once(list(homes.index), "homes", "Call reset_index(drop=True), or drop duplicates.")
    chosen = _chosen(coverage, category, cutoff_min)
    groups = list(judged_groups(chosen, homes))
    if len(groups) > 1:
        raise InputDataError(
            "has several speeds.", file="coverage", mend="Pass the rows of one speed."
        )
    crs = metric_crs(homes, "homes")
    x, y = points_in(homes, crs, "homes")
    micro = np.zeros(len(homes), np.int64)
    time_ms = np.full(len(homes), np.inf)
    for _, home, state in groups:
        micro[home] = np.where(state == State.GAP, weight[home], 0)
        time_ms[home] = _milliseconds(chosen)
    cells = gathered(x, y, np.ones(len(homes), np.bool_), crs, _lattice(raster))
    if cells is None:
        return _layer([], [], np.zeros((0, 2)), homes)
    inside = np.flatnonzero((cells.of_home >= 0) & (micro > 0))
    people = np.zeros(len(cells.home), np.int64)
    np.add.at(people, cells.of_home[inside], micro[inside])
    linked = cells.touching
    if network is not None:
        at_m = points_in(homes.iloc[inside], network.crs, "homes")
        limit_m = float(walk_of(network, max_snap_m=max_snap_m).max_snap_m)
        edge = snap_to_network(*at_m, network, max_snap_m=limit_m).edge
        links = cells.street_links(network)
        linked = links.linked(linked, cells.of_home[inside], edge, len(people))
    rank, total = ranked(people, linked, place=cells.place, circle_m=radius_m)
    mine = np.flatnonzero(rank > 0)
    area = rank[cells.of_home[inside]] - 1
    assert homes.crs is not None  # points without a CRS are refused earlier
    outlines = cells.lattice.outlines(
        cells.row[mine], cells.column[mine], rank[mine] - 1, len(total), homes.crs
    )
    half_ms = medians_ms(area, micro[inside], time_ms[inside], len(total))
    n = np.bincount(area, minlength=len(total))
    figures = np.column_stack([total / c.MICRO, np.array(half_ms) / 1000])
    return _layer(outlines, n.tolist(), figures, homes)


def _layer(
    outlines: Sequence[BaseGeometry], n: list[int], figures: Floats, homes: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    table = {
        c.RANK: np.arange(1, len(n) + 1),
        c.PERSONS: figures[:, 0],
        c.HOMES: np.array(n, np.int64),
        c.TIME_S: np.where(np.isfinite(figures[:, 1]), figures[:, 1], np.nan),
    }
    frame = typed(pd.DataFrame(table))
    return gpd.GeoDataFrame(frame, geometry=np.array(outlines, dtype=object), crs=homes.crs)


def _chosen(coverage: pd.DataFrame, category: str | None, cutoff: int | None) -> pd.DataFrame:
    """Return the rows of one category and cutoff."""
    for name in (c.CATEGORY, c.CUTOFF_MIN):
        if name not in coverage:
            raise InputDataError(
                f"has no column {name!r}.", file="coverage", mend="Pass the table from `coverage`."
            )
    categories = list(dict.fromkeys(coverage[c.CATEGORY]))
    if category is None and len(categories) > 1:
        mend = f"Use one of {', '.join(map(str, categories))}."
        raise InputDataError("is required.", file=c.CATEGORY, mend=mend)
    cutoffs = sorted(set(coverage[c.CUTOFF_MIN]))
    found = coverage
    for key, wanted, known in (
        (c.CATEGORY, category, categories),
        (c.CUTOFF_MIN, cutoff, cutoffs),
    ):
        if wanted is not None and wanted not in known:
            mend = f"Use one of {', '.join(map(str, known))}."
            raise InputDataError(f"{wanted!r} is not in the coverage.", file=key, mend=mend)
        if known:
            found = found[found[key] == (known[-1] if wanted is None else wanted)]
    return found


def _milliseconds(chosen: pd.DataFrame) -> Floats:
    """Return the times of rows in milliseconds; infinite where null."""
    if c.TIME_S not in chosen:
        return np.full(len(chosen), np.inf)
    time_s = chosen[c.TIME_S].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(time_s), np.inf, np.round(time_s * 1000))


def _lattice(raster: Path | str | None) -> Lattice | None:
    """Return the cell lattice of a raster; None without a raster."""
    if raster is None:
        return None
    with ExitStack() as stack:
        grid = CountRaster(Path(raster), "count", stack).grid
    return Lattice(grid.crs, grid.affine)
