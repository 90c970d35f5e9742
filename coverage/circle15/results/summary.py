"""`summary.json`: every number of a run, unrounded, for programs."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15.results.figures import facility_sums, unsnapped_demand, unsnapped_facilities
from circle15.results.json_numbers import number
from circle15.results.network_quality import gated_entry, quality_entry
from circle15.results.zone_summary import zone_entry
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.profiles import profile_values, profiles

if TYPE_CHECKING:
    from circle15.access.counting import Claimed
    from circle15.access.records import CoverageRow, ZoneRow
    from circle15.inputs.demand.balance import Balance
    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Demand, Study, Walk

SCHEMA = 1


def build_summary(result: StudyResult) -> dict[str, Any]:
    """
    Collect the numbers of a run as `summary.schema.json` describes them.

    Persons are micro-persons / 10⁶ and exact to the sixth decimal; areas are the nearest float
    of an exact rational (verdicts were made before). Null is unknown.
    """
    study = result.study
    return {
        "schema": SCHEMA,
        "study": {
            "name": study.name,
            "title": study.title,
            "as_of": study.as_of.isoformat(),
            "plan_as_of": study.plan_as_of.isoformat() if study.plan_as_of else None,
            "crs": result.crs.to_string(),
            "synthetic": study.synthetic,
        },
        "parameters": parameters(result),
        "provenance": dict(result.provenance),
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
                **row.counts.as_persons(),
                "share_covered": row.counts.share_covered,
                **_circles(row.circles),
            }
            for row in result.coverage_rows
        ],
        "zones": [
            {
                "level": row.level,
                "id": row.zone_id,
                "name": row.name,
                "category": row.category,
                "group": row.group,
                "cutoff_min": row.cutoff_min,
                **_pace(row, study.walk),
                **row.counts.as_persons(),
                **_circles(row.circles),
            }
            for row in result.zone_rows
        ],
        "catchments": _catchments(result),
        "equity": [],
        "gap_areas": [],
        "siting": [],
        "scenarios": [],
        "rules": _rules(result),
        "residential_zones": [zone_entry(check, result.facilities) for check in result.zone_checks],
    }


def _circles(circles: Claimed) -> dict[str, float | None]:
    """What straight-line circles claim: of all people, and beside walking of those it judges."""
    return {
        "share_by_circles": circles.share,
        "share_by_circles_of_judged": circles.share_of_judged,
        "share_covered_of_judged": circles.walking_of_judged,
    }


def _pace(row: CoverageRow | ZoneRow, walk: Walk) -> dict[str, float | None]:
    """Say how fast the people of a row walk: null where some walk faster than others."""
    if walk.alike:
        return {"speed_m_s": float(row.speed_m_s)}
    speed = row.own_speed
    return {
        "speed_m_s": None if speed is None else float(speed),
        "factor": float(walk.factor(row.speed_m_s)),
    }


def to_json(content: Any) -> str:
    """
    Write JSON with sorted-as-given keys, Chinese as it is, and a final line end; no NaN.

    Every key of the content, and every row of a list below one, has a line of its own: short
    enough to read, and a comparison of two files shows which rows have changed.

    Examples
    --------
    >>> rows = [{"id": "a", "n": 1}, {"id": "b"}]
    >>> print(to_json({"schema": 1, "rows": rows, "none": []}), end="")
    {
     "schema": 1,
     "rows": [
      {"id": "a", "n": 1},
      {"id": "b"}
     ],
     "none": []
    }
    """
    return _lines(content, 2, 0) + "\n"


def _lines(value: Any, levels: int, indent: int) -> str:
    """Write a value, its parts a line each down to some levels."""
    if not levels or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    start = "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        parts = (
            f"{json.dumps(key, ensure_ascii=False)}: {_lines(part, levels - 1, indent + 1)}"
            for key, part in value.items()
        )
    else:
        parts = (_lines(part, levels - 1, indent + 1) for part in value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{start}{f',{start}'.join(parts)}\n{' ' * indent}{closing}"


def summary_schema() -> dict[str, Any]:
    """Return the JSON schema of `summary.json`."""
    text = resources.files("circle15.results").joinpath("summary.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def parameters(result: StudyResult) -> dict[str, Any]:
    """Every parameter that changes an answer."""
    study = result.study
    walk, network, rules = study.walk, study.network, study.rules
    default = network.default_highway
    return {
        "group": study.demand.group,
        "household_size": number(study.demand.household_size),
        **_buildings(study.demand),
        "profile": walk.profile,
        "profile_values": profile_values(profiles()[walk.profile]),
        "speed_m_s": float(walk.speed_m_s),
        "sensitivity_m_s": [float(v) for v in walk.sensitivity_m_s],
        **_walkers(walk),
        "access_speed_factor": float(walk.access_speed_factor),
        "cutoffs_min": list(walk.cutoffs_min),
        "max_snap_m": float(walk.max_snap_m),
        "judge": walk.judge,
        "squares": network.squares,
        **({} if default is None else {"default_highway": default}),
        **({} if network.dem is None else {"dem": network.dem.name}),
        "gated": network.gated,
        "walls": network.walls,
        "min_component_m": float(network.min_component_m),
        "extent": result.network.extent_source,
        "require": list(study.circle.require),
        "packs": pack_names(study),
        "registers": None if rules.registers is None else rules.registers.name,
        "reading": rules.reading,
        "basis": rules.basis,
        "mixed": rules.mixed,
        # Named by what they list: the files are in the provenance, and may share a name.
        "covers": [
            {
                "category": layer.category,
                "category_column": layer.category_column,
                "covers": layer.covers.name
                if not isinstance(layer.covers, str | None)
                else layer.covers or ("boundary" if study.area.boundary else "extent"),
            }
            for layer in study.facilities
        ],
    }


def _buildings(demand: Demand) -> dict[str, Any]:
    """Say which buildings the people of each group live in; nothing where no layer has any."""
    layers = [layer for layer in demand.layers if layer.buildings is not None]
    found = {
        layer.group: {"unknown_use": layer.unknown_use, "residential": list(layer.residential)}
        for layer in layers
    }
    return {"buildings": found} if found else {}


def _walkers(walk: Walk) -> dict[str, Any]:
    """List who walks otherwise; nothing where everybody walks alike."""
    if walk.alike:
        return {}
    return {
        "age_speeds": {band: float(speed) for band, speed in walk.age_speeds.items()},
        "profiles": {
            group: {
                "profile": profile,
                "speed_m_s": float(profiles()[profile].speed_m_s),
                "profile_values": profile_values(profiles()[profile]),
            }
            for group, profile in walk.profiles.items()
        },
        "factors": [float(walk.factor(speed)) for speed in walk.speeds],
    }


def pack_names(study: Study) -> list[str]:
    """Names of the rule packs; of a bureau's own the file's name, wherever it lies."""
    return [Path(pack).name for pack in study.rules.packs]


def population_entry(balance: Balance) -> dict[str, Any]:
    """
    One line of the balance sheet: input = inside + outside, before and after calibration.

    `raw_…` are as read; the others are calibrated.
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


