"""Read a table, or the rows of a query, from a PostGIS database in a read-only transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import geopandas as gpd
import pandas as pd

from circle15.errors import CrsError, InputDataError
from circle15.inputs.databases.connections import connected
from circle15.inputs.formats.layers import table_of_frame
from circle15.inputs.formats.wkb import shapes_of_wkb
from circle15.study.database_tables import DatabaseTable, Snapshot

if TYPE_CHECKING:
    from circle15.inputs.tables.cells import Table

Settings = TypeVar("Settings")

# Types that the driver converts to Python's own; all others are read as text.
_PLAIN: Final = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bpchar"}
    | {"date", "timestamp"}
)
_CASTS: Final = {"timestamptz": "timestamp"}  # in the time zone of the database
_SHAPES: Final = frozenset({"geometry", "geography"})

_RELATIONS: Final = """
SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1, 2
"""
_KINDS: Final = """
SELECT t.oid, t.typname, n.nspname
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
"""
_KEY: Final = """
SELECT a.attname FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indisprimary AND i.indrelid = {}::regclass
ORDER BY array_position(i.indkey::int2[], a.attnum)
"""


@dataclass(frozen=True)
class _Column:
    """A column of the result; `schema` is that of its type, which holds the PostGIS functions."""

    name: str
    kind: str
    schema: str

    @property
    def is_shape(self) -> bool:
        return self.kind in _SHAPES

    @property
    def as_sql(self) -> str:
        name = f"q.{_quoted(self.name)}"
        if self.is_shape:
            schema = _quoted(self.schema)
            return (
                f"{schema}.ST_AsBinary({schema}.ST_Force2D({name}::{schema}.geometry)), "
                f"{schema}.ST_SRID({name}::{schema}.geometry)"
            )
        if self.kind in _PLAIN:
            return name
        return f"CAST({name} AS {_CASTS.get(self.kind, 'text')})"


def read_database(source: DatabaseTable) -> Table:
    """
    Return a table of a database, which is fetched unless it was before.

    Row 1 is the first by the primary key. Rows of a query, or of a table without a key, are sorted
    by their values, so that results do not depend on the server's order.

    Raises
    ------
    InputDataError
        As `fetch_table`, or if a geometry is of an unknown type.
    """
    snapshot = source.snapshot or fetch_table(source)
    frame = pd.DataFrame(list(snapshot.rows), columns=list(snapshot.columns), dtype=object)
    if snapshot.shapes is None:
        return table_of_frame(source, frame)
    shapes, faults = shapes_of_wkb(list(snapshot.shapes))
    for place, reason in faults.items():
        raise InputDataError(
            f"holds a geometry that cannot be read ({reason}).",
            file=source,
            row=place + 1,
            mend="Give points, lines or polygons, e.g. by ST_CurveToLine.",
        )
    name = next(word for word in ("geometry", "geometry_") if word not in snapshot.columns)
    layer = gpd.GeoDataFrame(frame.assign(**{name: shapes}), geometry=name, crs=snapshot.crs)
    return table_of_frame(source, layer)


def fetch_table(source: DatabaseTable) -> Snapshot:
    """
    Fetch the rows of a table or query from a database.

    Raises
    ------
    InputDataError
        If the driver is not installed; the server refuses the user, the database, the table or
        the query; the query is not a SELECT; or the table has several geometry columns.
    CrsError
        If geometries have no SRID, an unknown one, or several.
    OutsideError
        If the server cannot be reached, breaks the connection, or takes too long.
    """
    with connected(source) as connection:
        key: list[str] = []
        if source.relation is not None:
            relation = _relation(source, connection)
            key = [name for (name,) in connection.run(_KEY.format(_literal(relation)))]
            query = f"SELECT * FROM {relation}"
        else:
            query = _select(source)
        columns = _columns(source, connection, query)
        wanted = ", ".join(column.as_sql for column in columns)
        answer = connection.execute_unnamed(f"SELECT {wanted} FROM ({query}\n) AS q").rows
        return _snapshot(source, columns, key, answer, connection)


def with_snapshots(settings: Settings, read: dict[DatabaseTable, DatabaseTable]) -> Settings:
    """
    Return settings with the rows of all database tables, each fetched once.

    Parameters
    ----------
    settings
        A record of settings, or part of one.
    read
        Tables that were fetched before; the others are added.

    Raises
    ------
    Circle15Error
        As `fetch_table`.
    """
    found: Any = settings
    if isinstance(found, DatabaseTable):
        if found not in read:
            read[found] = replace(found, snapshot=fetch_table(found))
        found = read[found]
    elif isinstance(found, tuple):
        found = tuple(with_snapshots(one, read) for one in found)
    elif isinstance(found, dict):
        found = {key: with_snapshots(one, read) for key, one in found.items()}
    elif is_dataclass(found) and not isinstance(found, type):
        parts = {f.name: getattr(found, f.name) for f in fields(found)}
        now = {key: with_snapshots(part, read) for key, part in parts.items()}
        changed = {key: part for key, part in now.items() if part is not parts[key]}
        found = replace(found, **changed) if changed else found
    return cast("Settings", found)


def _snapshot(
    source: DatabaseTable,
    columns: list[_Column],
    key: list[str],
    answer: list[list[Any]],
    connection: Any,
) -> Snapshot:
    """Return the sorted rows; a geometry is in the result as WKB and SRID."""
    shape = next((i for i, column in enumerate(columns) if column.is_shape), None)
    names = tuple(column.name for column in columns if not column.is_shape)
    records = []
    for cells in answer:
        place = () if shape is None else tuple(cells[shape : shape + 2])
        rest = cells if shape is None else cells[:shape] + cells[shape + 2 :]
        records.append((tuple(rest), place))
    by = [names.index(name) for name in key if name in names]
    known = by if len(by) == len(key) else []
    records.sort(key=lambda record: _rank(record[0], record[1], known))
    crs = None
    if shape is not None:
        srids = {place[1] for _, place in records if place[0] is not None}
        crs = _crs(source, columns[shape], srids, connection)
    digest = hashlib.sha256(repr((names, crs)).encode())
    for record in records:
        digest.update(repr(record).encode())
    return Snapshot(
        names,
        tuple(cells for cells, _ in records),
        None if shape is None else tuple(place[0] for _, place in records),
        crs,
        digest.hexdigest(),
    )


def _rank(cells: tuple[Any, ...], place: tuple[Any, ...], key: list[int]) -> list[Any]:
    """Return the sort key of a row: the values of its primary key, else all values as text."""
    if key:
        ordered = (int, str, dt.date)
        return [cells[i] if isinstance(cells[i], ordered) else str(cells[i]) for i in key]
    return [(cell is None, str(cell)) for cell in cells] + [repr(place)]


def _relation(source: DatabaseTable, connection: Any) -> str:
    """Return the quoted name of a table, found with its schema or in the search path."""
    wanted = source.relation
    known = connection.run(_RELATIONS)
    for schema, name, visible in known:
        if wanted == f"{schema}.{name}" or (visible and wanted == name):
            return f"{_quoted(schema)}.{_quoted(name)}"
    names = [f"{schema}.{name}" for schema, name, _ in known]
    bare = {name: f"{schema}.{name}" for schema, name, _ in known}
    near = get_close_matches(str(wanted), names, cutoff=0.5) or [
        bare[name] for name in get_close_matches(str(wanted).split(".")[-1], bare, cutoff=0.5)
    ]
    mend = f"Did you mean {' or '.join(near)}?" if near else "Correct its name."
    raise InputDataError("there is no such table in the database.", file=source, mend=mend)


def _select(source: DatabaseTable) -> str:
    query = (source.query or "").strip().rstrip(";").rstrip()
    if not query.lstrip("( \n\t").casefold().startswith(("select", "with", "values", "--", "/*")):
        raise InputDataError(
            "the query is not a SELECT.", file=source, mend="A study only reads: write SELECT …"
        )
    return query


def _columns(source: DatabaseTable, connection: Any, query: str) -> list[_Column]:
    """Fetch the columns of a query and their types, without rows."""
    kinds = {oid: (name, schema) for oid, name, schema in connection.run(_KINDS)}
    # One statement in parentheses: anything but a SELECT is a syntax error of the server.
    described = connection.execute_unnamed(f"SELECT * FROM ({query}\n) AS q LIMIT 0").columns
    columns = [_Column(one["name"], *kinds[one["type_oid"]]) for one in described]
    shapes = [column.name for column in columns if column.is_shape]
    if len(shapes) > 1:
        raise InputDataError(
            f"has {len(shapes)} columns of geometry: {', '.join(shapes)}.",
            file=source,
            mend="Choose one by a query: SELECT the other columns and that one.",
        )
    return columns


def _crs(source: DatabaseTable, column: _Column, srids: set[int], connection: Any) -> str | None:
    """Return the CRS of the geometries' SRID, as EPSG code or WKT; None without geometries."""
    if not srids:
        return None
    if len(srids) > 1:
        raise CrsError(
            f"its geometries have several SRIDs: {', '.join(map(str, sorted(srids)))}.",
            file=source,
            column=column.name,
            mend="Transform them to one with ST_Transform.",
        )
    (srid,) = srids
    schema = _quoted(column.schema)
    known = srid and connection.run(
        f"SELECT auth_name, auth_srid, srtext FROM {schema}.spatial_ref_sys WHERE srid = {srid:d}"
    )
    if not known:
        raise CrsError(
            f"its geometries have the SRID {srid}, which is not a known coordinate reference "
            "system.",
            file=source,
            column=column.name,
            mend="Set the right one in the database: SELECT UpdateGeometrySRID(…).",
        )
    authority, code, text = known[0]
    return f"EPSG:{code}" if authority == "EPSG" else text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
