"""Judged people are kept as arrays; words are made when the coverage table is needed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from tests.builders.coverage import NOBODY_JUDGED, drawn_coverage, judged_of
from tests.builders.report_page import build_report
from tests.builders.small_map import small_result, small_study

from circle15.access.judged_people import JudgedPeople, JudgedWalk
from circle15.access.judging import Judged
from circle15.output.gis.geopackage import write_geopackage
from circle15.output.map.html import build_map
from circle15.output.tables import coverage_parquet
from circle15.results import records
from circle15.results.coverage_table import coverage_blocks, coverage_table
from circle15.results.figures import unknown_people
from circle15.results.reasons import TOLD_REASONS, ToldReasons
from circle15.results.states_by_choice import headline_states, states_by_choice
from circle15.results.summary.building import build_summary
from circle15.study.settings.rules.requirements import Circle

MICRO = 1_000_000


def judged(time_ms, facility, states, reasons=None) -> Judged:
    codes = np.array(states, np.int8)
    why = np.zeros(len(codes), np.int8) if reasons is None else np.array(reasons, np.int8)
    return Judged(np.array(time_ms), np.array(facility), {5: codes, 15: codes}, {5: why, 15: why})


def two_walks() -> JudgedPeople:
    """Homes in rows 0 and 2; who walks as `[walk]` says, then the band p80; as usual, then half."""
    near, far = judged([1, -1], [1, -1], [0, 2], [0, 5]), judged([3, 4], [0, 0], [0, 1])
    return JudgedPeople(
        np.array([0, 2]),
        [
            JudgedWalk(name, factor, speed * factor, {"meal_point": one})
            for factor in (Fraction(1), Fraction(1, 2))
            for name, speed, one in (("", Fraction(1), near), ("p80", Fraction(4, 5), far))
        ],
    )


def test_the_part_is_that_of_its_name_at_the_judged_speed():
    people = two_walks()
    assert people.at_judged_speed("p80") is people.walks[1].categories
    assert people.at_judged_speed("") is people.walks[0].categories


def test_where_no_home_is_judged_there_are_no_categories():
    assert NOBODY_JUDGED.at_judged_speed("") == {}
    empty = judged([], [], [])
    people = JudgedPeople(
        np.zeros(0, np.int64), [JudgedWalk("", Fraction(1), Fraction(1), {"meal_point": empty})]
    )
    assert people.at_judged_speed("p80") == {}


def test_the_table_names_group_and_factor_where_people_walk_unlike():
    ids, sites = np.array(["a", "b", "c"], object), np.array(["t", "f"], object)
    table = coverage_table(coverage_blocks(two_walks(), ids, sites, alike=False))
    assert len(table) == 2 * 2 * 2 * 2  # homes, cutoffs, ways of walking, speeds
    usual = table[table["group"].isna() & (table["factor"] == 1.0)]
    assert usual["demand_id"].tolist() == ["a", "c", "a", "c"]
    assert usual["cutoff_min"].tolist() == [5, 5, 15, 15]
    assert usual["facility_id"].astype(object).fillna("").tolist() == ["f", "", "f", ""]
    assert usual["time_ms"].fillna(-9).tolist() == [1, -9, 1, -9]
    assert usual["state"].tolist() == ["covered", "unknown"] * 2
    assert usual["unknown_reason"].tolist() == ["", "SITE_UNPLACED"] * 2
    slow = table[(table["group"] == "p80") & (table["factor"] == 0.5)]
    assert set(slow["speed_m_s"]) == {0.4}
    assert slow["state"].tolist() == ["covered", "gap"] * 2


def test_where_all_walk_alike_the_table_names_no_group():
    people = two_walks()
    alike = JudgedPeople(people.rows, people.walks[:1])
    ids, sites = np.array(list("abc"), object), np.array(["f"] * 2)
    table = coverage_table(coverage_blocks(alike, ids, sites, alike=True))
    assert list(table) == [
        "demand_id",
        "category",
        "speed_m_s",
        "time_ms",
        "facility_id",
        "cutoff_min",
        "state",
        "unknown_reason",
    ]
    nothing = np.array([], object)
    assert coverage_table(coverage_blocks(NOBODY_JUDGED, nothing, nothing, alike=True)).empty


def test_a_table_by_hand_comes_back_as_it_was():
    result = small_result(states=("unknown", "gap", "covered"))
    again = judged_of(result.coverage, result.demand, result.facilities)
    pd.testing.assert_frame_equal(
        small_result(judged=again, states=("unknown", "gap", "covered")).coverage, result.coverage
    )
    assert drawn_coverage(result)["state"].tolist() == ["unknown", "gap", "covered"] * 3


@pytest.mark.parametrize("turn", [slice(None), slice(None, None, -1)])
def test_values_of_homes_go_to_their_rows_and_others_stay_unjudged(turn):
    plain = small_result()
    demand = plain.demand.iloc[turn].reset_index(drop=True)
    coverage = plain.coverage[plain.coverage["demand_id"] != "b"]
    result = small_result(demand=demand, coverage=coverage)
    state = dict(zip(demand["demand_id"], states_by_choice(result)["all", 15], strict=True))
    assert state == {"a": 0, "b": -1, "c": 2}
    headline = headline_states(result)
    assert headline is not None
    assert dict(zip(demand["demand_id"], headline, strict=True)) == state
    assert result.of_demand(np.array([1, 2]), -5).dtype == np.int64


def test_a_circle_of_which_one_service_was_not_judged_has_no_state():
    result = small_result(study=small_study(circle=Circle(("meal_point", "day_care_center"))))
    assert {choice for choice, _ in states_by_choice(result)} == {"meal_point"}
    headline = headline_states(result)
    assert headline is not None
    assert headline.tolist() == [-1, -1, -1]
    assert headline_states(small_result(categories=[], study=small_study(circle=Circle()))) is None


def test_a_home_that_has_not_joined_tells_its_snapping_code():
    plain = small_result(states=("unknown",) * 3, people=(3, 2, 1))
    coverage = plain.coverage.assign(unknown_reason=["UNSNAPPED", "UNSNAPPED", "LIST_ENDS"] * 3)
    result = small_result(
        states=("unknown",) * 3,
        people=(3, 2, 1),
        coverage=coverage,
        demand=plain.demand.assign(snap_code=["TOO_FAR", "", "TOO_FAR"]),
    )
    why = result.judged_as(result.drawn)["meal_point"].reasons[15]
    told = [TOLD_REASONS[code] for code in ToldReasons(result).of(why)]
    assert told == ["TOO_FAR", "UNSNAPPED", "LIST_ENDS"]
    people = {"TOO_FAR": 3 * MICRO, "UNSNAPPED": 2 * MICRO, "LIST_ENDS": MICRO}
    assert unknown_people(result) == {"meal_point": people}


def test_no_output_but_the_coverage_file_makes_the_table(tmp_path, monkeypatch):
    result = small_result()

    def refused(*_arguments, **_options):
        raise AssertionError("the table of words was made")

    monkeypatch.setattr(records, "coverage_blocks", refused)
    build_summary(result)
    build_map(result, "en")
    build_report(result, "en")
    write_geopackage(result, tmp_path / "results.gpkg")
    with pytest.raises(AssertionError, match="table of words"):
        _ = result.coverage


def test_the_file_holds_the_rows_of_the_table_in_groups(tmp_path, monkeypatch):
    """Groups of 3 rows: blocks of 2 are cut and joined, and the last one is short."""
    monkeypatch.setattr(coverage_parquet, "_GROUP_ROWS", 3)
    result = small_result()
    coverage_parquet.write_coverage(result, tmp_path / "coverage.parquet")
    written = pq.ParquetFile(tmp_path / "coverage.parquet")
    groups = [written.metadata.row_group(k).num_rows for k in range(written.num_row_groups)]
    assert sum(groups) == len(result.coverage) > 3
    assert set(groups[:-1]) <= {3}
    read = written.read().to_pandas()
    pd.testing.assert_frame_equal(
        read.astype(object).where(read.notna(), None),
        result.coverage.astype(object).where(result.coverage.notna(), None),
        check_dtype=False,
    )