def _network(result: StudyResult) -> dict[str, Any]:
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
        **network.counts,
        "kept": dict(network.kept),
        "dropped": dict(network.dropped),
        "unused": {str(kind): len(names) for kind, names in network.unused.items() if names},
    }


def _snapping(result: StudyResult) -> dict[str, Any]:
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


def _facilities(result: StudyResult) -> list[dict[str, Any]]:
    """
    Count sites by category; sums are over open sites, null where none states a value.

    Probable duplicates are counted in `rows` and `duplicates`, nowhere else.
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
            "capacity": {field: number(total) for field, total in one.capacities.items()},
        }
        for one in facility_sums(result.facilities, result.categories)
    ]


def _catchments(result: StudyResult) -> list[dict[str, Any]]:
    group = result.study.demand.group
    ids = result.facilities[c.FACILITY_ID].to_numpy()
    return [
        {
            "facility_id": ids[one.facility],
            "category": category,
            "group": group,
            "cutoff_min": result.study.walk.circle_min,
            "persons": one.persons[group] / c.MICRO,
            "persons_only_here": one.persons_only_here[group] / c.MICRO,
            "capacity": None,
            "assigned": None,
        }
        for category, found in result.catchments.items()
        for one in found
    ]


def _rules(result: StudyResult) -> list[dict[str, Any]]:
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
            "alone": row.alone.value if row.alone else None,
            "data_source": row.data_source,
            "data_year": row.data_year,
            "missing": list(row.missing),
            "status": row.status,
            "remarks": [
                {"code": one.code, **{key: _plain(value) for key, value in one.numbers}}
                for one in row.remarks
            ],
        }
        for row in result.rules
    ]


def _plain(value: Fraction | int | str) -> float | int | str | None:
    return value if isinstance(value, int | str) else number(value)
