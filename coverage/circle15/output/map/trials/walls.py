"""Barriers that access legs may not cross, as integer columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.output.map.packed_columns import Column
from circle15.output.map.trials.streets import millimetres, zigzag

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork


def wall_columns(network: WalkNetwork, origin: tuple[int, int]) -> list[Column]:
    """
    Return the lines of the barriers that legs see.

    Returns
    -------
    By line `wall_size`, its points, and `wall_soft`, whether a leg may pass it where every other
    leg is stopped; by point `wall_x`, `wall_y`, steps in mm, and `wall_open`, whether there is an
    opening.
    """
    lines = network.barriers[network.seen_barriers]
    parts, barrier = shapely.get_parts(lines, return_index=True)
    some = ~shapely.is_empty(parts)
    parts, barrier = parts[some], barrier[some]
    place = millimetres(shapely.get_coordinates(parts))
    openings = millimetres(network.openings)
    is_open = np.isin(place @ (1, 1 << 32), openings @ (1, 1 << 32))
    soft = network.passable_barriers[network.seen_barriers][barrier]
    return [
        Column("wall_size", shapely.get_num_coordinates(parts)),
        Column("wall_soft", soft.astype(np.int64)),
        Column("wall_x", zigzag(np.diff(place[:, 0], prepend=origin[0]))),
        Column("wall_y", zigzag(np.diff(place[:, 1], prepend=origin[1]))),
        Column("wall_open", is_open.astype(np.int64)),
    ]
