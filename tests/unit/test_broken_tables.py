"""Tables and layers with inconsistent parts: one message each, and no excess of memory."""

from __future__ import annotations

import json
import struct
import zipfile

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import xlwt

from circle15.errors import InputDataError
from circle15.inputs.table_sources import read_table

HEADER, SECTOR = 512, 512


def xls(path, *cells):
    """A workbook of a table of two columns, and cells (row, column, value)."""
    book = xlwt.Workbook()
    page = book.add_sheet("t")
    for row, values in enumerate([("编号", "p60"), ("a", 1), ("b", 2)]):
        for column, value in enumerate(values):
            page.write(row, column, value)
    for row, column, value in cells:
        page.write(row, column, value)
    book.save(str(path))
    return path


def patched(path, at, packed):
    raw = bytearray(path.read_bytes())
    raw[at : at + len(packed)] = packed
    path.write_bytes(bytes(raw))
    return path


def sector_at(path, field):
    """Where the sector begins that a field of the header names."""
    number = struct.unpack_from("<I", path.read_bytes(), field)[0]
    return HEADER + number * SECTOR


def refused(path, says):
    with pytest.raises(InputDataError, match=says) as told:
        read_table(path)
    assert told.value.file == path


def test_an_old_workbook_is_read(tmp_path):
    table = read_table(xls(tmp_path / "t.xls"))
    assert list(table.cells["p60"]) == [1, 2]


@pytest.mark.parametrize(
    ("field", "entry", "number", "says"),
    [
        (0x4C, 0, 0, "is cyclic"),
        (0x4C, 1, 0xFFFF, "leads beyond the end of the file"),
    ],
    ids=["itself", "beyond"],
)
def test_an_old_workbook_whose_sectors_lead_astray(tmp_path, field, entry, number, says):
    """Of all entries of the table of sectors; its reader would follow them for ever."""
    path = xls(tmp_path / "t.xls")
    start = sector_at(path, field)
    for k in range(entry, SECTOR // 4):
        if struct.unpack_from("<I", path.read_bytes(), start + 4 * k)[0] < 0xFFFFFFFA:
            patched(path, start + 4 * k, struct.pack("<I", number))
    refused(path, says)


@pytest.mark.parametrize(
    ("at", "packed", "says"),
    [
        (0x1E, struct.pack("<H", 31), "size of its sectors"),
        (0x30, struct.pack("<I", 60_000), "leads beyond the end of the file"),
        (0x44, struct.pack("<I", 60_000), "beyond the end"),
        (0x4C, struct.pack("<I", 60_000), "beyond the end"),
    ],
)
def test_an_old_workbook_whose_header_is_wrong(tmp_path, at, packed, says):
    refused(patched(xls(tmp_path / "t.xls"), at, packed), says)


def test_an_old_workbook_cut_off(tmp_path):
    path = xls(tmp_path / "t.xls")
    raw = path.read_bytes()
    for size in (9, 40, 300, 600, 1200, len(raw) - 700):
        path.write_bytes(raw[:size])
        refused(path, "cannot be read as a workbook")


def test_an_old_workbook_with_a_cell_far_off(tmp_path):
    refused(xls(tmp_path / "t.xls", (65_535, 255, "x")), "far from its table")


def test_an_old_workbook_that_claims_a_huge_sheet(tmp_path):
    path = xls(tmp_path / "t.xls")
    raw = path.read_bytes()
    at = raw.index(struct.pack("<HHII", 0x0200, 14, 0, 3))
    patched(path, at + 8, struct.pack("<IHH", 2**32 - 1, 0, 65_535))
    refused(path, r"claims 4,294,967,295 rows and 65,535 columns")


def test_a_panic_of_the_reader_is_a_message(tmp_path, capfd, monkeypatch):
    """What a compiled reader throws is no Exception; what it prints by itself is kept back."""

    class PanicException(BaseException):
        pass

    def panics(_path):
        import os

        os.write(2, b"thread panicked at cfb.rs\n")
        raise PanicException("range end index 64 out of range")

    monkeypatch.setattr("circle15.inputs.formats.workbooks.CalamineWorkbook.from_path", panics)
    refused(xls(tmp_path / "t.xls"), "range end index 64")
    assert capfd.readouterr().err == ""


def layer(*columns):
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(120, 31), shapely.Point(121, 31)], crs=4326)
    for name in columns:
        frame[name] = ["甲", "乙"]
    return frame


