"""
Cost of an edge in each direction: flat-equivalent millimetres and milliseconds of waiting.

`base_mm = floor(length_m · 1000 · ratio · slope + 0.5)`, rounded once. The ratio is that of the
stairs or of the surface; waits come from `crossings`. Slope factors apply to streets: on stairs
they are 1, because the ratio includes the climb, and an escalator does the climbing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.costs.crossings import TaggedEdges, waits_ms
from circle15.network.walk_network import NO_WAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Bools, Floats, Ints
    from circle15.study.vocabulary.profiles import Profile, Values


FORBIDDEN: Final = "not_for_profile"
"""Reason code of a walkable way that is closed to a profile."""

_INCLINE = re.compile(r"\s*(-?\d{1,4}(?:\.\d{1,6})?)\s*(%|°)\s*")


@dataclass(frozen=True, slots=True)
class EdgeCosts:
    """
    Costs of edges, all int64 of shape (edges,).

    `base_mm` is `NO_WAY` (-1) where the edge may not be walked in that direction; `flat_mm` is the
    same if all streets were level.
    """

    base_mm_fwd: Ints
    base_mm_bwd: Ints
    delay_ms_fwd: Ints
    delay_ms_bwd: Ints
    flat_mm_fwd: Ints
    flat_mm_bwd: Ints


def is_open(tags: Mapping[str, str], profile: Profile) -> bool:
    """
    Return whether a walkable way is open to a profile.

    `wheelchair=yes` opens a way that its surface or incline would close, but not stairs.
    """
    if profile.plain:
        return True
    if _is_steps(tags):
        if _moves(tags):
            return profile.escalator_m_s > 0
        return not profile.stairs_need or tags.get(profile.stairs_need, "no") != "no"
    if tags.get("wheelchair") in {"yes", "designated"}:
        return True
    steep = abs(incline_percent(tags)) > profile.max_incline_percent > 0
    return not (steep or _listed(tags, profile.closed))


def _listed(tags: Mapping[str, str], values: Values) -> bool:
    return any(tags.get(key) in listed for key, listed in values.items())


def _moves(tags: Mapping[str, str]) -> bool:
    return tags.get("conveying", "no") != "no"


def incline_percent(tags: Mapping[str, str]) -> float:
    """
    Return the incline along a way in percent; 0 without one or where only its direction is given.

    Examples
    --------
    >>> incline_percent({"incline": "-8.5 %"}), incline_percent({"incline": "up"})
    (-8.5, 0.0)
    """
    found = _INCLINE.fullmatch(tags.get("incline", ""))
    if found is None:
        return 0.0
    value = float(found[1])
    if found[2] == "%":
        return value
    return 100 * float(np.tan(np.radians(value))) if abs(value) < 90 else 0.0


def ratios(tags: Mapping[str, str], profile: Profile) -> tuple[float, float]:
    """
    Return the flat-equivalent metres per metre along and against a way; 0 on escalators.

    Stairs whose tags do not state which end is up cost the mean in both directions.
    """
    if profile.plain:
        return 1.0, 1.0
    if not _is_steps(tags):
        ratio = profile.surface.get(tags.get("surface", ""), 1.0)
        return ratio, ratio
    if _moves(tags):
        return 0.0, 0.0
    rises = {"up": 1.0, "down": -1.0}.get(tags.get("incline", ""), incline_percent(tags))
    if rises == 0:
        mean = (profile.up_ratio + profile.down_ratio) / 2
        return mean, mean
    up, down = profile.up_ratio, profile.down_ratio
    return (up, down) if rises > 0 else (down, up)


def edge_costs(
    profile: Profile,
    edges: TaggedEdges,
    open_ways: Bools,
    *,
    slope_fwd: Floats | float = 1.0,
    slope_bwd: Floats | float = 1.0,
) -> EdgeCosts:
    """
    Return the cost of every edge for a profile.

    Parameters
    ----------
    open_ways : shape (ways, 2)
        Whether each way may be walked along and against it.
    slope_fwd, slope_bwd : shape (edges,) or one number
        Flat-equivalent metres per metre due to the slope of streets; 1 on stairs.
    """
    owner = edges.owner
    ratio = np.array([ratios(tags, profile) for tags in edges.ways], np.float64).reshape(-1, 2)
    open_edges = open_ways[owner]
    zero = np.zeros(len(owner), np.int64)
    wait_fwd, wait_bwd = zero, zero
    if not profile.plain:
        wait_fwd, wait_bwd = waits_ms(profile, edges)
        rides = _rides_ms(edges, profile)
        wait_fwd, wait_bwd = wait_fwd + rides, wait_bwd + rides
        open_edges &= _let_through(edges, profile)

    def base_mm(direction: int, slope: Floats | float) -> Ints:
        metres = _base_mm(edges.length_m, ratio[owner, direction], slope)
        return np.where(open_edges[:, direction], metres, NO_WAY)

    return EdgeCosts(
        base_mm(0, slope_fwd),
        base_mm(1, slope_bwd),
        wait_fwd,
        wait_bwd,
        base_mm(0, 1.0),
        base_mm(1, 1.0),
    )


def _base_mm(length_m: Floats, ratio: Floats, slope: Floats | float) -> Ints:
    return np.floor(length_m * 1000 * ratio * slope + 0.5).astype(np.int64)


def _is_steps(tags: Mapping[str, str]) -> bool:
    return tags.get("highway") == "steps"


def _let_through(edges: TaggedEdges, profile: Profile) -> Bools:
    """Return the directions whose end node is not closed to a profile, shape (edges, 2)."""
    shut = edges.nodes_where(lambda tags: _listed(tags, profile.closed_nodes))
    return ~np.column_stack([shut[edges.v], shut[edges.u]])


def _rides_ms(edges: TaggedEdges, profile: Profile) -> Ints:
    """Return the milliseconds on escalators, which do not depend on the walking speed."""
    rides = edges.edges_where(lambda tags: _is_steps(tags) and _moves(tags))
    if not rides.any():
        return np.zeros(len(rides), np.int64)
    seconds = edges.length_m / profile.escalator_m_s
    return np.where(rides, np.floor(seconds * 1000 + 0.5), 0).astype(np.int64)
