"""A server of this machine that knows one place, and how a test fetches it."""

from __future__ import annotations

from contextlib import contextmanager

import shapely

from circle15.network.downloads.places import fetch_place
from tests.osm_server import PLACE, elements_of, osm_server, place_result
from tests.streets import OsmWay, lon_lat

# A --300-- B --300-- C; the river R-S crosses nothing but legs from the south.
NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
RIVER = {"R": (-100.0, -50.0), "S": (700.0, -50.0)}
TAGS = {"highway": "footway", "foot": "designated", "oneway:foot": "yes", "name": "人民路"}
OUTLINE = shapely.Polygon(lon_lat([(-100, -100), (700, -100), (700, 200), (-100, 200)]))
LAKE = {
    "type": "relation",
    "id": 9,
    "tags": {"type": "multipolygon", "natural": "water"},
    "members": [{"type": "way", "ref": 21, "role": "outer"}],
}


@contextmanager
def a_place():
    """Start a server that knows a place with one street, a river and a lake."""
    streets = elements_of(NODES, OsmWay("ABC", TAGS), OsmWay("AC", {"highway": "motorway"}))
    river = elements_of(RIVER, OsmWay("RS", {"waterway": "river"}), OsmWay("SR", {}), first_way=20)
    point = place_result(shapely.Point(120, 31.5), "一点")
    places = {PLACE: [place_result(OUTLINE, "小区, 测试市, 中国")], "一点": [point]}
    with osm_server(places, streets, [*river, LAKE]) as known:
        yield known


def fetch(server, file, *, place=PLACE, reach_m=1280, said=None):
    """Fetch a place from the server; return its record."""
    return fetch_place(
        place,
        file,
        reach_m=reach_m,
        tell=(said if said is not None else []).append,
        mirror=server.overpass,
        geocoder=server.url,
    )


def busy(waits):
    """Keep the pauses but those of OSMnx before it asks: none for Overpass, 1 s for Nominatim."""
    return [pause for pause in waits if pause not in {0, 1}]
