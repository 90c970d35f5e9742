"""Supply, assignment and worth of sites in a study: F01 by hand, and faulty or missing values.

`tests/builders/supply_study.py` draws it. Nearest first, all four walks of 500 s: S1 takes a and
50 of b, for 30 meals are 150 people; S2's 100 are b's; c is turned away.
"""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from tests.builders.supply_study import write_supply

from circle15.results.accessibility_table import accessibility_table
from circle15.results.summary.building import build_summary
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.pipeline import run_study


def found(folder, **changes):
    """The summary of the study, its supply entry, and its result."""
    result = run_study(load_study(write_supply(folder, **changes)))
    summary = build_summary(result)
    (supply,) = summary["supply"]
    return summary, supply, result


def codes(result):
    return [one.code for one in result.findings if one.code.startswith("CAPACITY")]


def test_f01_and_who_is_served(tmp_path):
    summary, supply, result = found(tmp_path)
    (homes,) = result.access[0].homes
    assert homes.supply_per_person == pytest.approx([0.1, 0.1 + 20 / 300, 20 / 300, 0])
    assert homes.served.tolist() == [100_000_000, 150_000_000, 0, 0]
    assert supply["supply"] == supply["supply_reached"] == 50
    assert supply["supply_handed_out"] == pytest.approx(50)
    assert supply["supply_per_person"] == pytest.approx(50 / 450)
    assert (supply["served"], supply["turned_away"]) == (250, 150)
    assert (supply["gap"], supply["unknown"]) == (50, 0)
    assert supply["minutes_walked"] == pytest.approx(250 * 500 / 60, rel=1e-5)
    assert (supply["without_site"], supply["one_site"], supply["more_sites"]) == (50, 200, 200)
    one, two = summary["catchments"]
    assert (one["capacity"], one["assigned"], one["room"]) == (30, 150, 150)
    assert (two["capacity"], two["assigned"], two["room"]) == (20, 100, 100)
    nothing = {"further_mean_min": None, "further_most_min": None}
    assert one["if_closed"] == {"lost": 100, "further": 0, **nothing}
    east, west = summary["supply_zones"]
    assert (west["name"], west["served"], west["gap"]) == ("street W", 100, 50)
    assert (east["name"], east["turned_away"]) == ("street E", 150)
    assert codes(result) == []


def test_least_walk_serves_as_many_and_prints_its_bound(tmp_path):
    entry = 'meal_point = { field = "meals_per_day", per_person = 0.2, assign = "least_walk" }'
    _, supply, _ = found(tmp_path, entry=entry)
    assert supply["served"] == 250
    assert supply["least_minutes_walked"] == pytest.approx(supply["minutes_walked"])


def test_without_per_person_there_is_supply_alone(tmp_path):
    summary, supply, result = found(tmp_path, entry='meal_point = { field = "meals_per_day" }')
    assert codes(result) == ["CAPACITY_NO_DEMAND"]
    assert supply["supply_per_person"] == pytest.approx(50 / 450)
    assert "served" not in supply
    assert [one["assigned"] for one in summary["catchments"]] == [None, None]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "CAPACITY_UNKNOWN"),
        ("-20", "NEGATIVE_VALUE"),
        ("20张", "UNREADABLE"),
        ("约不详", "UNREADABLE"),
    ],
)
def test_a_missing_negative_or_odd_capacity_is_unknown_and_listed_once(tmp_path, cell, code):
    summary, supply, result = found(tmp_path, meals={"S1": "30", "S2": cell})
    (one,) = [one for one in result.findings if one.row == 3]
    assert (one.code, one.column) == (code, "meals_per_day")
    assert (supply["supply"], supply["sites_unknown"]) == (30, 1)
    assert summary["catchments"][1]["capacity"] is None
    assert summary["catchments"][1]["assigned"] is None
    # b and c reach S2: what they have is unknown, and so are those whom S1 does not serve.
    (homes,) = result.access[0].homes
    assert np.isnan(homes.supply_per_person).tolist() == [False, True, True, False]
    assert (supply["served"], supply["turned_away"], supply["unknown"]) == (150, 0, 250)


def test_a_capacity_larger_than_any_site_has_counts_and_is_listed(tmp_path):
    _, supply, result = found(tmp_path, meals={"S1": "30", "S2": "100万"})
    (one,) = [one for one in result.findings if one.row == 3]
    assert (one.code, one.severity, one.detail["value"]) == ("LARGE_CAPACITY", "warning", "100万")
    assert one.detail["number"] == "1,000,000"
    assert supply["supply"] == 1_000_030


