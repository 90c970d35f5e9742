"""Siting in Porto Alegre: a run with the sites counts exactly the people that were printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import circle15
from circle15.access.cohorts import Homes
from circle15.access.coverage_counts import coverage_rows, straight_lines
from circle15.access.walks import Walks
from circle15.study.settings.records import FacilityLayer
from circle15.study.settings.siting import Siting
from circle15.workflow.reading import read_inputs, silent

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"


def test_a_run_with_the_sites_gives_the_people_that_were_printed(real_data, tmp_path, monkeypatch):
    """Five more sites of health care, among points every 800 m along the streets."""
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    study = circle15.load_study(STUDY)
    five = Siting("medical", add=5, spacing_m=Decimal(800), time_limit_s=Decimal(10))
    asked = replace(study, siting={"five": five})
    found = circle15.propose_sites(asked, out=tmp_path / "proposed.csv").answer
    layer = FacilityLayer(
        tmp_path / "proposed.csv", category_column="category", datum="wgs84", covers="extent"
    )
    inputs = read_inputs(replace(study, facilities=(*study.facilities, layer)), silent)
    homes = Homes(inputs)
    rows = coverage_rows(inputs, Walks(inputs, homes), straight_lines(inputs, homes))
    walk = study.walk
    counted = [
        row.counts
        for row in rows
        if (row.category, row.cutoff_min, row.speed_m_s)
        == ("medical", walk.circle_min, walk.speed_m_s)
    ]
    assert counted == [found.area.after]
    assert found.area.after.covered > found.area.before.covered + 60_000 * 10**6
    newly = sum(site.newly for site in found.sites)
    assert newly == found.area.before.gap - found.area.after.gap
    assert found.solution.bound >= found.solution.value == found.area.before.covered + newly
