"""Evidence from registers and small tables, for tests of rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from circle15.inputs.registers import RegisterRow
from circle15.inputs.residential import ResidentialZone
from circle15.rules.evaluators.evaluating import Evidence, RuleResult, evaluate_pack
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.known import indicators_of
from circle15.study.settings.rules.requirements import Rules

if TYPE_CHECKING:
    from circle15.rules.packs.load import RulePack

SITE = {
    "facility_id": "F1",
    "category": "",
    "name": "",
    "x_m": 0.0,
    "y_m": 0.0,
    "open": True,
    "open_at_plan": True,
    "in_area": True,
    "street_id": None,
    "community_id": None,
    "floor_area_m2": None,
    "beds": None,
    "nursing_beds": None,
    "meals_per_day": None,
    "places": None,
    "zone_id": None,
    "duplicate_of": None,
    "approximate": (),
    "file": "f.csv",
    "row": 2,
}


def sites(*rows: dict[str, Any]) -> pd.DataFrame:
    """Facility table; each row states what differs from an open site inside."""
    table = pd.DataFrame([SITE | row for row in rows], columns=list(SITE), dtype=object)
    table["site_id"] = table["facility_id"]
    return table.astype({"open": bool, "in_area": bool, "x_m": float, "y_m": float})


def number(
    indicator: str,
    value: Any,
    *,
    year: int | None = 2020,
    source: str = "ledger",
    of: str | None = None,
) -> RegisterRow:
    """Make one row of a register, its number as it would be written there."""
    exact = value if isinstance(value, dt.date) else Decimal(str(value))
    return RegisterRow(indicator, exact, year, source, of, "r.csv", 2)


def text(indicator: str, value: str, of: str) -> RegisterRow:
    return RegisterRow(indicator, value, 2020, "ledger", of, "r.csv", 2)


def evidence(
    pack: RulePack,
    *registers: RegisterRow,
    facilities: pd.DataFrame | None = None,
    streets: list[str] | None = None,
    **more: Any,
) -> Evidence:
    """Evidence of registers and, if given, a facility table."""
    table = sites() if facilities is None else facilities
    given: dict[str, Any] = {
        "circle": {},
        "street_ids": streets or [],
        "facilities": table,
        "zones": [],
    }
    known = indicators_of([pack])
    return Evidence(**(given | {"registers": registers, "indicators": known} | more))


def judge(pack: RulePack, rule_id: str, found: Evidence) -> list[RuleResult]:
    """Rows of one rule."""
    return [row for row in evaluate_pack(pack, found) if row.rule.id == rule_id]


def zone_check(pack: RulePack, kind: str, households: int, rooms: list[Any]) -> ZoneCheck:
    """One residential zone with rooms of its own, judged by the pack's law."""
    zone = ResidentialZone(
        zone_id="Z",
        name="",
        kind=kind,  # type: ignore[arg-type]
        households=Decimal(households),
        households_new=None,
        households_existing=None,
        dwellings=None,
        rooms_m2=tuple(None if room is None else Decimal(str(room)) for room in rooms),
        pool_id=None,
        shape=None,
        file="z.csv",
        row=2,
    )
    nowhere = sites({"category": "rental_point"})
    return ZoneCheck(
        zone, *check_floor_areas([zone], nowhere, pack.floor_area, Rules())[0]["Z"], ()
    )
