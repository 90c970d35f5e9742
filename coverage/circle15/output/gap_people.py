"""Who lives in the gap areas of the map: the services they lack, their walk, their communities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.access.states import State
from circle15.output.map_counts import choices_of, states_by_choice
from circle15.output.numbers import whole_parts, whole_persons
from circle15.study import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from circle15.output.result import StudyResult
    from circle15.study.walkers import Part

    Bools = npt.NDArray[np.bool_]
    Codes = npt.NDArray[np.int8]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    States = Mapping[tuple[str, int], Codes]

ZONES_SHOWN = 6
"""Communities that a card names; the others are summed up."""


@dataclass(frozen=True)
class GapPeople:
    """
    Homes in the gap of one choice and cutoff; one where people walk at several speeds for each.

    Attributes
    ----------
    categories
        The services that the choice asks for.
    row : int64, shape (n,)
        Row of `demand`.
    weight : int64, shape (n,)
        Micro-persons.
    time_ms : float64, shape (n,)
        Time to the farthest of the services that are lacking; infinite beyond 60 minutes.
    lacks : bool, shape (categories, n)
        Which of `categories` are not in reach.
    """

    categories: tuple[str, ...]
    row: Ints
    weight: Ints
    time_ms: Floats
    lacks: Bools


def people_in_gaps(
    result: StudyResult, states: States, inside: Bools
) -> Iterator[tuple[str, int, GapPeople]]:
    """
    Collect the people in the gap by choice and cutoff; each walks at their own speed.

    Parameters
    ----------
    states
        State of every demand point by choice and cutoff, of those who walk slowest.
    inside
        Demand points that are counted.
    """
    choices = choices_of(result, result.study.language)
    asked = {choice.id: choice.categories for choice in choices}
    parts = []
    for part, weight in result.judged_people:
        table = result.coverage_of(part)
        alone = part == result.drawn
        codes = states if alone else states_by_choice(result, choices, table)
        parts.append((weight, codes, _times(result, part)))
    for choice, cutoff in states:
        categories = asked.get(choice, (choice,))
        found = []
        for weight, codes, times in parts:
            row = np.flatnonzero(inside & (weight > 0) & (codes[choice, cutoff] == State.GAP))
            lacks = np.array([codes[one, cutoff][row] == State.GAP for one in categories])
            time_ms = np.array([times[one][row] for one in categories])
            longest = np.where(lacks, time_ms, -np.inf).max(axis=0, initial=-np.inf)
            found.append((row, weight[row], longest, lacks))
        rows, weights, longests, lacking = zip(*found, strict=True)
        yield choice, cutoff, GapPeople(
            categories, np.concatenate(rows), np.concatenate(weights),
            np.concatenate(longests), np.concatenate(lacking, axis=1),
        )  # fmt: skip


def _times(result: StudyResult, part: Part) -> dict[str, Floats]:
    """Milliseconds from every demand point to the nearest site of each category; infinite far."""
    table = result.coverage_of(part)
    found: dict[str, Floats] = {}
    if len(table):
        row = result.homes_of(table)
        time_ms = table[c.TIME_MS].to_numpy(dtype=np.float64, na_value=np.inf)
        for (category, _), where in result.blocks_of(table).items():
            if category not in found:
                found[category] = np.full(len(result.demand), np.inf)
                found[category][row[where]] = time_ms[where]
    return found


def cards(result: StudyResult, people: GapPeople, area: Ints, shown: int) -> list[dict[str, Any]]:
    """
    Say of each of the first areas what its people lack, how far they walk and where they live.

    Parameters
    ----------
    area
        Area of each of the homes, 0 the worst.
    shown
        How many areas.

    Returns
    -------
    For each area `lacks` (service to whole persons, where several are asked for), `median_s` (the
    least time within which half of them reach the farthest service that they lack; null beyond 60
    minutes), `zones` (place in the layer of communities, of streets where there are none, and whole
    persons, most first), `more_zones` and `more_in_zones`, their persons.
    """
    mine = area < shown
    of, weight = area[mine], people.weight[mine]
    medians = _medians(of, weight, people.time_ms[mine], shown)
    several = len(people.categories) > 1
    lacking = {
        category: np.bincount(of, np.where(lacks, weight, 0), shown).astype(np.int64)
        for category, lacks in zip(people.categories, people.lacks[:, mine], strict=True)
    }
    zones = _zones(result, people.row[mine], weight, of, shown)
    return [
        {
            "lacks": {
                key: whole_persons(int(micro[k])) for key, micro in lacking.items() if several
            },
            "median_s": medians[k] / 1000 if np.isfinite(medians[k]) else None,
            "zones": zones[k][:ZONES_SHOWN],
            "more_zones": len(zones[k][ZONES_SHOWN:]),
            "more_in_zones": sum(persons for _, persons in zones[k][ZONES_SHOWN:]),
        }
        for k in range(shown)
    ]


def _medians(area: Ints, weight: Ints, time_ms: Floats, shown: int) -> Floats:
    """Least time within which at least half of the people of each area are."""
    order = np.lexsort((time_ms, area))
    reached = np.cumsum(weight[order])
    ends = np.searchsorted(area[order], np.arange(shown), side="right")
    upto = np.concatenate([[0], reached[ends - 1]]) if len(reached) else np.zeros(shown + 1, int)
    half = upto[:-1] + (np.diff(upto) + 1) // 2
    found = np.full(shown, np.inf)
    some = np.diff(upto) > 0
    found[some] = time_ms[order][np.searchsorted(reached, half[some])]
    return found


def _zones(
    result: StudyResult, row: Ints, weight: Ints, area: Ints, shown: int
) -> list[list[list[int]]]:
    """List the communities of each area with their people, most first."""
    layer, key = result.area.communities, c.COMMUNITY_ID
    if not len(layer):
        layer, key = result.area.streets, c.STREET_ID
    found: list[list[list[int]]] = [[] for _ in range(shown)]
    ids = result.demand[key].to_numpy(dtype=object)[row]
    zone = pd.Index(layer[c.ZONE_ID]).get_indexer(pd.Index(ids)).astype(np.int64)
    pair = area * (len(layer) + 1) + zone + 1
    distinct, where = np.unique(pair, return_inverse=True)
    micro = np.bincount(where, weight, len(distinct)).astype(np.int64)
    for k in range(shown):
        at = np.flatnonzero(distinct // (len(layer) + 1) == k)
        persons = whole_parts(micro[at].tolist())
        named = [
            [int(distinct[place] % (len(layer) + 1)) - 1, n]
            for place, n in zip(at.tolist(), persons, strict=True)
        ]
        found[k] = sorted((one for one in named if one[0] >= 0), key=lambda one: (-one[1], one[0]))
    return found
