"""From a study file to states and counts: small streets by hand, and the sample as a whole."""

from __future__ import annotations

from fractions import Fraction

import jsonschema
import pytest
import shapely
from tests.streets import straight, write_study

import circle15
from circle15.access.states import REASON_WORDS
from circle15.results.records import StudyResult
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.records import GROUPS
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

HIGH_RULES = '[rules]\npacks = ["liangxi-2025"]\n'


def run(study) -> StudyResult:
    return run_study(circle15.load_study(study))


def state_of(result: StudyResult, demand_id: str, cutoff: int = 15) -> tuple[str, str]:
    """State and reason of a point for meal points at the judged speed."""
    table = result.coverage
    row = table[
        (table[c.DEMAND_ID] == demand_id)
        & (table[c.CUTOFF_MIN] == cutoff)
        & (table[c.SPEED_M_S] == float(result.study.walk.speed_m_s))
        & (table[c.CATEGORY] == "meal_point")
    ]
    assert len(row) == 1
    return str(row[c.STATE].iloc[0]), str(row[c.UNKNOWN_REASON].iloc[0])


def covered(result: StudyResult, cutoff: int = 15, speed: str = "1.0"):
    (row,) = [
        r
        for r in result.coverage_rows
        if r.category == "meal_point"
        and r.cutoff_min == cutoff
        and float(r.speed_m_s) == float(speed)
    ]
    return row


# --- Worked cases, end to end -----------------------------------------------------------------


def test_t02_the_cutoff_is_inclusive(tmp_path):
    """T02: homes 900.00 and 900.01 m along a street: 900 000 ms covered, 900 010 ms not."""
    nodes, word = straight(1000)
    homes = {"exact": (900.0, 0.0, 100), "beyond": (900.01, 0.0, 10)}
    result = run(write_study(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)}))
    times = result.coverage.query("cutoff_min == 15 and speed_m_s == 1.0").set_index("demand_id")
    assert times["time_ms"].to_dict() == {"exact": 900_000, "beyond": 900_010}
    assert state_of(result, "exact") == ("covered", "")
    assert state_of(result, "beyond") == ("gap", "")


def test_t03_not_covered_though_a_circle_says_so(tmp_path):
    """
    T03: 700 m straight, 910 m = 15.17 min on foot: a gap, while circles claim all people.

    At 0.8 m/s 910 / 0.8 s; at 1.2 m/s 2 · 87 500 + 2 · 291 667 ms, each edge rounded by itself.
    """
    nodes = {
        "A": (0.0, 0.0),
        "B": (0.0, 105.0),
        "C": (350.0, 105.0),
        "D": (700.0, 105.0),
        "E": (700.0, 0.0),
    }
    result = run(write_study(tmp_path, nodes, ["ABCDE"], {"h": (0, 0, 7)}, {"f": (700.0, 0.0)}))
    row = covered(result)
    assert (row.counts.covered, row.counts.gap) == (0, 7_000_000)
    assert row.circles.share == 1.0
    assert result.coverage["time_ms"].dropna().unique().tolist() == [910_000, 1_137_500, 758_334]


def test_t06_the_unreachable_stay_in_the_denominator(tmp_path):
    """
    T06: P60 100/200/300/400 at 10/15/15.01 min and never: 300 / 1 000 = 30.0 %; by points 50 %.

    f --600-- a --300-- b -0.6- c, and d on an island of its own.
    """
    nodes, word = straight(1000)
    nodes |= {"X": (0.0, 1500.0), "Y": (700.0, 1500.0)}
    homes = {"a": (600, 0, 100), "b": (900, 0, 200), "c": (900.6, 0, 300), "d": (0, 1500, 400)}
    result = run(write_study(tmp_path, nodes, [word, "XY"], homes, {"f": (0.0, 0.0)}))
    row = covered(result)
    assert row.counts.persons == 1_000_000_000
    assert row.counts.share_covered == 0.3
    states = [state_of(result, k)[0] for k in "abcd"]
    assert states == ["covered", "covered", "gap", "gap"]
    assert covered(result, 10).counts.covered == 100_000_000


