"""Workbooks whose suffix or parts are spelled in another case are scanned like all others."""

from __future__ import annotations

import shutil
import zipfile
from typing import Any

import pytest
from tests.workbooks import SHEET, edit_part, ods_row, write_ods, write_xlsx

from circle15.errors import InputDataError
from circle15.inputs.table_sources import read_table

ROWS: list[list[Any]] = [["编号", "建筑面积"], ["a", 300], ["b", "=B2+1"]]


def xlsx(path):
    return write_xlsx(path.with_suffix(".xlsx"), ROWS).rename(path)


def ods(path):
    return write_ods(path, *(ods_row([*row[:1], ("=B2+1", None) if k == 2 else row[1]])
                             for k, row in enumerate(ROWS)))  # fmt: skip


def renamed_parts(path, rename):
    """Write a workbook again with other names of its parts."""
    old = path.rename(path.with_name("old"))
    with zipfile.ZipFile(old) as parts, zipfile.ZipFile(path, "w") as new:
        for name in parts.namelist():
            new.writestr(rename(name), parts.read(name))
    return path


def uncomputed(path):
    return [(one.code, one.row) for one in read_table(path).findings]


@pytest.mark.parametrize(
    ("make", "suffix"), [(xlsx, "XLSX"), (xlsx, "Xlsm"), (ods, "ODS"), (ods, "Ods")]
)
def test_a_suffix_in_upper_case_changes_nothing(tmp_path, make, suffix):
    path = make(tmp_path / f"t.{suffix}")
    assert uncomputed(path) == [("UNCOMPUTED", 3)]
    shutil.copyfile(path, path.with_suffix(f".{suffix.lower()}"))
    assert uncomputed(path.with_suffix(f".{suffix.lower()}")) == [("UNCOMPUTED", 3)]


@pytest.mark.parametrize(
    ("make", "suffix", "kind"),
    [
        (ods, "xlsx", "ods"),
        (ods, "XLSX", "ods"),
        (ods, "XLS", "ods"),
        (xlsx, "ods", "xlsx"),
        (xlsx, "ODS", "xlsx"),
        (xlsx, "xls", "xlsx"),
        (xlsx, "XLS", "xlsx"),
    ],
)
def test_a_workbook_named_as_another_format_is_refused(tmp_path, make, suffix, kind):
    path = make(tmp_path / f"t.{suffix}")
    with pytest.raises(InputDataError, match=rf"named \.{suffix}, but .* an {kind} w.*\.{kind}\."):
        read_table(path)


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "ODS"])
def test_a_file_that_is_a_workbook_of_two_formats_is_refused(tmp_path, suffix):
    path = xlsx(tmp_path / f"t.{suffix}")
    with zipfile.ZipFile(ods(tmp_path / "o.ods")) as other, zipfile.ZipFile(path, "a") as both:
        for name in other.namelist():
            both.writestr(name, other.read(name))
    with pytest.raises(InputDataError, match="is no workbook"):
        read_table(path)


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.replace("sheet1", "SHEET1"),
        lambda name: name.replace("xl/", "XL/"),
        lambda name: name.replace("/", "\\"),
    ],
)
def test_parts_in_another_case_are_scanned_too(tmp_path, rename):
    path = renamed_parts(xlsx(tmp_path / "t.xlsx"), rename)
    assert uncomputed(path) == [("UNCOMPUTED", 3)]


def test_lists_of_parts_in_another_style_are_followed(tmp_path):
    path = xlsx(tmp_path / "t.xlsx")
    edit_part(path, "xl/workbook.xml", ('r:id="rId1"', "r:id='rId1'"))
    edit_part(path, "xl/_rels/workbook.xml.rels", ('"worksheets/sheet1', '"/xl/worksheets/sheet1'))
    assert uncomputed(path) == [("UNCOMPUTED", 3)]


def test_a_list_of_sheets_in_another_place_is_refused(tmp_path):
    """The reader follows the first links, the scan would look at the usual place."""
    path = xlsx(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/other.xml", parts.read("xl/workbook.xml"))
        parts.writestr("xl/_rels/other.xml.rels", parts.read("xl/_rels/workbook.xml.rels"))
    edit_part(path, "_rels/.rels", ("xl/workbook.xml", "xl/other.xml"))
    with pytest.raises(InputDataError, match=r"'xl/workbook\.xml' is not where it should be"):
        read_table(path)


def test_a_sheet_whose_part_is_missing_is_refused(tmp_path):
    path = renamed_parts(xlsx(tmp_path / "t.xlsx"), lambda name: name.replace(SHEET, "xl/x.xml"))
    with pytest.raises(InputDataError, match="cannot be read as a workbook"):
        read_table(path)
