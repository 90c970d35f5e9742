"""Names in an archive that are not text are reported as damage, without a traceback."""

from __future__ import annotations

import zipfile

import pytest

from circle15.errors import InputDataError
from circle15.inputs.table_sources import read_table

NAME = "名.kml".encode()


@pytest.mark.parametrize("suffix", ["zip", "kmz"])
@pytest.mark.parametrize("which", ["member", "directory"])
def test_a_name_that_is_no_text(tmp_path, suffix, which):
    path = tmp_path / f"a.{suffix}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(NAME.decode(), b"<kml/>")
    raw = path.read_bytes()
    at = raw.index(NAME) if which == "member" else raw.rindex(NAME)
    path.write_bytes(raw[:at] + b"\xff" + raw[at + 1 :])
    with pytest.raises(InputDataError, match="cannot be read as") as told:
        read_table(path)
    assert told.value.file == path


def test_a_member_without_a_name(tmp_path):
    """Python's own test for a folder fails on it."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.kml", b"<kml/>")
        archive.writestr(zipfile.ZipInfo("\0"), b"x")
    with pytest.raises(InputDataError, match="a member has no name") as told:
        read_table(path)
    assert told.value.file == path