def test_t07_a_site_beyond_the_border_covers_people_but_is_no_site_of_the_district(tmp_path):
    """
    T07: boundary x ≤ 500; home at 450, the only site at 700, 200 m outside. Covered: 250 m. For
    the streets' presence of the category it does not count: 0 of 1.
    """
    nodes, word = straight(1000)
    boundary = shapely.box(-100, -100, 500, 100)
    result = run(
        write_study(
            tmp_path,
            nodes,
            [word],
            {"h": (450, 0, 9)},
            {"f": (700.0, 0.0)},
            boundary=boundary,
            streets={"S1": boundary},
            more='[circle]\nrequire = ["meal_point"]\n' + HIGH_RULES,
        )
    )
    assert state_of(result, "h", 5) == ("covered", "")
    assert result.facilities["in_area"].tolist() == [False]
    (entry,) = [f for f in build_summary(result)["facilities"] if f["category"] == "meal_point"]
    assert (entry["open"], entry["in_area"]) == (1, 0)
    assert all("f" not in row.inputs for row in result.rules)


def test_the_demand_outside_the_boundary_is_reported_apart(tmp_path):
    """Homes at 100 and 900, boundary x ≤ 500: one inside, one outside, none lost."""
    nodes, word = straight(1000)
    homes = {"in": (100, 0, 10.5), "out": (900, 0, 4.25)}
    boundary = shapely.box(-100, -100, 500, 100)
    result = run(write_study(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)}, boundary=boundary))
    (balance,) = result.population.balances
    assert (balance.inside, balance.outside) == (10_500_000, 4_250_000)
    assert covered(result).counts.persons == 10_500_000
    assert set(result.coverage["demand_id"]) == {"in"}


def test_250_m_off_the_streets_nobody_is_at_0_minutes(tmp_path):
    """B1: a home and its site 250 m off the network, on one spot: unknown, never 0 min."""
    nodes, word = straight(1000)
    homes = {"far": (500, 250, 5), "near": (500, 150, 5)}
    result = run(write_study(tmp_path, nodes, [word], homes, {"f": (500.0, 250.0)}))
    assert state_of(result, "far") == ("unknown", "UNSNAPPED")
    # Were the site joined, it would be 150 + 250 m away.
    assert state_of(result, "near") == ("unknown", "SITE_UNJOINED")
    assert result.coverage["time_ms"].isna().all()
    codes = {i.code: i for i in result.findings}
    assert codes["TOO_FAR"].detail["id"] in {"far", "f"}
    lost = build_summary(result)["snapping"]
    assert (lost["persons_unsnapped"], lost["demand_unsnapped"]) == (5.0, 1)
    assert lost["facilities_unsnapped"][0]["facility_id"] == "f"


def test_ties_go_to_the_smaller_id_as_text(tmp_path):
    """Sites f10 and f9 at 300 m on both sides: "f10" < "f9" as text, whatever their rows."""
    nodes, word = straight(600)
    for sites in ({"f9": (0.0, 0.0), "f10": (600.0, 0.0)}, {"f10": (0.0, 0.0), "f9": (600.0, 0.0)}):
        result = run(write_study(tmp_path, nodes, [word], {"h": (300, 0, 1)}, sites))
        assert set(result.coverage["facility_id"]) == {"f10"}


# --- Unknown, and why ---------------------------------------------------------------------------


def test_near_the_rim_of_the_data_people_may_leave_it(tmp_path):
    """
    A street of 2 000 m, extent x ≤ 1 030: its node at 1 000 m, within 50 m of the rim, is an exit.

    Home at 400 m: 600 m to the exit, unknown within 15 minutes, a gap within 5. Home at 0: 1 000 m
    to the exit: a gap.
    """
    nodes, word = straight(2000)
    homes = {"near": (400, 0, 1), "far": (0, 0, 1)}
    extent = shapely.box(-1000, -1000, 1030, 1000)
    study = write_study(tmp_path, nodes, [word], homes, {"f": (1900.0, 0.0)}, extent=extent)
    # The list is complete everywhere, so that only the network ends.
    text = study.read_text("utf-8").replace('covers = "extent"', 'covers = "covers.geojson"')
    study.write_text(text, "utf-8")
    write_covers(tmp_path, shapely.box(-3e3, -3e3, 3e3, 3e3))
    result = run(study)
    assert state_of(result, "near") == ("unknown", "NETWORK_ENDS")
    assert state_of(result, "near", 5) == ("gap", "")
    assert state_of(result, "far") == ("gap", "")


