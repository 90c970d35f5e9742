"""
Servers that break every rule: a download ends in time with one line that names them.

Limits are small here, so that a test takes no longer than it must.
"""

from __future__ import annotations

import gzip
import json
import time
import zlib
from typing import Any

import pytest
import shapely
from tests.osm_server import DATE, PLACE, Mood, elements_of, osm_server, place_result
from tests.streets import OsmWay, lon_lat

from circle15.errors import Circle15Error
from circle15.network.downloads.download_limits import DownloadLimits
from circle15.network.downloads.places import fetch_place

OUTLINE = shapely.Polygon(lon_lat([(-100, -100), (700, -100), (700, 200), (-100, 200)]))
STREETS = elements_of({"A": (0, 0), "B": (300, 0)}, OsmWay("AB", {"highway": "footway"}))
SMALL = DownloadLimits(
    answer_s=1.5,
    slow_after_s=0.5,
    answer_bytes=3_000_000,
    unpacked_ratio=50,
    ratio_from_bytes=500_000,
    item_chars=1_000_000,
    elements=1_000,
    kept_bytes=500_000,
    way_nodes=50,
    members=50,
    tags=20,
    outline_points=500,
)
HEAD = b"HTTP/1.1 200 OK\r\n"
JSON = HEAD + b"Content-Type: application/json\r\n"


@pytest.fixture
def server():
    with osm_server({PLACE: [place_result(OUTLINE, "小区, 测试市")]}, STREETS, []) as known:
        yield known


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)


def refusal(server, folder, *, limits=SMALL, most_s=10.0):
    """Fetch; return the exit code and message, which is one line, in time, and leaves no file."""
    start = time.monotonic()
    said: list[str] = []
    with pytest.raises(Circle15Error) as caught:
        fetch_place(
            PLACE,
            folder / "p.osm.pbf",
            reach_m=100,
            tell=said.append,
            timeout_s=0.5,
            mirror=server.overpass,
            geocoder=server.url,
            limits=limits,
        )
    assert time.monotonic() - start < most_s
    message = str(caught.value)
    for line in (message, *said):
        assert line.isprintable(), line
        assert len(line) < 1000, line
    assert list(folder.iterdir()) == []
    return caught.value.exit_code, message


def endless(head, piece, pause_s=0.0):
    """Send a head, then a piece again and again."""

    def sends(known):
        yield head
        while not known.over.wait(pause_s) if pause_s else not known.over.is_set():
            yield piece

    return Mood(sends=sends)


def raw(*pieces):
    return Mood(sends=lambda _: iter(pieces))


def body(content, *, packing="", head=JSON):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    packed = f"Content-Encoding: {packing}\r\n".encode() if packing else b""
    return raw(head + packed + b"Content-Length: %d\r\n\r\n" % len(text), text)


def answer(*elements, **more):
    return {"version": 0.6, "osm3s": {"timestamp_osm_base": DATE}, "elements": elements} | more


def node(**changes):
    return {"type": "node", "id": 1, "lon": 120.0, "lat": 31.5} | changes


def way(**changes):
    return {"type": "way", "id": 1, "nodes": [1, 1], "tags": {"highway": "path"}} | changes


def text_of(name, value):
    """An answer with one node in which a value stands as it is, though no JSON has it."""
    return json.dumps(answer(node(**{name: "@"}))).replace('"@"', value).encode()


DEEP = b"[" * 100_000
BOMB = gzip.compress(b'{"elements": [' + b" " * 20_000_000)

