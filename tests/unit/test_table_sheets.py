"""Tables in workbooks and layers: sheets, merged cells, shapefiles; each is what was put in."""

from __future__ import annotations

import contextlib
import datetime as dt
import warnings

import geopandas as gpd
import pytest
import shapely
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.written_tables import TEXT, write

from circle15.errors import InputDataError
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.dates import parse_date
from circle15.inputs.tables.values import parse_id


def test_workbooks(tmp_path):
    """The heading may stand below blank rows; numbers stay numbers; a sheet may be named."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "not the table")
        sheet = book.add_worksheet("数据")
        sheet.write_row(2, 0, ["编号", "面积"])
        sheet.write_row(3, 0, ["S1", 300.1])
        sheet.write_row(5, 0, ["S2"])
    table = read_table(path, sheet="数据")
    assert table.rows == [4, 6]
    assert table.column("面积") == [300.1, None]
    with pytest.raises(InputDataError, match=r"has no sheet 'x'\. Sheets: 说明, 数据"):
        read_table(path, sheet="x")


@pytest.mark.parametrize("name", ["t.geojson", "t.gpkg", "t.shp", "t.parquet"])
def test_vector_layers(tmp_path, name):
    frame = gpd.GeoDataFrame({"id": ["a", None]}, geometry=[shapely.Point(1, 2)] * 2, crs=4326)
    if name.endswith("parquet"):
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_file(tmp_path / name)
    table = read_table(tmp_path / name)
    assert table.rows == [1, 2]
    assert table.column("id") == ["a", None]
    assert table.crs == frame.crs
    assert table.geometry is not None
    assert table.geometry.iloc[0].equals(shapely.Point(1, 2))


def test_merged_cells(tmp_path):
    """Of texts merged downwards each row has its own; a number counts once, and that is said."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "某区台账")
        sheet.merge_range("A2:A3", "街道")
        sheet.merge_range("B2:B3", "名称")
        sheet.merge_range("C2:D2", "甲类")
        sheet.write_row("C3", ["人数", "面积"])
        sheet.merge_range("A4:A5", "梁溪街道")
        sheet.write_column("B4", ["一", "二"])
        sheet.merge_range("C4:C5", 100)
        sheet.write_column("D4", [1, 2])
    table = read_table(path)
    assert list(table.cells.columns) == ["街道", "名称", "甲类/人数", "甲类/面积"]
    assert table.rows == [4, 5]
    assert table.column("街道") == ["梁溪街道"] * 2
    assert table.column("甲类/人数") == [100, None]
    assert [(i.code, i.row) for i in table.findings] == [("MERGED_NUMBER", 5), ("TITLE_ROWS", 1)]


def test_a_workbook_of_the_old_format(tmp_path):
    """A title, two merged lines of headings, dates, codes as numbers, a total, a second sheet."""
    path = tmp_path / "台账.xls"
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("养老服务站")
    sheet.write(0, 0, "某区养老服务设施台账")
    sheet.write_merge(1, 2, 0, 0, "设施编号")
    sheet.write_merge(1, 2, 1, 1, "设施名称")
    sheet.write_merge(1, 1, 2, 3, "规模")
    sheet.write(2, 2, "建筑面积(㎡)")
    sheet.write(2, 3, "床位数")
    sheet.write_merge(1, 2, 4, 4, "启用日期")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    rows = [(320213001.0, "长者食堂𠮷", "约320", 12), ("S-2", "日间照料中心", 280.5, None)]
    for r, row in enumerate(rows, 3):
        for k, cell in enumerate(row):
            if cell is not None:
                sheet.write(r, k, cell)
        sheet.write(r, 4, dt.date(2023, 4, r), day)
    sheet.write(5, 0, "合计")
    sheet.write(5, 2, 600.5)
    book.add_sheet("说明").write(0, 0, "填表说明")
    book.save(str(path))
    table = read_table(path)
    columns = find_columns(table, "facility", {})
    assert columns["floor_area_m2"] == "规模/建筑面积(㎡)"
    assert columns["beds"] == "规模/床位数"
    assert [parse_id(cell) for cell in table.column(columns["facility_id"])] == ["320213001", "S-2"]
    assert table.column(columns["name"]) == ["长者食堂𠮷", "日间照料中心"]
    assert table.column(columns["floor_area_m2"]) == ["约320", 280.5]
    assert [parse_date(cell) for cell in table.column(columns["opened"])] == [
        dt.date(2023, 4, 3),
        dt.date(2023, 4, 4),
    ]
    assert {finding.code for finding in table.findings} == {
        "TITLE_ROWS",
        "TOTAL_ROW",
        "SHEET_CHOSEN",
    }
    assert read_table(path, sheet="养老服务站").rows == [4, 5]


