"""
Supply by category from homes and sites on one street: the worked case F01.

d ---1400--- a --500-- S1 --500-- b --500-- S2 --500-- c      at 1 m/s; the circle is 900 s

a 100, b 200, c 100 and d 50 people; S1 has 30 meals and S2 20. In the circle of S1 are a and b,
300 people; in that of S2 b and c, 300 too.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.builders.report_result import make_study
from tests.builders.small_inputs import (
    CATEGORY,
    MICRO,
    in_subdistricts,
    inputs_of,
    streets,
    walks_of,
)

from circle15.access.supply.capacity_findings import capacity_findings
from circle15.access.supply.of_study import access_by_category
from circle15.study.settings.capacity import Capacity
from circle15.study.vocabulary.finding import Finding

NODES = {"A": (-2000.0, 0.0), "B": (2000.0, 0.0)}
HOMES = {"a": (-600, 0, 100), "b": (400, 0, 200), "c": (1400, 0, 100), "d": (-2000, 0, 50)}
SITES = {"S1": (-100.0, 0.0), "S2": (900.0, 0.0)}
MEALS = (Decimal(30), Decimal(20))


def prepared(meals=MEALS, *, capacity: Capacity | None, **columns):
    settings = {} if capacity is None else {CATEGORY: capacity}
    study = make_study(capacity=settings)
    given: dict[str, Any] = {"meals_per_day": list(meals), "position_unsure": False} | columns
    inputs = inputs_of(streets(NODES, "AB"), HOMES, SITES, study=study, **given)
    return in_subdistricts(inputs, ["S1", "S1", "S2", None])


def found(meals=MEALS, *, per_person="0.2", **columns):
    options = {key: columns.pop(key) for key in ("method", "weights", "assign") if key in columns}
    each = None if per_person is None else Decimal(per_person)
    capacity = Capacity("meals_per_day", each, **options)
    inputs = prepared(meals, capacity=capacity, **columns)
    (one,) = access_by_category(inputs, walks_of(inputs))
    return one


def test_supply_per_person_is_summed_over_the_sites_in_the_circle():
    """30 / 300 for a, 20 / 300 for c, both for b, none for d."""
    one = found()
    (part,) = one.homes
    assert part.supply_per_person.tolist() == pytest.approx([0.1, 0.1 + 1 / 15, 1 / 15, 0])
    assert [site.per_person for site in one.supplied.sites] == pytest.approx([0.1, 1 / 15])
    assert [site.supply for site in one.supplied.sites] == list(MEALS)
    assert not part.at_least.any()


def test_the_mean_of_a_subdistrict_is_by_people():
    """S1: (100 · 0.1 + 200 · 1/6) / 300 = 43⅓ / 300; S2: c alone. All: 50 meals for 450."""
    one = found()
    by_id = {zone.zone_id: zone for zone in one.zones}
    assert by_id["S1"].supply_per_person == pytest.approx((10 + 200 / 6) / 300)
    assert by_id["S2"].supply_per_person == pytest.approx(1 / 15)
    assert (by_id["S1"].persons_known, by_id["S2"].persons_known) == (300 * MICRO, 100 * MICRO)
    assert one.everybody.supply_per_person == pytest.approx(50 / 450)
    assert (by_id["K1"].persons_known, by_id["K1"].supply_per_person) == (0, None)


def test_people_are_served_while_there_is_room():
    """S1 has room for 150 and S2 for 100: of a, b and c 250 of 400 people are served."""
    one = found()
    (part,) = one.homes
    assert [site.room for site in one.supplied.sites] == [150 * MICRO, 100 * MICRO]
    assert sum(site.assigned for site in one.supplied.sites) == 250 * MICRO
    assert part.served.sum() == 250 * MICRO
    assert part.served[3] == 0
    assert one.supplied.person_ms == 250 * MICRO * 500_000  # all walk 500 m


def test_the_least_walk_has_the_same_length_here():
    one = found(assign="least_walk")
    assert one.supplied.person_ms == 250 * MICRO * 500_000
    assert one.supplied.least_person_ms == pytest.approx(250 * MICRO * 500_000)


def test_weights_count_by_the_time_of_a_walk():
    """All walks take 500 s, within 10 minutes: a weight for all of them changes no ratio."""
    one = found(method="e2sfca", weights=(Decimal(1), Decimal("0.5"), Decimal("0.2")))
    (part,) = one.homes
    assert part.supply_per_person.tolist() == pytest.approx([0.1, 1 / 6, 1 / 15, 0])
    curved = found(method="e2sfca")
    assert curved.homes[0].supply_per_person.tolist() == pytest.approx([0.1, 1 / 6, 1 / 15, 0])


def test_an_unknown_capacity_makes_the_supply_around_it_unknown():
    """b and c reach S2, whose meals nobody states; nobody is turned away there."""
    one = found((Decimal(30), None))
    (part,) = one.homes
    assert part.supply_per_person.tolist() == pytest.approx([0.1, np.nan, np.nan, 0], nan_ok=True)
    assert part.at_least.tolist() == [False, True, True, False]
    assert [site.room is None for site in one.supplied.sites] == [False, True]
    assert one.supplied.sites[1].supply is None


@pytest.mark.parametrize(
    ("meals", "expected"),
    [(None, (10, 0, 10)), (Decimal(1000), (20, 0, 0)), (Decimal(0), (10, 10, 0))],
)
def test_people_whose_service_depends_on_an_unknown_capacity_are_unknown(meals, expected):
    """b is near U and also reaches J; a reaches J alone, which has room for one of the two."""
    settings = {CATEGORY: Capacity("meals_per_day", Decimal(1))}
    homes = {"b": (1000, 0, 10), "a": (2000, 0, 10)}
    sites = {"J": (1300.0, 0.0), "U": (900.0, 0.0)}
    given: dict[str, Any] = {"meals_per_day": [Decimal(10), meals], "position_unsure": False}
    line = streets({"A": (0.0, 0.0), "B": (6000.0, 0.0)}, "AB")
    inputs = inputs_of(line, homes, sites, study=make_study(capacity=settings), **given)
    inputs = in_subdistricts(inputs, ["S1", "S1"])
    (one,) = access_by_category(inputs, walks_of(inputs))
    counts = one.served
    assert (counts.served, counts.turned_away, counts.unknown) == tuple(n * MICRO for n in expected)


def test_a_site_whose_position_is_unsure_supplies_no_one():
    one = found(position_unsure=[False, True])
    assert [site.supply for site in one.supplied.sites] == [30, None]


def test_without_a_number_per_person_nobody_is_assigned():
    one = found(per_person=None)
    assert one.supplied.person_ms is None
    assert [site.assigned for site in one.supplied.sites] == [None, None]
    assert one.homes[0].served is None
    assert one.everybody.served is None


def test_without_capacity_there_are_choice_and_times_alone():
    """b reaches both sites within 15 minutes, a and c one, d none."""
    inputs = prepared(capacity=None)
    (one,) = access_by_category(inputs, walks_of(inputs))
    assert one.supplied is None
    assert one.homes[0].supply_per_person is None
    assert one.homes[0].second_ms.tolist()[1] == 500_000
    assert sorted(one.equity) == ["coverage", "minutes"]
    served = [(worth.persons, worth.only_here) for worth in one.worth]
    assert served == [(300 * MICRO, 100 * MICRO)] * 2


def test_minutes_are_unknown_where_it_is_unknown_whether_people_are_covered():
    """b reaches S2 of sure position in 500 s, a only S1 of unsure position."""
    one = found(position_unsure=[True, False])
    minutes, coverage = one.equity["minutes"], one.equity["coverage"]
    assert minutes.persons_unknown == coverage.persons_unknown == 100 * MICRO
    assert minutes.mean == pytest.approx((300 * 500 + 50 * 2900) / 350 / 60)


def test_minutes_of_round_trips_are_left_out_as_they_are_searched_to_the_circle_alone():
    inputs = prepared(capacity=None)
    walk = replace(inputs.study.walk, judge="round_trip")
    inputs = replace(inputs, study=replace(inputs.study, walk=walk))
    (one,) = access_by_category(inputs, walks_of(inputs))
    assert sorted(one.equity) == ["coverage"]
    assert one.equity["coverage"].persons == 450 * MICRO


def test_equity_of_supply_is_measured_where_there_is_any():
    assert sorted(found().equity) == ["coverage", "minutes", "supply"]


def test_sites_that_state_no_capacity_are_listed():
    """With the heading of the column in the file; not again where its cell is listed already."""
    capacity = Capacity("meals_per_day", Decimal(1))
    inputs = prepared((Decimal(30), None), capacity=capacity, row=[7, 8], file="sites.xlsx")
    headings = {("sites.xlsx", "meals_per_day"): "日供餐"}
    (one,) = capacity_findings(inputs.study, inputs.sites, headings, [])
    assert (one.code, one.severity) == ("CAPACITY_UNKNOWN", "warning")
    assert (one.file, one.row, one.column) == ("sites.xlsx", 8, "日供餐")
    assert one.detail == {"id": "S2", "field": "meals_per_day"}
    read = [Finding("UNREADABLE", "warning", "sites.xlsx", 8, "日供餐")]
    assert capacity_findings(inputs.study, inputs.sites, headings, read) == []


def test_a_capacity_of_a_category_without_open_sites_is_listed():
    inputs = prepared(capacity=Capacity("meals_per_day", Decimal(1)), open=False)
    (one,) = capacity_findings(inputs.study, inputs.sites, {}, [])
    assert (one.code, one.column) == ("CAPACITY_WITHOUT_SITES", f"capacity.{CATEGORY}")


def test_a_site_is_idle_if_it_has_supply_that_no_people_reach(monkeypatch):
    """S2 is 600 m beside the street, so it is not joined; without meals it offers nothing."""
    monkeypatch.setitem(SITES, "S2", (900.0, 600.0))
    idle = {
        meals: [site.idle for site in found((Decimal(30), meals)).supplied.sites]
        for meals in (Decimal(20), Decimal(0), None)
    }
    assert idle == {Decimal(20): [False, True], Decimal(0): [False] * 2, None: [False] * 2}
