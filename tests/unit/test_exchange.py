"""To OSMnx and back: the same nodes, edges, kilometres and times; foreign graphs, streets once."""

from __future__ import annotations

import warnings
from decimal import Decimal

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from tests.streets import (
    EAST_M,
    METRIC,
    NORTH_M,
    OsmWay,
    Way,
    lon_lat,
    plane,
    walk_ms,
    write_osm,
)

from circle15 import network_from_graph
from circle15.errors import CrsError, InputDataError
from circle15.network.sources.exchange import read_graphml
from circle15.network.sources.network_source import open_network
from circle15.network.walk_network import NO_WAY
from circle15.study.settings.records import NetworkSource

CRS = "EPSG:4549"
METRIC_BOX = shapely.box(EAST_M - 500, NORTH_M - 500, EAST_M + 1500, NORTH_M + 1500)
NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (600.0, 0.0),
    "D": (300.0, 400.0),
    "E": (600.0, 400.0),
    "R": (-50.0, 200.0),
    "S": (700.0, 200.0),
}


def network_of(tmp_path, *ways):
    path = write_osm(tmp_path / "n.osm", NODES, *ways)
    return open_network(NetworkSource(path, min_component_m=Decimal(0))).build(METRIC)[0]


WAYS = (
    OsmWay("ABC", {"highway": "residential", "name": "人民路"}),
    OsmWay("BD", {"highway": "footway", "oneway:foot": "yes"}),
    OsmWay("DE", {"highway": "footway", "oneway:foot": "-1", "bridge": "yes"}),
    OsmWay("EC", {"highway": "service", "access": "private"}),
    OsmWay("AD", {"highway": "motorway", "foot": "yes"}),
    OsmWay("AE", {"highway": "path", "foot:forward": "no", "foot:backward": "no"}),
    OsmWay("RS", {"waterway": "river"}),
)
KEPT = (
    "base_mm_fwd",
    "base_mm_bwd",
    "delay_ms_fwd",
    "way_id",
    "way_pos",
    "snappable",
    "private",
    "length_m",
)


