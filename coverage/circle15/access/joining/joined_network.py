"""The streets open to a walking profile, and where homes and facilities join them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.access.joining.sites import Doors, Sites
from circle15.network.joining_across import breaks_between_pieces
from circle15.network.snapping import Snaps, snap_to_network
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study, Walk


@dataclass(frozen=True)
class Streets:
    """The streets open to a walking profile, and where homes and facilities join them."""

    network: WalkNetwork
    demand_snaps: Snaps
    sites: Sites


def snapped(table: pd.DataFrame, network: WalkNetwork, max_snap_m: Decimal) -> Snaps:
    """Snap the points of a table (`x_m`, `y_m`) to the streets, within `max_snap_m`."""
    x_m, y_m = table[c.X_M].to_numpy(), table[c.Y_M].to_numpy()
    return snap_to_network(x_m, y_m, network, max_snap_m=float(max_snap_m))


def snapped_again(
    table: pd.DataFrame,
    network: WalkNetwork,
    max_snap_m: Decimal,
    before: tuple[pd.DataFrame, Snaps],
) -> Snaps:
    """
    Snap homes of which many have been snapped to the same streets before.

    `before` are those and where they join: a home with the same id stands where it did.
    """
    row = pd.Index(before[0][c.DEMAND_ID]).get_indexer(pd.Index(table[c.DEMAND_ID]))
    new = np.flatnonzero(row < 0)
    row[new] = len(before[0]) + np.arange(len(new))
    return before[1].followed_by(snapped(table.iloc[new], network, max_snap_m)).take(row)


def snap_columns(snaps: Snaps, network: WalkNetwork) -> dict[str, Any]:
    """
    Return where points join the network as columns of a table, in the order of the points.

    Returns
    -------
    `edge_id`, `fraction` and `access_m` (metres), null where a point has not joined; `snap_code`;
    `barrier` and `barrier_kind`, null where no barrier is met.
    """
    names = network.barrier_names(snaps.barrier)
    return {
        c.EDGE_ID: network.ids_of(snaps.edge),
        c.FRACTION: snaps.fraction,
        c.ACCESS_M: np.where(snaps.joined, snaps.access_mm / 1000, np.nan),
        c.SNAP_CODE: np.array([str(code) for code in snaps.code], dtype=object),
        c.BARRIER: np.array([one and one[0] for one in names], dtype=object),
        c.BARRIER_KIND: np.array([one and one[1] for one in names], dtype=object),
    }


def joined_sites(
    facilities: pd.DataFrame,
    doors: tuple[Ints, Floats, Floats],
    covers: Mapping[str, BaseGeometry],
    network: WalkNetwork,
    walk: Walk,
    *,
    whereabouts: Mapping[int, BaseGeometry | None],
    before: Streets | None = None,
) -> Sites:
    """
    Join facilities to the streets, at their entrances where they have any.

    Parameters
    ----------
    facilities
        The facility table, with positions in the study CRS.
    doors
        Entrances: row of the facility table, ascending, and x and y, metres.
    covers
        Polygon in which the list of each category is complete, by category.
    whereabouts
        Area in which a facility without a position may be, by row; None for anywhere.
    before
        What has joined streets that may be these; then what has not moved joins where it did.
    """
    limit_m = float(walk.max_snap_m)
    if before is not None and before.network.differs_in_gates_alone(network):
        snaps, breaks = _snapped_again(facilities, before, walk), before.sites.breaks
    else:
        snaps = snapped(facilities, network, walk.max_snap_m)
        breaks = breaks_between_pieces(network, max_snap_m=limit_m)
    row, x_m, y_m = doors
    if not len(row):
        return Sites(facilities, snaps, covers, whereabouts=whereabouts, breaks=breaks)
    own = snap_to_network(x_m, y_m, network, max_snap_m=limit_m)
    # The row of a facility gets its first entrance that joins, else its first entrance.
    order = np.lexsort((np.arange(len(row)), ~own.joined, row))
    rows, first = np.unique(row[order], return_index=True)
    place = np.arange(len(facilities))
    place[rows] = len(facilities) + order[first]
    standing = snaps.followed_by(own).take(place)
    return Sites(facilities, standing, covers, Doors(row, x_m, y_m, own), whereabouts, breaks)


def _snapped_again(facilities: pd.DataFrame, before: Streets, walk: Walk) -> Snaps:
    """Snap facilities to streets to which others have been snapped, perhaps in the same places."""
    doors = before.sites.doors
    at_doors = set() if doors is None else set(doors.row.tolist())
    known = {
        place: row
        for row, place in enumerate(_positions(before.sites.table))
        if row not in at_doors  # joined at its entrance, not at its own position
    }
    row = np.array([known.get(place, -1) for place in _positions(facilities)], np.int64)
    new = np.flatnonzero(row < 0)
    snaps = before.sites.snaps.followed_by(
        snapped(facilities.iloc[new], before.network, walk.max_snap_m)
    )
    row[new] = len(before.sites.table) + np.arange(len(new))
    return snaps.take(row)


def _positions(table: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(table[c.X_M].tolist(), table[c.Y_M].tolist(), strict=True))


def doors_of(
    facilities: pd.DataFrame, entrances: Mapping[str, tuple[tuple[float, float], ...]]
) -> tuple[Ints, Floats, Floats]:
    """Return the entrances of the facilities of a table: row, x and y of each."""
    found = [
        (row, *point)
        for row, facility_id in enumerate(facilities[c.FACILITY_ID])
        for point in entrances.get(facility_id, ())
    ]
    columns = np.array(found, np.float64).reshape(-1, 3)
    return columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2]


def other_streets(
    study: Study,
    networks: Mapping[str, WalkNetwork],
    demand: pd.DataFrame,
    usual: Sites,
    *,
    before: Mapping[str, Streets],
    homes: pd.DataFrame,
) -> dict[str, Streets]:
    """
    Join homes and facilities to the streets of each profile that a group has of its own.

    `before` may have them as they were, as in `joined_sites`, of the `homes` then.
    """
    found = {}
    limit_m = study.walk.max_snap_m
    for profile, network in networks.items():
        old = before.get(profile)
        if old is None or not old.network.differs_in_gates_alone(network):
            snaps = snapped(demand, network, limit_m)
        elif homes is demand:
            snaps = old.demand_snaps
        else:
            snaps = snapped_again(demand, network, limit_m, (homes, old.demand_snaps))
        found[profile] = Streets(
            network,
            snaps,
            joined_sites(
                usual.table,
                _places(usual),
                usual.covers,
                network,
                study.walk,
                whereabouts=usual.whereabouts,
                before=old,
            ),
        )
    return found


def _places(sites: Sites) -> tuple[Ints, Floats, Floats]:
    doors = sites.doors
    nothing = np.empty(0)
    if doors is None:
        return nothing.astype(np.int64), nothing, nothing
    return doors.row, doors.x_m, doors.y_m


def not_joined(
    study: Study, demand: pd.DataFrame, usual: Streets, others: Mapping[str, Streets]
) -> list[Finding]:
    """Report, by group with its own profile, the homes that join only the usual streets."""
    findings = []
    inside = demand[c.IN_AREA].to_numpy(bool)
    for group, profile in study.walk.profiles.items():
        theirs = others.get(profile, usual)
        weight = demand[c.weight_column(group)].to_numpy()
        lost = inside & usual.demand_snaps.joined & ~theirs.demand_snaps.joined & (weight > 0)
        sites = int((usual.sites.snaps.joined & ~theirs.sites.snaps.joined).sum())
        if not (lost.any() or sites):
            continue
        people = int(weight[lost].sum())
        detail = {
            "group": group,
            "profile": profile,
            "homes": f"{int(lost.sum()):,}",
            "people": f"{people / c.MICRO:,.1f}",
            "sites": f"{sites:,}",
        }
        judged = people if group == study.demand.group else None
        file = next(one.file_name for one in study.demand.layers if one.group == group)
        findings.append(
            Finding("PROFILE_NOT_JOINED", "warning", file, persons_micro=judged, detail=detail)
        )
    return findings
