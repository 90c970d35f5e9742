"""States, sums and rules of the sample as a whole."""

from __future__ import annotations

from fractions import Fraction

import jsonschema
import pytest
import shapely

from circle15.access.states import REASON_WORDS
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.records import GROUPS
from circle15.study.vocabulary import columns as c


@pytest.fixture(scope="module")
def sample(sample_result):
    return sample_result


@pytest.fixture(scope="module")
def summary(sample):
    return build_summary(sample)


def test_the_summary_is_what_its_schema_says(summary):
    jsonschema.Draft202012Validator.check_schema(summary_schema())
    jsonschema.validate(summary, summary_schema())


def test_the_schema_refuses_what_is_wrong(summary):
    for key in ("coverage", "population", "residential_zones"):
        broken = {k: v for k, v in summary.items() if k != key}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, summary_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(summary | {"coverage": [{"category": 1}]}, summary_schema())


def micro(persons: float) -> int:
    return round(persons * c.MICRO)


def test_the_states_sum_to_the_people_exactly(summary):
    """For each category (and any, all), group, cutoff and speed, in micro-persons."""
    inside = {row["group"]: row["inside"] for row in summary["population"]}
    rows = summary["coverage"]
    seen = {(r["category"], r["group"], r["cutoff_min"], r["speed_m_s"]) for r in rows}
    assert len(seen) == len(rows)
    categories = {r["category"] for r in rows}
    assert {"any", "all", "home_care_station", "meal_point", "care_home"} <= categories
    assert len(rows) == len(categories) * len(inside) * 3 * 3
    for row in rows:
        parts = [micro(row[state]) for state in ("covered", "gap", "unknown")]
        assert sum(parts) == micro(row["persons"]) == micro(inside[row["group"]])


def test_the_zones_sum_to_the_area_exactly(summary):
    """Streets and communities each tile the district: their people by state sum to its own."""
    area = {
        (r["category"], r["cutoff_min"]): r
        for r in summary["coverage"]
        if (r["group"], r["speed_m_s"]) == ("p60", 1.0)
    }
    for level, count in (("street", 12), ("community", 160)):
        for key, whole in area.items():
            rows = [
                r
                for r in summary["zones"]
                if r["level"] == level and (r["category"], r["cutoff_min"]) == key
            ]
            assert len(rows) == count
            for name in ("persons", "covered", "gap", "unknown"):
                assert sum(micro(r[name]) for r in rows) == micro(whole[name])


def test_the_balance_of_people_closes(sample, summary):
    """Inside as calibrated, nobody lost: input = inside + outside, and the table holds them all."""
    inside = {row["group"]: row["inside"] for row in summary["population"]}
    assert (inside["total"], inside["p60"], inside["p80"]) == (985_451, 230_300, 39_151)
    assert (
        inside["households"] == 402_225
    )  # the sum of the communities; 985 451 / 2.45 is 402 224.9
    demand = sample.population.demand
    for balance in sample.population.balances:
        weight = demand[c.weight_column(balance.group)]
        assert int(weight.sum()) == balance.total
        assert int(weight[demand[c.IN_AREA]].sum()) == balance.inside
        assert (weight >= 0).all()
        assert balance.group in GROUPS


def test_nobody_deep_inside_the_district_is_outside(sample):
    """A demand point outside stands in a cell that the boundary cuts, or beyond it."""
    demand = sample.population.demand
    out = demand[~demand[c.IN_AREA]]
    points = shapely.points(out[c.X_M], out[c.Y_M])
    boundary = sample.area.boundary
    deep = shapely.contains(boundary, points) & (shapely.distance(boundary.boundary, points) > 70)
    assert not deep.any()


def test_the_facilities_are_those_of_the_readme(sample, summary):
    """160 distinct stations and one row twice; 37 homes with 6 481 beds, 5 898 of them nursing."""
    entry = {row["category"]: row for row in summary["facilities"]}
    stations = sample.facilities[sample.facilities[c.CATEGORY] == "home_care_station"]
    assert stations[c.DUPLICATE_OF].isna().sum() == 160
    assert stations[c.DUPLICATE_OF].dropna().tolist() == ["S-021"]
    assert entry["home_care_station"]["rows"] == 161
    assert entry["home_care_station"]["open"] == 158  # one closed, one under construction
    assert entry["care_home"]["rows"] == 37
    assert entry["care_home"]["capacity"] == {"beds": 6481, "nursing_beds": 5898}


