"""What a sheet of an OpenDocument workbook holds besides its values; see `sheet_marks`."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from circle15.errors import InputDataError, require_memory_for
from circle15.inputs.formats.packed import encoding_checked
from circle15.inputs.formats.sheet_marks import LAST_ROW, Extent, SheetMarks, cell_name
from circle15.inputs.tables.values import NoValue
from circle15.study.limits import XML_DEPTH, XML_PIECE

if TYPE_CHECKING:
    from pathlib import Path

_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CALC: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS: Final = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_COMPUTES: Final = re.compile(
    r"<meta:generator>\s*(\S*Office|OpenOffice|WPS|Gnumeric|Microsoft|MicrosoftOffice|Google|Calligra)"
)
_FAILED: Final = re.compile(r"#[A-Z/0!?]+[!?A]?|Err:\d+")


def ods_marks(path: Path, place: int | None = None) -> SheetMarks:
    """
    Scan a workbook without loading it.

    Parameters
    ----------
    place
        The sheet whose marks are returned, from 0; without it all sheets are only measured.

    Returns
    -------
    As `sheet_marks.xlsx_marks`.

    Raises
    ------
    InputDataError
        If in any sheet a cell lies too far from the others for a table.
    """
    with zipfile.ZipFile(path) as parts:
        names = set(parts.namelist())
        scan = _Scan(path, place)
        with parts.open("content.xml") as stream:
            scan.read(stream)
        scan.extent.check()
        meta = parts.read("meta.xml").decode("utf-8", "replace") if "meta.xml" in names else ""
    if not scan.has_values and _COMPUTES.search(meta) is None:
        scan.marks.no_value |= scan.zeros
    return scan.marks


class _Scan:
    """Walks through the rows and cells of all tables, and keeps the marks of one."""

    def __init__(self, path: Path, place: int | None) -> None:
        self.path, self.place = path, place
        self.marks = SheetMarks()
        self.zeros: dict[tuple[int, int], NoValue] = {}
        self.has_values = False
        self.table = -1
        self.extent = Extent(path, "")
        self.row = self.column = self.header = 0
        self.rows = self.columns = 1
        self.folded = self.depth = 0
        self.cell: dict[str, str] | None = None
        self.words = ""

    def read(self, stream: object) -> None:
        """Read the part that holds all tables."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = encoding_checked(self.path)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse_entity
        try:
            parser.ParseFile(stream)  # type: ignore[arg-type]  # any object that can be read
        except expat.ExpatError as error:  # the reader reports the fault
            require_memory_for(error)

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise InputDataError(
            f"defines an entity of XML ({name}), which no spreadsheet program does.",
            file=self.path,
            mend="Open it and save it again.",
        )

    @property
    def _inside(self) -> bool:
        return self.table == self.place

    def _start(self, name: str, found: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > XML_DEPTH.most:
            raise XML_DEPTH.fault(f"has elements {self.depth} levels deep", file=self.path)
        if name == f"{_TABLE}table":
            self.table += 1
            self.extent = Extent(self.path, found.get(f"{_TABLE}name", ""))
            self.row = self.column = self.header = self.folded = 0
        elif name == f"{_TABLE}table-row-group":
            self.folded += found.get(f"{_TABLE}display") == "false"
        elif name == f"{_TABLE}table-column":
            repeated = _count(found, "number-columns-repeated")
            if self._inside and found.get(f"{_TABLE}visibility", "visible") != "visible":
                self.marks.hidden_columns.append((self.header, self.header + repeated - 1))
            self.header += repeated
        elif name == f"{_TABLE}table-row":
            self.rows, self.column = _count(found, "number-rows-repeated"), 0
            hidden = found.get(f"{_TABLE}visibility", "visible") != "visible" or self.folded
            if self._inside and hidden and self.row < LAST_ROW:
                self.marks.hidden_rows |= set(
                    range(self.row, min(self.row + self.rows, LAST_ROW + 1))
                )
        elif name in _CELLS:
            self.cell, self.words = found, ""
            self.columns = _count(found, "number-columns-repeated")

    def _characters(self, text: str) -> None:
        if self.cell is not None:
            self.words += text
            if len(self.words) > XML_PIECE.most:
                found = f"has a cell of more than {XML_PIECE.most:,} characters"
                raise XML_PIECE.fault(found, file=self.path, row=self.row + 1)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == f"{_TABLE}table":
            self.extent.check()
        elif name == f"{_TABLE}table-row-group":
            self.folded = max(self.folded - 1, 0)
        elif name == f"{_TABLE}table-row":
            self.row += self.rows
        elif name in _CELLS and self.cell is not None:
            self._judge(self.cell)
            self.column += self.columns
            self.cell = None

    def _judge(self, found: dict[str, str]) -> None:
        """Process one cell, which may be repeated."""
        typed = found.get(f"{_OFFICE}value-type")
        words = self.words.strip()
        if typed is None and not self.words:
            if self._inside and f"{_TABLE}formula" in found:
                self._without_value(_formula(found))
            return
        last = (self.row + self.rows - 1, self.column + self.columns - 1)
        self.extent.add(*last, self.rows * self.columns)
        if not self._inside or f"{_TABLE}formula" not in found:
            return
        failed = found.get(f"{_CALC}value-type") == "error" or _FAILED.fullmatch(words)
        if failed:
            self._without_value(words or "#ERROR", failed=True)
        elif found.get(f"{_OFFICE}value", words).strip(" 0."):
            self.has_values = True
        elif typed is None:
            self._without_value(_formula(found))
        else:
            place = (self.row, self.column)
            self.zeros[place] = NoValue(_formula(found), cell_name(*place))

    def _without_value(self, text: str, *, failed: bool = False) -> None:
        place = (self.row, self.column)
        self.marks.no_value[place] = NoValue(text, cell_name(*place), failed=failed)


def _count(found: dict[str, str], key: str) -> int:
    """How often a row, column or cell is repeated."""
    text = found.get(f"{_TABLE}{key}", "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def _formula(found: dict[str, str]) -> str:
    """Return a formula without the name of its language."""
    return "=" + found[f"{_TABLE}formula"].partition("=")[2]
