"""Build `summary.json`: all numbers of a run, unrounded, for programs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from circle15.results.figures import facility_sums, unsnapped_demand, unsnapped_facilities
from circle15.results.gaps.gap_summary import gap_area_entries
from circle15.results.scenarios.scenario_entries import scenario_entry
from circle15.results.summary.areas.basis_shares import basis_entries
from circle15.results.summary.json_numbers import exact, number
from circle15.results.summary.parameters import parameters
from circle15.results.summary.quality import gated_entry, quality_entry
from circle15.results.summary.siting import siting_entry
from circle15.results.summary.supply import (
    equity_entries,
    site_entries,
    supply_entries,
    zone_supply_entries,
)
from circle15.results.summary.zones import zone_entry
from circle15.rules.verdicts import Verdict
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.counting import Claimed, Counts
    from circle15.access.records import CoverageRow, ZoneRow
    from circle15.inputs.demand.balance import Balance
    from circle15.results.records import StudyResult
    from circle15.results.summary.entries import (
        CatchmentEntry,
        ClaimedShares,
        FacilityEntry,
        NetworkEntry,
        Pace,
        PersonsByState,
        PopulationEntry,
        Snapping,
        Summary,
    )
    from circle15.results.summary.zone_entries import RuleEntry
    from circle15.study.settings.records import Walk


def build_summary(result: StudyResult) -> Summary:
    """
    Return the numbers of a run in the structure of `entries.Summary`.

    Persons are micro-persons / 10⁶, exact to the sixth decimal; areas (m²) are the floats nearest
    to exact rationals, on which verdicts were decided before. Null is unknown.
    """
    study = result.study
    return {
        "schema": 1,
        "study": {
            "name": study.name,
            "title": study.title,
            "as_of": study.as_of.isoformat(),
            "plan_as_of": study.plan_as_of.isoformat() if study.plan_as_of else None,
            "crs": result.crs.to_string(),
            "synthetic": study.synthetic,
        },
        "parameters": parameters(result),
        "provenance": result.provenance,
        "population": [population_entry(balance) for balance in result.population.balances],
        "network": _network(result),
        "snapping": _snapping(result),
        "quality": quality_entry(result),
        "gated": gated_entry(result),
        "facilities": _facilities(result),
        "coverage": [
            {
                "category": row.category,
                "group": row.group,
                "cutoff_min": row.cutoff_min,
                **_pace(row, study.walk),
                **persons_by_state(row.counts),
                "share_covered": row.counts.share_covered,
                **_circles(row.circles),
            }
            for row in result.coverage_rows
        ],
        "coverage_basis": basis_entries(result),
        "zones": [
            {
                "level": row.level,
                "id": row.zone_id,
                "name": row.name,
                "category": row.category,
                "group": row.group,
                "cutoff_min": row.cutoff_min,
                **_pace(row, study.walk),
                **persons_by_state(row.counts),
                **_circles(row.circles),
            }
            for row in result.zone_rows
        ],
        "catchments": _catchments(result),
        "supply": supply_entries(result),
        "supply_zones": zone_supply_entries(result),
        "equity": equity_entries(result),
        "gap_areas": gap_area_entries(result),
        "siting": [siting_entry(one, study, result.crs) for one in result.siting],
        "scenarios": [scenario_entry(one) for one in result.scenarios],
        "rules": _rules(result),
        "residential_zones": [zone_entry(check, result.facilities) for check in result.zone_checks],
    }


def _circles(circles: Claimed) -> ClaimedShares:
    """Return the shares of straight-line circles: of all people, and of judged people."""
    return {
        "share_by_circles": circles.share,
        "share_by_circles_of_judged": circles.share_of_judged,
        "share_covered_of_judged": circles.walking_of_judged,
    }


def persons_by_state(counts: Counts) -> PersonsByState:
    """Return the counts in persons, exact to the sixth decimal."""
    return {
        "persons": counts.persons / c.MICRO,
        "covered": counts.covered / c.MICRO,
        "gap": counts.gap / c.MICRO,
        "unknown": counts.unknown / c.MICRO,
    }


def _pace(row: CoverageRow | ZoneRow, walk: Walk) -> Pace:
    """Return the walking speed of a row; null if its people walk at different speeds."""
    if walk.alike:
        return {"speed_m_s": float(row.speed_m_s)}
    speed = row.own_speed
    return {
        "speed_m_s": None if speed is None else float(speed),
        "factor": float(walk.factor(row.speed_m_s)),
    }


def population_entry(balance: Balance) -> PopulationEntry:
    """
    Return a line of the balance sheet: input = inside + outside, before and after calibration.

    `raw_…` values are as read; the others are calibrated.
    """
    return {
        "group": balance.group,
        "input": balance.total / c.MICRO,
        "inside": balance.inside / c.MICRO,
        "outside": balance.outside / c.MICRO,
        "raw_input": (balance.raw_inside + balance.raw_outside) / c.MICRO,
        "raw_inside": balance.raw_inside / c.MICRO,
        "raw_outside": balance.raw_outside / c.MICRO,
        "unplaced": balance.unplaced / c.MICRO,
        "nodata_cells": balance.nodata_cells,
        "calibration_factor": balance.calibration_factor,
        "derived": balance.derived,
        "basis": balance.basis,
        "year": balance.year,
    }


def _network(result: StudyResult) -> NetworkEntry:
    network, quality = result.network, result.quality
    return {
        "nodes": len(network.x_m),
        "edges": len(network.u),
        "length_km": quality.length_m / 1000,
        "components": quality.components,
        "largest_component_share": quality.largest_share,
        "private_share": quality.private_share,
        "barriers": len(network.barriers),
        "exits": len(network.exits),
        "data_date": network.data_date,
        "data_date_source": network.data_date_source,
        "ways_read": network.counts["ways_read"],
        "ways_walkable": network.counts["ways_walkable"],
        "missing_nodes": network.counts["missing_nodes"],
        "kept": dict(network.kept),
        "dropped": dict(network.dropped),
        "unused": {str(kind): len(names) for kind, names in network.unused.items() if names},
    }


def _snapping(result: StudyResult) -> Snapping:
    lost = unsnapped_demand(result)
    return {
        "demand_snapped": int(result.demand[c.IN_AREA].sum()) - lost.points,
        "demand_unsnapped": lost.points,
        "persons_unsnapped": lost.persons / c.MICRO,
        "facilities_unsnapped": [
            {"facility_id": facility, "category": category, "code": code}
            for facility, category, _, code in unsnapped_facilities(result)
        ],
    }


def _facilities(result: StudyResult) -> list[FacilityEntry]:
    """
    Return sites by category; sums are over open sites, null if no site states a value.

    Probable duplicates are counted only in `rows` and `duplicates`.
    """
    return [
        {
            "category": one.category,
            "rows": one.rows,
            "open": one.open,
            "in_area": one.open_inside,
            "duplicates": one.duplicates,
            "floor_area_m2": number(one.floor_area_m2),
            "floor_area_unknown": one.area_unknown,
            "capacity": {field: exact(total) for field, total in one.capacities.items()},
        }
        for one in facility_sums(result.facilities, result.categories)
    ]


def _catchments(result: StudyResult) -> list[CatchmentEntry]:
    group = result.study.demand.group
    ids = result.facilities[c.FACILITY_ID].to_numpy()
    supply = {one.category: site_entries(one) for one in result.access}
    return [
        {
            "facility_id": ids[one.facility],
            "category": category,
            "group": group,
            "cutoff_min": result.study.walk.circle_min,
            "persons": one.persons[group] / c.MICRO,
            "persons_only_here": one.persons_only_here[group] / c.MICRO,
            **supply[category][one.facility],
        }
        for category, found in result.catchments.items()
        for one in found
    ]


def _rules(result: StudyResult) -> list[RuleEntry]:
    return [
        {
            "pack": row.pack,
            "id": row.rule.id,
            "verdict": row.verdict.value,
            "value": number(row.value),
            "threshold": number(row.threshold),
            "unit": row.unit,
            "shortfall": number(row.shortfall),
            "level": row.rule.level,
            "scope": row.scope,
            "near_threshold": row.near_threshold,
            "reason": row.reason or "",
            "quote": row.rule.quote,
            "source": row.source,
            "inputs": list(row.inputs),
            "force": row.rule.force.value,
            "target_year": row.rule.target_year,
            "margin": number(row.margin),
            "lacking": row.lacking,
            "alone": _word_alone(row.alone),
            "data_source": row.data_source,
            "data_year": row.data_year,
            "missing": list(row.missing),
            "status": row.status.value,
            "verified": row.verified.value,
            "remarks": [
                {"code": one.code, **{key: _plain(value) for key, value in one.numbers}}
                for one in row.remarks
            ],
        }
        for row in result.rules
    ]


def _word_alone(verdict: Verdict | None) -> Literal["met", "not_met"] | None:
    """Return the verdict of a row taken alone; only met and not met can be in conflict."""
    if verdict is None:
        return None
    return "met" if verdict is Verdict.MET else "not_met"


def _plain(value: Fraction | int | str) -> float | int | str | None:
    return value if isinstance(value, int | str) else number(value)