def test_all_states_and_verdicts_occur(summary):
    """The sample shows everything that a reader should meet once."""
    row = next(
        r
        for r in summary["coverage"]
        if (r["category"], r["group"], r["cutoff_min"], r["speed_m_s"])
        == ("home_care_station", "p60", 15, 1.0)
    )
    assert min(row["covered"], row["gap"], row["unknown"]) > 1000
    assert row["share_covered"] < row["share_by_circles"]
    zones = summary["residential_zones"]
    verdicts = {zone["verdict"] for zone in zones}
    assert verdicts == {"met", "not_met", "not_applicable", "undetermined"}
    assert any(zone["reading_dependent"] for zone in zones)
    assert any(len(set(zone["readings"].values())) > 1 for zone in zones)
    assert {one["state"] for zone in zones for one in zone["circle"]} == {
        "covered",
        "gap",
        "unknown",
    }


def test_the_cases_of_the_readme(summary):
    """Z-01 to Z-18 with the verdicts and readings that the sample's README states."""
    expected = {
        "Z-01": "met",
        "Z-02": "not_met",
        "Z-03": "met",
        "Z-04": "not_met",
        "Z-05": "not_met",
        "Z-06": "not_met",
        "Z-07": "met",
        "Z-08": "met",
        "Z-09": "not_applicable",
        "Z-10": "undetermined",
        "Z-11": "met",
        "Z-12": "not_met",
        "Z-13": "undetermined",
        "Z-15": "not_met",
        "Z-16": "not_met",
        "Z-17": "met",
        "Z-18": "not_met",
    }
    zones = {zone["zone_id"]: zone for zone in summary["residential_zones"]}
    assert {key: zones[key]["verdict"] for key in expected} == expected
    assert zones["Z-06"]["readings"] == {"R1": "met", "R2": "not_met", "R3": "not_met"}
    assert zones["Z-17"]["readings"] == {"R1": "met", "R2": "not_met", "R3": "met"}
    assert (zones["Z-15"]["required_m2"], zones["Z-15"]["counted_m2"]) == (600, 500)


def test_every_unknown_names_its_reason(sample):
    table = sample.coverage
    unknown = table[c.STATE] == "unknown"
    named = table[c.UNKNOWN_REASON] != ""
    assert (unknown == named).all()
    assert set(table[c.UNKNOWN_REASON]) <= set(REASON_WORDS)
    reasons = {"UNSNAPPED", "NETWORK_ENDS", "LIST_ENDS", "POSITION_UNSURE"}
    assert reasons <= set(table[c.UNKNOWN_REASON])


def test_longer_cutoffs_and_faster_people_are_never_covered_less(summary):
    """B5: monotone in the cutoff and in the speed, for every category and group."""
    share = {
        (r["category"], r["group"], r["cutoff_min"], r["speed_m_s"]): micro(r["covered"])
        for r in summary["coverage"]
    }
    for (category, group, cutoff, speed), people in share.items():
        for longer in (10, 15):
            assert cutoff >= longer or people <= share[category, group, longer, speed]
        for faster in (1.0, 1.2):
            assert speed >= faster or people <= share[category, group, cutoff, faster]


def test_any_and_all_bound_their_categories(summary):
    """all ≤ each required category ≤ any, in people covered."""
    rows = {
        (r["category"], r["cutoff_min"]): micro(r["covered"])
        for r in summary["coverage"]
        if (r["group"], r["speed_m_s"]) == ("p60", 1.0)
    }
    for cutoff in (5, 10, 15):
        for category in ("home_care_station", "meal_point"):
            assert rows["all", cutoff] <= rows[category, cutoff] <= rows["any", cutoff]


def test_catchments_hold_the_covered(sample, summary):
    """Nobody is covered without a catchment: covered ≤ the sum of catchments, and each ≤ all."""
    for category in ("home_care_station", "care_home"):
        found = [r for r in summary["catchments"] if r["category"] == category]
        row = next(
            r
            for r in summary["coverage"]
            if (r["category"], r["group"], r["cutoff_min"], r["speed_m_s"])
            == (category, "p60", 15, 1.0)
        )
        assert sum(micro(r["persons"]) for r in found) >= micro(row["covered"])
        assert sum(micro(r["persons_only_here"]) for r in found) <= micro(row["covered"])
        assert all(r["persons_only_here"] <= r["persons"] <= row["persons"] for r in found)


def test_rules_name_their_sources(summary):
    assert {row["id"] for row in summary["rules"]}
    for row in summary["rules"]:
        assert row["quote"]
        assert row["source"]
        if row["verdict"] in {"met", "not_met"}:
            assert row["value"] is not None or row["shortfall"] is not None


def test_shares_are_quotients_of_people(summary):
    for row in summary["coverage"]:
        exact = Fraction(micro(row["covered"]), micro(row["persons"]))
        assert row["share_covered"] == float(exact)