def same(one, other):
    """Whether two networks are one, their nodes numbered anew, one-way edges turned round."""
    for name in ("way_id", "way_pos", "snappable", "private", "kind"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert one.length_m == pytest.approx(other.length_m, abs=1e-6)

    def arcs(network):
        place = list(zip(network.x_m.tolist(), network.y_m.tolist(), strict=True))
        forward = zip(network.u, network.v, network.base_mm_fwd, network.delay_ms_fwd, strict=True)
        back = zip(network.v, network.u, network.base_mm_bwd, network.delay_ms_bwd, strict=True)
        found = [(place[u], place[v], int(mm), int(ms)) for u, v, mm, ms in [*forward, *back]]
        return sorted(arc for arc in found if arc[2] != NO_WAY)

    assert arcs(one) == arcs(other)
    assert len(one.x_m) == len(other.x_m)
    assert (one.names, len(one.barriers)) == (other.names, len(other.barriers))
    assert one.exits.shape == other.exits.shape


def test_there_and_back(tmp_path):
    """Names, one-way ways, private ones, a bridge, a walkable motorway, one shut both ways."""
    network = network_of(tmp_path, *WAYS)
    again = network_from_graph(network.to_graph(), crs=CRS, min_component_m=0)
    same(network, again)
    assert walk_ms(again, (EAST_M, NORTH_M), (EAST_M + 300, NORTH_M + 400)) == walk_ms(
        network, (EAST_M, NORTH_M), (EAST_M + 300, NORTH_M + 400)
    )


def test_there_and_back_through_a_file(tmp_path):
    """OSMnx writes and reads it, and networkx writes it too: `[network] file` takes both."""
    network = network_of(tmp_path, *WAYS)
    graph = network.to_graph()
    osmnx.save_graphml(graph, tmp_path / "a.graphml")
    osmnx.save_graphml(osmnx.load_graphml(tmp_path / "a.graphml"), tmp_path / "b.graphml")
    nx.write_graphml(graph, tmp_path / "c.graphml")
    for name in ("a", "b", "c"):
        source = NetworkSource(tmp_path / f"{name}.graphml", min_component_m=Decimal(0))
        same(network, open_network(source).build(METRIC)[0])


def test_costs_that_are_not_lengths(tmp_path):
    """Slopes and signals: 120 m up, 90 m down, 7 s at a crossing; they come back as they were."""
    nodes = {"A": (EAST_M, NORTH_M), "B": (EAST_M + 100, NORTH_M), "C": (EAST_M + 200, NORTH_M)}
    network = plane(nodes, Way("AB", mm=120_000, delay_ms=7_000), Way("BC", one_way=True))
    again = network_from_graph(network.to_graph(), crs=CRS, min_component_m=0)
    assert again.base_mm_fwd.tolist() == [120_000, 100_000]
    assert again.base_mm_bwd.tolist() == [120_000, NO_WAY]
    assert again.delay_ms_fwd.tolist()[0] == 7_000


def test_osmnx_can_use_it(tmp_path):
    """Its statistics, tables and searches work on the graph; both directions of A-B-C are there."""
    graph = network_of(tmp_path, *WAYS).to_graph()
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert nodes.crs == edges.crs == "EPSG:4326"
    assert {"osmid", "highway", "length", "oneway", "reversed", "name"} <= set(edges.columns)
    assert edges["highway"].value_counts()["residential"] == 4
    route = osmnx.shortest_path(graph, 0, 2, weight="length")
    assert route == [0, 1, 2]
    assert osmnx.project_graph(graph).graph["crs"].is_projected


def test_tables_are_those_of_osmnx(tmp_path):
    """`to_gdfs` gives what `osmnx.graph_to_gdfs` makes of the graph, and OSMnx takes it back."""
    network = network_of(tmp_path, *WAYS)
    for mine, theirs in zip(
        network.to_gdfs(), osmnx.graph_to_gdfs(network.to_graph()), strict=True
    ):
        assert_geodataframe_equal(mine, theirs, check_like=True, check_dtype=False)
    graph = osmnx.graph_from_gdfs(*network.to_gdfs(), graph_attrs=network.to_graph().graph)
    same(network, network_from_graph(graph, crs=CRS, min_component_m=0))


def test_what_the_caller_says_of_gates_walls_and_the_extent(tmp_path):
    graph = network_of(tmp_path, *WAYS).to_graph()
    outline = gpd.GeoSeries([METRIC_BOX], crs=CRS).to_crs(4326)
    found = taken(graph, gated="residents", walls="stop", extent=outline)
    assert (found.gated, found.walls, found.extent_source) == ("residents", "stop", "given")
    assert found.extent.symmetric_difference(METRIC_BOX).area < 1
    assert (taken(graph).gated, taken(graph).walls) == ("open", "prefer")
    with pytest.raises(InputDataError, match="gated: 'shut' is not known"):
        taken(graph, gated="shut")
    with pytest.raises(CrsError, match="extent: the layer has no coordinate reference system"):
        taken(graph, extent=gpd.GeoSeries([METRIC_BOX]))
    with pytest.raises(InputDataError, match=r"extent: 1 of 1 rows \(first: 0\) hold no polygon"):
        taken(graph, extent=gpd.GeoSeries([METRIC_BOX.centroid], crs=CRS))


# --- Graphs of others -------------------------------------------------------------------------


def graph_of(*edges, nodes=NODES, crs="epsg:4326", kind=nx.MultiDiGraph):
    """Edges as (u, v, attributes); nodes in degrees."""
    graph = kind(crs=crs)
    degrees = lon_lat(list(nodes.values())).round(7).tolist()
    for name, (lon, lat) in zip(nodes, degrees, strict=True):
        graph.add_node(name, x=lon, y=lat)
    for u, v, data in edges:
        graph.add_edge(u, v, **{"highway": "residential", "osmid": 5} | data)
    return graph


def taken(graph, **options):
    return network_from_graph(graph, crs=CRS, **{"min_component_m": 0} | options)


BOTH = (("A", "B", {"reversed": False}), ("B", "A", {"reversed": True}))


def test_both_directions_are_one_street():
    network = taken(graph_of(*BOTH))
    assert (len(network.u), network.counts["ways_read"]) == (1, 1)
    assert network.length_m == pytest.approx([300], abs=0.02)


@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph, nx.DiGraph, nx.MultiDiGraph])
def test_any_kind_of_graph(kind):
    assert len(taken(graph_of(BOTH[0], kind=kind)).u) == 1


