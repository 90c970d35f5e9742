"""A layer of lines as a network: lines join where they share a vertex."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from tests.builders.street_lines import build
from tests.streets import (
    EAST_M,
    NORTH_M,
    OsmWay,
    walk_ms,
    write_layer,
    write_osm,
    write_streets,
)

from circle15.errors import CrsError, InputDataError
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

STREET = {"highway": "residential"}


def ms(network, start, end):
    (x0, y0), (x1, y1) = start, end
    return walk_ms(network, (x0 + EAST_M, y0 + NORTH_M), (x1 + EAST_M, y1 + NORTH_M))


def test_lengths_are_exact_on_the_middle_meridian(tmp_path):
    """A --900-- B --0.01-- C: T02 through a file: 900 000 and 900 010 ms."""
    nodes = {"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (900.01, 0.0)}
    network = build(write_streets(tmp_path / "s.geojson", nodes, "ABC"))
    assert ms(network, nodes["A"], nodes["B"]) == 900_000
    assert ms(network, nodes["A"], nodes["C"]) == 900_010


def test_lines_join_where_they_share_a_vertex(tmp_path):
    """A--m--B and m--C: m is an inner vertex of the first line; without it C is not joined."""
    first = shapely.LineString([(0, 0), (100, 0), (200, 0)])
    second = shapely.LineString([(100, 0), (100, 100)])
    path = write_layer(tmp_path / "s.geojson", [(first, STREET), (second, STREET)])
    assert ms(build(path), (0, 0), (100, 100)) == 200_000
    straight = shapely.LineString([(0, 0), (200, 0)])
    path = write_layer(tmp_path / "s.geojson", [(straight, STREET), (second, STREET)])
    assert ms(build(path), (0, 0), (100, 100)) is None


def test_the_walk_filter_and_barriers_apply(tmp_path):
    """A motorway is no way but a barrier; a row without a geometry is counted."""
    nodes = {"A": (0.0, 0.0), "B": (900.0, 0.0), "M": (0.0, 50.0), "N": (900.0, 50.0)}
    path = write_streets(tmp_path / "s.geojson", nodes, "AB", OsmWay("MN", {"highway": "motorway"}))
    network = build(path)
    assert (len(network.u), len(network.barriers)) == (1, 1)
    assert network.dropped == {"motorway": 1}
    frame = gpd.read_file(path)
    frame.loc[1, "geometry"] = None
    frame.to_file(tmp_path / "s.gpkg")
    assert build(tmp_path / "s.gpkg").dropped == {"no_geometry": 1}


def test_lists_of_merged_ways_give_their_first_tag(tmp_path):
    """OSMnx writes `['residential', 'service']` for ways that it has merged."""
    line = shapely.LineString([(0, 0), (900, 0)])
    path = write_layer(tmp_path / "s.geojson", [(line, {"highway": "['footway', 'steps']"})])
    assert build(path).kind.tolist() == ["footway"]


def test_what_cannot_be_a_network(tmp_path):
    line, point = shapely.LineString([(0, 0), (900, 0)]), shapely.Point(0, 0)
    path = write_layer(tmp_path / "s.geojson", [(point, STREET)])
    with pytest.raises(InputDataError, match="holds Point"):
        build(path)
    path = write_layer(tmp_path / "s.geojson", [(line, {"class": "residential"})])
    with pytest.raises(InputDataError, match="column 'highway': there is no such column"):
        build(path)
    path = write_layer(tmp_path / "s.geojson", [(line, {"highway": "motorway"})])
    with pytest.raises(InputDataError, match="holds no walkable line"):
        build(path)
    gpd.GeoDataFrame(STREET, geometry=[line], index=[0]).to_parquet(tmp_path / "s.parquet")
    with pytest.raises(CrsError, match="no coordinate reference system"):
        build(tmp_path / "s.parquet")


def test_columns_of_other_names(tmp_path):
    """A bureau's own headings: kinds, names, one-way, and a bridge that says 1."""
    cells = {"道路类型": "footway", "名称": "人民路", "单行": "yes", "桥": 1}
    line = shapely.LineString([(0, 0), (900, 0)])
    path = write_layer(tmp_path / "s.geojson", [(line, cells)])
    columns = {"highway": "道路类型", "name": "名称", "oneway:foot": "单行", "bridge": "桥"}
    network = build(path, columns=columns)
    assert network.kind.tolist() == ["footway"]
    assert network.names == {0: "人民路"}
    assert network.base_mm_bwd.tolist() == [-1]
    assert network.snappable.tolist() == [False]
    with pytest.raises(InputDataError, match="column '路名': there is no such column"):
        build(path, columns=columns | {"name": "路名"})


