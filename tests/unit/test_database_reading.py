"""How rows of a database become a table, with a stand-in for the server's answers."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from circle15.errors import CrsError, InputDataError
from circle15.inputs.databases import queries
from circle15.inputs.databases.queries import fetch_table, read_database, with_snapshots
from circle15.study.database_tables import database_table
from circle15.study.settings.records import DemandLayer, FacilityLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

URL = "postgresql://planner@10.0.0.5/city"
KINDS = [
    (23, "int4", "pg_catalog"),
    (25, "text", "pg_catalog"),
    (1184, "timestamptz", "pg_catalog"),
    (2950, "uuid", "pg_catalog"),
    (90001, "geometry", 'gis"x'),
]
RELATIONS = [("elder", "stations", False), ("public", "homes", True)]
EAST, WEST = shapely.Point(1, 2).wkb, shapely.Point(0, 2).wkb


class Server:
    """Answers as the server would, and keeps what was asked."""

    def __init__(
        self,
        columns: list[tuple[str, int]],
        rows: Sequence[Any],
        *,
        key: tuple[str, ...] = (),
        crs: dict[int, tuple[str, int, str]] | None = None,
    ) -> None:
        self.columns = [{"name": name, "type_oid": oid} for name, oid in columns]
        self.rows, self.key, self.crs = rows, key, crs or {}
        self.asked: list[str] = []

    def run(self, sql: str) -> list[Any]:
        self.asked.append(sql)
        if "pg_class" in sql:
            return RELATIONS
        if "pg_type" in sql:
            return KINDS
        if "pg_index" in sql:
            return [(name,) for name in self.key]
        srid = int(sql.rpartition("=")[2])
        return [self.crs[srid]] if srid in self.crs else []

    def execute_unnamed(self, sql: str) -> SimpleNamespace:
        self.asked.append(sql)
        return SimpleNamespace(columns=self.columns, rows=self.rows)


@pytest.fixture
def serve(monkeypatch):
    def of(server: Server) -> Server:
        @contextmanager
        def connected(source):
            yield server

        monkeypatch.setattr(queries, "connected", connected)
        return server

    return of


def test_rows_are_sorted_by_the_primary_key(serve):
    """As numbers: 2 before 10. The key is asked of the table with its schema."""
    server = serve(Server([("id", 23), ("name", 25)], [[10, "b"], [2, "c"]], key=("id",)))
    found = fetch_table(database_table(f"{URL}?table=homes"))
    assert found.columns == ("id", "name")
    assert found.rows == ((2, "c"), (10, "b"))
    assert (found.shapes, found.crs) == (None, None)
    assert any("""'"public"."homes"'::regclass""" in sql for sql in server.asked)
    assert server.asked[-1] == (
        'SELECT q."id", q."name" FROM (SELECT * FROM "public"."homes"\n) AS q'
    )


def test_a_key_of_other_values_is_sorted_by_its_text(serve):
    day = dt.date(2025, 6, 30)
    rows = [[1.5, day, 1], [1.5, dt.date(2024, 1, 1), 2], [0.5, day, 3]]
    columns = [("share", 25), ("day", 25), ("n", 23)]
    serve(Server(columns, rows, key=("share", "day")))
    found = fetch_table(database_table(f"{URL}?table=elder.stations"))
    assert [row[2] for row in found.rows] == [3, 2, 1]


def test_rows_without_a_key_are_sorted_by_all_values_and_empty_ones_come_last(serve):
    """As text: 10 before 2. The hash is that of the rows, whatever their order was."""
    rows = [["a", None], ["a", 2], ["a", 10]]
    found = []
    for given in (rows, rows[::-1]):
        serve(Server([("name", 25), ("n", 23)], given))
        found.append(fetch_table(database_table({"database": URL, "query": "SELECT 1;"})))
    assert found[0].rows == (("a", 10), ("a", 2), ("a", None))
    assert found[0] == found[1]
    serve(Server([("name", 25), ("n", 23)], rows[:2]))
    other = fetch_table(database_table({"database": URL, "query": "SELECT 1;"}))
    assert other.sha256 != found[0].sha256


def test_a_key_whose_column_the_result_lacks_is_no_key(serve):
    serve(Server([("n", 23)], [[10], [2]], key=("n", "shape")))
    assert fetch_table(database_table(f"{URL}?table=homes")).rows == ((10,), (2,))


def test_other_types_are_read_as_text_and_a_moment_without_its_zone(serve):
    server = serve(Server([("at", 1184), ("uid", 2950)], []))
    fetch_table(database_table({"database": URL, "query": "SELECT at, uid FROM t"}))
    assert server.asked[-1].startswith(
        'SELECT CAST(q."at" AS timestamp), CAST(q."uid" AS text) FROM'
    )


def test_geometries_are_fetched_as_wkb_with_their_crs(serve):
    """In two dimensions, by the functions of the schema that holds PostGIS."""
    rows = [["b", EAST, 4549], ["a", WEST, 4549], ["c", None, None]]
    crs = {4549: ("EPSG", 4549, "PROJCS…")}
    server = serve(Server([("name", 25), ("place", 90001)], rows, crs=crs))
    source = database_table({"database": URL, "query": "SELECT name, place FROM t"})
    found = fetch_table(source)
    assert found.rows == (("a",), ("b",), ("c",))
    assert (found.shapes, found.crs) == ((WEST, EAST, None), "EPSG:4549")
    schema = '"gis""x"'
    shape = f'q."place"::{schema}.geometry'
    sent = next(sql for sql in server.asked if "ST_AsBinary" in sql)
    assert f"{schema}.ST_AsBinary({schema}.ST_Force2D({shape})), {schema}.ST_SRID({shape})" in sent
    table = read_database(replace(source, snapshot=found))
    assert table.crs is not None
    assert table.crs.to_epsg() == 4549
    assert table.geometry is not None
    places = table.geometry.to_wkt().fillna("none").tolist()
    assert places == ["POINT (0 2)", "POINT (1 2)", "none"]


def test_a_crs_of_another_authority_is_read_from_its_text(serve):
    serve(Server([("g", 90001)], [[EAST, 990001]], crs={990001: ("city", 1, "LOCAL_CS[x]")}))
    assert fetch_table(database_table(f"{URL}?table=homes")).crs == "LOCAL_CS[x]"


def test_without_any_geometry_there_is_no_crs(serve):
    serve(Server([("g", 90001)], [[None, None]]))
    found = fetch_table(database_table(f"{URL}?table=homes"))
    assert (found.shapes, found.crs) == ((None,), None)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([[EAST, 4549], [WEST, 4326]], "its geometries have several SRIDs: 4326, 4549"),
        ([[EAST, 0]], "its geometries have the SRID 0, which is not a known"),
        ([[EAST, 7]], "its geometries have the SRID 7, which is not a known"),
    ],
)
def test_geometries_of_no_single_crs_are_refused_with_their_column(serve, rows, told):
    serve(Server([("g", 90001)], rows, crs={4549: ("EPSG", 4549, ""), 4326: ("EPSG", 4326, "")}))
    with pytest.raises(CrsError, match=told) as error:
        fetch_table(database_table(f"{URL}?table=homes"))
    assert error.value.column == "g"


def test_a_geometry_that_cannot_be_read_is_named_by_its_row(serve):
    serve(
        Server([("g", 90001)], [[EAST, 4549], [b"\x01\x63", 4549]], crs={4549: ("EPSG", 4549, "")})
    )
    with pytest.raises(InputDataError, match="holds a geometry that cannot be read") as error:
        read_database(database_table(f"{URL}?table=homes"))
    assert error.value.row == 2  # sorted by its bytes


def test_two_columns_of_geometry_are_refused(serve):
    serve(Server([("a", 90001), ("n", 23), ("b", 90001)], []))
    with pytest.raises(InputDataError, match="has 2 columns of geometry: a, b") as error:
        fetch_table(database_table(f"{URL}?table=homes"))
    assert "Choose one by a query" in (error.value.mend or "")


@pytest.mark.parametrize(
    ("table", "mend"),
    [
        ("elder.station", "Did you mean elder.stations?"),
        ("stations", "Did you mean elder.stations?"),  # is not in the search path
        ("wrong.homes", "Did you mean public.homes?"),
        ("qqqqqqqq", "Correct its name."),
    ],
)
def test_an_unknown_table_says_the_nearest(serve, table, mend):
    serve(Server([("n", 23)], []))
    with pytest.raises(InputDataError, match="there is no such table") as error:
        fetch_table(database_table(f"{URL}?table={table}"))
    assert error.value.mend == mend


@pytest.mark.parametrize("query", ["DELETE FROM t", "", ";"])
def test_only_a_query_that_selects_is_sent(serve, query):
    server = serve(Server([("n", 23)], []))
    source = replace(database_table({"database": URL, "query": "SELECT 1"}), query=query)
    with pytest.raises(InputDataError, match="the query is not a SELECT"):
        fetch_table(source)
    assert server.asked == []


@pytest.mark.parametrize("query", ["(select 1)", "WITH a AS (SELECT 1) SELECT 1", "-- x\nSELECT 1"])
def test_a_query_may_begin_in_several_ways(serve, query):
    server = serve(Server([("n", 23)], [[1]]))
    assert fetch_table(database_table({"database": URL, "query": query})).rows == ((1,),)
    assert f"FROM ({query}\n) AS q" in server.asked[-1]


def test_a_table_of_two_layers_is_fetched_once(serve):
    server = serve(Server([("n", 23)], [[1]]))
    homes, sites = (database_table(f"{URL}?table={name}") for name in ("homes", "elder.stations"))
    plain = DemandLayer("p65", points=None)
    settings: dict[str, Any] = {
        "demand": (DemandLayer("p60", points=homes), DemandLayer("p80", points=homes), plain),
        "facilities": (FacilityLayer(sites),),
    }
    found = with_snapshots(settings, {})
    assert found["demand"][0].points is found["demand"][1].points
    assert found["demand"][0].points.snapshot.rows == ((1,),)
    assert found["demand"][2] is plain
    assert found["facilities"][0].file.snapshot.rows == ((1,),)
    assert sum("pg_class" in sql for sql in server.asked) == 2


def test_a_table_becomes_a_frame_of_text_and_numbers(serve):
    serve(Server([("id", 23), ("name", 25)], [[2, "c"], [1, None]], key=("id",)))
    table = read_database(database_table(f"{URL}?table=homes"))
    assert table.cells.to_dict("list") == {"id": [1, 2], "name": [None, "c"]}
    assert (table.rows, table.geometry) == ([1, 2], None)
