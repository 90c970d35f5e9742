"""XML in an encoding that is not read, or with an invalid character reference, is one message."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.faults.mutations.networks import plain_graph
from tests.faults.mutations.parts import base_files
from tests.faults.mutations.tables import plain_layer, plain_table

from circle15.errors import InputDataError
from circle15.inputs.table_sources import read_table
from circle15.network.osm.osm_file import read_osm
from circle15.network.sources.exchange import read_graphml

UNREAD = (
    "UTF-.",
    "gbk",
    "gb18030",
    "utf-7",
    "utf-32",
    "base64",
    "rot13",
    "punycode",
    "idna",
    "undefined",
    "mbcs",
    "x" * 5000,
)


def declared(raw: bytes, encoding: str) -> bytes:
    """XML with another declaration."""
    body = raw.split(b"?>", 1)[1] if raw.startswith(b"<?xml") else raw
    return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body


def repacked(raw: bytes, part: str, encoding: str) -> bytes:
    """A packed file in which one part has another declaration."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, declared(content, encoding) if name == part else content)
    return out.getvalue()


def made(kind: str, encoding: str) -> bytes:
    if kind == "ods":
        return repacked(plain_table("ods", "homes"), "content.xml", encoding)
    if kind == "xlsx":
        return repacked(plain_table("xlsx", "homes"), "xl/worksheets/sheet1.xml", encoding)
    if kind == "kmz":
        raw = plain_layer("kmz", "sites")[".kmz"]
        return repacked(raw, "doc.kml", encoding)
    if kind == "kml":
        return declared(plain_layer("kml", "sites")[".kml"], encoding)
    if kind == "graphml":
        return declared(plain_graph(), encoding)
    marked = base_files()["network.osm"].replace(b"<node ", b'<node action="x" ', 1)
    return declared(marked, encoding)


READ = {"graphml": read_graphml, "osm": read_osm}


@pytest.mark.parametrize("encoding", UNREAD)
@pytest.mark.parametrize("kind", ["kml", "kmz", "ods", "graphml", "osm"])
def test_an_encoding_that_nobody_reads_is_one_message(tmp_path, kind, encoding):
    path = tmp_path / f"t.{kind}"
    path.write_bytes(made(kind, encoding))
    with pytest.raises(InputDataError, match=rf"t\.{kind}: declares the encoding '") as fault:
        READ.get(kind, read_table)(path)
    assert len(str(fault.value)) < 300


@pytest.mark.parametrize("encoding", UNREAD)
def test_a_workbook_of_any_encoding_is_read_or_refused(tmp_path, encoding):
    path = tmp_path / "t.xlsx"
    path.write_bytes(made("xlsx", encoding))
    try:
        read_table(path)
    except InputDataError as fault:
        assert "t.xlsx" in str(fault)  # noqa: PT017 - either is right


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "us-ascii", "ISO-8859-1", "iso-8859-2"])
@pytest.mark.parametrize("kind", ["graphml", "osm"])
def test_encodings_of_one_byte_stay_readable(tmp_path, kind, encoding):
    path = tmp_path / f"t.{kind}"
    raw = made(kind, encoding)
    path.write_bytes(raw.decode("utf-8").encode("ascii", "xmlcharrefreplace"))
    if kind == "osm" and encoding == "iso-8859-2":  # libosmium knows the four of expat
        with pytest.raises(InputDataError, match="encoding"):
            read_osm(path)
    else:
        READ[kind](path)


@pytest.mark.parametrize("number", [None, "", "x", "1e3", "9" * 5000, "１２", " 7", "0x1"])
@pytest.mark.parametrize("name", ["node", "way"])
def test_a_deleted_object_without_a_number_is_one_message(tmp_path, name, number):
    raw = base_files()["network.osm"]
    given = "" if number is None else f' id="{number}"'
    path = tmp_path / "t.osm"
    path.write_bytes(raw.replace(b"</osm>", f'<{name}{given} action="delete"/></osm>'.encode()))
    with pytest.raises(InputDataError, match=rf"t\.osm: has a {name} with the id"):
        read_osm(path)
