"""Bombs as networks: OpenStreetMap files, graphs."""

from __future__ import annotations

import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING

from tests.bombs.packing import MB, bzipped, gzipped
from tests.bombs.study import network

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = b'<?xml version="1.0"?>\n<osm version="0.6">\n'
_NODE = b'<node id="1" lat="31.5" lon="120.0" version="1"/>\n'
GRAPH = b'<?xml version="1.0"?>\n%b<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
KML = b'<?xml version="1.0"?>\n%b<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'


def laughs(root: str, depth: int = 10) -> bytes:
    """Entities of which each holds ten of the one before."""
    lines = [f"<!DOCTYPE {root} [", '<!ENTITY e0 "ha">']
    lines += [f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, depth)]
    return ("\n".join([*lines, "]>"]) + "\n").encode()


def quadratic(root: str, size: int = 100_000) -> bytes:
    """One long entity."""
    return f'<!DOCTYPE {root} [<!ENTITY e9 "{"a" * size}">]>\n'.encode()


def external(root: str) -> bytes:
    return f'<!DOCTYPE {root} [<!ENTITY e9 SYSTEM "file:///etc/hostname">]>\n'.encode()


def _osm(folder: Path, *, doctype: bytes, body: bytes) -> None:
    text = b'<?xml version="1.0"?>\n' + doctype + b'<osm version="0.6">' + body + b"</osm>"
    network(folder, "n.osm", text)


def _graph(folder: Path, *, doctype: bytes, body: bytes) -> None:
    network(folder, "n.graphml", GRAPH % doctype + body + b"</graphml>")


def _packed(folder: Path, *, name: str, unit: bytes, mb: int, start: bytes = b"") -> None:
    pack = gzipped if name.endswith("gz") else bzipped
    network(folder, name, pack(start, unit, mb))


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def _field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def blob(kind: bytes, raw: bytes, *, says: int | None = None) -> bytes:
    body = _field(2, len(raw) if says is None else says) + _field(3, zlib.compress(raw, 9))
    head = _field(1, kind) + _field(3, len(body))
    return struct.pack(">I", len(head)) + head + body


