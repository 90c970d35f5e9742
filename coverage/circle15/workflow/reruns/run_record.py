"""`run.json`: what a run was, sealed, so that any change of it or of a result shows."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.files.source_files import sha256
from circle15.results.summary.json_text import to_json
from circle15.study.messages import say
from circle15.workflow.folders.result_names import LOG, NAMES, RECORD, SUMMARY

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.languages import Language

SEAL: Final = "seal"
"""Last key of the record: the SHA-256 of the text without it."""
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MOST_BYTES: Final = 20_000_000


def sealed(record: dict[str, Any]) -> str:
    """
    Return the text of a record with its seal.

    Examples
    --------
    >>> print(sealed({"circle15": "0.1.0"}), end="")  # doctest: +ELLIPSIS
    {
     "circle15": "0.1.0",
     "seal": "..."
    }
    """
    seal = hashlib.sha256(to_json(record).encode()).hexdigest()
    return to_json({**record, SEAL: seal})


def read_sealed(folder: Path, name: str = RECORD) -> dict[str, Any] | None:
    """Return the record of the run whose results are in a folder; None if it was altered."""
    path = folder / name
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        content = path.read_bytes()
        record = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("files"), dict):
        return None
    rest = {key: value for key, value in record.items() if key != SEAL}
    try:
        return rest if sealed(rest).encode() == content else None
    except (ValueError, RecursionError):  # numbers that are none, and halves of characters
        return None


def durations_of(folder: Path) -> dict[str, float]:
    """Return the seconds of each stage of the run whose results are in a folder; empty if none."""
    found = (read_sealed(folder) or {}).get("durations_s")
    if not isinstance(found, dict):
        return {}
    return {key: float(taken) for key, taken in found.items() if isinstance(taken, int | float)}


def altered(folder: Path, record: dict[str, Any], language: Language = "en") -> list[str]:
    """
    Return what is wrong with the files of a run: altered, missing, or not of this run.

    Parameters
    ----------
    folder
        Folder with the results.
    record
        Its record, from `read_sealed`.
    language
        Language of the words.
    """
    files: dict[str, Any] = record["files"]
    found = []
    for name in (*NAMES, *(one for one in files if one not in NAMES)):  # those of a kept run
        path = folder / name
        if name in {RECORD, LOG} or (name not in files and not os.path.lexists(path)):
            continue
        if name not in files:
            found.append(say("verify.not_of_this_run", language, file=name))
        elif not os.path.exists(path):  # noqa: PTH110 - pathlib fails at names that are too long
            found.append(say("verify.file_missing", language, file=name))
        elif not is_unaltered_file(folder, name, record):
            found.append(say("verify.file_altered", language, file=name))
    return found


def is_unaltered_file(folder: Path, name: str, record: dict[str, Any]) -> bool:
    """Whether a file is there as the run wrote it."""
    return _has(folder / name, record["files"].get(name))


def altered_log(folder: Path, record: dict[str, Any], language: Language = "en") -> list[str]:
    """Return whether the log of a run has been altered, in words; it may be missing."""
    known, path = record.get("log_sha256"), folder / LOG
    if known is None or not os.path.lexists(path) or _has(path, known):
        return []
    return [say("verify.file_altered", language, file=LOG)]


def code_of(folder: Path) -> str | None:
    """Return the code of the numbers in a folder; None without them."""
    path = folder / SUMMARY
    try:
        return _printed(bytes.fromhex(sha256(path))) if path.is_file() else None
    except OSError:
        return None


def short_code(content: bytes) -> str:
    """
    Return a code of eight characters for the content of a `summary.json`, to be read from paper.

    It has 40 bits of the SHA-256, in digits and capital letters without I, L, O and U.

    Examples
    --------
    >>> short_code(b"")
    'WERC-8GMR'
    """
    return _printed(hashlib.sha256(content).digest())


def _printed(digest: bytes) -> str:
    number = int.from_bytes(digest[:5])
    found = "".join(_DIGITS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{found[:4]}-{found[4:]}"


def _has(path: Path, content: object) -> bool:
    try:
        return path.is_file() and sha256(path) == content
    except OSError:
        return False
