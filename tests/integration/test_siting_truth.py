"""Siting gives what a run gives with the new sites in the study: to the micro-person."""

from __future__ import annotations

from typing import Any

import pytest
from tests.builders.siting_study import counted, write_grid

import circle15

PROPOSED = """
[[facilities]]
file = "proposed.csv"
category_column = "category"
crs = "EPSG:4549"
covers = "extent"
"""
VARIANTS: dict[str, dict[str, Any]] = {
    "outbound": {},
    "round trips": {"walk": 'judge = "round_trip"', "one_way": True},
    "slow": {"walk": "speed_m_s = 0.7\nsensitivity_m_s = []\ncutoffs_min = [20]"},
    "slow legs": {"walk": "access_speed_factor = 0.5"},
}


def put_into(study):
    """Add the proposed sites to a study by hand."""
    study.write_text(study.read_text("utf-8") + PROPOSED, encoding="utf-8")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_with_the_sites_gives_the_people_that_were_printed(tmp_path, variant):
    study = write_grid(tmp_path, **VARIANTS[variant])
    before = counted(study)
    found = circle15.propose_sites(
        study, category="meal_point", add=3, out=tmp_path / "proposed.csv"
    )
    put_into(study)
    after = counted(study)
    assert (found.answer.area.before, found.answer.area.after) == (before, after)
    assert after.covered > before.covered
    newly = sum(site.newly + site.settled for site in found.answer.sites)
    assert before.covered + newly == after.covered
    assert found.entry["curve"][-1]["covered"] == after.covered / 10**6
    by_street = [(one.after.covered, one.after.gap) for one in found.answer.streets]
    assert tuple(map(sum, zip(*by_street, strict=True))) == (after.covered, after.gap)


def test_ages_walk_at_their_own_speeds(tmp_path):
    """A third walks at 0.7 m/s: each is won by their own time."""
    study = write_grid(tmp_path, walk="[walk.age_speeds]\np60_69 = 1.0\np70 = 0.7")
    text = study.read_text("utf-8").replace(
        '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }',
        '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" },\n'
        '{ group = "p70", points = "homes.csv", value = "p70", crs = "EPSG:4549" }',
    )
    study.write_text(text, encoding="utf-8")
    homes = tmp_path / "homes.csv"
    lines = homes.read_text("utf-8").splitlines()
    third = [f"{line},{int(line.rsplit(',', 1)[1]) / 3:.6f}" for line in lines[1:]]
    homes.write_text("\n".join([f"{lines[0]},p70", *third]) + "\n", encoding="utf-8")
    found = circle15.propose_sites(
        study, category="meal_point", add=3, out=tmp_path / "proposed.csv"
    )
    before = counted(study)
    put_into(study)
    assert (found.answer.area.before, found.answer.area.after) == (before, counted(study))


def test_a_category_without_a_list_begins_at_none(tmp_path):
    study = write_grid(tmp_path)
    found = circle15.propose_sites(study, category="day_care", add=2, out=tmp_path / "proposed.csv")
    before = found.answer.area.before
    assert before.covered == 0
    assert before.unknown == counted(study).unknown, "homes too far from any street"
    put_into(study)
    assert found.answer.area.after == counted(study, "day_care")


def test_every_candidate_has_the_gain_that_a_run_finds(tmp_path):
    """Each of four candidates alone, put into the study by hand."""
    study = write_grid(tmp_path, homes=60)
    before = counted(study)
    found = circle15.propose_sites(study, category="meal_point", add=1).answer
    table = found.question.candidates.table
    for row in (0, 20, 40, len(table) - 1):
        one = table.iloc[row]
        (tmp_path / "proposed.csv").write_text(
            f"facility_id,category,x_m,y_m\nnew,meal_point,{one['x_m']},{one['y_m']}\n"
        )
        text = study.read_text("utf-8")
        put_into(study)
        after = counted(study)
        study.write_text(text, encoding="utf-8")
        assert found.gains.newly[row] == before.gap - after.gap
        assert found.gains.newly[row] + found.gains.unknown[row] == after.covered - before.covered
