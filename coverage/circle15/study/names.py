"""Valid names of files and ids; all libraries used here expect file names in UTF-8."""

from __future__ import annotations

import errno
import re
import stat
import unicodedata
from typing import TYPE_CHECKING, Final, TypeVar

from circle15.errors import InputDataError
from circle15.study.servers import require_no_server

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_T = TypeVar("_T")

_SAFE: Final = re.compile(r"[\w.-]+")
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?", re.IGNORECASE)
"""Device names reserved by Windows, which treats superscript digits like plain ones."""
MOST_BYTES: Final = 200  # file systems hold 255 bytes
_PIECE: Final = 200
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories of control characters and characters without a glyph."""


def first_repeated(values: Sequence[_T]) -> _T | None:
    """
    Return the first value that repeats an earlier one; None if all differ.

    Examples
    --------
    >>> first_repeated(["a", "b", "a"])
    'a'
    """
    return next((value for i, value in enumerate(values) if value in values[:i]), None)


def half_width(text: str) -> str:
    """
    Normalise a text to NFKC (compatibility composition) in linear time.

    The standard library sorts combining marks in quadratic time, so that a long text is processed
    in pieces. No piece begins with a character that combines with the one before it, unless there
    are more than 200 such characters in a row.

    Examples
    --------
    >>> half_width("３００㎡")
    '300m2'
    """
    if text.isascii() or len(text) <= _PIECE:
        return unicodedata.normalize("NFKC", text)
    pieces, start = [], 0
    while start < len(text):
        end, latest = start + _PIECE, start + 2 * _PIECE
        while end < min(latest, len(text)) and _join(text[end - 1], text[end]):
            end += 1
        pieces.append(unicodedata.normalize("NFKC", text[start:end]))
        start = end
    return "".join(pieces)


def _join(letter: str, following: str) -> bool:
    """Whether a character may combine with the one before it, such as a mark or a vowel."""
    if unicodedata.combining(following):
        return True
    apart = (unicodedata.normalize("NFKC", one) for one in (letter, following))
    return unicodedata.normalize("NFKC", letter + following) != "".join(apart)


def names_folder(name: str) -> bool:
    """
    Whether a name is valid for a file or folder on every system.

    It must be composed (NFC): some systems compose names, so that a decomposed name would be
    different on one system and equal on another.

    Examples
    --------
    >>> [names_folder(name) for name in ("liangxi-2025", "梁溪", "..", "a/b", "nul", "x" * 300)]
    [True, True, False, False, False, False]
    """
    return (
        _SAFE.fullmatch(name) is not None
        and not name.startswith(".")
        and not name.endswith(".")
        and _DEVICES.fullmatch(name) is None
        and len(name.encode()) <= MOST_BYTES
        and unicodedata.is_normalized("NFC", name)
    )


def fault_of_id(name: str) -> str | None:
    r"""
    Return why a name cannot be an id in files and pages; None if it can.

    Examples
    --------
    >>> [fault_of_id(name) for name in ("GB 50180-2018", "第3.2条(1)", "a&b")]
    [None, None, None]
    >>> fault_of_id("../x"), fault_of_id(" "), fault_of_id("a\nb")
    ("holds '/'", 'is blank', 'holds characters that cannot be seen')
    """
    if not name.strip():
        return "is blank"
    if any(unicodedata.category(one) in _UNSEEN for one in name):
        return "holds characters that cannot be seen"
    if name != name.strip():
        return "begins or ends with a blank"
    for one in "/\\":
        if one in name:
            return f"holds '{one}'"
    if not name.strip("."):
        return "holds points only"
    if len(name.encode()) > MOST_BYTES:
        return f"is longer than {MOST_BYTES} bytes"
    return None


def readable_name(path: Path) -> Path:
    r"""
    Return a path unchanged if libraries can open it.

    Raises
    ------
    InputDataError
        If its name, or that of a folder above it, is not UTF-8, or it is the address of a server.

    Examples
    --------
    >>> from pathlib import Path
    >>> readable_name(Path("\udcff.csv"))
    Traceback (most recent call last):
    ...
    circle15.errors.InputDataError: \udcff.csv: its name, or that of a folder above it, is not ...
    """
    require_utf8(str(path.absolute()), str(path))
    require_no_server(path, mend="Name a file or folder of this computer.")
    return path


def require_utf8(text: str, shown: str) -> None:
    """
    Refuse a name with bytes that are not UTF-8, which Python represents as surrogates.

    Raises
    ------
    InputDataError
        If the text has such bytes; `shown` is the name for the message.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputDataError(
            "its name, or that of a folder above it, is not UTF-8.",
            file=shown.encode(errors="backslashreplace").decode(),
            mend="Rename it.",
        ) from None


def require_printable(path: Path) -> None:
    r"""
    Refuse a path with line breaks or other control characters, which databases lose.

    Raises
    ------
    InputDataError
        If the name, or that of a parent folder, contains one.

    Examples
    --------
    >>> from pathlib import Path
    >>> require_printable(Path("a\nb"))
    Traceback (most recent call last):
    ...
    circle15.errors.InputDataError: a\nb: has a line break or control character in its name. ...
    """
    text = str(path)
    if any(unicodedata.category(one) == "Cc" for one in text):
        shown = "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
        found = "has a line break or control character in its name."
        raise InputDataError(found, file=shown, mend="Rename it, or give another.")


def require_plain_file(path: Path) -> None:
    """
    Refuse anything but a plain file, as a pipe would block and a device never ends.

    Raises
    ------
    InputDataError
        If it is neither a file nor a folder. A missing path is left to its reader.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno != errno.ELOOP:
            return
        raise InputDataError("is a loop of links.", file=path, mend="Give a file.") from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputDataError("is not a file.", file=path, mend="Give a file.")
