"""Formulas without a value, hidden rows and stray cells of workbooks."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.workbooks import SHEET, edit_part, ods_row, write_ods, write_xlsx

from circle15.errors import InputDataError
from circle15.inputs.facilities.statuses import read_statuses
from circle15.inputs.table_sources import read_column, read_table
from circle15.inputs.tables.values import NoValue, parse_area, parse_flag

if TYPE_CHECKING:
    pass

HEAD = ["编号", "建筑面积"]


def told(table):
    return [(i.code, i.row, i.detail.get("cell")) for i in table.findings]


@pytest.mark.parametrize(
    "left", ["<v>0</v>", "<v></v>", "<v/>", "", "<v>0.0</v>", '<v xml:space="preserve"> </v>']
)
def test_a_formula_that_was_never_computed_has_no_value(tmp_path, left):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", 300], ["b", "=B2+1"]])
    edit_part(path, SHEET, ("<f>B2+1</f><v>0</v>", f"<f>B2+1</f>{left}"))
    table = read_table(path)
    (area,) = [cell for cell in table.column("建筑面积") if isinstance(cell, NoValue)]
    assert (area, area.cell) == ("=B2+1", "B3")
    assert told(table) == [("UNCOMPUTED", 3, "B3")]
    assert read_column(table, "建筑面积", parse_area) == ([Decimal(300), None], [])


def test_values_that_a_script_wrote_under_its_formulas_are_read(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", ("=200+100", 300)], ["b", 5]])
    table = read_table(path)
    assert (table.column("建筑面积"), told(table)) == ([300, 5], [])


@pytest.mark.parametrize("program", ["LibreOffice/24.2", "WPS Office"])
def test_a_zero_that_a_program_computed_is_a_zero(tmp_path, program):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", "=1-1"]])
    edit_part(path, "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    edit_part(path, "docProps/app.xml", ("Microsoft Excel", program))
    table = read_table(path)
    assert (table.column("建筑面积"), told(table)) == ([0], [])


def test_a_script_that_asks_for_no_computing_has_computed_nothing_either(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", "=1-1"], ["b", "=A1"]])
    edit_part(path, "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    assert told(read_table(path)) == [("UNCOMPUTED", 2, "B2"), ("UNCOMPUTED", 3, "B3")]


def test_beside_computed_values_a_zero_is_one(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", "=1-1"], ["b", ("=2+3", 5)]])
    edit_part(path, "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    assert told(read_table(path)) == []


def test_formulas_of_rows_that_are_no_records_are_not_listed(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", 1], ["合计", "=SUM(B2:B2)"]])
    assert [i.code for i in read_table(path).findings] == ["TOTAL_ROW"]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("=[.B2]+1", None)], ["UNCOMPUTED"]),
        ([("=[.B2]-1", 0)], ["UNCOMPUTED"]),
        ([("=[.B2]/0", "#DIV/0!")], ["ERROR_CELL"]),
        ([("=[.B2]+1", 301)], []),
    ],
)
def test_formulas_of_an_ods(tmp_path, rows, codes):
    path = write_ods(tmp_path / "t.ods", ods_row(HEAD), ods_row(["a", 300]), ods_row(["b", *rows]))
    assert [i.code for i in read_table(path).findings] == codes


def test_a_zero_of_libreoffice_is_a_zero(tmp_path):
    rows = [ods_row(HEAD), ods_row(["a", ("=1-1", 0)])]
    path = write_ods(tmp_path / "t.ods", *rows, generator="LibreOffice/24.2$Linux")
    assert read_table(path).column("建筑面积") == [0]


STATUS = ["编号", "状态", "开业日期"]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("=1", "unknown"),
        ("不详", "unknown"),
        ("未知", "unknown"),
        ("#N/A", "unknown"),
        ("", "open"),
        ("—", "open"),
        ("运营", "open"),
    ],
)
def test_what_nobody_knows_is_never_open(tmp_path, cell, status):
    path = write_xlsx(tmp_path / "t.xlsx", [STATUS, ["a", cell, "2020-01-01"]])
    assert read_statuses(read_table(path), "状态")[0] == [status]


def test_a_failed_status_is_never_open(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [STATUS, ["a", ("=VLOOKUP(1,A:A,1)", "#N/A"), ""]])
    table = read_table(path)
    assert [i.code for i in table.findings] == ["ERROR_CELL"]
    assert read_statuses(table, "状态")[0] == ["unknown"]


@pytest.mark.parametrize(("heading", "status"), [("是否运营", "closed"), ("是否停业", "open")])
def test_no_in_a_column_that_asks_is_an_answer(tmp_path, heading, status):
    path = write_xlsx(tmp_path / "t.xlsx", [["编号", heading], ["a", "无"]])
    assert read_statuses(read_table(path), heading)[0] == [status]


def test_flags_and_ids_of_formulas_are_none(tmp_path):
    formula = NoValue("=A1", "B2")
    with pytest.raises(ValueError, match="=A1"):
        parse_flag(formula)


# --- Hidden parts


def test_hidden_rows_columns_and_sheets_are_read_and_said(tmp_path):
    def hide(sheet):
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(3, 0)
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(7, 16000, None, None, {"hidden": True})

    rows: list[list[Any]] = [["编号", "建筑面积", "名称"]]
    rows += [[f"f{k}", 100, "甲"] for k in range(4)]
    table = read_table(write_xlsx(tmp_path / "t.xlsx", rows, hide))
    found = {i.code: i.detail for i in table.findings}
    assert table.rows == [2, 3, 4, 5]
    assert found["HIDDEN_ROWS"] == {"count": "2", "rows": "2, 4"}
    assert found["HIDDEN_COLUMNS"] == {"columns": "B (建筑面积)"}


def test_filtered_rows_of_an_ods_are_read_and_said(tmp_path):
    path = write_ods(
        tmp_path / "t.ods",
        '<table:table-column/><table:table-column table:visibility="collapse"/>',
        ods_row(HEAD),
        ods_row(["a", 1]),
        ods_row(["b", 2], 'table:visibility="filter"'),
        '<table:table-row-group table:display="false">',
        ods_row(["c", 3], 'table:visibility="collapse"'),
        "</table:table-row-group>",
    )
    table = read_table(path)
    found = {i.code: i.detail for i in table.findings}
    assert table.column("建筑面积") == [1, 2, 3]
    assert found["HIDDEN_ROWS"]["rows"] == "3–4"
    assert found["HIDDEN_COLUMNS"] == {"columns": "B (建筑面积)"}


def test_nothing_hidden_is_nothing_said(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [HEAD, ["a", 1], ["b", dt.date(2020, 1, 1)]])
    assert read_table(path).findings == ()


# --- Stray cells


@pytest.mark.parametrize("where", [(1_048_575, 16_383), (1_048_575, 3), (900_000, 200)])
@pytest.mark.parametrize("cell", [" ", 7])
def test_a_stray_cell_is_refused_by_its_name_before_it_fills_the_memory(tmp_path, where, cell):
    path = write_xlsx(
        tmp_path / "t.xlsx", [HEAD, ["a", 1]], lambda sheet: sheet.write(*where, cell)
    )
    tracemalloc.start()
    with pytest.raises(
        InputDataError, match=rf"row {where[0] + 1}: .*far from its table: [A-Z]+{where[0] + 1}\."
    ):
        read_table(path)
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_a_stray_cell_in_the_heading_is_read(tmp_path):
    path = write_xlsx(
        tmp_path / "t.xlsx", [HEAD, ["a", 1]], lambda sheet: sheet.write(1, 16_383, " ")
    )
    assert read_table(path).column("建筑面积") == [1]


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/>'
        "</table:table-row>" + ods_row(["", *[None] * 300, "x"]),
        ods_row(["z", 1], 'table:number-rows-repeated="1048570"').replace(
            "<table:table-cell", '<table:table-cell table:number-columns-repeated="8000"', 1
        ),
    ],
)
def test_repeated_rows_of_an_ods_are_refused_before_they_fill_the_memory(tmp_path, rows):
    path = write_ods(tmp_path / "t.ods", ods_row(HEAD), ods_row(["a", 1]), rows)
    with pytest.raises(InputDataError, match=r"far from its table|the limit is 20,000,000 cells"):
        read_table(path)


def test_blank_rows_that_an_ods_repeats_to_its_end_are_nothing(tmp_path):
    end = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    path = write_ods(tmp_path / "t.ods", ods_row(HEAD), ods_row(["a", 1]), end)
    assert read_table(path).column("编号") == ["a"]
