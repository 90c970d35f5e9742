"""
Every feature of a network in one town, on hills: every rule, profile and judgement.

The oracle walks from edge to edge and asks the rule of gates at every step. What an edge costs it
takes from the table of edges: other tests compute that a second time.
"""

from __future__ import annotations

import itertools

import numpy as np
import osmnx
import pandas as pd
import pytest
import shapely
from tests.oracle import oracle_gated
from tests.oracle.oracle_network import Edge, OracleNetwork
from tests.oracle.oracle_times import Place, Snap
from tests.streets import OsmWay, lon_lat, write_dem, write_osm, write_study

import circle15
from circle15.network.topology.compounds import RULES, compounds_of
from circle15.output.route.texts import route_entry
from circle15.study.settings.records import speed_ratio
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

STEP_M = 150.0
SIDE = 6
CUTOFF_MIN = 12
"""
A grid of 6 × 6 streets, 150 m apart, every node shifted by some metres: to the north-east (columns
4 and 5, rows 3 to 5) a compound, behind a gate at one of its doors; in the column 0 an escalator
that only leads north, stairs, a bridge, a lift and a crossing with signals; a square between (1, 1)
and (2, 2); a locked gate in the street at (3, 1).
"""


def letter(column, row):
    return chr(0x4E00 + column * SIDE + row)


def town(seed):
    rng = np.random.default_rng(seed)
    nodes = {
        letter(i, j): (i * STEP_M + rng.integers(-30, 31), j * STEP_M + rng.integers(-30, 31))
        for i, j in itertools.product(range(SIDE), repeat=2)
    }
    kinds = ["residential", "footway", "secondary", "service", "tertiary"]
    ways, tags = [], {}
    for j in range(SIDE):  # streets to the east, those of the upper right private
        word = "".join(letter(i, j) for i in range(SIDE))
        highway = {"highway": str(rng.choice(kinds)), "name": f"Row {j}"}
        cut = 4 if j >= 3 else SIDE
        ways.append(OsmWay(word[:cut], highway))
        if cut < SIDE:
            ways.append(OsmWay(word[cut - 1 :], {"highway": "service", "access": "private"}))
    specials = [
        {"highway": "steps", "conveying": "forward", "oneway:foot": "yes"},
        {"highway": "steps", "incline": "up"},
        {"highway": "footway", "bridge": "yes", "layer": "1"},
        {"highway": "elevator"},
        {"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"},
    ]
    for i in range(SIDE):
        for j in range(SIDE - 1):
            pair = letter(i, j) + letter(i, j + 1)
            if i == 0:
                ways.append(OsmWay(pair, specials[j]))
            elif i >= 4 and j >= 3:
                ways.append(OsmWay(pair, {"highway": "footway", "foot": "private"}))
            elif rng.random() < 0.7:
                ways.append(OsmWay(pair, {"highway": str(rng.choice(kinds))}))
    ring = letter(1, 1) + letter(2, 1) + letter(2, 2) + letter(1, 2) + letter(1, 1)
    ways.append(OsmWay(ring, {"highway": "pedestrian", "area": "yes"}))
    tags[letter(4, 3)] = {"barrier": "gate", "access": "private"}
    tags[letter(3, 4)] = {"barrier": "lift_gate"}
    tags[letter(3, 1)] = {"barrier": "gate", "locked": "yes"}
    tags[letter(2, 3)] = {"highway": "traffic_signals"}
    tags[letter(1, 4)] = {"highway": "crossing", "crossing": "uncontrolled"}
    tags[letter(2, 0)] = {"highway": "elevator"}
    inside = 4 * STEP_M, 3.3 * STEP_M, 5 * STEP_M, 5 * STEP_M
    everywhere = -40, -40, (SIDE - 1) * STEP_M + 40, (SIDE - 1) * STEP_M + 40
    west = STEP_M, STEP_M, 2.8 * STEP_M, 4 * STEP_M

    def spot(box):
        return tuple(rng.uniform(box[:2], box[2:]).round(3))

    homes = {f"h{k:02}": (*spot(inside if k < 6 else everywhere), 10 + k) for k in range(24)}
    sites = {f"f{k}": spot(inside if k == 3 and seed % 2 else west) for k in range(4)}
    return nodes, ways, tags, homes, sites


