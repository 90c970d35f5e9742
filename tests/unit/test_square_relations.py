"""Squares as mapped: cut by an extract, concave, as relations with holes and parts."""

from __future__ import annotations

import itertools
from decimal import Decimal
from random import Random

import networkx as nx
import numpy as np
import pytest
from tests.oracle import oracle
from tests.streets import (
    EAST_M,
    METRIC,
    NORTH_M,
    XY,
    Nodes,
    OsmRelation,
    OsmWay,
    walk_ms,
    write_osm,
)

from circle15.network.osm.osm_objects import Unused
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

AREA = {"highway": "pedestrian", "area": "yes"}
SQUARE = {"type": "multipolygon", "highway": "pedestrian"}
RIM: dict[str, str] = {}
"""A way without tags, as the members of relations are."""


def build(folder, nodes, *ways, relations=(), squares="cross"):
    path = write_osm(folder / "n.osm", nodes, *ways, relations=relations)
    source = NetworkSource(path, squares=squares, min_component_m=Decimal(0))
    return open_network(source).build(METRIC)


def metres(network, start, end):
    """Length of the walk between two places of the drawing."""
    first, last = ((x + EAST_M, y + NORTH_M) for x, y in (start, end))
    ms = walk_ms(network, first, last)
    return None if ms is None else round(ms / 1000)


# A U of 300 by 300 m with arms 50 m wide; streets lead east and west from the tips of the arms.
U = {
    "1": (0.0, 0.0),
    "2": (300.0, 0.0),
    "3": (300.0, 300.0),
    "4": (250.0, 300.0),
    "5": (250.0, 50.0),
    "6": (50.0, 50.0),
    "7": (50.0, 300.0),
    "8": (0.0, 300.0),
    "E": (600.0, 300.0),
    "W": (-300.0, 300.0),
}
U_WAYS = (OsmWay("123456781", AREA), "3E", "8W")


def test_a_concave_square_is_not_left(tmp_path):
    """3 and 8 do not see each other: 50 + 250 + 200 + 250 + 50 m along the rim."""
    network, findings = build(tmp_path, U, *U_WAYS)
    assert metres(network, U["3"], U["8"]) == 800
    assert network.unused == {}
    assert findings == []


def test_a_concave_square_is_crossed_inside(tmp_path):
    """A street at 5 is seen from 3: sqrt(50² + 250²) = 255 m, where the rim takes 300 m."""
    nodes = {**U, "T": (200.0, 200.0)}
    network, _ = build(tmp_path, nodes, *U_WAYS, "5T")
    assert metres(network, U["3"], U["5"]) == 255
    assert metres(network, U["3"], U["8"]) == 255 + 200 + 250 + 50


@pytest.mark.parametrize("turn", [0.0, 0.3, 1.1, 2.0])
def test_a_corner_that_a_line_touches_does_not_hide(tmp_path, turn):
    """An L whose inner corner D lies on the line from B to F, but for a centimetre: 283 m across.

    Where it lies half a metre beyond the line, it is 400 m around.
    """
    corner = {
        "A": (0, 0),
        "B": (200, 0),
        "C": (200, 100),
        "D": (99.993, 99.993),
        "E": (100, 200),
        "F": (0, 200),
        "X": (400, 0),
        "Y": (0, 400),
    }
    cos, sin = np.cos(turn), np.sin(turn)
    nodes = {k: (x * cos - y * sin, x * sin + y * cos) for k, (x, y) in corner.items()}
    network, _ = build(tmp_path, nodes, OsmWay("ABCDEFA", AREA), "BX", "FY")
    assert metres(network, nodes["B"], nodes["F"]) == 283
    nodes["D"] = (nodes["A"][0] + 0.995 * (nodes["D"][0]), nodes["A"][1] + 0.995 * nodes["D"][1])
    network, _ = build(tmp_path, nodes, OsmWay("ABCDEFA", AREA), "BX", "FY")
    assert metres(network, nodes["B"], nodes["F"]) == 400


