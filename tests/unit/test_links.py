"""Links in small networks.

.   D-----------E     y = 300
.   |           |
.   A-----------B     y = 0, 1000 m
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from tests.streets import Way, joined, plane, walk_ms

from circle15.errors import InputDataError
from circle15.network.links.adding import with_links
from circle15.network.links.joints import Link
from circle15.study.settings.records import NetworkSource

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "D": (0.0, 300.0), "E": (1000.0, 300.0)}
SOURCE = NetworkSource(Path("n.osm"), min_component_m=Decimal(0))
FOOTBRIDGE = {"highway": "footway", "bridge": "yes"}


def linked(network, *lines, tags=FOOTBRIDGE):
    links = [Link(k, tags, np.array(line, float)) for k, line in enumerate(lines, 1)]
    return with_links(network, links, SOURCE, Path("l.geojson")).network


def test_ends_join_the_nearest_street_and_split_it():
    """A bridge at x = 400 from 5 m above the lower street to 5 m below the upper one.

    Its edges are the 5 m to each street and 290 m between. From (100, 0) to (100, 300) the way
    round by D takes 500 s, and over the bridge 300 + 300 + 300 = 900 s; from (400, 0) 300 s.
    """
    before = plane(NODES, "ADEB", Way("AB"))
    after = linked(before, [(400, 5), (400, 295)])
    assert len(after.x_m) == len(before.x_m) + 4
    assert (len(before.u), len(after.u)) == (4, 9)
    assert sorted(after.edge_ids)[:3] == ["-2:0", "-2:1", "-2:2"]
    assert len(set(after.edge_ids)) == len(after.u)
    assert walk_ms(before, (400, 0), (400, 300)) == 1_100_000
    lengths = after.length_m[-3:].sum()
    assert lengths == pytest.approx(300, rel=1e-2)  # 500 km west of the middle meridian
    way = walk_ms(after, (400, 0), (400, 300))
    assert way == after.base_mm_fwd[-3:].sum()
    assert walk_ms(after, (100, 0), (100, 300)) == walk_ms(before, (100, 0), (100, 300))
    assert not after.snappable[-3:].any()
    assert int(joined(after, (400, 150)).edge[0]) < len(after.u) - 3


def test_pieces_of_a_split_edge_sum_to_it_exactly():
    chance = random.Random(5)
    for _ in range(50):
        mm, delay = chance.randint(1, 10**6), chance.randint(0, 9000)
        before = plane(NODES, Way("AB", mm=mm, delay_ms=delay), Way("DE", one_way=True))
        x = [chance.uniform(1, 999) for _ in range(3)]
        after = linked(before, *([(one, 3), (one, 297)] for one in x))
        old = after.way_id == 0
        assert int(old.sum()) == 4
        assert after.base_mm_fwd[old].sum() == after.base_mm_bwd[old].sum() == mm
        assert after.delay_ms_fwd[old].sum() == delay
        assert after.way_pos[old].tolist() == [0, 1, 2, 3]
        assert after.length_m[old].sum() == pytest.approx(1000)
        assert set(after.base_mm_bwd[after.way_id == 1]) == {-1}


def test_twenty_metres_are_near_enough_and_more_are_not():
    network = plane(NODES, "AB", "DE")
    assert len(linked(network, [(500, 20), (500, 280)]).u) == 7
    with pytest.raises(InputDataError, match=r"l\.geojson, row 1: the end at .* joins no street"):
        linked(network, [(500, 20.002), (500, 280)])


def test_an_end_at_a_node_takes_the_node_and_links_join_each_other():
    """Two links meet at (500, 150), where no street is; together they lead from A to E."""
    network = plane(NODES, "AB", "DE")
    after = linked(network, [(0, 0), (500, 150)], [(500, 150), (1000, 300)])
    assert len(after.x_m) == 5
    assert len(after.u) == 4
    assert after.component.max() == 0
    with pytest.raises(InputDataError, match="row 1"):
        linked(network, [(0, 0), (500, 150)], [(500, 150.5), (1000, 300)])


def test_a_link_makes_a_short_piece_long_enough_for_snaps():
    nodes = NODES | {"X": (2000.0, 0.0), "Y": (2100.0, 0.0)}
    whole = plane(nodes, "ADEB", "AB", "XY")
    could = whole.snappable.copy()
    short = replace(
        whole, snappable=whole.way_id != 2, could_snap=(could, np.zeros(len(could), bool))
    )
    source = replace(SOURCE, min_component_m=Decimal(500))
    link = [Link(1, FOOTBRIDGE, np.array([(1000.0, 0.0), (2000.0, 0.0)]))]
    after = with_links(short, link, source, Path("l.geojson")).network
    assert after.snappable.tolist() == [True] * 5 + [False]


def test_a_link_closed_to_a_profile_is_left_out():
    network = replace(plane(NODES, "AB", "DE"), profile="wheelchair")
    stairs = {"highway": "steps", "bridge": "yes"}
    assert linked(network, [(400, 5), (400, 295)], tags=stairs) is network


def test_links_never_make_a_walk_longer():
    chance = random.Random(3)
    nodes = {chr(0x4E00 + 6 * i + j): (i * 200.0, j * 200.0) for i in range(6) for j in range(6)}
    names = list(nodes)
    ways = ["".join(names[6 * i : 6 * i + 6]) for i in range(6)] + [names[0] + names[6]]
    before = plane(nodes, *ways)
    spots = [(chance.uniform(0, 1000), chance.uniform(0, 1000)) for _ in range(12)]
    lines = [[(200 * i, chance.uniform(0, 1000)), (200 * i + 200, 500)] for i in range(5)]
    after = linked(before, *lines)
    pairs = list(itertools.pairwise(spots))
    old, new = ([walk_ms(one, a, b) for a, b in pairs] for one in (before, after))
    both = [(a, b) for a, b in zip(old, new, strict=True) if a is not None]
    # A millisecond for each split edge on the way.
    assert all(b is not None and b <= a + 8 for a, b in both)
    assert sum(b is not None for b in new) > sum(a is not None for a in old)
