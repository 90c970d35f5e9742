"""Tables of workbooks: xlsx, xlsm, xls and ods."""

from __future__ import annotations

import os
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from circle15.errors import Circle15Error, InputDataError, clause
from circle15.inputs.formats.ods_marks import ods_marks
from circle15.inputs.formats.old_workbooks import is_compound, require_sound
from circle15.inputs.formats.sheet_marks import SheetMarks, column_name, xlsx_marks
from circle15.inputs.formats.workbook_parts import (
    page_parts,
    require_modest_workbook,
    require_own_format,
    with_lower_suffix,
)
from circle15.inputs.tables.heading_rows import is_filled, table_of_rows
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from python_calamine import SheetMetadata

    from circle15.inputs.tables.cells import Table

    Rows = list[list[Any]]

_STRETCHES: Final = 20
_PANIC: Final = "PanicException"
SPREADSHEETS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})


def read_workbook(path: Path, sheet: str | None) -> Table:
    """
    Read a sheet of a workbook.

    Parameters
    ----------
    sheet
        Name of the sheet. Without it the one visible sheet that holds a table is read; a sheet
        of one row or column, such as a title page, is not a table. The others are reported. A
        hidden sheet is read only if it is named.

    Raises
    ------
    InputDataError
        If the file is not a workbook or is locked, the sheet does not exist, or several sheets
        could be the one.
    """
    try:
        if zipfile.is_zipfile(path):
            require_modest_workbook(path)
            require_own_format(path)
        if is_compound(path):
            require_sound(path)
        if _is_ods(path):  # which is loaded as a whole when it is opened
            _marks(path)
        with (
            _panics_said(path),
            with_lower_suffix(path) as lower,
            CalamineWorkbook.from_path(lower) as book,
        ):
            return _read(path, book, sheet)
    except PasswordError:
        raise InputDataError(
            "is locked with a password.", file=path, mend="Save it without one."
        ) from None
    except (
        CalamineError,
        ZipError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
    ) as error:
        raise InputDataError(
            f"cannot be read as a workbook ({clause(str(error).strip() or 'damaged')}).",
            file=path,
            mend=_mend(path),
        ) from None


@contextmanager
def _panics_said(path: Path) -> Iterator[None]:
    """
    Turn a panic of the reader into a message.

    It is not an `Exception`, and its type cannot be imported; the reader itself prints where it
    happened in its own code, which is of no use here.
    """
    with _messages_of_libraries_dropped():
        try:
            yield
        except BaseException as error:
            if type(error).__name__ != _PANIC:
                raise
            raise InputDataError(
                f"cannot be read as a workbook ({clause(error)}).", file=path, mend=_mend(path)
            ) from None


@contextmanager
def _messages_of_libraries_dropped() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # there is nowhere to print to
        yield
        return
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _mend(path: Path) -> str:
    start = path.read_bytes()[:512].lstrip().lower()
    if start.startswith(b"<") or b"<table" in start or b"<html" in start:
        return "It is a web page named like a workbook: open it and save it as xlsx."
    if not start.startswith((b"pk", b"\xd0\xcf")):
        return "It looks like text: name it .csv, or open it and save it as xlsx."
    return "Open it and save it again as xlsx."


def _read(path: Path, book: CalamineWorkbook, sheet: str | None) -> Table:
    findings: list[Finding] = []
    names = book.sheet_names
    scanned: dict[str, SheetMarks] = {}
    if sheet is None:
        scanned = _scanned(path, book)
        sheet, findings = _only_table(path, book)
    elif sheet not in names:
        raise InputDataError(
            f"has no sheet {sheet!r}.", file=path, mend=f"Sheets: {', '.join(names)}."
        )
    marks = scanned.get(sheet) or _marks(
        path, sheet, names.index(sheet), _parts_of_pages(path, book)
    )
    page = book.get_sheet_by_name(sheet)
    rows = _with_formulas(page.to_python(skip_empty_area=False), marks)
    table = table_of_rows(path, rows, merged=page.merged_cell_ranges or (), findings=findings)
    found = [*_formulas_without_value(path, table.rows, marks)]
    if any(
        one.name == sheet and one.visible != SheetVisibleEnum.Visible
        for one in book.sheets_metadata
    ):
        found.append(Finding("HIDDEN_SHEET", "warning", path.name, detail={"sheet": sheet}))
    found += _hidden(path, table.rows, rows, marks)
    return replace(table, findings=(*table.findings, *found))


