"""Gap areas of every choice and cutoff, as the script of the map reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.degrees import SCALE
from circle15.output.map.gap_cards import cards
from circle15.output.text.numbers import whole_persons
from circle15.output.text.wording import place_text
from circle15.planning.gap_areas import gap_areas, touching_cells
from circle15.results.gap_cells import Cells, inhabited_cells, zone_names
from circle15.results.gap_people import people_in_gaps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Codes, Ints
    from circle15.results.gap_people import GapPeople
    from circle15.results.records import StudyResult


SHOWN = 40
"""Areas that are drawn and listed one by one; the others are summed up."""


def gap_layers(
    result: StudyResult, states: Mapping[tuple[str, int], Codes]
) -> dict[str, dict[str, dict[str, Any]]]:
    """
    Describe the gap areas by choice and cutoff.

    Parameters
    ----------
    states
        State of every demand point by choice and cutoff, of those who walk slowest.

    Returns
    -------
    `areas`, worst first, each with `rank`, `persons` in the gap, `cells`, `shape` (an outline) and
    `at`, the middle of its people, in a cell of it, `where`, the names of the zones there, and what
    `gap_people.cards` says of them; `more` areas that are not among them, with `more_persons`.
    Persons are whole, and sum to the gap of the headline but for rounding.
    """
    cells = inhabited_cells(result)
    if cells is None:
        return {}
    touching = touching_cells(cells.picture.cell)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for choice, cutoff, people in people_in_gaps(result, states, cells.of_home >= 0):
        described = _described(result, cells, people, touching)
        found.setdefault(choice, {})[str(cutoff)] = described
    return found


def _described(
    result: StudyResult, cells: Cells, people: GapPeople, touching: tuple[Ints, Ints]
) -> dict[str, Any]:
    cell = cells.of_home[people.row]  # sums below 2⁵³ are whole in float, too
    micro = np.bincount(cell, people.weight, len(cells.lon)).astype(np.int64)
    rank, persons = gap_areas(micro, touching)
    shown = min(len(persons), SHOWN)
    inside = np.flatnonzero((rank > 0) & (rank <= shown))
    area = rank[inside] - 1
    nearest = cells.middles(inside, area, micro[inside])
    columns = zip(
        persons[:shown].tolist(),
        np.bincount(area, minlength=shown).tolist(),
        cells.outlines(rank, shown),
        nearest.tolist(),
        map(place_text, zone_names(result, cells.home[nearest])),
        cards(result, people, rank[cell] - 1, shown),
        strict=True,
    )
    areas = [
        {
            "rank": number,
            "persons": whole_persons(micro),
            "cells": size,
            "shape": shape,
            "at": [round(cells.lon[cell] * SCALE), round(cells.lat[cell] * SCALE)],
            "where": where,
            **card,
        }
        for number, (micro, size, shape, cell, where, card) in enumerate(columns, 1)
    ]
    rest = {"more": len(persons) - shown, "more_persons": whole_persons(int(persons[shown:].sum()))}
    return {"areas": areas, **rest}
