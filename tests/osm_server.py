"""Overpass and Nominatim on this machine, with the failures of the real ones."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import shapely

from tests.streets import Nodes, OsmWay, lon_lat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shapely.geometry.base import BaseGeometry

PLACE = "小区, 测试市"
DATE = "2026-01-02T03:04:05Z"


@dataclass
class Mood:
    """
    One answer that is not the usual one.

    `hangs` sends nothing until the test is over; `sends` yields the bytes of an answer, its heads
    included, for as long as the other side listens.
    """

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hangs: bool = False
    sends: Callable[[OsmServer], Iterator[bytes]] | None = None


@dataclass
class OsmServer:
    """What the server knows, what it was asked, and the moods of its next answers."""

    url: str
    places: dict[str, list[dict[str, Any]]]
    streets: list[dict[str, Any]]
    barriers: list[dict[str, Any]]
    moods: list[Mood] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def overpass(self) -> str:
        return f"{self.url}/api"

    @property
    def n_asked(self) -> int:
        return len(self.asked)

    def answer(self, path: str, query: str) -> tuple[int, bytes]:
        if path == "/search":
            return 200, json.dumps(self.places.get(query, [])).encode()
        if path == "/api/status":
            return 200, b"Connected as: 1\nCurrent time: x\nRate limit: 2\n2 slots available now.\n"
        if path == "/api/interpreter":
            elements = self.streets if 'way["highway"]' in query else self.barriers
            head = {"version": 0.6, "osm3s": {"timestamp_osm_base": DATE}}
            return 200, json.dumps(head | {"elements": elements}).encode()
        return 404, b"no such page"


def elements_of(nodes: Nodes, *ways: OsmWay, first_way: int = 1) -> list[dict[str, Any]]:
    """Elements as Overpass sends them; ids as in `write_osm`."""
    degrees = lon_lat(list(nodes.values())).round(7).tolist()
    found: list[dict[str, Any]] = [
        {"type": "node", "id": ord(name), "lon": lon, "lat": lat}
        for name, (lon, lat) in zip(nodes, degrees, strict=True)
    ]
    found += [
        {"type": "way", "id": k, "nodes": [ord(n) for n in way.word], "tags": dict(way.tags)}
        for k, way in enumerate(ways, first_way)
    ]
    return found


def place_result(shape: BaseGeometry, name: str) -> dict[str, Any]:
    """One result of Nominatim; the shape is in degrees."""
    west, south, east, north = shape.bounds
    return {
        "place_id": 1,
        "osm_type": "relation",
        "osm_id": 7,
        "importance": 0.5,
        "lat": str(shape.centroid.y),
        "lon": str(shape.centroid.x),
        "display_name": name,
        "class": "boundary",
        "type": "administrative",
        "name": name,
        "place_rank": 12,
        "addresstype": "suburb",
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": json.loads(shapely.to_geojson(shape)),
    }


@contextmanager
def osm_server(
    places: dict[str, list[dict[str, Any]]],
    streets: list[dict[str, Any]],
    barriers: list[dict[str, Any]],
) -> Iterator[OsmServer]:
    """Serve on a free port of this machine for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.reply(parts.path, parse_qs(parts.query).get("q", [""])[0])

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply(urlsplit(self.path).path, parse_qs(sent)["data"][0])

        def reply(self, path: str, query: str) -> None:
            known.asked.append((path, query))
            mood = known.moods.pop(0) if known.moods else Mood()
            if mood.hangs:
                known.over.wait(10)
                return
            if mood.sends is not None:
                self.close_connection = True
                with suppress(OSError):  # the other side has left
                    for piece in mood.sends(known):
                        self.wfile.write(piece)
                        self.wfile.flush()
                return
            status, body = known.answer(path, query)
            body = body if mood.body is None else mood.body
            self.send_response(status if mood.status == 200 else mood.status)
            for name, value in mood.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if mood.cut else body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = OsmServer(f"http://127.0.0.1:{server.server_port}", places, streets, barriers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield known
    finally:
        known.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
