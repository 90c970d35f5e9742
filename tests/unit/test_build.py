"""Building the network: lengths, directions, private ways, components, extent and exits."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod
from tests.streets import METRIC, OsmWay, Way, lon_lat, plane, write_osm

from circle15.errors import InputDataError
from circle15.network.build import build_network, project_box
from circle15.network.osm.osm_file import read_osm
from circle15.network.walk_network import NO_WAY
from circle15.study.settings.records import NetworkSource


def build(path, **options):
    return build_network(read_osm(path), METRIC, NetworkSource(path, **options))


def test_lengths_are_those_of_the_ellipsoid(tmp_path):
    """60 km east of the middle meridian the plane is 1.00004 too long; the street is not."""
    nodes = {"A": (60_000.0, 0.0), "B": (61_000.0, 0.0)}
    network = build(write_osm(tmp_path / "a.osm", nodes, "AB"))
    (lon0, lat0), (lon1, lat1) = np.round(lon_lat(list(nodes.values())), 7)
    true_m = Geod(ellps="WGS84").inv(lon0, lat0, lon1, lat1)[2]
    assert network.length_m[0] == pytest.approx(true_m, abs=1e-6)
    assert true_m < 999.97
    assert network.base_mm_fwd[0] == round(true_m * 1000)


def test_private_ways_are_walked_and_marked(tmp_path):
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (600.0, 600.0)}
    private = OsmWay("BC", {"highway": "service", "access": "private"})
    network = build(write_osm(tmp_path / "a.osm", nodes, "AB", private))
    assert network.private.tolist() == [False, True]
    assert (network.base_mm_fwd != NO_WAY).all()


@pytest.mark.parametrize(("least", "joins"), [(499, True), (500, True), (501, False)])
def test_short_components_take_no_snaps(tmp_path, least, joins):
    """A-B 600 m and the island C-D-E of 250 + 250 = 500 m, give or take 1 cm of OSM's degrees."""
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0)}
    nodes |= {"C": (0.0, 300.0), "D": (250.0, 300.0), "E": (500.02, 300.0)}
    network = build(write_osm(tmp_path / "a.osm", nodes, "AB", "CDE"), min_component_m=least)
    assert network.snappable.tolist() == [True, joins, joins]
    assert network.base_mm_fwd.min() > 0  # the island is still walked


def test_broken_coordinates_are_refused(tmp_path):
    nodes = {"A": (0.0, 0.0), "B": (0.0, 3_000_000.0)}
    with pytest.raises(InputDataError, match=r"a\.osm: a way has a piece of \d+ km"):
        build(write_osm(tmp_path / "a.osm", nodes, "AB"))


def test_exits_lie_outside_or_within_50_m_of_the_rim():
    """
    Extent 0–1000 m. Nodes at 500, 949.999, 950, 1000 and 1100 m: the last three are exits.
    """
    nodes = {k: (x, 500.0) for k, x in zip("ABCDE", (500, 949.999, 950, 1000, 1100), strict=True)}
    network = plane(nodes, "ABCDE", extent=shapely.box(0, 0, 1000, 1000))
    assert network.exits.tolist() == [2, 3, 4]


def test_a_box_of_degrees_keeps_its_curved_sides():
    """A parallel is curved on the map: the projected box holds all of it, not only the corners."""
    box = project_box((117.0, 31.0, 123.0, 32.0), METRIC)
    middle_of_south_side = lon_lat([(0.0, 0.0)])[0]
    assert middle_of_south_side[0] == pytest.approx(120.0)
    x, y = shapely.get_coordinates(box).T
    south = y[(np.abs(x - 500_000) < 1e5)].min()
    corner = y[np.argmin(x)]
    assert corner - south > 3_000


def test_the_table_of_edges():
    """`edge_id`, ends and open directions; a closed direction is null, never -1."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0)}
    table = plane(nodes, "AB", Way("BC", one_way=True)).table()
    assert table["edge_id"].tolist() == ["0:0", "1:0"]
    assert table["base_mm_fwd"].tolist() == [100_000, 100_000]
    assert table["base_mm_bwd"].isna().tolist() == [False, True]