def hills(x, y):
    return 40 + 12 * np.sin(x / 130) + 9 * np.cos(y / 170)


def study_of(folder, seed, *, rule, judge, profile, squares):
    nodes, ways, tags, homes, sites = town(seed)
    walk = f'profile = "{profile}"\njudge = "{judge}"\ncutoffs_min = [3, {CUTOFF_MIN}]'
    study = write_study(folder, nodes, ["一丁"], homes, sites, walk=walk)
    write_osm(folder / "town.osm", nodes, *ways, node_tags=tags)
    write_dem(folder / "dem.tif", hills, west_north=(-600.0, 1500.0), size_m=2100.0)
    text = study.read_text("utf-8").replace(
        'file = "streets.geojson"',
        f'file = "town.osm"\ndem = "dem.tif"\ngated = "{rule}"\nsquares = "{squares}"',
    )
    study.write_text(text, encoding="utf-8")
    return study, homes, sites


def oracle_of(network):
    """Hand the edges of a network to the oracle, under their indices."""

    def cost(mm):
        return None if mm < 0 else int(mm)

    edges = [
        Edge(
            int(network.u[k]),
            int(network.v[k]),
            int(network.way_id[k]),
            int(network.way_pos[k]),
            float(network.length_m[k]),
            cost(network.base_mm_fwd[k]),
            cost(network.base_mm_bwd[k]),
            bool(network.snappable[k]),
            int(network.delay_ms_fwd[k]),
            int(network.delay_ms_bwd[k]),
        )
        for k in range(len(network.u))
    ]
    return OracleNetwork({}, edges)


def places_of(table, key, network):
    number = {name: k for k, name in enumerate(network.edge_ids.tolist())}
    return [
        Place(
            name,
            Snap(number[edge], float(fraction), round(float(access) * 1000))
            if isinstance(edge, str)
            else "TOO_FAR",
        )
        for name, edge, fraction, access in zip(
            table[key], table[c.EDGE_ID], table[c.FRACTION], table[c.ACCESS_M], strict=True
        )
    ]


def expected(result, *, round_trip):
    """Time and site of every home, by searches that ask the rule at every node."""
    network, study = result.network, result.study
    private = set(np.flatnonzero(network.private).tolist())
    locked = set(network.gates.tolist())
    homes = places_of(result.demand, c.DEMAND_ID, network)
    other, speed, rule = oracle_of(network), speed_ratio(study.walk.speed_m_s), study.network.gated
    best: dict[str, tuple[int, str]] = {}
    for site in places_of(result.facilities, c.FACILITY_ID, network):
        out, back = (
            oracle_gated.times_to(homes, site, other, speed, rule, private, locked, homeward=way)
            for way in (False, round_trip)
        )
        for home, there, again in zip(homes, out, back, strict=True):
            if there is None or again is None:
                continue
            total = there + again if round_trip else there
            if round_trip and total > 2 * CUTOFF_MIN * 60_000:
                continue  # beyond its circle a round trip has no minutes
            best[home.id] = min(best.get(home.id, (total, site.id)), (total, site.id))
    return best


def assert_drawn_where_counted(result):
    """Whoever is covered lives in the drawn area, or less than a cell beside it."""
    rows = result.coverage
    rows = rows[
        (rows[c.SPEED_M_S] == float(result.study.walk.speed_m_s)) & (rows[c.STATE] == "covered")
    ]
    homes = result.demand.set_index(c.DEMAND_ID)
    areas = result.served.set_index([c.CATEGORY, c.CUTOFF_MIN]).geometry
    for (category, cutoff), some in rows.groupby([c.CATEGORY, c.CUTOFF_MIN]):
        at = homes.loc[some[c.DEMAND_ID]]
        points = shapely.points(at[c.X_M].to_numpy(), at[c.Y_M].to_numpy())
        assert shapely.distance(areas[category, cutoff], points).max() <= result.served_cell_m


