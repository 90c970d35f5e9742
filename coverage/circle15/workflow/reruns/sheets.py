"""Verify sheets of residential zones, and comparisons: of which numbers and inputs they are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from circle15.inputs.files.source_files import sha256
from circle15.study.messages import say
from circle15.workflow.folders.kept_json import plain_file
from circle15.workflow.folders.result_names import RECORD
from circle15.workflow.reruns.fingerprint import is_list_of_files
from circle15.workflow.reruns.run_record import is_unaltered_file, read_sealed
from circle15.workflow.reruns.sheet_codes import (
    COMPARISON,
    ZONES,
    ZONES_RECORD,
    comparison_code,
    comparison_in,
    zones_code,
)

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.languages import Language


@dataclass(frozen=True)
class Sheets:
    """
    Sheets in a folder: their kind, code, files that are as they were, faults in words.

    `inputs` has path and SHA-256 of each file that a check of zones has read; None for a
    comparison, which reads two results folders alone.
    """

    kind: Literal["zones", "comparison"]
    code: str | None
    files: int
    faults: tuple[str, ...]
    language: Language
    inputs: list[dict[str, Any]] | None = None


def sheets_in(folder: Path, code: str | None, language: Language | None) -> Sheets | None:
    """
    Return the sheets in a folder, verified.

    Where it also holds results of a run, or both kinds, they are those that bear the code.

    Returns
    -------
    None if the run is to be verified, or there are no sheets.
    """
    found = [one for one in (_zones(folder, language), _comparison(folder, language)) if one]
    bearing = [one for one in found if code is not None and _same(code, one.code)]
    if bearing:
        return bearing[0]
    if not found or (folder / RECORD).is_file():
        return None
    first = found[0]
    faults = (*first.faults, *code_faults(code, first.code, first.language))
    return Sheets(first.kind, first.code, first.files, faults, first.language, first.inputs)


def code_faults(code: str | None, own: str | None, language: Language) -> list[str]:
    """Return that a code is not the own one, if it is not; none where no code was given."""
    if code is None or _same(code, own):
        return []
    missing = say("verify.missing", language)
    return [say("verify.other_code", language, code=code, own=own or missing)]


def changed_inputs(inputs: list[dict[str, Any]], folder: Path, language: Language) -> list[str]:
    """
    Return which files that a check of zones has read are no longer as they were.

    Parameters
    ----------
    inputs
        Path, relative to the study, and SHA-256 of each.
    folder
        Folder of the study.
    language
        Language of the words.
    """
    found = []
    for one in inputs:
        path = folder / str(one["path"])
        try:
            if sha256(plain_file(path)) != one["sha256"]:
                found.append(say("verify.file_changed", language, file=one["path"]))
        except (OSError, ValueError):  # elsewhere, or a table of a database
            found.append(say("verify.file_not_found", language, file=one["path"]))
    return found


def _zones(folder: Path, language: Language | None) -> Sheets | None:
    if not (folder / ZONES_RECORD).is_file():
        return None
    record = read_sealed(folder, ZONES_RECORD)
    words: Language = language or ("en" if (record or {}).get("language") == "en" else "zh")
    if record is None or not is_list_of_files(record.get("inputs")):
        fault = say("verify.record_altered", words, file=ZONES_RECORD)
        return Sheets("zones", None, 0, (fault,), words)
    whole = [name for name in record["files"] if is_unaltered_file(folder, name, record)]
    faults = tuple(
        say(f"verify.{_fault_of(folder / name)}", words, file=name)
        for name in record["files"]
        if name not in whole
    )
    code = None
    if (folder / ZONES).is_file():
        code = zones_code((folder / ZONES).read_bytes(), record["inputs"])
    return Sheets("zones", code, len(whole) + 1, faults, words, record["inputs"])


def _comparison(folder: Path, language: Language | None) -> Sheets | None:
    found = comparison_in(folder)
    if found is None or not (folder / COMPARISON).is_file():
        return None
    return Sheets("comparison", comparison_code(found), 1, (), language or "zh")


def _fault_of(path: Path) -> str:
    # pathlib fails at names that are too long
    return "file_altered" if os.path.exists(path) else "file_missing"  # noqa: PTH110


def _same(code: str, own: str | None) -> bool:
    return _plain(code) == _plain(own or "")


def _plain(code: str) -> str:
    """Return a code without what people add or mix up when they copy it."""
    return code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
