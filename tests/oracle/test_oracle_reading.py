"""The oracle's readers on files small enough to check by hand, and on a real foot network."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import geopandas
import pytest
from shapely import LineString

from tests.oracle import oracle

OSM = """<osm version="0.6">
 <node id="1" lat="0" lon="3.00"/> <node id="2" lat="0" lon="3.01"/>
 <node id="3" lat="0" lon="3.02"/> <node id="5" lat="0" lon="3.04"/>
 <node id="6" lat="0" lon="3.05"/>
 <way id="20"><nd ref="1"/><nd ref="2"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/>
  <nd ref="6"/><tag k="highway" v="footway"/><tag k="oneway" v="yes"/></way>
 <way id="10"><nd ref="3"/><nd ref="1"/>
  <tag k="highway" v="motorway"/><tag k="foot" v="yes"/><tag k="oneway:foot" v="-1"/></way>
 <way id="11"><nd ref="1"/><nd ref="5"/><tag k="highway" v="service"/><tag k="access" v="no"/></way>
 <way id="30"><nd ref="5"/><nd ref="6"/></way>
 <way id="31"><nd ref="1"/><nd ref="2"/><tag k="waterway" v="river"/><tag k="layer" v="-1"/></way>
 <relation id="1"><member type="way" ref="30" role="outer"/>
  <tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
</osm>"""


def test_reading_osm(tmp_path: Path) -> None:
    """
    On the equator 0.01 degrees are 6 378 137 · pi / 18 000 = 1113.1949 m: 1 113 195 mm.

    Way 20 is cut at the missing node 4 and repeats node 2: 1-2, 2-3, 5-6. Way 10 comes first: a
    motorway where walking is allowed, backwards only, and a barrier on the ground. Way 11 is shut.
    Way 30 is a bank of a lake; the river 31 is in a culvert.
    """
    path = tmp_path / "small.osm"
    path.write_text(OSM, encoding="utf-8")
    network = oracle.read_osm(path, "EPSG:32631")
    assert [(e.way, e.position, e.u, e.v) for e in network.edges] == [
        (10, 0, 3, 1),
        (20, 0, 1, 2),
        (20, 2, 2, 3),
        (20, 5, 5, 6),
    ]
    first, second, *_ = network.edges
    assert (first.base_mm_fwd, first.base_mm_bwd, first.takes_snaps) == (None, 2_226_390, False)
    assert (second.base_mm_fwd, second.base_mm_bwd) == (1_113_195, 1_113_195)
    assert second.takes_snaps
    assert network.node_xy[1] == (500_000.0, 0.0)
    xy = network.node_xy
    assert network.barriers == [(xy[3], xy[1]), (xy[5], xy[6])]
    assert network.counts == {
        "foot_allowed": 1,
        "access_forbidden": 1,
        "path": 1,
        "not_looked_at": 2,
    }


def test_reading_an_edge_layer(tmp_path: Path) -> None:
    """
    Row 0 is A-m-B, row 1 starts 0.4 mm beside B, row 2 starts on the inner vertex m.

    Rows 0 and 1 meet in B; row 2 does not meet row 0, and 400 m alone it takes no snaps.
    """
    lines = [
        LineString([(500_000, 0), (500_300, 0), (500_600, 0)]),
        LineString([(500_600.0004, 0), (500_600, 100)]),
        LineString([(500_300, 0), (500_300, 400)]),
        LineString([(500_000, 50), (500_600, 50)]),
    ]
    frame = geopandas.GeoDataFrame(
        {"highway": ["residential", "footway", "path", "motorway"]}, geometry=lines, crs=32631
    )
    path = tmp_path / "streets.parquet"
    frame.to_parquet(path)
    network = oracle.read_edges(path, "EPSG:32631")
    assert [(e.way, e.position) for e in network.edges] == [(0, 0), (0, 1), (1, 0), (2, 0)]
    a, b, c, d = network.edges
    assert a.v == b.u
    assert b.v == c.u == ("end", 500_600.0, 0.0)
    assert d.u != a.v
    assert [e.takes_snaps for e in network.edges] == [True, True, True, False]
    assert a.length_m == pytest.approx(300 / 0.9996, abs=0.001)
    assert network.barriers == [((500_000.0, 50.0), (500_600.0, 50.0))]


@pytest.mark.real
@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        ((43.730729, 7.421288), (43.727697, 7.419199), 1566),
        ((43.727687, 7.418737), (43.74958, 7.436566), 3438),
        ((43.728677, 7.41016), (43.739213, 7.427806), 2085),
        ((43.733802, 7.413433), (43.739662, 7.424355), 1425),
    ],
)
def test_foot_distances_of_another_engine(
    start: tuple[float, float], end: tuple[float, float], metres: float
) -> None:
    """Within 3 per mille of published foot distances (spherical there, ellipsoidal here)."""
    data = os.environ.get("CIRCLE15_REAL_DATA")
    if not data:
        pytest.skip("CIRCLE15_REAL_DATA is not set")
    network = oracle.read_osm(Path(data) / "monaco_foot/monaco.osm.gz", "EPSG:32632")
    xy = oracle.project([(p[1], p[0]) for p in (start, end)], "EPSG:32632")
    places = oracle.places(["start", "end"], xy, network)
    legs = sum(place.snap.access_mm for place in places if isinstance(place.snap, oracle.Snap))
    ((ms, _),) = [
        label for label in oracle.nearest(places[:1], places[1:], network, Fraction(1)) if label
    ]
    assert (ms - legs) / 1000 == pytest.approx(metres, rel=0.003)