def test_a_field_that_no_site_states_is_one_finding_that_names_the_one_they_state(tmp_path):
    _, supply, result = found(tmp_path, entry='meal_point = { field = "beds", per_person = 1 }')
    assert codes(result) == ["CAPACITY_OTHER_FIELD"]
    (one,) = [one for one in result.findings if one.code == "CAPACITY_OTHER_FIELD"]
    assert one.column == "capacity.meal_point.field"
    assert (one.detail["other"], one.detail["count"], one.detail["stated"]) == (
        "meals_per_day",
        "2",
        "2",
    )
    assert supply["sites_unknown"] == 2


def test_an_approximate_capacity_counts_and_is_listed(tmp_path):
    _, supply, result = found(tmp_path, meals={"S1": "30", "S2": "约20"})
    assert supply["supply"] == 50
    assert "APPROXIMATE_VALUE" in [one.code for one in result.findings]


def test_an_unsure_site_gives_nobody_anything(tmp_path):
    _, supply, result = found(tmp_path, unsure=("S2",))
    assert (supply["supply"], supply["sites_unknown"]) == (30, 1)
    # c is covered only by the unsure site: unknown. 50 of b find no room at S1, and are beside S2.
    assert (supply["served"], supply["turned_away"], supply["unknown"]) == (150, 0, 250)
    (homes,) = result.access[0].homes
    assert np.isnan(homes.supply_per_person).tolist() == [False, True, True, False]


def test_a_category_without_sites_is_listed(tmp_path):
    entry = 'care_home = { field = "beds", per_person = 0.03 }'
    _, supply, result = found(tmp_path, entry=entry)
    assert codes(result) == ["CAPACITY_WITHOUT_SITES"]
    assert "served" not in supply


@pytest.mark.parametrize(
    "walk", ['judge = "round_trip"', "age_speeds = { p60_69 = 1.0, p70_79 = 1.0, p80 = 1.0 }"]
)
def test_round_trips_on_one_street_and_bands_of_one_speed_change_nothing(tmp_path, walk):
    summary, supply, _ = found(tmp_path, walk=walk, groups={"p70": 0.5, "p80": 0.2})
    assert supply["supply_per_person"] == pytest.approx(50 / 450)
    assert (supply["served"], supply["turned_away"], supply["gap"]) == (250, 150, 50)
    assert [one["assigned"] for one in summary["catchments"]] == [150, 100]


def test_slow_people_do_not_share_what_they_do_not_reach(tmp_path):
    """
    Those of 80+ walk at .5 m/s: 500 m take 1,000 s, so a fifth of all reach nothing.

    S1 serves 80 of a and 70 of b, S2 90 of b and 10 of c; 70 of c find no room.
    """
    walk = "age_speeds = { p60_69 = 1.0, p70_79 = 1.0, p80 = 0.5 }"
    _, supply, result = found(tmp_path, walk=walk, groups={"p70": 0.5, "p80": 0.2})
    assert (supply["served"], supply["turned_away"], supply["gap"]) == (250, 70, 130)
    assert sum(supply[key] for key in ("served", "turned_away", "gap", "unknown")) == 450
    last = result.access[0].homes[-1]
    assert last.supply_per_person.tolist() == [0, 0, 0, 0]


def test_weights_and_methods_are_named(tmp_path):
    entry = 'meal_point = { field = "meals_per_day", method = "e2sfca", weights = [1, 0.5, 0.25] }'
    summary, supply, result = found(tmp_path, entry=entry)
    # All walks are in the third band, so that the weights cancel out.
    (homes,) = result.access[0].homes
    assert homes.supply_per_person == pytest.approx([0.1, 0.1 + 20 / 300, 20 / 300, 0])
    assert summary["parameters"]["capacity"]["meal_point"]["weights"] == [1, 0.5, 0.25]
    assert supply["balance_error"] == pytest.approx(0, abs=1e-12)


def test_equity_of_f01(tmp_path):
    """G01 with the 50 people who have nothing: minutes, coverage and supply."""
    summary, _, _ = found(tmp_path)
    measures = {one["measure"]: one for one in summary["equity"]}
    assert measures["coverage"]["mean"] == pytest.approx(400 / 450)
    assert measures["minutes"]["worst_tenth"] == pytest.approx(1900 / 60, rel=1e-4)
    values = pd.Series([0.1, 1 / 6, 2 / 30, 0.0]).repeat([100, 200, 100, 50]).to_numpy()
    apart = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert measures["supply"]["gini"] == pytest.approx(apart)


