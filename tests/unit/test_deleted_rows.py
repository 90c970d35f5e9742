"""Rows of a shapefile that are marked as deleted are left out, and counted in one finding."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from circle15.inputs.formats.layers import read_layer

if TYPE_CHECKING:
    from pathlib import Path


def shapefile(folder: Path, marks: str, *, suffix: str = ".dbf") -> Path:
    """Write points with one row for each mark; `*` is deleted. Names hold stars too."""
    path = folder / "a.shp"
    k = range(len(marks))
    names = ["*" * 5 for _ in k]
    points = shapely.points(list(k), list(k))
    gpd.GeoDataFrame({"name": names, "n": k}, geometry=points, crs="EPSG:4326").to_file(path)
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    start, width = struct.unpack("<HH", content[8:12])
    for row, mark in enumerate(marks):
        content[start + row * width] = ord(mark)
    table.unlink()
    path.with_suffix(suffix).write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("marks", "count"), [(" * ", 1), ("**  *", 3), ("*" * 20 + " ", 20), ("   ", 0)]
)
@pytest.mark.parametrize("packed", [False, True])
def test_deleted_rows_are_counted(tmp_path, marks, count, packed):
    path = shapefile(tmp_path, marks)
    if packed:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for file in tmp_path.glob("a.[sdp]*"):
                archive.write(file, file.name)
        path = tmp_path / "a.zip"
    table = read_layer(path, None)
    said = [dict(one.detail) for one in table.findings if one.code == "ROWS_DELETED"]
    assert said == ([{"rows": str(count)}] if count else [])
    assert len(table.cells) == len(marks) - count


def test_a_suffix_in_capitals(tmp_path):
    table = read_layer(shapefile(tmp_path, "* *", suffix=".DBF"), None)
    assert [one.detail for one in table.findings if one.code == "ROWS_DELETED"] == [{"rows": "2"}]
