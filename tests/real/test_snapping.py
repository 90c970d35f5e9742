"""Snapping by the grid equals the exact search of shapely's tree on real streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from circle15.network.snapping import SnapCode, place_on_edges, snap_to_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.output.result import StudyResult

LIMIT_M = 200.0


@pytest.mark.parametrize("name", ["porto_alegre", "beijing_wangjing", "wuhan"])
def test_the_grid_equals_the_tree(
    name: str, real_result: Callable[[str], StudyResult], real_data: object
) -> None:
    """
    Random points over the whole town, tried in full against all edges within reach.

    Every edge within 200 m is measured, ranked by distance and place in the network, and the
    first whose leg touches no barrier is right.
    """
    network = real_result(name).network
    rng = np.random.default_rng(15)
    middle = rng.choice(len(network.x_m), 3000)
    x = np.round(network.x_m[middle] + rng.normal(0, 120, 3000), 3)
    y = np.round(network.y_m[middle] + rng.normal(0, 120, 3000), 3)
    found = snap_to_network(x, y, network, max_snap_m=LIMIT_M)
    usable = np.flatnonzero(network.snappable)
    tree = shapely.STRtree(network.lines[usable])
    walls = shapely.STRtree(network.barriers)
    point, edge = tree.query(shapely.points(x, y), "dwithin", distance=LIMIT_M + 0.01)
    edge = usable[edge]
    fraction, qx, qy, distance = place_on_edges(x[point], y[point], edge, network)
    order = np.lexsort((edge, distance, point))
    order = order[distance[order] <= LIMIT_M]
    point, edge, fraction, distance = (a[order] for a in (point, edge, fraction, distance))
    ends = np.stack(
        [np.column_stack([x[point], y[point]]), np.column_stack([qx[order], qy[order]])], 1
    )
    free = np.ones(len(point), bool)
    free[walls.query(shapely.linestrings(ends), "intersects")[0]] = False
    in_reach = np.bincount(point, minlength=len(x)) > 0
    rows, first = np.unique(point[free], return_index=True)
    right = np.full(len(x), -1)
    right[rows] = edge[free][first]
    assert found.edge.tolist() == right.tolist()
    assert found.fraction[rows].tolist() == fraction[free][first].tolist()
    expected_mm = np.floor(distance[free][first] * 1000 + 0.5).astype(np.int64)
    assert found.access_mm[rows].tolist() == expected_mm.tolist()
    blocked = in_reach & (right < 0)
    assert (found.code == SnapCode.ACCESS_BARRIER).tolist() == blocked.tolist()
