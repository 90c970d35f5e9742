"""The same walls, fences and gates in every format of a network."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import osmnx
import pytest
import shapely
from tests.builders.walled_town import NODES, STREET, judged
from tests.streets import (
    METRIC,
    OsmWay,
    write_layer,
    write_osm,
    write_study,
)

from circle15.errors import InputDataError
from circle15.network.snapping import snap_to_network
from circle15.network.sources.exchange import network_from_graph
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

HOMES = {"h": (300, 35), "k": (310, 35), "far": (100, 60), "out": (100, 10)}
BARRIERS = (
    OsmWay("KGLMNK", {"barrier": "fence"}),
    OsmWay("PQ", {"waterway": "river"}),
)


def built(path, *, walls="prefer", **options):
    source = NetworkSource(path, min_component_m=Decimal(0), **options)
    network = open_network(source).build(METRIC)[0]
    return replace(network, walls=walls)


def joins(network):
    x, y = np.array(list(HOMES.values()), float).T
    found = snap_to_network(x + 500_000, y + 3_490_000, network)
    names = [network.barrier_name(k) if k >= 0 else None for k in found.barrier.tolist()]
    return found.code.tolist(), found.access_mm.tolist(), names


@pytest.fixture(params=["prefer", "stop", "ignore"])
def walls(request):
    return request.param


def osm_town(folder, tags):
    path = write_osm(folder / "n.osm", NODES, STREET, *BARRIERS, node_tags={"G": tags})
    return built(path)


def test_a_graph_and_back_has_the_barriers_with_names_kinds_and_gates(tmp_path, walls):
    for tags in ({"barrier": "gate"}, {}):
        network = replace(osm_town(tmp_path, tags), walls=walls)
        graph = network.to_graph()
        assert joins(
            replace(network_from_graph(graph, crs="EPSG:4549", min_component_m=0), walls=walls)
        ) == joins(network)
        osmnx.save_graphml(graph, tmp_path / "g.graphml")
        assert joins(built(tmp_path / "g.graphml", walls=walls)) == joins(network)


def test_lines_of_a_layer_are_walls_where_they_say_so(tmp_path, walls):
    """Without a gate: lines have no nodes. Names are of the rows."""
    network = replace(osm_town(tmp_path, {}), walls=walls)
    path = write_layer(
        tmp_path / "n.geojson",
        [
            (shapely.LineString([NODES[k] for k in way.word]), way.tags)
            for way in (STREET, *BARRIERS)
        ],
    )
    codes, legs, names = joins(network)
    own_codes, own_legs, own = joins(built(path, walls=walls))
    with_default = built(path, walls=walls, default_highway="footway")
    assert joins(with_default) == (own_codes, own_legs, own)
    assert codes == own_codes
    assert legs == pytest.approx(own_legs, abs=10)
    assert [one and one[1] for one in names] == [one and one[1] for one in own]
    assert {one[0] for one in own if one} <= {"n.geojson:2", "n.geojson:3"}


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({"barrier_ids": "way/1"}, "barrier_ids"),
        ({"barrier_kinds": "[" * 100_000}, "barrier_kinds"),
        ({"barrier_kinds": json.dumps(["wall"])}, "JSON list of 2 texts"),
    ],
)
def test_graphs_whose_barriers_have_wrong_names(tmp_path, attributes, says):
    graph = osm_town(tmp_path, {}).to_graph()
    graph.graph.update(attributes)
    with pytest.raises(InputDataError, match=says):
        network_from_graph(graph, crs="EPSG:4549", min_component_m=0)


def test_a_graph_with_nothing_but_lines_of_barriers_stops_every_leg(tmp_path):
    graph = osm_town(tmp_path, {}).to_graph()
    for key in ("barrier_ids", "barrier_kinds", "barrier_gates"):
        del graph.graph[key]
    codes, _, names = joins(network_from_graph(graph, crs="EPSG:4549", min_component_m=0))
    assert codes == ["ACCESS_BARRIER"] * 3 + [""]
    assert names[0] == ("#1", "given")


@pytest.mark.parametrize(
    ("column", "walls", "code", "kind"),
    [
        ({"barrier": "wall"}, "prefer", "THROUGH_WALL", "wall"),
        ({"barrier": "hedge"}, "stop", "ACCESS_BARRIER", "hedge"),
        ({"barrier": "wall"}, "ignore", "", None),
        ({"waterway": "canal"}, "ignore", "ACCESS_BARRIER", "canal"),
        ({"kind": "wall"}, "prefer", "ACCESS_BARRIER", "given"),
        ({}, "ignore", "ACCESS_BARRIER", "given"),
    ],
)
def test_barriers_of_the_study_are_what_their_columns_say(tmp_path, column, walls, code, kind):
    study = write_study(tmp_path, NODES, [STREET], {"h": (300, 35, 10)}, {"s": (0, 0)})
    lines = [(shapely.LineString([(-200, 20), (900, 20)]), column)]
    write_layer(tmp_path / "bars.geojson", lines)
    new = f'"streets.geojson"\nbarriers = "bars.geojson"\nwalls = "{walls}"'
    study.write_text(study.read_text("utf-8").replace('"streets.geojson"', new), "utf-8")
    homes, told = judged(study)
    assert homes["h"][2] == code
    assert [detail for _, _, detail in told] == (
        [{"id": "h", "barrier": "bars.geojson:1", "kind": kind}] if kind else []
    )