@pytest.mark.parametrize("inside", [{}, {"doc.kml": b"<kml><Document/></kml>"}, {"a.txt": b"x"}])
def test_a_kmz_without_a_layer(tmp_path, inside):
    path = tmp_path / "t.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", b"")
        for name, content in inside.items():
            archive.writestr(name, content)
    refused(path, "holds no|cannot be read|do not fill it")


def test_a_flatgeobuf_cut_in_its_header(tmp_path):
    path = tmp_path / "t.fgb"
    layer("name").to_file(path, driver="FlatGeobuf")
    raw = path.read_bytes()
    for size in (8, 12, 40, 100):
        path.write_bytes(raw[:size])
        refused(path, "holds no|cannot be read|do not fill it")


def test_a_flatgeobuf_with_one_heading_twice(tmp_path):
    path = tmp_path / "t.fgb"
    layer("aaaa", "bbbb").to_file(path, driver="FlatGeobuf")
    path.write_bytes(path.read_bytes().replace(b"bbbb", b"aaaa"))
    refused(path, r"'aaaa': the heading occurs twice")


def test_a_shapefile_with_one_heading_twice(tmp_path):
    path = tmp_path / "t.shp"
    layer("aaaa", "bbbb").to_file(path, encoding="utf-8")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace(b"bbbb", b"aaaa"))
    refused(path, "cut to the same word")


@pytest.mark.parametrize("word", [b"UTF\0-8", b"\0\0", b"utf-8\0x", b"rot13", b"\xff\xfe"])
def test_a_cpg_of_odd_bytes(tmp_path, word):
    path = tmp_path / "t.shp"
    layer("name").to_file(path, encoding="utf-8")
    path.with_suffix(".cpg").write_bytes(word)
    assert list(read_table(path).cells["name"]) == ["甲", "乙"]


def parquet(path, column, *, says=True):
    about: dict[str, object] = {"version": "1.0.0", "primary_column": "geometry"}
    about["columns"] = {"geometry": {"encoding": "WKB", "geometry_types": []}}
    table = pa.table({"name": ["a", "b"], "geometry": column})
    metadata = {"geo": json.dumps(about)} if says else None
    pq.write_table(table.replace_schema_metadata(metadata), path)
    return path


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2]),
        pa.array(["a", None]),
        pa.array([[1], None]),
        pa.array([{"x": 1.0}, None]),
        pa.array([1, 2], pa.time32("s")),
        pa.array([1, 2], pa.timestamp("s")),
        pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    ],
    ids=lambda column: str(column.type),
)
def test_a_geometry_of_parquet_that_is_no_bytes(tmp_path, column):
    refused(parquet(tmp_path / "t.parquet", column), "WKB is bytes")


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_a_geometry_of_parquet_in_bytes(tmp_path, kind):
    column = pa.array([shapely.to_wkb(shapely.Point(120, 31)), None], kind)
    assert len(read_table(parquet(tmp_path / "t.parquet", column)).rows) == 2


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_text_of_parquet_that_is_none(tmp_path, kind):
    column = pa.array([b"\xff\xfe\xb3", b"a"], pa.binary()).cast(pa.large_binary())
    offsets = pa.array([0, 3, 4], pa.int32() if kind == pa.string() else pa.int64())
    text = pa.Array.from_buffers(kind, 2, [None, offsets.buffers()[1], column.buffers()[2]])
    pq.write_table(pa.table({"name": text, "n": [1, 2]}), tmp_path / "t.parquet")
    refused(tmp_path / "t.parquet", "cannot be read as parquet")
