"""Size of the views of a GeoPackage, measured within bounds: a view may never end."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, require_memory_for
from circle15.study.limits import CELLS, MB, TEXTS

if TYPE_CHECKING:
    from pathlib import Path

_COMPUTED: Final = re.compile(r"\bGENERATED\s+ALWAYS\b|\bAS\s*\(", re.IGNORECASE)
_NO_FUNCTION: Final = re.compile(r"no such function: (\w+)")
_STEPS_AT_ONCE: Final = 100_000
_MOST_STEPS: Final = 1000
_MOST_FUNCTIONS: Final = 50
_ROW_BYTES: Final = 300 * MB
"""A row is held as a whole."""


def require_modest_views(path: Path) -> None:
    """
    Refuse a GeoPackage with a view or computed column that gives far more than the file holds.

    Spatial functions, which SQLite alone does not know, give nothing here.

    Raises
    ------
    InputDataError
        With the name of the view.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            rows = database.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
            for name, kind, sql in rows:
                if kind == "view" or (kind == "table" and _COMPUTED.search(str(sql))):
                    _measure(path, database, str(name))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        require_memory_for(error)
        return  # damaged, which its reader reports


def _measure(path: Path, database: sqlite3.Connection, name: str) -> None:
    """Run through a view, and stop if it takes too long."""
    size, steps = path.stat().st_size, 0

    def too_long() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS + size // _STEPS_AT_ONCE)

    database.set_progress_handler(too_long, _STEPS_AT_ONCE)
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        columns = len(_selected(database, f"{quoted} LIMIT 0").description)
        longest = min(TEXTS.of(size), (_ROW_BYTES + size) // columns)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        _run_through(path, _selected(database, quoted), name, size)
    except (sqlite3.OperationalError, sqlite3.DataError) as error:
        require_memory_for(error)
        if "interrupted" in str(error):
            raise _endless(path, name, "takes too long to compute") from None
        if "too big" in str(error):
            raise _endless(path, name, "computes a value that is too large") from None
    finally:
        database.set_progress_handler(None, 0)


def _selected(database: sqlite3.Connection, quoted: str) -> sqlite3.Cursor:
    """Start to read a view; functions that SQLite does not know give nothing."""
    for _ in range(_MOST_FUNCTIONS):
        try:
            return database.execute(f"SELECT * FROM {quoted}")
        except sqlite3.OperationalError as error:
            missing = _NO_FUNCTION.search(str(error))
            if missing is None:
                raise
            database.create_function(missing[1], -1, lambda *_: None)
    return database.execute(f"SELECT * FROM {quoted}")


def _run_through(path: Path, rows: sqlite3.Cursor, name: str, size: int) -> None:
    cells = held = 0
    for row in rows:
        cells += len(row)
        held += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if cells > CELLS.of(size):
            raise CELLS.fault(
                f"the view {name!r} gives more than {cells:,} cells", file=path, size=size
            )
        if held > TEXTS.of(size):
            found = f"the view {name!r} gives more than {held // 1_000_000:,} MB"
            raise TEXTS.fault(found, file=path, size=size)


def _endless(path: Path, name: str, what: str) -> InputDataError:
    return InputDataError(
        f"the view {name!r} {what}.", file=path, mend="Export what it gives as a layer."
    )
