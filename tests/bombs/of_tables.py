# ruff: noqa: E501 - what is written into a file stands in one piece
"""Bombs as tables: text, workbooks, parquet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bombs.of_streets import external, laughs, quadratic
from tests.bombs.packing import MB, deflated, write_zip
from tests.bombs.study import homes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HOMES = b"x_m,y_m,demand_id,p60\n"
_ROW = b"500010.000,3490005.000,h1,100\n"
_BIG = 5000
_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
_BOOK = (
    b'<?xml version="1.0"?><workbook xmlns="%b" xmlns:r="%b"><sheets>'
    b'<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>' % (_MAIN, _OFFICE)
)
_LINKS = (
    b'<?xml version="1.0"?><Relationships xmlns="%b">'
    b'<Relationship Id="rId1" Type="%b/worksheet" Target="worksheets/sheet1.xml"/>'
    b'<Relationship Id="rId2" Type="%b/sharedStrings" Target="sharedStrings.xml"/>'
    b'<Relationship Id="rId3" Type="%b/styles" Target="styles.xml"/>'
    b"</Relationships>" % (_PACKAGE, _OFFICE, _OFFICE, _OFFICE)
)
_SHEET = b'<?xml version="1.0"?>%b<worksheet xmlns="' + _MAIN + b'"><sheetData>'
_ROWS = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>x_m</t></is></c><c r="B1" t="inlineStr"><is><t>y_m'
    b'</t></is></c><c r="C1" t="inlineStr"><is><t>p60</t></is></c></row>'
    b'<row r="2"><c r="A2"><v>500010</v></c><c r="B2"><v>3490005</v></c><c r="C2"><v>7</v></c></row>'
)
_END = b"</sheetData></worksheet>"

Member = bytes | tuple[bytes, int]


def squeezed(start: bytes, unit: bytes, mb: int, end: bytes = b"") -> Member:
    return deflated(start, unit, mb, end), min(mb * MB, 0xFFFFFFFE)


def _lying(start: bytes, unit: bytes, mb: int, end: bytes = b"") -> Member:
    return deflated(start, unit, mb, end), 1000


def _xlsx(folder: Path, /, **parts: Member) -> None:
    members: dict[str, Member] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="%b"><Relationship Id="rId1" '
        b'Type="%b/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        % (_PACKAGE, _OFFICE),
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _LINKS,
        "xl/worksheets/sheet1.xml": _SHEET % b"" + _ROWS + _END,
    }
    named = {
        "sheet": "xl/worksheets/sheet1.xml",
        "book": "xl/workbook.xml",
        "styles": "xl/styles.xml",
        "links": "xl/_rels/workbook.xml.rels",
        "strings": "xl/sharedStrings.xml",
        "app": "docProps/app.xml",
        "types": "[Content_Types].xml",
    }
    members |= {named.get(key, key): part for key, part in parts.items()}
    write_zip(homes(folder, "homes.xlsx"), members)


_STRINGS = b'<?xml version="1.0"?><sst xmlns="' + _MAIN + b'">'
_ODS_HEAD = (
    b'<?xml version="1.0"?>%b<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="S">'
)
_ODS_ROW = (
    b"<table:table-row><table:table-cell office:value-type='string'><text:p>x_m</text:p>"
    b"</table:table-cell></table:table-row>"
)
_ODS_END = b"</table:table></office:spreadsheet></office:body></office:document-content>"


def _ods(folder: Path, /, *, content: Member, **more: Member) -> None:
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    write_zip(
        homes(folder, "homes.ods"),
        {"mimetype": mime, "META-INF/manifest.xml": manifest, "content.xml": content, **more},
    )


def _csv(folder: Path, *, text: bytes) -> None:
    homes(folder, "h.csv", text)


def _wide(columns: int, rows: int = 2) -> bytes:
    names = b",".join(b"c%d" % k for k in range(columns))
    row = b"500010,3490005,100" + b",5" * columns
    return b"x_m,y_m,p60," + names + b"\n" + b"\n".join([row] * rows) + b"\n"


def _parquet(folder: Path, *, table: Callable[[], pa.Table], **how: Any) -> None:
    pq.write_table(table(), homes(folder, "h.parquet"), **how)


def _dictionary(mb: int, rows: int) -> pa.Table:
    words = pa.array(["a" * mb * MB])
    return pa.table(
        {
            "x_m": pa.array(np.full(rows, 500010.0)),
            "y_m": pa.array(np.full(rows, 3490005.0)),
            "p60": pa.array(np.full(rows, 1)),
            "name": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), words),
        }
    )


def _lists(count: int) -> pa.Table:
    inner = pa.array(np.zeros(count, np.int8))
    return pa.table(
        {
            "x_m": [500010.0],
            "y_m": [3490005.0],
            "p60": [1],
            "name": pa.ListArray.from_arrays(pa.array([0, count], pa.int32()), inner),
        }
    )


def _plain(rows: int, columns: int = 1) -> pa.Table:
    return pa.table(
        {
            "x_m": pa.array(np.full(rows, 500010.0)),
            "y_m": pa.array(np.full(rows, 3490005.0)),
            **{f"c{k}": pa.array(np.zeros(rows, np.int8)) for k in range(columns)},
        }
    )


def _texts(rows: int, length: int) -> pa.Table:
    return pa.table(
        {
            "x_m": pa.array(np.full(rows, 500010.0)),
            "y_m": pa.array(np.full(rows, 3490005.0)),
            "p60": pa.array(np.full(rows, 1)),
            "name": pa.array(["a" * length] * rows),
        }
    )


BOMBS = {
    "csv 20,000 columns": partial(_csv, text=_wide(20_000)),
    "csv 100,000 columns": partial(_csv, text=_wide(100_000)),
    "csv 1,000,000 columns": partial(_csv, text=_wide(1_000_000, 1)[:9_900_000]),
    "csv 2,000 columns, 2,000 rows": partial(_csv, text=_wide(2000, 2000)),
    "csv of separators": partial(_csv, text=_HOMES + b"," * 9_000_000),
    "csv rows of separators": partial(_csv, text=_HOMES + _ROW + b",,,\n" * 2_400_000 + _ROW),
    "csv of blank lines": partial(_csv, text=_HOMES + b"\n" * 9_000_000 + _ROW),
    "csv one long cell": partial(_csv, text=_HOMES + _ROW + b"1,2," + b"a" * 9_000_000 + b",5\n"),
    "csv one long line": partial(_csv, text=_HOMES + _ROW + b"1 2 3 " * 1_500_000),
    "csv of quotes": partial(_csv, text=_HOMES + b'"' * 9_000_000),
    "csv of quoted cells": partial(_csv, text=_HOMES + b'"",' * 3_000_000),
    "csv of odd quotes": partial(_csv, text=_HOMES + b'a"b,"c\n' * 1_300_000),
    "csv of short rows": partial(_csv, text=b"x_m,y_m,p60\n" + b"5,3,1\n" * 1_600_000),
    "csv of distinct cells": partial(
        _csv, text=b"x_m,y_m,p60\n" + b"".join(b"%d,3,1\n" % k for k in range(900_000))
    ),
    "csv of words": partial(_csv, text=b"x_m,y_m,p60\n" + b"\xe5,\xe5,\xe5\n" * 1_000_000),
    "csv of wrong numbers": partial(_csv, text=b"x_m,y_m,p60\n" + b"a,b,c\n" * 1_600_000),
    "csv of totals": partial(_csv, text=b"x_m,y_m,p60\n" + "合计,,1\n".encode() * 900_000),
    "csv of nothing but one letter rows": partial(_csv, text=b"a\n" * 4_900_000),
    "csv of long numbers": partial(_csv, text=b"x_m,y_m,p60\n500010,3490005," + b"9" * 9_000_000),
    "csv of a deep wkt": partial(
        _csv, text=b'geometry,p60\n"' + b"GEOMETRYCOLLECTION(" * 500_000 + b'",5\n'
    ),
    "xlsx sheet of zeros": partial(_xlsx, sheet=squeezed(b"", b"\0" * 1000, _BIG)),
    "xlsx sheet of blanks": partial(_xlsx, sheet=squeezed(_SHEET % b"", b" " * 1000, _BIG, _END)),
    "xlsx sheet of text": partial(
        _xlsx,
        sheet=squeezed(
            _SHEET % b"" + b'<row r="1"><c r="A1" t="inlineStr"><is><t>',
            b"a" * 1000,
            3000,
            b"</t></is></c></row>" + _END,
        ),
    ),
    "xlsx sheet of cells": partial(
        _xlsx,
        sheet=squeezed(
            _SHEET % b"" + b'<row r="1">', b'<c r="A1"><v>1</v></c>', 2000, b"</row>" + _END
        ),
    ),
    "xlsx sheet of cells without names": partial(
        _xlsx, sheet=squeezed(_SHEET % b"" + b"<row>", b"<c><v>1</v></c>", 2000, b"</row>" + _END)
    ),
    "xlsx sheet of rows": partial(_xlsx, sheet=squeezed(_SHEET % b"", b"<row></row>", 2000, _END)),
    "xlsx sheet of formulas": partial(
        _xlsx,
        sheet=squeezed(
            _SHEET % b"" + b'<row r="1">', b'<c r="A1"><f>1</f></c>', 1000, b"</row>" + _END
        ),
    ),
    "xlsx sheet of columns": partial(
        _xlsx,
        sheet=squeezed(
            _SHEET % b"" + b"</sheetData><cols>",
            b'<col min="1" hidden="1" max="9"/>',
            1000,
            b"</cols></worksheet>",
        ),
    ),
    "xlsx sheet that lies": partial(_xlsx, sheet=_lying(_SHEET % b"", b" " * 1000, _BIG, _END)),
    "xlsx merged cells": partial(
        _xlsx,
        sheet=squeezed(
            _SHEET % b"" + _ROWS + b"</sheetData><mergeCells>",
            b'<mergeCell ref="A1:A9"/>',
            1000,
            b"</mergeCells></worksheet>",
        ),
    ),
    "xlsx one tall merge": partial(
        _xlsx,
        sheet=_SHEET % b""
        + _ROWS
        + b"</sheetData><mergeCells>"
        + b'<mergeCell ref="A1:XFD1048576"/>' * 20_000
        + b"</mergeCells></worksheet>",
    ),
    "xlsx strings of blanks": partial(
        _xlsx, strings=squeezed(_STRINGS, b" " * 1000, _BIG, b"</sst>")
    ),
    "xlsx strings": partial(
        _xlsx, strings=squeezed(_STRINGS, b"<si><t>a</t></si>", 2000, b"</sst>")
    ),
    "xlsx empty strings": partial(_xlsx, strings=squeezed(_STRINGS, b"<si/>", 1000, b"</sst>")),
    "xlsx one long string": partial(
        _xlsx, strings=squeezed(_STRINGS + b"<si><t>", b"a" * 1000, 3000, b"</t></si></sst>")
    ),
    "xlsx strings that lie": partial(
        _xlsx, strings=_lying(_STRINGS, b"<si><t>a</t></si>", 2000, b"</sst>")
    ),
    "xlsx workbook of blanks": partial(
        _xlsx, book=squeezed(_BOOK[:-11], b" " * 1000, 3000, b"</workbook>")
    ),
    "xlsx workbook of sheets": partial(
        _xlsx,
        book=squeezed(
            _BOOK[:-20], b'<sheet name="S" sheetId="1" r:id="rId1"/>', 500, b"</sheets></workbook>"
        ),
    ),
    "xlsx many sheets": partial(
        _xlsx,
        book=_BOOK[:-20]
        + b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (k, k) for k in range(100_000))
        + b"</sheets></workbook>",
    ),
    "xlsx links": partial(
        _xlsx,
        links=squeezed(
            _LINKS[:-16], b'<Relationship Id="r" Target="x"/>', 1000, b"</Relationships>"
        ),
    ),
    "xlsx styles": partial(
        _xlsx,
        styles=squeezed(
            b'<?xml version="1.0"?><styleSheet xmlns="' + _MAIN + b'"><numFmts>',
            b'<numFmt numFmtId="9" formatCode="a"/>',
            2000,
            b"</numFmts></styleSheet>",
        ),
    ),
    "xlsx app": partial(_xlsx, app=squeezed(b"", b" " * 1000, 3000)),
    "xlsx many members": partial(_xlsx, **{f"m{k}": b"" for k in range(60_000)}),
    "xlsx laughs": partial(
        _xlsx,
        sheet=_SHEET % laughs("worksheet")
        + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>'
        + _END,
    ),
    "xlsx laughs in strings": partial(
        _xlsx,
        strings=_STRINGS.replace(b"?>", b"?>" + laughs("sst"), 1) + b"<si><t>&e9;</t></si></sst>",
    ),
    "xlsx deep": partial(_xlsx, sheet=squeezed(_SHEET % b"", b"<row>", 100)),
    "xlsx deep strings": partial(_xlsx, strings=squeezed(_STRINGS, b"<si>", 500)),
    "ods of blanks": partial(_ods, content=squeezed(_ODS_HEAD % b"", b" " * 1000, _BIG, _ODS_END)),
    "ods of rows": partial(_ods, content=squeezed(_ODS_HEAD % b"", _ODS_ROW, 1500, _ODS_END)),
    "ods of empty rows": partial(
        _ods, content=squeezed(_ODS_HEAD % b"", b"<table:table-row/>", 1500, _ODS_END)
    ),
    "ods of one text": partial(
        _ods,
        content=squeezed(
            _ODS_HEAD % b"" + _ODS_ROW[:80],
            b"a" * 1000,
            3000,
            b"</text:p></table:table-cell></table:table-row>" + _ODS_END,
        ),
    ),
    "ods that lies": partial(_ods, content=_lying(_ODS_HEAD % b"", b" " * 1000, _BIG, _ODS_END)),
    "ods laughs": partial(
        _ods,
        content=_ODS_HEAD % laughs("office:document-content")
        + _ODS_ROW.replace(b"x_m", b"&e9;")
        + _ODS_END,
    ),
    "ods quadratic": partial(
        _ods,
        content=_ODS_HEAD % quadratic("office:document-content")
        + _ODS_ROW.replace(b"x_m", b"&e9;" * 50_000)
        + _ODS_END,
    ),
    "ods external": partial(
        _ods,
        content=_ODS_HEAD % external("office:document-content")
        + _ODS_ROW.replace(b"x_m", b"&e9;")
        + _ODS_END,
    ),
    "ods deep": partial(_ods, content=squeezed(_ODS_HEAD % b"", b"<table:table-row-group>", 500)),
    "ods meta": partial(
        _ods,
        content=_ODS_HEAD % b"" + _ODS_ROW + _ODS_END,
        **{"meta.xml": squeezed(b"", b" " * 1000, 3000)},
    ),
    "ods hidden rows": partial(
        _ods,
        content=_ODS_HEAD % b""
        + b'<table:table-row table:visibility="collapse" table:number-rows-repeated="1048575"/>'
        * 50_000
        + _ODS_ROW
        + _ODS_END,
    ),
    "parquet of one dictionary": partial(_parquet, table=partial(_dictionary, 2, 1000)),
    "parquet of a long dictionary": partial(
        _parquet, table=partial(_dictionary, 9, 400_000), compression="none"
    ),
    "parquet of a packed dictionary": partial(
        _parquet, table=partial(_dictionary, 200, 100), compression="zstd"
    ),
    "parquet of a list": partial(_parquet, table=partial(_lists, 300_000_000), compression="zstd"),
    "parquet of equal texts": partial(
        _parquet, table=partial(_texts, 1_000, 200_000), compression="zstd", use_dictionary=False
    ),
    "parquet of rows": partial(_parquet, table=partial(_plain, 600_000), compression="zstd"),
    "parquet of all rows": partial(_parquet, table=partial(_plain, 20_000_000), compression="zstd"),
    "parquet of columns": partial(_parquet, table=partial(_plain, 1, 30_000), compression="zstd"),
    "parquet of 2000 columns and 900 rows": partial(
        _parquet, table=partial(_plain, 900, 2000), compression="zstd"
    ),
}
