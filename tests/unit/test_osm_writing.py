"""A failing writer of OpenStreetMap files is an error, and does not end the process."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import osmium
import pytest

from circle15.network.osm import osm_writing
from circle15.network.osm.osm_file import read_osm
from circle15.network.osm.osm_writing import osm_writer


def pbf(folder: Path, name: str) -> Path:
    """Write a street to a file that is not packed, so that its name can be spoiled."""
    file = folder / "n.osm.pbf"
    kinds = osmium.osm.mutable
    target = osmium.io.File(str(file), "pbf,pbf_compression=none,pbf_dense_nodes=false")
    with osmium.SimpleWriter(target) as writer:
        writer.add_node(kinds.Node(id=1, location=(116.0, 40.0), version=1))
        writer.add_node(kinds.Node(id=2, location=(116.001, 40.0), version=1))
        tags = {"highway": "residential", "name": name}
        writer.add_way(kinds.Way(id=3, nodes=[1, 2], tags=tags, version=1))
    return file


SPOILED = (
    b"long\xff",
    b"\xffabcd",
    b"\xf8\x88\x80\x80a",
    b"abcd\xe4",
    b"abc\xe4\xbd",
    b"ab\xf0\x90\x80",
)
"""Bytes of the length of NAMED that are no text; the last three end within a character."""


@pytest.mark.parametrize("spoiled", SPOILED)
def test_text_that_is_no_utf_8_is_a_message(tmp_path, spoiled):
    file = pbf(tmp_path, "NAMED")
    file.write_bytes(file.read_bytes().replace(b"NAMED", spoiled))
    code = (
        "import sys; from pathlib import Path; from circle15.network.osm.osm_file import read_osm\n"
        "from circle15.errors import InputDataError\n"
        "try: read_osm(Path(sys.argv[1]))\n"
        "except InputDataError as error: print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "n.osm.pbf" in ended.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_named(tmp_path, monkeypatch):
    link = tmp_path / "full.opl"
    link.symlink_to("/dev/full")

    def full(_target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(osm_writing, "_ask_the_disk", full)
    node = osmium.osm.mutable.Node(id=1, location=(116.0, 40.0), version=1)
    with pytest.raises(OSError, match="No space left"), osm_writer(link, overwrite=True) as writer:
        writer.add_node(node)


def test_what_is_whole_is_read(tmp_path):
    assert [way.tags["name"] for way in read_osm(pbf(tmp_path, "NAMED")).walkable] == ["NAMED"]
