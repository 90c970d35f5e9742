"""Snapping by the grid equals the exact search of shapely's tree on real streets."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from circle15.network.snapping import SnapCode, place_on_edges, snap_to_network

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from circle15.network.walk_network import WalkNetwork, Walls
    from circle15.results.records import StudyResult

    Line = shapely.LineString
    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

LIMIT_M = 200.0


@pytest.mark.parametrize("walls", ["prefer", "stop", "ignore"])
@pytest.mark.parametrize("name", ["porto_alegre", "beijing_wangjing", "wuhan"])
def test_the_grid_equals_the_tree(
    name: str, walls: Walls, real_result: Callable[[str], StudyResult], real_data: object
) -> None:
    """
    Random points over the whole town, tried in full against all edges within reach.

    Every edge within 200 m is measured, ranked by distance and place in the network. The first
    whose leg crosses no barrier is right, else the first that crosses only walls.
    """
    network = replace(real_result(name).network, walls=walls)
    rng = np.random.default_rng(15)
    middle = rng.choice(len(network.x_m), 3000)
    x = np.round(network.x_m[middle] + rng.normal(0, 120, 3000), 3)
    y = np.round(network.y_m[middle] + rng.normal(0, 120, 3000), 3)
    found = snap_to_network(x, y, network, max_snap_m=LIMIT_M)
    usable = np.flatnonzero(network.snappable)
    tree = shapely.STRtree(network.lines[usable])
    point, edge = tree.query(shapely.points(x, y), "dwithin", distance=LIMIT_M + 0.01)
    edge = usable[edge]
    fraction, qx, qy, distance = place_on_edges(x[point], y[point], edge, network)
    order = np.lexsort((edge, distance, point))
    order = order[distance[order] <= LIMIT_M]
    point, edge, fraction, distance = (a[order] for a in (point, edge, fraction, distance))
    legs = np.column_stack([x[point], y[point], qx[order], qy[order]])
    stopped = crosses(legs, network, ~network.low_barriers)
    hidden = crosses(legs, network, network.low_barriers)
    if walls != "prefer":
        stopped |= hidden & (walls == "stop")
        hidden[:] = False
    in_reach = np.bincount(point, minlength=len(x)) > 0
    best = np.lexsort((np.arange(len(point)), hidden, point))
    best = best[~stopped[best]]
    rows, first = np.unique(point[best], return_index=True)
    chosen = best[first]
    right = np.full(len(x), -1)
    right[rows] = edge[chosen]
    assert found.edge.tolist() == right.tolist()
    assert found.fraction[rows].tolist() == fraction[chosen].tolist()
    expected_mm = np.floor(distance[chosen] * 1000 + 0.5).astype(np.int64)
    assert found.access_mm[rows].tolist() == expected_mm.tolist()
    assert (found.code == SnapCode.ACCESS_BARRIER).tolist() == (in_reach & (right < 0)).tolist()
    through = np.zeros(len(x), bool)
    through[rows] = hidden[chosen]
    assert (found.code == SnapCode.THROUGH_WALL).tolist() == through.tolist()


def crosses(legs: Floats, network: WalkNetwork, of: Bools) -> Bools:
    """
    Tell which legs (x, y, x, y) cross some of the barriers, by shapely.

    Lines half a millimetre to both sides of a leg, a millimetre shorter at either end, meet them.
    """
    pieces = shapely.STRtree(open_pieces(network.barriers[of], network))
    step = legs[:, 2:] - legs[:, :2]
    length = np.hypot(*step.T)
    along = step / np.maximum(length, 1e-12)[:, None]
    aside = np.column_stack([-along[:, 1], along[:, 0]])
    result: Bools = length > 0.002
    for way in (-0.0005, 0.0005):
        ends = np.stack(
            [legs[:, :2] + 0.001 * along + way * aside, legs[:, 2:] - 0.001 * along + way * aside],
            1,
        )
        met = np.zeros(len(legs), bool)
        met[pieces.query(shapely.linestrings(ends), "intersects")[0]] = True
        result &= met
    return result


def open_pieces(barriers: npt.NDArray[np.object_], network: WalkNetwork) -> list[Line]:
    """List straight pieces of barriers, a metre shorter at gates and nodes of streets."""
    opened = {(round(px, 3), round(py, 3)) for px, py in network.openings.tolist()}
    pieces = []
    for part in shapely.get_parts(barriers):
        ends = shapely.get_coordinates(part).tolist()
        for a, b in pairwise(ends):
            cut = [1.0 * ((round(p[0], 3), round(p[1], 3)) in opened) for p in (a, b)]
            line = shapely.LineString([a, b])
            if line.length > sum(cut):
                pieces.append(
                    shapely.LineString(
                        [
                            line.interpolate(cut[0]),
                            line.interpolate(line.length - cut[1]),
                        ]
                    )
                )
    return pieces
