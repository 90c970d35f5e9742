"""Sites that are tried on the page of a real city count as scenarios of the same sites do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.builders.tried_sites import compare_tried_sites

pytestmark = [pytest.mark.real, pytest.mark.node]

LONG = os.environ.get("CIRCLE15_ATTACK") == "1"
HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["porto_alegre", "porto_alegre_hills", "wuhan", "beijing_wangjing"]
)
def test_random_edits(tmp_path, monkeypatch, real_data, name):
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    folder = tmp_path / name
    shutil.copytree(HERE / name, folder)
    assert any(compare_tried_sites(folder / "study.toml", folder, 40 if LONG else 2))
