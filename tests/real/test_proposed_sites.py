"""
Siting in Porto Alegre: a full run with the sites counts exactly the people that were printed.

The streets and the people are real; that each of the 141 places of health care serves 3,000 to
7,000 people is invented. Several in one hexagon stand 60 m beside each other.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import circle15
from circle15.results.summary.building import build_summary
from circle15.workflow.pipeline import run_study

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"
EAST = 0.00062
"""Degrees of longitude in 60 m."""
TABLES = """
[capacity]
medical = { field = "places", per_person = 1, method = "e2sfca" }

[siting.reached]
category = "medical"
add = 5
candidates = "candidates.csv"
datum = "wgs84"

[siting.served]
category = "medical"
phases = [2, 2]
objective = "served"
candidates = "candidates.csv"
datum = "wgs84"
time_limit_s = 20
"""


def places(number):
    return 3000 + 1000 * (number % 5)


def write_study(folder, hexagons, more=()):
    """The study with 141 facilities and what `more` adds; without `more` with its questions."""
    sites = [
        (f"{one['id']}-{k}", float(one["lon"]) + k * EAST, float(one["lat"]))
        for one in hexagons
        for k in range(int(one["healthcare"] or 0))
    ]
    assert len(sites) == 141
    write(folder / "sites.csv", [(*one, places(k)) for k, one in enumerate(sites)] + list(more))
    text = STUDY.read_text(encoding="utf-8")
    begin, end = text.index("[[facilities]]"), text.index("[circle]")
    facilities = '[[facilities]]\nfile = "sites.csv"\ncategory = "medical"\ndatum = "wgs84"\n\n'
    asked = TABLES[: TABLES.index("[siting")] if more else TABLES
    study = folder / "study.toml"
    study.write_text(text[:begin] + facilities + text[end:] + asked, encoding="utf-8")
    return study


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("facility_id", "lon", "lat", "places"), *rows])


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


def test_a_run_with_the_sites_gives_the_people_that_were_printed(real_data, tmp_path, monkeypatch):
    """Of 72 hexagons without health care where most people live, for people reached and served."""
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    with (real_data / "porto_alegre/poa_hexgrid.csv").open(encoding="utf-8") as file:
        hexagons = list(csv.DictReader(file))
    without = [one for one in hexagons if not int(one["healthcare"] or 0)]
    without.sort(key=lambda one: (-int(one["population"] or 0), one["id"]))
    candidates = [
        (one["id"], one["lon"], one["lat"], places(k)) for k, one in enumerate(without[:72])
    ]
    write(tmp_path / "candidates.csv", candidates)
    before = build_summary(run_study(circle15.load_study(write_study(tmp_path, hexagons))))
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
