"""Costs of edges, worked out by hand on small streets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.streets import METRIC, Nodes, OsmWay, plane, walk_ms, write_osm, write_streets

from circle15.errors import InputDataError
from circle15.network.costs.crossings import TaggedEdges, has_signals, is_crossing_way
from circle15.network.costs.impedance import edge_costs, is_open, ratios
from circle15.network.osm.walk_filter import directions
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource
from circle15.study.vocabulary.profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.vocabulary.profiles import Profile

OLDER = profiles()["older-adult"]
ROAD = {"highway": "residential"}
MAIN = {"highway": "primary"}
PATH = {"highway": "footway"}
ZEBRA = {"highway": "footway", "footway": "crossing"}
STAIRS = {"highway": "steps"}
SIGNALS = {"highway": "traffic_signals"}
CROSSING = {"highway": "crossing"}


def priced(
    nodes: Nodes,
    *ways: OsmWay,
    at: Mapping[str, Mapping[str, str]] | None = None,
    profile: Profile = OLDER,
) -> WalkNetwork:
    """A plane network with the costs of a profile."""
    network = plane(nodes, *(way.word for way in ways))
    place = {name: k for k, name in enumerate(nodes)}
    tags = [way.tags for way in ways]
    edges = TaggedEdges(
        tags,
        {place[name]: given for name, given in (at or {}).items()},
        network.u,
        network.v,
        network.way_id,
        network.length_m,
        len(nodes),
    )
    costs = edge_costs(profile, edges, np.array([directions(t) for t in tags], bool))
    return replace(
        network,
        base_mm_fwd=costs.base_mm_fwd,
        base_mm_bwd=costs.base_mm_bwd,
        delay_ms_fwd=costs.delay_ms_fwd,
        delay_ms_bwd=costs.delay_ms_bwd,
    )


def both_ways(network: WalkNetwork, nodes: Nodes, ends: str) -> tuple[int | None, int | None]:
    a, b = (nodes[name] for name in ends)
    return walk_ms(network, a, b), walk_ms(network, b, a)


# 870 m of street with signals at C and E, where other streets cross:
#
#        c       e
#   A----C-------E----B      A (0,0), C (300,0), E (600,0), B (870,0)
#        d       f
T04: Nodes = {
    "A": (0, 0),
    "C": (300, 0),
    "E": (600, 0),
    "B": (870, 0),
    "c": (300, 200),
    "d": (300, -200),
    "e": (600, 200),
    "f": (600, -200),
}
T04_WAYS = (OsmWay("ACEB", ROAD), OsmWay("cCd", ROAD), OsmWay("eEf", ROAD))


def test_case_t04() -> None:
    """870 m and two signals of C = 90 s, g = 30 s at 1.0 m/s: 870 + 2 · 20 = 910 s, not covered."""
    assert OLDER.signal_s == Fraction((90 - 30) ** 2, 2 * 90) == 20
    network = priced(T04, *T04_WAYS, at={"C": SIGNALS, "E": SIGNALS})
    assert both_ways(network, T04, "AB") == (910_000, 910_000)
    assert both_ways(priced(T04, *T04_WAYS), T04, "AB") == (870_000, 870_000)


def test_turning_at_signals_waits_once_too() -> None:
    network = priced(T04, *T04_WAYS, at={"C": SIGNALS, "E": SIGNALS})
    assert both_ways(network, T04, "Ac") == (520_000, 520_000)


def test_a_home_in_the_middle_of_an_edge_waits_the_same_on_the_way_back() -> None:
    """At 150 m of A–C half of that edge's 10 s is left: 5 + 10 at C, 20 at E; 720 + 35 = 755 s."""
    network = priced(T04, *T04_WAYS, at={"C": SIGNALS, "E": SIGNALS})
    home, site = (150.0, 0.0), T04["B"]
    assert walk_ms(network, home, site) == walk_ms(network, site, home) == 755_000


def test_an_odd_wait_is_exact_in_both_directions() -> None:
    """C = 7 s, g = 2 s: 25 / 14 s = 1786 ms after rounding, whatever the direction."""
    odd = replace(OLDER, signal_s=Fraction(25, 14))
    network = priced(T04, *T04_WAYS, at={"C": SIGNALS}, profile=odd)
    assert both_ways(network, T04, "AB") == (871_786, 871_786)
    wait = replace(OLDER, signal_s=Fraction(1, 1000))
    network = priced(T04, *T04_WAYS, at={"C": SIGNALS}, profile=wait)
    assert both_ways(network, T04, "AB") == (870_001, 870_001)


