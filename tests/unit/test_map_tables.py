"""Rules and data quality in the panel beside the map."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from tests.builders.coverage import with_coverage
from tests.builders.small_map import small_result

from circle15.output.map.tables import quality_rows, rule_rows
from circle15.rules.evaluators.answers import RuleResult
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict

RULES = {rule.id: rule for rule in load_pack("liangxi-2025").rules}


def answer(rule_id, scope, verdict, **changes):
    made = {
        "pack": "liangxi-2025",
        "rule": RULES[rule_id],
        "source": "规划",
        "scope": scope,
        "verdict": verdict,
        "value": Fraction(299999, 1000),
        "threshold": Fraction(300),
        "unit": "m2",
        "shortfall": Fraction(1, 1000),
        "reason": None,
        "inputs": (),
    }
    return RuleResult(**{**made, **changes})


def test_a_rule_shows_its_numbers_as_the_report_prints_them():
    rows = rule_rows(small_result(rules=[answer("LX-04", "a", Verdict.NOT_MET)]), "zh")
    assert len(rows) == 1
    row = rows[0]
    assert (row["rule"], row["verdict"], row["scope"]) == ("LX-04", "not_met", "a")
    assert (row["value"], row["threshold"], row["unit"]) == ("299.999", "300", "m²")
    assert row["quote"] == RULES["LX-04"].quote


def test_a_rule_of_many_scopes_is_summed_up_by_its_worst_verdict():
    verdicts = [Verdict.MET, Verdict.UNDETERMINED, Verdict.NOT_MET, Verdict.MET]
    found = [answer("LX-04", str(k), verdict) for k, verdict in enumerate(verdicts)]
    (row,) = rule_rows(small_result(rules=found), "en")
    assert row["verdict"] == "not_met"
    assert row["counts"] == {"not_met": 1, "undetermined": 1, "met": 2}
    assert row["scope"] == "4 cases"


def test_homes_that_did_not_join_are_listed_with_their_people():
    result = small_result(states=("covered", "unknown", "unknown"), people=(3, 2, 5))
    result.demand["snap_code"] = ["", "TOO_FAR", "ACCESS_BARRIER"]
    coverage = result.coverage.assign(unknown_reason=["", "UNSNAPPED", "UNSNAPPED"] * 3)
    result = with_coverage(result, coverage)
    found = quality_rows(result, "en")
    assert [(one["id"], one["persons"]) for one in found["homes"]] == [("c", 5), ("b", 2)]
    assert sum(one["homes"] for one in found["homes_by_reason"]) == 2
    assert sum(one["persons"] for one in found["homes_by_reason"]) == 7
    by_reason = found["unknown"]["meal_point"]
    assert sorted(one["persons"] for one in by_reason) == [2, 5]
    assert all(one["settle"] for one in by_reason)


def test_nothing_wrong_lists_nothing():
    found = quality_rows(small_result(states=("covered", "gap", "gap")), "zh")
    assert found == {"homes": [], "homes_by_reason": [], "unknown": {"meal_point": []}}


def test_homes_without_a_position_are_counted_and_not_drawn():
    result = small_result(states=("unknown",) * 3)
    result.demand["snap_code"] = "NO_POSITION"
    result.demand.loc[0, "x_m"] = np.nan
    found = quality_rows(result, "zh")
    assert [one["id"] for one in found["homes"]] == ["b", "c"]
    assert found["homes_by_reason"][0]["homes"] == 3


def test_homes_that_join_through_a_wall_are_counted_and_are_not_lost():
    result = small_result(states=("covered", "gap", "gap"))
    result.demand["snap_code"] = ["", "THROUGH_WALL", "THROUGH_WALL"]
    found = quality_rows(result, "en")
    assert found["homes"] == []
    (row,) = found["homes_by_reason"]
    assert (row["why"], row["homes"]) == ("joined through a wall, fence or hedge", 2)


def test_a_lost_home_names_the_barrier_before_it():
    result = small_result(states=("covered", "unknown", "gap"))
    result.demand["snap_code"] = ["", "ACCESS_BARRIER", ""]
    result.demand["barrier"] = [None, "way/7", None]
    result.demand["barrier_kind"] = [None, "railway", None]
    (home,) = quality_rows(result, "en")["homes"]
    assert home["why"] == "cut off by a railway (way/7)"
