"""What a scenario changes, for homes with given states: who gains, loses, is new; sites, verdicts.

Homes a, b, c of 2.5, 1.5 and 1 people, in subdistricts S1, S2, S2; the scenario has n, of 4, in S2.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from tests.builders.report_result import make_area
from tests.streets import plane

from circle15.access.cohorts import Cohort
from circle15.access.counting import CatchmentCount, Counts
from circle15.access.states import State
from circle15.planning.scenarios.differences import (
    CatchmentShift,
    Flip,
    Judgement,
    outcome_of,
)
from circle15.planning.scenarios.home_changes import CHANGE_WORDS
from circle15.planning.scenarios.place_changes import new_links, site_changes
from circle15.rules.verdicts import Verdict
from circle15.study.settings.scenarios.tables import Changes, Scenario
from circle15.study.settings.walkers import Walker

COVERED, GAP, UNKNOWN = State.COVERED, State.GAP, State.UNKNOWN
FAST, SLOW = Walker("default", Fraction(1)), Walker("default", Fraction(7, 10))
MEAL = "meal_point"
CHANGES = Changes("more", Scenario(close=("T1",)))
NODES = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 50.0)}
SITE = {
    "facility_id": "T1",
    "category": MEAL,
    "x_m": 10.0,
    "y_m": 0.0,
    "name": "One",
    "status": "open",
    "opened": None,
    "open": True,
    "floor_area_m2": 300,
    **dict.fromkeys(("beds", "nursing_beds", "meals_per_day", "places")),
}


def micro(*persons: float) -> Any:
    return np.array([round(1_000_000 * one) for one in persons], np.int64)


def sites(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SITE))


def homes_of(ids: str, cohorts: dict[str, list[Any]]) -> Any:
    """Homes that stand 100 m apart; a has row 0 of the demand table, and so on."""
    zones = {"a": "S1", "b": "S2", "c": "S2", "n": "S2"}
    table = pd.DataFrame(
        {"street_id": [zones[one] for one in ids], "community_id": [None for _ in ids]}
    )
    total = sum(weight for _, weight in cohorts.values())
    return SimpleNamespace(
        ids=np.array(list(ids), object),
        rows=np.arange(len(ids)),
        x_m=100.0 * np.arange(len(ids)),
        y_m=np.zeros(len(ids)),
        weights={"p60": total},
        cohorts={"p60": [Cohort(name, *one) for name, one in cohorts.items()]},
        table=table,
    )


def judged(homes: Any, states: dict[Any, Any], *, table: Any = None, **more: Any) -> Judgement:
    """A study, or a scenario of it, in which homes have these states by walker."""
    study = SimpleNamespace(
        demand=SimpleNamespace(group="p60"),
        walk=SimpleNamespace(circle_min=15),
        changes=CHANGES,
    )
    inputs = SimpleNamespace(
        study=study,
        area=make_area(""),
        sites=SimpleNamespace(table=sites(SITE) if table is None else table),
        network=more.pop("network", None),
    )
    walks: Any = SimpleNamespace(
        inputs=inputs,
        homes=homes,
        drawn=SLOW if SLOW in states else FAST,
        states=states,
        states_as=lambda walker: states[walker],
    )
    given: dict[str, Any] = {"catchments": {}, "rules": [], "checks": []} | more
    return Judgement(walks, **given)


def states(**by_choice: list[State]) -> dict[tuple[str, int], Any]:
    return {(name, 15): np.array(codes, np.int8) for name, codes in by_choice.items()}


TODAY = homes_of("abc", {"p60": [FAST, micro(2.5, 1.5, 1)]})
THEN = homes_of("abcn", {"p60": [FAST, micro(2.5, 1.5, 1, 4)]})


def test_who_gains_and_loses_and_is_new():
    """a loses, b gains, c stays unknown; n is new and covered."""
    before = judged(TODAY, {FAST: states(meal_point=[COVERED, GAP, UNKNOWN])})
    after = judged(THEN, {FAST: states(meal_point=[GAP, COVERED, UNKNOWN, COVERED])})
    found = outcome_of(before, after)
    (shift,) = found.shifts
    assert (shift.category, shift.group, shift.cutoff_min) == (MEAL, "p60", 15)
    assert shift.before == Counts(5_000_000, 2_500_000, 1_500_000, 1_000_000)
    assert shift.after == Counts(9_000_000, 5_500_000, 2_500_000, 1_000_000)
    assert (shift.gained, shift.lost, shift.changes) == (1_500_000, 2_500_000, True)
    zones = {one.zone_id: one.shift for one in found.zones}
    assert {key: (one.gained, one.lost) for key, one in zones.items()} == {
        "S1": (0, 2_500_000),
        "S2": (1_500_000, 0),
    }
    assert zones["S2"].after == Counts(6_500_000, 5_500_000, 0, 1_000_000)
    homes = found.homes
    assert homes.row.tolist() == [0, 1, 2, -1]
    changes = homes.changes[MEAL, 15]
    told = [CHANGE_WORDS[one] for one in changes.change]
    assert dict(zip(homes.ids[changes.home], told, strict=True)) == {
        "a": "lost",
        "b": "gained",
        "n": "new_home",
    }
    assert changes.at_new.tolist() == micro(0, 0, 4).tolist()


def test_people_who_walk_at_two_speeds_are_counted_by_their_own_states():
    """Of each home a fifth is slow. b comes in reach of the fast only, c of the slow too."""
    cohorts = {"p60_69": [FAST, micro(2, 1.2, 0.8)], "p70": [SLOW, micro(0.5, 0.3, 0.2)]}
    homes = homes_of("abc", cohorts)
    before = judged(homes, dict.fromkeys((FAST, SLOW), states(meal_point=[COVERED, GAP, GAP])))
    after = judged(
        homes,
        {
            FAST: states(meal_point=[COVERED, COVERED, COVERED]),
            SLOW: states(meal_point=[COVERED, GAP, COVERED]),
        },
    )
    found = outcome_of(before, after)
    (shift,) = found.shifts
    assert (shift.gained, shift.lost) == (2_200_000, 0)
    assert shift.after == Counts(5_000_000, 4_700_000, 300_000, 0)
    changes = found.homes.changes[MEAL, 15]
    assert changes.home.tolist() == [1, 2]
    assert changes.gained.tolist() == micro(1.2, 1).tolist()
    assert changes.gap.tolist() == micro(0.3, 0).tolist()
    assert changes.now.tolist() == [GAP, COVERED]  # those of the slow
    assert [one.zone_id for one in found.zones] == ["S2"]


def test_a_category_that_only_the_scenario_has():
    """Nobody's state is known today: all who are covered gain it."""
    before = judged(TODAY, {FAST: states(meal_point=[COVERED] * 3)})
    after = judged(TODAY, {FAST: states(meal_point=[COVERED] * 3, care_home=[COVERED, GAP, GAP])})
    meal, care = outcome_of(before, after).shifts
    assert not meal.changes
    assert care.before == Counts(5_000_000, 0, 0, 5_000_000)
    assert (care.gained, care.lost) == (2_500_000, 0)


