"""Gap areas of every choice and cutoff as data for the map's script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15.inputs.crs.degrees import SCALE
from circle15.output.map.gap_cards import card
from circle15.output.map.geometry import encode_polygons
from circle15.output.text.numbers import whole_persons
from circle15.output.text.wording import place_text
from circle15.results.gaps.gap_cells import inhabited_cells
from circle15.results.gaps.gap_people import people_in_gap
from circle15.results.gaps.gap_places import GapAreas, areas_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyproj import CRS

    from circle15.results.records import StudyResult

SHOWN = 40
"""Most areas drawn and listed one by one; the others are summed."""


def gap_layers(
    result: StudyResult, choices: Iterable[tuple[str, int]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """
    Return the gap areas by choice and cutoff.

    Parameters
    ----------
    choices
        Pairs of choice and cutoff in minutes.

    Returns
    -------
    For each pair: `areas`, most people first, each with `rank`, `persons` in the gap, `cells`,
    `shape` (outline), `at` (the centre of its people, moved into one of its cells), `where` (the
    names of the zones there) and the fields of `gap_cards.card`; `more` (number of areas left out)
    and `more_persons`. Persons are whole, and sum to the gap of the choice but for rounding.
    """
    cells = inhabited_cells(result)
    if cells is None:
        return {}
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for choice, cutoff in choices:
        people = people_in_gap(result, choice, cutoff, cells.of_home >= 0)
        areas = areas_of(result, people, SHOWN)
        if areas is not None:
            found.setdefault(choice, {})[str(cutoff)] = _described(areas, result.crs)
    return found


def _described(found: GapAreas, crs: CRS) -> dict[str, Any]:
    outlines = encode_polygons(found.outlines(crs), crs)
    areas = [
        {
            "rank": area.rank,
            "persons": whole_persons(area.homes.people),
            "cells": area.cells,
            "shape": shape,
            "at": [round(area.lon * SCALE), round(area.lat * SCALE)],
            "where": place_text(area.names),
            **card(area),
        }
        for area, shape in zip(found.areas, outlines, strict=True)
    ]
    more, people = found.beyond(len(found.areas))
    return {"areas": areas, "more": more, "more_persons": whole_persons(people)}
