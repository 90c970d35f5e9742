"""How a study names a table of a database, without a server."""

from __future__ import annotations

import copy
import pickle

import pytest

from circle15.errors import InputDataError
from circle15.study.database_tables import PORT, Secret, database_table, is_address
from circle15.study.settings.records import DemandLayer

URL = "postgresql://planner@10.0.0.5/city"


def test_the_parts_of_an_address():
    found = database_table("postgresql://planner@db.example:6543/city?table=elder.stations")
    assert (found.host, found.port, found.database, found.user) == (
        "db.example",
        6543,
        "city",
        "planner",
    )
    assert (found.relation, found.query, found.password) == ("elder.stations", None, None)
    assert found.name == "elder.stations"
    assert str(found) == "postgresql://planner@db.example:6543/city (elder.stations)"


def test_other_ways_to_say_the_same(monkeypatch):
    plain = database_table(f"{URL}?table=elder.站点")
    assert plain.port == PORT
    assert database_table({"database": URL, "table": "elder.站点"}) == plain
    assert database_table("postgres://planner@10.0.0.5/city?table=elder.%E7%AB%99点") == plain
    monkeypatch.setenv("PGUSER", "planner")
    assert database_table("postgresql://10.0.0.5/city?table=elder.站点") == plain
    six = database_table("postgresql://planner@[::1]:5433/city?table=a")
    assert (six.host, str(six)) == ("::1", "postgresql://planner@[::1]:5433/city (a)")


def test_a_query_is_named_by_its_words():
    one, same, other = (
        database_table({"database": URL, "query": text})
        for text in ("SELECT 1 AS a -- 100%41", "SELECT 1 AS a -- 100%41", "SELECT 2 AS a")
    )
    assert one.query == "SELECT 1 AS a -- 100%41"
    assert one.name == same.name != other.name


def test_a_variable_may_be_the_password(monkeypatch):
    """It may hold what divides a url, and is taken as it stands."""
    monkeypatch.setenv("WORD", "a@b/c:d#e?f%41")
    found = database_table("postgresql://planner:${WORD}@10.0.0.5:6000/city?table=a.b")
    assert found.password is not None
    assert found.password.reveal() == "a@b/c:d#e?f%41"
    assert (found.host, found.port, found.database) == ("10.0.0.5", 6000, "city")
    with pytest.raises(InputDataError, match="the variable NOBODY is not set"):
        database_table("postgresql://planner:${NOBODY}@h/city?table=a")


def test_how_a_line_is_encrypted():
    plain = database_table(f"{URL}?table=a.b")
    assert plain.sslmode is None
    for text in (f"{URL}?sslmode=verify-full&table=a.b", f"{URL}?table=a.b&sslmode=verify-full"):
        assert database_table(text).sslmode == "verify-full"
    record = database_table({"database": f"{URL}?sslmode=disable", "query": "SELECT 1"})
    assert (record.sslmode, record.query) == ("disable", "SELECT 1")
    assert str(database_table(f"{URL}?table=a.b&sslmode=require")) == str(plain)


def test_a_password_is_never_shown(monkeypatch):
    monkeypatch.setenv("WORD", "geheim")
    found = database_table("postgresql://planner:${WORD}@h/city?table=a.b")
    layer = DemandLayer("p60", points=found)
    shown = [str(found), repr(found), repr(layer), str(found.password), f"{found.password!r}"]
    assert not any("geheim" in text for text in shown)
    again = pickle.loads(pickle.dumps(copy.deepcopy(found)))
    assert again.password.reveal() == "geheim"
    assert repr(Secret("geheim")) == "***"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("postgresql://planner:geheim@h/city?table=a", "holds a password"),
        ("postgresql://planner:geheim${WORD}@h/city?table=a", "holds a password"),
        ("postgresql://planner@h/city?table=a&password=geheim", "holds a password"),
        ({"database": "postgresql://u:geheim@h/city", "table": "a"}, "holds a password"),
        ("postgresql://planner@h/city", "one table or one query"),
        ("postgresql://planner@h/city?table=", "one table or one query"),
        ({"database": URL}, "one table or one query"),
        ({"database": URL, "table": "a", "query": "SELECT 1"}, "one table or one query"),
        ({"database": f"{URL}?table=a", "table": "a"}, "one table or one query"),
        ("postgresql://h/city?table=a", "names no user"),
        ("postgresql://planner@/city?table=a", "names no user, server"),
        ("postgresql://planner@h?table=a", "server or database"),
        ("postgresql://planner@h:many/city?table=a", "is not an address"),
        ("postgresql://planner@[h/city?table=a", "is not an address"),
        ("postgresql://planner@h/city?table=a&sslmode=off", "unknown sslmode 'off'"),
        ("postgresql://planner@h/city?table=a&sslcert=x", "unknown part 'sslcert'"),
        ("postgresql://planner:${WORD}@${WORD}/city?table=a", "in another part than the password"),
        ({"database": "${WORD}", "table": "a.b"}, "in another part than the password"),
        ({"database": URL, "table": "${WORD}"}, "in another part than the password"),
        ({"database": URL, "tabel": "a"}, "unknown part 'tabel'"),
        ({"database": URL, "table": 3}, "is not a table of a database"),
        ({"table": "a"}, "is not a table of a database"),
        ({"database": "mysql://h/city", "table": "a"}, "is not an address"),
    ],
)
def test_what_cannot_be_read_is_refused(monkeypatch, value, told):
    monkeypatch.delenv("PGUSER", raising=False)
    monkeypatch.setenv("WORD", "wort")
    with pytest.raises(InputDataError, match=told) as error:
        database_table(value)
    assert error.value.mend
    assert "geheim" not in str(error.value)


def test_what_is_an_address():
    assert is_address(" PostgreSQL://x")
    assert is_address("postgres:x")
    assert not is_address("postgresql.csv")
