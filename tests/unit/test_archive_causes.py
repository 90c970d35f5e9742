"""A failure outside an archive while it is unpacked is not reported as a fault of the archive."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from circle15.errors import InputDataError
from circle15.inputs.formats.layers import read_layer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POINT = '{"type": "Point", "coordinates": [120, 31]}'


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("b.geojson", POINT)
    return path


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_fault_of_the_disk_is_not_one_of_the_archive(
    archive: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OSError, match=os.strerror(code)) as raised:
        read_layer(archive, None)
    assert not isinstance(raised.value, InputDataError)


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:60], lambda raw: raw[:45] + b"\xff" * 9 + raw[54:]]
)
def test_a_damaged_archive_is_named(archive: Path, spoil: Callable[[bytes], bytes]) -> None:
    archive.write_bytes(spoil(archive.read_bytes()))
    with pytest.raises(InputDataError, match=r"b\.zip: cannot be read as a zip archive"):
        read_layer(archive, None)