def test_a_divided_road_is_crossed_once() -> None:
    """
    Two carriageways 20 m apart, signals on both: one wait, not two. 60 m apart they are two.

        c   e
    A---C---E---B
        d   f
    """
    for apart, waits in ((20, 1), (40, 1), (41, 2)):
        nodes = T04 | {"E": (300 + apart, 0), "e": (300 + apart, 200), "f": (300 + apart, -200)}
        network = priced(nodes, *T04_WAYS, at={"C": SIGNALS, "E": SIGNALS})
        ms = 870_000 + waits * 20_000
        assert both_ways(network, nodes, "AB") == (ms, ms)


def test_who_walks_along_a_street_does_not_wait_at_its_crossing() -> None:
    """Signals in the middle of a street stop those who cross it, and nobody else."""
    nodes: Nodes = {"A": (0, 0), "B": (100, 0), "C": (200, 0)}
    for tags in (SIGNALS, CROSSING, CROSSING | {"crossing": "traffic_signals"}):
        network = priced(nodes, OsmWay("ABC", MAIN), at={"B": tags})
        assert both_ways(network, nodes, "AC") == (200_000, 200_000)


def test_a_stop_line_near_a_junction_is_its_signal() -> None:
    """S stands 25 m before the junction C: through C one wait; 45 m before it is another's."""
    ways = (OsmWay("ASCEB", ROAD), OsmWay("cCd", ROAD), OsmWay("eEf", ROAD))
    for before, ms in ((25, 890_000), (45, 870_000)):
        nodes = T04 | {"S": (300 - before, 0)}
        network = priced(nodes, *ways, at={"S": SIGNALS})
        assert both_ways(network, nodes, "AB") == (ms, ms)
        # A bend between them does not matter.
        bent = nodes | {"s": (300 - before / 2, 0)}
        network = priced(bent, OsmWay("ASsCEB", ROAD), *ways[1:], at={"S": SIGNALS})
        assert both_ways(network, bent, "AB") == (ms, ms)


# A footway over a street:   P          P (0,50), X (0,0), Q (0,-50)
#                        L---X---R      L (-100,0), R (100,0)
#                            Q
OVER: Nodes = {"P": (0, 50), "X": (0, 0), "Q": (0, -50), "L": (-100, 0), "R": (100, 0)}


@pytest.mark.parametrize(
    ("street", "node", "wait_s"),
    [
        (ROAD, CROSSING | {"crossing": "traffic_signals"}, 20),
        (ROAD, {"crossing:signals": "yes", "crossing": "zebra"}, 20),
        (MAIN, CROSSING | {"crossing": "zebra"}, 10),
        (MAIN, CROSSING, 10),
        (ROAD, CROSSING, 0),
        (MAIN, {"crossing": "no"}, 0),
        (MAIN, {}, 0),
    ],
)
def test_a_crossing_node_is_paid_by_who_crosses(
    street: Mapping[str, str], node: Mapping[str, str], wait_s: int
) -> None:
    network = priced(OVER, OsmWay("PXQ", PATH), OsmWay("LXR", street), at={"X": node})
    across, along = 100_000 + wait_s * 1000, 200_000
    assert both_ways(network, OVER, "PQ") == (across, across)
    assert both_ways(network, OVER, "LR") == (along, along)
    half = 150_000 + wait_s * 500  # from the middle of the road to one side
    assert both_ways(network, OVER, "LQ") == (half, half)


@pytest.mark.parametrize("node", [{}, CROSSING | {"crossing": "traffic_signals"}, CROSSING])
def test_a_crossing_way_and_its_node_are_one_crossing(node: Mapping[str, str]) -> None:
    signals = ZEBRA | {"crossing": "traffic_signals"}
    network = priced(OVER, OsmWay("PXQ", signals), OsmWay("LXR", MAIN), at={"X": node})
    assert both_ways(network, OVER, "PQ") == (120_000, 120_000)
    by_node = has_signals(node)
    network = priced(OVER, OsmWay("PXQ", ZEBRA), OsmWay("LXR", MAIN), at={"X": node})
    ms = 120_000 if by_node else 110_000
    assert both_ways(network, OVER, "PQ") == (ms, ms)


