"""Tables of a PostGIS database instead of files, from a real server on this machine."""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
import threading
from contextlib import closing, suppress
from urllib.parse import quote

import pytest
import shapely
from tests.commands import call
from tests.postgis_server import PASSWORD, USER
from tests.streets import EAST_M, NORTH_M, write_study

from circle15.errors import CrsError, InputDataError, OutsideError, StudyError
from circle15.inputs.databases import connections
from circle15.inputs.databases.queries import fetch_table
from circle15.inputs.table_sources import read_table
from circle15.study.database_tables import database_table
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.checking import check

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
SITE = {"编号": "text", "名称": "text", "建筑面积": "numeric(8,2)", "geom": "geometry"}
FILE = 'file = "sites.csv"'


def spot(x, y=0.0):
    return f"SRID=4549;POINT({x + EAST_M} {y + NORTH_M})"


def study_of(folder, source):
    """The small study, its facilities from somewhere else than the csv."""
    path = write_study(folder, NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})
    text = path.read_text("utf-8")
    assert text.count(FILE) == 1
    path.write_text(text.replace(FILE, f"file = {source}"), encoding="utf-8")
    return path


def asked(source):
    return read_table(database_table(source))


def query(postgis, text):
    return {"database": postgis.address, "query": text}


@pytest.fixture
def sites(postgis):
    rows = [
        ["S-2", "二", "450.50", spot(300)],
        ["S-1", "一", None, spot(10)],
        ["S-3", "三", "约300", None],
    ]
    kinds = SITE | {"建筑面积": "text"}
    return postgis.load("elder.stations", kinds, rows, key="编号")


def test_cells_are_those_of_the_database(postgis):
    url = postgis.load(
        "elder.kinds",
        {
            "id": "int",
            "n": "numeric(8,2)",
            "f": "float8",
            "ok": "bool",
            "day": "date",
            "at": "timestamptz",
            "mixed": "jsonb",
            "list": "int[]",
            "空": "text",
            "geom": "geometry(PointZ,4326)",
        },
        [
            [
                2,
                "450.50",
                0.1,
                "true",
                "2023-04-01",
                "2023-04-01T01:00:00+08",
                '{"a": 1}',
                "{1,2}",
                None,
                "SRID=4326;POINT(120 31 5)",
            ],
            [10, *[None] * 9],
        ],
        key="id",
    )
    table = asked(url)
    first, last = table.cells.to_dict("records")
    assert {key: str(cell) for key, cell in first.items()} == {
        "id": "2",
        "n": "450.50",
        "f": "0.1",
        "ok": "True",
        "day": "2023-04-01",
        "at": "2023-04-01 01:00:00",
        "mixed": '{"a": 1}',
        "list": "{1,2}",
        "空": "None",
    }
    assert last == {"id": 10} | dict.fromkeys(list(first)[1:])
    assert table.rows == [1, 2]  # by the key as a number: 2 stands before 10
    assert table.geometry is not None
    assert [None if one is None else one.wkt for one in table.geometry] == ["POINT (120 31)", None]
    assert table.crs.to_epsg() == 4326


def test_days_that_no_calendar_here_has(postgis):
    """Infinity, years beyond 9999 and before Christ stay words, in whatever style of the server."""
    postgis.run(f"ALTER ROLE {USER} SET datestyle = 'German'")
    try:
        days = ["2023-04-01", "infinity", "12345-06-07", "0044-03-15 BC"]
        kinds = {"id": "int", "day": "date", "at": "timestamp"}
        rows = [[k, day, day] for k, day in enumerate(days)]
        table = asked(postgis.load("elder.days", kinds, rows, key="id"))
    finally:
        postgis.run(f"ALTER ROLE {USER} RESET datestyle")
    first, *others = table.cells["day"]
    assert first == dt.date(2023, 4, 1)
    assert others == days[1:]
    assert str(table.cells["at"].iloc[0]) == "2023-04-01 00:00:00"
    assert table.cells["at"].iloc[2] == "12345-06-07 00:00:00"


