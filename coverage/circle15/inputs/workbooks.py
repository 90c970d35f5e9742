"""Tables of workbooks: xlsx, xlsm, xls and ods."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from circle15.errors import InputDataError
from circle15.inputs.error_cells import error_cells
from circle15.inputs.grid import is_filled, table_of_rows
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.inputs.cells import Table

    Rows = list[list[Any]]

SPREADSHEETS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})


def read_workbook(path: Path, sheet: str | None) -> Table:
    """
    Read a sheet of a workbook.

    Parameters
    ----------
    sheet
        Name of the sheet. Without it the one visible sheet is read that holds a table; a sheet
        of one row or column, such as a title page, is none. The others are listed. A hidden
        sheet is read only if it is named.

    Raises
    ------
    InputDataError
        If the file is no workbook or locked, the sheet does not exist, or several would do.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            return _read(path, book, sheet)
    except PasswordError:
        raise InputDataError(
            "is locked with a password.", file=path, mend="Save it without one."
        ) from None
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError) as error:
        raise InputDataError(
            f"cannot be read as a workbook ({str(error).strip() or 'damaged'}).",
            file=path,
            mend=_mend(path),
        ) from None


def _mend(path: Path) -> str:
    start = path.read_bytes()[:512].lstrip().lower()
    if start.startswith(b"<") or b"<table" in start or b"<html" in start:
        return "It is a web page named like a workbook: open it and save it as xlsx."
    if not start.startswith((b"pk", b"\xd0\xcf")):
        return "It looks like text: name it .csv, or open it and save it as xlsx."
    return "Open it and save it again as xlsx."


def _read(path: Path, book: CalamineWorkbook, sheet: str | None) -> Table:
    issues: list[Issue] = []
    names = book.sheet_names
    if sheet is None:
        sheet = _only_table(path, book, issues)
    elif sheet not in names:
        raise InputDataError(
            f"has no sheet {sheet!r}.", file=path, mend=f"Sheets: {', '.join(names)}."
        )
    page = book.get_sheet_by_name(sheet)
    rows = page.to_python(skip_empty_area=False)
    issues += error_cells(path, names.index(sheet))
    return table_of_rows(path, rows, merged=page.merged_cell_ranges or (), issues=issues)


def _only_table(path: Path, book: CalamineWorkbook, issues: list[Issue]) -> str:
    """Name the sheet that is meant where the study does not say, and list the others."""
    pages = [page for page in book.sheets_metadata if page.typ == SheetTypeEnum.WorkSheet]
    seen = {page.name: _size(book, page.name) for page in pages}
    filled = [name for name, (rows, _) in seen.items() if rows]
    if not filled:
        raise InputDataError("is empty.", file=path, mend="Give a layer with rows.")
    shown = [page.name for page in pages if page.visible == SheetVisibleEnum.Visible]
    tables = [name for name in filled if name in shown and min(seen[name]) > 1]
    if len(tables) > 1:
        raise InputDataError(
            f"has {len(tables)} sheets with a table: {', '.join(tables)}.",
            file=path,
            mend=f'Say which one in the study: sheet = "{tables[0]}".',
        )
    hidden = [name for name in filled if name not in shown and min(seen[name]) > 1]
    if hidden and not tables:
        raise InputDataError(
            f"has a table in hidden sheets alone: {', '.join(hidden)}.",
            file=path,
            mend=f'If it is meant, say so in the study: sheet = "{hidden[0]}".',
        )
    chosen = (tables or [name for name in filled if name in shown] or filled)[0]
    others = [name for name in filled if name != chosen]
    if others:
        detail = {"sheet": chosen, "others": ", ".join(others)}
        issues.append(Issue("SHEET_CHOSEN", "note", path.name, detail=detail))
    return chosen


def _size(book: CalamineWorkbook, name: str) -> tuple[int, int]:
    """Rows that hold anything, and the most cells that one of them holds."""
    widths = [sum(map(is_filled, row)) for row in book.get_sheet_by_name(name).to_python()]
    filled = [width for width in widths if width]
    return len(filled), max(filled, default=0)
