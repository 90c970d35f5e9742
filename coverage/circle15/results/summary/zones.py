"""Build the entries of residential zones for `summary.json` and `zones.json`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from circle15.results.summary.json_numbers import exact, finite, number
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from circle15.access.zone_circle import ZoneCircle
    from circle15.results.summary.zone_entries import (
        JudgedTogether,
        Readings,
        ResidentialZone,
        WayToMeet,
        ZoneService,
    )
    from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet
    from circle15.rules.floor_area.readings import Mend
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.zones.records import ZoneDossier


def zone_entry(check: ZoneCheck, facilities: pd.DataFrame) -> ResidentialZone:
    """
    Return the entry of one residential zone for `summary.json`.

    The floor-area figures of a zone in a pool are those of the pool.
    """
    zone, sheet = check.zone, check.sheet
    ids = facilities[c.FACILITY_ID].to_numpy()
    readings: Readings = {"R1": "undetermined", "R2": "undetermined", "R3": "undetermined"}
    if sheet is not None:
        readings = {
            "R1": sheet.readings["R1"].value,
            "R2": sheet.readings["R2"].value,
            "R3": sheet.readings["R3"].value,
        }
    found: ResidentialZone = {
        "zone_id": zone.zone_id,
        "name": zone.name,
        "kind": zone.kind,
        "pool_id": check.pool_id,
        "households": number(zone.households),
        "required_m2": number(sheet.required_m2) if sheet else None,
        "counted_m2": number(sheet.counted_m2) if sheet else None,
        "plain_sum_m2": number(sheet.plain_sum_m2) if sheet else None,
        "plain_gap_m2": number(sheet.plain_gap_m2) if sheet else None,
        "shortfall_m2": number(sheet.shortfall_m2) if sheet else None,
        "readings": readings,
        "reading_dependent": sheet.reading_dependent if sheet else False,
        "approximate_rooms": list(sheet.approximate) if sheet else [],
        "approximate_households": sheet.approximate_households if sheet else False,
        "hangs_on_approximate": sheet.hangs_on_approximate if sheet else False,
        "circle": [_circle(one, ids) for one in check.circle],
        "verdict": sheet.verdict.value if sheet else "undetermined",
        "verdict_at_plan": sheet.at_plan.verdict.value if sheet and sheet.at_plan else None,
        "reason": (str(sheet.reason) if sheet.reason else "") if sheet else "NO_RULE_PACK",
        "mend": mend_entries(sheet.mend) if sheet else [],
    }
    if sheet is not None and sheet.neighbours:
        found["neighbours"] = [
            {"zone_id": one.zone_id, "metres": exact(one.metres)} for one in sheet.neighbours
        ]
    if sheet is not None and sheet.jointly is not None:
        found["jointly"] = _jointly(sheet.jointly)
    if sheet is not None and sheet.pooled is not None:
        found["pooled"] = _jointly(sheet.pooled)
    return found


def dossier_entry(dossier: ZoneDossier, facilities: pd.DataFrame) -> ResidentialZone:
    """
    Return the entry of one residential zone for `zones.json`: as in `summary.json`, and its sites.

    `expected_persons` counts the judged group in the zone, null if unknown; `capacity_left` is the
    capacity of a site minus these. `nearest_persons` counts the people of the study for whom the
    site is the nearest within the circle.
    """
    people = dossier.people
    return {
        **zone_entry(dossier.check, facilities),
        "expected_persons": None if people is None else number(people.persons),
        "sites": [
            {
                "category": one.circle.category,
                "facility_id": one.facility_id,
                "capacity": {k: exact(stated) for k, stated in (one.capacities or {}).items()},
                "capacity_left": {k: exact(left) for k, left in one.left.items()},
                "nearest_persons": one.others_micro / c.MICRO,
            }
            for one in dossier.reached
            if one.facility_id
        ],
    }


def _circle(circle: ZoneCircle, ids: npt.NDArray[np.object_]) -> ZoneService:
    """
    Return the entry of one category of a zone's service circle.

    Times are null if unknown; `beyond_hour` names those that are null because homes reach no site
    within 60 minutes.
    """
    found: ZoneService = {
        "category": circle.category,
        "state": circle.state,
        "worst_s": finite(circle.worst_s),
        "median_s": finite(circle.median_s),
        "share_inside": circle.share_inside,
        "facility_id": ids[circle.facility] if circle.facility >= 0 else None,
    }
    beyond: list[Literal["worst_s", "median_s"]] = []
    if circle.worst_s == math.inf:
        beyond.append("worst_s")
    if circle.median_s == math.inf:
        beyond.append("median_s")
    if beyond:
        found["beyond_hour"] = beyond
    if circle.unknown_reason:
        found["unknown_reason"] = circle.unknown_reason
    return found


def _jointly(sheet: FloorAreaSheet) -> JudgedTogether:
    """Return the entry of several zones judged as one."""
    return {
        "zones": sheet.zone_id,
        "required_m2": number(sheet.required_m2),
        "counted_m2": number(sheet.counted_m2),
        "shortfall_m2": number(sheet.shortfall_m2),
        "verdict": sheet.verdict.value,
    }


def mend_entries(mends: Sequence[Mend]) -> list[WayToMeet]:
    """Return the entries of the ways to meet a reading, least area first."""
    return [
        {
            "m2": exact(mend.m2),
            "steps": [
                {"kind": step.kind, "m2": exact(step.m2), "room_id": step.room_id}
                for step in mend.steps
            ],
        }
        for mend in mends
    ]
