"""Gap areas: which cells are connected, their people, and that no people are lost."""

from __future__ import annotations

from collections import deque

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.builders.small_map import MICRO, small_result

from circle15.output.map.gaps import SHOWN, gap_layers
from circle15.planning.gaps.gap_areas import gap_areas
from circle15.planning.lattice import touching_cells
from circle15.results.gaps.gap_cells import inhabited_cells
from circle15.results.states_by_choice import states_by_choice


def flooded(people):
    """Areas of a grid by walking from cell to cell: the sum and the first cell of each."""
    height, width = people.shape
    seen, found = set(), []
    for start in np.ndindex(height, width):
        if people[start] == 0 or start in seen:
            continue
        queue, total = deque([start]), 0
        seen.add(start)
        while queue:
            row, column = queue.popleft()
            total += int(people[row, column])
            for i in range(max(0, row - 1), min(height, row + 2)):
                for j in range(max(0, column - 1), min(width, column + 2)):
                    if people[i, j] and (i, j) not in seen:
                        seen.add((i, j))
                        queue.append((i, j))
        found.append((-total, start[0] * width + start[1]))
    return [-total for total, _ in sorted(found)]


def in_a_row(n):
    return touching_cells(np.zeros(n, np.int64), np.arange(n))


def test_the_area_of_most_people_is_the_first():
    """A row of five cells: 4 + 5 people left of the covered one in the middle, 10 right of it."""
    people = np.array([4, 5, 0, 3, 7])
    rank, persons = gap_areas(people, in_a_row(5))
    assert rank.tolist() == [2, 2, 0, 1, 1]
    assert persons.tolist() == [10, 9]


def test_equal_areas_rank_by_their_first_cell():
    rank, persons = gap_areas(np.array([6, 0, 6]), in_a_row(3))
    assert rank.tolist() == [1, 0, 2]
    assert persons.tolist() == [6, 6]


def test_no_gap_has_no_area():
    rank, persons = gap_areas(np.zeros(3, np.int64), in_a_row(3))
    assert rank.tolist() == [0, 0, 0]
    assert len(persons) == 0


grids = arrays.arrays(
    np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 3)
)


@given(grids)
def test_areas_are_those_of_walking_from_cell_to_cell(people):
    rank, persons = gap_areas(
        people.ravel(), touching_cells(*map(np.ravel, np.indices(people.shape)))
    )
    assert persons.tolist() == flooded(people)
    assert np.bincount(rank, people.ravel(), len(persons) + 1)[1:].tolist() == persons.tolist()
    assert ((rank == 0) == (people.ravel() == 0)).all()


def layers_of(result):
    return gap_layers(result, states_by_choice(result))


def test_a_home_in_the_gap_is_an_area():
    """Homes 100 m apart, the middle one in the gap with 2 persons."""
    found = layers_of(small_result())["meal_point"]["15"]
    assert [(one["persons"], one["cells"]) for one in found["areas"]] == [(2, 1)]
    assert (found["more"], found["more_persons"]) == (0, 0)
    lon, lat = found["areas"][0]["at"]
    outline = np.cumsum(np.reshape(found["areas"][0]["shape"][0][0], (-1, 2)), axis=0)
    assert outline[:, 0].min() <= lon <= outline[:, 0].max()
    assert outline[:, 1].min() <= lat <= outline[:, 1].max()


def test_homes_side_by_side_in_the_gap_are_one_area():
    """2 + 1 persons in squares that touch; the area's middle is the home of the two."""
    found = layers_of(small_result(states=("covered", "gap", "gap")))["all"]["5"]
    assert [(one["persons"], one["cells"]) for one in found["areas"]] == [(3, 2)]


def test_homes_without_people_or_outside_are_in_no_area():
    result = small_result(states=("gap", "gap", "gap"), people=(0, 2, 5))
    result.demand["in_area"] = [True, True, False]
    cells = inhabited_cells(result)
    assert cells is not None
    assert cells.of_home.tolist()[2] == -1
    assert [one["persons"] for one in layers_of(result)["meal_point"]["15"]["areas"]] == [2]


def test_nobody_at_a_place_has_no_layer():
    result = small_result()
    result.demand["x_m"] = np.nan
    assert layers_of(result) == {}


def test_areas_beyond_those_shown_are_summed_up():
    """One home every 700 m, too far for neighbours: all persons are in the list or in the sum."""
    plain = small_result()
    count = SHOWN + 7
    demand = plain.demand.iloc[[0] * count].reset_index(drop=True)
    demand["demand_id"] = [str(k) for k in range(count)]
    demand["x_m"] += 700.0 * np.arange(count)
    demand["p60_micro"] = MICRO * np.arange(1, count + 1)
    block = plain.coverage.iloc[[1] * count].reset_index(drop=True)
    coverage = block.assign(demand_id=demand["demand_id"], cutoff_min=15, state="gap")
    found = layers_of(small_result(demand=demand, coverage=coverage))["meal_point"]["15"]
    assert [one["persons"] for one in found["areas"]] == list(range(count, count - SHOWN, -1))
    assert (found["more"], found["more_persons"]) == (7, 28)  # 1 + 2 + … + 7


def test_a_card_says_who_lacks_what_and_half_of_them_walk_how_far():
    """Homes b (2 people, 901 s) and c (1 person, nobody within the hour) lack the meals.

    Half of the 3 people, 1.5, are reached with b: the median is 901 s, and not c's.
    """
    plain = small_result(states=("covered", "gap", "gap"))
    times = [1, 901_000, None] * 3
    result = small_result(
        states=("covered", "gap", "gap"), coverage=plain.coverage.assign(time_ms=times)
    )
    states = states_by_choice(result)
    (area,) = gap_layers(result, states)["meal_point"]["15"]["areas"]
    assert (area["rank"], area["persons"], area["median_s"]) == (1, 3, 901.0)
    assert (area["lacks"], area["zones"], area["more_zones"]) == ({}, [], 0)


def test_half_of_the_people_beyond_the_hour_have_no_median():
    """b has 1 person at 901 s and c 2 whom no site reaches."""
    plain = small_result(states=("covered", "gap", "gap"), people=(3, 1, 2))
    coverage = plain.coverage.assign(time_ms=[1, 901_000, None] * 3)
    result = small_result(states=("covered", "gap", "gap"), people=(3, 1, 2), coverage=coverage)
    states = states_by_choice(result)
    (area,) = gap_layers(result, states)["all"]["15"]["areas"]
    assert area["median_s"] is None
