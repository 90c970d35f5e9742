"""Tables of a PostGIS database as named in a study; passwords are never shown."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from circle15.errors import InputDataError
from circle15.study.variables import VARIABLE, password_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PORT: Final = 5432
_SCHEME: Final = re.compile(r"\s*postgres(?:ql)?:", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w.-]+")
_KEYS: Final = ("database", "table", "query")
_EXAMPLE: Final = "postgresql://user@host:5432/database?table=schema.name"
_OWN_MEND: Final = "Take it out, and set the environment's PGPASSWORD or write ${NAME} for it."
SslMode: TypeAlias = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
"""Encryption of a connection, in PostgreSQL's terms."""


class Secret:
    """A password, which is passed on but never printed."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the password, for connecting."""
        return self._text

    def __repr__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    The rows of a table as they were read.

    `rows` are in a fixed order, with None for null; `shapes` are the geometries as WKB, None for a
    table without geometry; `crs` is the CRS of the geometries. `sha256` is the hash of all of it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    shapes: tuple[bytes | None, ...] | None
    crs: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class DatabaseTable:
    """
    A table of a PostgreSQL database, or the rows of a query.

    Attributes
    ----------
    relation
        `schema.name` or `name` as in the database; None for a query.
    query
        A SELECT; None for a table.
    password
        From the study's `${NAME}`; None to use PGPASSWORD.
    sslmode
        Encryption stated in the study; None if not stated.
    snapshot
        The rows, once they have been read; None before.
    """

    host: str
    port: int
    database: str
    user: str
    relation: str | None = None
    query: str | None = None
    password: Secret | None = field(default=None, repr=False, compare=False)
    sslmode: SslMode | None = None
    snapshot: Snapshot | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Name in results: the table, or the query by its hash."""
        if self.relation is not None:
            return self.relation
        return "query-" + hashlib.sha256((self.query or "").encode()).hexdigest()[:8]

    @property
    def server(self) -> str:
        """User, server and database as an address, without a password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{self.user}@{host}:{self.port}/{self.database}"

    def __str__(self) -> str:
        return f"{self.server} ({self.name})"


Source: TypeAlias = Path | DatabaseTable
"""Where a table is read from: a file or a database table."""


def is_address(text: str) -> bool:
    """Whether a text is meant as the address of a database."""
    return _SCHEME.match(text) is not None


def database_table(
    value: str | Mapping[str, object],
) -> DatabaseTable:
    """
    Parse how a study names a table: a URL with `?table=`, or a record of database and query.

    `${NAME}` may stand for the password; PGUSER is used if the URL has no user. `sslmode` in the
    URL sets the encryption of the connection.

    Raises
    ------
    InputDataError
        If it lacks a server, database or table, contains a written password, or a variable is not
        set or stands for another part. The message never repeats the URL.

    Examples
    --------
    >>> str(database_table("postgresql://planner@10.0.0.5/city?table=elder.sites"))
    'postgresql://planner@10.0.0.5:5432/city (elder.sites)'
    """
    text, named = (value, {}) if isinstance(value, str) else _parts_of_record(value)
    variable = _variable_of_password(text)
    for part in (text.replace(f":${{{variable}}}@", "@", 1), *named.values()):
        _refuse_variables(part)
    url = _split(text)
    given = _query_of(url)
    _require_known([*given], ("table", "query", "sslmode"))
    sslmode = given.pop("sslmode", None)
    if sslmode is not None and sslmode not in get_args(SslMode):
        raise InputDataError(
            f"has an unknown sslmode {sslmode!r}.", mend=f"Use {', '.join(get_args(SslMode))}."
        )
    wanted = named | given
    if len(wanted) != 1 or len(given) + len(named) != 1 or not all(map(str.strip, wanted.values())):
        raise InputDataError(
            "must name one table or one query.",
            mend=f'Write "{_EXAMPLE}", or {{ database = "…", query = "SELECT …" }}.',
        )
    user = unquote(url.username or "") or os.environ.get("PGUSER")
    database = unquote(url.path).strip("/")
    if not user or not url.hostname or not database:
        raise InputDataError("names no user, server or database.", mend=f"Write {_EXAMPLE}.")
    return DatabaseTable(
        host=_host(url.hostname),
        port=url.port or PORT,
        database=database,
        user=user,
        relation=wanted.get("table"),
        query=wanted.get("query"),
        password=None if variable is None else Secret(password_of(variable)),
        sslmode=cast("SslMode | None", sslmode),
    )


def _variable_of_password(text: str) -> str | None:
    """Return the variable that stands for the password; refuse a password that is written out."""
    url = _split(text, check_port=False)
    if "password" in dict(parse_qsl(url.query, keep_blank_values=True)):
        raise InputDataError("holds a password.", mend=_OWN_MEND)
    if not url.password:
        return None
    found = VARIABLE.fullmatch(url.password)
    if found is None:
        raise InputDataError("holds a password.", mend=_OWN_MEND)
    return found[1]


def _refuse_variables(text: str) -> None:
    found = VARIABLE.search(text)
    if found:
        raise InputDataError(
            f"has ${{{found[1]}}} in another part than the password.",
            mend="Write that part out: in an address a variable may stand for the password only.",
        )


def _query_of(url: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(url.query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise InputDataError("names a part twice after the '?'.", mend="Keep one of each.")
    return given


def _host(text: str) -> str:
    """Return the host name or IP address; refuse several hosts."""
    if _HOST.fullmatch(text):
        return text
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise InputDataError(
            "does not name one server by its name or number.", mend=f"Write {_EXAMPLE}."
        ) from None


def _parts_of_record(value: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    _require_known([*value], _KEYS)
    parts = {key: text for key, text in value.items() if isinstance(text, str)}
    if len(parts) < len(value) or "database" not in parts:
        raise InputDataError(
            "is not a table of a database.",
            mend='Write { database = "postgresql://user@host/database", table = "schema.name" }.',
        )
    address = parts.pop("database")
    if not is_address(address):
        _refuse_variables(address)
    return address, parts


def _require_known(keys: list[str], known: tuple[str, ...]) -> None:
    for key in keys:
        if key not in known:
            raise InputDataError(f"has an unknown part {key!r}.", mend=f"Use {', '.join(known)}.")


def _split(text: str, *, check_port: bool = True) -> SplitResult:
    try:
        url = urlsplit(text.strip())
        _ = url.port if check_port else None
    except ValueError:
        url = None
    if url is None or not is_address(text) or url.fragment:
        raise InputDataError("is not an address of a database.", mend=f"Write {_EXAMPLE}.")
    return url
