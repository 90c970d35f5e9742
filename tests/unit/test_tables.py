"""Tables as their cells, whatever their file format."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.written_tables import ENCODING, TEXT, codes, write

from circle15.errors import InputDataError, MissingFileError
from circle15.inputs.table_sources import choose_rows, find_columns, points_of, read_table
from circle15.inputs.tables.cells import content_ids
from circle15.inputs.tables.heading_rows import is_filled, table_of_rows


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


def test_parquet_without_geometry(tmp_path):
    pd.DataFrame({"id": ["a"], "lon": [120.0]}).to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    assert table.geometry is None
    assert table.column("lon") == [120.0]


def test_encodings(tmp_path):
    """GB18030 says nothing of itself, so that it was taken is said; UTF-16 needs its mark."""
    for encoding, said in (("utf-8", []), ("utf-16", []), ("gb18030", [ENCODING])):
        table = read_table(write(tmp_path / "t.csv", TEXT, encoding))
        assert table.column("名称") == ["一", "二"]
        assert codes(table) == said


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("编号,名称\n1,一\n".encode() + b"2,\xff\xff\n", r"neither UTF-8 nor GB18030 .*byte 23"),
        (b"\xef\xbb\xbfa,b\n1,\xe4\xb8\n", r"not UTF-8 text \(byte 10\)"),
        ("a,b\n1,2\n".encode("utf-16-le"), r"zero byte.*byte 2"),
        ("編號,設施名稱,地址\n1,長者食堂,臺北市\n".encode("big5"), "looks like Big5"),
        ("nome,lugar\nSão Luís,Educação\n".encode("latin-1"), "looks like Western"),
    ],
)
def test_text_that_cannot_be_told_is_refused(tmp_path, raw, says):
    """With the place of the byte; nothing is ever replaced."""
    (tmp_path / "t.csv").write_bytes(raw)
    with pytest.raises(InputDataError, match=says):
        read_table(tmp_path / "t.csv")


def test_traditional_text_in_gbk_is_no_big5(tmp_path):
    text = "編號,設施名稱,地址\n1,長者食堂,臺北市\n"
    table = read_table(write(tmp_path / "t.csv", text, "gbk"))
    assert table.column("設施名稱") == ["長者食堂"]


def test_characters_that_were_lost_before(tmp_path):
    """Kept as they stand and listed: the mark of a lost character, and ? within Chinese words."""
    text = "name,note\n阳光\ufffd堂,确?！\n月亮食堂,好吗？\nplain?,a?b\n"
    table = read_table(write(tmp_path / "t.csv", text))
    assert codes(table) == [("LOST_CHARACTERS", 2, "name"), ("LOST_CHARACTERS", 2, "note")]
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("养老设施台账,,\n编号,名称,面积\n1,甲,3\n", ["编号", "名称", "面积"]),
        ("养老设施台账\n编号\t名称\n1\t甲,乙\n2\t丙,丁\n", ["编号", "名称"]),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ["a", "b"]),
        ("a|b\n1|2\n", ["a", "b"]),
        ('a,"b;c;d"\n1,"x;y;z"\n', ["a", "b;c;d"]),
        ("a\n1\n2\n", ["a"]),
    ],
)
def test_separators(tmp_path, text, columns):
    assert list(read_table(write(tmp_path / "t.csv", text)).cells.columns) == columns


def test_a_cell_over_several_lines(tmp_path):
    """Rows count as a spreadsheet shows them, not as lines of the file."""
    table = read_table(write(tmp_path / "t.csv", 'a,b\n"1\n2",x\n3,y\n'))
    assert table.column("a") == ["1\n2", "3"]
    assert table.rows == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        'lon,lat,name\n120,31,"a\n121,32,b\n122,33,c\n',
        'lon,lat,name\n120,31,"a\n121,32,"b\n122,33,c\n',
    ],
)
def test_an_open_quote_swallows_no_rows(tmp_path, text):
    """Open to the end, or to the next quote: the row below it would be part of a name."""
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputDataError, match=r"t\.csv: cannot be read as csv.*quote"):
        read_table(path)


def test_quotes_that_stand_oddly_within_a_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('name,管径\n"阳光"食堂,5"\n"a" ,"b"\n', "utf-8")
    assert read_table(path).cells.to_numpy().tolist() == [["阳光食堂", '5"'], ["a ", "b"]]


@pytest.mark.parametrize("end", [b"\x1a", b"\x1a\r\n", b"\n\x1a\x1a", b"\n\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
def test_marks_around_a_text_are_no_cells(tmp_path, start, end):
    """The end of a DOS file; a byte-order mark written twice; line ends of three kinds."""
    path = tmp_path / "t.csv"
    path.write_bytes(start + b"lon,lat\r\n120,31\r121,32\n" + end)
    table = read_table(path)
    assert table.cells.to_numpy().tolist() == [["120", "31"], ["121", "32"]]
    assert list(table.cells.columns) == ["lon", "lat"]


def test_titles_and_notes_above_the_heading(tmp_path):
    text = "某区养老服务设施台账,,\n填报单位：民政局,,日期：2025年\n编号,名称,面积\nS1,甲,300\n"
    table = read_table(write(tmp_path / "t.csv", text))
    assert list(table.cells.columns) == ["编号", "名称", "面积"]
    assert table.rows == [4]
    (finding,) = table.findings
    assert (finding.code, finding.detail) == ("TITLE_ROWS", {"rows": "2", "row": "3"})


def test_a_heading_with_an_empty_cell_is_no_title(tmp_path):
    """As pandas writes its index: the column without a heading is listed, its row is none."""
    table = read_table(write(tmp_path / "t.csv", ",name\n0,甲\n1,乙\n"))
    assert table.column("name") == ["甲", "乙"]
    assert [i.code for i in table.findings] == ["UNNAMED_COLUMN"]


def test_rows_that_are_no_records(tmp_path):
    """Totals, the heading of the next page, notes: listed, and never counted."""
    text = (
        "街道,名称,面积\n甲街道,一,300\n甲街道小计,,300\n街道,名称,面积\n乙街道,二,200\n"
        "合 计,,500\n注：数据截至年底,,\n"
    )
    table = read_table(write(tmp_path / "t.csv", text))
    assert table.rows == [2, 5]
    assert [(i.code, i.row, i.detail["value"]) for i in table.findings] == [
        ("TOTAL_ROW", 3, "甲街道小计"),
        ("REPEATED_HEADING", 4, "街道"),
        ("TOTAL_ROW", 6, "合 计"),
        ("NOTE_ROW", 7, "注：数据截至年底"),
    ]


def test_a_row_with_a_place_is_a_record(tmp_path):
    """A filling station may be called Total."""
    table = read_table(write(tmp_path / "t.csv", "name,lon,lat\nTotal,120,31\ntotal,,\n"))
    assert table.rows == [2]
    frame = gpd.GeoDataFrame(
        {"name": ["合计", "合计"]}, geometry=np.array([shapely.Point(1, 2), None]), crs=4326
    )
    frame.to_file(tmp_path / "t.geojson")
    assert read_table(tmp_path / "t.geojson").rows == [1]


def test_headings_of_two_lines(tmp_path):
    """The upper cell stands for those right of it; the columns are found by their last line."""
    text = "编号,设施名称,面积(㎡),,位置,\n,,建筑面积,用地面积,经度,纬度\nS1,甲,300,500,120,31\n"
    table = read_table(write(tmp_path / "t.csv", text))
    assert list(table.cells.columns) == [
        "编号",
        "设施名称",
        "面积(㎡)/建筑面积",
        "面积(㎡)/用地面积",
        "位置/经度",
        "位置/纬度",
    ]
    assert table.rows == [3]
    found = find_columns(table, "facility", {})
    assert found["floor_area_m2"] == "面积(㎡)/建筑面积"
    assert (found["lon"], found["lat"]) == ("位置/经度", "位置/纬度")
    assert find_columns(table, "facility", {"floor_area_m2": "用地面积"})["floor_area_m2"] == (
        "面积(㎡)/用地面积"
    )


def test_a_unit_with_a_stroke_is_one_line_of_a_heading(tmp_path):
    text = "编号,规模,,坐标,\n,建筑面积(㎡),日供餐能力(份/日),经度,纬度\nS1,300,120,120,31\n"
    table = read_table(write(tmp_path / "t.csv", text))
    found = find_columns(table, "facility", {})
    assert found["meals_per_day"] == "规模/日供餐能力(份/日)"
    assert found["floor_area_m2"] == "规模/建筑面积(㎡)"


def test_a_record_is_no_second_line_of_a_heading(tmp_path):
    table = read_table(write(tmp_path / "t.csv", "编号,,名称\nS1,甲,长者食堂\n"))
    assert table.column("名称") == ["长者食堂"]


def test_headings_with_units_and_brackets(tmp_path):
    text = "设施名称,建筑面积（平方米）,床位数(张),日供餐能力【客】,經度(°),緯度\n甲,3,4,5,120,31\n"
    found = find_columns(read_table(write(tmp_path / "t.csv", text)), "facility", {})
    assert found["floor_area_m2"] == "建筑面积（平方米）"
    assert (found["beds"], found["meals_per_day"]) == ("床位数(张)", "日供餐能力【客】")
    assert (found["lon"], found["lat"]) == ("經度(°)", "緯度")


def test_two_columns_for_one_field(tmp_path):
    """Never a silent choice, unless both say the same."""
    table = read_table(write(tmp_path / "t.csv", "名称,设施名称,编号,id\n甲,乙,1,1\n"))
    with pytest.raises(
        InputDataError, match=r"名称, 设施名称 all fit 'name'.*columns = \{ name = "
    ):
        find_columns(table, "facility", {})
    found = find_columns(table, "facility", {"name": "设施名称"})
    assert (found["name"], found["facility_id"]) == ("设施名称", "编号")


CELLS = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.booleans() | st.dates()


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_any_rows_make_a_table_or_are_refused(rows):
    """And no row vanishes: each is a record, a heading, listed, or blank."""
    try:
        table = table_of_rows(Path("t.xlsx"), rows)
    except InputDataError:
        return
    listed = [
        i.row for i in table.findings if i.code in {"TOTAL_ROW", "NOTE_ROW", "REPEATED_HEADING"}
    ]
    filled = [k for k, row in enumerate(rows, 1) if any(map(is_filled, row))]
    titles = sum(int(i.detail["rows"]) for i in table.findings if i.code == "TITLE_ROWS")
    headings = len(filled) - titles - len(table.rows) - len(listed)
    assert 1 <= headings <= 3
    assert sorted([*table.rows, *filter(None, listed)]) == filled[titles + headings :]


@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".xls", ".gpkg", ".parquet"]))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, raw, suffix):
    path = tmp_path_factory.mktemp("bytes") / f"t{suffix}"
    path.write_bytes(raw)
    with contextlib.suppress(InputDataError):
        assert read_table(path).rows


def test_the_policy_text_as_a_table(policies, tmp_path):
    """
    The text of Rushan: traditional characters, some lost when a page was saved.

    As UTF-8 and GB18030 it reads the same, and the lines with lost characters are listed; with
    one byte cut out of a character it is refused with the place of the byte.
    """
    text = (policies / "002_1edc8b3739476439.txt").read_text("utf-8")
    lines = [line.replace('"', "") for line in text.splitlines() if line.strip()]
    content = 'no,"text"\n' + "".join(f'{k},"{line}"\n' for k, line in enumerate(lines))
    tables = [
        read_table(write(tmp_path / f"{encoding}.csv", content, encoding))
        for encoding in ("utf-8", "gb18030")
    ]
    assert tables[0].column("text") == tables[1].column("text") == lines
    lost = [i for i in tables[0].findings if i.code == "LOST_CHARACTERS"]
    assert len(lost) == sum(bool(re.search("[\u4e00-\u9fff]\\?[^ ]", line)) for line in lines) >= 3
    raw = content.encode()
    place = raw.index("確?".encode())
    (tmp_path / "cut.csv").write_bytes(raw[: place + 1] + raw[place + 2 :])
    with pytest.raises(InputDataError, match=r"neither UTF-8 nor GB18030 text \(byte \d+\)"):
        read_table(tmp_path / "cut.csv")


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
    with pytest.raises(InputDataError, match="'bed' is not a field of a facility table"):
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
        ("beds >= 9 and kind = 诊所", [3]),
        ("beds > 9 or kind = 医院 and beds = 9", [2, 3]),  # `and` binds first
        ("kind = 医院 AND beds > 9 or beds = 10", [3]),
        ("food and rest = hot and cold", [2]),  # each stands beside what compares nothing
        ('"food and rest" = "hot and cold" or beds > 9', [2, 3]),
        ('beds = "9"', [2]),
        ('beds = "9.0"', []),  # as text
        ("area = 300.1", [3]),  # 0.1 has no binary form: 3001 tenths all the same
    ],
)
def test_choosing_rows(tmp_path, where, rows):
    lines = "beds,kind,food and rest,area\n9,医院,hot and cold,300\n10,诊所,cold,300.10\n,诊所,,\n"
    table = read_table(write(tmp_path / "t.csv", lines))
    chosen = choose_rows(table, where)
    assert chosen.rows == rows
    assert len(chosen.cells) == len(rows)


def test_a_condition_that_cannot_be_read(tmp_path):
    table = read_table(write(tmp_path / "t.csv", "beds\n9\n"))
    for where in ("beds", "> 3", "beds > 3 and 4 > ", "and", ""):
        with pytest.raises(ValueError, match=r"is not a condition|no column"):
            choose_rows(table, where)
    with pytest.raises(ValueError, match=r"no column 'bed' in t.csv \(did you mean 'beds'\?\)"):
        choose_rows(table, "bed > 3")
    with pytest.raises(ValueError, match=r"no column 'kind' in t.csv \(columns: beds\)"):
        choose_rows(table, "beds > 3 and kind = x")


def test_a_point_inside_of_anything():
    drawn = np.array([shapely.Point(1, 2), shapely.box(0, 0, 2, 2), None], dtype=object)
    shapes = gpd.GeoSeries(drawn)
    point, inside, nothing = points_of(shapes)
    assert point == shapely.Point(1, 2)
    assert shapely.box(0, 0, 2, 2).contains(inside)
    assert nothing is None


def test_made_ids_tell_rows_apart_that_differ_anywhere():
    """In a field, in a column that is none, in the place, in the shape; not in how it is said."""

    def made(heading, rows, x=(1.0,), shapes=None):
        table = table_of_rows(Path("t.csv"), [heading, *rows])
        if shapes is not None:
            table = replace(table, geometry=gpd.GeoSeries(shapes))
        columns = {"name": "name", "lon": "lon", "beds": None}
        place = np.array(x), np.array(x)
        return content_ids(table, list(range(len(rows))), columns, *place)

    head = ["name", "lon", "备注", "x2"]
    (plain,) = made(head, [["站", "1", "a", "2.50"]])
    others = [
        made(head, [["店", "1", "a", "2.50"]]),
        made(head, [["站", "1", "b", "2.50"]]),
        made(head, [["站", "1", "a", None]]),
        made(head, [["站", "1", "a", "2.50"]], x=(1.5,)),
        made(head, [["站", "1", "a", "2.50"]], shapes=[shapely.box(0, 0, 1, 1)]),
        made(head, [["站", "1", "a", "2.50"]], shapes=[shapely.box(0, 0, 1, 2)]),
    ]
    assert len({plain, *(one for (one,) in others)}) == 7
    same = [
        made(["备注", "x2", "name", "lon"], [["a", 2.5, " 站", "别的"]]),
        made(["备注文", "空", "x2", "name", "lon"], [["a", "—", Decimal("2.5"), "站", 1]]),
        made(head, [["站", "1", "a", "2.50"]], shapes=[shapely.Point(1, 1)]),
    ]
    assert {one for (one,) in same} == {plain}
    ring = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    (one,), (two,) = (
        made(head, [["站", "1", "a", "2.50"]], shapes=[shape])
        for shape in (ring, shapely.Polygon([(1, 1), (1, 0), (0, 0), (0, 1)]))
    )
    assert one == two
