"""Lack of memory, reported by a library as its own error, is not blamed on an input."""

from __future__ import annotations

import sqlite3
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import pyarrow as pa
import pytest
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import GEOSException
from tests.builders.small_study import write_small
from tests.commands import heard
from tests.workbooks import ods_row, write_ods, write_xlsx

from circle15.errors import InputDataError, OutsideError, is_of_memory
from circle15.inputs.crs import positions
from circle15.inputs.formats import ods_marks, packed, wkb, workbook_parts
from circle15.inputs.table_sources import read_table
from circle15.workflow.process.streams import is_of_memory_within

PROJ = (
    "Error creating Transformer from CRS.: (Internal Proj Error: proj_create_operations: SQLite "
    "error on SELECT 1 FROM coordinate_operation_view: out of memory)"
)


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (MemoryError(), True),
        (ProjError(PROJ), True),
        (GEOSException("std::bad_alloc"), True),
        (sqlite3.OperationalError("out of memory"), True),
        (RuntimeError("Out of memory allocating 4000 bytes for image"), True),
        (ExpatError("out of memory: line 3, column 2"), True),
        (ParseError("out of memory: line 1, column 0"), True),
        (ExpatError("undefined entity: line 1, column 5"), False),
        (pa.ArrowException("malloc of size 64 failed"), True),
        (RuntimeError("a.tif: Cannot allocate 2000 bytes"), True),
        (CRSError("Invalid projection: out of memory: (Internal Proj Error: no name)"), False),
        (ValueError("the cell says: out of memory"), False),
        (InputDataError("the layer is called out of memory"), False),
    ],
)
def test_what_an_error_says_of_memory(error, is_one):
    assert is_of_memory(error) == is_one


def raises(error):
    def failing(*_args, **_named):
        raise error

    return failing


def test_proj_without_memory_does_not_fall_back_to_no_shift(monkeypatch):
    """PROJ refuses an exact shift and a rough one would be taken: 150 m off, and nothing said."""
    monkeypatch.setattr(Transformer, "from_crs", raises(ProjError(PROJ)))
    xian_80 = CRS.from_epsg(2364)
    positions._steps.cache_clear()
    with pytest.raises(OutsideError, match="not enough memory"):
        positions._steps(xian_80, positions.WGS84)
    positions._fault_of.cache_clear()
    with pytest.raises(OutsideError, match="not enough memory"):
        positions._fault_of(xian_80)


def test_a_crs_without_memory_is_no_unknown_crs(monkeypatch):
    class Failing:
        from_user_input = staticmethod(raises(CRSError(PROJ)))

    monkeypatch.setattr(positions, "CRS", Failing)
    with pytest.raises(OutsideError, match="not enough memory"):
        positions.parse_crs("EPSG:4549", Path("a.csv"))


def test_geometries_without_memory_are_not_broken(monkeypatch):
    monkeypatch.setattr(shapely, "from_wkb", raises(GEOSException("std::bad_alloc")))
    with pytest.raises(OutsideError, match="not enough memory"):
        wkb.shapes_of_wkb([b"\x01\x01\x00\x00\x00" + bytes(16)])


class _Parser:
    """Fails as expat does without memory."""

    Parse = ParseFile = staticmethod(raises(ExpatError("out of memory: line 3, column 2")))


@pytest.mark.parametrize("module", [packed, ods_marks, workbook_parts])
def test_xml_without_memory_is_not_taken_for_damaged(tmp_path, monkeypatch, module):
    sheet = write_ods(tmp_path / "t.ods", ods_row(["id"]), ods_row([1]))
    book = write_xlsx(tmp_path / "t.xlsx", [["id", "n"], [1, 2]])
    path = sheet if module is ods_marks else book
    read = {packed: lambda: packed.require_plain_xml(path, BytesIO(b"<a/>"))}
    monkeypatch.setattr(module.expat, "ParserCreate", lambda **_named: _Parser())
    with pytest.raises(OutsideError, match="not enough memory"):
        read.get(module, lambda: read_table(path))()


def test_memory_behind_a_fault_of_an_input_is_exit_3(tmp_path, monkeypatch, capfd):
    study = write_small(tmp_path)
    monkeypatch.setattr(
        "circle15.inputs.formats.layers.gpd.read_file", raises(GEOSException("std::bad_alloc"))
    )
    said = heard(capfd, "check", study)
    assert (said.code, said.err.strip()) == (3, "circle15: not enough memory for this study.")


def no_memory():
    raise MemoryError


def damaged():
    try:
        no_memory()
    except MemoryError:
        raise InputDataError("cannot be read") from None


def test_only_causes_count():
    with pytest.raises(InputDataError) as caught:
        damaged()
    assert is_of_memory_within(caught.value)
    assert not is_of_memory_within(InputDataError("cannot be read"))
