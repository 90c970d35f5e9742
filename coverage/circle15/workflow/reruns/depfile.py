"""What results depend on, in make's form, so that make can say whether a run has anything to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.inputs.files.source_files import files_and_parts, input_files
from circle15.study.database_tables import DatabaseTable
from circle15.study.settings.download_paths import RECORD, beside
from circle15.workflow.folders.pages import write_page
from circle15.workflow.reruns.program_state import PACKAGE, program_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.study.settings.records import Study

STAMP: Final = ".done"
"""Suffix of make's stamp, which has the name of the depfile."""
ALWAYS: Final = "circle15-always"
"""Prerequisite that is never there, for what make cannot know."""
_NOT_IN_MAKE: Final = re.compile(r"[\x00-\x1f\x7f%|;=\\]|[)&]$")
"""What make cannot hold in the name of a file, escaped or not."""
_SPECIAL: Final = re.compile(r"[ #:*?\[]")


def write_depfile(
    path: Path, study: Study, folder: Path, results: Sequence[Path], *, begun_ns: int
) -> None:
    """
    Write the rule of a run, for a makefile to include.

    Its target is the stamp beside the depfile. That depends on every file the study reads, on
    their folders (a file may appear, or take the name of another), on the files of this package
    and on the results; one that is gone counts as changed. For what make cannot know, such as
    tables of a database or a name that it cannot hold, the rule is always out of date, and the
    run finds out whether anything has changed.

    Parameters
    ----------
    path
        The depfile.
    study
        Settings from `load_study`.
    folder
        Folder with the results.
    results
        Files in it that the run wrote.
    begun_ns
        When the command began, in nanoseconds of the system's clock: of an input that changed
        since then, make cannot know whether the run has read it before or after.

    Raises
    ------
    InputDataError
        If make cannot hold the name of the stamp.
    OutsideError
        If it cannot be written.
    """
    named = tuple(input_files(study))
    kept = study.network.kept
    read = files_and_parts(
        [
            study.file,
            *(one for one in named if not isinstance(one, DatabaseTable)),
            *([beside(kept, RECORD)] if kept is not None else []),
        ]
    )
    read += [inner for one in read if one.is_dir() for inner in one.rglob("*")]  # a geodatabase
    program = program_files(PACKAGE)
    folders = sorted({one.parent for one in (*read, *program)})
    names = [
        *(_name(str(one.absolute())) for one in (*read, *program, *results)),
        *(_name(f"{one.absolute()}/.") for one in folders),
    ]
    unsure = any(isinstance(one, DatabaseTable) for one in named) or any(
        one.stat().st_mtime_ns >= begun_ns for one in read if one.is_file()
    )
    held = [name for name in dict.fromkeys(names) if name is not None]
    if unsure or None in names:
        held.append(ALWAYS)
    lines = [
        # A comment ends with its line, or goes on after a backslash.
        *([] if _NOT_IN_MAKE.search(str(folder)) else [f"# results: {folder}"]),
        " \\\n  ".join([f"{stamp_of(path)}:", *held]),
        *(f"{name}:" for name in held),
    ]
    write_page(path, "\n".join(lines) + "\n")


def stamp_of(path: Path) -> str:
    r"""
    Return the stamp beside a depfile as make reads it.

    Raises
    ------
    InputDataError
        If make cannot hold its name.

    Examples
    --------
    >>> stamp_of(Path("a b.d"))
    'a\\ b.done'
    """
    name = _name(path.with_suffix(STAMP).as_posix())
    if name is None:
        raise InputDataError(
            "has a name that make cannot hold.",
            file=path,
            mend="Give another, without control characters and %, |, ;, = and backslashes.",
        )
    return name


def _name(path: str) -> str | None:
    r"""
    Return a path as make reads it; None if it cannot hold it.

    Examples
    --------
    >>> _name("/studies/梁溪 2025/p60 #2.tif"), _name("/studies/50%.csv")
    ('/studies/梁溪\\ 2025/p60\\ \\#2.tif', None)
    """
    if _NOT_IN_MAKE.search(path):
        return None
    return _SPECIAL.sub(r"\\\g<0>", path).replace("$", "$$")