def test_one_way_for_vehicles_is_walked_both_ways():
    network = taken(graph_of(("A", "B", {"oneway": True, "reversed": False})))
    assert network.base_mm_bwd.tolist() == network.base_mm_fwd.tolist()


@pytest.mark.parametrize(("tag", "east", "west"), [("yes", True, False), ("-1", False, True)])
def test_one_way_on_foot_is_that_of_the_way(tag, east, west):
    """The edge A-B runs along its way, B-A against it, whichever comes first in the graph."""
    for edges in (BOTH, BOTH[::-1]):
        network = taken(graph_of(*[(u, v, d | {"oneway:foot": tag}) for u, v, d in edges]))
        start, end = (EAST_M + 1, NORTH_M), (EAST_M + 299, NORTH_M)
        assert (walk_ms(network, start, end) is not None) == east
        assert (walk_ms(network, end, start) is not None) == west


def test_parallel_ways_stay_two():
    """Two ways between the same nodes, and one way that goes there and back, are two streets."""
    other = [(u, v, d | {"osmid": 6}) for u, v, d in BOTH]
    assert len(taken(graph_of(*BOTH, *other)).u) == 2
    again = (("B", "A", {"reversed": False}), ("A", "B", {"reversed": True}))
    network = taken(graph_of(*BOTH, *again))
    assert network.edge_ids.tolist() == ["5:0", "5:1"]


def test_geometry_is_the_way_between_the_nodes():
    """A-D-B: 500 + 400 m, in the graph as a line, as WKT, or kept the wrong way round."""
    line = shapely.LineString(lon_lat([NODES["A"], NODES["D"], NODES["B"]]))
    for shape in (line, line.wkt, shapely.reverse(line)):
        network = taken(graph_of(("A", "B", {"geometry": shape})))
        assert network.length_m == pytest.approx([500, 400], abs=0.02)
        assert network.edge_ids.tolist() == ["5:0", "5:1"]
    forward = ("A", "B", {"geometry": line})
    back = ("B", "A", {"geometry": shapely.reverse(line), "reversed": True})
    assert len(taken(graph_of(forward, back)).u) == 2


def test_simplified_by_osmnx(tmp_path):
    """OSMnx merges A-B-C into one edge with lists of ids; kilometres and times stay."""
    path = write_osm(tmp_path / "n.osm", NODES, "AB", "BC", OsmWay("CE", {"highway": "steps"}))
    network = open_network(NetworkSource(path, min_component_m=Decimal(0))).build(METRIC)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = osmnx.graph_from_xml(path, simplify=True, retain_all=True)
    merged = taken(graph)
    assert merged.length_m.sum() == pytest.approx(network.length_m.sum(), abs=1e-6)
    ends = (EAST_M, NORTH_M), (EAST_M + 600, NORTH_M + 400)
    assert walk_ms(merged, *ends) == walk_ms(network, *ends)


def test_projected(tmp_path):
    graph = osmnx.project_graph(graph_of(*BOTH), to_crs=CRS)
    assert taken(graph).length_m == pytest.approx([300], abs=0.02)


def test_a_loop_and_two_nodes_at_one_place():
    """A ring from A to A is one street; B and C at one place are joined by an edge of no length."""
    ring = shapely.LineString(lon_lat([(0, 0), (0, 100), (100, 100), (0, 0)]))
    nodes = NODES | {"C": NODES["B"]}
    edges = (
        ("A", "A", {"geometry": ring, "osmid": 1}),
        ("A", "A", {"geometry": shapely.reverse(ring), "osmid": 1, "reversed": True}),
        ("A", "A", {"osmid": 2}),
        *BOTH,
        ("B", "C", {"osmid": 7}),
        ("C", "D", {"osmid": 8}),
    )
    network = taken(graph_of(*edges, nodes=nodes))
    assert network.dropped == {"zero_length": 1}
    assert len(network.u) == 3 + 1 + 1 + 1
    assert walk_ms(network, (EAST_M, NORTH_M), (EAST_M + 300, NORTH_M + 400)) is not None


