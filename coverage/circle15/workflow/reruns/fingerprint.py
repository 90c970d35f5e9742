"""The fingerprint of a run: everything that went into it, in hashes that name what differs."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.files.source_files import input_files
from circle15.study.database_tables import DatabaseTable
from circle15.study.messages import say
from circle15.study.settings.download_paths import RECORD, beside
from circle15.workflow.reruns.program_state import ProgramState, program_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.inputs.files.source_files import SourceFiles
    from circle15.output.map.online_tiles import Tiles
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study

FORM: Final = 1
"""Number of this form of fingerprints; those of another form never agree."""


@dataclass(frozen=True)
class Ingredients:
    """
    What a run read: its settings and its files, by SHA-256.

    Attributes
    ----------
    settings
        Hash over all settings with their defaults, files named by name and content.
    files
        Path as results show it and SHA-256 of each file that was read.
    """

    settings: str
    files: tuple[tuple[str, str], ...]


def ingredients(study: Study, sources: SourceFiles) -> Ingredients | None:
    """
    Return what a run of a study reads.

    Parameters
    ----------
    study
        Its settings.
    sources
        Its files with their hashes from before they were read.

    Returns
    -------
    None for a study with tables of a database, of which only reading them says what they hold, and
    with files in folders that cannot be listed, where parts of them may be.
    """
    if any(isinstance(one, DatabaseTable) for one in input_files(study)):
        return None
    folder = study.file.parent
    known = {path: sources.sha256(path) or "" for path in sources.paths()}
    if not all(os.access(place, os.R_OK) for place in {path.parent for path in known}):
        return None
    kept = study.network.kept
    if kept is not None:
        record = beside(kept, RECORD)  # provenance shows what it says
        known[record] = _content(record)

    def named(path: Path) -> list[str]:
        return [_shown(path, folder), known.get(path, "")]

    text = json.dumps(plain(study, named), ensure_ascii=False)
    files = sorted((_shown(path, folder), content) for path, content in known.items())
    return Ingredients(_sha256(text), tuple(files))


def fingerprint(
    found: Ingredients | None,
    language: Language,
    tiles: Tiles | None,
    program: ProgramState | None,
) -> dict[str, Any] | None:
    """
    Return the fingerprint as `run.json` keeps it.

    Parameters
    ----------
    found
        What the run reads; None if that cannot be known.
    language
        Language of its texts.
    tiles
        Tile service of the map online; of its addresses, which may hold a key, only the hash is
        kept.
    program
        The program that computes; None if it is no longer the one on disk.

    Returns
    -------
    None if a later run cannot know whether it would give the same.
    """
    if found is None or program is None:
        return None
    return {
        "form": FORM,
        "settings": found.settings,
        "inputs": [{"path": path, "sha256": content} for path, content in found.files],
        "code": program.code,
        "python": program.python,
        "libraries": list(program.libraries),
        "environment": program.environment,
        "language": language,
        "tiles": None if tiles is None else _sha256(repr(tiles)),
    }


def kept_fingerprint(record: dict[str, Any]) -> dict[str, Any] | None:
    """Return the fingerprint in a `run.json`; None without one, or if it is not of this form."""
    found = record.get("fingerprint")
    whole = (
        isinstance(found, dict)
        and is_list_of_files(found.get("inputs", []))
        and isinstance(found.get("libraries", []), list)
    )
    return found if whole else None


def is_list_of_files(found: object) -> bool:
    """Whether a value of a record is a list of paths, each with the SHA-256 of its content."""
    return isinstance(found, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("path"), str)
        and isinstance(one.get("sha256"), str)
        for one in found
    )


def loaded_program() -> ProgramState | None:
    """Return the program, or None if its files have changed since this process loaded them."""
    try:
        found = program_state()
    except OSError:
        return None
    return found if found.is_loaded else None


def differences(
    before: dict[str, Any], now: dict[str, Any], language: Language = "en"
) -> list[str]:
    """
    Return what differs between two fingerprints, in words, the inputs first; empty if nothing does.

    Examples
    --------
    >>> a = {"inputs": [{"path": "p60.tif", "sha256": "1"}], "python": "3.11.7", "language": "zh"}
    >>> differences(a, a | {"python": "3.12.1"})
    ['Python was 3.11.7 and is 3.12.1']
    >>> differences(a, a | {"inputs": [{"path": "p60.tif", "sha256": "2"}], "language": "en"})
    ['p60.tif has changed', 'the language was zh and is en']
    """
    if before == now:
        return []
    found = _changed_files(before, now, language)
    old, new = _versions(before), _versions(now)
    missing = say("verify.missing", language)
    found += [
        say("verify.was", language, name=name, a=old.get(name, missing), b=new.get(name, missing))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    for key, name in (("python", "Python"), ("language", say("verify.the_language", language))):
        if before.get(key) != now.get(key):
            found.append(say("verify.was", language, name=name, a=before.get(key), b=now.get(key)))
    found += [
        say(f"verify.other_{name}", language)
        for key, name in (
            ("code", "program"),
            ("environment", "environment"),
            ("tiles", "tiles"),
        )
        if before.get(key) != now.get(key)
    ]
    return found or [say("verify.other_settings", language)]


def _changed_files(before: dict[str, Any], now: dict[str, Any], language: Language) -> list[str]:
    old, new = ([(f["path"], f["sha256"]) for f in one.get("inputs", ())] for one in (before, now))
    gone = [path for path, content in old if (path, content) not in new]
    come = [path for path, content in new if (path, content) not in old]
    return [
        say(f"verify.{key}", language, file=path)
        for key, paths in (
            ("file_changed", [path for path in come if path in gone]),
            ("file_new", [path for path in come if path not in gone]),
            ("file_gone", [path for path in gone if path not in come]),
        )
        for path in paths
    ]


def _versions(one: dict[str, Any]) -> dict[str, str]:
    """Return the version of each library; `numpy-2.1.0` has 2.1.0."""
    pairs = (str(library).partition("-") for library in one.get("libraries", ()))
    return {name: version for name, _, version in pairs}


def plain(value: Any, named: Callable[[Path], Any]) -> Any:
    """
    Return settings, which are records, as JSON can hold them.

    Parameters
    ----------
    value
        A record of settings, or part of one.
    named
        Function that returns what stands for a file.

    Raises
    ------
    TypeError
        If it is not of settings.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Path):
        return named(value)
    if isinstance(value, Decimal | Fraction | date):
        return str(value)
    if isinstance(value, dict):
        return [[plain(k, named), plain(v, named)] for k, v in value.items()]
    if isinstance(value, tuple | list):
        return [plain(one, named) for one in value]
    parts = {one.name: plain(getattr(value, one.name), named) for one in fields(value)}
    return [type(value).__name__, parts]


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _content(path: Path) -> str:
    """Return the SHA-256 of a file; empty if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