def test_which_sheet(tmp_path):
    """One sheet with a table is read and the others are listed; of two the study must choose."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_column(0, 0, ["填表说明", "不是数据"])
        for name in ("一", "二"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["编号", "名称"])
            sheet.write_row(1, 0, ["S1", name])
        book.get_worksheet_by_name("二").hide()
        book.add_worksheet("空")
    table = read_table(path)
    assert table.column("名称") == ["一"]
    (finding,) = table.findings
    assert (finding.code, finding.detail) == ("SHEET_CHOSEN", {"sheet": "一", "others": "说明, 二"})
    assert read_table(path, sheet="二").column("名称") == ["二"]
    with xlsxwriter.Workbook(path) as book:
        for name in ("一", "二"):
            book.add_worksheet(name).write_row(0, 0, ["a", "b"])
            book.get_worksheet_by_name(name).write_row(1, 0, [1, 2])
    with pytest.raises(InputDataError, match=r'2 sheets with a table: 一, 二.*sheet = "一"'):
        read_table(path)
    with pytest.raises(InputDataError, match=r"a '\.csv' file has no sheets"):
        read_table(write(tmp_path / "t.csv", TEXT), sheet="一")


def test_a_hidden_sheet_is_read_only_if_it_is_named(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "填表说明")
        sheet = book.add_worksheet("底表")
        sheet.write_row(0, 0, ["编号", "名称"])
        sheet.write_row(1, 0, ["S1", "甲"])
        sheet.hide()
    with pytest.raises(InputDataError, match=r'hidden sheets only: 底表.*sheet = "底表"'):
        read_table(path)
    assert read_table(path, sheet="底表").column("名称") == ["甲"]


def test_errors_of_formulas_are_no_values_and_listed(tmp_path):
    """Of the sheet that is read, not of another one."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, value in (("一", "#REF!"), ("二", "#DIV/0!"), ("三", 301)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["编号", "建筑面积"])
            sheet.write_row(1, 0, ["S1", 300])
            sheet.write(2, 0, "S2")
            sheet.write_formula(2, 1, "=A9", None, value)
    table = read_table(path, sheet="二")
    assert table.column("建筑面积") == [300, "#DIV/0!"]
    assert [(i.code, i.row, i.detail) for i in table.findings] == [
        ("ERROR_CELL", 3, {"cell": "B3"})
    ]
    assert read_table(path, sheet="三").findings == ()


def test_layers_of_a_geopackage(tmp_path):
    for name in "ab":
        frame = gpd.GeoDataFrame({"id": [name]}, geometry=[shapely.Point(1, 2)], crs=4326)
        frame.to_file(tmp_path / "t.gpkg", layer=name)
    assert read_table(tmp_path / "t.gpkg", sheet="b").column("id") == ["b"]
    with pytest.raises(InputDataError, match="holds 2 layers: a, b"):
        read_table(tmp_path / "t.gpkg")
    with pytest.raises(InputDataError, match=r"has no layer 'c'.*Layers: a, b"):
        read_table(tmp_path / "t.gpkg", sheet="c")


SITES = {"设施名称": ["梁溪区食堂"], "建筑面积(㎡)": ["三百"], "floor_area_m2": [1.5]}


def shapefile(folder, encoding, columns):
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(1, 2)], crs=4326)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that headings are cut is what is tested
        frame.to_file(folder / "t.shp", encoding=encoding)
    return folder / "t.shp"


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize(
    ("declared", "code"),
    [("same", None), (None, "ENCODING_GUESSED"), ("ISO-8859-1", "ENCODING_WRONG")],
)
def test_the_text_of_shapefiles(tmp_path, encoding, declared, code):
    """Its bytes decide; a .cpg that says otherwise, or none at all, is listed."""
    path = shapefile(tmp_path, encoding, {"设施名称": ["梁溪区食堂"]})
    if declared is None:
        path.with_suffix(".cpg").unlink()
    elif declared != "same":
        path.with_suffix(".cpg").write_text(declared, encoding="ascii")
    table = read_table(path)
    heading = "设施名称" if encoding == "GBK" else "设施名"  # 10 bytes: five characters, or three
    assert table.column(heading) == ["梁溪区食堂"]
    assert find_columns(table, "facility", {})["name"] == heading
    assert [i.code for i in table.findings] == ([code] if code else [])


def test_a_western_shapefile_is_not_read_as_chinese(tmp_path):
    path = shapefile(tmp_path, "ISO-8859-1", {"nome": ["São Luís, Educação"]})
    assert read_table(path).column("nome") == ["São Luís, Educação"]
    assert read_table(path).findings == ()
    path.with_suffix(".cpg").unlink()
    table = read_table(path)
    assert table.column("nome") == ["São Luís, Educação"]
    assert [i.code for i in table.findings] == ["ENCODING_GUESSED"]


def test_headings_cut_at_10_bytes(tmp_path):
    """GBK may be cut in mid-character, English words anywhere; both are found."""
    path = shapefile(tmp_path, "GBK", {"建筑面积(㎡)": ["3"], "名称": ["甲"], "nursing_beds": [2]})
    table = read_table(path)
    found = find_columns(table, "facility", {})
    assert (found["floor_area_m2"], found["nursing_beds"]) == ("建筑面积(", "nursing_be")
    assert find_columns(table, "facility", {"beds": "nursing_beds_of_all"})["beds"] == "nursing_be"
    path = shapefile(tmp_path, "UTF-8", {"居住区编号": ["1"]})
    with pytest.raises(InputDataError, match="'居住区': the heading is cut off and may mean"):
        find_columns(read_table(path), "residential", {})


def test_what_is_no_workbook(tmp_path):
    """Systems export web pages and text under the names of workbooks."""
    for content, mend in (
        ("<html><table><tr><td>1</td></tr></table></html>", "a web page named like a workbook"),
        ("编号,名称\n1,甲\n", "name it .csv"),
    ):
        with pytest.raises(InputDataError, match=mend):
            read_table(write(tmp_path / "t.xls", content))


@given(st.data())
def test_a_shapefile_with_any_byte_changed(tmp_path_factory, data):
    """Of its table of attributes: read or refused."""
    path = shapefile(tmp_path_factory.mktemp("bytes"), "GBK", SITES)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    dbf.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    with contextlib.suppress(InputDataError):
        assert read_table(path).rows
