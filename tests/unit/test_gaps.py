"""Gap areas of a result: their people, walks and communities, and that each is found once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from tests.builders.small_map import MICRO, empty_zones, small_result

from circle15.results.gaps import gap_places
from circle15.results.gaps.gap_cells import inhabited_cells
from circle15.results.gaps.gap_people import GapPeople, people_in_gap
from circle15.results.gaps.gap_places import areas_of, gap_homes, gap_place, headline_areas
from circle15.results.once import once
from circle15.results.records import StudyResult


def in_communities(communities: list[str | None], **changes) -> StudyResult:
    """Homes a, b and c 700 m apart, all in the gap, in communities of the layer C2, C1."""
    plain = small_result(states=("gap",) * 3)
    demand = plain.demand.assign(
        community_id=communities, x_m=plain.demand["x_m"].iloc[0] + 700.0 * np.arange(3)
    )
    rows = {"zone_id": ["C2", "C1"], "name": ["two", "one"]}
    layer = empty_zones().reindex(range(2)).assign(**rows)
    area = dataclasses.replace(plain.area, communities=layer)
    result: StudyResult = small_result(states=("gap",) * 3, demand=demand, area=area, **changes)
    return result


def test_each_area_says_its_people_walk_and_community():
    times = pd.array([950_000, 1_000_000, None] * 3, dtype="Int64")
    result = in_communities(["C1", None, "C2"])
    result = in_communities(["C1", None, "C2"], coverage=result.coverage.assign(time_ms=times))
    found = headline_areas(result)
    assert found is not None
    assert [(one.rank, one.homes.people, one.cells) for one in found.areas] == [
        (1, 3 * MICRO, 1),
        (2, 2 * MICRO, 1),
        (3, MICRO, 1),
    ]
    assert [one.homes.time_ms for one in found.areas] == [950_000, 1_000_000, np.inf]
    assert [one.names for one in found.areas] == [("", "one"), ("", ""), ("", "two")]
    assert [one.zones for one in found.areas] == [
        ((1, 3 * MICRO),),
        ((-1, 2 * MICRO),),
        ((0, MICRO),),
    ]
    assert all(one.homes.lacking == {"meal_point": one.homes.people} for one in found.areas)
    assert found.beyond(1) == (2, 3 * MICRO)
    assert found.beyond(3) == (0, 0)


def test_the_first_areas_are_described_as_all_of_them_are():
    result = in_communities(["C1", "C1", "C2"])
    homes = gap_homes(result)
    assert homes is not None
    every, first = areas_of(result, homes), areas_of(result, homes, 2)
    assert every is not None
    assert first is not None
    assert first.areas == every.areas[:2]
    assert first.persons.tolist() == every.persons.tolist()


def test_places_and_areas_sum_the_same_homes():
    result = in_communities(["C1", "C1", "C2"])
    homes, found = gap_homes(result), headline_areas(result)
    assert homes is not None
    assert found is not None
    for area in found.areas:
        assert gap_place(homes, found.of_home == area.rank) == area.homes
    nobody = gap_place(homes, np.zeros(3, bool))
    assert (nobody.people, nobody.time_ms, nobody.lacking) == (0, np.inf, {"meal_point": 0})


@pytest.mark.parametrize("states", [("covered",) * 3, ("unknown",) * 3])
def test_where_nobody_is_in_the_gap_there_are_no_areas(states):
    found = headline_areas(small_result(states=states))
    assert found is not None
    assert (found.areas, found.persons.tolist(), found.beyond(5)) == ((), [], (0, 0))


def test_without_positions_or_anything_to_judge_there_are_none():
    plain = small_result()
    nowhere = plain.demand.assign(x_m=np.nan, y_m=np.nan)
    states = ("unknown",) * 3
    assert headline_areas(small_result(demand=nowhere, states=states)) is None
    judged_nothing = small_result(coverage=plain.coverage.iloc[:0])
    homes = gap_homes(judged_nothing)
    assert homes is not None
    assert len(homes.row) == 0


def test_the_gap_of_a_shorter_walk_is_that_of_its_cutoff():
    plain = small_result()
    state = ["gap"] * 3 + ["covered", "gap", "gap"] + ["covered"] * 3
    result = small_result(coverage=plain.coverage.assign(state=state, unknown_reason=""))
    everywhere = np.ones(3, bool)
    rows = [people_in_gap(result, "all", n, everywhere).row.tolist() for n in (5, 10, 15)]
    assert rows == [[0, 1, 2], [1, 2], []]
    one = people_in_gap(result, "meal_point", 5, np.array([True, False, True]))
    assert one.row.tolist() == [0, 2]


def test_a_figure_is_computed_once_for_each_result(monkeypatch):
    asked = []

    @once
    def figure(result: StudyResult) -> list[StudyResult]:
        asked.append(result)
        return [result]

    one, other = small_result(), small_result()
    assert figure(one) is figure(one)
    assert figure(other) is not figure(one)
    assert len(asked) == 2
    again = dataclasses.replace(one, findings=[])
    assert figure(again) == [again]

    result = small_result()
    assert headline_areas(result) is headline_areas(result)
    assert inhabited_cells(result) is inhabited_cells(result)

    def refused(*_: object) -> GapPeople:
        raise AssertionError("computed again")

    monkeypatch.setattr(gap_places, "people_in_gap", refused)
    assert gap_homes(result) is not None
