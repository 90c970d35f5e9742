"""How servers are asked that send on, are busy, refuse or break off; no test waits."""

from __future__ import annotations

import email.utils
import gzip
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.builders.place_server import a_place, busy, fetch
from tests.osm_server import PLACE, Mood

from circle15.errors import InputDataError, OutsideError
from circle15.network.downloads import overpass
from circle15.network.downloads.places import fetch_place
from circle15.network.osm.osm_file import read_osm


@pytest.fixture
def server():
    with a_place() as known:
        yield known


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Every pause, noted instead of slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_the_same_server_may_send_on(server, tmp_path):
    """The query goes along, and the answer is taken; it may not send on for ever."""
    there = {"Location": "/api/interpreter?again"}
    server.moods = [Mood(), Mood(308, b"", there), Mood(302, b"", there)]
    fetch(server, tmp_path / "p.osm")
    assert [path for path, _ in server.asked] == ["/search"] + ["/api/interpreter"] * 4
    assert server.asked[1] == server.asked[2] == server.asked[3]
    server.moods = [Mood(), *[Mood(302, b"", there)] * 20]
    with pytest.raises(OutsideError, match="redirects too many times"):
        fetch(server, tmp_path / "q.osm")


def test_gzip_is_unpacked(server, tmp_path):
    body = server.answer("/api/interpreter", 'way["highway"]')[1]
    server.moods = [Mood(), Mood(200, gzip.compress(body), {"Content-Encoding": "gzip"})]
    fetch(server, tmp_path / "p.osm")
    assert len(read_osm(tmp_path / "p.osm").walkable) == 1


def test_a_password_in_an_address_is_not_told(server, tmp_path):
    said: list[str] = []
    mirror = server.overpass.replace("//", "//me:secret@")
    record = fetch_place(
        PLACE,
        tmp_path / "p.osm",
        reach_m=100,
        tell=said.append,
        mirror=mirror,
        geocoder=server.url.replace("//", "//me:secret@"),
    )
    server.moods = [Mood(), Mood(403)]
    with pytest.raises(OutsideError) as caught:
        fetch_place(
            PLACE,
            tmp_path / "q.osm",
            reach_m=100,
            tell=said.append,
            mirror=mirror,
            geocoder=server.url,
        )
    assert record["mirror"] == server.overpass
    assert "secret" not in f"{record}{said}{caught.value}"
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_busy_server_is_asked_again_when_it_says(server, tmp_path, waits, step):
    said: list[str] = []
    busy_mood = Mood(429, b"slow down", {"Retry-After": "17"})
    server.moods = [*[Mood()] * step, busy_mood]
    fetch(server, tmp_path / "p.osm", said=said)
    assert server.n_asked == 4
    assert busy(waits) == [17]
    assert sum("429" in line and "trying again in 17 s" in line for line in said) == 1


def test_retry_after_may_be_a_date(server, tmp_path, waits):
    when = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    server.moods = [Mood(429, b"", {"Retry-After": when})]
    fetch(server, tmp_path / "p.osm")
    (pause,) = busy(waits)
    assert 20 < pause <= 30


def test_a_server_that_stays_busy(server, tmp_path, waits):
    said: list[str] = []
    server.moods = [Mood(), *[Mood(504, b"<html>Gateway Timeout</html>")] * 9]
    with pytest.raises(OutsideError, match=r"504 .*Try again later, name another server"):
        fetch(server, tmp_path / "p.osm", said=said)
    assert busy(waits) == [5, 15, 45]
    assert [line.rpartition(" in ")[2] for line in said if "again" in line] == [
        "5 s",
        "15 s",
        "45 s",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_wait_that_is_too_long_is_not_waited(server, tmp_path, waits):
    server.moods = [Mood(), Mood(429, b"", {"Retry-After": "86400"})]
    with pytest.raises(OutsideError, match="asks for a wait of 86400 s"):
        fetch(server, tmp_path / "p.osm")
    assert busy(waits) == []


REMARK = b'{"elements": [], "remark": "runtime error: Query timed out in \\"query\\" at line 1"}'


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        (Mood(504, b"busy"), "504"),
        (Mood(cut=True), "broke off|no connection|cut off"),
        (Mood(body=b'{"version": 0.6, "elem'), "cut off"),
        (Mood(body=b"<html>maintenance</html>"), "cut off or not JSON"),
        (Mood(body=b""), "cut off or not JSON"),
        (Mood(body=REMARK), "Query timed out"),
    ],
)
def test_one_bad_answer_does_no_harm(server, tmp_path, waits, mood, says):
    """The broken answer is neither kept nor taken for the whole; the next one is used."""
    said: list[str] = []
    server.moods = [Mood(), mood]
    fetch(server, tmp_path / "p.osm", said=said)
    assert len(read_osm(tmp_path / "p.osm").walkable) == 1
    assert busy(waits) == [5]
    assert any(part in line for line in said for part in says.split("|"))


def test_a_server_that_never_answers(server, tmp_path, monkeypatch):
    monkeypatch.setattr(overpass, "PAUSES_S", (1,))
    servers = overpass.Servers(print, server.overpass, server.url, 0.2)
    server.moods = [Mood(hangs=True), Mood(hangs=True)]
    with pytest.raises(OutsideError, match="no answer in time"):
        overpass.find_place(PLACE, servers, tmp_path)


def test_a_server_that_is_not_there(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(OutsideError, match="no connection"):
        fetch_place(PLACE, tmp_path / "p.osm", reach_m=1, tell=print, geocoder=nobody)


@pytest.mark.parametrize(("status", "waited"), [(400, []), (403, []), (404, []), (500, [])])
def test_a_refusal_is_final(server, tmp_path, waits, status, waited):
    server.moods = [Mood(), Mood(status, b"no")]
    with pytest.raises(OutsideError, match=f"the server answered {status}"):
        fetch(server, tmp_path / "p.osm")
    assert busy(waits) == waited


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'"text"', b'{"elements": [{"type": "node"}]}', b'{"elements": 3}']
)
def test_an_answer_of_another_kind(server, tmp_path, body):
    server.moods = [Mood(), Mood(body=body)]
    with pytest.raises(OutsideError, match="the answer cannot be read"):
        fetch(server, tmp_path / "p.osm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [b"{}", b'[{"geojson": {"type": "Polygon"}}]', b"[3]"])
def test_a_geocoder_of_another_kind(server, tmp_path, body):
    server.moods = [Mood(body=body)]
    with pytest.raises(OutsideError, match="the answer cannot be read"):
        fetch(server, tmp_path / "p.osm")


@pytest.mark.parametrize("key", ["mirror", "geocoder"])
@pytest.mark.parametrize(
    "url",
    [
        "overpass.example",
        "ftp://x/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://x:0/",
        "http://x:99999/",
        "http://x y/",
        "http://x/\nHost: y",
        "https://x/api?key=1",
        "https://x/#a",
    ],
)
def test_addresses_that_are_none(tmp_path, key, url):
    with pytest.raises(InputDataError, match=f"the {key} .* is not an address"):
        fetch_place("x", tmp_path / "p.osm", reach_m=1, tell=print, **{key: url})