def test_findings_name_the_table_and_the_row(sites, tmp_path):
    """Rows count by the primary key: S-3 without a place is row 3, whenever it was inserted."""
    outcome = check(study_of(tmp_path, f'"{sites}"'))
    told = {(i.file, i.row, i.code) for i in outcome.findings if i.row is not None}
    assert told == {
        ("elder.stations", 3, "APPROXIMATE_VALUE"),
        ("elder.stations", 3, "NO_POSITION"),
    }


@pytest.mark.parametrize("key", ["编号", None])
def test_the_order_of_the_database_changes_nothing(postgis, tmp_path, key):
    found = []
    url = postgis.url("elder.orders")
    rows = [[f"S-{k}", "站", None, spot(7 * k)] for k in range(9)]
    for way in (rows, rows[::-1]):
        assert postgis.load("elder.orders", SITE, way, key=key) == url
        table, hashed = asked(url), fetch_table(database_table(url)).sha256
        found.append((table.cells.to_dict("records"), [g.wkt for g in table.geometry], hashed))
    assert found[0] == found[1]
    assert [row["编号"] for row in found[0][0]] == [row[0] for row in rows]


def test_a_query_is_read_like_a_table(postgis, sites):
    whole = asked(sites)
    part = asked(query(postgis, "SELECT * FROM elder.stations WHERE \"编号\" < 'S-3';"))
    assert part.cells.to_dict("records") == whole.cells.to_dict("records")[:2]
    commented = asked(query(postgis, "-- all\nSELECT * FROM elder.stations -- of them"))
    assert commented.cells.equals(whole.cells)
    assert part.file.name.startswith("query-")
    assert part.file.name != commented.file.name


