"""Passwords are not sent unencrypted, and no secrets are written into any output."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from tests.builders.secret_study import (
    SECRET,
    forms_of,
    of_database,
    refused_in_one_line,
    study,
)
from tests.commands import call
from tests.postgis_server import PASSWORD, USER
from tests.postgres_talk import certificate, talking

from circle15.errors import InputDataError, OutsideError, StudyError
from circle15.inputs.databases import connections
from circle15.inputs.databases.queries import fetch_table
from circle15.study.database_tables import database_table
from circle15.workflow.api import run

__all__ = ["study"]  # a fixture

ELSEWHERE = ("10.0.0.5", 5432)


@pytest.fixture
def elsewhere(monkeypatch):
    """Take every line for one that leaves this machine."""
    monkeypatch.setattr(connections, "_ends_here", lambda line: False)


def ask(url):
    return fetch_table(database_table(url))


# Which line a password may take


@pytest.mark.parametrize("way", ["PGPASSWORD", "variable"])
def test_a_server_without_tls_does_not_get_the_password(study, elsewhere, monkeypatch, capfd, way):
    monkeypatch.setenv("PGPASSWORD" if way == "PGPASSWORD" else "CITY_PASSWORD", SECRET)
    with talking() as talk:
        url = f"{talk.address}?table=a.b"
        if way == "variable":
            url = url.replace("planner@", "planner:${CITY_PASSWORD}@")
        told = refused_in_one_line(of_database(study, url), capfd, 3)
        assert talk.passwords == []
    assert f"127.0.0.1:{talk.port}" in told
    assert "offers no encryption (TLS)" in told
    assert "sslmode=disable" in told


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_what_the_study_asks_for_holds_on_this_machine_too(monkeypatch, mode):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking() as talk:
        with pytest.raises(OutsideError, match="offers no encryption"):
            ask(f"{talk.address}?sslmode={mode}&table=a.b")
        assert talk.passwords == []


@pytest.mark.parametrize(("mode", "asked"), [("disable", 0), ("allow", 1), ("prefer", 1)])
def test_a_study_may_say_that_clear_is_good_enough(elsewhere, monkeypatch, mode, asked):
    """The server repeats the password in its refusal; the message does not."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking() as talk:
        with pytest.raises(InputDataError, match="the server refuses") as error:
            ask(f"{talk.address}?table=a.b&sslmode={mode}")
        assert talk.passwords == [SECRET]
        assert talk.asked_for_tls == asked
    assert SECRET not in str(error.value)


