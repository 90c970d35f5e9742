"""Points on the contracted streets as integer columns: goals, and where pieces break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.output.map.packed_columns import Column
from circle15.travel.engine.graph import CLOSED
from circle15.travel.engine.milliseconds import split_ms

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.travel.engine.chains import Chains
    from circle15.travel.engine.graph import Positions, TravelGraph

    Bytes = npt.NDArray[np.uint8]


def point_columns(
    name: str, points: Positions, graph: TravelGraph, home: TravelGraph
) -> tuple[Ints, list[Column]]:
    """
    Return points that have joined the streets.

    The time from the start of an edge is enough where both directions take as long, on the way out
    and home; elsewhere the page gets the whole fraction.

    Returns
    -------
    The row of each among `points`, in the order of the chains; and the columns, each named after
    `name`: `edge`, its number in the order of the chains; `part`, milliseconds from the edge's
    start along its chain; `leg`, milliseconds of the access leg; `exact`, the places of points with
    a fraction, and `share`, the eight bytes of each (along the edge as mapped).
    """
    chains = graph.chains
    row = sorted_along(points, chains)
    edge, fraction = points.edge[row], points.fraction[row]
    order = chains.order[edge]
    ms = graph.ms_fwd[edge]
    alike = (ms < CLOSED) & (ms == graph.ms_bwd[edge])
    alike &= (home.ms_fwd[edge] == ms) & (home.ms_bwd[edge] == ms)
    first = split_ms(fraction, np.where(alike, ms, 0))
    part = np.where(chains.reversed[edge], ms - first, first)
    exact = np.flatnonzero(~alike)
    return row, [
        Column(f"{name}_edge", order, steps=True),
        Column(f"{name}_part", np.where(alike, part, 0)),
        Column(f"{name}_leg", points.access_ms[row]),
        Column(f"{name}_exact", exact, steps=True),
        Column(f"{name}_share", share_bytes(fraction[exact])),
    ]


def sorted_along(points: Positions, chains: Chains) -> Ints:
    """Return the rows of the points that have joined the streets, in the order of the chains."""
    row = np.flatnonzero(points.edge >= 0)
    edge, fraction = points.edge[row], points.fraction[row]
    along = np.where(chains.reversed[edge], 1 - fraction, fraction)
    found: Ints = row[np.lexsort((along, chains.order[edge]))]
    return found


def share_bytes(fraction: Floats) -> Bytes:
    """Return the eight bytes of fractions: first all lowest ones, then the next."""
    found: Bytes = fraction.astype("<f8").view(np.uint8).reshape(-1, 8).T.ravel()
    return found
