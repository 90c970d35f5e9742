"""The worksheet of gap areas: place, people, reason and what single changes would do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from circle15.output.tables.sheet_records import Cell, Sheet, people_cells
from circle15.output.text.people_by_reason import reason_text, whole_by_reason
from circle15.planning.gaps.gap_reasons import CHANGES, REASONS
from circle15.results.gaps.gap_groups import groups_of_areas
from circle15.results.gaps.gap_places import judged_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.output.text.wording import Words
    from circle15.results.gaps.gap_places import GapArea, GapPlace
    from circle15.results.records import StudyResult


def gap_sheet(result: StudyResult, words: Words) -> Sheet:
    """Return the gap areas of the required services in the circle, and those of full sites."""
    groups = _other_groups(result)
    columns = [
        ("category", "text"),
        ("category_id", "text"),
        ("gap_rank", "whole"),
        ("gap_street", "text"),
        ("gap_community", "text"),
        ("gap_lon", "measure"),
        ("gap_lat", "measure"),
        ("gap_persons", "people"),
        *(("gap_group", "people") for _ in groups),
        ("gap_reason", "text"),
        *((f"gap_{reason.value}", "people") for reason in REASONS),
        *((f"gap_if_{change.value}", "people") for change in CHANGES),
        ("gap_site", "text"),
        ("gap_median_s", "seconds"),
        ("gap_cells", "whole"),
    ]
    first = [key for key, _ in columns].index("gap_persons") + 1
    titles = {first + k: words.group(group) for k, group in enumerate(groups)}
    return Sheet("gap_areas", columns, list(_rows(result, groups, words)), titles)


def _other_groups(result: StudyResult) -> list[str]:
    """Return the groups of the population beside the judged one."""
    judged = result.study.demand.group
    return [one.group for one in result.population.balances if one.group != judged]


def _rows(result: StudyResult, groups: Sequence[str], words: Words) -> Iterator[list[Cell]]:
    ids = result.facilities[c.FACILITY_ID].to_numpy(dtype=object)
    for found, by_group in zip(judged_areas(result), groups_of_areas(result), strict=True):
        for area, people in zip(found.areas.areas, by_group, strict=True):
            homes = area.homes
            yield [
                words.category(found.category),
                found.category,
                area.rank,
                *_place(area),
                _people(homes.people),
                *(_people(people.get(group)) for group in groups),
                reason_text(homes, words) if homes.reason else None,
                *_by_reason(homes),
                *(_people(homes.covered.get(change)) for change in CHANGES),
                None if homes.site is None else str(ids[homes.site]),
                homes.time_ms / 1000 if np.isfinite(homes.time_ms) else None,
                area.cells,
            ]


def _place(area: GapArea) -> list[Cell]:
    return [*(name or None for name in area.names), round(area.lon, 7), round(area.lat, 7)]


def _by_reason(homes: GapPlace) -> list[Cell]:
    if not homes.by_reason:
        return [None] * len(REASONS)
    return people_cells(homes.by_reason, whole_by_reason(homes))


def _people(micro: int | None) -> Cell:
    return None if micro is None else Decimal(micro).scaleb(-6)
