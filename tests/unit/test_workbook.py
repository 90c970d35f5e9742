"""`report.xlsx`: sheets, headings, whole precision, and no formula from data."""

from __future__ import annotations

import re
import time
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from tests.builders.report_result import make_result, make_study

from circle15.output.tables.sheets import sheets
from circle15.output.tables.workbook import write_workbook
from circle15.output.text.wording import Words, printable

SHEETS = {
    "zh": [
        "概要",
        "分类别覆盖",
        "街道",
        "社区",
        "缺口片区",
        "设施",
        "供给",
        "关停影响",
        "公平性",
        "居住区",
        "规则",
        "人口平衡表",
        "数据问题",
        "参数",
        "数据字典",
    ],
    "en": [
        "Summary",
        "Categories",
        "Subdistricts",
        "Communities",
        "Gap areas",
        "Facilities",
        "Supply",
        "If a site closes",
        "Equity",
        "Residential zones",
        "Rules",
        "People",
        "Findings",
        "Parameters",
        "Data dictionary",
    ],
}


def rows_of(path, sheet):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_and_dictionary(tmp_path, language):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(), path, language)
    assert CalamineWorkbook.from_path(str(path)).sheet_names == SHEETS[language]
    explained = {(row[0], row[1]) for row in rows_of(path, SHEETS[language][-1])[1:]}
    for sheet in SHEETS[language][:-1]:
        assert {(sheet, heading) for heading in rows_of(path, sheet)[0]} <= explained


def test_numbers_keep_their_precision(tmp_path):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(), path, "en")
    street = rows_of(path, "Subdistricts")[1]
    assert street[5:10] == [2.5, 2.5, 0.0, 0.0, 1.0]
    site = dict(zip(*rows_of(path, "Facilities")[:2], strict=True))
    assert site["Floor area (m²)"] == 320.25
    assert site["People in reach"] == site["Only this site"] == 2.5
    closed = dict(zip(*rows_of(path, "Facilities")[0:3:2], strict=True))
    assert closed["Floor area (m²)"] == closed["People in reach"] == ""
    zone = dict(zip(*rows_of(path, "Residential zones")[:2], strict=True))
    assert (zone["Required (m²)"], zone["Plain sum (m²)"], zone["To add (m²)"]) == (200, 230, 150)
    assert zone["Home-care station: worst (s)"] == 1243.216
    assert zone["Home-care station: median (s)"] == ""


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://x")',
        "http://example.org",
        "+1",
        "-1",
        "@SUM(A1)",
        "𠮷🏠👵🏽\x00",
        "a\x01b\x7f",
        "\u202eright to left\u2069",
        "x" * 40_000,
        "<b>&amp;",
    ],
)
def test_names_are_text(tmp_path, name):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(make_study(title=name), name=name), path, "zh")
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry).decode("utf-8") for entry in archive.namelist()}
    sheets = [text for entry, text in parts.items() if entry.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "hyperlink" in text.casefold() for text in sheets)
    assert rows_of(path, "街道")[1][1] == printable(name)[:32_000]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_dictionary_says_what_every_empty_cell_means(language):
    """A column that is said to be never empty is not, and none is without its unit."""
    result = make_result()
    words = Words(language, result.study)
    *made, dictionary = sheets(result, words)
    said = iter(dictionary.rows)
    for sheet in made:
        for k, (key, _) in enumerate(sheet.columns):
            name, heading, meaning, unit, empty = next(said)
            assert (name, heading) == (words.say(f"workbook.{sheet.key}"), sheet.heading(k, words))
            assert meaning
            assert unit
            cells = [row[k] for row in sheet.rows]
            if empty == words.say("workbook.never_empty"):
                assert None not in cells, (sheet.key, key)
                assert "" not in cells, (sheet.key, key)
    assert next(said, None) is None


def test_long_texts_are_wrapped_and_wide_sheets_go_on_large_paper(tmp_path):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(), path, "zh")
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(f"xl/worksheets/sheet{k}.xml").decode() for k in range(1, 16)]
        names = archive.read("xl/workbook.xml").decode()
    for part in parts:
        assert 'orientation="landscape"' in part
        assert 'fitToHeight="0"' in part
    paper = [int(re.findall(r'paperSize="(\d+)"', part)[0]) for part in parts]
    assert paper[SHEETS["zh"].index("街道")] == 9  # A4
    assert paper[SHEETS["zh"].index("规则")] == 8  # A3
    assert names.count("Print_Titles") == 15
    assert "规则!$A:$B,规则!$1:$1" in names.replace("'", "")


def test_a_year_has_no_thousands_separator(tmp_path):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(), path, "en")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet12.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    (style,) = re.findall(r'<c r="L2" s="(\d+)"><v>2020</v>', sheet)
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    assert formats[int(style)] == "1"  # Excel's own "0"


def test_frozen_panes_filters_and_formats(tmp_path):
    path = tmp_path / "report.xlsx"
    write_workbook(make_result(), path, "zh")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert re.search(r'<autoFilter ref="A1:M\d+"', sheet)
    assert 'formatCode="0.0%"' in styles


def test_same_bytes_twice(tmp_path):
    write_workbook(make_result(), tmp_path / "one.xlsx", "zh")
    time.sleep(1.1)  # a clock in the file would show now
    write_workbook(make_result(), tmp_path / "two.xlsx", "zh")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_text_beside_numbers_is_set_apart_and_pages_repeat_what_names_a_row(tmp_path):
    """Worksheet "Equity": category, its id and what is measured stand on both its pages."""
    write_workbook(make_result(), tmp_path / "report.xlsx", "en")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        book = archive.read("xl/workbook.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    titles = re.findall(r"<definedName name=\"_xlnm.Print_Titles\"[^>]*>([^<]+)<", book)
    assert "Equity!$A:$C,Equity!$1:$1" in titles
    # An indent counts only beside a horizontal alignment.
    assert re.findall(r'<alignment(?: vertical="top")? indent=', styles) == []
    assert len(re.findall(r'horizontal="left"[^>]* indent="1"', styles)) == 3
