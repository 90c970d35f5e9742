"""The outcome of `circle15 check` as a record for `check --json`."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.results.check.outcome import counts_by_severity, group_findings
from circle15.results.figures import facility_sums
from circle15.results.summary.building import population_entry
from circle15.results.summary.json_numbers import number
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.inputs.crs.points import Given
    from circle15.output.text.wording import Words
    from circle15.results.check.outcome import CheckOutcome
    from circle15.study.vocabulary.finding import Finding

SCHEMA: Final = 1
ROWS_SHOWN: Final = 12
"""Most rows listed for a group of findings; the JSON has all of them under `issues`."""


def sites_by_category(outcome: CheckOutcome) -> list[dict[str, Any]]:
    """Return the number of sites of each category: all, open, open inside the area."""
    return [
        {
            "category": one.category,
            "sites": one.rows,
            "open": one.open,
            "open_inside": one.open_inside,
        }
        for one in facility_sums(outcome.facilities, outcome.categories)
    ]


def check_entry(outcome: CheckOutcome, words: Words) -> dict[str, Any]:
    """Return a check as a record that conforms to `check.schema.json`."""
    study = outcome.study
    return {
        "schema": SCHEMA,
        "study": {"name": study.name, "title": study.title, "crs": outcome.crs.to_string()},
        "ready": outcome.ready,
        "counts": counts_by_severity(outcome.findings),
        "files": {path: int(rows) for path, rows in outcome.files.items()},
        "population": [population_entry(balance) for balance in outcome.balances],
        "facilities": sites_by_category(outcome),
        "columns": [
            {"file": one.file.name, "columns": one.columns, "unread": one.unread}
            for one in outcome.columns
        ],
        "datums": [_datum(layer, outcome.datums) for layer in outcome.given],
        "findings": [
            {
                **_entry(one.first, words),
                "row": None,
                "count": one.touched or one.count,
                "rows": list(one.rows[:ROWS_SHOWN]),
                "persons": _persons(one.persons_micro),
                "floor_area_m2": number(one.floor_area_m2),
            }
            for one in group_findings(outcome.findings)
        ],
        "issues": [_entry(finding, words) for finding in worst_first(outcome.findings)],
    }


def check_schema() -> dict[str, Any]:
    """Return the JSON schema of `circle15 check --json`."""
    text = resources.files("circle15.output.check").joinpath("check.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def diagnosis_of(layer: Given, datums: Sequence[Diagnosis]) -> Diagnosis | None:
    """Return the datum diagnosis of a layer; None if the layer has no positions."""
    return next((one for one in datums if one.given is layer), None)


def _datum(layer: Given, datums: Sequence[Diagnosis]) -> dict[str, Any]:
    found = diagnosis_of(layer, datums)
    fits = [] if found is None else found.fits
    return {
        "file": layer.file.name,
        "datum": layer.system,
        "known": layer.known,
        "verdict": None if found is None else found.verdict,
        "rows": 0 if found is None else found.rows,
        "tested": 0 if found is None else found.tested,
        "fits": [
            {
                "name": fit.name,
                "near": fit.near,
                "median_m": fit.median_m,
                "p90_m": fit.p90_m,
                "p_value": fit.p_value,
            }
            for fit in fits
        ],
    }


def _entry(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "file": Path(finding.file).name,
        "row": finding.row,
        "column": finding.column,
        "message": words.finding(finding),
        "persons": _persons(finding.persons_micro),
        "floor_area_m2": number(finding.floor_area_m2),
    }


def _persons(micro: int | None) -> float | None:
    return None if micro is None else micro / c.MICRO
