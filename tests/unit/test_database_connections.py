"""What errors of a database server, and of the way to it, become."""

from __future__ import annotations

import datetime as dt
import importlib
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pg8000.exceptions as pg
import pytest
from tests.postgres_talk import talking

from circle15.errors import InputDataError, OutsideError
from circle15.inputs.databases import connections
from circle15.inputs.databases.connections import connected
from circle15.study.database_tables import database_table

WORD = "geheim"


class Line:
    """A connection that answers nothing, to the driver's stand-in."""

    def settimeout(self, seconds):
        self.seconds = seconds

    def close(self):
        pass

    def getpeername(self):
        return ("127.0.0.1", 5432)


class Driver:
    """A driver whose statements fail as told; `ran` are those it was given."""

    def __init__(self, error=None, *, at=None):
        self.error, self.at = error, at
        self.ran, self.adapters, self.closed = [], {}, False

    def Connection(self, user, **given):  # noqa: N802 - named by the driver
        self.user, self.given = user, given
        if self.error and self.at is None:
            raise self.error
        return self

    def run(self, sql):
        self.ran.append(sql)
        if self.error and self.at in sql:
            raise self.error

    def register_in_adapter(self, oid, read):
        self.adapters[oid] = read

    def close(self):
        self.closed = True
        raise OSError("closed already")


@pytest.fixture
def opened(monkeypatch):
    """Connect by a stand-in for the driver; sockets are not opened."""
    monkeypatch.setenv("PGPASSWORD", WORD)
    source = database_table("postgresql://planner@db.example/city?table=a.b&sslmode=disable")

    def with_driver(driver):
        monkeypatch.setattr(
            connections,
            "import_module",
            lambda name: driver if name == "pg8000.native" else importlib.import_module(name),
        )
        monkeypatch.setattr(socket, "create_connection", lambda *_, **__: Line())
        return connected(source)

    return with_driver


def refused(code, words="no"):
    return pg.DatabaseError({"C": code, "M": words})


def test_a_connection_only_reads_and_is_closed(opened):
    driver = Driver()
    with opened(driver) as connection:
        assert connection is driver
    assert driver.ran == [
        "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SET LOCAL statement_timeout = 120000",
        "SET LOCAL datestyle = ISO",
    ]
    assert driver.closed
    assert (driver.user, driver.given["database"], driver.given["password"]) == (
        "planner",
        "city",
        WORD,
    )


def test_days_out_of_the_calendar_stay_text(opened):
    driver = Driver()
    with opened(driver):
        day, moment = driver.adapters[1082], driver.adapters[1114]
    assert day("2025-06-30") == dt.date(2025, 6, 30)
    assert moment("2025-06-30 08:00:00").hour == 8
    assert day("infinity") == "infinity"
    assert day("12025-06-30") == "12025-06-30"


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("28P01", InputDataError, "set the password in the environment's PGPASSWORD"),
        ("3D000", InputDataError, "Correct the name of the database."),
        ("42501", InputDataError, "GRANT SELECT … TO planner."),
        ("42601", InputDataError, "Correct the table or the query in the study."),
        ("57014", OutsideError, "the server stopped after 120 s"),
        ("53300", OutsideError, "the server cannot answer (no). Try again."),
        ("57P01", OutsideError, "the server cannot answer (no). Try again."),
    ],
)
@pytest.mark.parametrize("at", [None, "BEGIN"])
def test_a_refusal_says_what_to_do(opened, code, kind, says, at):
    """At the login, and at the first statement."""
    with pytest.raises(kind) as error, opened(Driver(refused(code), at=at)):
        pass
    assert says in str(error.value)
    assert "a.b" in str(error.value)


@pytest.mark.parametrize(
    "broken", [pg.InterfaceError("lost"), OSError("lost"), EOFError("lost"), TimeoutError("lost")]
)
def test_a_broken_connection_is_an_outside_fault(opened, broken):
    driver = Driver(broken, at="datestyle")
    with pytest.raises(OutsideError, match=r"the connection broke off \(lost\)"), opened(driver):
        pass
    assert driver.closed


def test_a_connection_that_breaks_while_rows_are_read_is_closed_too(opened):
    driver = Driver()
    with pytest.raises(OutsideError, match="broke off"), opened(driver):
        raise pg.InterfaceError("lost")
    assert driver.closed


@pytest.mark.parametrize("words", [f"password {WORD} is wrong", WORD])
def test_a_message_that_repeats_the_password_is_not_shown(opened, words):
    with pytest.raises(InputDataError) as error, opened(Driver(refused("28P01", words))):
        pass
    assert WORD not in str(error.value)
    assert "its message contains the password and is not shown" in str(error.value)


@pytest.mark.parametrize("odd", [KeyError("x"), ValueError("x"), TypeError(), AttributeError()])
def test_a_server_that_speaks_otherwise_is_no_postgresql(opened, odd):
    with (
        pytest.raises(OutsideError, match="does not answer as PostgreSQL does"),
        opened(Driver(odd)),
    ):
        pass


def test_a_login_without_agreement(opened):
    scramp = importlib.import_module("scramp")
    with (
        pytest.raises(OutsideError, match=r"do not agree on the login \(SCRAM\)"),
        opened(Driver(scramp.ScramException("x"))),
    ):
        pass


