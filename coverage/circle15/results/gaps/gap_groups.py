"""People of every group in the gap areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.results.gaps.gap_people import weight_in_gap
from circle15.results.gaps.gap_places import judged_areas
from circle15.results.once import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Ints
    from circle15.results.gaps.gap_places import JudgedAreas
    from circle15.results.records import StudyResult


@once
def groups_of_areas(result: StudyResult) -> Sequence[Sequence[Mapping[str, int]]]:
    """
    Return micro-persons by group of each area of `judged_areas`, in its order.

    In areas of full sites only those of the judged group: who else is turned away is not counted.
    """
    return [_by_group(result, found) for found in judged_areas(result)]


def _by_group(result: StudyResult, found: JudgedAreas) -> list[dict[str, int]]:
    areas = found.areas.areas
    judged = result.study.demand.group
    people: dict[str, list[int]] = {judged: [area.homes.people for area in areas]}
    for balance in () if found.full else result.population.balances:
        if balance.group != judged:
            people[balance.group] = _of_areas(result, found, balance.group)
    return [{group: of[k] for group, of in people.items()} for k in range(len(areas))]


def _of_areas(result: StudyResult, found: JudgedAreas, group: str) -> list[int]:
    """Return the micro-persons of a group in the gap who live in the cells of each area."""
    circle, cells = result.study.walk.circle_min, found.areas.cells
    weight = weight_in_gap(result, group, found.category, circle)
    rank = np.append(found.areas.rank, 0)[cells.of_home]
    sums: Ints = np.zeros(len(found.areas.areas) + 1, np.int64)
    np.add.at(sums, rank, weight)
    return [int(micro) for micro in sums[1:]]
