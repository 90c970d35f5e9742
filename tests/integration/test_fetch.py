"""`fetch` and `[network] place` against servers that this test starts: no internet, no waiting."""

from __future__ import annotations

import email.utils
import gzip
import json
import socket
import time
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.commands import call
from tests.osm_server import DATE, PLACE, Mood, elements_of, osm_server, place_result
from tests.streets import EAST_M, METRIC, NORTH_M, OsmWay, lon_lat, write_study

from circle15 import run
from circle15.errors import InputDataError, OutsideError
from circle15.network.build import build_network
from circle15.network.downloads import overpass
from circle15.network.downloads.outlines import surroundings
from circle15.network.downloads.places import fetch_place
from circle15.network.osm.osm_file import read_osm
from circle15.network.sources.study_network import read_network
from circle15.study.settings.kept_places import BOUNDARY, EXTENT, RECORD, beside
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import NetworkSource

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


@pytest.fixture
def server():
    streets = elements_of(NODES, OsmWay("ABC", TAGS), OsmWay("AC", {"highway": "motorway"}))
    river = elements_of(RIVER, OsmWay("RS", {"waterway": "river"}), OsmWay("SR", {}), first_way=20)
    point = place_result(shapely.Point(120, 31.5), "一点")
    places = {PLACE: [place_result(OUTLINE, "小区, 测试市, 中国")], "一点": [point]}
    with osm_server(places, streets, [*river, LAKE]) as known:
        yield known


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Every pause, noted instead of slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def fetch(server, file, *, place=PLACE, reach_m=1280, said=None):
    return fetch_place(
        place,
        file,
        reach_m=reach_m,
        tell=(said if said is not None else []).append,
        mirror=server.overpass,
        geocoder=server.url,
    )