def test_without_a_driver(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(connections, "import_module", missing)
    source = database_table("postgresql://planner@db.example/city?table=a.b")
    with (
        pytest.raises(InputDataError, match=r"pip install 'circle15\[postgis\]'"),
        connected(source),
    ):
        pass


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
     (UnicodeError("label too long"), "label too long")],
)  # fmt: skip
def test_a_server_out_of_reach(monkeypatch, error, reason):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    source = database_table("postgresql://planner@db.example/city?table=a.b")
    with pytest.raises(OutsideError, match=rf"cannot be reached \({reason}\)"), connected(source):
        pass


class Answering(Line):
    """A server elsewhere that answers one byte to the request for encryption."""

    def __init__(self, answer, peer="10.0.0.5"):
        self.answer, self.peer, self.sent = answer, peer, []

    def getpeername(self):
        if self.peer is None:
            raise OSError("closed")
        return (self.peer, 5432)

    def sendall(self, words):
        self.sent.append(words)

    def recv(self, size):
        return self.answer


@pytest.mark.parametrize(
    ("mode", "peer", "passes"),
    [
        ("", "10.0.0.5", False),
        ("", "127.0.0.1", True),
        ("", "::ffff:127.0.0.1", True),
        ("", "fe80::1%eth0", False),
        ("", None, False),  # closed already
        ("&sslmode=prefer", "10.0.0.5", True),
        ("&sslmode=allow", "10.0.0.5", True),
        ("&sslmode=require", "127.0.0.1", False),
        ("&sslmode=verify-full", "127.0.0.1", False),
    ],
)
def test_where_a_password_may_go_unencrypted(opened, monkeypatch, mode, peer, passes):
    """By default to this machine only, by the address of the connection."""
    driver = Driver()
    opened(driver)
    line = Answering(b"N", peer)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: line)
    source = database_table(f"postgresql://planner@db.example/city?table=a.b{mode}")
    if passes:
        with connected(source):
            assert driver.given["sock"] is line
        assert line.sent == [bytes.fromhex("0000000804d2162f")]
        return
    with (
        pytest.raises(OutsideError, match="and the password would be sent unencrypted"),
        connected(source),
    ):
        pass
    assert not hasattr(driver, "given")


def test_an_odd_answer_to_the_request_for_encryption(opened, monkeypatch):
    opened(Driver())
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: Answering(b"H", "127.0.0.1"))
    source = database_table("postgresql://planner@db.example/city?table=a.b")
    with pytest.raises(OutsideError, match="does not answer as PostgreSQL does"), connected(source):
        pass


@pytest.mark.parametrize(
    ("mode", "checks_host", "verifies"),
    [
        ("require", False, ssl.CERT_NONE),
        ("verify-ca", False, ssl.CERT_REQUIRED),
        ("verify-full", True, ssl.CERT_REQUIRED),
    ],
)
def test_what_each_mode_asks_of_a_certificate(opened, monkeypatch, mode, checks_host, verifies):
    driver = Driver()
    opened(driver)
    line, inner = Answering(b"S"), Line()
    seen: dict[str, Any] = {}

    class Context:
        check_hostname, verify_mode = True, ssl.CERT_REQUIRED  # as `ssl` makes it

        def wrap_socket(self, _line, server_hostname=None):
            seen.update(host=server_hostname, checks=self.check_hostname, verifies=self.verify_mode)
            return inner

    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: line)
    monkeypatch.setattr(ssl, "create_default_context", Context)
    with connected(
        database_table(f"postgresql://planner@db.example/city?table=a.b&sslmode={mode}")
    ):
        assert driver.given["sock"] is inner
    assert seen == {"host": "db.example", "checks": checks_host, "verifies": verifies}


def test_a_handshake_that_breaks(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", WORD)
    with talking("broken") as talk:
        source = database_table(f"{talk.address}?sslmode=require&table=a.b")
        with pytest.raises(OutsideError, match=r"the encryption \(TLS\) failed"), connected(source):
            pass
    assert talk.passwords == []


def test_a_certificate_that_no_authority_signed(opened, monkeypatch):
    opened(Driver())
    refusal = ssl.SSLCertVerificationError("x")
    refusal.verify_message = "self-signed certificate"

    def refuse(*_, **__):
        raise refusal

    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: Answering(b"S"))
    monkeypatch.setattr(connections, "_tls", lambda mode: SimpleNamespace(wrap_socket=refuse))
    source = database_table("postgresql://planner@db.example/city?table=a.b&sslmode=verify-full")
    with (
        pytest.raises(
            OutsideError, match=r"certificate is not trusted \(self-signed certificate\)"
        ),
        connected(source),
    ):
        pass


def test_a_real_login_that_is_refused(monkeypatch):
    """The stand-in for the server repeats the password, which no message shows."""
    monkeypatch.setenv("PGPASSWORD", WORD)
    with talking() as talk:
        source = database_table(f"{talk.address}?table=a.b")
        with pytest.raises(InputDataError, match="the server refuses") as error, connected(source):
            pass
    assert talk.passwords == [WORD]
    assert WORD not in str(error.value)
