"""The map's people layer: where people live, with their states, as raster cells or points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.degrees import SCALE
from circle15.output.charts.class_breaks import class_breaks
from circle15.output.map.cells import (
    CODE_WORDS,
    place_ids,
    source_names,
    value_columns,
)
from circle15.output.map.packed_columns import Column, pack_columns
from circle15.output.map.plans.scenarios import changed_columns
from circle15.output.text.numbers import area, area_or_none, count, decimals
from circle15.results.cell_grid import place_cells
from circle15.results.drawn_places import find_places
from circle15.results.supply_classes import supply_classes
from circle15.study.settings.records import HORIZON_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Codes
    from circle15.output.text.wording import Words
    from circle15.results.drawn_places import Places
    from circle15.results.records import StudyResult


MAX_POINTS = 5000
"""Most places drawn as points; more are drawn as a picture of squares."""

_LONELY_CELL_M = 100.0


@dataclass(frozen=True)
class PeopleLayer:
    """
    The people layer as data for the map's script.

    Attributes
    ----------
    meta
        `kind` (`cells` or `points`), `breaks` (lower bounds of the classes of people), `cell_m`,
        `n` (number of places), names of codes and sources, `horizon_min` (sites beyond it were not
        searched), the layout of the columns (see `pack_columns`); for cells also the `bounds`
        (south, west, north, east), `width` and `height` of their picture in pixels, and the `size`
        of a cell.
    packed
        The columns of `value_columns`, then `left` and `top` of each cell in pixels, or `east`
        and `north` of each point: (degrees + 180) × 10⁵; then those of `changed_columns`.
    ids
        Id of the demand point of each part of a place.
    """

    meta: dict[str, Any]
    packed: bytes
    ids: list[str]


def people_layer(
    result: StudyResult, states: Mapping[tuple[str, int], Codes]
) -> PeopleLayer | None:
    """
    Return the people layer of the judged group, unrounded.

    Where the group walks at several speeds, states are those of the slowest walkers, so that
    each home has one state.

    Parameters
    ----------
    states
        Result of `states_by_choice`.

    Returns
    -------
    None if no people have a known position.
    """
    places = find_places(result)
    if places is None:
        return None
    cell_m, walk = result.population.cell_m, result.study.walk
    if cell_m is None and len(places.lon) <= MAX_POINTS:
        own, where = {"kind": "points"}, _points(places)
    else:
        own, where = _cells(places, cell_m)
    breaks = class_breaks(places.people)
    values = value_columns(result, places, states)
    plan, packed = pack_columns([*values, *where, *changed_columns(result)])
    meta = own | {
        "breaks": breaks,
        "break_words": [area(one) for one in breaks],
        "cell_m": None if cell_m is None else decimals(cell_m, 0),
        "n": len(places.lon),
        "codes": list(CODE_WORDS),
        "sources": source_names(result),
        "horizon_min": 2 * walk.circle_min if walk.judge == "round_trip" else HORIZON_MIN,
        "columns": plan,
    }
    return PeopleLayer(meta, packed, place_ids(result, places))


def supply_legend(result: StudyResult, words: Words) -> dict[str, dict[str, Any]]:
    """
    Return of each category with `[capacity]` the unit of its supply and the class breaks.

    `people` is the number of people to whom supply is related, `needed` what they need, null if
    that is not stated.
    """
    return {
        category: {
            "unit": words.say(f"columns.{classes.field}"),
            "people": count(classes.people),
            "needed": area_or_none(classes.needed),
            "break_words": [area(one) for one in classes.breaks],
        }
        for category, classes in supply_classes(result).items()
    }


def _points(places: Places) -> list[Column]:
    return [
        Column(name, np.round((degrees + 180) * SCALE), steps=True)
        for name, degrees in (("east", places.lon), ("north", places.lat))
    ]


def _cells(places: Places, cell_m: float | None) -> tuple[dict[str, Any], list[Column]]:
    grid = place_cells(places.lon, places.lat, cell_m=cell_m or _LONELY_CELL_M)
    assert grid is not None
    height, width = grid.shape
    own = {
        "kind": "cells",
        "bounds": list(grid.bounds),
        "width": width,
        "height": height,
        "size": grid.size,
    }
    where = (("left", grid.left), ("top", grid.top))
    return own, [Column(name, values, steps=True) for name, values in where]
