"""Sites that a scenario adds, closes, opens, moves or changes, and the links that it adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork

_FIELDS: Final = (c.NAME, c.STATUS, c.OPENED, c.OPEN, c.FLOOR_AREA_M2, *c.CAPACITIES)
_POSITION: Final = (c.X_M, c.Y_M)
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SiteChange:
    """
    A site, in one of its categories, that a scenario changes.

    Attributes
    ----------
    change
        `added`, `closed`, `opened`, `moved` or `changed`: the first that holds.
    fields
        Names of the fields that differ, `position` among them; empty for an added site.
    at, before
        Position in the scenario and today, metres in the study CRS; None without one.
    """

    facility_id: str
    category: str
    name: str
    change: str
    fields: tuple[str, ...]
    at: Spot | None
    before: Spot | None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link of a scenario as it is walked (study CRS), with its name and ellipsoidal length."""

    name: str
    length_m: float
    line: BaseGeometry


def site_changes(before: pd.DataFrame, after: pd.DataFrame) -> list[SiteChange]:
    """List the sites that differ between the facility table of a study and that of a scenario."""
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in sorted(new, key=lambda one: (one[1], one[0])):
        row, was = new[key], old.get(key)
        fields = () if was is None else _fields(was, row)
        if was is None or fields:
            spots = _spot(row), None if was is None else _spot(was)
            name = str(row[c.NAME] or "")
            found.append(SiteChange(*key, name, _change(was, row), fields, *spots))
    return found


def _by_key(table: pd.DataFrame) -> dict[tuple[str, str], dict[Any, Any]]:
    known = table[[c.FACILITY_ID, c.CATEGORY, *_POSITION, *_FIELDS]].astype(object)
    rows = known.where(known.notna(), None).to_dict("records")
    return {(row[c.FACILITY_ID], row[c.CATEGORY]): row for row in rows}


def _fields(was: Mapping[Any, Any], row: Mapping[Any, Any]) -> tuple[str, ...]:
    found = [name for name in _FIELDS if name != c.OPEN and was[name] != row[name]]
    return (*found, *(["position"] if _spot(was) != _spot(row) else []))


def _spot(row: Mapping[Any, Any]) -> Spot | None:
    x, y = (row[name] for name in _POSITION)
    return None if x is None or y is None else (float(x), float(y))


def _change(was: Mapping[Any, Any] | None, row: Mapping[Any, Any]) -> str:
    if was is None:
        return "added"
    if was[c.OPEN] != row[c.OPEN]:
        return "opened" if row[c.OPEN] else "closed"
    return "moved" if _spot(was) != _spot(row) else "changed"


def new_links(before: WalkNetwork, after: WalkNetwork) -> list[NewLink]:
    """List the ways that only the network of a scenario has, in the order of its file."""
    if after is before:
        return []
    first = int(before.way_id.min(initial=0))
    edges = np.flatnonzero(after.way_id < min(first, -1))  # links are numbered below all ways
    found = []
    for way in sorted(set(after.way_id[edges].tolist()), reverse=True):
        own = edges[after.way_id[edges] == way]
        nodes = np.r_[after.u[own], after.v[own[-1:]]]
        line: Any = shapely.linestrings(after.x_m[nodes], after.y_m[nodes])
        length_m = float(after.length_m[own].sum())
        found.append(NewLink(after.names.get(way, ""), length_m, line))
    return found
