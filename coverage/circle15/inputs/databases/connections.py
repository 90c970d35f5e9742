"""Connect to a database, and turn errors of the server or the connection into clear messages."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import struct
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib import import_module
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError, OutsideError, clause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.database_tables import DatabaseTable

CONNECT_S: Final = 10
STATEMENT_S: Final = 120
_GRACE_S: Final = 10  # so that the server's own limit ends a statement first
_ASK_FOR_TLS: Final = struct.pack("!ii", 8, 80877103)  # SSLRequest of the protocol

# By the first characters of SQLSTATE (PostgreSQL, appendix A).
_DENIED: Final = ("28",)
_STOPPED: Final = ("57014",)
_DATES: Final = {1082: dt.date, 1114: dt.datetime}  # date and timestamp of pg_type
_OUTSIDE: Final = ("08", "53", "55", "57", "58", "XX")


@contextmanager
def connected(source: DatabaseTable) -> Iterator[Any]:
    """
    Open a read-only transaction in the database of a table, and close the connection at the end.

    Raises
    ------
    InputDataError
        If the driver is not installed, or the server refuses a request.
    OutsideError
        If the server cannot be reached, breaks the connection, takes longer than `STATEMENT_S`, or
        a password would be sent unencrypted.
    """
    try:
        driver = import_module("pg8000.native")
    except ImportError:
        raise InputDataError(
            "is a table of a database, but the driver for it is not installed.",
            file=source,
            mend="Run: pip install 'circle15[postgis]'",
        ) from None
    password = source.password.reveal() if source.password else os.environ.get("PGPASSWORD", "")
    with closing(_reached(source)) as plain, closing(_secured(source, plain, password)) as line:
        line.settimeout(STATEMENT_S + _GRACE_S)
        with _explained(source, password):
            connection = _logged_in(source, driver, line, password)
        try:
            with _explained(source, password):
                # Whatever a query calls, nothing is changed, and all reads are of one moment.
                connection.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.run(f"SET LOCAL statement_timeout = {STATEMENT_S * 1000}")
                connection.run("SET LOCAL datestyle = ISO")
                for oid, kind in _DATES.items():
                    connection.register_in_adapter(oid, partial(_day, kind))
                yield connection
        finally:
            _close(connection)


def _reached(source: DatabaseTable) -> socket.socket:
    try:
        return socket.create_connection((source.host, source.port), timeout=CONNECT_S)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no server can have
        reason = getattr(error, "strerror", None) or error
        raise OutsideError(
            f"{source}: the server cannot be reached ({clause(reason)}). "
            "Check address, port and network, and that the server is running."
        ) from None


def _secured(source: DatabaseTable, line: socket.socket, password: str) -> socket.socket:
    """
    Encrypt a connection as the study sets; by default whenever a password leaves this machine.

    The driver alone would continue unencrypted where a server offers no TLS.
    """
    mode = source.sslmode or ("require" if password and not _ends_here(line) else "prefer")
    if mode == "disable":
        return line
    try:
        line.sendall(_ASK_FOR_TLS)
        answer = line.recv(1)
        if answer == b"S":
            return _tls(mode).wrap_socket(line, server_hostname=source.host)
    except ssl.SSLCertVerificationError as error:
        raise OutsideError(
            f"{source}: the server's certificate is not trusted ({error.verify_message}). "
            "Name its authority in SSL_CERT_FILE, or set a weaker sslmode in the study."
        ) from None
    except (OSError, ValueError) as error:
        raise OutsideError(
            f"{source}: the encryption (TLS) failed ({clause(error)}). Check address, port and "
            "server."
        ) from None
    if answer == b"N" and mode in ("allow", "prefer"):
        return line
    if answer == b"N":
        clear = ", and the password would be sent unencrypted" if password else ""
        raise OutsideError(
            f"{source}: the server offers no encryption (TLS){clear}. "
            "Turn TLS on there; or add sslmode=disable to the address in the study "
            "(…?sslmode=disable&table=…), which sends everything unencrypted."
        )
    raise _no_postgresql(source)


def _tls(mode: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    if mode not in ("verify-ca", "verify-full"):
        context.verify_mode = ssl.CERT_NONE
    return context


def _ends_here(line: socket.socket) -> bool:
    """Return whether a connection is to this machine, by its address and not the host name."""
    try:
        text = str(line.getpeername()[0]).partition("%")[0]
    except OSError:  # the connection is closed already
        return False
    address = ip_address(text)
    if not isinstance(address, IPv4Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def _logged_in(source: DatabaseTable, driver: Any, line: socket.socket, password: str) -> Any:
    scramp = import_module("scramp")
    try:
        return driver.Connection(
            source.user,
            database=source.database,
            password=password,
            sock=line,
            ssl_context=False,  # the socket is already encrypted where required
            application_name="circle15",
        )
    except (LookupError, ValueError, TypeError, AttributeError, struct.error):
        raise _no_postgresql(source) from None
    except scramp.ScramException:
        raise OutsideError(
            f"{source}: the server and this machine do not agree on the login (SCRAM). "
            "Check address and port, and that the password has no control characters."
        ) from None


def _no_postgresql(source: DatabaseTable) -> OutsideError:
    return OutsideError(
        f"{source}: the server does not answer as PostgreSQL does. Check address and port."
    )


def _day(kind: type[dt.date], text: str) -> dt.date | str:
    """Read a date or time; infinity and years out of Python's range stay text, to be reported."""
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return text


def _close(connection: Any) -> None:
    with suppress(Exception):  # the connection may be closed already, but all was read
        connection.close()


@contextmanager
def _explained(source: DatabaseTable, password: str) -> Iterator[None]:
    """Turn an error of the server or the connection into one message of ours."""
    errors = import_module("pg8000.exceptions")
    try:
        yield
    except errors.DatabaseError as error:
        told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        words = _without(password, str(told.get("M", error)))
        raise _refusal(source, str(told.get("C", "")), words) from None
    except (errors.Error, OSError, EOFError) as error:
        words = _without(password, str(error))
        raise OutsideError(
            f"{source}: the connection broke off ({words}). Try again; nothing was written."
        ) from None


def _without(password: str, words: str) -> str:
    """Return a server's message, or a note instead where it repeats the password."""
    if password and password in words:
        return "its message contains the password and is not shown"
    return words


def _refusal(source: DatabaseTable, code: str, message: str) -> InputDataError | OutsideError:
    if code.startswith(_STOPPED):
        return OutsideError(
            f"{source}: the server stopped after {STATEMENT_S} s ({message}). "
            "Request fewer rows, or add an index."
        )
    if code.startswith(_OUTSIDE):
        return OutsideError(f"{source}: the server cannot answer ({message}). Try again.")
    mend = "Correct the table or the query in the study."
    if code.startswith(_DENIED):
        mend = "Check the user, and set the password in the environment's PGPASSWORD."
    elif code == "3D000":
        mend = "Correct the name of the database."
    elif code == "42501":
        mend = f"Ask for the right to read it: GRANT SELECT … TO {source.user}."
    return InputDataError(f"the server refuses: {message}.", file=source, mend=mend)