@pytest.mark.parametrize(("missing", "left"), [("56", 900), ("5", 900), ("1", 800), ("12", 800)])
def test_a_square_that_is_cut_is_not_closed(tmp_path, missing, left):
    """Without 5 and 6 there is 3-2-1-8 left, 900 m; without 1 and 2 the inner way, 800 m."""
    nodes = {k: xy for k, xy in U.items() if k not in missing}
    network, findings = build(tmp_path, nodes, *U_WAYS)
    assert metres(network, U["3"], U["8"]) == left
    assert network.unused == {Unused.WAYS_CUT: ["way/1"]}
    assert "OSM_WAYS_CUT" in [one.code for one in findings]


def test_a_convex_square_that_is_cut_is_not_crossed(tmp_path):
    """A-B-C-D-A without D: streets at A and C, 200 m by B and not 141 m across."""
    nodes = {
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "C": (100.0, 100.0),
        "H": (0.0, -50.0),
        "K": (200.0, 100.0),
    }
    network, _ = build(tmp_path, nodes, OsmWay("ABCDA", AREA), "HA", "CK")
    assert metres(network, nodes["A"], nodes["C"]) == 200


# A square A-B-C-D of 200 m with a fountain e-f-g-h of 40 m in its middle, and streets west of P,
# in the middle of the western rim, and east of Q. M is the middle of the fountain.
PLAZA = {
    "A": (0.0, 0.0),
    "B": (200.0, 0.0),
    "C": (200.0, 200.0),
    "D": (0.0, 200.0),
    "P": (0.0, 100.0),
    "Q": (200.0, 100.0),
    "W": (-300.0, 100.0),
    "E": (500.0, 100.0),
    "e": (80.0, 80.0),
    "f": (120.0, 80.0),
    "g": (120.0, 120.0),
    "h": (80.0, 120.0),
    "M": (100.0, 100.0),
    "R": (200.0, 180.0),
    "N": (300.0, 180.0),
}
STREETS = ("PW", "QE", "RN")


@pytest.mark.parametrize(
    ("rims", "roles"),
    [
        (["PABQRCDP"], ["outer"]),
        (["PABQ", "QRCDP"], ["outer", "outer"]),
        (["QBAP", "QRC", "PDC"], ["outer", "", "outer"]),
    ],
)
def test_a_relation_is_read_like_a_closed_way(tmp_path, rims, roles):
    """From P to Q 200 m across, around 400 m; the rim is one way or several, any way round."""
    members = [(4 + k, role) for k, role in enumerate(roles)]
    ways = [*STREETS, *(OsmWay(rim, RIM) for rim in rims)]
    relation = OsmRelation(SQUARE, members)
    network, findings = build(tmp_path, PLAZA, *ways, relations=[relation])
    assert metres(network, PLAZA["P"], PLAZA["Q"]) == 200
    assert metres(network, PLAZA["W"], PLAZA["E"]) == 800
    assert network.unused == {}
    assert sum(network.kept.values()) == network.counts["ways_walkable"] == 3 + len(rims)
    assert findings == []
    around, _ = build(tmp_path, PLAZA, *ways, relations=[relation], squares="around")
    assert metres(around, PLAZA["P"], PLAZA["Q"]) == 400


@pytest.mark.parametrize("tags", [{"natural": "water"}, RIM, {"building": "yes"}])
def test_a_hole_is_not_crossed(tmp_path, tags):
    """The fountain hides Q from P: by two of its corners, 2 · sqrt(80² + 20²) + 40 = 205 m."""
    ways = [*STREETS, OsmWay("PABQRCDP", RIM), OsmWay("efghe", tags)]
    relation = OsmRelation(SQUARE, [(4, "outer"), (5, "inner")])
    network, _ = build(tmp_path, PLAZA, *ways, relations=[relation])
    assert metres(network, PLAZA["P"], PLAZA["R"]) == 215
    assert metres(network, PLAZA["P"], PLAZA["Q"]) == 205
    assert len(set(network.component)) == 1
    around, _ = build(tmp_path, PLAZA, *ways, relations=[relation], squares="around")
    assert metres(around, PLAZA["P"], PLAZA["Q"]) == 400
    assert len(set(around.component)) == 1  # the rim of the fountain is no island