def test_the_order_of_the_graph_does_not_matter():
    edges = [*BOTH, ("B", "D", {"osmid": 3}), ("C", "B", {"osmid": 3}), ("E", "C", {"osmid": -4})]
    one, other = taken(graph_of(*edges)), taken(graph_of(*edges[::-1]))
    assert one.edge_ids.tolist() == other.edge_ids.tolist()
    for name in ("x_m", "y_m", "u", "v", "base_mm_fwd", "base_mm_bwd"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize(
    ("graph", "error", "says"),
    [
        (graph_of(*BOTH, crs=None), CrsError, "no coordinate reference system"),
        (graph_of(*BOTH, crs="EPSG:1"), CrsError, "not a known CRS"),
        (graph_of(("A", "Z", {})), InputDataError, "the node 'Z' has no position"),
        (graph_of(("A", "B", {"geometry": "LINESTRING (1"})), InputDataError, "cannot be read"),
        (graph_of(("A", "B", {"geometry": "POINT (1 1)"})), InputDataError, "is not a line"),
        (graph_of(("A", "B", {"geometry": "LINESTRING EMPTY"})), InputDataError, "is not a line"),
        (graph_of(("A", "B", {"highway": "motorway"})), InputDataError, "no walkable street"),
        (graph_of(), InputDataError, "no walkable street"),
        (graph_of(*BOTH, nodes=NODES | {"A": (float("nan"), 0.0)}), CrsError, "on the earth"),
    ],
)
def test_graphs_that_cannot_be_used(graph, error, says):
    with pytest.raises(error, match=says):
        taken(graph)


BOMB = (
    '<!DOCTYPE g [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))
    + "]>"
)
HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no graph",
        b"<html/>",
        HEAD.encode(),
        f"{BOMB}{HEAD}<graph edgedefault='directed'><node id='&a9;'/></graph></graphml>".encode(),
        f"{HEAD}<graph edgedefault='directed'><node/></graph></graphml>".encode(),
        f"{HEAD}<graph edgedefault='directed'><edge source='a'/></graph></graphml>".encode(),
        f"{HEAD}<graph edgedefault='directed'><node id='a'><data key='q'>1</data></node></graph>"
        "</graphml>".encode(),
        f"{HEAD}</graphml>".encode(),
    ],
)
def test_files_that_are_no_graph(tmp_path, content):
    path = tmp_path / "n.graphml"
    path.write_bytes(content)
    with pytest.raises(InputDataError) as caught:
        read_graphml(path)
    assert str(caught.value).startswith(str(path))


def test_streets_without_an_id_keep_their_own_names():
    """Way 7 states its id; the two others get ids of their own, which are read back."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4549")
    graph.add_nodes_from((k, {"x": 5e5 + 100 * k, "y": 3.49e6 + 50 * k * k}) for k in range(4))
    graph.add_edge(0, 1, highway="residential", name="North")
    graph.add_edge(1, 2, highway="residential", name="South")
    graph.add_edge(2, 3, highway="residential", name="Seven", osmid=7)
    network = network_from_graph(graph)
    for one in (network, network_from_graph(network.to_graph())):
        names = {one.names[way] for way in one.way_id.tolist()}
        assert names == {"North", "South", "Seven"}
        assert len(set(one.way_id.tolist())) == 3
        assert one.names[7] == "Seven"


def test_streets_on_one_line_are_read_back():
    """Their hull is a line, no area."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4549")
    graph.add_nodes_from((k, {"x": 5e5 + 100 * k, "y": 3.49e6}) for k in range(3))
    graph.add_edges_from([(0, 1), (1, 2)], highway="residential")
    network = network_from_graph(graph)
    again = network_from_graph(network.to_graph())
    assert again.length_m.tolist() == pytest.approx(network.length_m.tolist())
    assert again.extent.equals_exact(network.extent, 0.01)
