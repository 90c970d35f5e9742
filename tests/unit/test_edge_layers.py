"""A layer of lines as a network: lines join at their ends only."""

from __future__ import annotations

from decimal import Decimal

import geopandas as gpd
import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, OsmWay, walk_ms, write_layer, write_streets

from circle15.errors import CrsError, InputDataError
from circle15.network.edge_layers import network_from_lines, read_edge_layer
from circle15.study.config import NetworkSource

STREET = {"highway": "residential"}


def build(path, **options):
    source = NetworkSource(path, min_component_m=Decimal(0), **options)
    return network_from_lines(read_edge_layer(source), METRIC, source)


def ms(network, start, end):
    (x0, y0), (x1, y1) = start, end
    return walk_ms(network, (x0 + EAST_M, y0 + NORTH_M), (x1 + EAST_M, y1 + NORTH_M))


def test_lengths_are_exact_on_the_middle_meridian(tmp_path):
    """A --900-- B --0.01-- C: T02 through a file: 900 000 and 900 010 ms."""
    nodes = {"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (900.01, 0.0)}
    network = build(write_streets(tmp_path / "s.geojson", nodes, "ABC"))
    assert ms(network, nodes["A"], nodes["B"]) == 900_000
    assert ms(network, nodes["A"], nodes["C"]) == 900_010


def test_lines_join_at_their_ends_only(tmp_path):
    """
    A--m--B and m--C: m is an inner vertex of the first line, so C is not joined to it. A third
    line from B to C joins both by their ends.
    """
    first = shapely.LineString([(0, 0), (100, 0), (200, 0)])
    second = shapely.LineString([(100, 0), (100, 100)])
    path = write_layer(tmp_path / "s.geojson", [(first, STREET), (second, STREET)])
    assert ms(build(path), (0, 0), (100, 100)) is None
    third = shapely.LineString([(200, 0), (100, 100)])
    path = write_layer(tmp_path / "s.geojson", [(first, STREET), (second, STREET), (third, STREET)])
    assert ms(build(path), (0, 0), (100, 100)) == 200_000 + 141_421


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