def busy(waits):
    """Pauses but those of OSMnx before it asks: none for Overpass, 1 s for Nominatim."""
    return [pause for pause in waits if pause not in {0, 1}]


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_a_place_is_downloaded_with_every_tag(server, tmp_path, suffix):
    file = tmp_path / f"place{suffix}"
    record = fetch(server, file)
    ways = read_osm(file)
    assert [way.tags for way in ways.walkable] == [TAGS]
    assert ways.dropped == {"motorway": 1}
    assert [way.id for way in ways.barriers] == [2, 20, 21]  # motorway, river, bank of the lake
    assert (record["nodes"], record["ways"], record["data_date"]) == (5, 4, DATE)
    assert json.loads((tmp_path / "place.json").read_text("utf-8")) == record
    if suffix == ".osm.pbf":
        assert ways.timestamp == DATE
    names = {f"place{suffix}", "place.json", "place.extent.geojson", "place.boundary.geojson"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_members_beyond_an_answer_are_no_fault(server, tmp_path):
    """Of a relation at the edge a server sends some members; of a way, always all nodes."""
    members = [{"type": "way", "ref": 21, "role": "outer"}]
    members += [{"type": kind, "ref": 999, "role": ""} for kind in ("node", "way", "relation")]
    server.barriers.append({"type": "relation", "id": 8, "tags": LAKE["tags"], "members": members})
    record = fetch(server, tmp_path / "p.osm.pbf")
    assert (record["nodes"], record["ways"]) == (5, 4)
    assert len(read_osm(tmp_path / "p.osm.pbf").walkable) == 1


def test_the_parts_of_a_large_place_may_share_ways(server, tmp_path):
    """A way over the border of two parts comes with both, each time with its far nodes too."""
    wide = shapely.box(119.5, 31, 120.6, 31.8)
    server.places[PLACE] = [place_result(wide, "大区")]
    said: list[str] = []
    record = fetch(server, tmp_path / "p.osm.pbf", said=said)
    assert any("streets, part 2 of" in line for line in said)
    assert (record["nodes"], record["ways"]) == (5, 4)


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm"])
def test_gates_and_signals_of_a_place_are_kept(server, tmp_path, suffix):
    gate = {"barrier": "gate", "access": "private"}
    signals = {"highway": "crossing", "crossing": "traffic_signals"}
    tags = {ord("A"): gate, ord("B"): signals}
    server.streets[:] = [
        one | {"tags": tags[one["id"]]} if one["type"] == "node" and one["id"] in tags else one
        for one in server.streets
    ]
    file = tmp_path / f"place{suffix}"
    fetch(server, file)
    found = read_osm(file)
    assert found.node_tags == tags
    network = build_network(found, METRIC, NetworkSource(file))
    assert len(network.gates) == 1


def test_what_is_asked(server, tmp_path):
    """One name, then all ways with a highway, unfiltered, and the barriers with their relations."""
    said: list[str] = []
    fetch(server, tmp_path / "p.osm", said=said)
    (search, name), (_, streets), (_, barriers) = server.asked
    assert (search, name) == ("/search", PLACE)
    assert 'way["highway"](poly:' in streets
    assert "!~" not in streets
    assert "relation['natural'='water']" in barriers
    assert len(said) == 3


def test_the_outline_is_widened_by_the_reach(server, tmp_path):
    """Every point within 1 280 m of the place is inside, none beyond 1 400 m."""
    fetch(server, tmp_path / "p.osm")
    (extent,) = gpd.read_file(tmp_path / "p.extent.geojson").to_crs(METRIC).geometry
    (place,) = gpd.read_file(tmp_path / "p.boundary.geojson").to_crs(METRIC).geometry
    assert extent.covers(place.buffer(1280))
    assert place.buffer(1400).covers(extent)


def test_holes_of_a_place_are_asked_for_too():
    ring = shapely.Polygon(
        lon_lat([(0, 0), (9000, 0), (9000, 9000), (0, 9000)]),
        [lon_lat([(3000, 3000), (6000, 3000), (6000, 6000), (3000, 6000)])],
    )
    assert surroundings(ring, 100).covers(shapely.Point(lon_lat([(4500, 4500)])[0]))


def test_a_second_call_asks_nobody(server, tmp_path):
    first = fetch(server, tmp_path / "p.osm.pbf")
    asked = server.n_asked
    assert fetch(server, tmp_path / "p.osm.pbf") == first
    assert server.n_asked == asked


def test_the_same_answers_give_the_same_bytes(server, tmp_path):
    fetch(server, tmp_path / "a.osm.pbf")
    server.streets.reverse()
    fetch(server, tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()


def test_nothing_else_is_touched(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lookup = socket.getaddrinfo
    fetch(server, tmp_path / "p.osm")
    with pytest.raises(InputDataError):
        fetch(server, tmp_path / "q.osm", place="nowhere")
    assert socket.getaddrinfo is lookup
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("place", ["", "  ", "a\0b", "a\nb", "\ud800", "x" * 2000])
def test_a_place_without_a_name(server, tmp_path, place):
    with pytest.raises(InputDataError, match="is not the name of a place"):
        fetch(server, tmp_path / "p.osm", place=place)
    assert server.n_asked == 0


def test_a_place_that_is_too_large(server, tmp_path):
    land = shapely.box(100, 20, 130, 50)
    server.places["国"] = [place_result(land, "国")]
    with pytest.raises(InputDataError, match="is 30 degrees wide"):
        fetch(server, tmp_path / "p.osm", place="国")


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


def test_the_best_place_with_an_outline_is_taken(server, tmp_path):
    """The most important one; the first of several that are as important; no point."""
    others = [
        place_result(shapely.Point(1, 1), "点") | {"importance": 0.9},
        place_result(OUTLINE, "甲") | {"importance": 0.6},
        place_result(OUTLINE, "乙") | {"importance": 0.6},
        place_result(OUTLINE, "丙") | {"importance": 0.1},
    ]
    server.places["多"] = others
    assert fetch(server, tmp_path / "p.osm", place="多")["found"] == "甲"


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


def test_places_that_cannot_be_used(server, tmp_path):
    with pytest.raises(InputDataError, match="knows no place 'nowhere'"):
        fetch(server, tmp_path / "p.osm", place="nowhere")
    with pytest.raises(InputDataError, match="'一点' has no outline"):
        fetch(server, tmp_path / "p.osm", place="一点")
    server.streets.clear()
    with pytest.raises(InputDataError, match="has no street in 小区"):
        fetch(server, tmp_path / "p.osm")
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_be_used(server, tmp_path):
    with pytest.raises(InputDataError, match=r"format '\.shp'"):
        fetch(server, tmp_path / "p.shp")
    (tmp_path / "mine.osm").write_text("mine", encoding="utf-8")
    with pytest.raises(InputDataError, match="exists already"):
        fetch(server, tmp_path / "mine.osm")
    for ending in (".json", ".extent.geojson", ".boundary.geojson"):
        (tmp_path / f"q{ending}").write_text("{}", encoding="utf-8")
        with pytest.raises(InputDataError, match=f"q{ending}: exists already"):
            fetch(server, tmp_path / "q.osm")
        (tmp_path / f"q{ending}").unlink()
    fetch(server, tmp_path / "p.osm")
    (tmp_path / "p.osm").unlink()  # how one downloads anew
    fetch(server, tmp_path / "p.osm")
    with pytest.raises(InputDataError, match="exists already"):
        fetch(server, tmp_path / "p.osm", reach_m=2000)
    (tmp_path / "p.osm").write_text("changed", encoding="utf-8")
    with pytest.raises(InputDataError, match="SHA-256"):
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


# --- In a study, and as a command -------------------------------------------------------------


def study_of_a_place(folder, server, more=""):
    study = write_study(folder, NODES, ["ABC"], {"h": (10, 5, 100)}, {"f": (500, 5)})
    text = study.read_text("utf-8").replace(
        'file = "streets.geojson"\nextent = "extent.geojson"',
        f'place = "{PLACE}"\nmirror = "{server.overpass}/interpreter"\n'
        f'geocoder = "{server.url}"{more}',
    )
    study.write_text(text, encoding="utf-8")
    return study


def test_a_study_of_a_place(server, tmp_path, monkeypatch):
    """
    The home joins A-B at 10 m with a leg of 5 m, the facility B-C at 500 m: 490 m + 10 m. The
    network keeps beside the study; without servers the same study gives the same bytes.
    """
    study = study_of_a_place(tmp_path, server)
    first = run(study, out=tmp_path / "one")
    row = first.result.coverage.iloc[0]
    assert row["time_ms"] == pytest.approx(500_000, abs=40)
    assert first.result.network.extent_source == "given"
    kept = sorted(path.name for path in (tmp_path / "data" / "cache").iterdir())
    assert len(kept) == 4
    told = first.summary["provenance"]["download"]
    assert (told["place"], told["data_date"], told["reach_m"]) == (PLACE, DATE, 1280)
    inputs = {one["path"]: one["sha256"] for one in first.summary["provenance"]["inputs"]}
    assert told["sha256"] in inputs.values()
    assert PLACE in (tmp_path / "one" / "report.html").read_text("utf-8")

    asked = server.n_asked
    server.moods = [Mood(500)] * 9
    second = run(study, out=tmp_path / "two")
    assert server.n_asked == asked
    for path in sorted((tmp_path / "one").iterdir()):
        if path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert second.summary == first.summary


def damage(cache, how):
    """Damage what is kept of a place; return the file."""
    (file,) = cache.glob("*.osm.pbf")
    path = beside(file, how) if how.startswith(".") else file
    path.write_bytes({RECORD: b"[" * 100_000}.get(how, path.read_bytes()[:-9] + b"damage"))
    return file


@pytest.mark.parametrize("how", ["streets", EXTENT, BOUNDARY, RECORD])
def test_a_kept_download_that_is_damaged_is_thrown_away(server, tmp_path, caplog, how):
    """It is downloaded again, and said; where that fails, nothing that is damaged is read."""
    study = load_study(study_of_a_place(tmp_path, server))
    read_network(study, lambda *_: None)
    cache = tmp_path / "data" / "cache"
    whole = {path.name: path.read_bytes() for path in cache.iterdir() if path.suffix == ".pbf"}
    file = damage(cache, how)
    server.moods = [Mood(500)]
    with pytest.raises(OutsideError, match="answered 500"):
        read_network(study, lambda *_: None)
    caplog.clear()
    read_network(study, lambda *_: None)
    assert sum("Downloading it again" in line for line in caplog.messages) == 1
    assert file.read_bytes() == whole[file.name]
    asked = server.n_asked
    read_network(study, lambda *_: None)
    assert server.n_asked == asked


def test_a_study_names_a_place_or_a_file(server, tmp_path):
    for more, says in [
        ('\nfile = "streets.geojson"', "are both given"),
        ('\nplaces = "x"', "Did you mean 'place'"),
    ]:
        with pytest.raises(InputDataError, match=says):
            load_study(study_of_a_place(tmp_path, server, more))
    study = study_of_a_place(tmp_path, server)
    text = study.read_text("utf-8")
    study.write_text(text.replace(PLACE, "  "), encoding="utf-8")
    with pytest.raises(InputDataError, match=r"network\.place.*blank"):
        load_study(study)
    study.write_text(text.replace(f'place = "{PLACE}"', 'file = "sites.csv"'), encoding="utf-8")
    with pytest.raises(InputDataError, match="serves a place only"):
        load_study(study)


def test_the_command(server, tmp_path, monkeypatch, capsys):
    file = tmp_path / "new" / "p.osm.pbf"
    server.moods = [Mood(), Mood(429, b"", {"Retry-After": "3"})]
    options = ("--out", file, "--mirror", server.overpass, "--geocoder", server.url)
    assert call("fetch", PLACE, *options) == 0
    printed = capsys.readouterr()
    assert "trying again in 3 s" in printed.err
    assert printed.out.splitlines()[0] == str(file)
    assert 'extent = "p.extent.geojson"' in printed.out
    asked = server.n_asked
    assert call("fetch", PLACE, *options, "--json") == 0
    assert json.loads(capsys.readouterr().out)["place"] == PLACE
    assert server.n_asked == asked


def test_exit_codes(server, tmp_path, monkeypatch, capsys):
    options = ("--out", tmp_path / "p.osm", "--mirror", server.overpass, "--geocoder", server.url)
    assert call("fetch", "nowhere", *options) == 2
    server.moods = [Mood(503)] * 9
    assert call("fetch", PLACE, *options) == 3
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("circle15: http://127.0.0.1")
    assert "Traceback" not in last
    assert call("fetch", PLACE, *options, "--buffer", "-5") == 2


def test_the_network_is_the_one_of_the_same_file(server, tmp_path):
    """A one-way street for people on foot stays one: every tag of the filter is kept."""
    fetch(server, tmp_path / "p.osm.pbf")
    source = NetworkSource(tmp_path / "p.osm.pbf")
    network = build_network(read_osm(tmp_path / "p.osm.pbf"), METRIC, source)
    assert network.base_mm_bwd.tolist() == [-1, -1]
    assert np.allclose(network.x_m, np.array([0, 300, 600]) + EAST_M, atol=0.01)
    assert np.allclose(network.y_m, NORTH_M, atol=0.01)
