"""Compare routes with the times of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.snapping import snap_to_network
from circle15.network.topology.compounds import walked_network
from circle15.study.settings.records import speed_ratio
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import TravelGraph, positions_at
from circle15.travel.paths.shortest import shortest_path
from circle15.zones.routes import HORIZON_MS
from tests.streets import lon_lat

if TYPE_CHECKING:
    from circle15.results.records import StudyResult


def at(x: float, y: float) -> str:
    lon, lat = lon_lat([(x, y)])[0]
    return f"{lon:.9f},{lat:.9f}"


def assert_paths_have_the_times_of_the_run(result: StudyResult, homes: int) -> None:
    """Walk from some homes to their nearest site of each category, edge by edge."""
    walk = result.study.walk
    speed = speed_ratio(walk.speed_m_s)
    walked = walked_network(result.network, result.study.network.gated)
    graph = TravelGraph.from_network(walked, speed)
    access_speed = speed * speed_ratio(walk.access_speed_factor)
    tables = {c.DEMAND_ID: result.demand, c.FACILITY_ID: result.facilities}
    at = {
        key: (
            positions_at(
                snap_to_network(
                    table[c.X_M].to_numpy(),
                    table[c.Y_M].to_numpy(),
                    result.network,
                    max_snap_m=float(walk.max_snap_m),
                ),
                access_speed,
            ),
            {name: k for k, name in enumerate(table[key])},
        )
        for key, table in tables.items()
    }
    rows = result.coverage
    rows = rows[
        (rows[c.SPEED_M_S].astype(float) == float(walk.speed_m_s))
        & (rows[c.CUTOFF_MIN] == walk.circle_min)
        & rows[c.TIME_MS].notna()
    ]
    rows = rows.iloc[:: max(1, len(rows) // homes)]
    assert len(rows) >= homes
    for home, site, wanted in zip(
        rows[c.DEMAND_ID], rows[c.FACILITY_ID], rows[c.TIME_MS], strict=True
    ):
        ends = [
            points.take(np.array([number[name]]))
            for (points, number), name in zip(at.values(), (home, site), strict=True)
        ]
        there = shortest_path(graph, *ends, horizon_ms=HORIZON_MS)
        assert there is not None
        if walk.judge == "outbound":
            assert there.time_ms == wanted
            continue
        back = shortest_path(graph.homeward, *ends[::-1], horizon_ms=HORIZON_MS)
        assert back is not None
        assert there.time_ms + back.time_ms == wanted