def test_a_kind_for_lines_that_have_none(tmp_path):
    """`default_highway` fills a missing column and blank cells, and changes no other."""
    lines = [shapely.LineString([(0, 100 * k), (900, 100 * k)]) for k in range(3)]
    path = write_layer(tmp_path / "s.geojson", [(line, {"id": 1}) for line in lines])
    assert build(path, default_highway="residential").kind.tolist() == ["residential"] * 3
    kinds = ({"highway": "steps"}, {"highway": None}, {"highway": "motorway"})
    path = write_layer(tmp_path / "s.geojson", list(zip(lines, kinds, strict=True)))
    network = build(path, default_highway="path")
    assert network.kind.tolist() == ["steps", "path"]
    assert network.dropped == {"motorway": 1}
    assert build(path).dropped == {"motorway": 1, "unlisted": 1}


def test_lines_of_several_parts(tmp_path):
    """One row of two parts: two lines that join where their ends meet."""
    parts = shapely.MultiLineString([[(0, 0), (300, 0)], [(300, 0), (300, 400)]])
    network = build(write_layer(tmp_path / "s.geojson", [(parts, STREET)]))
    assert (len(network.u), network.counts["ways_read"]) == (2, 1)
    assert ms(network, (0, 0), (300, 400)) == 700_000


def test_lines_of_no_length_and_repeated_vertices(tmp_path):
    """A line that stays where it is goes and is counted; a repeated vertex makes no edge."""
    point = shapely.LineString([(5, 5), (5, 5)])
    line = shapely.LineString([(0, 0), (0, 0), (300, 0), (300, 0), (900, 0)])
    loop = shapely.LineString([(900, 0), (900, 300), (600, 300), (900, 0)])
    path = write_layer(tmp_path / "s.geojson", [(one, STREET) for one in (point, line, loop)])
    network = build(path)
    assert network.dropped == {"zero_length": 1}
    assert len(network.u) == 2 + 3
    assert (network.length_m > 0).all()


@pytest.mark.parametrize("y", [float("inf"), 1e300, 95.0])
def test_coordinates_that_cannot_be(tmp_path, y):
    """There is no latitude beyond the pole."""
    lines = [shapely.LineString([(120, 31.5), (120, y)])]
    frame = gpd.GeoDataFrame([STREET], geometry=lines, crs=4326)
    frame.to_parquet(tmp_path / "s.parquet")
    with pytest.raises(CrsError, match="coordinates that WGS 84 does not have"):
        build(tmp_path / "s.parquet")


def test_kinds_that_no_map_has(tmp_path):
    line = shapely.LineString([(0, 0), (900, 0)])
    path = write_layer(tmp_path / "s.geojson", [(line, {"highway": "人行道"})])
    with pytest.raises(InputDataError, match=r"no walkable line \(unlisted: 1\).*key highway"):
        build(path)


def test_columns_are_for_layers_of_lines(tmp_path):
    path = write_osm(tmp_path / "s.osm", {"A": (0.0, 0.0), "B": (900.0, 0.0)}, "AB")
    with pytest.raises(InputDataError, match="only apply to layers of lines"):
        open_network(NetworkSource(path, default_highway="path"))
