"""Cells of a workbook whose formula has failed: the reader gives them as blank."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final

from circle15.study.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_SHEET: Final = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\s\w+:id="([^"]*)"')
_LINK: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'\s(\w+)="([^"]*)"')
_FAILED: Final = re.compile(r'<(?:\w+:)?c\b(?=[^>]*\st="e")[^>]*?\sr="([A-Z]+)(\d+)"')


def error_cells(path: Path, place: int) -> list[Issue]:
    """
    List the cells of a sheet of an xlsx that show an error such as #DIV/0!, as warnings.

    Parameters
    ----------
    place
        Which sheet of the workbook, from 0.

    Returns
    -------
    Nothing for a workbook of another kind.
    """
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as parts:
        names = set(parts.namelist())
        if not {_BOOK, _LINKS} <= names:
            return []
        sheets = _SHEET.findall(_text(parts, _BOOK))
        links = [dict(_ATTRIBUTE.findall(link)) for link in _LINK.findall(_text(parts, _LINKS))]
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        target = targets.get(sheets[place], "") if place < len(sheets) else ""
        page = target[1:] if target.startswith("/") else f"xl/{target}"
        cells = parts.read(page) if page in names else b""
    if b' t="e"' not in cells:  # nearly always, and much faster than to look at each cell
        return []
    found = _FAILED.findall(cells.decode("utf-8", "replace"))
    return [
        Issue("ERROR_CELL", "warning", path.name, int(row), detail={"cell": f"{column}{row}"})
        for column, row in found
    ]


def _text(parts: zipfile.ZipFile, name: str) -> str:
    return parts.read(name).decode("utf-8", "replace")
