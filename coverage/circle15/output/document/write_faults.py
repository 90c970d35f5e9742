"""What libraries say when a disk refuses, turned into what the system says."""

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
    Write a file within this: a fault of a library that is one of the disk is raised as that.

    GDAL and SQLite name what they could not do ("cannot rollback"), not why; so the file is
    written to once more, where the system says it. If that goes well, the fault is no disk's.

    Raises
    ------
    OSError
        If the disk refuses.
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