TRANSPORT = {
    "a body that drips": (endless(JSON + b"Content-Length: 9999\r\n\r\n", b" ", 0.05), "slowly"),
    "heads that drip": (endless(HEAD, b"X: 1\r\n", 0.05), "no complete answer"),
    "a head without end": (endless(HEAD + b"X-Long: ", b"x" * 5000), "no connection"),
    "a status that drips": (endless(b"HTTP/1.1 2", b"0", 0.05), "no complete answer"),
    "a chunk's length that drips": (
        endless(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"0", 0.05),
        "slowly",
    ),
    "continue without end": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01), "no complete"),
    "trailers without end": (
        endless(JSON + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: 1\r\n", 0.01),
        "slowly",
    ),
    "a body without end": (endless(JSON + b"\r\n", b" " * 9999), "over 3,000,000 bytes"),
    "chunks without end": (
        endless(
            JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        ),
        "over 3,000,000 bytes",
    ),
    "a chunk of negative length": (
        endless(JSON + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", b" " * 9999),
        "broke off|over",
    ),
    "chunks cut off": (
        raw(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"10\r\n{}"),
        "broke off",
    ),
    "less than was said": (raw(JSON + b"Content-Length: 999\r\n\r\n", b"{}"), "broke off"),
    "more than was said": (
        raw(JSON + b"Content-Length: 5\r\n\r\n", json.dumps(answer()).encode()),
        "cut off",
    ),
    "two lengths": (
        raw(JSON + b"Content-Length: 5, 7\r\n\r\n", b"{}     "),
        "cannot be sent|broke off",
    ),
    "no HTTP": (raw(b"\x16\x03\x01\x02 SSH-2.0-x\r\n\r\n"), "no connection"),
    "nothing": (raw(), "no connection"),
    "a bomb of gzip": (body(BOMB, packing="gzip"), "50 times what was sent"),
    "gzip in gzip": (body(gzip.compress(BOMB), packing="gzip"), "not in UTF-8"),
    "packed twice": (body(gzip.compress(BOMB), packing="gzip, gzip"), "packed as gzip, gzip"),
    "deflate": (body(zlib.compress(b"{}"), packing="deflate"), "not asked for"),
    "brotli": (body(b"\x8b\x02\x80{}\x03", packing="br"), "not asked for"),
    "gzip that is none": (body(b"{}", packing="gzip"), "gzip is damaged"),
    "gzip cut off": (body(gzip.compress(b"{}" * 99)[:-9], packing="gzip"), "broke off"),
    "gzip and more": (body(gzip.compress(b"{}") + b"more", packing="gzip"), "damaged"),
    "another host": (
        Mood(302, b"", {"Location": "http://169.254.169.254/latest/"}),
        "redirects to http://169",
    ),
    "a file": (Mood(301, b"", {"Location": "file:///etc/passwd"}), "redirects to file"),
    "another port": (Mood(307, b"", {"Location": "http://127.0.0.1:1/x"}), "redirects to"),
    "no address": (Mood(302, b"", {"Location": "http://[::1"}), "redirects to"),
    "a head that steers": (Mood(302, b"", {"Location": "//x\x1b[2J/"}), "redirects to"),
    "not modified": (Mood(304, b""), "answered 304"),
    "a part": (Mood(206, b"{}"), "answered 206"),
    "no content": (Mood(204, b""), "answered 204"),
    "a wait without end": (Mood(429, b"", {"Retry-After": "9" * 400}), "asks for a wait of inf s"),
    "a wait until doomsday": (
        Mood(503, b"", {"Retry-After": f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT"}),
        "503",
    ),
    "a wait that is none": (Mood(503, b"", {"Retry-After": "-1 soon"}), "503"),
    "a reason that steers": (
        raw(b"HTTP/1.1 400 \x1b[2J\x9b31mred\r\nContent-Length: 0\r\n\r\n"),
        "answered 400",
    ),
    "a page": (body(b"<html>log in</html>", head=HEAD), "not JSON"),
    "an empty body": (body(b""), "not JSON"),
    "half of it": (body(json.dumps(answer(node())).encode()[:-20]), "cut off"),
    "twice": (body(json.dumps(answer()).encode() * 2), "cut off or not JSON"),
    "another encoding": (body('{"名": 1}'.encode("gbk")), "not in UTF-8"),
    "UTF-16": (body('{"elements": []}'.encode("utf-16")), "not in UTF-8"),
    "deep lists": (body(DEEP), "where { belongs"),
    "deep objects": (body(b'{"osm3s":' * 100_000), "nested too deep"),
    "a text without end": (body(b'{"remark": "' + b"x" * 2_000_000), "over 1,000,000 characters"),
    "keys without end": (
        body(json.dumps({f"k{k}": 1 for k in range(500)}).encode()),
        "key k100",
    ),
}


@pytest.mark.parametrize("name", TRANSPORT)
def test_transport(server, tmp_path, name):
    mood, says = TRANSPORT[name]
    server.moods = [Mood(), *[mood] * 9]
    code, message = refusal(server, tmp_path)
    assert code == 3
    assert message.startswith(f"{server.overpass}: "), message
    assert any(one in message for one in says.split("|")), message


ANSWERS = {
    "null": b"null",
    "a number": b"5",
    "an element that is null": answer(None),
    "an element that is a list": answer([node()]),
    "elements that are an object": b'{"elements":{}}',
    "no date": {"elements": []},
    "a date that is none": answer() | {"osm3s": {"timestamp_osm_base": "x"}},
    "a date that is a list": answer() | {"osm3s": [DATE]},
    "a kind that is unknown": answer(node(type="area")),
    "a kind that is a list": answer(node(type=[])),
    "a huge id": answer(node(id=10**30)),
    "a very huge id": text_of("id", "9" * 5000),
    "a negative id": answer(node(id=-1)),
    "an id of 0": answer(node(id=0)),
    "an id that is text": answer(node(id="1")),
    "an id that is a fraction": answer(node(id=1.0)),
    "an id that is true": answer(node(id=True)),
    "no id": answer(node(id=None)),
    "NaN": text_of("lon", "NaN"),
    "infinity": text_of("lat", "-Infinity"),
    "beyond numbers": text_of("lat", "1e999"),
    "beyond the pole": answer(node(lat=90.01)),
    "beyond the meridian": answer(node(lon=-180.5)),
    "a position that is text": answer(node(lon="120")),
    "a position that is true": answer(node(lon=True)),
    "no position": answer({"type": "node", "id": 1}),
    "tags that are a list": answer(node(tags=[])),
    "tags that are null": answer(node(tags=None)),
    "a tag that is a number": answer(node(tags={"layer": 1})),
    "a tag that is null": answer(node(tags={"a": None})),
    "a huge tag": answer(node(tags={"name": "x" * 256})),
    "a huge key": answer(node(tags={"x" * 256: "a"})),
    "many tags": answer(node(tags={f"k{k}": "v" for k in range(21)})),
    "a NUL": answer(node(tags={"name": "a\0b"})),
    "an escape": answer(node(tags={"name": "\x1b[2J"})),
    "half a pair": answer(node(tags={"name": "\ud800"})),
    "no character": answer(node(tags={"\uffff": "a"})),
    "a key twice": text_of("tags", '{"a": "b", "a": "c"}'),
    "an id twice": text_of("lon", '120.0, "id": 7'),
    "one node at two places": answer(node(), node(lon=121)),
    "a way without nodes": answer({"type": "way", "id": 1}),
    "nodes that are a text": answer(way(nodes="1")),
    "a node that is null": answer(way(nodes=[None, 1])),
    "nodes that are nested": answer(node(), way(nodes=[[1], 1])),
    "nodes by the million": answer(node(), way(nodes=[1] * 51)),
    "nodes that are not there": answer(way()),
    "one node that is not there": answer(node(), way(nodes=[1, 2])),
    "elements by the million": answer(*(node(id=k) for k in range(1, 1300))),
    "nodes of ways by the million": answer(
        node(), *(way(id=k, nodes=[1] * 50) for k in range(1, 400))
    ),
    "members by the million": answer(
        *(
            {"type": "relation", "id": k}
            | {"members": [{"type": "node", "ref": 1, "role": ""}] * 50}
            for k in range(1, 50)
        )
    ),
    "long roles by the million": answer(
        *(
            {"type": "relation", "id": k}
            | {"members": [{"type": "node", "ref": 1, "role": f"{k:x>255}"}] * 20}
            for k in range(1, 21)
        )
    ),
    "tags by the million": answer(
        *(node(id=k, tags={f"{j}": "x" * 200 for j in range(20)}) for k in range(1, 200))
    ),
    "members that are an object": answer({"type": "relation", "id": 1, "members": {}}),
    "a member that is null": answer({"type": "relation", "id": 1, "members": [None]}),
    "a member of no kind": answer(
        {"type": "relation", "id": 1, "members": [{"type": "x", "ref": 1, "role": ""}]}
    ),
    "a kind of member that is a list": answer(
        {"type": "relation", "id": 1, "members": [{"type": [], "ref": 1, "role": ""}]}
    ),
    "a role that is null": answer(
        {"type": "relation", "id": 1, "members": [{"type": "way", "ref": 1, "role": None}]}
    ),
    "streets of another place": answer(node(lon=100), way()),
    "an error": answer(remark="runtime error: \x1b[2J\nout of memory"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_of_overpass(server, tmp_path, name):
    server.moods = [Mood(), *[body(ANSWERS[name])] * 9]
    code, message = refusal(server, tmp_path)
    assert code == 3
    assert message.startswith(f"{server.overpass}: "), message


def place(**changes):
    return place_result(OUTLINE, "小区") | changes


def polygon(*rings):
    return place(geojson={"type": "Polygon", "coordinates": rings})


def ring(*corners):
    return [list(corner) for corner in (*corners, corners[0])]


BOX = ring((120, 31), (120.1, 31), (120.1, 31.1), (120, 31.1))
ZIGZAG = [(120 + k / 1000, 31 + (k % 2) / 2) for k in range(400)]
SCRIBBLE = [(120 + (k * k % 499) / 1e6, 31 + (k**3 % 491) / 1e6) for k in range(480)]
STAR = [at for k in range(240) for at in ((120, 31), (120.01 + k / 1e5, 31.01 - k / 1e5))]
PLACES: dict[str, Any] = {
    "null": b"null",
    "an object": {},
    "a place that is null": [None],
    "no importance": [{"geojson": {}}],
    "an importance that is text": [place(importance="1")],
    "an importance that is NaN": b'[{"importance": NaN}]',
    "an outline that is null": [place(geojson=None)],
    "an outline that is a list": [place(geojson=[])],
    "coordinates that are null": [place(geojson={"type": "Polygon", "coordinates": None})],
    "no coordinates": [place(geojson={"type": "MultiPolygon"})],
    "an empty outline": [polygon()],
    "an empty multipolygon": [place(geojson={"type": "MultiPolygon", "coordinates": []})],
    "an empty ring": [polygon([])],
    "a ring that is null": [polygon(None)],
    "a point": [polygon([[120, 31]] * 4)],
    "a line": [polygon(ring((120, 31), (121, 31), (122, 31)))],
    "two corners": [polygon(ring((120, 31), (121, 31)))],
    "an open ring": [polygon(BOX[:-1])],
    "there and back": [polygon(ring((120, 31), (121, 31), (121, 32), (121, 31)))],
    "a scribble": [polygon(ring(*SCRIBBLE))],
    "lines through one point": [polygon(ring(*STAR))],
    "to and fro": [polygon(ring(*[(120, 31), (120.001, 31)] * 240))],
    "two parts without area": [
        place(geojson={"type": "MultiPolygon", "coordinates": [[[[120, 31]] * 4]] * 2})
    ],
    "corners of text": [polygon(ring(("120", "31"), (121, 31), (121, 32)))],
    "corners of one number": [polygon(ring((120,), (121,), (121,)))],
    "corners that are true": [polygon(ring((True, True), (121, 31), (121, 32)))],
    "NaN": json.dumps([polygon(ring((120, 31), (121, 31), ("@", 32)))])
    .replace('"@"', "NaN")
    .encode(),
    "beyond numbers": json.dumps([polygon(ring((120, 31), (121, 31), ("@", 32)))])
    .replace('"@"', "1e400")
    .encode(),
    "beyond the pole": [polygon(ring((120, 31), (121, 31), (121, 91)))],
    "beyond the meridian": [polygon(ring((179.9, 31), (180.1, 31), (180.1, 31.1)))],
    "across the meridian": [
        place(
            geojson=json.loads(
                shapely.to_geojson(
                    shapely.union_all(
                        [shapely.box(179.9, -17, 180, -16), shapely.box(-180, -17, -179.9, -16)]
                    )
                )
            )
        )
    ],
    "at the meridian": [polygon(ring((179.9, 31), (180, 31), (180, 31.1)))],
    "at the pole": [polygon(ring((10, 89.5), (11, 89.5), (11, 89.9)))],
    "the world": [polygon(ring((-180, -90), (180, -90), (180, 90), (-180, 90)))],
    "half a world": [polygon(ring((0, 0), (95, 0), (95, 60), (0, 60)))],
    "many corners": [
        polygon(ring(*((120 + k / 10_000, 31 + (k / 10_000) ** 2) for k in range(600))))
    ],
    "winding": [polygon(ring(*ZIGZAG, (120.4, 32), (120, 32)))],
    "nested": [polygon([[BOX]])],
    "a name with NUL": [place(display_name="a\0")],
    "a name of two lines": [place(display_name="a\nb")],
    "half a pair": [place(display_name="\udfff")],
    "a name that is a list": [place(display_name=["a"])],
    "no name": [place(display_name="")],
    "a huge name": [place(display_name="x" * 2000)],
    "a key twice": b'[{"importance": 1, "importance": 2}]',
}


@pytest.mark.parametrize("name", PLACES)
def test_answers_of_a_geocoder(server, tmp_path, name):
    server.moods = [body(PLACES[name])] * 9
    code, message = refusal(server, tmp_path)
    assert code == 3
    assert message.startswith(f"{server.url}: "), message


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("http_proxy", "http://127.0.0.1:1", "no connection"),
        ("http_proxy", "http://[::1", "the request cannot be sent"),
        ("http_proxy", "foo://x y", "the request cannot be sent"),
    ],
)
def test_proxies(server, tmp_path, monkeypatch, name, value, says):
    for one in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(one, raising=False)
    monkeypatch.setenv(name, value)
    server.url = "http://server.example"  # which the proxy is asked for: no name is looked up
    code, message = refusal(server, tmp_path)
    assert code == 3
    assert message.startswith(f"{server.url}: {says}"), message
