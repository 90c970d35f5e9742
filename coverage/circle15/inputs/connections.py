"""Connect to a database, and say in words of ours what it or the line to it complains of."""

from __future__ import annotations

import datetime as dt
import os
import socket
import struct
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError, OutsideError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.databases import DatabaseTable

CONNECT_S: Final = 10
STATEMENT_S: Final = 120
_GRACE_S: Final = 10  # the server's own limit should end a statement first

# By the first characters of SQLSTATE (PostgreSQL, appendix A).
_DENIED: Final = ("28",)
_STOPPED: Final = ("57014",)
_DATES: Final = {1082: dt.date, 1114: dt.datetime}  # date and timestamp of pg_type
_OUTSIDE: Final = ("08", "53", "55", "57", "58", "XX")


@contextmanager
def connected(source: DatabaseTable) -> Iterator[Any]:
    """
    Open a read-only transaction in the database of a table, and leave again whatever happens.

    Raises
    ------
    InputDataError
        If the driver is not installed, or the server refuses what it is asked.
    OutsideError
        If the server is not reached, breaks off, or needs longer than `STATEMENT_S`.
    """
    try:
        driver = import_module("pg8000.native")
    except ImportError:
        raise InputDataError(
            "is a table of a database, and the driver for it is not installed.",
            file=source,
            mend="Run: pip install 'circle15[postgis]'",
        ) from None
    try:
        line = socket.create_connection((source.host, source.port), timeout=CONNECT_S)
    except OSError as error:
        raise OutsideError(
            f"{source}: the server is not reached ({error.strerror or error}). "
            "Check address, port and network, and that the server runs."
        ) from None
    with closing(line):
        line.settimeout(STATEMENT_S + _GRACE_S)
        with _explained(source):
            connection = _logged_in(source, driver, line)
        try:
            with _explained(source):
                # Whatever a query calls, nothing is changed; and all is of one moment.
                connection.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.run(f"SET LOCAL statement_timeout = {STATEMENT_S * 1000}")
                connection.run("SET LOCAL datestyle = ISO")
                for oid, kind in _DATES.items():
                    connection.register_in_adapter(oid, partial(_day, kind))
                yield connection
        finally:
            _close(connection)


def _logged_in(source: DatabaseTable, driver: Any, line: socket.socket) -> Any:
    password = source.password.reveal() if source.password else os.environ.get("PGPASSWORD", "")
    try:
        return driver.Connection(
            source.user,
            database=source.database,
            password=password,
            sock=line,
            application_name="circle15",
        )
    except (LookupError, ValueError, TypeError, AttributeError, struct.error):
        raise OutsideError(
            f"{source}: the server does not answer as PostgreSQL does. Check address and port."
        ) from None


def _day(kind: type[dt.date], text: str) -> dt.date | str:
    """Read a day or a moment; infinity and years that Python has not stay words, to be listed."""
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return text


def _close(connection: Any) -> None:
    with suppress(Exception):  # the line may be gone already: all was read, nothing is lost
        connection.close()


@contextmanager
def _explained(source: DatabaseTable) -> Iterator[None]:
    """Say what a server or the line to it complains of, in one message of ours."""
    errors = import_module("pg8000.exceptions")
    try:
        yield
    except errors.DatabaseError as error:
        told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        raise _refusal(source, str(told.get("C", "")), str(told.get("M", error))) from None
    except (errors.Error, OSError, EOFError) as error:
        raise OutsideError(
            f"{source}: the connection broke off ({error}). Try again; nothing was written."
        ) from None


def _refusal(source: DatabaseTable, code: str, message: str) -> InputDataError | OutsideError:
    if code.startswith(_STOPPED):
        return OutsideError(
            f"{source}: the server stopped after {STATEMENT_S} s ({message}). "
            "Ask for less, or add an index."
        )
    if code.startswith(_OUTSIDE):
        return OutsideError(f"{source}: the server cannot answer ({message}). Try again.")
    mend = "Mend the table or the query in the study."
    if code.startswith(_DENIED):
        mend = "Check the user, and set the password in the environment's PGPASSWORD."
    elif code == "3D000":
        mend = "Mend the name of the database."
    elif code == "42501":
        mend = f"Ask for the right to read it: GRANT SELECT … TO {source.user}."
    return InputDataError(f"the server refuses: {message}.", file=source, mend=mend)
