"""From a study file to states and counts: small streets by hand."""

from __future__ import annotations

import pytest
import shapely
from tests.streets import straight, write_study

import circle15
from circle15.results.records import StudyResult
from circle15.results.summary.building import build_summary
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
