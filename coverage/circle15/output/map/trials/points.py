"""Points on the contracted streets as integer columns: goals, and where pieces break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.output.map.packed_columns import Column
from circle15.results.trials.along_edges import parts_ms, sorted_along

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.travel.engine.graph import Positions, TravelGraph

    Bytes = npt.NDArray[np.uint8]


def point_columns(name: str, points: Positions, graph: TravelGraph) -> tuple[Ints, list[Column]]:
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
    row = sorted_along(points, graph)
    points = points.take(row)
    part, enough = parts_ms(points, graph)
    exact = np.flatnonzero(~enough)
    return row, [
        Column(f"{name}_edge", graph.chains.order[points.edge], steps=True),
        Column(f"{name}_part", part),
        Column(f"{name}_leg", points.access_ms),
        Column(f"{name}_exact", exact, steps=True),
        Column(f"{name}_share", share_bytes(points.fraction[exact])),
    ]


def share_bytes(fraction: Floats) -> Bytes:
    """
    Return the eight bytes of fractions: first all lowest ones, then the next.

    Examples
    --------
    >>> share_bytes(np.array([0.5, 1.0]))[-4:].tolist()
    [224, 240, 63, 63]
    """
    found: Bytes = fraction.astype("<f8").view(np.uint8).reshape(-1, 8).T.ravel()
    return found
