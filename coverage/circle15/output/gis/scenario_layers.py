"""Layers of `results.gpkg` on the scenarios: homes, sites and links that they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from circle15.results.scenarios.changed_homes import (
    DIFFERENCE_PEOPLE,
    DIFFERENCE_TEXTS,
    difference_table,
)
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

DIFFERENCES, SITES, LINKS = "scenario_differences", "scenario_sites", "scenario_links"
TEXTS = (
    *DIFFERENCE_TEXTS,
    *(c.FACILITY_ID, c.NAME, "fields"),
)
WHOLE = (c.CUTOFF_MIN,)

Layer = tuple[dict[str, list[Any]], list[Any]]
"""Values by column, and geometries in the study CRS (None without a position)."""


def scenario_layers(result: StudyResult) -> dict[str, Layer]:
    """
    Return the layers on the scenarios by name; none if the study has no scenarios.

    Returns
    -------
    `scenario_differences`: the rows of `difference_table`, as points. `scenario_sites`: the sites
    that are added, closed, opened, moved or changed, with `scenario`, `facility_id`, `category`,
    `name`, `change`, `fields` (names of those that change, with commas between them) and
    `persons_today`, `persons` (of the judged group in the circle, null where that stays the same or
    the site is not open), as points where they are in the scenario. `scenario_links`: the new links
    with `scenario`, `name` and `length_m`, as lines.
    """
    if not result.scenarios:
        return {}
    return {DIFFERENCES: _differences(result), SITES: _sites(result), LINKS: _links(result)}


def _differences(result: StudyResult) -> Layer:
    table = difference_table(result)
    names = [*DIFFERENCE_TEXTS, c.CUTOFF_MIN, "persons", *DIFFERENCE_PEOPLE]
    x, y = table[c.X_M].to_numpy(float), table[c.Y_M].to_numpy(float)
    points: Any = shapely.points(x, y)
    return {name: table[name].tolist() for name in names}, list(points)


def _sites(result: StudyResult) -> Layer:
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    for outcome in result.scenarios:
        caught = {(one.facility_id, one.category): one for one in outcome.catchments}
        for one in outcome.sites:
            reach = caught.get((one.facility_id, one.category))
            rows.append(
                {
                    "scenario": outcome.changes.name,
                    c.FACILITY_ID: one.facility_id,
                    c.CATEGORY: one.category,
                    c.NAME: one.name,
                    "change": one.change,
                    "fields": ", ".join(one.fields),
                    "persons_today": _persons(reach.before if reach else None),
                    "persons": _persons(reach.after if reach else None),
                }
            )
            shapes.append(None if one.at is None else shapely.Point(one.at))
    names = ("scenario", c.FACILITY_ID, c.CATEGORY, c.NAME, "change", "fields")
    return {
        name: [row[name] for row in rows] for name in (*names, "persons_today", "persons")
    }, shapes


def _persons(micro: int | None) -> float | None:
    return None if micro is None else micro / c.MICRO


def _links(result: StudyResult) -> Layer:
    found = [(outcome.changes.name, one) for outcome in result.scenarios for one in outcome.links]
    columns: dict[str, list[Any]] = {
        "scenario": [name for name, _ in found],
        c.NAME: [one.name for _, one in found],
        "length_m": [one.length_m for _, one in found],
    }
    return columns, [one.line for _, one in found]
