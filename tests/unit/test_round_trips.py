"""Round trips by hand: a one-way lane makes the way home longer than the way out."""

from __future__ import annotations

from tests.streets import Way, graph_of, joined, plane

from circle15.travel.engine.round_trips import nearest_round_trip
from circle15.travel.engine.search import nearest


def test_the_way_back_goes_round():
    r"""
    Home H at A, site S at B; the lane AB (300 m) may only be walked from A to B.

        A --300--> B      out  300 s
        |          |      back B-D-C-A: 100 + 300 + 100 = 500 s
        C --300--- D      together 800 s
    """
    network = plane(
        {"A": (0, 0), "B": (300, 0), "C": (0, -100), "D": (300, -100)},
        Way("AB", one_way=True),
        "ACDB",
    )
    graph = graph_of(network)
    home, site = joined(network, (0, 0)), joined(network, (300, 0))
    assert nearest(graph, home, site, horizon_ms=900_000).time_ms.tolist() == [300_000]
    trip = nearest_round_trip(graph, home, site, total_ms=800_000)
    assert trip.time_ms.tolist() == [800_000]
    assert trip.destination.tolist() == [0]
    assert nearest_round_trip(graph, home, site, total_ms=799_999).time_ms.tolist() == [-1]
