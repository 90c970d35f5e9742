"""Gap areas with their reasons for `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from circle15.planning.gaps.gap_reasons import REASONS
from circle15.results.gaps.gap_groups import groups_of_areas
from circle15.results.gaps.gap_places import judged_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.results.gaps.gap_entries import CoveredIf, GapAreaEntry, PersonsByReason
    from circle15.results.gaps.gap_places import GapArea, GapPlace, JudgedAreas
    from circle15.results.records import StudyResult


def gap_area_entries(result: StudyResult) -> list[GapAreaEntry]:
    """Return the gap areas of the headline and each required category, then of full sites."""
    # As arrays, since a row of a table is slow to take.
    ids = result.facilities[c.FACILITY_ID].to_numpy(dtype=object)
    streets, communities = (
        result.demand[key].to_numpy(dtype=object) for key in (c.STREET_ID, c.COMMUNITY_ID)
    )

    def place(area: GapArea) -> _Place:
        site = None if area.homes.site is None else str(ids[area.homes.site])
        return _Place(_text(streets[area.home]), _text(communities[area.home]), site)

    return [
        _entry(result, found, area, groups, place(area))
        for found, by_group in zip(judged_areas(result), groups_of_areas(result), strict=True)
        for area, groups in zip(found.areas.areas, by_group, strict=True)
    ]


class _Place(NamedTuple):
    """Ids of the zones at the centre of an area, and of its nearest site."""

    street: str | None
    community: str | None
    site: str | None


def _entry(
    result: StudyResult,
    found: JudgedAreas,
    area: GapArea,
    groups: Mapping[str, int],
    place: _Place,
) -> GapAreaEntry:
    homes = area.homes
    street, community = (name or None for name in area.names)
    return {
        "id": found.id_of(area),
        "category": found.category,
        "group": result.study.demand.group,
        "cutoff_min": result.study.walk.circle_min,
        "rank": area.rank,
        "persons": homes.people / c.MICRO,
        "persons_by_group": {group: micro / c.MICRO for group, micro in groups.items()},
        "cells": area.cells,
        "lon": round(area.lon, 7),
        "lat": round(area.lat, 7),
        "street_id": place.street,
        "street": street,
        "community_id": place.community,
        "community": community,
        "facility_id": place.site,
        "median_s": homes.time_ms / 1000 if np.isfinite(homes.time_ms) else None,
        "lacking": {category: micro / c.MICRO for category, micro in homes.lacking.items()},
        "reason": None if homes.reason is None else homes.reason.value,
        "persons_by_reason": _by_reason(homes),
        "covered_if": cast(
            "CoveredIf", {change.value: micro / c.MICRO for change, micro in homes.covered.items()}
        ),
    }


def _by_reason(homes: GapPlace) -> PersonsByReason | None:
    if not homes.by_reason:
        return None
    people = zip(REASONS, homes.by_reason, strict=True)
    return cast("PersonsByReason", {reason.value: micro / c.MICRO for reason, micro in people})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
