"""Addresses of servers in the place of a path: refused without being printed."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from circle15.errors import InputDataError

_BEFORE: Final = " \t\r\n\"'“”‘’\ufeff\u200b\u2060"
_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]+:[/\\]"  # a drive has one letter
    r"|(?:pg|postgis|postgres(?:ql)?|mysql|mssql|oci|odbc|jdbc|wfs|wms|wmts|wcs|ftp|https?):"
    r"|[/\\]vsi[a-z0-9]+[/\\]"
    r"|(?:host|hostaddr|dbname|user|uid|server|service|data source|dsn|driver)\s*="
    r"|(?:.*[\s;?&])?(?:password|passwd|pwd)\s*="
    r"|[/\\]*[^\s/\\@:]+:[^\s/\\@][^\s@]*@",
    re.IGNORECASE,
)
"""A scheme, a connection of GDAL or of a database driver, or a user with a password."""
FOUND: Final = "is the address of a server, not the path of a file."


def names_a_server(text: str) -> bool:
    """
    Whether a text is meant as the address of a server, however it is written.

    Examples
    --------
    >>> texts = "https:/u:p@h/x.csv", "host=h password=p", "u:p@h/db", "C:/data/a@b.csv", "a=b.csv"
    >>> [names_a_server(text) for text in texts]
    [True, True, True, False, False]
    """
    return _ADDRESS.match(unicodedata.normalize("NFKC", text).lstrip(_BEFORE)) is not None


def require_no_server(path: Path | str, *, mend: str) -> None:
    """
    Refuse the address of a server where a path is meant; the message does not repeat it.

    Parameters
    ----------
    path
        As named by a user. One that exists is a path, whatever its name.
    mend
        What to name instead.

    Raises
    ------
    InputDataError
        If it is an address: it may hold a password.
    """
    if names_a_server(str(path)) and not _exists(Path(path)):
        raise InputDataError("the address of a server is given where a path is needed.", mend=mend)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the name is too long for a file
        return False
