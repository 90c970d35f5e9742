"""The layers of `results.gpkg` on scenarios: people conserved, homes as in both runs."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyogrio
import pytest
from tests.builders.age_study import three_homes
from tests.builders.scenario_study import KINDS, write_pair
from tests.builders.siting_study import STEP_M, write_grid

from circle15.output.gis.geopackage import write_geopackage
from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study


@pytest.fixture(scope="module", params=[1, 2, 3])
def made(request, tmp_path_factory):
    """A study with a scenario of all kinds, what runs of both find, and its layers."""
    folder = tmp_path_factory.mktemp("layers")
    study, _ = write_pair(folder, seed=300 + request.param, kinds=KINDS, two_lists=True)
    before, after = run_study(study), run_study(study.with_changes("changed"))
    package = folder / "results.gpkg"
    write_geopackage(before, package)
    return before, after, package


def layer(package: Any, name: str) -> Any:
    return pyogrio.read_dataframe(package, layer=name)


def in_circle(summary: Any) -> dict[str, dict[str, Any]]:
    """The table side by side: rows of the circle by category, those of `any` left out."""
    rows = summary["scenarios"][0]["coverage"]
    return {
        row["category"]: row
        for row in rows
        if row["cutoff_min"] == 15 and row["group"] == "p60" and row["category"] != "any"
    }


def require_sums(package: Any, summary: Any) -> Any:
    """The sums of the layer are the numbers of the table; return the layer."""
    table = layer(package, "scenario_differences")
    rows = in_circle(summary)
    listed = set(table["category"])
    assert listed
    for category, row in rows.items():
        own = table[table["category"] == category]
        new = row["covered_b"] - row["covered_a"] - row["gained"] + row["lost"]
        if category not in listed:
            assert (row["gained"], row["lost"]) == (0, 0)
            assert row["covered_a"] == row["covered_b"]
            continue
        sums = own[["persons_gained", "persons_lost", "persons_gap", "persons_at_new_homes"]].sum()
        assert sums.tolist() == pytest.approx(
            [row["gained"], row["lost"], row["gap_b"], new], abs=1e-7
        )
    return table


def test_the_layer_sums_to_the_table(made):
    before, _, package = made
    table = require_sums(package, json.loads(to_json(build_summary(before))))
    assert set(table["change"]) <= {"gained", "lost", "new_home", "gap", "unknown"}
    assert set(table["scenario"]) == {"changed"}
    assert set(table["cutoff_min"]) == {15}


def test_each_home_has_the_states_of_both_runs(made):
    """The rows are those homes whose state differs, new homes, and those left in a gap."""
    before, after, package = made
    states = []
    for result in (before, after):
        rows = result.coverage
        own = rows[(rows["cutoff_min"] == 15) & (rows["speed_m_s"] == 1.0)]
        states.append({(k.category, k.demand_id): k.state for k in own.itertuples()})
    found = layer(package, "scenario_differences")
    found = found[found["category"] != "all"]
    listed = {
        (row.category, row.demand_id): (row.state_today, row.state) for row in found.itertuples()
    }
    for category in {category for category, _ in listed}:
        expected = {
            key: (states[0].get(key), state)
            for key, state in states[1].items()
            if key[0] == category and (state != states[0].get(key) or state == "gap")
        }
        own = {
            key: (None if pd.isna(one[0]) else one[0], one[1])
            for key, one in listed.items()
            if key[0] == category
        }
        assert own == expected


def test_the_sites_that_change_and_the_new_link(made):
    _, after, package = made
    sites = layer(package, "scenario_sites").set_index("facility_id")
    assert sites.loc[["n0", "n1"], "change"].tolist() == ["added", "added"]
    assert sites.loc["s3", "change"] == "moved"
    assert sites.loc["s3", "fields"] == "position"
    assert sites.loc["s2", "change"] == "changed"
    assert sites.loc["s2", "fields"] == "floor_area_m2"
    own = after.facilities.set_index("facility_id")
    assert set(sites.index) <= {"n0", "n1", "s0", "s1", "s2", "s3", "s5"}
    assert "open" not in own.loc[["s0", "s5"], "status"].tolist()
    for row in sites.itertuples():
        assert (row.geometry.x, row.geometry.y) == (
            own.loc[row.Index, "x_m"],
            own.loc[row.Index, "y_m"],
        )
    (link,) = layer(package, "scenario_links").itertuples()
    assert link.geometry.geom_type == "LineString"
    assert link.length_m == pytest.approx(link.geometry.length, rel=1e-3)
    assert link.length_m > 2 * STEP_M


def test_every_row_has_its_symbol(made):
    _, _, package = made
    styles = layer(package, "layer_styles").set_index("f_table_name")["styleQML"]
    shown = {}
    for name in ("scenario_differences", "scenario_sites", "scenario_links"):
        shown[name] = [one.get("value") for one in ET.fromstring(styles[name]).iter("category")]
    table = layer(package, "scenario_differences")
    keys = table["scenario"] + " " + table["category"] + " " + table["change"]
    assert set(keys) <= set(shown["scenario_differences"])
    assert set(layer(package, "scenario_sites")["change"]) <= set(shown["scenario_sites"])
    drawn = [
        one.get("value")
        for one in ET.fromstring(styles["scenario_differences"]).iter("category")
        if one.get("render") == "true"
    ]
    assert {str(one).rsplit(" ", 1)[0] for one in drawn} == {"changed all"}


def test_people_of_several_speeds_are_conserved(tmp_path):
    """
    The only site closes: of 10 people at 600, 750 and 850 m lose it those who could walk so far.

    4 of them walk 900 m in the circle, 4.5 walk 810 m and 1.5 walk 630 m.
    """
    study = three_homes(tmp_path)
    study.write_text(study.read_text("utf-8") + '\n[scenarios.none]\nclose = ["f"]\n', "utf-8")
    result = run_study(load_study(study))
    package = tmp_path / "results.gpkg"
    write_geopackage(result, package)
    found = require_sums(package, json.loads(to_json(build_summary(result))))
    lost = found[found["category"] == "meal_point"].set_index("demand_id")["persons_lost"]
    assert lost.to_dict() == {"near": 10, "mid": 8.5, "far": 4}
    assert set(found["persons"]) == {10}


def test_without_scenarios_there_is_no_layer(tmp_path):
    package = tmp_path / "results.gpkg"
    write_geopackage(run_study(load_study(write_grid(tmp_path, homes=20))), package)
    assert not [name for name, _ in pyogrio.list_layers(package) if name.startswith("scenario")]