def test_every_layer_may_be_a_table(postgis, tmp_path):
    """Boundary, zones, people, sites and residential zones from a database, streets too."""
    box = shapely.box(EAST_M - 50, NORTH_M - 50, EAST_M + 900, NORTH_M + 50)
    shape = f"SRID=4549;{box.wkt}"
    line = f"SRID=4549;LINESTRING({EAST_M} {NORTH_M}, {EAST_M + 800} {NORTH_M})"
    url = postgis.load
    one = {"id": "text", "name": "text", "geom": "geometry"}
    wards = url("area.wards", one, [["W", "西", shape]])
    streets = url("net.edges", {"highway": "text", "geom": "geometry"}, [["residential", line]])
    homes = url(
        "people.homes",
        {"id": "text", "p60": "int", "geom": "geometry"},
        [["a", 3, spot(0)], ["b", 4, spot(800)]],
    )
    sites = url("elder.sites", SITE, [["S", "站", "300", spot(0)]])
    zones = url(
        "elder.zones",
        {"zone_id": "text", "households": "int", "geom": "geometry"},
        [["Z", 100, shape]],
    )
    path = tmp_path / "study.toml"
    path.write_text(
        f"""
[study]
name = "all"
as_of = 2025-12-31
crs = "EPSG:4549"
[area]
boundary = "{wards}"
streets = {{ file = "{wards}", id = "id", name = "name" }}
[network]
file = "{streets}"
min_component_m = 0
[demand]
layers = [ {{ group = "p60", points = "{homes}", value = "p60" }} ]
[[facilities]]
file = "{sites}"
category = "meal_point"
covers = "{wards}"
[[residential_zones]]
file = "{zones}"
""",
        encoding="utf-8",
    )
    run(path, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["population"][0]["inside"] == 7
    assert [z["zone_id"] for z in summary["residential_zones"]] == ["Z"]
    inputs = {one["path"]: one for one in summary["provenance"]["inputs"]}
    told = inputs[f"{postgis.address} (people.homes)"]
    assert told["rows"] == 2
    assert len(told["sha256"]) == 64


def test_the_password_is_in_no_output(postgis, sites, tmp_path, monkeypatch, capfd):
    """From PGPASSWORD or `${NAME}`: neither file, log nor message holds it, written or quoted."""
    monkeypatch.setenv("CITY_WORD", PASSWORD)
    monkeypatch.delenv("PGPASSWORD")
    named = sites.replace(f"{USER}@", f"{USER}:${{CITY_WORD}}@")
    path = study_of(tmp_path, f'"{named}"')
    out = tmp_path / "out"
    assert call("run", path, "--out", out) == 0
    assert call("check", path, "--json") == 0
    monkeypatch.setenv("CITY_WORD", PASSWORD + "x")
    assert call("run", path, "--out", out) == 2
    loaded = repr(load_study(path))
    monkeypatch.setenv("CITY_URL", sites.replace(f"{USER}@", f"{USER}:{quote(PASSWORD, safe='')}@"))
    whole = study_of(tmp_path, '"${CITY_URL}"')
    assert call("run", whole, "--out", out) == 2
    told = capfd.readouterr()
    texts = [told.out.encode(), told.err.encode(), loaded.encode()]
    texts += [one.read_bytes() for one in out.rglob("*") if one.is_file()]
    assert len(texts) > 8
    for word in (PASSWORD, quote(PASSWORD), quote(PASSWORD, safe="")):
        assert not any(word.encode() in text for text in texts)


def test_wrong_password_and_unknown_database(postgis, sites, monkeypatch):
    with pytest.raises(InputDataError, match=r"does not exist.*Correct the name"):
        asked(sites.replace("/city", "/town"))
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(InputDataError, match=r"authentication failed.*PGPASSWORD"):
        asked(sites)
    monkeypatch.delenv("PGPASSWORD")
    with pytest.raises(InputDataError, match=r"authentication failed.*PGPASSWORD"):
        asked(sites)


@pytest.mark.parametrize(
    ("table", "near"),
    [
        ("elder.station", "elder.stations"),
        ("stations", "elder.stations"),
        ("public.stations", "elder.stations"),
    ],
)
def test_no_such_table_says_the_nearest(postgis, sites, table, near):
    with pytest.raises(InputDataError, match=f"no such table.*Did you mean.*{near}"):
        asked(postgis.url(table))


def test_names_are_never_sql(postgis, sites):
    for table in ('elder.stations"; DROP TABLE elder.stations; --', "elder.stations WHERE false"):
        with pytest.raises(InputDataError, match="no such table"):
            asked({"database": postgis.address, "table": table})
    odd = postgis.load("elder.Sta-tions ' 站", {"a": "int"}, [[1]])
    assert asked(odd.replace(" ", "%20").replace("'", "%27")).rows == [1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DELETE FROM elder.stations", "the query is not a SELECT"),
        ("/* x */ DROP TABLE elder.stations", "the server refuses"),
        ("WITH gone AS (DELETE FROM elder.stations RETURNING *) SELECT * FROM gone", "refuses"),
        ("SELECT 1) AS q; DROP TABLE elder.stations; --", "refuses"),
        ("SELECT nothing FROM elder.stations", r"\"nothing\" does not exist"),
        ("SELECT * FROM elder.nothing", "does not exist"),
        ("SELECT nextval('elder.counter')", "read-only"),
        ("SELECT 1 AS a, 2 AS a", "ambiguous"),
        ("SELECT * FROM elder.stations WHERE false", "holds no record"),
    ],
)
def test_a_study_only_reads(postgis, sites, text, told):
    postgis.run("CREATE SEQUENCE IF NOT EXISTS elder.counter")
    postgis.run(f"GRANT ALL ON SEQUENCE elder.counter TO {USER}")
    with pytest.raises(InputDataError, match=told):
        asked(query(postgis, text))
    assert postgis.run("SELECT count(*) FROM elder.stations") == [[3]]


def test_no_right_to_read(postgis, sites):
    postgis.run(f"REVOKE SELECT ON elder.stations FROM {USER}")
    with pytest.raises(InputDataError, match=r"permission denied.*GRANT SELECT"):
        asked(sites)