def test_where_the_list_ends_a_site_may_be_missing(tmp_path):
    """The list is complete for x ≤ 550 and 50 m more, home at 0: at 10 minutes exactly."""
    nodes, word = straight(2000)
    study = write_study(tmp_path, nodes, [word], {"h": (0, 0, 1)}, {"f": (1950.0, 0.0)})
    text = study.read_text("utf-8").replace('covers = "extent"', 'covers = "covers.geojson"')
    study.write_text(text, "utf-8")
    write_covers(tmp_path, shapely.box(-100, -100, 550, 100))
    result = run(study)
    assert state_of(result, "h", 10) == ("unknown", "LIST_ENDS")
    assert state_of(result, "h", 5) == ("gap", "")
    write_covers(tmp_path, shapely.box(-100, -100, 550.001, 100))
    assert state_of(run(study), "h", 10) == ("gap", "")


def write_covers(folder, shape):
    from tests.streets import write_layer

    write_layer(folder / "covers.geojson", [(shape, {})])


def test_a_site_whose_position_is_unsure_covers_nobody_for_sure(tmp_path):
    """f (unsure) at 300 m, g (sure) at 800 m: within 10 min unknown because of f, within 15 g."""
    nodes, word = straight(1000)
    sites = {"f": (300.0, 0.0), "g": (800.0, 0.0)}
    result = run(write_study(tmp_path, nodes, [word], {"h": (0, 0, 1)}, sites, unsure=["f"]))
    assert state_of(result, "h", 10) == ("unknown", "POSITION_UNSURE")
    assert state_of(result, "h", 15) == ("covered", "")
    assert set(result.coverage["facility_id"]) == {"g"}


def test_slower_people_reach_less(tmp_path):
    """800 m: 13.3 min at 1 m/s, 16.7 at 0.8, 11.1 at 1.2; every run reports all three."""
    nodes, word = straight(1000)
    result = run(write_study(tmp_path, nodes, [word], {"h": (800, 0, 1)}, {"f": (0.0, 0.0)}))
    found = {s: covered(result, 15, s).counts.covered for s in ("0.8", "1.0", "1.2")}
    assert found == {"0.8": 0, "1.0": 1_000_000, "1.2": 1_000_000}


@pytest.mark.parametrize("flip", [False, True])
def test_the_order_of_rows_never_matters(tmp_path, flip):
    """
    Seven homes calibrated to 100 persons share a remainder; turning the file round changes nothing.
    """
    nodes, word = straight(1000)
    homes = {f"h{k}": (50.0 * k, 0, 1) for k in range(7)}
    sites = {f"f{k}": (140.0 * k, 30.0) for k in range(7)}
    study = write_study(tmp_path, nodes, [word], homes, sites)
    text = study.read_text("utf-8").replace('value = "p60"', 'value = "p60", calibrate_to = 100')
    study.write_text(text, "utf-8")
    if flip:
        for name in ("homes.csv", "sites.csv"):
            head, *rows = (tmp_path / name).read_text("utf-8").splitlines()
            (tmp_path / name).write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    result = run(study)
    weights = result.population.demand.set_index("demand_id")["p60_micro"]
    # 100 000 000 / 7 = 14 285 714 and 2 left, for the first two by id.
    assert weights.to_dict() == {f"h{k}": 14_285_714 + (k < 2) for k in range(7)}
    summary = build_summary(result)
    assert [row["facility_id"] for row in summary["catchments"]] == sorted(sites)
    assert [row["persons"] for row in summary["catchments"]] == [100.0] * 7


# --- The sample ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(sample_study) -> StudyResult:
    return run(sample_study)


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
