"""A residential zone in `summary.json`, and in `zones.json`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from circle15.results.json_numbers import finite, number
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from circle15.access.zone_circle import ZoneCircle
    from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet
    from circle15.rules.floor_area.readings import Mend
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.zones.records import ZoneDossier


def zone_entry(check: ZoneCheck, facilities: pd.DataFrame) -> dict[str, Any]:
    """
    Describe one residential zone as `summary.json` does.

    The floor-area figures of a zone in a pool are those of the pool.
    """
    zone, sheet = check.zone, check.sheet
    jointly = sheet.jointly if sheet else None
    pooled = sheet.pooled if sheet else None
    ids = facilities[c.FACILITY_ID].to_numpy()
    readings = {r: v.value for r, v in sheet.readings.items()} if sheet else {}
    return {
        "zone_id": zone.zone_id,
        "name": zone.name,
        "kind": zone.kind,
        "pool_id": check.pool_id,
        **_neighbours(sheet),
        "households": number(zone.households),
        "required_m2": number(sheet.required_m2) if sheet else None,
        "counted_m2": number(sheet.counted_m2) if sheet else None,
        "plain_sum_m2": number(sheet.plain_sum_m2) if sheet else None,
        "plain_gap_m2": number(sheet.plain_gap_m2) if sheet else None,
        "shortfall_m2": number(sheet.shortfall_m2) if sheet else None,
        "readings": readings or dict.fromkeys(("R1", "R2", "R3"), "undetermined"),
        "reading_dependent": sheet.reading_dependent if sheet else False,
        "approximate_rooms": list(sheet.approximate) if sheet else [],
        "approximate_households": sheet.approximate_households if sheet else False,
        "hangs_on_approximate": sheet.hangs_on_approximate if sheet else False,
        "circle": [_circle(one, ids) for one in check.circle],
        "verdict": sheet.verdict.value if sheet else "undetermined",
        "verdict_at_plan": sheet.at_plan.verdict.value if sheet and sheet.at_plan else None,
        "reason": (str(sheet.reason) if sheet.reason else "") if sheet else "NO_RULE_PACK",
        "mend": mend_entries(sheet.mend) if sheet else [],
        **({"jointly": _jointly(jointly)} if jointly else {}),
        **({"pooled": _jointly(pooled)} if pooled else {}),
    }


def dossier_entry(dossier: ZoneDossier, facilities: pd.DataFrame) -> dict[str, Any]:
    """
    Describe one residential zone as `zones.json` does: as `summary.json`, and its sites.

    `expected_persons` are those of the judged group in the zone, null where they are not known;
    `capacity_left` is what they leave of what the site states. `nearest_persons` are the people of
    the study whose nearest site within the circle it is.
    """
    people = dossier.people
    return {
        **zone_entry(dossier.check, facilities),
        "expected_persons": None if people is None else number(people.persons),
        "sites": [
            {
                "category": one.circle.category,
                "facility_id": one.facility_id,
                "capacity": {k: number(stated) for k, stated in (one.capacities or {}).items()},
                "capacity_left": {k: number(left) for k, left in one.left.items()},
                "nearest_persons": one.others_micro / c.MICRO,
            }
            for one in dossier.reached
            if one.facility_id
        ],
    }


def _circle(circle: ZoneCircle, ids: npt.NDArray[np.object_]) -> dict[str, Any]:
    """
    Describe one category of a zone's service circle.

    Null minutes are those that nobody knows; `beyond_hour` names the ones that are null because
    homes reach nothing within 60 minutes.
    """
    minutes = {"worst_s": circle.worst_s, "median_s": circle.median_s}
    beyond = [key for key, seconds in minutes.items() if seconds == math.inf]
    return {
        "category": circle.category,
        "state": circle.state,
        **{key: finite(seconds) for key, seconds in minutes.items()},
        "share_inside": circle.share_inside,
        "facility_id": ids[circle.facility] if circle.facility >= 0 else None,
        **({"beyond_hour": beyond} if beyond else {}),
        **({"unknown_reason": circle.unknown_reason} if circle.unknown_reason else {}),
    }


def _neighbours(sheet: FloorAreaSheet | None) -> dict[str, Any]:
    """List the zones that the radius of the law pools with one; nothing where none is near."""
    if sheet is None or not sheet.neighbours:
        return {}
    near = [{"zone_id": one.zone_id, "metres": number(one.metres)} for one in sheet.neighbours]
    return {"neighbours": near}


def _jointly(sheet: FloorAreaSheet) -> dict[str, Any]:
    """Describe zones that share rooms, judged as one."""
    return {
        "zones": sheet.zone_id,
        "required_m2": number(sheet.required_m2),
        "counted_m2": number(sheet.counted_m2),
        "shortfall_m2": number(sheet.shortfall_m2),
        "verdict": sheet.verdict.value,
    }


def mend_entries(mends: Sequence[Mend]) -> list[dict[str, Any]]:
    """Describe the ways to meet a reading, least area first."""
    return [
        {
            "m2": number(mend.m2),
            "steps": [
                {"kind": step.kind, "m2": number(step.m2), "room_id": step.room_id}
                for step in mend.steps
            ],
        }
        for mend in mends
    ]
