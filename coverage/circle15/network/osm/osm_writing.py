"""Write OpenStreetMap files so that a failed write raises instead of ending the process."""

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
_FAULTS: Final = IndexError, OverflowError, ValueError


@contextmanager
def osm_writer(
    target: Path, file_format: str = "", **options: Any
) -> Iterator[osmium.SimpleWriter]:
    """
    Open a writer, and close it at the end.

    libosmium writes in its own thread and reports faults when it is closed. Destroying a writer
    that has failed ends the process, so a reference to it is kept for ever.

    Raises
    ------
    OSError
        If the disk refuses, as far as a probe beside the file shows it.
    RuntimeError
        If an object cannot be written, such as text that is not UTF-8.
    """
    writer = osmium.SimpleWriter(osmium.io.File(str(target), file_format), **options)
    try:
        yield writer
        with library_faults():
            writer.close()
    except BaseException as error:
        with suppress(RuntimeError), library_faults():
            writer.close()
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
        if isinstance(error, RuntimeError):
            _ask_the_disk(target)
        raise


@contextmanager
def library_faults() -> Iterator[None]:
    """
    Raise the exceptions of libosmium as RuntimeError, whatever C++ class they have.

    Its `std::out_of_range` for a text that ends within a character arrives as an IndexError. Only
    calls of the library belong into the body, whose own faults would be taken for damaged files.
    """
    try:
        yield
    except _FAULTS as error:
        raise RuntimeError(str(error)) from error


def add_to(writer: osmium.SimpleWriter, item: Any) -> None:
    """Write an object; the same as within `library_faults`, which takes longer than the writing."""
    try:
        writer.add(item)
    except _FAULTS as error:
        raise RuntimeError(str(error)) from error


def _ask_the_disk(target: Path) -> None:
    """Write a probe beside a file, so that the system reports why the file failed."""
    probe = target.with_name(target.name + ".probe")
    try:
        with probe.open("wb") as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)
