"""Both coordinates in one column, as map services write them; tables of two encodings."""

from __future__ import annotations

import pytest
from tests.streets import METRIC

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.points import locate, require_position
from circle15.inputs.table_sources import find_columns, read_table

LON, LAT = 120.3065598, 31.5771836


def located(tmp_path, heading, *cells, datum="wgs84", crs=None):
    path = tmp_path / "t.csv"
    lines = [f'"{cell}",a{k}' for k, cell in enumerate(cells)]
    path.write_text("\n".join([f'"{heading}",name', *lines]) + "\n", encoding="utf-8")
    table = read_table(path)
    columns = find_columns(table, "facility", {})
    found = locate(table, columns, METRIC, layer_crs=crs, datum=datum)
    require_position(found, table)
    return found


@pytest.mark.parametrize("heading", ["location", "坐标", "经纬度", "Location", "坐标（经度,纬度）"])
@pytest.mark.parametrize(
    "cell",
    [
        f"{LON},{LAT}",
        f"{LON}，{LAT}",
        f" {LON} , {LAT} ",
        f"{LON} {LAT}",
        f"({LON}; {LAT})",
        f"POINT ({LON} {LAT})",
        f"[{LON},{LAT}]",
    ],
)
def test_longitude_and_latitude_of_one_column(tmp_path, heading, cell):
    found = located(tmp_path, heading, cell)
    assert (found.given.x[0], found.given.y[0]) == (LON, LAT)
    assert found.findings == []


@pytest.mark.parametrize("heading", ["lat,lng", "纬度,经度", "latlng"])
def test_a_heading_may_say_that_latitude_comes_first(tmp_path, heading):
    found = located(tmp_path, heading, f"{LAT},{LON}")
    assert (found.given.x[0], found.given.y[0]) == (LON, LAT)


@pytest.mark.parametrize("cells", [[f"{LAT},{LON}"], ["", f"{LAT},{LON}", f"{LAT},121"]])
def test_latitude_before_longitude_is_refused(tmp_path, cells):
    with pytest.raises(InputDataError, match=r"row \d, column '坐标': holds latitude before"):
        located(tmp_path, "坐标", *cells)


def test_a_row_that_is_swapped_alone_is_listed(tmp_path):
    found = located(tmp_path, "坐标", f"{LON},{LAT}", f"{LAT},{LON}", "", "无锡市", f"{LON}")
    assert [(i.code, i.row) for i in found.findings] == [
        ("COORDINATES_SWAPPED", 3),
        ("NO_POSITION", 4),
        ("UNREADABLE", 5),
        ("UNREADABLE", 6),
    ]


def test_a_datum_that_is_not_declared_is_said_to_be_assumed(tmp_path):
    found = located(tmp_path, "坐标", f"{LON},{LAT}", datum=None)
    assert ([i.code for i in found.findings], found.given.known) == (["DATUM_ASSUMED"], "assumed")


def test_metres_of_one_column_need_a_crs(tmp_path):
    with pytest.raises(CrsError, match="has x/y columns but no CRS"):
        located(tmp_path, "坐标", "500010.5,3490005")
    found = located(tmp_path, "坐标", "500010.5,3490005", crs="EPSG:4549", datum=None)
    assert (found.x_m[0], found.y_m[0]) == (500010.5, 3490005)


def test_an_address_is_no_position(tmp_path):
    with pytest.raises(
        InputDataError, match="no row has a usable position; the first holds 人民路"
    ):
        located(tmp_path, "location", "人民路1号", "人民路2号")


def test_two_columns_go_before_one(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"location,lon,lat\n人民路1号,{LON},{LAT}\n", encoding="utf-8")
    table = read_table(path)
    found = locate(
        table, find_columns(table, "facility", {}), METRIC, layer_crs=None, datum="wgs84"
    )
    assert found.given.x[0] == LON


# --- Two encodings


def joined(tmp_path, *rows, start=b""):
    """Write rows, each (text, encoding)."""
    path = tmp_path / "t.csv"
    path.write_bytes(start + b"".join(f"{text}\n".encode(code) for text, code in rows))
    return path


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([("编号,建筑面积", "utf-8"), ("a,阳光食堂", "utf-8"), ("b,月亮食堂", "gbk")], (1, 3)),
        ([("编号,建筑面积", "gbk"), ("a,1", "gbk"), ("b,月亮食堂", "utf-8")], (3, 1)),
        ([("id,n", "ascii"), ("a,阳光", "gbk"), ("b,2", "ascii"), ("c,月", "utf-8")], (4, 2)),
        ([("id,n", "ascii"), ("a,São Luís", "utf-8"), ("b,Gestão", "latin-1")], (2, 3)),
    ],
)
def test_two_encodings_are_refused_with_the_first_row_of_each(tmp_path, rows, places):
    with pytest.raises(
        InputDataError, match=f"holds two encodings: row {places[0]} is UTF-8, row {places[1]} is"
    ):
        read_table(joined(tmp_path, *rows))


def test_two_encodings_under_a_mark_are_refused_too(tmp_path):
    rows = [("编号,名称", "utf-8"), ("a,月亮食堂", "gbk")]
    with pytest.raises(InputDataError, match="row 1 is UTF-8, row 2 is not"):
        read_table(joined(tmp_path, *rows, start=b"\xef\xbb\xbf"))


@pytest.mark.parametrize("name", ["模", "摹", "名字摸", "联通", "阳光食堂·一店"])
def test_one_older_encoding_is_none_of_two(tmp_path, name):
    """Some Chinese bytes, as those of 模, are valid UTF-8 by chance."""
    rows = [("编号,建筑面积,名称", "gb18030"), *((f"a{k},1,{name}", "gb18030") for k in range(3))]
    assert read_table(joined(tmp_path, *rows)).column("名称") == [name] * 3
