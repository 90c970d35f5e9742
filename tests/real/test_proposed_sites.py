"""Siting in Porto Alegre: a full run with the sites counts exactly the people that were printed."""

from __future__ import annotations

import pytest
from tests.builders.porto_alegre_plans import candidates_of, read_hexagons, write_study

import circle15
from circle15.results.summary.building import build_summary
from circle15.workflow.pipeline import run_study


def counts(summary):
    """Covered and served people of the area; covered within the circle, at the study's speed."""
    (supply,) = summary["supply"]
    at = summary["parameters"]
    (row,) = [
        one
        for one in summary["coverage"]
        if (one["category"], one["cutoff_min"], one["speed_m_s"])
        == ("medical", at["cutoffs_min"][-1], at["speed_m_s"])
    ]
    return row["covered"], supply["served"]


def test_a_run_with_the_sites_gives_the_people_that_were_printed(
    planned, real_data, tmp_path, monkeypatch
):
    """Of 72 hexagons without health care where most people live, for people reached and served."""
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    hexagons = read_hexagons(real_data)
    candidates = candidates_of(hexagons)
    before = planned.summary
    reached, served = before["siting"]
    assert (reached["proven"], served["stop"] != "clock") == (True, True)
    for answer in (reached, served):
        chosen = {site["candidate_id"] for site in answer["sites"]}
        more = [one for one in candidates if one[0] in chosen]
        study = write_study(tmp_path, hexagons, more)
        after = build_summary(run_study(circle15.load_study(study)))
        first, last = answer["curve"][0], answer["curve"][-1]
        assert (first["covered"], last["covered"]) == (counts(before)[0], counts(after)[0])
        assert last["covered"] == answer["area"]["covered"]
        assert last["covered"] > first["covered"] + 10_000
        if answer is served:
            assert (first["persons"], last["persons"]) == (counts(before)[1], counts(after)[1])
            assert last["persons"] > first["persons"] + 10_000
            won = sum(site["persons_served"] or 0.0 for site in answer["sites"])
            assert won == pytest.approx(last["persons"] - first["persons"], abs=1e-6)
