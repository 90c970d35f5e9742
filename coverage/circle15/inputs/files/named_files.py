"""Resolve files and database tables named by callers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle15.study.database_tables import database_table, is_address
from circle15.study.names import readable_name, require_plain_file

if TYPE_CHECKING:
    from circle15.study.database_tables import Source


def source_of(given: Path | str) -> Source:
    """
    Return the absolute path of a file, or the database table of an address.

    Raises
    ------
    InputDataError
        If the address is malformed or that of another server than PostgreSQL, or the file is a
        device or a pipe.
    """
    if isinstance(given, str) and is_address(given):
        return database_table(given)
    path = readable_name(Path(given))
    require_plain_file(path)
    return path.resolve()
