"""The path of a time has that time, is connected, and uses walkable edges only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.builders.drawn_networks import Drawn, networks, ours, positions

from circle15.travel.engine.graph import Positions, TravelGraph
from circle15.travel.engine.search import nearest
from circle15.travel.paths.shortest import ShortestPath, shortest_path


def one(points: Positions, k: int) -> Positions:
    return points.take(np.array([k]))


def assert_hangs_together(
    drawn: Drawn, path: ShortestPath, origin: Positions, destination: Positions
) -> None:
    """Each stretch begins where the one before ended; the ends are the two points."""
    streets = drawn.streets

    def node(edge: int, fraction: float) -> object:
        if fraction in {0.0, 1.0}:
            return streets[edge].v if fraction else streets[edge].u
        return edge, pytest.approx(fraction)

    def of_point(point: Positions) -> object:
        return node(int(point.edge[0]), float(point.fraction[0]))

    here = of_point(origin)
    for stretch in path.stretches:
        assert node(stretch.edge, stretch.start) == here
        street = streets[stretch.edge]
        assert (street.along if stretch.forward else street.against) is not None
        assert stretch.ms >= 0
        here = node(stretch.edge, stretch.end)
    assert of_point(destination) == here


@given(networks())
def test_the_path_has_the_time_of_the_search(drawn):
    """The same integer milliseconds as `nearest`, or none where that finds none."""
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    for h in range(len(homes)):
        for s in range(len(sites)):
            origin, destination = one(homes, h), one(sites, s)
            found = nearest(graph, origin, destination, horizon_ms=drawn.horizon_ms).time_ms[0]
            path = shortest_path(graph, origin, destination, horizon_ms=drawn.horizon_ms)
            assert (-1 if path is None else path.time_ms) == found
            if path is not None:
                assert_hangs_together(drawn, path, origin, destination)


@given(networks())
def test_the_way_back_is_the_path_from_the_destination(drawn):
    """On the reversed network the times are those from destination to origin."""
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    origin = one(positions(drawn.homes, drawn.speed), 0)
    destination = one(positions(drawn.sites, drawn.speed), 0)
    back = nearest(graph.reversed, origin, destination, horizon_ms=drawn.horizon_ms).time_ms[0]
    path = shortest_path(graph, destination, origin, horizon_ms=drawn.horizon_ms)
    assert (-1 if path is None else path.time_ms) == back
