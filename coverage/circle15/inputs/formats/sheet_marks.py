"""What a sheet holds besides its values: formulas without a value, and hidden rows."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.inputs.formats.packed import Markup
from circle15.inputs.formats.workbook_parts import BOOK, parts_by_name
from circle15.inputs.tables.values import NoValue
from circle15.study.limits import CELLS, MERGES, PART, SHEET_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Place = tuple[int, int]

_PROGRAM: Final = "docprops/app.xml"
_ATTRIBUTE: Final = re.compile(r'\s(\w+)="([^"]*)"')
_ASKS_TO_COMPUTE: Final = re.compile(r'<(?:\w+:)?calcPr\b[^>]*\sfullCalcOnLoad="(?:1|true)"')
_COMPUTES: Final = re.compile(r"<Application>\s*(LibreOffice|OpenOffice|WPS|ONLYOFFICE|Gnumeric)")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</)", re.DOTALL)
_VALUE: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?:/>|>(.*?)</)", re.DOTALL)
_NAMED: Final = re.compile(rb'\sr="[A-Za-z]+\d')
_PREFIX: Final = re.compile(rb"<(\w+:)?worksheet\b")
_CHUNK: Final = 1 << 22
_LONGEST_REST: Final = PART.most + _CHUNK

LAST_ROW: Final = 1 << 20
LAST_COLUMN: Final = 1 << 14
_WIDE_BOX: Final = 4_000_000
_THIN: Final = 20
"""A table fills at least a twentieth of the box around its cells, unless that is small."""


@dataclass
class SheetMarks:
    """
    What a sheet holds besides its values; rows and columns count from 0.

    Attributes
    ----------
    no_value
        Cells whose formula was never computed, or failed, with their content.
    hidden_rows, hidden_columns
        Hidden or filtered out; columns as (first, last).
    """

    no_value: dict[Place, NoValue] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def hides_column(self, column: int) -> bool:
        """Return whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


