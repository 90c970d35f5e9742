"""Names of files: every library here takes them as UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from pathlib import Path


def readable_name(path: Path) -> Path:
    r"""
    Return a path if libraries can open it by its name.

    Raises
    ------
    InputDataError
        If its name, or that of a folder above it, is not UTF-8.

    Examples
    --------
    >>> from pathlib import Path
    >>> readable_name(Path("\udcff.csv"))
    Traceback (most recent call last):
    ...
    circle15.errors.InputDataError: \udcff.csv: its name, or that of a folder above it, is not ...
    """
    require_utf8(str(path.absolute()), str(path))
    return path


def require_utf8(text: str, shown: str) -> None:
    """
    Refuse a name with bytes that are not UTF-8, which Python keeps as halves of characters.

    Raises
    ------
    InputDataError
        If the text has such bytes; `shown` is how the name was given.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputDataError(
            "its name, or that of a folder above it, is not UTF-8.",
            file=shown.encode(errors="backslashreplace").decode(),
            mend="Rename it.",
        ) from None
