"""Divided roads: which carriageways belong together, and how far it is to the other side."""

from __future__ import annotations

from decimal import Decimal

import jsonschema
import networkx as nx
import numpy as np
import pytest
from tests.builders.report_page import build_report
from tests.streets import METRIC, OsmWay, write_osm, write_study

from circle15.network.sources.network_source import open_network
from circle15.network.topology.divided_roads import (
    AROUND_M,
    DividedRoads,
    _around_m,
    _pairs,
    divided_roads,
)
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import NetworkSource
from circle15.workflow.pipeline import run_study

ROAD = {"highway": "primary", "oneway": "yes", "name": "大道"}
EAST, WEST = "ABCDEFGHIJK", "abcdefghijk"
"""
    a ← b ← c … ← k      1,000 m in pieces of 100 m, 20 m above the other side
    │             │
    A → B → C … → K
"""
NODES = {name: (100.0 * k, 0.0) for k, name in enumerate(EAST)} | {
    name: (100.0 * k, 20.0) for k, name in enumerate(WEST)
}
ENDS = (OsmWay("Aa", {"highway": "residential"}), OsmWay("Kk", {"highway": "residential"}))
CROSSING = OsmWay("Ff", {"highway": "footway", "footway": "crossing"})


def network_of(tmp_path, *ways, nodes=NODES):
    path = write_osm(tmp_path / "n.osm", nodes, *ways)
    return open_network(NetworkSource(path, min_component_m=Decimal(0))).build(METRIC)[0]


def divided(*arguments, **more) -> DividedRoads:
    found = divided_roads(network_of(*arguments, **more))
    assert found is not None
    return found


def both_sides(**more):
    return OsmWay(EAST, ROAD | more), OsmWay(WEST[::-1], ROAD | more)


def test_far_from_the_ends_the_other_side_is_far(tmp_path):
    """From 250 m it is 250 + 20 + 250 m; from 150 m 320 m. So 6 pieces of each side are far."""
    found = divided(tmp_path, *both_sides(), *ENDS)
    assert found.length_m == pytest.approx(2000, rel=1e-3)
    assert found.uncrossed_m == pytest.approx(1200, rel=1e-3)
    (one,) = found.worst
    assert one.name == "大道"
    assert one.length_m == pytest.approx(1200, rel=1e-3)


def test_a_crossing_in_the_middle_leaves_two_stretches(tmp_path):
    """With one at 500 m, only from 250 and from 750 m it is more than 350 m."""
    found = divided(tmp_path, *both_sides(), *ENDS, CROSSING)
    assert found.uncrossed_m == pytest.approx(400, rel=1e-3)
    assert [round(one.length_m) for one in found.worst] == [200, 200]


def test_without_any_way_across_all_is_far(tmp_path):
    found = divided(tmp_path, *both_sides())
    assert found.uncrossed_m == found.length_m > 0


@pytest.mark.parametrize(
    "ways",
    [
        (OsmWay(EAST, ROAD), OsmWay(WEST, ROAD)),  # both the same way: no divided road
        both_sides(oneway="no"),
        both_sides(highway="residential"),
        both_sides(junction="roundabout"),
        (OsmWay(EAST, ROAD),),
    ],
)
def test_what_is_no_divided_road(tmp_path, ways):
    found = divided(tmp_path, *ways, *ENDS)
    assert (found.length_m, found.uncrossed_m, found.worst) == (0, 0, ())


@pytest.mark.parametrize(("apart_m", "length_m"), [(49.0, 2000), (51.0, 0)])
def test_two_streets_are_further_apart(tmp_path, apart_m, length_m):
    nodes = NODES | {name: (100.0 * k, apart_m) for k, name in enumerate(WEST)}
    found = divided(tmp_path, *both_sides(), nodes=nodes)
    assert found.length_m == pytest.approx(length_m, rel=1e-3)


def test_where_nobody_walks_nothing_is_missing(tmp_path):
    """Carriageways whose pavements are mapped apart are no part of the walking network."""
    found = divided(tmp_path, *both_sides(sidewalk="separate"), *ENDS)
    assert found.length_m == 0


@pytest.mark.parametrize("seed", range(5))
def test_walks_are_those_of_networkx(tmp_path, seed):
    """Nodes shifted, streets across and beside at random."""
    rng = np.random.default_rng(seed)
    nodes = {k: (x + rng.uniform(-30, 30), y + rng.uniform(-5, 5)) for k, (x, y) in NODES.items()}
    pairs = rng.choice(list(EAST + WEST), (6, 2), replace=True)
    more = [OsmWay("".join(p), {"highway": "footway"}) for p in pairs if p[0] != p[1]]
    network = network_of(tmp_path, *both_sides(), *more, nodes=nodes)
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_weighted_edges_from(
        zip(network.u.tolist(), network.v.tolist(), network.length_m.tolist(), strict=True)
    )
    edge, beside, along = _pairs(network, network.carriageways)
    assert len(edge) > 10
    found = _around_m(network, edge, beside, along)
    for k, metres in enumerate(found.tolist()):
        half, whole = network.length_m[edge[k]] / 2, network.length_m[beside[k]]
        ends = {
            network.u[beside[k]]: along[k] * whole,
            network.v[beside[k]]: (1 - along[k]) * whole,
        }
        best = min(
            (
                half + nx.dijkstra_path_length(graph, int(a), int(b)) + rest
                for a in (network.u[edge[k]], network.v[edge[k]])
                for b, rest in ends.items()
                if nx.has_path(graph, int(a), int(b))
            ),
            default=np.inf,
        )
        assert metres == (pytest.approx(best) if best <= AROUND_M else np.inf)


@pytest.mark.whole_study
@pytest.mark.parametrize(
    ("language", "heading"),
    [("zh", "缺少过街处的双幅道路"), ("en", "Divided roads without a crossing")],
)
def test_the_quality_page_names_them(tmp_path, language, heading):
    """Of a file of streets that cannot tell, nothing is said; of OSM files without any, zero."""
    study = write_study(tmp_path, NODES, ["Aa"], {"h": (10, 5, 1)}, {"f": (900, 5)})
    text = study.read_text("utf-8")
    summary = build_summary(run_study(load_study(study)))
    assert summary["quality"]["divided_roads"] is None
    for ways, km in ((both_sides(), 1.2), ((), 0.0)):
        write_osm(tmp_path / "n.osm", NODES, *ways, *ENDS)
        study.write_text(text.replace("streets.geojson", "n.osm"), encoding="utf-8")
        result = run_study(load_study(study))
        summary = build_summary(result)
        jsonschema.validate(summary, summary_schema())
        found = summary["quality"]["divided_roads"]
        assert found is not None
        assert found["without_crossing_km"] == pytest.approx(km, rel=1e-3)
        assert [one["name"] for one in found["worst"]] == ["大道"] * bool(ways)
        assert (heading in build_report(result, language)) == bool(ways)
