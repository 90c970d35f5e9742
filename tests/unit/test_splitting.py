"""Gap areas that are larger than a circle are split: by hand, and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from circle15.network.walk_network import node_components
from circle15.planning.gaps.gap_areas import gap_areas
from circle15.planning.gaps.splitting import split_areas
from circle15.planning.lattice import touching_cells


def in_a_row(n, step_m=100.0):
    place = np.column_stack([np.arange(n) * step_m, np.zeros(n)])
    return place, touching_cells(np.zeros(n, np.int64), np.arange(n))


@pytest.mark.parametrize(
    ("circle_m", "wanted"),
    [
        (350, [0] * 8),  # 700 m from end to end
        (349, [0] * 4 + [1] * 4),
        (150, [0] * 4 + [1] * 4),
        (100, [0, 0, 1, 1, 2, 2, 3, 3]),
        (49, [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_row_of_cells_is_halved_until_it_fits(circle_m, wanted):
    place, beside = in_a_row(8)
    assert split_areas(np.zeros(8, np.int64), place, beside, circle_m).tolist() == wanted


def test_what_is_cut_off_is_joined_to_the_part_beside_it():
    """
    A U of cells 100 m apart: 0–4 on one side, 5 the bottom, 6–10 on the other side.

    .   0        10
    .   1         9
    .   2         8
    .   3         7
    .   4    5    6

    Its ends are 0 and 6, 566 m apart. 0–4 and 10 are nearer to 0 (4 and 10 equally near), in two
    pieces; 10 fits into a circle of 250 m with 5–9, which are nearer to 6.
    """
    row = np.array([0, 1, 2, 3, 4, 4, 4, 3, 2, 1, 0])
    column = np.array([0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2])
    place = np.column_stack([column * 200.0, -row * 100.0])
    beside = touching_cells(row, column * 2)  # two columns apart: only the bottom is one
    links = np.array([*zip(*beside, strict=True), (4, 5), (5, 6)]).T
    part = split_areas(np.zeros(11, np.int64), place, (links[0], links[1]), 250.0)
    assert part.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]


def test_areas_that_fit_stay_and_cells_in_none_have_none():
    place, beside = in_a_row(6)
    area = np.array([4, 4, -1, 2, 2, 2])
    assert split_areas(area, place, beside, 100.0).tolist() == [0, 0, -1, 1, 1, 1]
    nothing = np.zeros(0, np.int64)
    assert split_areas(nothing, np.zeros((0, 2)), (nothing, nothing), 9.0).tolist() == []


def test_a_cell_alone_fits_into_any_circle():
    place, beside = in_a_row(2, step_m=600.0)
    assert split_areas(np.zeros(2, np.int64), place, beside, 50.0).tolist() == [0, 1]


grids = arrays.arrays(
    np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3)
)


@given(grids, st.sampled_from([60.0, 150.0, 260.0]))
def test_every_part_fits_is_linked_and_keeps_its_people(people, circle_m):
    row, column = (axis.ravel() for axis in np.indices(people.shape))
    place = np.column_stack([column * 100.0, row * -100.0])
    beside = touching_cells(row, column)
    whole, before = gap_areas(people.ravel(), beside)
    rank, persons = gap_areas(people.ravel(), beside, place=place, circle_m=circle_m)
    assert persons.sum() == before.sum() == people.sum()
    assert np.bincount(rank, people.ravel(), len(persons) + 1)[1:].tolist() == persons.tolist()
    assert sorted(persons.tolist(), reverse=True) == persons.tolist()
    one, other = beside
    same = (rank[one] == rank[other]) & (rank[one] > 0)
    piece = node_components(len(rank), one[same], other[same])
    fits = {
        k: shapely.minimum_bounding_radius(shapely.MultiPoint(place[whole == k])) <= circle_m
        for k in np.unique(whole[whole > 0]).tolist()
    }
    for k in range(1, len(persons) + 1):
        mine = rank == k
        assert len(set(piece[mine].tolist())) == 1
        assert len(set(whole[mine].tolist())) == 1  # never joined with another area
        circle = shapely.minimum_bounding_radius(shapely.MultiPoint(place[mine]))
        assert circle <= circle_m + 1e-5
        if fits[whole[mine][0]]:
            assert mine.sum() == (whole == whole[mine][0]).sum()  # what fits is not split
    # Parts beside each other that would fit into a circle together are one.
    cut = (rank[one] != rank[other]) & (rank[one] > 0) & (rank[other] > 0)
    for a, b in {(int(x), int(y)) for x, y in zip(rank[one[cut]], rank[other[cut]], strict=True)}:
        both = shapely.MultiPoint(place[(rank == a) | (rank == b)])
        assert shapely.minimum_bounding_radius(both) > circle_m - 1e-5


@given(grids, st.randoms(use_true_random=False))
def test_parts_do_not_depend_on_the_numbers_of_the_areas(people, chance):
    row, column = (axis.ravel() for axis in np.indices(people.shape))
    place = np.column_stack([column * 100.0, row * -100.0])
    beside = touching_cells(row, column)
    rank, _ = gap_areas(people.ravel(), beside)
    numbers = list(range(int(rank.max(initial=0)) + 1))
    chance.shuffle(numbers)
    other = np.append(numbers, -1)[rank - 1]
    one = split_areas(rank - 1, place, beside, 150.0)
    assert one.tolist() == split_areas(other, place, beside, 150.0).tolist()