def test_the_wait_of_a_crossing_way_is_spread_to_the_millisecond() -> None:
    """Three thirds of 20 s: 6667 + 6666 + 6667 ms."""
    nodes: Nodes = {"A": (0, 0), "B": (5, 0), "C": (10, 0), "D": (15, 0)}
    network = priced(nodes, OsmWay("ABCD", ZEBRA | {"crossing": "traffic_signals"}))
    assert network.delay_ms_fwd.tolist() == network.delay_ms_bwd.tolist() == [6667, 6666, 6667]


def test_stairs_cost_their_direction() -> None:
    """100 m of stairs: up at 0.35 m/s 285.714 s, down at 0.5 m/s 200 s, unknown 242.857 s."""
    nodes: Nodes = {"A": (0, 0), "B": (100, 0)}
    for incline, up, down in (
        ("up", 285_714, 200_000),
        ("down", 200_000, 285_714),
        ("30%", 285_714, 200_000),
        ("-30 %", 200_000, 285_714),
        ("yes", 242_857, 242_857),
    ):
        network = priced(nodes, OsmWay("AB", STAIRS | {"incline": incline}))
        assert both_ways(network, nodes, "AB") == (up, down)


def test_surfaces() -> None:
    assert ratios(PATH | {"surface": "asphalt"}, OLDER) == (1, 1)
    assert ratios(PATH | {"surface": "gravel"}, OLDER) == (1.1, 1.1)
    assert ratios(PATH | {"surface": "sand"}, OLDER) == (2.1, 2.1)
    assert ratios(STAIRS | {"surface": "sand"}, OLDER) == ratios(STAIRS, OLDER)


def test_escalators_carry_at_their_own_speed() -> None:
    """21.5 m at 0.43 m/s are 50 s whatever one's speed; against it there is no way."""
    nodes: Nodes = {"A": (0, 0), "B": (21.5, 0)}
    network = priced(nodes, OsmWay("AB", STAIRS | {"conveying": "forward"}))
    a, b = nodes["A"], nodes["B"]
    assert walk_ms(network, a, b) == walk_ms(network, a, b, Fraction(1, 2)) == 50_000
    assert walk_ms(network, b, a) is None
    either = priced(nodes, OsmWay("AB", STAIRS | {"conveying": "yes"}))
    assert both_ways(either, nodes, "AB") == (50_000, 50_000)


def test_lifts() -> None:
    nodes: Nodes = {"A": (0, 0), "B": (50, 0), "C": (100, 0)}
    lift = {"highway": "elevator"}
    network = priced(nodes, OsmWay("ABC", PATH), at={"B": lift})
    assert both_ways(network, nodes, "AC") == (145_000, 145_000)
    network = priced(nodes, OsmWay("AB", PATH), OsmWay("BC", lift), at={"B": lift})
    # The node belongs to the way: half of its wait is on the footway that leads to it.
    assert both_ways(network, nodes, "BC") == (95_000, 95_000)


def test_slopes_are_rounded_once() -> None:
    nodes: Nodes = {"A": (0, 0), "B": (33.333, 0), "C": (66.666, 0)}
    network = plane(nodes, "AB", "BC")
    edges = TaggedEdges(
        [PATH | {"surface": "gravel"}, STAIRS | {"incline": "up"}],
        {},
        network.u,
        network.v,
        network.way_id,
        network.length_m,
        3,
    )
    up = np.array([2.9, 1.0])
    costs = edge_costs(OLDER, edges, np.ones((2, 2), bool), slope_fwd=up)
    # 33333 · 1.1 · 2.9 = 106332.3 (36666 · 2.9 would be 106331.4); 33333 / 0.35 = 95237.1
    assert costs.base_mm_fwd.tolist() == [106_332, 95_237]
    assert costs.base_mm_bwd.tolist() == [36_666, 66_666]


def test_plain_streets_are_lines() -> None:
    ways = (OsmWay("ACEB", STAIRS), OsmWay("cCd", PATH | {"surface": "sand"}), OsmWay("eEf", ZEBRA))
    at = {"C": SIGNALS, "E": {"highway": "elevator"}}
    network = priced(T04, *ways, at=at, profile=profiles()["plain"])
    assert both_ways(network, T04, "AB") == (870_000, 870_000)
    assert both_ways(network, T04, "cd") == (400_000, 400_000)


