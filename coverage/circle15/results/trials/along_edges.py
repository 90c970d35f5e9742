"""Points on their edges, as far as the page can tell where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.snapping import place_on_edges
from circle15.travel.engine.graph import CLOSED
from circle15.travel.engine.milliseconds import split_ms, walking_ms

if TYPE_CHECKING:
    from circle15.arrays import Bools, Floats, Ints
    from circle15.planning.trials import TrialWalk
    from circle15.travel.engine.graph import Positions, TravelGraph

_MM = 1000


def sorted_along(points: Positions, graph: TravelGraph) -> Ints:
    """Return the rows of the points that have joined the streets, in the order of the chains."""
    chains = graph.chains
    row = np.flatnonzero(points.edge >= 0)
    edge, fraction = points.edge[row], points.fraction[row]
    along = np.where(chains.reversed[edge], 1 - fraction, fraction)
    found: Ints = row[np.lexsort((along, chains.order[edge]))]
    return found


def parts_ms(points: Positions, graph: TravelGraph) -> tuple[Ints, Bools]:
    """
    Return the times of points from the start of their edge along its chain.

    Returns
    -------
    Milliseconds; and whether they tell all: both directions take as long, on the way out and home.
    """
    home, edge = graph.homeward, points.edge
    ms = graph.ms_fwd[edge]
    alike = (ms < CLOSED) & (ms == graph.ms_bwd[edge])
    alike &= (home.ms_fwd[edge] == ms) & (home.ms_bwd[edge] == ms)
    whole = np.where(alike, ms, 0)
    first = split_ms(points.fraction, whole)
    return np.where(graph.chains.reversed[edge], whole - first, first), alike


def joins_where_nearest(walk: TrialWalk, points: Positions, x_m: Floats, y_m: Floats) -> Bools:
    """
    Return which points join their edge where it is nearest to a position, with the leg from there.

    Parameters
    ----------
    x_m, y_m
        Positions in the study CRS, metres, shape (points,).
    """
    fraction, _, _, distance_m = place_on_edges(x_m, y_m, points.edge, walk.walked)
    access_mm = np.floor(distance_m * _MM + 0.5).astype(np.int64)
    leg_ms = walking_ms(access_mm, walk.access_speed_m_s)
    same: Bools = (fraction == points.fraction) & (leg_ms == points.access_ms)
    return same
