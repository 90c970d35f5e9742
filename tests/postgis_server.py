"""A PostgreSQL server with PostGIS of this machine, on a loopback port, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pg8000.native
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

USER = "planner"
PASSWORD = "ge:heim/@Wort%20#1"
"""Has every character that a url would trip over; no file or line of output may hold it."""
_START_S = 60
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "20",
    "max_wal_senders": "0",
    "timezone": "Asia/Shanghai",
    "logging_collector": "off",
}


@dataclass
class PostgisServer:
    """A running server; `planner` may read what is in it."""

    port: int
    admin: pg8000.native.Connection

    @property
    def address(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/city"

    def url(self, table: str) -> str:
        return f"{self.address}?table={table}"

    def run(self, sql: str) -> Any:
        return self.admin.run(sql)

    def load(
        self,
        table: str,
        columns: Mapping[str, str],
        rows: Sequence[Sequence[Any]],
        *,
        key: str | None = None,
    ) -> str:
        """Make a table of columns and their SQL types; a geometry is given as EWKT."""
        schema, name = table.split(".")
        self.run(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        self.run(f'GRANT USAGE ON SCHEMA "{schema}" TO {USER}')
        self.run(f'DROP TABLE IF EXISTS "{schema}"."{name}" CASCADE')
        parts = [f'"{column}" {kind}' for column, kind in columns.items()]
        parts += [f'PRIMARY KEY ("{key}")'] if key else []
        self.run(f'CREATE TABLE "{schema}"."{name}" ({", ".join(parts)})')
        self.run(f'GRANT SELECT ON "{schema}"."{name}" TO {USER}')
        places = ", ".join(
            f"CAST(CAST(:p{i} AS text) AS {kind})" for i, kind in enumerate(columns.values())
        )
        for row in rows:
            cells = {f"p{i}": None if cell is None else str(cell) for i, cell in enumerate(row)}
            self.admin.run(f'INSERT INTO "{schema}"."{name}" VALUES ({places})', **cells)
        return self.url(table)


def _programs() -> Path:
    """Folder of the newest server; skips the test where there is none."""
    named = shutil.which("initdb")
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[4])
    )
    if named is None and not found:
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql-15-postgis-3)")
    return (found[-1] if found else Path(str(named)).resolve()).parent


def _account() -> dict[str, Any]:
    """Who runs the server: it refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL refuses root, and there is no other account")


def _with_us() -> list[str]:
    """Let the server end with the tests even where these are killed."""
    return ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _admin(process: subprocess.Popen[bytes], port: int, log: Path) -> pg8000.native.Connection:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                pass
            return pg8000.native.Connection(
                "admin", host="127.0.0.1", port=port, database="postgres", password=PASSWORD
            )
        except (OSError, pg8000.native.Error):
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


@contextmanager
def postgis_server() -> Iterator[PostgisServer]:
    """Start a server with an empty database `city`; it is stopped and gone afterwards."""
    programs, account = _programs(), _account()
    folder = Path(tempfile.mkdtemp(prefix="circle15-postgis-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        secret, log = folder / "secret", folder / "log"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        if account:
            for path in (folder, secret):
                os.chown(path, account["user"], account["group"])
        made = subprocess.run(
            [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "admin",
                "--pwfile",
                secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            cwd=folder,
            capture_output=True,
            check=False,
            **account,
        )
        if made.returncode != 0:
            raise RuntimeError(made.stderr.decode("utf-8", "replace"))
        port = _free_port()
        settings = [f"-c{k}={v}" for k, v in _SETTINGS.items()]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *_with_us(),
                    programs / "postgres",
                    "-D",
                    folder / "data",
                    "-p",
                    str(port),
                    "-k",
                    folder,
                    *settings,
                ],
                cwd=folder,
                stdout=output,
                stderr=output,
                **account,
            )
        with closing(_admin(process, port, log)) as admin:
            admin.run("CREATE DATABASE city")
        with closing(_city(port)) as admin:
            yield PostgisServer(port, admin)
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _city(port: int) -> pg8000.native.Connection:
    admin = pg8000.native.Connection(
        "admin", host="127.0.0.1", port=port, database="city", password=PASSWORD
    )
    if not admin.run("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"):
        pytest.skip("PostgreSQL is installed without PostGIS (Debian: postgresql-15-postgis-3)")
    admin.run("CREATE EXTENSION postgis")
    admin.run(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
    return admin
