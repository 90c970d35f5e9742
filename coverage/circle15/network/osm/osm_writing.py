"""Write OpenStreetMap files; one that fails is an error, and not the end of the process."""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import osmium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PROBE: Final = bytes(1 << 16)


@contextmanager
def osm_writer(
    target: Path, file_format: str = "", **options: Any
) -> Iterator[osmium.SimpleWriter]:
    """
    Open a writer, and close it when all is written.

    libosmium writes in a thread of its own and says what failed when it is closed; a writer that
    has failed ends the process when it is destroyed, so it is kept.

    Raises
    ------
    OSError
        If the disk refuses, as far as it can be asked.
    RuntimeError
        If an object cannot be written, such as text that is no UTF-8.
    """
    writer = osmium.SimpleWriter(osmium.io.File(str(target), file_format), **options)
    try:
        yield writer
        writer.close()
    except BaseException as error:
        with suppress(RuntimeError):
            writer.close()
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
        if isinstance(error, RuntimeError):
            _ask_the_disk(target)
        raise


def _ask_the_disk(target: Path) -> None:
    """Write beside a file what it could not hold, so that the system says why."""
    probe = target.with_name(target.name + ".probe")
    try:
        with probe.open("wb") as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)
