"""The gap of the headline: its homes, their people and walks, and the areas they form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import State
from circle15.planning.gap_areas import gap_areas, touching_cells
from circle15.results.gap_cells import inhabited_cells
from circle15.results.gap_people import GapPeople
from circle15.results.judged_homes import judged_homes
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints
    from circle15.results.gap_cells import Cells
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class GapPlace:
    """People in the gap of one place: micro-persons, all and by what is lacking; median time."""

    people: int
    time_ms: float
    lacking: dict[str, int]


@dataclass(frozen=True)
class GapAreas:
    """
    Neighbouring cells with people in the gap of the headline.

    Attributes
    ----------
    rank : int64, shape (cells,)
        Area of each cell, 1 the worst; 0 for a cell in none.
    persons : int64, shape (areas,)
        Micro-persons of each area.
    middles : int64, shape (areas,)
        The cell of each area that is nearest to the middle of its people.
    of_home : int64, shape (homes,)
        Area of each of the homes.
    """

    cells: Cells
    rank: Ints
    persons: Ints
    middles: Ints
    of_home: Ints


def gap_homes(result: StudyResult) -> GapPeople | None:
    """Collect the homes in the gap; None where there is nothing to judge."""
    inside = result.demand[c.IN_AREA].to_numpy(bool)
    found = []
    categories: tuple[str, ...] = ()
    for part, weight in result.judged_people:
        judged = judged_homes(result, part)
        if judged is None:
            return None
        categories = judged.categories
        row = np.flatnonzero(inside & (weight > 0) & (judged.together == State.GAP))
        lacks = judged.states[:, row] == State.GAP
        time_ms = np.nan_to_num(judged.time_ms[:, row], nan=np.inf)
        longest = np.where(lacks, time_ms, -np.inf).max(axis=0, initial=-np.inf)
        found.append((row, weight[row], longest, lacks))
    rows, weights, times, lacking = zip(*found, strict=True)
    return GapPeople(
        categories, np.concatenate(rows), np.concatenate(weights), np.concatenate(times),
        np.concatenate(lacking, axis=1),
    )  # fmt: skip


def gap_place(homes: GapPeople, mine: Bools) -> GapPlace:
    """
    Sum up some of the homes.

    The median is the least time within which at least half of the people are.
    """
    weight, time_ms = homes.weight[mine], homes.time_ms[mine]
    lacking = {
        category: int(weight[lacks].sum())
        for category, lacks in zip(homes.categories, homes.lacks[:, mine], strict=True)
    }
    order = np.argsort(time_ms, kind="stable")
    reached = np.cumsum(weight[order])
    middle = np.searchsorted(2 * reached, reached[-1]) if len(reached) else 0
    median = float(time_ms[order][middle]) if len(reached) else np.inf
    return GapPlace(int(weight.sum()), median, lacking)


def headline_areas(result: StudyResult, homes: GapPeople) -> GapAreas | None:
    """Join the cells of homes in the gap that touch; None where nobody has a known position."""
    cells = inhabited_cells(result)
    if cells is None:
        return None
    cell = cells.of_home[homes.row]
    micro = np.zeros(len(cells.lon), np.int64)
    np.add.at(micro, cell, homes.weight)
    rank, persons = gap_areas(micro, touching_cells(cells.picture.cell))
    inside = np.flatnonzero(rank)
    middles = cells.middles(inside, rank[inside] - 1, micro[inside])
    return GapAreas(cells, rank, persons, middles, rank[cell])
