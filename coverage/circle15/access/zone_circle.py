"""Walking times of the homes of a residential zone, from points along the zone's own ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.states import (
    REASON_WORDS,
    STATE_WORDS,
    WITHOUT_TIMES,
    State,
    StateWord,
    all_of,
)
from circle15.inputs.shapes import is_polygonal, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.access.judging import Judged
    from circle15.arrays import Bools, Codes, Floats, Ints
    from circle15.network.walk_network import WalkNetwork


HOME_SPACING_M = 50.0
NO_HOMES = "NO_POSITION"
"""Reason why a zone without points is unknown: its row has no usable position."""


@dataclass(frozen=True, slots=True)
class ZoneCircle:
    """
    One category of the service circle of a residential zone.

    `worst_s` and `median_s` are seconds; infinite where a home (for the median: half the homes)
    reaches nothing within 60 min, None where they depend on homes of unknown time. `share_inside`
    is the share (0–1) of homes within the circle, None where no home could be judged. `facility` is
    the row of the site nearest to the worst home, `worst_home` the row of that home among all that
    were judged; -1 where there is none or the worst home is not known. `unknown_reason` is the most
    frequent reason of unknown homes, empty unless the zone is unknown.
    """

    category: str
    state: StateWord
    worst_s: float | None
    median_s: float | None
    share_inside: float | None
    facility: int
    worst_home: int = -1
    unknown_reason: str = ""


def zone_homes(network: WalkNetwork, shape: BaseGeometry | None) -> tuple[Floats, Floats]:
    """
    Return points that represent the homes of a residential zone, with equal weights.

    Returns
    -------
    x and y in metres: every 50 m along the edges inside the zone that take snaps; the zone's own
    point (or a point inside it) where it has no such edge; none without a shape.
    """
    if shape is None:
        return np.empty(0), np.empty(0)
    homes: list[BaseGeometry] = []
    if is_polygonal(shape) and network.snappable.any():
        lines = network.lines_of(network.edge_grid.edges_at(*shape.bounds))
        inside = lines[shapely.intersects(lines, prepared(shape))]
        pieces = shapely.line_merge(shapely.union_all(shapely.intersection(inside, shape)))
        homes = [p for line in shapely.get_parts(pieces) for p in _along(line)]
    if not homes:
        homes = [shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)]
    return np.round(shapely.get_x(homes), 3), np.round(shapely.get_y(homes), 3)


def _along(line: BaseGeometry) -> Sequence[BaseGeometry]:
    """Return points about every 50 m along a line, the first half a step from its start."""
    if not isinstance(line, shapely.LineString):
        return []
    steps = max(1, round(line.length / HOME_SPACING_M))
    at = (np.arange(steps) + 0.5) * (line.length / steps)
    return list(shapely.line_interpolate_point(line, at))


def circle_of_zone(category: str, judged: Judged, homes: Ints, cutoff_min: int) -> ZoneCircle:
    """
    Summarise the homes of a residential zone for one category.

    Parameters
    ----------
    homes
        Rows of the zone's homes in `judged`.

    Returns
    -------
    The zone is covered when every home is, a gap when one home is, otherwise unknown.
    """
    states = judged.states[cutoff_min][homes]
    if not len(homes):
        unknown = STATE_WORDS[State.UNKNOWN]
        return ZoneCircle(category, unknown, None, None, None, -1, unknown_reason=NO_HOMES)
    state = all_of([states[i : i + 1] for i in range(len(states))])[0]
    time = judged.time_ms[homes].astype(np.float64)
    time[time < 0] = np.inf
    reasons = judged.reasons[cutoff_min][homes]
    known = _has_time(states, reasons, time)
    # Unknown times may be anything: a rank is known where its lower and upper bounds agree.
    at_least, at_most = np.where(known, time, 0.0), np.where(known, time, np.inf)
    worst, median = len(time) - 1, (len(time) - 1) // 2
    worst_s, median_s = (_ranked_s(at_least, at_most, rank) for rank in (worst, median))
    farthest = np.argsort(time, kind="stable")[worst] if worst_s is not None else -1
    return ZoneCircle(
        category=category,
        state=STATE_WORDS[state],
        worst_s=worst_s,
        median_s=median_s,
        share_inside=_share_inside(states),
        facility=int(judged.facility[homes][farthest]) if farthest >= 0 else -1,
        worst_home=int(homes[farthest]) if farthest >= 0 else -1,
        unknown_reason=_main_reason(reasons) if state == State.UNKNOWN else "",
    )


def _main_reason(reasons: Codes) -> str:
    """Return the most frequent reason of unknown homes; of ties the first in their order."""
    return REASON_WORDS[1 + int(np.argmax(np.bincount(reasons, minlength=len(REASON_WORDS))[1:]))]


def _has_time(states: Codes, reasons: Codes, time: Floats) -> Bools:
    """
    Return a mask of the homes whose walking time is known.

    It is not known for a home that is unknown because it or a site has not joined. A home near the
    end of the network or of the list keeps the time to the site that was found.
    """
    unjoined = np.isin(reasons, [REASON_WORDS.index(one.value) for one in WITHOUT_TIMES])
    known: Bools = (states != State.UNKNOWN) | (~unjoined & np.isfinite(time))
    return known


def _ranked_s(at_least: Floats, at_most: Floats, rank: int) -> float | None:
    """Return the seconds of the home of a rank by time; None where unknown times decide it."""
    low, high = np.sort(at_least)[rank], np.sort(at_most)[rank]
    return float(low) / 1000 if low == high else None


def _share_inside(states: Codes) -> float | None:
    judged = int((states != State.UNKNOWN).sum())
    return float((states == State.COVERED).sum() / len(states)) if judged else None
