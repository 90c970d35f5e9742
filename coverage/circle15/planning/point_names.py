"""Names of points along streets that a planner knows: the street and its nearest crossing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork

NEAR_M: Final = 500.0
"""A crossing further than this names no point, metres."""


def street_names(network: WalkNetwork, edge: Ints, x_m: Floats, y_m: Floats) -> list[str]:
    """
    Name points by their street and the street that meets it nearest to them.

    Parameters
    ----------
    edge : int64, shape (n,)
        Edge on which each point lies.
    x_m, y_m : float64, shape (n,)
        Positions, study CRS, metres.

    Returns
    -------
    `High Street / Mill Lane`; the street alone where no other with a name meets it within 500 m;
    empty on streets without a name. Of crossings equally near the one first in the alphabet.
    """
    streets = np.array([network.names.get(way, "") for way in network.way_id.tolist()], object)
    meeting = _meeting(network, streets)
    own = streets[edge]
    names = own.copy()
    for street, rows in pd.Series(np.arange(len(own))).groupby(own):
        crossings = meeting.get(str(street))
        if not street or crossings is None:
            continue
        points = rows.to_numpy()
        others, x, y = crossings
        away_m = np.hypot(x_m[points, None] - x, y_m[points, None] - y)
        nearest = away_m.argmin(axis=1)
        near = away_m[np.arange(len(points)), nearest] <= NEAR_M
        names[points[near]] = [f"{street} / {other}" for other in others[nearest[near]]]
    return [str(name) for name in names]


def _meeting(
    network: WalkNetwork, streets: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> dict[str, tuple[np.ndarray[tuple[int], np.dtype[np.object_]], Floats, Floats]]:
    """Return for each street the other streets that meet it, by name, and where (x, y)."""
    ends = pd.DataFrame(
        {"node": np.concatenate([network.u, network.v]), "name": np.concatenate([streets] * 2)}
    )
    ends = ends[ends["name"] != ""].drop_duplicates()
    pairs = ends.merge(ends, on="node", suffixes=("", "_other"))
    pairs = pairs[pairs["name"] != pairs["name_other"]].sort_values(["name", "name_other", "node"])
    node = pairs["node"].to_numpy()
    pairs = pairs.assign(x_m=network.x_m[node], y_m=network.y_m[node])
    return {
        str(name): (of["name_other"].to_numpy(), of["x_m"].to_numpy(), of["y_m"].to_numpy())
        for name, of in pairs.groupby("name")
    }


def numbered(names: Sequence[str], zones: Sequence[Sequence[str]]) -> list[str]:
    """
    Tell points apart: those of one name are counted in their order.

    Parameters
    ----------
    names
        Names by street; empty where there is none.
    zones
        For each level of zones, the smallest first, the name of the zone of each point; the first
        that is not empty names a point without a street.

    Returns
    -------
    A name for each point, no two alike; empty for a point in no zone and on no street with a name.

    Examples
    --------
    >>> numbered(["High Street", "High Street", "", ""], [["", "", "Mill Estate", ""]])
    ['High Street · 1', 'High Street · 2', 'Mill Estate', '']
    """
    known = [next(filter(None, every), "") for every in zip(names, *zones, strict=True)]
    often, seen = Counter(known), Counter[str]()
    found = []
    for name in known:
        seen[name] += 1
        found.append(f"{name} · {seen[name]}" if name and often[name] > 1 else name)
    return found