def test_where_nothing_changes_no_zone_and_no_home_is_told():
    same = judged(TODAY, {FAST: states(meal_point=[COVERED, GAP, GAP], any=[COVERED] * 3)})
    found = outcome_of(same, same)
    assert not any(one.changes for one in found.shifts)
    assert (found.zones, found.homes.changes, found.sites, found.links) == ([], {}, [], [])
    assert (found.catchments, found.flips) == ([], [])


def test_homes_that_stay_in_a_gap_are_told_in_the_circle_only():
    def at(*cutoffs: int, codes: list[State]) -> Any:
        return {FAST: {(MEAL, one): np.array(codes, np.int8) for one in cutoffs}}

    before = judged(TODAY, at(10, 15, codes=[COVERED, GAP, GAP]))
    after = judged(TODAY, at(10, 15, codes=[COVERED, COVERED, GAP]))
    changes = outcome_of(before, after).homes.changes
    assert changes[MEAL, 15].home.tolist() == [1, 2]
    assert changes[MEAL, 10].home.tolist() == [1]


# --- catchments and verdicts -------------------------------------------------------------------


def test_catchments_that_change():
    """T1 closes, T2 has a person more, T3 stays as it is, T4 is new."""
    kept = [SITE | {"facility_id": f"T{k}", "name": f"Site {k}"} for k in (1, 2, 3, 4)]

    def reach(*persons: int) -> dict[str, list[CatchmentCount]]:
        found = [
            CatchmentCount(row, {"p60": one}, {"p60": 0}) for row, one in enumerate(persons) if one
        ]
        return {MEAL: found}

    alike = {FAST: states(meal_point=[COVERED] * 3)}
    before = judged(TODAY, alike, table=sites(*kept), catchments=reach(5, 6, 7, 0))
    after = judged(TODAY, alike, table=sites(*kept), catchments=reach(0, 7, 7, 8))
    assert outcome_of(before, after).catchments == [
        CatchmentShift("T1", MEAL, "Site 1", 5, None),
        CatchmentShift("T2", MEAL, "Site 2", 6, 7),
        CatchmentShift("T4", MEAL, "Site 4", None, 8),
    ]


