"""Read a JSON file that an earlier command wrote, as far as it can be one that `to_json` wrote."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from pathlib import Path

_ENDS: Final = (b"{}", b"[]")
_HUGE: Final = re.compile(rb"[eE]\+?\d{3}|\d{300}")
"""What may be a number beyond the range of floats."""
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
"""What may be half of a character, which no file can hold."""


def read_kept(path: Path) -> Any:
    """
    Return the content of a JSON file.

    A file that does not begin and end as an object or a list is refused before it is read, however
    large it is.

    Raises
    ------
    OSError
        If it cannot be read, or is a pipe, a device or a folder.
    ValueError
        If it is no JSON, or holds a number that is infinite or none, or half of a character.
    RecursionError
        If it is nested too deeply.
    """
    with plain_file(path).open("rb") as file:
        first, size = file.read(1), file.seek(0, 2)
        file.seek(max(size - 8, 0))
        if first + file.read().rstrip()[-1:] not in _ENDS:
            raise ValueError("it does not begin and end as JSON of circle15")
        file.seek(0)
        content = file.read()
    if not _HUGE.search(content):
        found = json.loads(content, parse_constant=_no_number)
    else:
        found = json.loads(
            content, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    if _HALF.search(content):
        json.dumps(found, ensure_ascii=False).encode()
    return found


def plain_file(path: Path) -> Path:
    """
    Return the path of a file; one that is not there is left to who opens it.

    Raises
    ------
    OSError
        If it is a pipe, which would block, a device, which may never end, or a folder.
    """
    if path.exists() and not path.is_file():
        raise OSError("it is not a file")
    return path


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is beyond the range of numbers")
    return number


def _whole(text: str) -> int:
    _finite(text)
    return int(text)