def test_to_this_machine_clear_is_good_enough(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking() as talk:
        with pytest.raises(InputDataError, match="the server refuses"):
            ask(f"{talk.address.replace('127.0.0.1', 'localhost')}?table=a.b")
        assert talk.passwords == [SECRET]


def test_without_a_password_there_is_nothing_to_protect(elsewhere, monkeypatch):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with talking() as talk:
        with pytest.raises(InputDataError, match="the server refuses"):
            ask(f"{talk.address}?table=a.b")
        assert talk.passwords == [""]


def test_the_environment_loosens_nothing(elsewhere, monkeypatch):
    """Nor does it lead elsewhere: what libpq reads is not read."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking() as talk, talking() as other:
        for name, value in {
            "PGSSLMODE": "disable",
            "PGREQUIRESSL": "0",
            "PGGSSENCMODE": "disable",
            "PGHOST": "127.0.0.1",
            "PGHOSTADDR": "127.0.0.1",
            "PGPORT": str(other.port),
            "PGSERVICE": "other",
        }.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(OutsideError, match="offers no encryption"):
            ask(f"{talk.address}?table=a.b")
        assert (talk.asked_for_tls, other.asked_for_tls) == (1, 0)
        assert talk.passwords == other.passwords == []


@pytest.mark.parametrize(
    "answer", ["broken", b"", b"E", b"SSH-2.0-x", b"HTTP/1.0 400\r\n", b"\xff", b"s"]
)
def test_an_odd_answer_gets_no_password(study, elsewhere, monkeypatch, capfd, answer):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking(answer) as talk:
        refused_in_one_line(of_database(study, f"{talk.address}?table=a.b"), capfd, 3)
        assert talk.passwords == []


def test_a_server_that_never_answers(study, elsewhere, monkeypatch, capfd):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setattr(connections, "CONNECT_S", 0.3)
    with talking("silent") as talk:
        told = refused_in_one_line(of_database(study, f"{talk.address}?table=a.b"), capfd, 3)
        assert talk.passwords == []
    assert "timed out" in told


def test_within_tls_the_password_goes(elsewhere, monkeypatch, tmp_path):
    """An own certificate of a bureau is good enough by default; verify-ca and more refuse it."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    made = certificate(tmp_path)
    with talking(tls=made) as talk:
        for mode in ("", "sslmode=require&", "sslmode=prefer&"):
            with pytest.raises(InputDataError, match="the server refuses") as error:
                ask(f"{talk.address}?{mode}table=a.b")
            assert SECRET not in str(error.value)
        assert (talk.passwords, talk.encrypted) == ([SECRET] * 3, 3)
        for mode in ("verify-ca", "verify-full"):
            with pytest.raises(OutsideError, match=r"certificate is not trusted.*SSL_CERT_FILE"):
                ask(f"{talk.address}?sslmode={mode}&table=a.b")
        assert talk.passwords == [SECRET] * 3
        monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
        with pytest.raises(InputDataError, match="the server refuses"):
            ask(f"{talk.address}?sslmode=verify-ca&table=a.b")
        with pytest.raises(OutsideError, match=r"certificate is not trusted"):
            ask(f"{talk.address}?sslmode=verify-full&table=a.b")  # it is db.example's
        assert talk.passwords == [SECRET] * 4


class _Line:
    def __init__(self, host):
        self.host = host

    def getpeername(self):
        if self.host is None:
            raise OSError(107, "Transport endpoint is not connected")
        return (self.host, 5432)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.5", False),
        ("128.0.0.1", False),
        ("::ffff:10.0.0.5", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::2", False),
        (None, False),
    ],
)
def test_the_address_of_the_line_tells_where_it_ends(host, here):
    line: Any = _Line(host)
    assert connections._ends_here(line) is here


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1.evil.example", "localhost.evil.example", "localhost", "loopback", "2130706433"],
)
def test_a_name_that_looks_like_this_machine_is_judged_by_its_address(monkeypatch, name):
    """The name leads to another machine, and a server without TLS there gets no password."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with talking() as talk:

        class Elsewhere(socket.socket):
            def getpeername(self):
                return ELSEWHERE

        def connect(address, timeout):
            assert address == (name, talk.port)
            line = Elsewhere()
            line.settimeout(timeout)
            line.connect(("127.0.0.1", talk.port))
            return line

        monkeypatch.setattr(socket, "create_connection", connect)
        with pytest.raises(OutsideError, match="offers no encryption"):
            ask(f"postgresql://planner@{name}:{talk.port}/city?table=a.b")
        monkeypatch.undo()
        assert talk.passwords == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://u@127.0.0.1,10.0.0.5/c?table=a", "one server"),
        ("postgresql://u@10.0.0.5:5432,127.0.0.1:5432/c?table=a", "is not an address"),
        ("postgresql://u@%2Fvar%2Frun/c?table=a", "one server"),
        ("postgresql://u@127.0.0.1%00.evil/c?table=a", "one server"),
        ("postgresql://u@127.0.0.1/c?table=a&hostaddr=10.0.0.5", "unknown part 'hostaddr'"),
        ("postgresql://u@127.0.0.1/c?table=a&host=10.0.0.5", "unknown part 'host'"),
        ("postgresql://u@127.0.0.1/c?table=a&service=x", "unknown part 'service'"),
        ("postgresql://u@127.0.0.1/c?table=a&sslmode=off", "unknown sslmode 'off'"),
        ("postgresql://u@127.0.0.1/c?table=a&sslmode=", "unknown sslmode ''"),
        ("postgresql://u@127.0.0.1/c?table=a&sslmode=REQUIRE", "unknown sslmode"),
        ("postgresql://u@127.0.0.1/c?sslmode=require&table=a&sslmode=disable", "twice"),
        ("postgresql://u@127.0.0.1/c?table=a&table=b", "twice"),
    ],
)
def test_an_address_names_one_server(study, capfd, monkeypatch, url, says):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert says in refused_in_one_line(of_database(study, url), capfd, 2)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 70 + ".example"])
def test_an_unknown_host(study, capfd, monkeypatch, host):
    def unknown(name, *_args, **_kwargs):
        name.encode("idna")
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    told = refused_in_one_line(of_database(study, f"postgresql://u@{host}/c?table=a.b"), capfd, 3)
    assert "the server cannot be reached" in told


# Against a server of this machine


def test_failed_logins_show_no_password(postgis, study, monkeypatch, capfd):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    told = refused_in_one_line(of_database(study, postgis.url("elder.sites")), capfd, 2)
    assert "authentication failed" in told


def test_a_server_of_a_database_without_tls(postgis, study, monkeypatch, elsewhere, capfd):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    of_database(study, postgis.url("elder.sites"))
    assert "offers no encryption" in refused_in_one_line(study, capfd, 3)


def test_a_run_that_was_allowed_shows_no_password(postgis, study, monkeypatch, elsewhere, capfd):
    """The study allows the clear line; the results name the server, the table and no more."""
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("CITY_PASSWORD", PASSWORD)
    spot = "SRID=4549;POINT(500000 3490000)"
    kinds = {"编号": "text", "名称": "text", "建筑面积": "numeric(8,2)", "geom": "geometry"}
    url = postgis.load("elder.allowed", kinds, [["S", "站", "300", spot]])
    url = url.replace(f"{USER}@", f"{USER}:${{CITY_PASSWORD}}@") + "&sslmode=prefer"
    out = study.parent / "out"
    run(of_database(study, url), out=out)
    assert call("check", study, "--json") == 0
    said = capfd.readouterr()
    texts = [path.read_bytes() for path in out.iterdir()] + [said.out.encode(), said.err.encode()]
    assert not any(form.encode() in text for form in forms_of(PASSWORD) for text in texts)


def test_what_the_message_of_a_study_holds():
    with pytest.raises(InputDataError) as error:
        database_table(f"postgresql://u:{SECRET}@h/c?table=a.b")
    assert SECRET not in str(error.value)
    assert not isinstance(error.value, StudyError)