def rule(own: str, verdict: Verdict, scope: str = "S1") -> Any:
    return SimpleNamespace(
        pack="p",
        rule=SimpleNamespace(id=own),
        scope=scope,
        data_source="",
        data_year=2025,
        verdict=verdict,
    )


def check(own: str, verdict: Verdict | None) -> Any:
    sheet = None if verdict is None else SimpleNamespace(verdict=verdict)
    return SimpleNamespace(zone=SimpleNamespace(zone_id=own, name=f"Zone {own}"), sheet=sheet)


def test_verdicts_that_flip():
    """A rule of another subdistrict, a rule only the scenario has and a zone without: no flip."""
    met, missed = Verdict.MET, Verdict.NOT_MET
    alike = {FAST: states(meal_point=[COVERED] * 3)}
    before = judged(
        TODAY,
        alike,
        rules=[rule("R1", missed), rule("R1", met, "S2"), rule("R2", met)],
        checks=[check("Z1", met), check("Z2", met), check("Z3", None)],
    )
    after = judged(
        TODAY,
        alike,
        rules=[rule("R1", met), rule("R1", met, "S2"), rule("R3", missed), rule("R2", met)],
        checks=[check("Z1", missed), check("Z2", met), check("Z3", met)],
    )
    assert outcome_of(before, after).flips == [
        Flip("p", "R1", "S1", missed, met),
        Flip("", "Z1", "Zone Z1", met, missed),
    ]


# --- sites and links ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "change", "fields"),
    [
        ({"status": "closed", "open": False}, "closed", ("status",)),
        ({"x_m": 20.0}, "moved", ("position",)),
        ({"x_m": np.nan, "y_m": np.nan}, "moved", ("position",)),
        ({"name": "Two", "beds": 10}, "changed", ("name", "beds")),
        ({"x_m": 20.0, "open": False, "opened": "2030"}, "closed", ("opened", "position")),
    ],
)
def test_a_site_that_changes(now, change, fields):
    (found,) = site_changes(sites(SITE), sites(SITE | now))
    assert (found.facility_id, found.change, found.fields) == ("T1", change, fields)
    x_m = now.get("x_m", 10)
    assert [found.before, found.at] == [(10, 0), None if np.isnan(x_m) else (x_m, 0)]
    (back,) = site_changes(sites(SITE | now), sites(SITE))
    assert back.change == ("opened" if change == "closed" else change)


def test_added_sites_stand_by_category_and_id():
    added = [
        SITE | {"facility_id": "T3", "name": None},
        SITE | {"facility_id": "T2", "category": "care_home"},
        SITE | {"facility_id": "T2"},
    ]
    found = site_changes(sites(SITE), sites(SITE, *added))
    assert [(one.category, one.facility_id, one.change) for one in found] == [
        ("care_home", "T2", "added"),
        (MEAL, "T2", "added"),
        (MEAL, "T3", "added"),
    ]
    assert (found[2].name, found[2].fields, found[2].before) == ("", (), None)
    assert site_changes(sites(SITE), sites(SITE)) == []


def test_new_links_are_told_with_their_lines():
    """Links have the numbers below all ways, in the order of their file: −2 and −3."""
    before = plane(NODES, "AB")
    after = plane(NODES, "AB", "BCA", "AC")
    after.way_id[:] = [0, -2, -2, -3]
    after.names.update({-2: "Bridge"})
    first, second = new_links(before, after)
    assert (first.name, second.name) == ("Bridge", "")
    assert first.line == shapely.LineString([(100, 0), (100, 50), (0, 0)])
    assert first.length_m == pytest.approx(50 + np.hypot(100, 50))
    assert second.line == shapely.LineString([(0, 0), (100, 50)])
    assert new_links(before, before) == []
