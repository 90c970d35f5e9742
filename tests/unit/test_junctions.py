"""Where lines join: at equal vertices, but not where a bridge passes over a street."""

from __future__ import annotations

import itertools

import pytest
import shapely
from tests.builders.street_lines import build
from tests.streets import EAST_M, NORTH_M, write_layer

STREET, BRIDGE = {"highway": "residential"}, {"highway": "footway", "layer": 1}

# Every line ends in the middle, O = (0, 0), as in a layer that is cut at each crossing.
WEST, EAST, NORTH, SOUTH = (-100, 0), (100, 0), (0, 100), (0, -100)
AHEAD = {
    "W": WEST,
    "E": EAST,
    "N": NORTH,
    "S": SOUTH,
    "n": (30, 100),
    "w": (-100, 30),
    "a": (70, 70),
    "b": (-70, -70),
}


def reached(tmp_path, **tags):
    """Pairs of far ends that hang together; a line per letter, from O outwards."""
    rows = [(shapely.LineString([(0, 0), AHEAD[name]]), tag) for name, tag in tags.items()]
    return pairs(build(write_layer(tmp_path / "s.geojson", rows)), tags)


def pairs(network, names):
    part = {
        (round(x - EAST_M), round(y - NORTH_M)): component
        for x, y, component in zip(network.x_m, network.y_m, network.component, strict=True)
    }
    return {a + b for a, b in itertools.combinations(names, 2) if part[AHEAD[a]] == part[AHEAD[b]]}


def test_lines_of_one_level_join(tmp_path):
    """Four streets at O: six pairs."""
    assert len(reached(tmp_path, W=STREET, E=STREET, N=STREET, S=STREET)) == 6


@pytest.mark.parametrize(
    "tags",
    [
        BRIDGE,
        {"highway": "footway", "bridge": "yes"},
        {"highway": "footway", "tunnel": "yes"},
        {"highway": "footway", "layer": "-2"},
    ],
)
def test_a_bridge_that_is_cut_over_a_street_passes_it(tmp_path, tags):
    """W-O-E below and N-O-S above, each of two lines: nobody gets from one to the other."""
    assert reached(tmp_path, W=STREET, E=STREET, N=tags, S=tags) == {"WE", "NS"}


@pytest.mark.parametrize("flag", ["no", "F", "0", "否", ""])
def test_what_is_no_bridge(tmp_path, flag):
    tags = {"highway": "footway", "bridge": flag}
    assert len(reached(tmp_path, W=STREET, E=STREET, N=tags, S=tags)) == 6


def test_the_head_of_a_bridge_joins(tmp_path):
    """W-O on the ground, O-E a bridge: they go on from each other, but neither passes."""
    assert reached(tmp_path, W=STREET, E=BRIDGE) == {"WE"}


def test_two_bridges_from_one_abutment_join(tmp_path):
    """N and n begin at O in nearly one direction: they do not pass, so they join the street."""
    assert len(reached(tmp_path, W=STREET, E=STREET, N=BRIDGE, n=BRIDGE)) == 6


def test_a_ramp_joins_the_level_that_is_nearest(tmp_path):
    """A ramp of layer 2 ends where 0 and 1 pass: it joins 1."""
    ramp = {"highway": "steps", "layer": 2}
    found = reached(tmp_path, W=STREET, E=STREET, N=BRIDGE, S=BRIDGE, w=ramp)
    assert found == {"WE", "NS", "Nw", "Sw"}


def test_of_two_levels_equally_near_the_lower_one(tmp_path):
    high, ramp = {"highway": "footway", "layer": 2}, {"highway": "steps", "layer": 1}
    found = reached(tmp_path, W=STREET, E=STREET, N=high, S=high, w=ramp)
    assert found == {"WE", "NS", "Ww", "Ew"}


def test_three_levels_pass_each_other(tmp_path):
    """Two more lines of layer 1 on the diagonal: three pairs, nothing between them."""
    high = {"highway": "footway", "layer": 2}
    found = reached(tmp_path, W=STREET, E=STREET, N=high, S=high, a=BRIDGE, b=BRIDGE)
    assert found == {"WE", "NS", "ab"}
