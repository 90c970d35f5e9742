"""The layer `gap_areas` of `results.gpkg`: contiguous cells with people in the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.output.text.wording import place_text, printable
from circle15.planning.gaps.gap_reasons import CHANGES, REASONS
from circle15.results.figures import headline_category
from circle15.results.gaps.gap_groups import groups_of_areas
from circle15.results.gaps.gap_places import judged_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from circle15.results.gaps.gap_places import GapArea, JudgedAreas
    from circle15.results.records import StudyResult


def gap_area_rows(result: StudyResult) -> tuple[dict[str, list[Any]], list[Any]]:
    """
    Return the gap areas at the circle's cutoff: of all services, each of them, and full sites.

    Returns
    -------
    Columns and outlines (study CRS), in the order of `summary.json`: `area_id` (as there),
    `category` (a category, or `all`), `rank` (1 for most people of the category, or of its full
    sites), `place` (names of the zones at its centre, empty if none), `persons` in the gap, or
    turned away by full sites, `cells`, `median_s` (shortest time within which half of them reach
    the farthest service they lack, or the nearest full site; null beyond 60 minutes), `facility_id`
    (to which most of them would walk for it, null likewise), `reason` (that of most of them, as in
    `summary.json`; `capacity` for full sites), `persons_<reason>` (persons by reason, which sum to
    `persons`), `if_<change>` (persons whom one change would cover; null where there is nothing to
    change), `lacks_<category>` for each required service (persons who lack it; null where the area
    is of another category, or of full sites) and `group_<group>` (persons of each group; of full
    sites of the judged group only). Empty if no people are in the gap.
    """
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    ids = result.facilities[c.FACILITY_ID].to_numpy(dtype=object)
    for found, by_group in zip(judged_areas(result), groups_of_areas(result), strict=True):
        shapes += found.areas.outlines(result.crs)
        for area, groups in zip(found.areas.areas, by_group, strict=True):
            rows.append(_row(found, area, ids) | _people("group", groups))
    columns = [*_KEYS, *_amounts(result)]
    return {key: [row.get(key) for row in rows] for key in columns}, shapes


_KEYS: Final = (
    *("area_id", c.CATEGORY, "rank", "place", "persons", "cells", "median_s"),
    *(c.FACILITY_ID, "reason"),
)


def _amounts(result: StudyResult) -> list[str]:
    study = result.study
    headline = headline_category(result)
    required = study.circle.require or ((headline,) if headline else ())
    groups = [one.group for one in result.population.balances]
    return [
        *(f"persons_{reason.value}" for reason in REASONS),
        *(f"if_{change.value}" for change in CHANGES),
        *(f"lacks_{category}" for category in required),
        *(f"group_{group}" for group in dict.fromkeys([study.demand.group, *groups])),
    ]


def _row(found: JudgedAreas, area: GapArea, ids: npt.NDArray[np.object_]) -> dict[str, Any]:
    place = area.homes
    return {
        "area_id": found.id_of(area),
        c.CATEGORY: found.category,
        "rank": area.rank,
        "place": printable(place_text(area.names)),
        "persons": place.people / c.MICRO,
        "cells": area.cells,
        "median_s": place.time_ms / 1000 if np.isfinite(place.time_ms) else None,
        c.FACILITY_ID: None if place.site is None else str(ids[place.site]),
        "reason": None if place.reason is None else place.reason.value,
        **_people("persons", dict(zip(REASONS, place.by_reason, strict=False))),
        **_people("if", place.covered),
        **({} if found.full else _people("lacks", place.lacking)),
    }


def _people(name: str, micro: Mapping[Any, int]) -> dict[str, float]:
    return {f"{name}_{key}": people / c.MICRO for key, people in micro.items()}