def test_where_the_worst_off_live(tmp_path):
    """
    45 of 450 people: those of d, who walk 1,900 s. W has a (500 s) and d, E has b and c (500 s).
    """
    run(write_supply(tmp_path), out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    zones = {one["id"]: one for one in summary["supply_zones"]}
    assert {key: zone["worst_tenth"] for key, zone in zones.items()} == {"W": 45, "E": 0}
    walks = {key: zone["mean_min"] * 60 for key, zone in zones.items()}
    assert walks == pytest.approx({"W": (100 * 500 + 50 * 1900) / 150, "E": 500}, rel=1e-4)
    (area,) = summary["supply"]
    assert area["worst_tenth"] == 45
    equity = {one["measure"]: one for one in summary["equity"]}
    assert area["mean_min"] == pytest.approx(equity["minutes"]["mean"])
    package = tmp_path / "out" / "results.gpkg"
    homes = gpd.read_file(package, layer="demand").set_index("demand_id")
    assert homes["meal_point_worst"].to_dict() == {"a": 0, "b": 0, "c": 0, "d": 45}
    places = gpd.read_file(package, layer="zones").set_index("zone_id")
    assert places["meal_point_worst"].to_dict() == {"W": 45, "E": 0}
    assert places["meal_point_mean_min"].loc["E"] == pytest.approx(500 / 60, rel=1e-4)
    table = pyogrio.read_dataframe(package, layer="equity").set_index("measure")
    for measure, one in equity.items():
        row = table.loc[measure]
        for key in ("mean", "gini", "palma", "worst_tenth", "persons"):
            assert row[key] == pytest.approx(one[key], nan_ok=True) or one[key] is None, key
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "这一成人主要住在" in report or "Most of this tenth live in" in report


def test_round_trips_have_no_worst_off(tmp_path):
    summary, supply, _ = found(tmp_path, walk='judge = "round_trip"')
    assert "worst_tenth" not in supply
    assert all("mean_min" not in zone for zone in summary["supply_zones"])


def test_homes_and_sites_in_the_files(tmp_path):
    """
    accessibility.parquet, and the columns of results.gpkg.

    S2 of unknown capacity may serve the rest of b, and all of c: it is unknown how many are served.
    """
    run(write_supply(tmp_path, meals={"S1": "30", "S2": ""}), out=tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out" / "accessibility.parquet").set_index("demand_id")
    assert list(table["state"]) == ["covered", "covered", "covered", "gap"]
    assert table["supply_per_person"].isna().tolist() == [False, True, True, False]
    assert table["at_least"].tolist() == [False, True, True, False]
    assert table["served"].isna().tolist() == [False, True, True, False]
    assert table["served"].loc[["a", "d"]].tolist() == [100, 0]
    assert table["second_ms"].isna().tolist() == [True, False, True, True]
    assert table["persons"].sum() == 450
    homes = gpd.read_file(tmp_path / "out" / "results.gpkg", layer="demand")
    homes = homes.set_index("demand_id").loc[table.index]
    assert homes["meal_point_served"].isna().tolist() == [False, True, True, False]
    assert homes["meal_point_served"].loc[["a", "d"]].tolist() == [100, 0]
    assert homes["meal_point_supply"].isna().tolist() == [False, True, True, False]
    assert homes["meal_point_second_s"].loc["b"] == pytest.approx(500, abs=0.01)
    sites = gpd.read_file(tmp_path / "out" / "results.gpkg", layer="facilities")
    sites = sites.set_index("facility_id")
    assert sites["lost_if_closed"].to_dict() == {"S1": 100, "S2": 100}
    assert sites["assigned"].isna().to_dict() == {"S1": False, "S2": True}
    assert sites["room"].loc["S1"] == 150


def test_whether_people_of_unknown_state_are_served_is_unknown(tmp_path):
    """c is covered only by an unsure site; S1 has room for all of a and b, and d is in the gap."""
    run(
        write_supply(tmp_path, meals={"S1": "60", "S2": "20"}, unsure=("S2",)), out=tmp_path / "out"
    )
    table = pd.read_parquet(tmp_path / "out" / "accessibility.parquet").set_index("demand_id")
    assert list(table["state"]) == ["covered", "covered", "unknown", "gap"]
    homes = gpd.read_file(tmp_path / "out" / "results.gpkg", layer="demand")
    homes = homes.set_index("demand_id").loc[table.index]
    for served in (table["served"], homes["meal_point_served"]):
        assert served.isna().to_dict() == {"a": False, "b": False, "c": True, "d": False}
        assert served.drop("c").tolist() == [100, 200, 0]


def test_bands_of_age_stand_in_rows_of_their_own(tmp_path):
    walk = "age_speeds = { p60_69 = 1.0, p70_79 = 1.0, p80 = 0.5 }"
    result = run_study(
        load_study(write_supply(tmp_path, walk=walk, groups={"p70": 0.5, "p80": 0.2}))
    )
    table = accessibility_table(result)
    assert len(table) == 4 * 3
    assert table.groupby("group")["persons"].sum().to_dict() == pytest.approx(
        {"p60_69": 225, "p70_79": 135, "p80": 90}
    )
    assert table["served"].sum() == 250
