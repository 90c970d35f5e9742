"""The engine against itself: openings and closings, threads, orders, both ways of a round trip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.drawn_networks import Drawn, networks, ours, positions

from circle15.network.walk_network import NO_WAY
from circle15.travel.engine import catchments as catchments_module
from circle15.travel.engine.catchments import CatchmentSearch, Origins
from circle15.travel.engine.graph import TravelGraph
from circle15.travel.engine.round_trips import nearest_round_trip
from circle15.travel.engine.search import NearestIndex, nearest


def graph_of(drawn: Drawn) -> TravelGraph:
    return TravelGraph.from_network(ours(drawn), drawn.speed)


@settings(max_examples=300)
@given(networks(), st.lists(st.integers(0, 6), max_size=12), st.data())
def test_openings_and_closings_leave_what_a_full_search_finds(drawn, toggled, data):
    graph = graph_of(drawn)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    is_open = np.array(data.draw(st.lists(st.booleans(), min_size=len(sites), max_size=len(sites))))
    index = NearestIndex(graph, homes, sites, is_open, horizon_ms=drawn.horizon_ms)
    for row in [k % len(sites) for k in toggled]:
        (index.close if is_open[row] else index.open)(row)
        is_open[row] = not is_open[row]
        rows = np.flatnonzero(is_open)
        full = nearest(graph, homes, sites.take(rows), horizon_ms=drawn.horizon_ms)
        label = np.where(full.destination >= 0, np.append(rows, -1)[full.destination], -1)
        found = index.nearest()
        assert found.time_ms.tolist() == full.time_ms.tolist()
        assert found.destination.tolist() == label.tolist()


@settings(max_examples=100)
@given(networks())
def test_a_facility_more_never_lengthens_a_time(drawn):
    graph = graph_of(drawn)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    fewer = nearest(
        graph, homes, sites.take(np.arange(len(sites) - 1)), horizon_ms=drawn.horizon_ms
    )
    more = nearest(graph, homes, sites, horizon_ms=drawn.horizon_ms)
    reached = fewer.time_ms >= 0
    assert (more.time_ms[reached] >= 0).all()
    assert (more.time_ms[reached] <= fewer.time_ms[reached]).all()


@settings(max_examples=200)
@given(networks(), st.data())
def test_a_bridge_between_nodes_loses_nobody(drawn, data):
    """With the snaps as they are, a way more may shorten times and never lengthens one."""
    network = ours(drawn)
    node = st.integers(0, len(drawn.nodes) - 1)
    u, v, mm = data.draw(node), data.draw(node), data.draw(st.integers(0, 400_000))

    def more(column, value):
        return np.append(column, np.array([value], column.dtype))

    bridged = replace(
        network,
        u=more(network.u, u),
        v=more(network.v, v),
        length_m=more(network.length_m, mm / 1000),
        base_mm_fwd=more(network.base_mm_fwd, mm),
        base_mm_bwd=more(network.base_mm_bwd, data.draw(st.sampled_from([mm, NO_WAY]))),
        delay_ms_fwd=more(network.delay_ms_fwd, 0),
        delay_ms_bwd=more(network.delay_ms_bwd, 0),
        way_id=more(network.way_id, int(network.way_id.max()) + 1),
        way_pos=more(network.way_pos, 0),
        kind=np.append(network.kind, "footway"),
        private=more(network.private, value=False),
        snappable=more(network.snappable, value=False),
    )
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    before, after = (
        nearest(
            TravelGraph.from_network(one, drawn.speed), homes, sites, horizon_ms=drawn.horizon_ms
        ).time_ms
        for one in (network, bridged)
    )
    reached = before >= 0
    assert (after[reached] >= 0).all()
    assert (after[reached] <= before[reached]).all()


def all_catchments(search: CatchmentSearch, threads: int) -> dict[int, dict[int, int]]:
    return {
        int(row): dict(
            zip(
                part.points[part.offsets[k] : part.offsets[k + 1]].tolist(),
                part.ms[part.offsets[k] : part.offsets[k + 1]].tolist(),
                strict=True,
            )
        )
        for part in search.stream(threads=threads)
        for k, row in enumerate(part.destinations)
    }


@settings(max_examples=100)
@given(networks(), st.randoms(use_true_random=False))
def test_threads_chunks_and_order_change_nothing(drawn, random):
    graph = graph_of(drawn)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    search = CatchmentSearch(graph, homes, sites, cutoff_ms=drawn.horizon_ms)
    one = all_catchments(search, threads=1)
    whole = catchments_module.CHUNK
    catchments_module.CHUNK = 2
    try:
        assert all_catchments(search, threads=2) == one
    finally:
        catchments_module.CHUNK = whole
    order = list(range(len(sites)))
    random.shuffle(order)
    shared = Origins(homes)
    # Located on the way back as well, which must not change the way out.
    back = CatchmentSearch(graph.reversed, shared, sites, cutoff_ms=drawn.horizon_ms)
    plain = CatchmentSearch(graph.reversed, homes, sites, cutoff_ms=drawn.horizon_ms)
    assert all_catchments(back, threads=1) == all_catchments(plain, threads=1)
    shuffled = CatchmentSearch(
        graph, shared, sites.take(np.array(order)), cutoff_ms=drawn.horizon_ms
    )
    assert {order[row]: c for row, c in all_catchments(shuffled, threads=1).items()} == one


@settings(max_examples=150)
@given(networks())
def test_a_round_trip_is_the_best_sum_of_both_ways(drawn):
    """Both ways by plain searches per facility; the way back is a search with ends exchanged."""
    graph = graph_of(drawn)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    total = drawn.horizon_ms
    found = nearest_round_trip(graph, homes, sites, total_ms=total)
    for h in range(len(homes)):
        trips = []
        for s in range(len(sites)):
            home, site = homes.take(np.array([h])), sites.take(np.array([s]))
            out = int(nearest(graph, home, site, horizon_ms=total).time_ms[0])
            back = int(nearest(graph, site, home, horizon_ms=total).time_ms[0])
            if out >= 0 and back >= 0 and out + back <= total:
                trips.append((out + back, s))
        best = min(trips, default=(-1, -1))
        assert (found.time_ms[h], found.destination[h]) == best


def test_short_buffers_grow(monkeypatch):
    """A pool and an output of one entry must be grown many times, and change nothing."""
    drawn_edges = 40
    rng = np.random.default_rng(3)
    from tests.builders.drawn_networks import Point, Street

    streets = tuple(
        Street(int(a), int(b), int(mm), int(mm), 0)
        for a, b, mm in zip(
            rng.integers(0, 15, drawn_edges),
            rng.integers(0, 15, drawn_edges),
            rng.integers(0, 90_000, drawn_edges),
            strict=True,
        )
    )
    points = tuple(Point(k, 0.5, 0) for k in range(drawn_edges))
    nodes = tuple((float(k), float(k % 4)) for k in range(15))
    from fractions import Fraction

    drawn = Drawn(nodes, streets, points, points, Fraction(1), 900_000)
    graph = graph_of(drawn)
    places = positions(points, drawn.speed)
    search = CatchmentSearch(graph, places, places, cutoff_ms=900_000)
    usual = all_catchments(search, threads=1)

    def tiny(n_core, cutoff_ms, make=catchments_module._Workspace):
        work = make(n_core, cutoff_ms)
        work.grow_pool(2)
        work.grow_out(1)
        return work

    monkeypatch.setattr(catchments_module, "_Workspace", tiny)
    assert all_catchments(search, threads=1) == usual
    assert sum(map(len, usual.values())) > drawn_edges
