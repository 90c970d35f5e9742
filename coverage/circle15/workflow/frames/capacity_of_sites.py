"""Supply per person, and people served by sites of limited capacity, for GeoDataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.assignment.assigning import assigned
from circle15.access.assignment.classes import served_by_zone
from circle15.access.assignment.serving import WAYS
from circle15.access.states import State
from circle15.access.supply.floating import METHODS, Walking
from circle15.access.supply.floating import floating_catchment as shared_supply
from circle15.errors import InputDataError
from circle15.inputs.frames import people_of, require_word
from circle15.inputs.tables.column_kinds import typed
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.decay import Decay
from circle15.workflow.frames.amounts import amounts_of, each_asks
from circle15.workflow.frames.homes_and_sites import homes_of, judge_of, sites_of
from circle15.workflow.frames.settings import exact, walk_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from circle15.access.assignment.serving import Way
    from circle15.access.judging import Judge
    from circle15.access.supply.floating import Method
    from circle15.arrays import Codes
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk
    from circle15.workflow.frames.homes_and_sites import Homes
    from circle15.workflow.frames.settings import Direction, Number

    Layer = gpd.GeoDataFrame | gpd.GeoSeries


def floating_catchment(
    homes: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    supply: str = c.CAPACITIES[0],
    method: Method = "2sfca",
    cutoff_min: int = 15,
    steps: Mapping[int, float] | None = None,
    persons: str = c.PERSONS,
    covers: Layer | None = None,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Compute supply per person within the circle, by a floating catchment method.

    Parameters
    ----------
    homes
        Points in any CRS, shape (n,), with a column of people. Their index, and `demand_id` if
        there is such a column, must be unique.
    sites
        Points in any CRS, of one category, with a column of what each offers. Optional columns as
        in `coverage`; only open sites count.
    network
        From `read_network` or `network_from_graph`.
    supply
        Column of `sites`: beds, meals or places, 0 or more; null means unknown, never 0. The supply
        of a site with an uncertain position counts as unknown.
    method
        `2sfca` (all walks within the cutoff have the same weight), `e2sfca` (weighted walks),
        `3sfca` (each person's demand is divided among sites), `m2sfca` (distant supply is used
        less, and part of it not at all) or `bfca` (neither demand nor level of service is
        inflated).
    cutoff_min
        The circle: whole minutes up to 60, inclusive; for round trips twice that.
    steps
        Weight (1 to 0) of walks by their largest minutes, ascending up to the cutoff; None for a
        Gaussian curve from 1 at 0 minutes to 0 at the cutoff. Not allowed with `2sfca`.
    persons
        Column of `homes`: people of each, 0 or more, never null.
    covers
        Where the list of sites is complete: polygons in any CRS; None for the network's extent.
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the leg as a factor of the walking speed.
    judge
        Time from home to the site (`outbound`), or there and back together (`round_trip`).
    entrances
        Points with the `facility_id` of their site, which is reached at the nearest of them.

    Returns
    -------
    One row per home, with the caller's index: `demand_id`, `supply_per_person` (units of the
    supply; 0 in a gap; null if it is unknown whether a site is in reach, or if a site in reach has
    unknown supply) and `at_least` (supply per person from known sites only, never null). `attrs`
    has `supply_reached` (supply of sites that people can reach), `supply_handed_out` (the sum of
    persons × `at_least`, equal to it for 2SFCA, E2SFCA and 3SFCA) and `idle` (ids of sites with
    supply that no people reach).

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If a supply is negative or not a number, sites have several categories, the steps do not
        ascend or their weights do not descend, or a parameter is out of range.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 502e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> def points(ids, x, **columns):
    ...     place = gpd.points_from_xy(x, [3490010] * len(x))
    ...     return gpd.GeoDataFrame(columns, index=ids, geometry=place, crs="EPSG:4549")
    >>> homes = points(["a", "b"], [500400, 501600], persons=[100, 200])
    >>> sites = points(["home 1", "home 2"], [500900, 501300], beds=[30, 10])
    >>> found = c15.floating_catchment(homes, sites, network)
    >>> found["supply_per_person"].round(4).to_dict(), found.attrs["supply_handed_out"]
    ({'a': 0.1, 'b': 0.15}, 40.0)
    """
    require_word("method", method, METHODS)
    found = _Reached.of(
        homes,
        sites,
        network,
        walk_of(
            network,
            speed_m_s=speed_m_s,
            cutoffs_min=(cutoff_min,),
            max_snap_m=max_snap_m,
            access_speed_factor=access_speed_factor,
            judge=judge,
        ),
        persons=persons,
        amount=supply,
        covers=covers,
        entrances=entrances,
    )
    amounts = np.array([np.nan if one is None else float(one) for one in found.amounts])
    decay = None
    if steps is not None:
        limits = [int(exact("steps", minutes, whole=True)) for minutes in steps]
        if any(not 0 < one <= cutoff_min for one in limits):
            mend = f"Give minutes above 0 and up to {cutoff_min}."
            raise InputDataError("is beyond the cutoff.", file="steps", mend=mend)
        decay = Decay.steps([found.judge.limit_ms(one) for one in limits], list(steps.values()))
    elif method != "2sfca":
        decay = Decay.gaussian(found.judge.horizon_ms)
    shared = shared_supply([found.walking], amounts, method=method, decay=decay)
    (access,), (beside,) = shared.access, shared.at_least
    unknown = beside | (found.state == State.UNKNOWN)
    table = typed(
        pd.DataFrame(
            {
                c.DEMAND_ID: np.array(found.homes.ids, dtype=object),
                c.SUPPLY_PER_PERSON: np.where(unknown, np.nan, access),
                c.AT_LEAST: access,
            },
            index=found.homes.index,
        )
    )
    table.attrs["supply_reached"] = shared.balance.supply_reached
    table.attrs["supply_handed_out"] = shared.balance.supply_handed_out
    table.attrs["idle"] = found.ids[shared.idle].tolist()
    return table


