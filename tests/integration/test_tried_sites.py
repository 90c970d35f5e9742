"""
Sites that are tried on the page count as scenarios of the same sites do, to the micro-person.

`CIRCLE15_ATTACK=1` tries many, else a few; `tests/real/test_tried_sites.py` does so in real cities.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.builders.scenario_study import write_pair
from tests.builders.tried_sites import compare_tried_sites
from tests.builders.tried_study import write_tried

import circle15
from circle15.output.map.trials.block import trial_block
from circle15.planning import trials

pytestmark = pytest.mark.node

LONG = os.environ.get("CIRCLE15_ATTACK") == "1"
SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.mark.parametrize("seed", range(200 if LONG else 4))
def test_studies_of_everything_that_decides(tmp_path, seed):
    """
    Round trips, slow access legs, bands of age, profiles, gates, slopes, walls, entrances, sites in
    doubt, sites and homes that do not join, and streets that do not connect.
    """
    study = write_tried(tmp_path / "study", seed)
    assert any(compare_tried_sites(study, study.parent, 10, seed=seed))


@pytest.mark.parametrize("seed", range(20 if LONG else 1))
def test_a_grid_with_two_lists(tmp_path, seed):
    study, _ = write_pair(tmp_path, seed=seed, kinds=("close",), two_lists=True)
    assert any(compare_tried_sites(study.file, study.file.parent, 10, seed=seed))


def test_a_run_with_too_many_sites_across_breaks_has_a_page_without_the_tool(tmp_path, monkeypatch):
    study = write_tried(tmp_path / "study", 0)
    before = circle15.run(study)
    assert before.result.trials is not None
    monkeypatch.setattr(trials, "MOST_OVER_BREAKS", 0)
    after = circle15.run(study)
    assert after.result.trials is None
    assert trial_block(after.result) is None
    assert after.summary["coverage"] == before.summary["coverage"]


@pytest.mark.slow
def test_the_sample(tmp_path):
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert any(compare_tried_sites(folder / "study.toml", folder, 200 if LONG else 2))
