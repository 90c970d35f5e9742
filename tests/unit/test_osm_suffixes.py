"""OpenStreetMap files are read whatever the case of their suffix."""

from __future__ import annotations

import bz2
import gzip
import shutil

import osmium
import pytest

from circle15.network.osm.osm_file import read_osm

STREET = b"""<osm version="0.6">
<node id="1" version="1" lat="31.5" lon="120.3"/><node id="2" version="1" lat="31.6" lon="120.3"/>
<way id="5" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>"""


@pytest.mark.parametrize(
    "name", ["N.OSM", "n.Osm", "My.City.OSM.GZ", "n.osm.BZ2", "N.OSM.PBF", "N.PBF", "n.OSM.pbf"]
)
def test_a_suffix_in_upper_case_is_read_like_one_in_lower_case(name, tmp_path):
    (tmp_path / "plain.osm").write_bytes(STREET)
    made = tmp_path / name.lower()
    if made.suffix == ".pbf":
        with osmium.SimpleWriter(str(made)) as writer:
            osmium.apply(str(tmp_path / "plain.osm"), writer)
    else:
        packed = {".gz": gzip.compress(STREET), ".bz2": bz2.compress(STREET)}
        made.write_bytes(packed.get(made.suffix, STREET))
    (tmp_path / "apart").mkdir()
    shutil.copy(made, tmp_path / "apart" / name)
    read = read_osm(tmp_path / "apart" / name)
    assert [way.id for way in read.walkable] == [way.id for way in read_osm(made).walkable] == [5]
