"""The map's ground: barriers, and streets by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.inputs.crs.degrees import lon_lat
from circle15.output.charts.street_classes import street_classes
from circle15.output.map.base.line_blocks import BITS, Lines, block_columns, lines_of, mercator
from circle15.output.map.packed_columns import pack_columns
from circle15.results.streets.street_lines import edges_near, joined_streets

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork

STREETS_BEYOND_M: Final = 1000.0
"""Distance beyond the study boundary up to which streets are drawn."""


def pack_ground(
    network: WalkNetwork, boundary: shapely.Geometry | None
) -> tuple[dict[str, Any], bytes]:
    """
    Pack barriers and streets for the map, in the order in which they are drawn.

    Streets more than 1 km from the boundary are left out; without a boundary all are drawn. Each
    edge is drawn once, in a line from junction to junction of its class.

    Returns
    -------
    The names of the classes (`barrier`, then those of `street_classes`; without a line, none), the
    `bits` of a position
    on the Mercator square, and the layout of the columns; then the columns of `block_columns`.
    """
    around = None if boundary is None else shapely.buffer(boundary, STREETS_BEYOND_M)
    all_classes = {"barrier": _barriers(network, around), **_streets(network, around)}
    classes = {name: lines for name, lines in all_classes.items() if len(lines.x)}
    columns, packed = pack_columns(block_columns(list(classes.values())))
    return {"classes": list(classes), "bits": BITS, "columns": columns}, packed


def _streets(network: WalkNetwork, around: shapely.Geometry | None) -> dict[str, Lines]:
    """Return the streets of each class."""
    near = np.ones(len(network.u), bool) if around is None else edges_near(network, around)
    x, y = mercator(*lon_lat(network.x_m, network.y_m, network.crs))
    found = {}
    for name, mine in street_classes(network.kind):
        lines = joined_streets(network, near & mine)
        found[name] = lines_of(x[lines.node], y[lines.node], lines.start)
    return found


def _barriers(network: WalkNetwork, around: shapely.Geometry | None) -> Lines:
    """Return the barriers of access legs: rivers, railways, walls, motorways."""
    barriers: Any = network.barriers
    if around is not None and len(barriers):
        shapely.prepare(around)
        barriers = barriers[np.asarray(shapely.intersects(around, barriers), bool)]
    lines = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings(shapely.get_parts(barriers)))
    )
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    x, y = mercator(*lon_lat(coordinates[:, 0], coordinates[:, 1], network.crs))
    return lines_of(x, y, np.searchsorted(owner, np.arange(len(lines) + 1)))
