"""Small workbooks for tests with rare content: formulas without values, hidden parts."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">
<office:body><office:spreadsheet><table:table table:name="t">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write_xlsx(
    path: Path, rows: Sequence[Sequence[Any]], then: Callable[[Any], None] | None = None
) -> Path:
    """
    Write rows; a cell such as `=A1+1` is a formula that was never computed, with a 0 in its cell.

    A pair (formula, value) is a formula with a value. `then` changes the sheet at last.
    """
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for r, row in enumerate(rows):
            for k, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(r, k, cell[0], None, cell[1])
                else:
                    sheet.write(r, k, cell)
        if then is not None:
            then(sheet)
    return path


def edit_part(path: Path, part: str, *changes: tuple[str, str]) -> Path:
    """Replace texts in a part of a workbook; each must be there."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    text = parts[part].decode()
    for before, after in changes:
        assert before in text, (before, text[:2000])
        text = text.replace(before, after)
    parts[part] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def ods_cell(cell: Any) -> str:
    """Write a cell: text, a number, or (formula, value); value None is none."""
    formula = ""
    if isinstance(cell, tuple):
        text = cell[0].replace("&", "&amp;").replace('"', "&quot;")
        formula, cell = f' table:formula="of:{text}"', cell[1]
    if cell is None:
        return f"<table:table-cell{formula}/>"
    kind = f'office:value-type="float" office:value="{cell}"'
    if isinstance(cell, str):
        kind = 'office:value-type="string"'
    return f"<table:table-cell{formula} {kind}><text:p>{cell}</text:p></table:table-cell>"


def ods_row(cells: Sequence[Any], attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(map(ods_cell, cells))}</table:table-row>"


def write_ods(path: Path, *rows: str, generator: str = "") -> Path:
    """Write an OpenDocument sheet of rows as `ods_row` makes them."""
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", _TYPE)
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", _ODS.format(rows="".join(rows)))
        parts.writestr("meta.xml", f"<meta:generator>{generator}</meta:generator>")
    return path
