"""One document, drawn as a page and as a Word file, with the same content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from tests.builders.report_result import make_result, text_of

import circle15.output
from circle15.access.counting import Counts
from circle15.output.charts.bars import Bar, StackedBars
from circle15.output.charts.dots import LOOKS, DotChart, DotRow
from circle15.output.charts.strips import SIZE
from circle15.output.document import model
from circle15.output.document.html import html_blocks, render_html
from circle15.output.document.texts import Badge, Look, Span, joined, plain, remark, strong
from circle15.output.document.word.document import render_word
from circle15.output.document.word.text import COLOURS
from circle15.output.report.document import report_document
from circle15.output.text.palette import COVERED

OUTPUT = Path(circle15.output.__file__).parent
TABLE = model.Table(
    [model.Column("zone"), model.Column("area", "n"), model.Column("needed", "n")],
    [
        model.Row(["Z1", Decimal("299.9995"), Decimal(300)], joined("enlarge ", strong("1"))),
        [Badge("gap", "Gap"), None, joined("5", remark("near"))],
        model.WideRow("and more", "more"),
    ],
)


def word(*blocks, kind="report"):
    made = model.Document("T", "en", kind, blocks, "T", dt.date(2025, 12, 31))
    return Document(io.BytesIO(render_word(made)))


def cells(document):
    return [
        ["".join(one.text or "" for one in cell.iter(qn("w:t"))) for cell in row.tc_lst]
        for row in document.tables[0]._tbl.tr_lst
    ]


def test_a_table_says_the_same_on_the_page_and_in_word():
    """299.9995 is not 300, so it prints with more digits in both; the note has a row of its own."""
    html = html_blocks([TABLE])
    rows = [
        ["".join(cell.itertext()) for cell in row]
        for row in ElementTree.fromstring(html).iter("tr")
    ]
    assert rows == [
        ["zone", "area", "needed"],
        ["Z1", "299.9995", "300"],
        ["enlarge 1"],
        ["▲Gap", "—", "5near"],
        ["and more"],
    ]
    found = [[cell.replace("\u00a0", "") for cell in row] for row in cells(word(TABLE))]
    assert found == rows
    assert html.count('class="noted"') == html.count('class="notes"') == 1
    assert 'class="short"' in html


def test_numbers_keep_to_the_right_in_a_row_that_has_a_note():
    first, noted = word(TABLE).tables[0]._tbl.tr_lst[0:2]
    for row in (first, noted):
        styles = [one.get(qn("w:val")) for one in row.iter(qn("w:pStyle"))]
        assert styles == ["TableText", "TableNumber", "TableNumber"]
    assert len(list(noted.iter(qn("w:keepNext")))) == 3


@pytest.mark.parametrize("kind", ["report", "check", "zone-sheets"])
def test_every_kind_of_document_is_drawn_as_both(kind):
    result = make_result()
    blocks = report_document(result, "en").blocks
    made = model.Document("T", "en", kind, blocks, "T", dt.date(2025, 12, 31))
    page = text_of(render_html(made))
    document = Document(io.BytesIO(render_word(made)))
    said = "".join(one.text or "" for one in document.element.iter(qn("w:t")))
    for text in ("By hand", "Home-care station", "Covered", "SHA-256"):
        assert text in page
        assert text in said


def test_a_severity_has_its_colour_in_word_and_no_shape():
    run = word(model.Paragraph(Badge("error", "Error"))).paragraphs[0].runs[0]
    assert (run.text, str(run.font.color.rgb)) == ("Error", COLOURS["error"])
    assert plain(Badge("error", "Error")) == "Error"


def test_quotes_and_formulas_are_set_apart():
    parts = joined(Span("so", Look.QUOTE), Span("a + b", Look.FORMULA))
    assert html_blocks([model.Paragraph(parts)]) == (
        '<p><q>so</q><code class="formula">a + b</code></p>'
    )
    (paragraph,) = word(model.Paragraph(parts)).paragraphs
    assert paragraph.text == "\u201cso\u201d\na + b"
    assert paragraph.runs[-1].font.name == "Courier New"


def pixel(png: bytes, x: float, y: float) -> str:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    assert image.size == SIZE
    at = 3 * (int(y) * image.width + int(x))
    return f"#{image.tobytes()[at : at + 3].hex()}"


def test_a_bar_is_as_long_as_its_share():
    """Of 100 people 50 are covered: the left half is blue, what is right of it is not."""
    chart = StackedBars([Bar("A", Counts(100, 50, 30, 20), strong=True)], {"covered": "Covered"})
    (strip,) = chart.strips().strips
    assert strip.png is not None
    assert (strip.figures, strip.strong) == ("50.0% · 30.0% · 20.0%", True)
    wide, high = SIZE
    assert pixel(strip.png, 0.49 * wide, high / 2) == COVERED
    assert pixel(strip.png, 0.52 * wide, high / 2) != COVERED
    empty = StackedBars([Bar("B", Counts(0, 0, 0, 0))], {}).strips().strips[0]
    assert (empty.png, empty.figures) == (None, "—")


def test_a_dot_stands_at_its_share_on_the_scale():
    strips = DotChart([DotRow("A", (0.5, 0.9)), DotRow("B", (None, None))], ["w", "c"]).strips()
    one, other = strips.strips
    assert one.png is not None
    assert pixel(one.png, SIZE[0] / 2, SIZE[1] / 2) == LOOKS[0]["fill"]
    at = strips.inset + 0.9 * (SIZE[0] - 2 * strips.inset)
    assert pixel(one.png, at, SIZE[1] / 2) == LOOKS[1]["fill"]
    assert (one.figures, other.png, other.figures) == ("50.0% · 90.0%", None, "—")


def test_charts_reach_word_as_pictures_that_are_told_apart_and_read_out(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(render_word(report_document(make_result(), "en")))
    document = Document(str(path))
    drawn = list(document.element.iter(qn("wp:docPr")))
    assert len({one.get("id") for one in drawn}) == len(drawn)
    texts = [one.get("descr") for one in drawn]
    assert all(texts)
    assert "Home-care station: 50.0% · 30.0% · 20.0%" in texts  # 2.5, 1.5 and 1 of 5 people
    page = render_html(report_document(make_result(), "en"))
    titles = [
        p.text
        for p in document.paragraphs
        if p.style is not None and p.style.name == "Figure Title"
    ]
    assert len(titles) == page.count("<figcaption>") > 2
    with zipfile.ZipFile(path) as packed:
        assert all(name.endswith(".png") for name in packed.namelist() if "media/" in name)


@pytest.mark.parametrize("folder", ["report", "zones", "check"])
def test_no_page_is_made_beside_the_renderer(folder):
    """Writers say what a document holds; markup is made in `document` and `charts` alone."""
    for path in (OUTPUT / folder).glob("*.py"):
        text = path.read_text("utf-8")
        assert "document.markup" not in text, path.name
        assert "html_text" not in text, path.name


def test_no_page_is_read_again_to_make_a_word_file():
    for path in (OUTPUT / "document" / "word").glob("*.py"):
        text = path.read_text("utf-8")
        assert "ElementTree" not in text, path.name
        assert "document.html" not in text, path.name
        assert "report.css" not in text, path.name
