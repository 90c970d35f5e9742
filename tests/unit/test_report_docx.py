"""`report.docx`: the content of `report.html` in Word's own styles, and the same bytes twice."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import time
import zipfile
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.builders.report_page import build_report
from tests.builders.report_result import make_result, make_study

from circle15.output.document import model
from circle15.output.document.word.document import render_word
from circle15.output.document.word.tables import MOST_ROWS
from circle15.output.report.document import report_document
from circle15.output.text.palette import GAP_COLOURS

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "]]></w:t><w:p>",
    '=HYPERLINK("http://example.org")',
    "a\x00b\x1bc\ud800d\uffffe",
    "\u202eright to left\u202c",
    "🏠𠮷",
    "长" * 10_000,
]
QUOTES = re.compile("[\u201c\u201d]")
"""Word's text holds the marks that the page's style sheet draws around a quote."""


def make_document(path, result, language="zh"):
    path.write_bytes(render_word(report_document(result, language)))
    return Document(str(path))


def write_blocks(path, *blocks):
    """Write a document of the report's kind that holds these blocks."""
    report = model.Document("T", "zh", "report", blocks, "T", dt.date(2025, 12, 31))
    path.write_bytes(render_word(report))
    return Document(str(path))


def cells_of(table):
    """Text of the table's cells, row by row; cells that span columns once."""
    return [
        ["".join(one.text or "" for one in cell.iter(qn("w:t"))) for cell in row.tc_lst]
        for row in table._tbl.tr_lst
    ]


def text_of(element) -> str:
    """Text of an HTML element without spaces: Word has its own between shape and verdict."""
    return "".join(QUOTES.sub("", "".join(element.itertext())).split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_of_the_page_stands_in_the_document(tmp_path, language):
    result = make_result()
    page = build_report(result, language)
    document = make_document(tmp_path / "report.docx", result, language)
    body = ElementTree.fromstring(page[page.index("<body") : page.rindex("</body>") + 7])
    expected = [
        [[text_of(cell) for cell in row] for row in table.iter("tr")]
        for table in body.iter("table")
    ]
    found = [
        [["".join(QUOTES.sub("", cell).split()) for cell in row] for row in cells_of(table)]
        for table in document.tables
    ]
    assert len(expected) > 5
    assert [table for table in expected if table not in found] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_parts_have_words_own_styles(tmp_path, language):
    result = make_result()
    document = make_document(tmp_path / "report.docx", result, language)
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("List Number") == 3  # three sentences
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    page = build_report(result, language)
    assert [text.split("\u2002")[0] for text in headings] == [
        str(n) for n in range(1, page.count("<section") - page.count('id="headline"') + 1)
    ]
    assert "Heading 2" in styles
    assert "Caption" in styles
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:ascii")) == "Arial"
        assert fonts.get(qn("w:asciiTheme")) is None  # would win over the font
    assert {t.style.name for t in document.tables} == {
        "circle15 Table",
        "circle15 Rows",
        "circle15 Plain",
    }


def test_heads_repeat_and_rows_stay_whole(tmp_path):
    document = make_document(tmp_path / "report.docx", make_result())
    headed = [t for t in document.tables if t.style.name == "circle15 Table"]
    assert headed
    for table in headed:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
    width = document.sections[0].page_width.mm - 2 * document.sections[0].left_margin.mm
    for table in document.tables:
        assert sum(c.width.mm for c in table.columns) <= width + 0.5


def test_the_pages_are_numbered_and_a4(tmp_path):
    document = make_document(tmp_path / "report.docx", make_result())
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for footer in (section.footer, section.first_page_footer):
        fields = [f.get(qn("w:instr")) for f in footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_the_dates_are_those_of_the_study(tmp_path):
    result = make_result()
    about = make_document(tmp_path / "report.docx", result).core_properties
    assert about.title == result.study.title
    assert about.created.date() == about.modified.date() == result.study.as_of


def test_long_tables_are_cut_where_the_workbook_has_them_whole(tmp_path):
    rows = [[f"S-{n}", str(n)] for n in range(200)]
    columns = [model.Column("a"), model.Column("b", "n")]
    table = model.Table(columns, rows, summed=True, sheet="街道")
    cut = write_blocks(tmp_path / "a.docx", table)
    found = cells_of(cut.tables[0])
    assert len(found) == 1 + MOST_ROWS + 2
    assert found[MOST_ROWS] == [f"S-{MOST_ROWS - 1}", str(MOST_ROWS - 1)]
    assert found[-2] == ["S-199", "199"]  # the sums
    assert found[-1] == [f"其余 {199 - MOST_ROWS} 行见 report.xlsx“街道”表。"]
    whole = write_blocks(tmp_path / "b.docx", replace(table, sheet=None))
    assert len(cells_of(whole.tables[0])) == 201


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        head = struct.pack(">I", len(data)) + kind + data
        return head + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + bytes(width) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height", "filled_mm"), [(40, 20, 132), (20, 40, 78)])
def test_the_picture_of_the_map_is_kept_with_its_text(tmp_path, width, height, filled_mm):
    """It fills its part of the page, or the height that the first page has left."""
    picture = png(width, height)
    drawing = model.Picture(picture, width, height, [model.Label("S 1", 3, 4, "street")])
    legend = [model.LegendEntry("few", "■", "gap-0")]
    document = write_blocks(
        tmp_path / "report.docx", model.Figure("Map <1>", drawing, legend=legend)
    )
    (shape,) = document.inline_shapes
    assert shape.width / shape.height == pytest.approx(width / height, rel=1e-5)
    assert shape.width.mm <= 132
    assert shape.height.mm <= 78
    assert filled_mm - 4 < max(shape.width.mm, shape.height.mm) <= filled_mm
    assert shape._inline.docPr.get("descr") == "Map <1>"
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:
        assert archive.read("word/media/image1.png") == picture
    glyph = document.tables[0].cell(0, 1).paragraphs[0].runs[0]
    assert (glyph.text, str(glyph.font.color.rgb)) == ("■", GAP_COLOURS[0][1:].upper())


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_stay_text(tmp_path, name, language):
    path = tmp_path / "report.docx"
    # No table can hold a lone surrogate; a title can.
    result = make_result(make_study(title=name), name=name.replace("\ud800", ""))
    document = make_document(path, result, language)
    assert path.stat().st_size < 200_000
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for entry in archive.namelist():
            if entry.endswith((".xml", ".rels")):
                ElementTree.parse(io.BytesIO(archive.read(entry)))
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert "External" not in links
    text = "".join(one.text or "" for one in document.element.iter(qn("w:t")))
    beginning = "".join("\ufffd" if ch in "\x00\x1b\ud800\uffff\u202e" else ch for ch in name[:9])
    assert beginning in text


def test_same_bytes_twice(tmp_path):
    make_document(tmp_path / "one.docx", make_result())
    time.sleep(2.1)  # dates in a zip file have steps of two seconds
    make_document(tmp_path / "two.docx", make_result())
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.docx") as packed:
        names = packed.namelist()
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == ["[Content_Types].xml", *sorted(names[1:])]