def test_wheelchairs() -> None:
    chair = profiles()["wheelchair"]
    assert not is_open(STAIRS, chair)
    assert is_open(STAIRS | {"ramp:wheelchair": "yes"}, chair)
    assert not is_open(STAIRS | {"conveying": "yes"}, chair)
    assert not is_open(PATH | {"surface": "grass"}, chair)
    assert is_open(PATH | {"surface": "grass", "wheelchair": "yes"}, chair)
    assert not is_open(PATH | {"smoothness": "bad"}, chair)
    assert is_open(PATH | {"incline": "8%"}, chair)
    assert not is_open(PATH | {"incline": "-9%"}, chair)
    assert not is_open(PATH | {"incline": "5°"}, chair)  # 8.7 %
    nodes: Nodes = {"A": (0, 0), "B": (50, 0), "C": (100, 0)}
    kerb = priced(nodes, OsmWay("ABC", PATH), at={"B": {"kerb": "raised"}}, profile=chair)
    assert both_ways(kerb, nodes, "AC") == (None, None)
    kerb = priced(nodes, OsmWay("ABC", PATH), at={"B": {"kerb": "lowered"}}, profile=chair)
    assert both_ways(kerb, nodes, "AC") == (100_000, 100_000)


def test_pushchairs_take_stairs_only_with_a_ramp() -> None:
    pushchair = profiles()["pushchair"]
    assert not is_open(STAIRS, pushchair)
    assert is_open(STAIRS | {"ramp:stroller": "yes"}, pushchair)
    assert is_open(PATH | {"surface": "grass"}, pushchair)


def test_which_ways_are_crossings() -> None:
    assert is_crossing_way(ZEBRA)
    assert is_crossing_way(PATH | {"crossing": "marked"})
    assert not is_crossing_way(PATH | {"crossing": "no"})
    assert not is_crossing_way(MAIN | {"crossing": "marked"})


# --- From files -------------------------------------------------------------------------------


def test_an_osm_file_has_waits_and_drops_what_is_closed(tmp_path: Path) -> None:
    stairs = OsmWay("LP", STAIRS)
    path = write_osm(
        tmp_path / "a.osm",
        OVER,
        OsmWay("PXQ", PATH),
        OsmWay("LXR", MAIN),
        stairs,
        node_tags={"X": CROSSING | {"crossing": "traffic_signals"}},
    )
    opened = open_network(NetworkSource(path, min_component_m=Decimal(0)))
    network = opened.build(METRIC, profile="older-adult")[0]
    assert network.delay_ms_fwd.tolist() == [10_000, 10_000, 0, 0, 0]
    assert network.kept == {"path": 2, "street": 1}
    chair = opened.build(METRIC, profile="wheelchair")[0]
    assert set(chair.kind) == {"footway", "primary"}
    assert (chair.kept, chair.dropped) == ({"path": 1, "street": 1}, {"not_for_profile": 1})
    assert chair.counts["ways_walkable"] == 2
    plain = opened.build(METRIC)[0]
    assert not plain.delay_ms_fwd.any()


def test_a_layer_of_lines_carries_the_same_tags(tmp_path: Path) -> None:
    path = write_streets(
        tmp_path / "a.geojson",
        {"A": (0, 0), "B": (100, 0), "C": (200, 0)},
        OsmWay("AB", PATH | {"surface": "gravel"}),
        OsmWay("BC", STAIRS | {"incline": "up"}),
    )
    opened = open_network(NetworkSource(path, min_component_m=Decimal(0)))
    network = opened.build(METRIC, profile="older-adult")[0]
    scale = network.length_m[0] / 100
    assert network.base_mm_fwd.tolist() == [round(110_000 * scale), round(100_000 * scale / 0.35)]


def test_a_network_without_anything_for_a_profile(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "a.osm", OVER, OsmWay("PXQ", STAIRS))
    opened = open_network(NetworkSource(path))
    with pytest.raises(InputDataError, match="no way that is open to the profile 'wheelchair'"):
        opened.build(METRIC, profile="wheelchair")