CASES = [
    (seed, rule, judge, profile)
    for seed, (rule, judge, profile) in enumerate(
        itertools.product(RULES, ("outbound", "round_trip"), ("older-adult", "wheelchair", "plain"))
    )
]


@pytest.mark.parametrize(("seed", "rule", "judge", "profile"), CASES)
def test_run_route_and_oracle_agree(seed, rule, judge, profile, tmp_path):
    squares = "cross" if seed % 3 else "around"
    study, homes, _ = study_of(
        tmp_path, seed % 4, rule=rule, judge=judge, profile=profile, squares=squares
    )
    result = run_study(circle15.load_study(study))
    rows = result.coverage
    rows = rows[
        (rows[c.SPEED_M_S] == float(result.study.walk.speed_m_s))
        & (rows[c.CUTOFF_MIN] == CUTOFF_MIN)
    ]
    found = {
        row[c.DEMAND_ID]: (int(row[c.TIME_MS]), row[c.FACILITY_ID])
        for _, row in rows[rows[c.TIME_MS].notna()].iterrows()
    }
    assert found == expected(result, round_trip=judge == "round_trip")
    assert found
    assert_drawn_where_counted(result)
    at = dict(zip(homes, lon_lat([xy[:2] for xy in homes.values()]), strict=True))
    for name, (time_ms, site) in list(found.items())[::5]:
        route = circle15.route(study, at[name], site)
        entry = route_entry(route, "en")
        steps = [*route.steps, *route.steps_back]
        assert sum(step.time_ms for step in steps) == time_ms, name
        key = "round_trip_s" if judge == "round_trip" else "time_s"
        assert entry[key] == time_ms / 1000
        for step in steps:
            assert step.waiting_ms <= step.time_ms
            for a, b in itertools.pairwise(step.line):
                assert a != b or step.length_m == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_graph_keeps_gates_costs_and_hills(seed, tmp_path):
    """To networkx and back, through a file: the same states and times under every rule."""
    for rule in RULES:
        study, *_ = study_of(
            tmp_path, seed, rule=rule, judge="outbound", profile="older-adult", squares="cross"
        )
        direct = run_study(circle15.load_study(study))
        osmnx.save_graphml(direct.network.to_graph(), tmp_path / "town.graphml")
        text = study.read_text("utf-8").replace('"town.osm"', '"town.graphml"')
        study.write_text(text.replace('dem = "dem.tif"\n', ""), encoding="utf-8")
        again = run_study(circle15.load_study(study))
        pd.testing.assert_frame_equal(again.coverage, direct.coverage)
        assert again.gated.rows == direct.gated.rows
        assert len(again.network.gates) == len(direct.network.gates) == 2


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
@pytest.mark.parametrize("seed", [0, 2])
def test_what_is_said_of_each_rule_is_what_its_run_finds(seed, judge, tmp_path):
    """No site lies in a compound of these towns: `closed` leaves those inside without any."""
    said, covered = [], {}
    for rule in RULES:
        study, *_ = study_of(
            tmp_path, seed, rule=rule, judge=judge, profile="older-adult", squares="cross"
        )
        result = run_study(circle15.load_study(study))
        assert compounds_of(result.network).any
        (row,) = (one for one in result.gated.rows if one.category == "meal_point")
        said.append(row)
        covered[rule] = next(
            one.counts.covered
            for one in result.coverage_rows
            if (one.category, one.cutoff_min, float(one.speed_m_s))
            == ("meal_point", CUTOFF_MIN, float(result.study.walk.speed_m_s))
        )
    assert said[0] == said[1] == said[2]
    assert said[0].covered == covered
    assert covered["closed"] < covered["residents"] < covered["open"]
