"""Homes and sites of a caller, snapped to a network as those of a study are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from circle15.access.joining.joined_network import doors_of, joined_sites
from circle15.access.judging import Judge
from circle15.errors import InputDataError
from circle15.inputs.frames import area_in, flags_of, ids_of, points_in, require_once
from circle15.network.snapping import snap_to_network
from circle15.network.topology.compounds import walked_network
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import known_categories
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.sites import Sites
    from circle15.arrays import Floats, Ints
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk

    Layer = gpd.GeoDataFrame | gpd.GeoSeries
    Covers = Layer | Mapping[str, Layer] | None

FACILITY: Final = "facility"
"""Category of sites without a category."""
WHEREABOUTS: Final = "whereabouts"
"""Column of sites: polygon in which a site without a geometry lies."""


@dataclass(frozen=True)
class Homes:
    """
    Homes of a caller, in the caller's order.

    Attributes
    ----------
    index
        The caller's index.
    ids
        Unique ids, text.
    x_m, y_m
        Metres in the CRS of the network; NaN without a geometry.
    snaps
        Snapped positions on the network.
    """

    index: pd.Index
    ids: list[str]
    x_m: Floats
    y_m: Floats
    snaps: Snaps


@dataclass(frozen=True)
class JudgedSites:
    """
    Sites of a caller, sorted by (`facility_id`, `category`).

    Attributes
    ----------
    sites
        The sites, snapped to the network.
    origin : int64, shape (sites,)
        Row of each site in the caller's frame.
    categories
        Categories that occur, in the order of the vocabulary, then of the frame.
    """

    sites: Sites
    origin: Ints
    categories: list[str]

    @property
    def ids(self) -> pd.Series:
        """Ids of the sites, in the order of the table."""
        return self.sites.table[c.FACILITY_ID]


def homes_of(homes: gpd.GeoDataFrame, network: WalkNetwork, walk: Walk) -> Homes:
    """
    Read homes and snap them to the network.

    Raises
    ------
    InputDataError
        If they are not points with a CRS, or an id or index label is repeated.
    """
    x_m, y_m = points_in(homes, network.crs, "homes")
    require_once(list(homes.index), "homes", "Call reset_index(drop=True), or drop duplicates.")
    ids = ids_of(homes, c.DEMAND_ID, "homes")
    require_once(ids, "homes", f"Give each home a unique {c.DEMAND_ID}.")
    snaps = snap_to_network(x_m, y_m, network, max_snap_m=float(walk.max_snap_m))
    return Homes(homes.index, ids, x_m, y_m, snaps)


def sites_of(
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    walk: Walk,
    *,
    covers: Covers = None,
    entrances: gpd.GeoDataFrame | None = None,
    more: Mapping[str, Any] | None = None,
    what: str = "sites",
) -> JudgedSites:
    """
    Read sites and snap them to the network, at their entrances if they have any.

    Parameters
    ----------
    sites
        Points in any CRS.
    network
        Network to snap to.
    walk
        Walking settings.
    covers
        Where the list of sites is complete; None for the extent of the network.
    entrances
        Points with the `facility_id` of their site.
    more
        Further columns of the table, in the order of the frame.
    what
        Name of the parameter, for messages.

    Raises
    ------
    InputDataError
        If they are not points with a CRS, an id is repeated in a category, or an entrance belongs
        to no site.
    """
    x_m, y_m = points_in(sites, network.crs, what)
    ids = ids_of(sites, c.FACILITY_ID, what)
    category = _categories(sites, what)
    require_once(
        [
            own if one == FACILITY else f"{own} ({one})"
            for own, one in zip(ids, category, strict=True)
        ],
        what,
        f"Give each site a unique {c.FACILITY_ID}, or drop duplicates.",
    )
    table = pd.DataFrame(
        {
            c.FACILITY_ID: pd.Series(ids, dtype=object),
            c.CATEGORY: pd.Series(category, dtype=object),
            c.X_M: x_m,
            c.Y_M: y_m,
            c.OPEN: flags_of(sites, c.OPEN, what, default=True),
            c.POSITION_UNSURE: flags_of(sites, c.POSITION_UNSURE, what, default=False),
        }
    ).assign(**(more or {}))
    doors = {} if entrances is None else _entrances(entrances, network.crs, set(ids))
    for own, points in doors.items():
        table.loc[(table[c.FACILITY_ID] == own) & table[c.X_M].isna(), [c.X_M, c.Y_M]] = points[0]
    table = table.sort_values([c.FACILITY_ID, c.CATEGORY])
    origin = table.index.to_numpy(np.int64)
    table = table.reset_index(drop=True)
    found = list(dict.fromkeys(category))
    known = [one for one in known_categories() if one in found]
    categories = [*known, *(one for one in found if one not in known)]
    joined = joined_sites(
        table,
        doors_of(table, doors),
        _covers(covers, categories, network),
        network,
        walk,
        whereabouts=_whereabouts(sites, table, origin, network.crs),
    )
    return JudgedSites(joined, origin, categories)


def judge_of(network: WalkNetwork, sites: Sites, walk: Walk) -> Judge:
    """Return the judge of walking times on a network, under its own rule for compounds."""
    walked = walked_network(network, network.gated)
    travel = TravelNetwork.from_network(walked)
    return Judge(walked, travel, sites, walk, walk.speed_m_s, whole=network)


def _categories(sites: gpd.GeoDataFrame, what: str) -> list[str]:
    if c.CATEGORY not in sites:
        return [FACILITY] * len(sites)
    told = sites[c.CATEGORY]
    if told.isna().any():
        raise InputDataError(
            f"is null in {int(told.isna().sum()):,} rows.",
            file=what,
            column=c.CATEGORY,
            mend="Give each site a category.",
        )
    return [str(one) for one in told]


def _entrances(
    entrances: gpd.GeoDataFrame, crs: CRS, known: set[str]
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return entrances (x, y in metres) by the id of their site."""
    x_m, y_m = points_in(entrances, crs, "entrances")
    if c.FACILITY_ID not in entrances:
        raise InputDataError(
            "is not among the columns.",
            file="entrances",
            column=c.FACILITY_ID,
            mend="Add the id of each entrance's site.",
        )
    found: dict[str, list[tuple[float, float]]] = {}
    ids = ids_of(entrances, c.FACILITY_ID, "entrances")
    for own, x, y in zip(ids, x_m.tolist(), y_m.tolist(), strict=True):
        if own not in known:
            raise InputDataError(
                f"{own!r} is not the id of a site.",
                file="entrances",
                column=c.FACILITY_ID,
                mend="Correct it.",
            )
        if x == x:
            found.setdefault(own, []).append((x, y))
    return {own: tuple(points) for own, points in found.items()}


