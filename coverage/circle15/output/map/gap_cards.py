"""What the card of a gap area on the map says: services lacking, the walk, the communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.output.text.numbers import whole_parts, whole_persons
from circle15.results.gap_people import GapPeople
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.results.records import StudyResult


ZONES_SHOWN = 6
"""Communities that a card names; the others are summed up."""


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
