"""Join cells with people in the gap into gap areas, most people first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.walk_network import node_components
from circle15.planning.gaps.splitting import by_first_cell, split_areas

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints


def gap_areas(
    people: Ints,
    linked: tuple[Ints, Ints],
    *,
    place: Floats | None = None,
    circle_m: float | None = None,
) -> tuple[Ints, Ints]:
    """
    Join cells with people in the gap into areas, and rank the areas by their people.

    Parameters
    ----------
    people
        Micro-persons in the gap in each cell, shape (cells,); a cell without any is in no area.
    linked
        Pairs of cells to join: those that touch (`lattice.touching_cells`), or of these the ones
        between which there are streets (`street_links`).
    place : float64, shape (cells, 2)
        Position of each cell, metres; needed with `circle_m`.
    circle_m
        Radius of a service circle, metres: areas that do not fit into one are split. None to split
        none.

    Returns
    -------
    rank : int64, shape (cells,)
        Rank of the area of each cell: 1 has most people; ties are ranked by their first cell. 0 for
        a cell in none.
    persons_micro : int64, shape (areas,)
        Micro-persons of each area, by rank; they sum to all people in the gap.

    Examples
    --------
    >>> beside = (np.array([0, 1, 2]), np.array([1, 2, 3]))
    >>> rank, persons = gap_areas(np.array([5, 0, 3, 4]), beside)
    >>> rank.tolist(), persons.tolist()
    ([2, 0, 1, 1], [7, 5])
    """
    is_gap = people > 0
    one, other = linked
    both = is_gap[one] & is_gap[other]
    area = np.where(is_gap, node_components(len(people), one[both], other[both]), -1)
    if circle_m is not None and place is not None:
        area = split_areas(area, place, (one[both], other[both]), circle_m)
    else:
        area = by_first_cell(area)
    area = area[is_gap]
    persons = np.zeros(int(area.max(initial=-1)) + 1, np.int64)
    np.add.at(persons, area, people[is_gap])
    order = np.argsort(-persons, kind="stable")
    rank_of = np.empty(len(persons), np.int64)
    rank_of[order] = np.arange(1, len(persons) + 1)
    rank = np.zeros(len(people), np.int64)
    rank[is_gap] = rank_of[area]
    return rank, persons[order]
