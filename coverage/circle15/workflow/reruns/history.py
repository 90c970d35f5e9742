"""
Earlier runs: what `compare` reads of them, in `history/` of the results folder.

A run whose numbers differ from those in place keeps these: summary and coverage are linked into
its work folder, layers of `results.gpkg` written there as small tables, and all comes into
`history/` in the same step as the new results into their place. The record of a kept run lists
these files; runs that older versions kept have the whole `results.gpkg`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyogrio.errors import DataLayerError, DataSourceError

from circle15.inputs.files.source_files import sha256
from circle15.study.messages import say
from circle15.workflow.folders.kept_json import read_kept
from circle15.workflow.folders.replacing import HISTORY
from circle15.workflow.folders.result_names import LOG, RECORD, SUMMARY
from circle15.workflow.reruns.history_layers import LAYERS, keep_layers
from circle15.workflow.reruns.run_record import altered_log, is_unaltered_file, read_sealed, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.languages import Language

LINKED: Final = (SUMMARY, "coverage.parquet")
"""Files of an earlier run that are kept as they are."""
GEOPACKAGE: Final = "results.gpkg"
"""File of which the layers in `history_layers.LAYERS` are kept."""
_TABLES: Final = tuple(f"{layer}.parquet" for layer in LAYERS)
_LONGEST_LOG: Final = 100_000
"""Bytes of a log that is kept, too."""
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-[0-9a-f]{8}")
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\dT)(\d\d):(\d\d):(\d\d\.\d{3})\+00:00")


@dataclass(frozen=True)
class EarlierRun:
    """
    Results of a run, of which all files that `compare` reads are there.

    Attributes
    ----------
    folder
        Folder with its files.
    finished
        When it ended, UTC, in the ISO form.
    """

    folder: Path
    finished: str


def earlier_runs(folder: Path) -> list[EarlierRun]:
    """Return the runs kept in `history/` of a results folder, the newest first."""
    return [
        EarlierRun(place, record["finished"])
        for place in reversed(_places(folder))
        if (record := _record(place)) is not None
    ]


def is_unaltered(folder: Path) -> bool:
    """Whether a folder holds results of a run that `compare` can read, none of them altered."""
    record = _record(folder)
    return record is not None and _unaltered(folder, record)


def altered_runs(folder: Path, language: Language = "en") -> list[str]:
    """Return which runs of the history are not as they were."""
    return [
        say("verify.file_altered", language, file=f"{HISTORY}/{place.name}")
        for place in _places(folder)
        if not is_unaltered(place)
    ]


def last_other_run(folder: Path, study: str, numbers: str) -> EarlierRun | None:
    """
    Return the last run of a study with other numbers, of those that a new run keeps.

    It is the run in the folder, which a new run with other numbers puts into the history, else the
    newest one there: so a run that is repeated finds the same one again.

    Parameters
    ----------
    folder
        The results folder, locked.
    study
        Name of the study.
    numbers
        SHA-256 of the new `summary.json`.
    """
    if not _has_place(folder):
        return None
    for place in (folder, *reversed(_places(folder))):
        record = _record(place)
        if (
            record is not None
            and record["files"].get(SUMMARY) != numbers
            and _name(record) is not None
            and _unaltered(place, record)
            and _is_of(place, study)
        ):
            return EarlierRun(place, record["finished"])
    return None


def put_aside(folder: Path, work: Path) -> None:
    """
    Put the results in a folder into the work folder, from where they get into its history.

    Nothing is put aside if there are none, if they are altered or have the numbers of the new
    results, or if the history has them already.

    Parameters
    ----------
    folder
        The results folder, locked.
    work
        Its work folder with the new `summary.json`.
    """
    if not _has_place(folder):
        return
    record = _record(folder)
    if (
        record is None
        or not _unaltered(folder, record)
        or record["files"][SUMMARY] == sha256(work / SUMMARY)
    ):
        return
    name = _name(record)
    if name is None or os.path.lexists(folder / HISTORY / name):
        return
    place = work / HISTORY / name
    place.mkdir(parents=True)
    for one in LINKED:
        _link(folder / one, place / one)
    try:
        tables = keep_layers(folder / GEOPACKAGE, place)
    except (DataSourceError, DataLayerError):  # of a version with other layers
        _link(folder / GEOPACKAGE, place / GEOPACKAGE)
        tables = [GEOPACKAGE]
    log = [LOG] if _is_short_log(folder / LOG, record) else []
    for one in log:
        _link(folder / one, place / one)
    files = {one: sha256(place / one) for one in (*LINKED, *tables, *log)}
    kept = record | {"files": files, "files_of_run": record["files"]}
    (place / RECORD).write_text(sealed(kept), encoding="utf-8", newline="\n")


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest `keep` runs of the history; files of the user stay."""
    whole = [one.folder for one in earlier_runs(folder)[:keep]]
    for place in _places(folder):
        if place in whole:
            continue
        with suppress(OSError):  # the next run tries again
            for one in (
                RECORD,
                *LINKED,
                GEOPACKAGE,
                *_TABLES,
                LOG,
            ):  # without its record it is none
                (place / one).unlink(missing_ok=True)
            place.rmdir()
            if not keep:
                (folder / HISTORY).rmdir()


def _has_place(folder: Path) -> bool:
    """Whether there is a history, or there can be one."""
    history = folder / HISTORY
    return not history.is_symlink() and (not history.exists() or history.is_dir())


def _is_of(folder: Path, study: str) -> bool:
    """Whether a run is of the study of that name."""
    try:
        return bool(read_kept(folder / SUMMARY)["study"]["name"] == study)
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return False


def _places(folder: Path) -> list[Path]:
    """Return the folders with names of runs, the oldest first."""
    history = folder / HISTORY
    try:
        if history.is_symlink():
            return []
        found = [one for one in history.iterdir() if _NAME.fullmatch(one.name)]
    except OSError:
        return []
    return sorted(one for one in found if one.is_dir() and not one.is_symlink())


def _record(folder: Path) -> dict[str, Any] | None:
    """Return the record of the run in a folder; None if a file that `compare` reads is missing."""
    record = read_sealed(folder)
    if record is None or not isinstance(record.get("finished"), str):
        return None
    read = _read_of(record)
    there = all((folder / one).is_file() and not (folder / one).is_symlink() for one in read)
    return record if there else None


def _read_of(record: dict[str, Any]) -> list[str]:
    """Return which of the files of a run `compare` reads."""
    tables = [one for one in _TABLES if one in record["files"]]
    return [*LINKED, *(tables or [GEOPACKAGE])]


def _unaltered(folder: Path, record: dict[str, Any]) -> bool:
    return all(is_unaltered_file(folder, one, record) for one in _read_of(record))


def _name(record: dict[str, Any]) -> str | None:
    """Return the name of a run: when it ended, and what came of it."""
    when = _STAMP.fullmatch(record["finished"])
    if when is None:
        return None
    files = repr(sorted(record["files"].items()))
    return f"{when[1]}{when[2]}{when[3]}{when[4]}Z-{hashlib.sha256(files.encode()).hexdigest()[:8]}"


def _is_short_log(path: Path, record: dict[str, Any]) -> bool:
    """Whether the log of a run is there, as the run wrote it, and small."""
    plain = path.is_file() and not path.is_symlink()
    return plain and path.stat().st_size <= _LONGEST_LOG and not altered_log(path.parent, record)


def _link(place: Path, new: Path) -> None:
    """Give a file a second name; where that is not possible, copy it."""
    try:
        os.link(place, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copyfile(place, new)
