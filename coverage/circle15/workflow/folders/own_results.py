"""Identify the results in a folder, so that no other file and no input is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.workflow.folders.kept_json import read_kept
from circle15.workflow.folders.result_names import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    Listed = Callable[[Path, Sequence[str]], Collection[str]]
    """Returns which of the names that a command writes are results in a folder."""

_ELSEWHERE: Final = "or choose another folder with --out."


def listed_by_run(folder: Path, names: Sequence[str]) -> Collection[str]:
    """
    Return the files listed in the `run.json` of an earlier run.

    For versions that did not list files, all names count. A file edited since counts as a result;
    if `run.json` cannot be read for lack of permission, all names count.
    """
    record = _read(folder / "run.json")
    if record is _FORBIDDEN:
        return names
    if not isinstance(record, dict) or "circle15" not in record:
        return ()
    files = record.get("files")
    log = (LOG,) if "log_sha256" in record else ()
    return ("run.json", *log, *files) if isinstance(files, dict) else names


def listed_by_zones(folder: Path, names: Sequence[str]) -> Collection[str]:
    """Return all names if `zones.json`, which is moved into place last, is a result, else none."""
    zones = _read(folder / "zones.json")
    if zones is _FORBIDDEN:
        return names
    ours = isinstance(zones, list) and all(isinstance(z, dict) and "zone_id" in z for z in zones)
    return names if ours else ()


def listed_by_compare(folder: Path, names: Sequence[str]) -> Collection[str]:
    """Return all names if `compare.json`, which is placed last, is a result, else none."""
    found = _read(folder / "compare.json")
    if found is _FORBIDDEN:
        return names
    return names if isinstance(found, dict) and {"a", "b", "coverage"} <= set(found) else ()


def listed_by_batch(folder: Path, names: Sequence[str]) -> Collection[str]:
    """Return all names if `province.json`, which is placed last, is a result, else none."""
    found = _read(folder / "province.json")
    if found is _FORBIDDEN:
        return names
    return names if isinstance(found, dict) and {"districts", "missing"} <= set(found) else ()


def require_own(
    folder: Path, names: Sequence[str], own: Collection[str], inputs: Iterable[Path] = ()
) -> None:
    """
    Refuse to replace files that are no earlier results, or that are inputs.

    Parameters
    ----------
    folder
        Folder for the results.
    names
        Files to be written.
    own
        Those of the names that are earlier results.
    inputs
        Files that were read.

    Raises
    ------
    InputDataError
        If a file in the folder has one of the names and is no earlier result, or is an input.
    """
    there = [name for name in names if _is_there(folder / name)]
    for path in inputs:
        for name in there:
            if _same(folder / name, path):
                raise InputDataError(
                    "is an input of the study, and a result of that name would replace it.",
                    file=folder / name,
                    mend=f"Rename it, {_ELSEWHERE}",
                )
    others = [name for name in there if name not in own]
    if others:
        also = f" So would {', '.join(others[1:])}." if others[1:] else ""
        raise InputDataError(
            f"was not written by an earlier run and would be replaced.{also}",
            file=folder / others[0],
            mend=f"Move or rename such files, {_ELSEWHERE}",
        )


_FORBIDDEN: Final = object()


def _read(path: Path) -> Any:
    """Read a JSON file; None if there is none, `_FORBIDDEN` if permission is missing."""
    try:
        return read_kept(path)
    except PermissionError:
        return _FORBIDDEN
    except (OSError, ValueError, RecursionError):
        return None


def _is_there(place: Path) -> bool:
    return place.is_symlink() or place.exists()


def _same(place: Path, path: Path) -> bool:
    try:
        return place.samefile(path)
    except OSError:  # a broken link
        return False