def test_a_hole_where_a_street_ends_is_reached(tmp_path):
    """Steps lead up at the corner e: it is seen from P, the other corners are along the rim."""
    ways = [*STREETS, OsmWay("PABQRCDP", RIM), OsmWay("efghe", RIM), OsmWay("eM")]
    relation = OsmRelation(SQUARE, [(4, "outer"), (5, "inner")])
    network, _ = build(tmp_path, PLAZA, *ways, relations=[relation])
    assert metres(network, PLAZA["P"], PLAZA["e"]) == 82
    assert metres(network, PLAZA["P"], PLAZA["M"]) == 111
    assert network.unused == {}


@pytest.mark.parametrize("bare", [True, False])
def test_a_hole_of_a_closed_way(tmp_path, bare):
    """The older way: the outer way says what it is, the relation only holds the rings."""
    ways = [*STREETS, OsmWay("PABQRCDP", AREA), OsmWay("efghe", RIM)]
    tags = {"type": "multipolygon"} if bare else SQUARE
    relation = OsmRelation(tags, [(4, "outer"), (5, "inner")])
    network, _ = build(tmp_path, PLAZA, *ways, relations=[relation])
    assert metres(network, PLAZA["P"], PLAZA["Q"]) == 205
    assert len(set(network.edge_ids)) == len(network.edge_ids)


def test_several_outer_rings(tmp_path):
    """Two squares in one relation, 100 m apart: each is crossed, the gap between them is not."""
    nodes = {
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "C": (100.0, 100.0),
        "D": (0.0, 100.0),
        "a": (200.0, 0.0),
        "b": (300.0, 0.0),
        "c": (300.0, 100.0),
        "d": (200.0, 100.0),
        "W": (-100.0, 0.0),
        "E": (400.0, 100.0),
    }
    ways = ["WA", "cE", "Ca", OsmWay("ABCDA", RIM), OsmWay("abcda", RIM)]
    relation = OsmRelation(SQUARE, [(4, "outer"), (5, "outer")])
    network, _ = build(tmp_path, nodes, *ways, relations=[relation])
    assert metres(network, nodes["A"], nodes["C"]) == 141
    assert metres(network, nodes["a"], nodes["c"]) == 141
    assert metres(network, nodes["A"], nodes["a"]) == 283
    assert metres(network, nodes["B"], nodes["a"]) == 100 + 141  # not straight through the gap


def test_squares_that_share_a_rim(tmp_path):
    """From A to z: across the first square to S, then across the second one: 2 × 141 m."""
    nodes = {
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "S": (100.0, 100.0),
        "T": (100.0, 200.0),
        "D": (0.0, 200.0),
        "y": (200.0, 0.0),
        "z": (200.0, 200.0),
        "W": (-100.0, 0.0),
        "E": (300.0, 200.0),
    }
    ways = ["WA", "zE", OsmWay("BST", RIM), OsmWay("TDAB", RIM), OsmWay("ByzT", RIM)]
    relations = [
        OsmRelation(SQUARE, [(3, "outer"), (4, "outer")]),
        OsmRelation(SQUARE, [(3, "outer"), (5, "outer")]),
    ]
    network, _ = build(tmp_path, nodes, *ways, relations=relations)
    assert metres(network, nodes["A"], nodes["z"]) == 283
    assert len(set(network.edge_ids)) == len(network.edge_ids)


def test_a_rim_that_is_a_street_is_a_street(tmp_path):
    """Steps are one side of the square: they stay steps, and the square is crossed as a square."""
    steps = OsmWay("PABQ", {"highway": "steps"})
    ways = [*STREETS, steps, OsmWay("QRCDP", RIM)]
    relation = OsmRelation(SQUARE, [(4, "outer"), (5, "outer")])
    network, _ = build(tmp_path, PLAZA, *ways, relations=[relation])
    assert metres(network, PLAZA["P"], PLAZA["Q"]) == 200
    kind = dict(zip(network.edge_ids, network.kind, strict=True))
    assert [kind[f"4:{k}"] for k in range(3)] == ["steps"] * 3
    assert kind["4:3"] == "pedestrian"
    assert len(set(network.edge_ids)) == len(network.edge_ids)