def cell_name(row: int, column: int) -> str:
    """
    Return the name of a cell, its row and column counted from 0.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(1_048_575, 16_383)
    ('A1', 'XFD1048576')
    """
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """
    Return the position of a column, from 0.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class Extent:
    """Keeps how far the cells of a sheet reach, and refuses what cannot be a table."""

    def __init__(self, path: Path, sheet: str) -> None:
        self.path, self.sheet = path, sheet
        self.cells = self.merges = 0
        self.last: Place = (0, -1)
        self.widest: Place = (-1, 0)

    def add(self, row: int, column: int, cells: int) -> None:
        """Add cells that end at a row and a column, counted from 0."""
        self.cells += cells
        if row > self.last[0]:
            self.last = (row, column)
        if column > self.widest[1]:
            self.widest = (row, column)

    def check(self) -> None:
        """
        Raise InputDataError where a cell is so far off that the sheet would fill the memory.

        The message names it: often it holds an invisible blank.
        """
        box = (self.last[0] + 1) * (self.widest[1] + 1)
        beyond = self.last[0] >= LAST_ROW or self.widest[1] >= LAST_COLUMN
        most = SHEET_CELLS.most
        if self.cells > most or (box > most and self.cells * _THIN >= box):
            found = f"sheet {self.sheet!r} holds {max(self.cells, box):,} cells"
            raise SHEET_CELLS.fault(found, file=self.path)
        size = self.path.stat().st_size
        if self.cells > CELLS.of(size):
            found = f"sheet {self.sheet!r} holds {self.cells:,} cells"
            raise CELLS.fault(found, file=self.path, size=size)
        if self.merges > MERGES.most:
            found = f"sheet {self.sheet!r} has {self.merges:,} merged ranges"
            raise MERGES.fault(found, file=self.path)
        if beyond or (box > _WIDE_BOX and self.cells * _THIN < box):
            names = dict.fromkeys(cell_name(*place) for place in (self.last, self.widest))
            raise InputDataError(
                f"sheet {self.sheet!r} has a cell far from its table: {', '.join(names)}.",
                file=self.path,
                row=self.last[0] + 1,
                mend="Delete that row or column, even if it looks blank, and save.",
            )


def xlsx_marks(path: Path, sheet: str, page: str) -> SheetMarks:
    """
    Scan a sheet of an xlsx without loading it.

    Parameters
    ----------
    sheet, page
        Its name, for messages, and the part that holds it, of `workbook_parts.page_parts`.

    Raises
    ------
    InputDataError
        If a cell lies too far from the others for a table.
    """
    marks = SheetMarks()
    with zipfile.ZipFile(path) as parts:
        scan = _Scan(marks, Extent(path, sheet))
        for piece in _pieces(path, parts, page):
            scan.take(piece)
        scan.extent.check()
        doubted = _is_never_computed(parts, values_alone=not scan.has_values)
    if doubted:
        marks.no_value |= scan.zeros
    return marks


def _is_never_computed(parts: zipfile.ZipFile, *, values_alone: bool) -> bool:
    """
    Return whether a 0 or nothing under a formula was left there by a script.

    Such a workbook asks to be computed when it is opened, or it has no calculation chain, was not
    saved by a program that computes without one, and shows no value at all.
    """
    names = parts_by_name(parts)
    if _ASKS_TO_COMPUTE.search(_text(parts, names[BOOK])):
        return True
    program = _text(parts, names[_PROGRAM]) if _PROGRAM in names else ""
    chained = "xl/calcchain.xml" in names
    return values_alone and not chained and _COMPUTES.search(program) is None


def _pieces(path: Path, parts: zipfile.ZipFile, page: str) -> Iterator[bytes]:
    """Pieces of a sheet that end between two cells, so that no cell is cut."""
    rest, markup = b"", Markup(path)
    with parts.open(page) as stream:
        while chunk := stream.read(_CHUNK):
            markup.take(chunk)
            rest += chunk
            if len(rest) > _LONGEST_REST:  # as cells, merged ranges or links by the million
                raise PART.fault("has a part of a sheet that goes on without a cell", file=path)
            cut = max(rest.rfind(b"</c>"), rest.rfind(b":c>"), rest.rfind(b"</row>"))
            if cut >= 0:
                cut = rest.index(b">", cut) + 1
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


class _Scan:
    """Collects the marks of a sheet piece by piece."""

    def __init__(self, marks: SheetMarks, extent: Extent) -> None:
        self.marks, self.extent = marks, extent
        self.zeros: dict[Place, NoValue] = {}
        self.has_values = False
        self.prefix: bytes | None = None
        self.nameless = False
        self.listed = self.in_row = self.widest = 0

    def take(self, piece: bytes) -> None:
        if self.prefix is None:
            found = _PREFIX.search(piece)
            self.prefix = (found[1] or b"") if found else b""
            head = self.prefix
            self.cell = re.compile(rb'<%bc\b[^>]*?\sr="([A-Za-z]+)(\d+)"[^>]*(?<!/)>' % head)
            self.row = re.compile(rb"<%brow\b([^>]*)>" % head)
            self.column = re.compile(rb"<%bcol\b([^>]*)>" % head)
            self._columns(piece)
        self._measure(piece)
        cells = self.cell.findall(piece)
        if cells:
            rows = {int(row) for _, row in cells}
            letters = {column for column, _ in cells}
            widest = max(letters, key=lambda one: column_number(one.decode()))
            at = next(int(row) for column, row in cells if column == widest)
            last = max(rows)
            in_last = next(c.decode() for c, row in reversed(cells) if int(row) == last)
            self.extent.add(last - 1, column_number(in_last), 0)
            self.extent.add(at - 1, column_number(widest.decode()), 0)
        if b"hidden=" in piece or b'ht="0"' in piece:
            self._hidden_rows(piece)
        if b'"e"' in piece or b"<%bf" % self.prefix in piece:
            self._formulas(piece)

    def _measure(self, piece: bytes) -> None:
        """Count values and merged ranges; cells without a name are placed in their order."""
        head = self.prefix or b""
        values = piece.count(b"<%bv>" % head) + piece.count(b"<%bis" % head)
        self.extent.cells += values
        self.extent.merges += piece.count(b"<%bmergeCell " % head)
        if not self.nameless and values > len(_NAMED.findall(piece)):
            self.nameless = True
        if self.nameless:
            first, *rest = piece.split(b"<%brow" % head)
            self.in_row += first.count(b"<%bc" % head)
            for row in rest:
                self.listed += 1
                self.widest = max(self.widest, self.in_row)
                self.in_row = row.count(b"<%bc" % head)
            self.extent.add(self.listed, max(self.widest, self.in_row), 0)
        if self.extent.cells > SHEET_CELLS.most or self.extent.merges > MERGES.most:
            self.extent.check()

    def _columns(self, piece: bytes) -> None:
        for text in self.column.findall(piece):
            found = _attributes(text)
            if found.get("hidden") in {"1", "true"} or found.get("width") == "0":
                first, last = int(found.get("min", "1")), int(found.get("max", "1"))
                self.marks.hidden_columns.append((first - 1, last - 1))

    def _hidden_rows(self, piece: bytes) -> None:
        for text in self.row.findall(piece):
            found = _attributes(text)
            hidden = found.get("hidden") in {"1", "true"} or found.get("ht") == "0"
            if hidden and found.get("r", "").isdecimal():
                self.marks.hidden_rows.add(int(found["r"]) - 1)

    def _formulas(self, piece: bytes) -> None:
        """Process the cells that hold a formula or an error."""
        assert self.prefix is not None
        end = b"</%bc>" % self.prefix
        for match in self.cell.finditer(piece):
            stop = piece.find(end, match.end())
            body = piece[match.end() : stop]
            failed = b't="e"' in match[0]
            if not failed and b"f" not in body:
                continue
            formula = _FORMULA.search(body)
            if formula is None and not failed:
                continue
            place = (int(match[2]) - 1, column_number(match[1].decode()))
            name = cell_name(*place)
            value = _VALUE.search(body)
            shown = html.unescape((value[1] or b"").decode("utf-8", "replace")) if value else ""
            text = html.unescape((formula[1] or b"").decode("utf-8", "replace")) if formula else ""
            said = NoValue(f"={text or name}", name)
            if failed:
                self.marks.no_value[place] = NoValue(shown or "#ERROR", name, failed=True)
            elif not shown.strip() and b't="str"' not in match[0]:
                self.marks.no_value[place] = said
            elif not shown.strip(" 0.") and b't="b"' not in match[0]:
                self.zeros[place] = said
            else:
                self.has_values = True


def _attributes(text: bytes) -> Mapping[str, str]:
    return dict(_ATTRIBUTE.findall(text.decode("utf-8", "replace")))


def _text(parts: zipfile.ZipFile, name: str) -> str:
    return parts.read(name).decode("utf-8", "replace")
