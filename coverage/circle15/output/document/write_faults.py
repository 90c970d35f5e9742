"""Turn library errors caused by a failing disk into the operating system's error."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from xlsxwriter.exceptions import FileCreateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TRIED: Final = bytes(1_000_000)


@contextmanager
def disk_faults_named(path: Path) -> Iterator[None]:
    """
    Context for writing a file: a library error caused by the disk is raised as an OSError.

    GDAL and SQLite report what they could not do ("cannot rollback"), not why. Appending to the
    file once more makes the system report the cause; if that succeeds, the disk is not at fault
    and the original error is raised.

    Raises
    ------
    OSError
        If the disk cannot be written to (full, read-only, …).
    """
    try:
        yield
    except FileCreateError as error:
        if error.args and isinstance(error.args[0], OSError):
            raise error.args[0] from error
        raise
    except (DataLayerError, DataSourceError, FeatureError, sqlite3.Error) as error:
        _write_more(path, error)
        raise


def _write_more(path: Path, cause: Exception) -> None:
    try:
        with path.open("ab") as file:
            file.write(_TRIED)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = error.filename or str(path)
        raise error from cause