@pytest.mark.parametrize(
    ("ways", "relation", "kind"),
    [
        (["PABQ"], OsmRelation(SQUARE, [(4, "outer")]), Unused.RINGS_UNCLOSED),
        (["PABQRCDP"], OsmRelation(SQUARE, [(4, "outer"), (99, "inner")]), Unused.AREAS_INCOMPLETE),
        (["PABQ"], OsmRelation(SQUARE, [(4, "outer"), (99, "outer")]), Unused.AREAS_INCOMPLETE),
        (["PABQRCxDP"], OsmRelation(SQUARE, [(4, "outer")]), Unused.AREAS_INCOMPLETE),
        (["PACQBDP"], OsmRelation(SQUARE, [(4, "outer")]), Unused.RINGS_INVALID),
        (
            ["PABQRCDP"],
            OsmRelation({"type": "site", "highway": "pedestrian"}, [(4, "outer")]),
            Unused.RELATIONS_UNREAD,
        ),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path, ways, relation, kind):
    """It is never crossed, and listed by its id."""
    every = [*STREETS, *(OsmWay(word, RIM) for word in ways)]
    network, findings = build(tmp_path, PLAZA, *every, relations=[relation])
    assert network.unused[kind] == ["relation/1"]
    (finding,) = [one for one in findings if "relation/1" in one.detail.get("first", "")]
    assert finding.severity == "warning"
    assert finding.detail["count"] == "1"
    assert metres(network, PLAZA["P"], PLAZA["Q"]) != 200


def test_routes_are_no_squares(tmp_path):
    """A route groups ways that say themselves what they are: nothing is lost with it."""
    route = OsmRelation({"type": "route", "highway": "primary"}, [(1, ""), (2, "")])
    network, _ = build(tmp_path, PLAZA, *STREETS, relations=[route])
    assert network.unused == {}
    assert network.counts["ways_read"] == 3


def test_ways_that_are_no_lines_are_told(tmp_path):
    """One place only; and a rim said to be an area that does not close."""
    every = [*STREETS, OsmWay("A"), OsmWay("AA"), OsmWay("PABQ", AREA)]
    network, findings = build(tmp_path, PLAZA, *every)
    assert network.unused == {
        Unused.RINGS_UNCLOSED: ["way/6"],
        Unused.WAYS_EMPTY: ["way/4", "way/5"],
    }
    assert {"OSM_WAYS_EMPTY", "OSM_RINGS_UNCLOSED"} <= {one.code for one in findings}


def test_water_of_which_banks_are_missing_is_told(tmp_path):
    lake = {"type": "multipolygon", "natural": "water"}
    relation = OsmRelation(lake, [(4, "outer"), (99, "outer")])
    network, findings = build(tmp_path, PLAZA, *STREETS, OsmWay("AB", RIM), relations=[relation])
    assert network.unused == {Unused.WATER_INCOMPLETE: ["relation/1"]}
    assert [i.severity for i in findings if i.code == "OSM_WATER_INCOMPLETE"] == ["note"]
    assert len(network.barriers) == 1


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"railway": "platform"}, "platform"),
        ({"man_made": "pier"}, "pier"),
        ({"man_made": "pier", "surface": "wood"}, "pier"),
        ({"railway": "platform", "foot": "yes"}, "platform"),
    ],
)
def test_platforms_and_piers_are_walked(tmp_path, tags, reason):
    network, _ = build(tmp_path, PLAZA, *STREETS, OsmWay("PABQ", tags))
    assert metres(network, PLAZA["P"], PLAZA["Q"]) == 400
    assert network.kept[reason] == 1