def test_geometries_must_say_where_they_are(postgis):
    def table(*shapes, kind="geometry"):
        rows = [[k, shape] for k, shape in enumerate(shapes)]
        return postgis.load("elder.shapes", {"id": "int", "geom": kind}, rows, key="id")

    for shapes, told in (
        (["POINT(1 2)"], "SRID 0.*UpdateGeometrySRID"),
        ([spot(0), "SRID=4326;POINT(1 2)"], "several SRIDs: 4326, 4549.*ST_Transform"),
    ):
        url = table(*shapes)
        with pytest.raises(CrsError, match=told):
            asked(url)
    url = table("SRID=4326;POINT(1 2)", kind="geography")
    assert asked(url).crs.to_epsg() == 4326
    assert asked(table(None, None)).crs is None
    postgis.run(
        "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext) SELECT 990001, 'city', "
        "1, srtext FROM spatial_ref_sys WHERE srid = 4549"
    )
    assert "CGCS2000" in asked(table("SRID=990001;POINT(1 2)")).crs.name
    two = postgis.load("elder.two", {"a": "geometry", "b": "geometry"}, [[spot(0), spot(1)]])
    with pytest.raises(InputDataError, match=r"2 columns of geometry: a, b.*by a query"):
        asked(two)
    assert asked(query(postgis, "SELECT a FROM elder.two")).rows == [1]


def test_a_layer_of_zones_needs_polygons(postgis, tmp_path):
    """As with files: a table without geometry, and one that mixes points and polygons."""
    plain = postgis.load("area.plain", {"id": "text", "name": "text"}, [["W", "西"]])
    mixed = postgis.load(
        "area.mixed", {"id": "text", "name": "text", "geom": "geometry"}, [["W", "西", spot(0)]]
    )
    for url, told in ((plain, "has no geometry"), (mixed, "row 1: holds Point")):
        path = study_of(tmp_path, FILE.removeprefix("file = "))
        text = path.read_text("utf-8")
        area = f'[area]\nstreets = {{ file = "{url}", id = "id", name = "name" }}\n[network]'
        path.write_text(text.replace("[network]", area), encoding="utf-8")
        with pytest.raises(InputDataError, match=told):
            check(path)


def test_a_server_that_breaks_off(postgis, sites, monkeypatch):
    gone = "SELECT *, pg_terminate_backend(pg_backend_pid()) FROM elder.stations"
    with pytest.raises(OutsideError, match=r"elder|query-"):
        asked(query(postgis, gone))
    monkeypatch.setattr(connections, "STATEMENT_S", 1)
    with pytest.raises(OutsideError, match="stopped after 1 s"):
        asked(query(postgis, "SELECT pg_sleep(30)"))


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.0 400 Bad Request\r\n\r\n"])
def test_no_server_there(tmp_path, monkeypatch, capsys, answer):
    """Nobody listens; somebody hangs up; somebody is no database. Exit 3, one line."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        if answer is None:
            listening.close()
        else:
            threading.Thread(target=_answer, args=(listening, answer), daemon=True).start()
        path = study_of(tmp_path, f'"postgresql://planner@127.0.0.1:{port}/city?table=a.b"')
        assert call("check", path) == 3
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert told.startswith(f"circle15: postgresql://planner@127.0.0.1:{port}/city (a.b): the ")
    assert "Traceback" not in told


def _answer(listening, answer):
    with suppress(OSError):  # the test has ended, or the client has gone
        for _ in range(2):
            line, _ = listening.accept()
            with closing(line):
                line.recv(1000)
                line.sendall(answer)


def test_without_the_driver(monkeypatch):
    monkeypatch.setitem(sys.modules, "pg8000.native", None)
    with pytest.raises(InputDataError, match=r"driver.*pip install 'circle15\[postgis\]'"):
        asked("postgresql://planner@127.0.0.1:1/city?table=a.b")


def test_a_written_password_is_refused(tmp_path):
    path = study_of(tmp_path, f'"postgresql://{USER}:geheim@127.0.0.1/city?table=a.b"')
    with pytest.raises(StudyError, match=r"facilities.file.*password.*PGPASSWORD") as error:
        load_study(path)
    assert "geheim" not in str(error.value)
