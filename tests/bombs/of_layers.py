# ruff: noqa: E501 - what is written into a file stands in one piece
"""Bombs as vector layers and archives."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from tests.bombs.of_streets import KML, external, laughs, quadratic
from tests.bombs.of_tables import Member, squeezed
from tests.bombs.packing import deflated, write_zip
from tests.bombs.study import homes, network, wards

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CRS_OF_ALL = b'"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}}'
_COLLECTION = b'{"type":"FeatureCollection",' + CRS_OF_ALL + b',"features":['
_PLACE = b"<Placemark><name>a</name><Point><coordinates>120,31.5</coordinates></Point></Placemark>"
_POINT = b'{"type":"Feature","properties":{"p60":1},"geometry":{"type":"Point","coordinates":[500010,3490005]}}'


def _geojson(folder: Path, *, body: bytes) -> None:
    homes(folder, "h.geojson", _COLLECTION + body + b"]}")


def _raw_geojson(folder: Path, *, text: bytes) -> None:
    homes(folder, "h.geojson", text)


def _kml(folder: Path, *, body: bytes, doctype: bytes = b"") -> None:
    homes(folder, "h.kml", KML % doctype + body + b"</Document></kml>")


def _kmz(folder: Path, *, member: Member) -> None:
    write_zip(homes(folder, "h.kmz"), {"doc.kml": member})


def _zip(folder: Path, *, members: dict[str, Member]) -> None:
    write_zip(homes(folder, "h.zip"), members)


def _gpkg(folder: Path, *, sql: list[str], take: str = "v") -> None:
    path = homes(folder, "h.gpkg")
    frame = gpd.GeoDataFrame(
        {"p60": [1, 2]},
        geometry=gpd.points_from_xy([500010, 500020], [3490005] * 2),
        crs="EPSG:4549",
    )
    frame.to_file(path, layer="t")
    with closing(sqlite3.connect(path)) as base:
        for line in sql:
            base.execute(line)
        if take:
            base.execute("DELETE FROM gpkg_extensions") if base.execute(
                "SELECT 1 FROM sqlite_master WHERE name='gpkg_extensions'"
            ).fetchone() else None
            base.execute(f"UPDATE gpkg_contents SET table_name='{take}', identifier='{take}'")
            base.execute("PRAGMA foreign_keys=OFF")
            base.execute(f"UPDATE gpkg_geometry_columns SET table_name='{take}'")
        base.commit()


_ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c)"


def _fgb(folder: Path, *, change: Callable[[bytes], bytes]) -> None:
    path = homes(folder, "h.fgb")
    frame = gpd.GeoDataFrame(
        {"p60": [1, 2]},
        geometry=gpd.points_from_xy([500010, 500020], [3490005] * 2),
        crs="EPSG:4549",
    )
    frame.to_file(path)
    path.write_bytes(change(path.read_bytes()))


def _fgb_count(raw: bytes) -> bytes:
    """The header says how many features there are: u64 somewhere in it."""
    size = struct.unpack_from("<I", raw, 8)[0]
    head = raw[12 : 12 + size]
    at = head.find(struct.pack("<Q", 2))
    return raw[:12] + head[:at] + struct.pack("<Q", 2**40) + head[at + 8 :] + raw[12 + size :]


def _fgb_header(raw: bytes) -> bytes:
    return raw[:8] + struct.pack("<I", 2**31 - 1) + raw[12:]


def _shp(folder: Path, *, change: Callable[[Path], None]) -> None:
    homes(folder, "h.shp")
    frame = gpd.GeoDataFrame(
        {"p60": [1, 2]},
        geometry=gpd.points_from_xy([500010, 500020], [3490005] * 2),
        crs="EPSG:4549",
    )
    frame.to_file(folder / "h.shp")
    change(folder)


def _dbf_head(folder: Path) -> None:
    raw = bytearray((folder / "h.dbf").read_bytes())
    raw[4:8] = struct.pack("<I", 2**31 - 1)
    (folder / "h.dbf").write_bytes(bytes(raw))


def _dbf_fields(folder: Path) -> None:
    fields = b"".join(b"%-11sC\0\0\0\0\xff\0" % (b"f%d" % k) + bytes(14) for k in range(2000))
    fields = fields[: 2000 * 32]
    head = (
        bytes([3, 25, 1, 1])
        + struct.pack("<IHH", 2, 33 + len(fields), 2000 * 255 % 65536)
        + bytes(20)
    )
    (folder / "h.dbf").write_bytes(head + fields + b"\r" + b" " * 2_000_000)


def _shx_count(folder: Path) -> None:
    raw = bytearray((folder / "h.shx").read_bytes())
    raw[24:28] = struct.pack(">I", 2**31 - 1)
    (folder / "h.shx").write_bytes(bytes(raw))


def _shx_long(folder: Path) -> None:
    """Two million times the same record."""
    raw = (folder / "h.shx").read_bytes()
    head, one = bytearray(raw[:100]), raw[100:108]
    body = one * 1_200_000
    head[24:28] = struct.pack(">I", (100 + len(body)) // 2)
    (folder / "h.shx").write_bytes(bytes(head) + body)


def _shp_big_record(folder: Path) -> None:
    """Each of the records is the same polygon of 100,000 points."""
    line = shapely.LineString([(500000 + k % 100, 3490000 + k // 100) for k in range(300_000)])
    frame = gpd.GeoDataFrame({"p60": [1]}, geometry=[line], crs="EPSG:4549")
    for part in folder.glob("h.*"):
        part.unlink()
    frame.to_file(folder / "h.shp")
    raw = (folder / "h.shx").read_bytes()
    head, one = bytearray(raw[:100]), raw[100:108]
    body = one * 100_000
    head[24:28] = struct.pack(">I", (100 + len(body)) // 2)
    (folder / "h.shx").write_bytes(bytes(head) + body)


def _many_keys(features: int) -> bytes:
    rows = [
        b'{"type":"Feature","properties":{"k%d":1},"geometry":{"type":"Point","coordinates":[500010,3490005]}}'
        % k
        for k in range(features)
    ]
    return b",".join(rows)


def _wide_feature(keys: int) -> bytes:
    return (
        b'{"type":"Feature","properties":{%b},"geometry":{"type":"Point","coordinates":[500010,3490005]}}'
        % b",".join(b'"k%d":1' % k for k in range(keys))
    )


def _geometry(kind: bytes, coordinates: bytes) -> bytes:
    return (
        b'{"type":"Feature","properties":{"p60":1},"geometry":{"type":"%b","coordinates":%b}}'
        % (kind, coordinates)
    )


def _deep_collection(depth: int) -> bytes:
    inner = b'{"type":"GeometryCollection","geometries":[' * depth + b"]}" * depth
    return b'{"type":"Feature","properties":{"p60":1},"geometry":%b}' % inner


def _geojson_streets(folder: Path, *, body: bytes) -> None:
    network(folder, "n.geojson", _COLLECTION + body + b"]}")


def _wards(folder: Path, *, body: bytes) -> None:
    wards(folder, "w.geojson", _COLLECTION + body + b"]}")


_LINE = b'{"type":"Feature","properties":{"highway":"path"},"geometry":{"type":"LineString","coordinates":[[500000,3490000],[500600,3490000]]}}'
_ZIGZAG = b",".join(b"[%d,%d]" % (500000 + k % 2 * 600, 3490000 + k % 500) for k in range(500_000))
_STAR = b",".join(
    b"[%d,%d]" % (500000 + k * 7919 % 600, 3490000 + k * 104729 % 300) for k in range(20_000)
)

BOMBS = {
    "geojson deep list": partial(_raw_geojson, text=b'{"a":' + b"[" * 9_000_000),
    "geojson deep objects": partial(_raw_geojson, text=b'{"a":' * 1_800_000),
    "geojson deep closed": partial(
        _raw_geojson,
        text=b'{"type":"FeatureCollection","x":' + b"[" * 4_000_000 + b"]" * 4_000_000 + b"}",
    ),
    "geojson deep coordinates": partial(
        _geojson, body=_geometry(b"Polygon", b"[" * 2_000_000 + b"]" * 2_000_000)
    ),
    "geojson deep collections": partial(_geojson, body=_deep_collection(150_000)),
    "geojson 60 collections": partial(_geojson, body=_deep_collection(60)),
    "geojson deep properties": partial(
        _geojson,
        body=b'{"type":"Feature","properties":{"p60":'
        + b'{"a":' * 100_000
        + b"1"
        + b"}" * 100_000
        + b'},"geometry":null}',
    ),
    "geojson of lists": partial(
        _raw_geojson,
        text=b'{"type":"FeatureCollection","features":[],"x":[' + b"[]," * 3_000_000 + b"[]]}",
    ),
    "geojson of lists with a link": partial(
        _raw_geojson,
        text=b'{"type":"FeatureCollection","features":[],"href":1,"x":['
        + b"{}," * 3_000_000
        + b"[]]}",
    ),
    "geojson of empty features": partial(
        _geojson, body=b",".join([b'{"type":"Feature"}'] * 450_000)
    ),
    "geojson of points": partial(_geojson, body=b",".join([_POINT] * 85_000)),
    "geojson of many keys": partial(_geojson, body=_many_keys(20_000)),
    "geojson of most keys": partial(_geojson, body=_many_keys(85_000)),
    "geojson 100,000 columns": partial(_geojson, body=_wide_feature(100_000)),
    "geojson 500,000 columns": partial(_geojson, body=_wide_feature(500_000)),
    "geojson long line": partial(
        _geojson, body=_geometry(b"LineString", b"[" + b",".join([b"[1,1]"] * 1_400_000) + b"]")
    ),
    "geojson many rings": partial(
        _geojson,
        body=_geometry(
            b"Polygon", b"[" + b",".join([b"[[0,0],[0,1],[1,1],[0,0]]"] * 350_000) + b"]"
        ),
    ),
    "geojson numbers": partial(
        _geojson, body=_geometry(b"Point", b"[" + b"9" * 4_000_000 + b"," + b"9" * 4_000_000 + b"]")
    ),
    "geojson long text": partial(
        _geojson,
        body=b'{"type":"Feature","properties":{"p60":"' + b"a" * 9_000_000 + b'"},"geometry":null}',
    ),
    "streets zigzag": partial(
        _geojson_streets,
        body=b'{"type":"Feature","properties":{"highway":"path"},"geometry":{"type":"LineString","coordinates":['
        + _ZIGZAG
        + b"]}}",
    ),
    "streets all the same": partial(_geojson_streets, body=b",".join([_LINE] * 60_000)),
    "streets star": partial(
        _geojson_streets,
        body=b'{"type":"Feature","properties":{"highway":"path"},"geometry":{"type":"LineString","coordinates":['
        + _STAR
        + b"]}}",
    ),
    "wards star": partial(
        _wards,
        body=b'{"type":"Feature","properties":{"code":"S","label":"x"},"geometry":{"type":"Polygon","coordinates":[['
        + _STAR
        + b","
        + _STAR.split(b"],")[0]
        + b"]]]}}",
    ),
    "wards star of 2,000": partial(
        _wards,
        body=b'{"type":"Feature","properties":{"code":"S","label":"x"},"geometry":{"type":"Polygon","coordinates":[['
        + b"],".join(_STAR.split(b"],")[:2000])
        + b"],"
        + _STAR.split(b"],")[0]
        + b"]]]}}",
    ),
    "wards all the same": partial(
        _wards,
        body=b",".join(
            b'{"type":"Feature","properties":{"code":"S%d","label":"x"},"geometry":{"type":"Polygon","coordinates":[[[500000,3490000],[500000,3490100],[500100,3490100],[500000,3490000]]]}}'
            % k
            for k in range(40_000)
        ),
    ),
    "kml laughs": partial(_kml, doctype=laughs("kml"), body=_PLACE.replace(b">a<", b">&e9;<")),
    "kml quadratic": partial(
        _kml, doctype=quadratic("kml"), body=_PLACE.replace(b">a<", b">" + b"&e9;" * 50_000 + b"<")
    ),
    "kml external": partial(_kml, doctype=external("kml"), body=_PLACE.replace(b">a<", b">&e9;<")),
    "kml deep": partial(_kml, body=b"<Folder>" * 1_000_000),
    "kml deep geometry": partial(
        _kml,
        body=b"<Placemark>"
        + b"<MultiGeometry>" * 250_000
        + b"</MultiGeometry>" * 250_000
        + b"</Placemark>",
    ),
    "kml of folders": partial(
        _kml,
        body=b"<Folder><name>a</name>" * 1
        + b"</Folder>"
        + b"".join(b"<Folder><name>%d</name>%b</Folder>" % (k, _PLACE) for k in range(60_000)),
    ),
    "kml of places": partial(_kml, body=_PLACE * 100_000),
    "kml of many keys": partial(
        _kml,
        body=b"".join(
            b'<Placemark><ExtendedData><Data name="k%d"><value>1</value></Data></ExtendedData><Point><coordinates>120,31.5</coordinates></Point></Placemark>'
            % k
            for k in range(20_000)
        ),
    ),
    "kmz of blanks": partial(
        _kmz, member=squeezed(KML % b"", b" " * 1000, 5000, b"</Document></kml>")
    ),
    "kmz of places": partial(_kmz, member=squeezed(KML % b"", _PLACE, 2000, b"</Document></kml>")),
    "kmz of one text": partial(
        _kmz,
        member=squeezed(
            KML % b"" + b"<Placemark><name>",
            b"a" * 1000,
            3000,
            b"</name></Placemark></Document></kml>",
        ),
    ),
    "kmz laughs": partial(
        _kmz, member=KML % laughs("kml") + _PLACE.replace(b">a<", b">&e9;<") + b"</Document></kml>"
    ),
    "zip of geojson of blanks": partial(
        _zip, members={"a.geojson": squeezed(_COLLECTION, b" " * 1000, 5000, b"]}")}
    ),
    "zip of geojson of zeros": partial(
        _zip, members={"a.geojson": squeezed(_COLLECTION, b"\0" * 1000, 9000, b"]}")}
    ),
    "zip that lies": partial(
        _zip, members={"a.geojson": (deflated(_COLLECTION, b" " * 1000, 5000, b"]}"), 1000)}
    ),
    "zip of points": partial(
        _zip, members={"a.geojson": squeezed(_COLLECTION, _POINT + b",", 1000, _POINT + b"]}")}
    ),
    "zip of many members": partial(_zip, members={f"m{k}.geojson": b"" for k in range(60_000)}),
    "zip of many folders": partial(
        _zip, members={f"{'a/' * 50}m{k}.gdb/x": b"" for k in range(20_000)}
    ),
    "zip in a deep folder": partial(
        _zip, members={f"{'a/' * 20_000}{k}.geojson": b"" for k in range(50)}
    ),
    "zip of gdb folders": partial(_zip, members={f"m{k}.gdb/x": b"" for k in range(30_000)}),
    "zip of shp parts": partial(_zip, members={f"m{k}.shp": b"" for k in range(30_000)}),
    "gpkg endless view": partial(
        _gpkg,
        sql=[
            f"CREATE VIEW v AS {_ENDLESS} SELECT x AS fid, x AS p60, (SELECT geom FROM t LIMIT 1) AS geom FROM c"
        ],
    ),
    "gpkg endless view beside": partial(
        _gpkg, sql=[f"CREATE VIEW w AS {_ENDLESS} SELECT x AS fid FROM c"], take=""
    ),
    "gpkg cross join": partial(
        _gpkg,
        sql=[
            "CREATE TABLE n(x)",
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 5000) INSERT INTO n SELECT x FROM c",
            "CREATE VIEW v AS SELECT a.x AS fid, b.x AS p60, t.geom AS geom FROM n a, n b, n d, t",
        ],
    ),
    "gpkg long text": partial(
        _gpkg,
        sql=["CREATE VIEW v AS SELECT fid, p60, hex(zeroblob(400000000)) AS name, geom FROM t"],
    ),
    "gpkg blobs": partial(
        _gpkg,
        sql=[
            "CREATE TABLE n(x)",
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 5000) INSERT INTO n SELECT x FROM c",
            "CREATE VIEW v AS SELECT n.x AS fid, p60, hex(zeroblob(1000000)) AS name, geom FROM n, t",
        ],
    ),
    "gpkg slow": partial(
        _gpkg,
        sql=[
            f"CREATE VIEW v AS SELECT fid, p60, ({_ENDLESS} SELECT count(*) FROM (SELECT x FROM c LIMIT 100000000)) AS name, geom FROM t"
        ],
    ),
    "gpkg generated": partial(
        _gpkg,
        sql=[
            "ALTER TABLE t ADD COLUMN name TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL"
        ],
        take="",
    ),
    "gpkg many tables": partial(_gpkg, sql=[f"CREATE TABLE n{k}(x)" for k in range(2000)], take=""),
    "gpkg rows of nothing": partial(
        _gpkg,
        sql=[
            "CREATE TABLE v(fid INTEGER PRIMARY KEY, geom BLOB, "
            + ",".join(f"c{k} INT" for k in range(1900))
            + ")",
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 4500) INSERT INTO v(fid) SELECT x FROM c",
        ],
    ),
    "gpkg rows": partial(
        _gpkg,
        sql=[
            "CREATE TABLE v(fid INTEGER PRIMARY KEY, geom BLOB, p60 INT)",
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 4500) INSERT INTO v(fid) SELECT x FROM c",
        ],
    ),
    "fgb of 2^40": partial(_fgb, change=_fgb_count),
    "fgb header": partial(_fgb, change=_fgb_header),
    "shp dbf head": partial(_shp, change=_dbf_head),
    "shp dbf fields": partial(_shp, change=_dbf_fields),
    "shp shx count": partial(_shp, change=_shx_count),
    "shp shx long": partial(_shp, change=_shx_long),
    "shp one record often": partial(_shp, change=_shp_big_record),
}
