"""The layer `gap_areas` of `results.gpkg`: contiguous cells with people in the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.output.text.wording import place_text, printable
from circle15.planning.gaps.gap_reasons import CHANGES, REASONS, GapReason
from circle15.results.gaps.gap_places import gap_homes, headline_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.results.records import StudyResult


def gap_area_rows(result: StudyResult) -> tuple[dict[str, list[Any]], list[Any]]:
    """
    Return the gap areas of the headline at the circle's cutoff, as in the report and the map.

    Returns
    -------
    Columns and outlines (study CRS), most people first: `rank`, `place` (names of the zones at
    its centre, empty if none), `persons` in the gap, `cells`, `median_s` (shortest time within
    which half of them reach the farthest service they lack; null beyond 60 minutes),
    `facility_id` (to which most of them would walk for it, null likewise), `reason` (that of most
    of them, as in `summary.json`), `persons_<reason>` (persons by reason, which sum to `persons`),
    `if_<change>` (persons whom one change would cover; null where there is nothing to change) and
    for each required service `lacks_<category>` (persons who lack it). Empty if no people are in
    the gap.
    """
    keys = ("rank", "place", "persons", "cells", "median_s", c.FACILITY_ID, "reason")
    columns: dict[str, list[Any]] = {name: [] for name in keys}
    columns |= {f"persons_{reason}": [] for reason in REASONS if reason is not GapReason.CAPACITY}
    columns |= {f"if_{change}": [] for change in CHANGES}
    ids = result.facilities[c.FACILITY_ID].to_numpy(dtype=object)
    homes, found = gap_homes(result), headline_areas(result)
    if homes is None or found is None:
        return columns, []
    columns |= {f"lacks_{category}": [] for category in homes.categories}
    for area in found.areas:
        place = area.homes
        columns["rank"].append(area.rank)
        columns["place"].append(printable(place_text(area.names)))
        columns["persons"].append(place.people / c.MICRO)
        columns["cells"].append(area.cells)
        columns["median_s"].append(place.time_ms / 1000 if np.isfinite(place.time_ms) else None)
        columns[c.FACILITY_ID].append(None if place.site is None else str(ids[place.site]))
        columns["reason"].append(None if place.reason is None else place.reason.value)
        by_reason = dict(zip(REASONS, place.by_reason, strict=False))
        for reason in REASONS:
            if f"persons_{reason}" in columns:
                people = by_reason.get(reason)
                columns[f"persons_{reason}"].append(None if people is None else people / c.MICRO)
        for change in CHANGES:
            people = place.covered.get(change)
            columns[f"if_{change}"].append(None if people is None else people / c.MICRO)
        for category, micro in place.lacking.items():
            columns[f"lacks_{category}"].append(micro / c.MICRO)
    return columns, list(found.outlines(result.crs))
