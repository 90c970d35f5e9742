"""Tables as their cells, whatever file they stand in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xlsxwriter

from circle15.errors import InputDataError, MissingFileError
from circle15.inputs.tables import choose_rows, find_columns, points_of, read_table

TEXT = "编号,名称,面积\nS1,一,300\n\nS2,二,\n"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("separator", "name"), [(",", "t.csv"), (";", "t.csv"), ("\t", "t.tsv")])
def test_text_tables(tmp_path, encoding, separator, name):
    """Rows count as a spreadsheet shows them: the heading is row 1, a blank row counts too."""
    table = read_table(write(tmp_path / name, TEXT.replace(",", separator), encoding))
    assert list(table.cells.columns) == ["编号", "名称", "面积"]
    assert table.rows == [2, 4]
    assert table.column("面积") == ["300", None]
    assert table.column(None) == [None, None]


def test_quoted_cells(tmp_path):
    table = read_table(write(tmp_path / "t.csv", 'a,b\n"1,5","say ""hi"""\n'))
    assert table.cells.iloc[0].tolist() == ["1,5", 'say "hi"']


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


def test_parquet_without_geometry(tmp_path):
    pd.DataFrame({"id": ["a"], "lon": [120.0]}).to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    assert table.geometry is None
    assert table.column("lon") == [120.0]


def test_what_is_no_table(tmp_path):
    with pytest.raises(MissingFileError, match=r"t\.csv: no such file"):
        read_table(tmp_path / "t.csv")
    with pytest.raises(InputDataError, match=r"the format '\.doc' is not known"):
        read_table(write(tmp_path / "t.doc", "x"))
    with pytest.raises(InputDataError, match="row 3: has 3 cells under 2 headings"):
        read_table(write(tmp_path / "t.csv", "a,b\n1,2\n1,2,3\n"))
    with pytest.raises(InputDataError, match=r"line 3.*A quote may be open"):
        read_table(write(tmp_path / "t.csv", 'a,b\n"1,2\n' + "x" * 200_000))


def test_columns_by_their_usual_headings(tmp_path):
    """Case, width and spaces do not matter; a mapping of the study goes before the list."""
    table = read_table(write(tmp_path / "t.csv", "ＬＯＮ, Lat ,设施名称,面积甲\n1,2,x,3\n"))
    found = find_columns(table, "facility", {"floor_area_m2": "面积甲"})
    assert (found["lon"], found["lat"], found["name"]) == ("ＬＯＮ", "Lat", "设施名称")
    assert found["floor_area_m2"] == "面积甲"
    assert found["beds"] is None
    with pytest.raises(InputDataError, match="'bed' is no field of a facility table"):
        find_columns(table, "facility", {"bed": "Lat"})
    with pytest.raises(InputDataError, match="column '面积乙': there is no such column"):
        find_columns(table, "facility", {"floor_area_m2": "面积乙"})


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("beds > 9", [3]),
        ("beds >= 9", [2, 3]),
        ("beds < 10", [2]),
        ("beds != 9", [3]),  # a blank cell meets no condition
        ("beds = 9.0", [2]),
        ("kind = 医院", [2]),
        ("kind != 医院", [3, 4]),
        ("kind > 医院", []),
    ],
)
def test_choosing_rows(tmp_path, where, rows):
    table = read_table(write(tmp_path / "t.csv", "beds,kind\n9,医院\n10,诊所\n,诊所\n"))
    chosen = choose_rows(table, where)
    assert chosen.rows == rows
    assert len(chosen.cells) == len(rows)


def test_a_condition_that_cannot_be_read(tmp_path):
    table = read_table(write(tmp_path / "t.csv", "beds\n9\n"))
    for where in ("beds", "bed > 3", "> 3"):
        with pytest.raises(ValueError, match=r"condition|no column"):
            choose_rows(table, where)


def test_a_point_inside_of_anything():
    drawn = np.array([shapely.Point(1, 2), shapely.box(0, 0, 2, 2), None], dtype=object)
    shapes = gpd.GeoSeries(drawn)
    point, inside, nothing = points_of(shapes)
    assert point == shapely.Point(1, 2)
    assert shapely.box(0, 0, 2, 2).contains(inside)
    assert nothing is None
