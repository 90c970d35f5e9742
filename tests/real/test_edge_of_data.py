"""A small extract knows little about people who can walk out of it, and says what to load."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.real.conftest import HERE

from circle15.study.messages import say
from circle15.workflow.api import run

if TYPE_CHECKING:
    from pathlib import Path


def test_most_of_wangjing_is_unknown_and_the_report_says_what_to_load(
    real_data: Path, tmp_path: Path
) -> None:
    """One site in the west of the 2 km: most people can leave the data before they reach it."""
    for name in ("study.toml", "homes.csv"):
        shutil.copy(HERE / "beijing_wangjing" / name, tmp_path)
    rows = (HERE / "beijing_wangjing" / "sites.csv").read_text("utf-8").splitlines()
    (tmp_path / "sites.csv").write_text("\n".join(rows[:2]) + "\n", encoding="utf-8")
    outcome = run(tmp_path / "study.toml", out=tmp_path / "results")
    (row,) = (
        row
        for row in outcome.summary["coverage"]
        if (row["category"], row["cutoff_min"], row["speed_m_s"]) == ("home_care_station", 15, 1.0)
    )
    assert row["unknown"] > row["persons"] / 2
    assert row["covered"] + row["gap"] + row["unknown"] == row["persons"]
    report = (tmp_path / "results" / "report.html").read_text("utf-8")
    assert say("reasons.NETWORK_ENDS_settle", "zh") in report
