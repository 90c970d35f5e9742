"""Edges that cross and nodes beside edges, against a search of all pairs; and how many may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import shapely
from tests.streets import plane

from circle15.errors import InputDataError
from circle15.inputs.shapes import points_at
from circle15.network.links.adding import with_links
from circle15.network.links.joints import Link
from circle15.network.sources import loose_lines, near_lines
from circle15.network.sources.near_lines import (
    crossing_edges,
    near_pairs,
    near_pairs_after,
    nodes_beside_edges,
)
from circle15.study.limits import PASSED_BY
from circle15.study.settings.records import NetworkSource


def tangle(seed, *, step, wide):
    """Make a network of edges that lie over each other, some through the nodes of others."""
    chance = Random(seed)
    letters = [chr(0x4E00 + k) for k in range(60)]
    spots = range(0, wide, step)
    nodes = {one: (float(chance.choice(spots)), float(chance.choice(spots))) for one in letters}
    ways: list[str] = []
    while len(ways) < 80:
        a, b = chance.sample(letters, 2)
        if nodes[a] != nodes[b]:
            ways.append(a + b)
    network = plane(nodes, *ways)
    return replace(network, level=np.array([chance.choice([0, 0, 1]) for _ in network.u]))


TANGLES = [(1, 10, 100), (2, 1, 1000), (3, 1, 5)]


@pytest.mark.parametrize("at_once", [1, 70, 10**6])
@pytest.mark.parametrize(("seed", "step", "wide"), TANGLES)
def test_the_same_as_of_all_pairs(seed, step, wide, at_once, monkeypatch):
    monkeypatch.setattr(near_lines, "_AT_ONCE", at_once)
    network = tangle(seed, step=step, wide=wide)
    lines, level = network.lines, network.level
    n = len(lines)
    a, b = crossing_edges(network, "a.geojson")
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == {
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if level[i] == level[j] and shapely.crosses(lines[i], lines[j])
    }
    node, edge = nodes_beside_edges(network, 1.0, "a.geojson")
    points = points_at(network.x_m, network.y_m)
    assert set(zip(node.tolist(), edge.tolist(), strict=True)) == {
        (i, j)
        for i in range(len(points))
        for j in range(n)
        if i not in (network.u[j], network.v[j]) and shapely.dwithin(points[i], lines[j], 1.0)
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [("LINE_PAIRS", "too many lines near each other"), ("MEETINGS", "too many lines that meet")],
)
def test_more_than_any_city_has_is_refused(name, says, monkeypatch):
    monkeypatch.setattr(near_lines, "_NEAR_EACH", 1)
    monkeypatch.setattr(near_lines, name, replace(getattr(near_lines, name), most=50))
    network = tangle(1, step=10, wide=100)
    with pytest.raises(InputDataError, match=f"a.geojson: has {says}.*; the limit is 80 "):
        crossing_edges(network, "a.geojson")


@pytest.mark.parametrize("seed", range(4))
def test_with_links_only_their_surroundings_are_compared_again(seed):
    """Bridges over a tangle split some of its edges; the pairs are those of a whole search."""
    chance = Random(seed)
    network = tangle(1, step=10, wide=200 + 100 * (seed % 2))
    spots = np.column_stack([network.x_m, network.y_m])
    ends = [spots[chance.sample(range(len(spots)), 2)] + 3.0 for _ in range(2)]
    links = [Link(k, {"highway": "footway"}, xy) for k, xy in enumerate(ends, 1)]
    source = NetworkSource(Path("n.geojson"))
    linked = with_links(network, links, source, Path("links.geojson"))
    assert (linked.stays < 0).any()
    before, n = near_pairs(network, "a.geojson"), len(network.x_m)
    after = near_pairs_after(before, linked.network, linked.stays, n, "a.geojson")
    anew = near_pairs(linked.network, "a.geojson")
    assert pairs_of(after) == pairs_of(anew) != pairs_of(before)
    assert np.array_equal(linked.network.exits, replace(linked.network).exits)
    assert shapely.equals_exact(linked.network.lines, replace(linked.network).lines).all()


def pairs_of(found):
    return sorted(zip(found.node.tolist(), found.beside.tolist(), strict=True)), sorted(
        zip(found.first.tolist(), found.second.tolist(), strict=True)
    )


def test_looking_for_ways_around_has_an_end(monkeypatch):
    monkeypatch.setattr(loose_lines, "PASSED_BY", replace(PASSED_BY, most=3))
    network = tangle(3, step=1, wide=5)
    ways = loose_lines._ShortWays(network, "a.geojson")
    found = loose_lines._crossing(network, *crossing_edges(network, "a.geojson"))
    with pytest.raises(InputDataError, match="the limit is 3 lines"):
        [ways.leads(found, row) for row in range(len(found.node))]
