"""Folders of a KML: empty ones are not layers, unless there are too many to check."""

from __future__ import annotations

import pytest
from tests.bombs.of_streets import KML
from tests.bombs.packing import write_zip

from circle15.errors import InputDataError
from circle15.inputs.formats import layers
from circle15.inputs.formats.layers import read_layer

_PLACE = b"<Placemark><name>a</name><Point><coordinates>120,31.5</coordinates></Point></Placemark>"


def folders(tmp_path, count, *, packed):
    empty = b"".join(b"<Folder><name>e%d</name></Folder>" % k for k in range(count - 1))
    text = KML % b"" + empty + b"<Folder><name>full</name>" + _PLACE + b"</Folder></Document></kml>"
    path = tmp_path / ("a.kmz" if packed else "a.kml")
    if packed:
        write_zip(path, {"doc.kml": text})
    else:
        path.write_bytes(text)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_the_one_that_holds_something_is_read(tmp_path, packed):
    assert len(read_layer(folders(tmp_path, 4, packed=packed), None).rows) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_of_too_many_one_is_named(tmp_path, packed, monkeypatch):
    monkeypatch.setattr(layers, "_BYTES_OF_FOLDERS", 10_000)
    path = folders(tmp_path, 60, packed=packed)
    with pytest.raises(InputDataError, match=r"holds 60 layers: e0, .*, e49 and 10 more\. Name"):
        read_layer(path, None)
    assert len(read_layer(path, "full").rows) == 1
    with pytest.raises(InputDataError, match=r"has no layer 'x'\. Layers: e0, .* and 10 more"):
        read_layer(path, "x")
