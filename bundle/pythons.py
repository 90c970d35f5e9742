"""A Python that goes into a bundle, taken from an archive that was downloaded before."""

from __future__ import annotations

import re
import tarfile
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DLL: Final = re.compile(r"python3(\d\d)\.dll")
_PROGRAM: Final = re.compile(r"python/bin/python(3\.\d\d)")
_LEFT_OUT: Final = {"test", "tests", "idlelib", "turtledemo", "__pycache__"}
_CPP_RUNTIME: Final = re.compile(r"\w+\.libs/msvcp140-[0-9a-f]+\.dll")


class PythonArchiveError(Exception):
    """An archive holds no Python of a known form."""


def python_files(archive: Path) -> tuple[str, dict[str, bytes]]:
    """
    Return the version of a Python, and its files by their paths in the bundle.

    The archive is the "embeddable package" of python.org for Windows (a zip), or for Linux a tar of
    a Python that runs wherever it lies, with `python/bin/python3.12` in it. Links are left out, as
    not every program that unpacks a zip can make them.

    Raises
    ------
    PythonArchiveError
        If it is neither.
    """
    files = dict(_of_zip(archive) if zipfile.is_zipfile(archive) else _of_tar(archive))
    for name in files:
        if found := _DLL.fullmatch(name.removeprefix("python/")):
            return f"3.{int(found[1])}", files
        if found := _PROGRAM.fullmatch(name):
            return found[1], files
    raise PythonArchiveError(
        f"{archive} holds no Python: give the embeddable package of python.org for Windows, or "
        "for Linux a tar with python/bin/python3.12 in it"
    )


def _of_zip(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as packed:
        for one in packed.infolist():
            if not one.is_dir():
                yield f"python/{one.filename}", packed.read(one)


def _of_tar(archive: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(archive) as packed:
            for one in packed:
                held = packed.extractfile(one) if one.isreg() else None
                if held and not _LEFT_OUT & set(PurePosixPath(one.name).parts):
                    yield one.name.removeprefix("./"), held.read()
    except tarfile.TarError as error:
        raise PythonArchiveError(f"{archive} is neither a zip nor a tar") from error


def cpp_runtime(wheels: list[Path]) -> dict[str, bytes]:
    """
    Return the C++ runtime of Windows, for the folder of the Python in the bundle.

    numba asks for msvcp140.dll without bringing it, and not every Windows has it; other packages
    bring it under a name of their own.
    """
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            for name in packed.namelist():
                if wheel.name.startswith("numpy-") and _CPP_RUNTIME.fullmatch(name):
                    return {"python/msvcp140.dll": packed.read(name)}
    return {}
