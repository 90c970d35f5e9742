"""Gap areas of every choice and cutoff as data for the map's script."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from circle15.inputs.crs.degrees import SCALE
from circle15.output.map.gap_cards import card
from circle15.output.map.geometry import encode_polygons
from circle15.output.text.numbers import whole_persons
from circle15.output.text.wording import place_text
from circle15.results.gaps.gap_cells import inhabited_cells
from circle15.results.gaps.gap_groups import groups_of_areas
from circle15.results.gaps.gap_people import people_in_gap
from circle15.results.gaps.gap_places import GapAreas, areas_of, judged_areas

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    names of the zones there), `id` (in `results.gpkg`; null where it has no such area), `groups`
    (whole persons of the other groups, in the areas that have an `id`) and the fields of
    `gap_cards.card`; `more` (number of areas left out) and `more_persons`. Persons are whole, and
    sum to the gap of the choice but for rounding.
    """
    cells = inhabited_cells(result)
    if cells is None:
        return {}
    found: dict[str, dict[str, dict[str, Any]]] = {}
    circle, told = result.study.walk.circle_min, _told(result, full=False)
    for choice, cutoff in choices:
        people = people_in_gap(result, choice, cutoff, cells.of_home >= 0)
        areas = areas_of(result, people, SHOWN)
        if areas is not None:
            more = told.get(choice, []) if cutoff == circle else []
            found.setdefault(choice, {})[str(cutoff)] = _described(areas, result.crs, more)
    return found


def full_gap_layers(result: StudyResult) -> dict[str, dict[str, Any]]:
    """Return the areas of people whom full sites turn away, by category, as `gap_layers`."""
    told = _told(result, full=True)
    return {
        found.category: _described(found.areas, result.crs, told[found.category])
        for found in judged_areas(result)
        if found.full
    }


def _told(result: StudyResult, *, full: bool) -> dict[str, list[dict[str, Any]]]:
    """Return the id in `results.gpkg` and people by group of the areas in the circle."""
    judged = result.study.demand.group
    return {
        found.category: [
            {
                "id": found.id_of(area),
                "groups": {key: whole_persons(n) for key, n in people.items() if key != judged},
            }
            for area, people in zip(found.areas.areas[:SHOWN], groups, strict=False)
        ]
        for found, groups in zip(judged_areas(result), groups_of_areas(result), strict=True)
        if found.full == full
    }


def _described(found: GapAreas, crs: CRS, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Describe the first areas; `told` are further fields of each, empty where there are none."""
    outlines = encode_polygons(found.outlines(crs)[:SHOWN], crs)
    areas = [
        {
            "rank": area.rank,
            "persons": whole_persons(area.homes.people),
            "cells": area.cells,
            "shape": shape,
            "at": [round(area.lon * SCALE), round(area.lat * SCALE)],
            "where": place_text(area.names),
            "id": None,
            "groups": {},
            **card(area),
            **fields,
        }
        for area, shape, fields in zip(
            found.areas[:SHOWN], outlines, chain(told, repeat({})), strict=False
        )
    ]
    more, people = found.beyond(len(areas))
    return {"areas": areas, "more": more, "more_persons": whole_persons(people)}