def _marks(
    path: Path, sheet: str = "", place: int | None = None, pages: Sequence[str] = ()
) -> SheetMarks:
    """Scan a sheet before it is loaded: a single stray cell could fill the memory."""
    if not zipfile.is_zipfile(path):
        return SheetMarks()
    try:
        return (
            ods_marks(path, place) if _is_ods(path) else xlsx_marks(path, sheet, pages[place or 0])
        )
    except Circle15Error:
        raise
    except (zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from None


def _parts_of_pages(path: Path, book: CalamineWorkbook) -> Sequence[str]:
    """Parts of the sheets that the reader lists; none for formats that are not scanned by part."""
    if _is_ods(path) or not zipfile.is_zipfile(path):
        return ()
    parts = page_parts(path)
    if len(parts) != len(book.sheet_names):
        raise zipfile.BadZipFile("its list of sheets is ambiguous")
    return parts


def _is_ods(path: Path) -> bool:
    return path.suffix.lower() == ".ods" and zipfile.is_zipfile(path)


def _with_formulas(rows: Rows, marks: SheetMarks) -> Rows:
    """Insert the formula where it has no value; the reader gives blank or 0 there."""
    found = list(rows)
    own: set[int] = set()
    for (row, column), formula in marks.no_value.items():
        found.extend([] for _ in range(row + 1 - len(found)))
        if row not in own:
            own.add(row)
            found[row] = list(found[row])
        found[row].extend([None] * (column + 1 - len(found[row])))
        found[row][column] = formula
    return found


def _formulas_without_value(
    path: Path, kept: Sequence[int], marks: SheetMarks
) -> Iterator[Finding]:
    """List the cells of records whose formula has no value."""
    records = set(kept)
    for (row, _), formula in sorted(marks.no_value.items()):
        if row + 1 in records:
            code = "ERROR_CELL" if formula.failed else "UNCOMPUTED"
            detail = {"cell": formula.cell} | ({} if formula.failed else {"value": str(formula)})
            yield Finding(code, "warning", path.name, row + 1, detail=detail)


def _hidden(path: Path, kept: Sequence[int], rows: Rows, marks: SheetMarks) -> Iterator[Finding]:
    """Report records and columns that were read although the workbook hides them."""
    records = [row for row in kept if row - 1 in marks.hidden_rows]
    if records:
        detail = {"count": f"{len(records):,}", "rows": in_ranges(records)}
        yield Finding("HIDDEN_ROWS", "warning", path.name, records[0], detail=detail)
    first: dict[int, str] = {}
    for row in rows:
        for k, cell in enumerate(row):
            if k not in first and is_filled(cell):
                first[k] = str(cell)
    columns = [f"{column_name(k)} ({first[k]})" for k in sorted(first) if marks.hides_column(k)]
    if columns:
        yield Finding(
            "HIDDEN_COLUMNS", "warning", path.name, detail={"columns": ", ".join(columns)}
        )


def in_ranges(rows: Sequence[int]) -> str:
    """
    Write row numbers as ranges, the first twenty of them.

    Examples
    --------
    >>> in_ranges([3, 4, 5, 8])
    '3–5, 8'
    """
    stretches: list[tuple[int, int]] = []
    for row in rows:
        if stretches and row == stretches[-1][1] + 1:
            stretches[-1] = (stretches[-1][0], row)
        else:
            stretches.append((row, row))
    shown = [f"{a}" if a == b else f"{a}–{b}" for a, b in stretches[:_STRETCHES]]
    return ", ".join([*shown, *(["…"] if len(stretches) > _STRETCHES else [])])


def _pages(book: CalamineWorkbook) -> list[SheetMetadata]:
    return [page for page in book.sheets_metadata if page.typ == SheetTypeEnum.WorkSheet]


def _scanned(path: Path, book: CalamineWorkbook) -> dict[str, SheetMarks]:
    """Scan every sheet that may be the one to read; see `_marks`."""
    if _is_ods(path):
        return {}
    parts = _parts_of_pages(path, book)
    return {
        page.name: _marks(path, page.name, book.sheet_names.index(page.name), parts)
        for page in _pages(book)
    }


def _only_table(path: Path, book: CalamineWorkbook) -> tuple[str, list[Finding]]:
    """Choose the sheet where the study does not name it, and report the others."""
    pages = _pages(book)
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
            mend=f'Choose one in the study: sheet = "{tables[0]}".',
        )
    hidden = [name for name in filled if name not in shown and min(seen[name]) > 1]
    if hidden and not tables:
        raise InputDataError(
            f"has tables in hidden sheets only: {', '.join(hidden)}.",
            file=path,
            mend=f'To read it, name it in the study: sheet = "{hidden[0]}".',
        )
    chosen = (tables or [name for name in filled if name in shown] or filled)[0]
    others = [name for name in filled if name != chosen]
    if not others:
        return chosen, []
    detail = {"sheet": chosen, "others": ", ".join(others)}
    return chosen, [Finding("SHEET_CHOSEN", "note", path.name, detail=detail)]


def _size(book: CalamineWorkbook, name: str) -> tuple[int, int]:
    """Number of rows that hold anything, and the most cells in one of them."""
    widths = [sum(map(is_filled, row)) for row in book.get_sheet_by_name(name).to_python()]
    filled = [width for width in widths if width]
    return len(filled), max(filled, default=0)