def test_a_closed_platform_is_an_area(tmp_path):
    """Without `area` a closed platform or pier is one; with `area=no` it is a line."""
    for tags, expected in (({}, 200), ({"area": "no"}, 400)):
        ring = OsmWay("PABQRCDP", {"railway": "platform", **tags})
        network, _ = build(tmp_path, PLAZA, *STREETS, ring)
        assert metres(network, PLAZA["P"], PLAZA["Q"]) == expected


@pytest.mark.parametrize(
    "tags",
    [
        {"railway": "platform", "foot": "no"},
        {"railway": "platform", "access": "no"},
        {"man_made": "pier", "abandoned": "yes"},
        {"railway": "platform", "construction": "yes"},
        {"man_made": "breakwater"},
        {"railway": "rail"},
    ],
)
def test_what_is_no_platform_for_people_is_not_walked(tmp_path, tags):
    network, _ = build(tmp_path, PLAZA, *STREETS, OsmWay("PABQ", tags))
    assert metres(network, PLAZA["P"], PLAZA["Q"]) is None


def ring(random, centre, radius, corners):
    """A star-shaped ring around a centre, concave where its radii say so."""
    angles = np.sort(np.array([random.uniform(0, 2 * np.pi) for _ in range(corners)]))
    radii = np.array([random.uniform(0.4, 1) * radius for _ in range(corners)])
    xy = np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
    return [(round(x + centre, 2), round(y + centre, 2)) for x, y in xy.tolist()]


@pytest.mark.parametrize("seed", range(12))
def test_as_the_oracle_crosses_squares(tmp_path, seed):
    """A concave relation with a hole, its rim in one to three ways, and streets that end there."""
    random = Random(seed)
    nodes: Nodes = {}
    words: dict[str, str] = {}
    for name, first, radius, corners in (("rim", "A", 400.0, 12), ("hole", "a", 80.0, 5)):
        names = [chr(ord(first) + k) for k in range(corners)]
        nodes |= dict(zip(names, ring(random, 0.0, radius, corners), strict=True))
        words[name] = "".join([*names, names[0]])
    cuts = sorted({0, 12, *random.sample(range(1, 12), seed % 3)})
    parts = [words["rim"][a : b + 1] for a, b in itertools.pairwise(cuts)]
    streets = random.sample(words["rim"][:-1], 5) + random.sample(words["hole"][:-1], seed % 2)
    for k, corner in enumerate(streets):
        nodes[str(k)] = (nodes[corner][0] * 3, nodes[corner][1] * 3 + 1000)
    ways = [f"{corner}{k}" for k, corner in enumerate(streets)]
    rims = [OsmWay(part, RIM) for part in [*parts, words["hole"]]]
    roles = ["outer"] * len(parts) + ["inner"]
    members = [(len(ways) + 1 + k, role) for k, role in enumerate(roles)]
    relation = OsmRelation(SQUARE, members)
    network, _ = build(tmp_path, nodes, *ways, *rims, relations=[relation])
    other = oracle.read_osm(tmp_path / "n.osm", METRIC, min_component_m=0, cross_squares=True)
    # Corners in a notch of the hole are no way round it: only the streets are compared.
    ours: nx.Graph[XY] = nx.Graph()
    theirs: nx.Graph[XY] = nx.Graph()
    for u, v, mm in zip(network.u, network.v, network.base_mm_fwd, strict=True):
        a, b = ((float(network.x_m[k]), float(network.y_m[k])) for k in (u, v))
        ours.add_edge(a, b, mm=min(int(mm), ours.get_edge_data(a, b, {"mm": 10**9})["mm"]))
    for edge in other.edges:
        theirs.add_edge(other.node_xy[edge.u], other.node_xy[edge.v], mm=edge.base_mm_fwd)
    ends = [xy for xy in ours if ours.degree(xy) == 1]
    assert len(ends) == len(streets)
    for end in ends:
        mine, others = (
            nx.single_source_dijkstra_path_length(graph, end, weight="mm")
            for graph in (ours, theirs)
        )
        assert [mine[xy] for xy in ends] == pytest.approx([others[xy] for xy in ends], abs=6)
