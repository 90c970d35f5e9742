"""All errors that a user can cause or meet.

The command line turns these into one line of text and an exit code; a traceback always means a
bug in circle15.
"""

from __future__ import annotations

import re

_LONGEST = 2000  # characters of what is wrong
_ENDING = " \t\r\n.,:;!?。，：；！？、"  # what ends a sentence or a part of one
NO_MEMORY = "not enough memory for this study."
_OF_MEMORY = re.compile(
    r"(?:out of memory|std::bad_alloc|cannot allocate memory)\W*$"
    r"|(?:out of memory|cannot|could not|failed to) allocate?"
    r"|^malloc of size \d+ failed"
    r"|^out of memory: line \d+, column \d+$",  # of XML
    re.IGNORECASE,
)
_PASSWORDS = (
    (re.compile(r"([:：])(?![/\\\s'\"])[^\s'\"]*(?=[@＠])"), r"\1***"),
    (re.compile(r"\b((?:oci|odbc):[^\s/@]*/)[^\s@]*(?=@)", re.IGNORECASE), r"\1***"),
    (
        re.compile(
            r"((?:pass(?:word|wd)?|pwd)\s*=\s*)(?:'[^']*'|\"[^\"]*\"|[^\s;&'\"]+)", re.IGNORECASE
        ),
        r"\1***",
    ),
)
"""Where addresses of servers hold a password, and what stands for it in messages."""
_OF_VALUES = (ValueError, LookupError, TypeError)  # these quote what stands in a file


class Circle15Error(Exception):
    """Base class of all errors that circle15 raises on purpose."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(without_passwords(message))


class InputDataError(Circle15Error, ValueError):
    """
    Input that cannot be used; the message says where it is, what is wrong and how to fix it.

    Parameters
    ----------
    found
        What is wrong, in one sentence.
    mend
        What the user should do, in one sentence.
    file, row, column
        Where it was found. `file` is a path, a name, or a database table; `row` counts as in a
        spreadsheet, the heading being row 1; in a study file it is the line.
    """

    row_word = "row"
    place_word = "column"

    def __init__(
        self,
        found: str,
        *,
        mend: str = "",
        file: object = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        place = [str(file)] if file is not None else []
        if row is not None:
            place.append(f"{self.row_word} {row}")
        if column is not None:
            place.append(f"{self.place_word} '{column}'")
        prefix = ", ".join(place) + ": " if place else ""
        suffix = f" {mend}" if mend else ""
        if len(found) > _LONGEST:  # it may quote a value of a megabyte
            found = f"{found[: _LONGEST // 2]} … {found[-_LONGEST // 2 :]}"
        super().__init__(f"{prefix}{found}{suffix}")
        self.found = found
        self.mend = mend
        self.file = file
        self.row = row
        self.column = column


class StudyError(InputDataError):
    """The study file is unreadable, has an unknown key, or contradicts itself."""

    row_word = "line"
    place_word = "key"


class MissingFileError(InputDataError, FileNotFoundError):
    """A file that the study names does not exist."""

    row_word = "line"
    place_word = "key"


class CrsError(InputDataError):
    """A layer has no coordinate reference system, or one that cannot be used."""


class OutsideError(Circle15Error, RuntimeError):
    """Something outside circle15 failed: disk, memory, network, database."""

    exit_code = 3


def clause(said: object) -> str:
    """
    Return what an error says as a part of a sentence: without what would end one.

    Examples
    --------
    >>> [clause(said) for said in ("not a ZIP archive.", "is it open? ", "no column (which?)")]
    ['not a ZIP archive', 'is it open', 'no column (which?)']
    """
    return str(said).rstrip(_ENDING) or type(said).__name__


def without_passwords(text: str) -> str:
    """
    Return a text with *** for the password of each address of a server.

    Examples
    --------
    >>> without_passwords("https:/planner:Spring@10.0.0.5/x: no such file.")
    'https:/planner:***@10.0.0.5/x: no such file.'
    >>> without_passwords("host=10.0.0.5 user=planner password=Spring")
    'host=10.0.0.5 user=planner password=***'
    """
    for written, shown in _PASSWORDS:
        text = written.sub(shown, text)
    return text


def is_of_memory(error: BaseException) -> bool:
    """
    Whether an error means that the system gave no more memory.

    Libraries written in C++ raise errors of their own for that, and say so at the end of the text.

    Examples
    --------
    >>> is_of_memory(RuntimeError("(Internal Proj Error: proj_create_operations: std::bad_alloc)"))
    True
    >>> is_of_memory(RuntimeError("Invalid projection: out of memory: (unknown name)"))
    False
    """
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, (Circle15Error, *_OF_VALUES)):
        return False
    return _OF_MEMORY.search(str(error)) is not None


def require_memory_for(error: BaseException) -> None:
    """
    Call this where a library's error is taken as a fault of an input.

    Raises
    ------
    OutsideError
        If it means that there was no memory, of which the input is not the cause.
    """
    if is_of_memory(error):
        raise OutsideError(NO_MEMORY) from error
