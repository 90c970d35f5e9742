"""Scenarios of Porto Alegre have every number of runs of the changed study."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.builders.random_scenarios import compare_random_scenarios

pytestmark = pytest.mark.real

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"


def test_random_changes_of_porto_alegre(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY.read_text("utf-8"), "utf-8")
    compare_random_scenarios(path, 20 if os.environ.get("CIRCLE15_ATTACK") == "1" else 2)