def _covers(covers: Covers, categories: list[str], network: WalkNetwork) -> dict[str, BaseGeometry]:
    """Return where the list of each category is complete; by default the network's extent."""
    if covers is None:
        return dict.fromkeys(categories, network.extent)
    if isinstance(covers, gpd.GeoDataFrame | gpd.GeoSeries):
        return dict.fromkeys(categories, area_in(covers, network.crs, "covers"))
    missing = [one for one in categories if one not in covers]
    if missing:
        raise InputDataError(
            f"has no entry for {', '.join(missing)}.",
            file="covers",
            mend="Add where the list of each category is complete.",
        )
    shapes = {id(one): area_in(one, network.crs, "covers") for one in covers.values()}
    return {one: shapes[id(covers[one])] for one in categories}


def _whereabouts(
    sites: gpd.GeoDataFrame, table: pd.DataFrame, origin: Ints, crs: CRS
) -> dict[int, BaseGeometry | None]:
    """Return where open sites without a geometry may be, by row of the table; None if anywhere."""
    rows = np.flatnonzero(table[c.OPEN].to_numpy(bool) & table[c.X_M].isna().to_numpy())
    if WHEREABOUTS not in sites:
        return dict.fromkeys(rows.tolist())
    told = sites[WHEREABOUTS].to_numpy(dtype=object)[origin]
    found: dict[int, BaseGeometry | None] = {}
    for row in rows.tolist():
        place = gpd.GeoSeries([told[row]], crs=sites.crs)
        found[row] = None if place.isna().all() else area_in(place, crs, WHEREABOUTS)
    return found
