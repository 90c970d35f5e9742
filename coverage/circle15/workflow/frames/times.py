"""Walking times between homes and sites of a caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.inputs.tables.column_kinds import typed
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.homes_and_sites import homes_of, judge_of, sites_of
from circle15.workflow.frames.settings import walk_of

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.access.joining.sites import Sites
    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.workflow.frames.settings import Direction, Number


MS_PER_S = 1000


def nearest_facility(
    homes: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    horizon_min: int = 60,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Return the nearest open site of each home, of any category, and the walking time to it.

    Parameters
    ----------
    homes
        Points in any CRS, shape (n,). The index, and `demand_id` if there is such a column, must
        be unique. A geometry may be null; such a home reaches no site.
    sites
        Points in any CRS. Optional columns: `facility_id` (by default the index; converted to
        text), `category`, `open` and `position_unsure` (True or False; by default open and not
        unsure). Only open sites count.
    network
        From `read_network` or `network_from_graph`.
    horizon_min
        Longest time searched, whole minutes up to 60, inclusive; twice that for a round trip.
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
    A row per home, with the caller's index: `facility_id` and `time_s` (seconds, exact to the
    millisecond, including both access legs); null if no site is within the horizon, not counting
    sites whose position is unsure. Of sites at equal times the smaller id, as text, is returned.

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
    >>> homes = points(["a", "b"], [500400, 501100])
    >>> sites = points(["clinic", "canteen"], [500100, 501000])
    >>> c15.nearest_facility(homes, sites, network)
      facility_id  time_s
    a      clinic   320.0
    b     canteen   120.0
    """
    walk = walk_of(
        network,
        speed_m_s=speed_m_s,
        cutoffs_min=(horizon_min,),
        max_snap_m=max_snap_m,
        access_speed_factor=access_speed_factor,
        judge=judge,
    )
    origins = homes_of(homes, network, walk)
    goals = sites_of(sites, network, walk, entrances=entrances)
    judging = judge_of(network, goals.sites, walk)
    found = judging.nearest(
        judging.positions(origins.snaps), _open_once(goals.sites, sure=True), walk.circle_min
    )
    ids = np.append(goals.ids.to_numpy(dtype=object), [None])
    table = {c.FACILITY_ID: ids[found.destination], c.TIME_S: seconds(found.time_ms)}
    return typed(pd.DataFrame(table, index=origins.index))


def od_times(
    homes: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    cutoff_min: int = 15,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Return every pair of a home and an open site within a cutoff, with the walking time.

    Parameters
    ----------
    homes
        Points in any CRS, shape (n,). The index, and `demand_id` if there is such a column, must
        be unique. A geometry may be null; such a home reaches no site.
    sites
        Points in any CRS. Optional columns: `facility_id` (by default the index; converted to
        text), `category`, `open` and `position_unsure` (True or False; by default open and not
        unsure). Only open sites count.
    network
        From `read_network` or `network_from_graph`.
    cutoff_min
        Longest time, whole minutes up to 60, inclusive; twice that for a round trip.
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
    A row per pair, sorted by home and time: `demand_id`, `facility_id`, `time_s` (seconds,
    including both access legs). The index is that of the homes, repeated. Pairs beyond the cutoff
    are left out.

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
    >>> homes = points(["a", "b"], [500400, 501100])
    >>> sites = points(["clinic", "canteen"], [500100, 501000])
    >>> c15.od_times(homes, sites, network)
      demand_id facility_id  time_s
    a         a      clinic   320.0
    a         a     canteen   620.0
    b         b     canteen   120.0
    """
    walk = walk_of(
        network,
        speed_m_s=speed_m_s,
        cutoffs_min=(cutoff_min,),
        max_snap_m=max_snap_m,
        access_speed_factor=access_speed_factor,
        judge=judge,
    )
    origins = homes_of(homes, network, walk)
    goals = sites_of(sites, network, walk, entrances=entrances)
    judging = judge_of(network, goals.sites, walk)
    rows = _open_once(goals.sites, sure=False)
    search = judging.catchments(judging.positions(origins.snaps), rows)
    nothing = np.empty(0, np.int64)
    home, site, ms = [nothing], [nothing], [nothing]
    for part in search.stream():
        home.append(part.points.astype(np.int64))
        site.append(np.repeat(rows[part.destinations], np.diff(part.offsets)))
        ms.append(part.ms.astype(np.int64))
    home_row, site_row, time_ms = map(np.concatenate, (home, site, ms))
    order = np.lexsort((site_row, time_ms, home_row))
    own = home_row[order]
    table = {
        c.DEMAND_ID: np.array(origins.ids, dtype=object)[own],
        c.FACILITY_ID: goals.ids.to_numpy(dtype=object)[site_row[order]],
        c.TIME_S: seconds(time_ms[order]),
    }
    return typed(pd.DataFrame(table, index=origins.index[own]))


def seconds(time_ms: Ints) -> Floats:
    """Convert milliseconds to seconds; -1 (not reached) becomes NaN."""
    found: Floats = np.where(time_ms < 0, np.nan, time_ms / MS_PER_S)
    return found


def _open_once(sites: Sites, *, sure: bool) -> Ints:
    """Return the rows of the open sites, one per id, in order of ids."""
    table = sites.table
    wanted = table[c.OPEN].to_numpy(bool)
    if sure:
        wanted = wanted & ~table[c.POSITION_UNSURE].to_numpy(bool)
    rows = np.flatnonzero(wanted)
    return rows[~table[c.FACILITY_ID].iloc[rows].duplicated().to_numpy()]