def assign_capacity(
    homes: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    per_person: Number,
    capacity: str = c.CAPACITIES[0],
    way: Way = "nearest_first",
    cutoff_min: int = 15,
    persons: str = c.PERSONS,
    covers: Layer | None = None,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Assign people to sites within the circle until the sites are full.

    Parameters
    ----------
    homes
        Points in any CRS, shape (n,), with a column of people. Their index, and `demand_id` if
        there is such a column, must be unique.
    sites
        Points in any CRS, of one category, with a column of capacity. Optional columns as in
        `coverage`; only open sites count.
    network
        From `read_network` or `network_from_graph`.
    per_person
        Units of capacity that one person needs, more than 0, such as 0.06 meals a day.
    capacity
        Column of `sites`: 0 or more; null means unknown, never 0. The capacity of a site with an
        uncertain position counts as unknown.
    way
        `nearest_first`: pairs of home and site are served in the order of time, site and home;
        `least_walk`: as many people as possible are served, with the least total walking time.
    cutoff_min
        The circle: whole minutes up to 60, inclusive; for round trips twice that.
    persons
        Column of `homes`: people of each, 0 or more, never null. They are counted in millionths.
    covers
        Where the list of sites is complete: polygons in any CRS; None for the network's extent.
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the leg as a factor of the walking speed.
    judge
        Time from home to the site (`outbound`), or there and back together (`round_trip`).
    entrances
        Points with the `facility_id` of their site, which is reached at the nearest of them.

    Returns
    -------
    One row per home, with the caller's index: `demand_id`, and the people who are `served`,
    `turned_away` (covered, and not served whatever the unknown capacities are), in a `gap` or
    `unknown` (state unknown, or served only if sites of unknown capacity have room for all). The
    four add up to the people exactly, in millionths. `attrs` has `assigned` (people served by
    site), `minutes_walked` (total of all served) and `least_minutes_walked` (least total for as
    many served; null with `nearest_first`).

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If a capacity is negative or not a number, sites have several categories, `per_person` is
        not above 0, or a parameter is out of range.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 502e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> def points(ids, x, **columns):
    ...     place = gpd.points_from_xy(x, [3490010] * len(x))
    ...     return gpd.GeoDataFrame(columns, index=ids, geometry=place, crs="EPSG:4549")
    >>> homes = points(["a", "b"], [500400, 501100], persons=[200, 150])
    >>> sites = points(["canteen"], [501000], meals_per_day=[25])
    >>> found = c15.assign_capacity(
    ...     homes, sites, network, capacity="meals_per_day", per_person=0.1)
    >>> found[["served", "turned_away", "gap", "unknown"]]
       served  turned_away  gap  unknown
    a   100.0        100.0  0.0      0.0
    b   150.0          0.0  0.0      0.0
    """
    require_word("way", way, WAYS)
    each = each_asks(per_person)
    found = _Reached.of(
        homes,
        sites,
        network,
        walk_of(
            network,
            speed_m_s=speed_m_s,
            cutoffs_min=(cutoff_min,),
            max_snap_m=max_snap_m,
            access_speed_factor=access_speed_factor,
            judge=judge,
        ),
        persons=persons,
        amount=capacity,
        covers=covers,
        entrances=entrances,
    )
    n = len(found.homes.ids)
    given = assigned([found.walking], found.homes.ids, found.amounts, per_person=each, way=way)
    shared = given.found
    classes = served_by_zone(
        found.state,
        found.walking.persons,
        shared.served[0],
        unserved=given.unserved[0],
        zone=np.arange(n),
        n_zones=n,
    )
    table = typed(
        pd.DataFrame(
            {
                c.DEMAND_ID: np.array(found.homes.ids, dtype=object),
                **{
                    name: np.array([getattr(one, name) for one in classes], np.int64) / c.MICRO
                    for name in (c.SERVED, c.TURNED_AWAY, c.GAP, c.UNKNOWN)
                },
            },
            index=found.homes.index,
        )
    )
    least = shared.least_person_ms
    table.attrs["assigned"] = dict(
        zip(found.ids.tolist(), (shared.at_site / c.MICRO).tolist(), strict=True)
    )
    table.attrs["minutes_walked"] = shared.person_ms / (c.MICRO * c.MS_PER_MIN)
    table.attrs["least_minutes_walked"] = (
        None if least is None else least / (c.MICRO * c.MS_PER_MIN)
    )
    return table


@dataclass(frozen=True)
class _Reached:
    """
    Homes, and the open sites within their reach.

    Attributes
    ----------
    walking
        People, and the search from the open sites.
    amounts
        What each open site offers; None if unknown or the position is uncertain.
    ids
        Ids of the open sites.
    state
        Code of `State` of each home.
    """

    homes: Homes
    judge: Judge
    walking: Walking
    amounts: list[Decimal | None]
    ids: np.ndarray
    state: Codes

    @classmethod
    def of(
        cls,
        homes: gpd.GeoDataFrame,
        sites: gpd.GeoDataFrame,
        network: WalkNetwork,
        walk: Walk,
        *,
        persons: str,
        amount: str,
        covers: Layer | None,
        entrances: gpd.GeoDataFrame | None,
    ) -> _Reached:
        """Join homes and sites to the network, and search."""
        origins = homes_of(homes, network, walk)
        people = people_of(homes, persons, "homes")
        stated = amounts_of(sites, amount, "sites")
        goals = sites_of(sites, network, walk, covers=covers, entrances=entrances)
        if len(goals.categories) != 1:
            what = f"have the categories {', '.join(goals.categories)}"
            found = f"{what}." if goals.categories else "are empty."
            raise InputDataError(found, file="sites", mend="Give the sites of one category.")
        judging = judge_of(network, goals.sites, walk)
        rows = goals.sites.rows(goals.categories[0], sure=False)
        search = judging.catchments(judging.positions(origins.snaps), rows)
        judged = judging.judge(origins.snaps, goals.categories, x_m=origins.x_m, y_m=origins.y_m)
        unsure = goals.sites.table[c.POSITION_UNSURE].to_numpy(bool)[rows].tolist()
        own = [stated[place] for place in goals.origin[rows].tolist()]
        return cls(
            origins,
            judging,
            Walking(search, people),
            [None if doubtful else one for one, doubtful in zip(own, unsure, strict=True)],
            goals.ids.to_numpy(dtype=object)[rows],
            judged[goals.categories[0]].states[walk.circle_min],
        )