_PBF_HEAD = blob(b"OSMHeader", _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes"))


def _dense(count: int) -> bytes:
    """A block of nodes with the ids that follow each other, all in one place."""
    ids, place = b"\x02" * count, b"\x00" * count
    nodes = _field(1, ids) + _field(8, place) + _field(9, place)
    return _field(1, _field(1, b"")) + _field(2, _field(2, nodes))


def _pbf(folder: Path, *, blocks: int, raw: bytes, says: int | None = None) -> None:
    network(folder, "n.osm.pbf", _PBF_HEAD + blob(b"OSMData", raw, says=says) * blocks)


def _edges(count: int) -> bytes:
    keys = (
        b'<key id="d0" for="node" attr.name="x" attr.type="double"/><graph edgedefault="directed">'
    )
    return keys + b'<edge source="1" target="2"/>' * count + b"</graph>"


def _ring(number: int, *corners: tuple[int, int]) -> str:
    """A closed way around some corners, with its nodes; units of a metre or so."""
    first = 10 + 10 * number
    ids = [first + k for k in range(len(corners))]
    nodes = "".join(
        f'<node id="{one}" lat="{31.532 + y * 1e-5:.5f}" lon="{120 + x * 1e-5:.5f}" version="1"/>'
        for one, (x, y) in zip(ids, corners, strict=True)
    )
    refs = "".join(f'<nd ref="{one}"/>' for one in [*ids, first])
    return nodes + f'<way id="{number}">{refs}</way>'


_CORNERS = ((0, 0), (2, 0), (4, 0), (5, 1), (5, 3), (5, 5), (3, 5), (1, 5), (0, 3))


def _side_by_side(count: int) -> list[str]:
    """Rings that do not touch, as a square has holes."""
    places = [(15 * (k % 150), 15 * (k // 150)) for k in range(count)]
    return [
        _ring(number, *((x + dx, y + dy) for dx, dy in _CORNERS))
        for number, (x, y) in enumerate(places, 1)
    ]


def _over_each_other(count: int) -> list[str]:
    return [
        _ring(k, (k % 60, k % 50), (500 + k % 70, k % 40), (k % 80, 500 + k % 90))
        for k in range(1, count + 1)
    ]


def _squares(
    folder: Path, *, rings: list[str], inner: bool = False, times: int = 1, around: str = ""
) -> None:
    """Squares, each a relation of the same rings: OSM sorts nodes, ways and relations."""
    text = "".join([*rings, around])
    objects = text.replace("<way", "\n<way").replace("<node", "\n<node").splitlines()
    objects.sort(key=lambda one: (one.startswith("<way"), int(one.split('"')[1]) if one else 0))
    members = "".join(
        f'<member type="way" ref="{k}" role="{"inner" if inner else "outer"}"/>'
        for k in range(1, len(rings) + 1)
    )
    if around:
        members += '<member type="way" ref="1000000" role="outer"/>'
    tags = '<tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/>'
    relations = (f'<relation id="{k}">{members}{tags}</relation>' for k in range(1, times + 1))
    nodes = "".join(f'<node id="{k}" lat="31.532" lon="120.00{k}" version="1"/>' for k in (1, 2))
    street = '<way id="2000000"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
    body = nodes + "".join(objects) + street + "".join(relations)
    _osm(folder, doctype=b"", body=body.encode())


def _beside_each_other(folder: Path, *, count: int, apart_m: float) -> None:
    """Streets of a metre, none of which meets another: each is a piece of the network."""
    rows = [
        f'{{"type":"Feature","properties":{{"highway":"path"}},"geometry":{{"type":"LineString",'
        f'"coordinates":[[{x:.1f},3490000],[{x + 1:.1f},3490001]]}}}}'
        for x in (500_000 + k * apart_m for k in range(count))
    ]
    crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}}'
    text = f'{{"type":"FeatureCollection",{crs},"features":[{",".join(rows)}]}}'
    network(folder, "n.geojson", text.encode())


_AROUND = _ring(1_000_000, (-10, -10), (3000, -10), (3000, 3000), (-10, 3000))

BOMBS = {
    "osm.gz of zeros": partial(_packed, name="n.osm.gz", unit=b"\0" * 1000, mb=5000),
    "osm.gz of blanks": partial(_packed, name="n.osm.gz", unit=b" " * 1000, mb=5000, start=_HEAD),
    "osm.gz of one node": partial(_packed, name="n.osm.gz", unit=_NODE, mb=1500, start=_HEAD),
    "osm.bz2 of zeros": partial(_packed, name="n.osm.bz2", unit=b"\0" * 1000, mb=50_000),
    "osm.bz2 of one node": partial(_packed, name="n.osm.bz2", unit=_NODE, mb=5000, start=_HEAD),
    "osm.gz comment": partial(
        _packed, name="n.osm.gz", unit=b"a" * 1000, mb=3000, start=_HEAD + b"<!--"
    ),
    "osm.gz attribute": partial(
        _packed, name="n.osm.gz", unit=b"a" * 1000, mb=3000, start=_HEAD + b'<node id="'
    ),
    "osm.gz deep": partial(_packed, name="n.osm.gz", unit=b"<node>", mb=1000, start=_HEAD),
    "osm laughs": partial(
        _osm,
        doctype=laughs("osm"),
        body=b'<node id="1" lat="1" lon="1"><tag k="&e9;" v="1"/></node>',
    ),
    "osm quadratic": partial(
        _osm,
        doctype=quadratic("osm"),
        body=b'<node id="1" lat="1" lon="1"><tag k="a" v="' + b"&e9;" * 50_000 + b'"/></node>',
    ),
    "osm external": partial(
        _osm,
        doctype=external("osm"),
        body=b'<node id="1" lat="1" lon="1"><tag k="a" v="a"/></node>&e9;',
    ),
    "osm deep": partial(_osm, doctype=b"", body=b"<node>" * 1_500_000),
    "osm long attribute": partial(
        _osm,
        doctype=b"",
        body=b'<node id="1" lat="1" lon="1"><tag k="a" v="' + b"a" * 9 * MB + b'"/></node>',
    ),
    "osm many tags": partial(
        _osm,
        doctype=b"",
        body=b'<node id="1" lat="1" lon="1">' + b'<tag k="a" v="b"/>' * 500_000 + b"</node>",
    ),
    "osm one way of many nodes": partial(
        _osm,
        doctype=b"",
        body=_NODE
        + b'<way id="1">'
        + b'<nd ref="1"/>' * 700_000
        + b'<tag k="highway" v="path"/></way>',
    ),
    "osm many ways": partial(
        _osm,
        doctype=b"",
        body=_NODE + b'<way id="1"><nd ref="1"/><tag k="highway" v="path"/></way>' * 150_000,
    ),
    "osm empty relations": partial(_osm, doctype=b"", body=_NODE + b'<relation id="1"/>' * 500_000),
    "osm squares of the same rings": partial(_squares, rings=_side_by_side(1000), times=130),
    "osm square of many parts": partial(_squares, rings=_side_by_side(10_000)),
    "osm square of many holes": partial(
        _squares, rings=_side_by_side(1000), inner=True, around=_AROUND
    ),
    "osm square over itself": partial(_squares, rings=_over_each_other(3000)),
    "streets beside each other": partial(_beside_each_other, count=65_000, apart_m=0.1),
    "streets beside each other, apart": partial(_beside_each_other, count=65_000, apart_m=1.5),
    "pbf of nodes": partial(_pbf, blocks=250, raw=_dense(10_000_000)),
    "pbf that says less": partial(_pbf, blocks=1, raw=_dense(10_000_000), says=100),
    "pbf that says more": partial(_pbf, blocks=1, raw=_dense(1000), says=2**31),
    "pbf that says too much": partial(_pbf, blocks=100, raw=_dense(1000), says=32 * 2**20),
    "pbf of zeros": partial(_pbf, blocks=280, raw=bytes(32 * 2**20)),
    "graphml laughs": partial(_graph, doctype=laughs("graphml"), body=b"<graph>&e9;</graph>"),
    "graphml quadratic": partial(
        _graph,
        doctype=quadratic("graphml"),
        body=b"<graph><data>" + b"&e9;" * 50_000 + b"</data></graph>",
    ),
    "graphml external": partial(_graph, doctype=external("graphml"), body=b"<graph>&e9;</graph>"),
    "graphml deep": partial(_graph, doctype=b"", body=b"<graph>" * 1_200_000),
    "graphml deep and closed": partial(
        _graph, doctype=b"", body=b"<graph>" * 500_000 + b"</graph>" * 500_000
    ),
    "graphml of edges": partial(_graph, doctype=b"", body=_edges(330_000)),
    "graphml of empty nodes": partial(
        _graph,
        doctype=b"",
        body=b'<graph edgedefault="directed">'
        + b"".join(b'<node id="%d"/>' % k for k in range(450_000))
        + b"</graph>",
    ),
    "graphml of keys": partial(
        _graph,
        doctype=b"",
        body=b"".join(
            b'<key id="%d" for="node" attr.name="%d" attr.type="string"/>' % (k, k)
            for k in range(130_000)
        )
        + b"<graph/>",
    ),
    "graphml of elements": partial(_graph, doctype=b"", body=b"<a/>" * 2_200_000),
    "graphml.gz": partial(
        _packed, name="n.graphml.gz", unit=b" " * 1000, mb=5000, start=GRAPH % b""
    ),
}
