"""Service areas of sites, from the same walking times by which people are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.access.areas.site_areas import CELL_M, drawing_over, site_areas
from circle15.errors import InputDataError
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.frames import require_word
from circle15.inputs.shapes import multipoint
from circle15.inputs.tables.column_kinds import typed
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.homes_and_sites import judge_of, sites_of
from circle15.workflow.frames.settings import exact, walk_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk
    from circle15.workflow.frames.homes_and_sites import JudgedSites
    from circle15.workflow.frames.settings import Direction, Number

Owner = Literal["facility", "category"]


def service_areas(
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    cutoffs_min: Sequence[int] = (5, 10, 15),
    by: Owner = "facility",
    cell_m: Number = CELL_M,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """
    Return the area from which each open site, or any of a category, is reached in each cutoff.

    Areas are for drawing; people are counted at their homes, by `coverage`.

    Parameters
    ----------
    sites
        Points in any CRS. Optional columns: `facility_id` (by default the index; converted to
        text), `category`, `open` and `position_unsure` (True or False; by default open and not
        unsure). Only open sites count.
    network
        From `read_network` or `network_from_graph`.
    cutoffs_min
        Whole minutes, ascending, up to 60, each inclusive.
    by
        An area for each site (`facility`), or for all sites of a category together (`category`;
        without sites whose position is unsure).
    cell_m
        Cell size of the raster from which areas are drawn, metres; enlarged if there were too
        many cells.
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight access leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the access leg as a factor of the walking speed.
    judge
        Time from home to site (`outbound`), or there and back together (`round_trip`).
    entrances
        Points with the `facility_id` of their site, which is reached at the nearest entrance.

    Returns
    -------
    Polygons, with holes, in the CRS of the sites. By facility a row per open site and cutoff,
    with the caller's index repeated: `facility_id`, `category`, `cutoff_min`, `geometry`; by
    category without `facility_id`. `geometry` is null for an unsnapped site, and empty if no
    place is in reach.

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If a geometry is not a point, an id is repeated, or a parameter is out of range.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 502e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> def points(ids, x):
    ...     place = gpd.points_from_xy(x, [3490010, 3490010])
    ...     return gpd.GeoDataFrame(index=ids, geometry=place, crs="EPSG:4549")
    >>> sites = points(["clinic", "canteen"], [500100, 501000])
    >>> areas = c15.service_areas(sites, network, cutoffs_min=[5, 10])
    >>> areas[["facility_id", "cutoff_min"]].to_numpy().tolist()
    [['clinic', 5], ['clinic', 10], ['canteen', 5], ['canteen', 10]]
    >>> bool(areas.contains(sites.geometry["clinic"]).iloc[0])
    True
    """
    require_word("by", by, get_args(Owner))
    walk = walk_of(
        network,
        speed_m_s=speed_m_s,
        cutoffs_min=cutoffs_min,
        max_snap_m=max_snap_m,
        access_speed_factor=access_speed_factor,
        judge=judge,
    )
    cell = float(exact("cell_m", cell_m))
    if not cell > 0:
        raise InputDataError(f"is {cell_m}.", file="cell_m", mend="It must be greater than 0.")
    goals = sites_of(sites, network, walk, entrances=entrances)
    judging = judge_of(network, goals.sites, walk)
    every, _ = goals.sites.goals(np.arange(len(goals.sites.table)))
    over = _around(goals, network, walk)
    drawing = drawing_over(over, network, judging, judging.positions(every), cell_m=cell)
    limits = [judging.limit_ms(cutoff) for cutoff in walk.cutoffs_min]
    rows: list[tuple[int, str, BaseGeometry | None, int]] = []
    if by == "facility":
        own = site_areas(drawing, goals.sites, judging.positions, goals.categories, limits)
        for row in np.argsort(goals.origin).tolist():
            if not goals.sites.table[c.OPEN].iloc[row]:
                continue
            place = own.place.get(row)
            for k, cutoff in enumerate(walk.cutoffs_min):
                rows.append((row, "", None if place is None else own.areas[place][k], cutoff))
    else:
        places = {
            category: judging.positions(goals.sites.goals(goals.sites.rows(category, sure=True))[0])
            for category in goals.categories
        }
        drawn = drawing.dissolved(places, {one: [one] for one in places}, limits)
        rows += [
            (-1, category, area, cutoff)
            for category, areas in drawn.items()
            for cutoff, area in zip(walk.cutoffs_min, areas, strict=True)
        ]
    return _frame(rows, goals, sites, network)


def _frame(
    rows: Sequence[tuple[int, str, BaseGeometry | None, int]],
    goals: JudgedSites,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
) -> gpd.GeoDataFrame:
    """Assemble areas as a layer in the CRS of the sites."""
    site = np.array([row for row, *_ in rows], np.int64)
    table = goals.sites.table
    found: dict[str, object] = {}
    index: pd.Index = pd.RangeIndex(len(rows))
    if (site >= 0).all():
        found[c.FACILITY_ID] = table[c.FACILITY_ID].to_numpy(dtype=object)[site]
        found[c.CATEGORY] = table[c.CATEGORY].to_numpy(dtype=object)[site]
        index = sites.index[goals.origin[site]]
    else:
        found[c.CATEGORY] = [category for _, category, _, _ in rows]
    found[c.CUTOFF_MIN] = [cutoff for *_, cutoff in rows]
    shapes = np.array([area for _, _, area, _ in rows], dtype=object)
    assert sites.crs is not None  # points without a CRS are refused earlier
    moved = project(shapes, network.crs, sites.crs)
    frame = typed(pd.DataFrame(found, index=index))
    return gpd.GeoDataFrame(frame, geometry=moved, crs=sites.crs)


def _around(goals: JudgedSites, network: WalkNetwork, walk: Walk) -> BaseGeometry:
    """Return the area to draw in: around the sites, within the extent of the network."""
    over = shapely.buffer(network.extent, float(walk.max_snap_m))
    x, y, _ = goals.sites.places(np.arange(len(goals.sites.table)))
    placed = np.isfinite(x)
    if not placed.any():
        return over
    # Twice the distance walked on the level, as walking downhill is faster.
    reach_m = 2.0 * walk.reach_m * max(1.0, float(walk.access_speed_factor))
    near = shapely.intersection(over, shapely.buffer(multipoint(x[placed], y[placed]), reach_m))
    return over if near.is_empty else near
